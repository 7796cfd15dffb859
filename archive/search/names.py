"""Finding persons, countries and sources by any of their names, as people type them.

PostgreSQL finds candidates, each sort of them by an index of its own; Python ranks them. What is alike by
trigrams only is looked for where nothing is spelt as asked.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connections, transaction
from django.db.models import BooleanField, Model, Q, QuerySet, TextField, Value
from django.utils.translation import gettext as _

from archive.models.sql import HasWords, ValueOf
from archive.text import bare_nisba, count_of, fold, long_vowels, sounds

# The longest text that is searched for, in characters.
LONGEST = 100
# So many candidates of one sort are looked at, and so many found: a text that fits more is not finished yet.
MOST = 500
# With fewer finds than a page that only sound as asked, names are looked for that are merely alike.
PAGE = 50
# So many of these are shown, with at least this share of the trigrams: one wrong letter
# costs a short text more of them, and a long one is slow to compare with everything that is a little alike.
ALIKE_MOST = 50
ALIKE_SHORT, ALIKE_LONG, LONG = 0.5, 0.6, 16
# Shorter parts of a word have no trigram, and are looked for only where a word begins.
TRIGRAM = 3
# A key so long may be the beginning of a longer one: a single consonant says too little.
BEGINNING = 2
# So many consonants make it likely that names which sound the same are the same.
TELLING = 4

# How well a name fits, best first; a score is one of these times STEP, and a little for what does not fit.
# The same name in another spelling or script comes before a longer name that begins with it.
SAME, WHOLE, BEGINS, WORDS, PART, SOUND, ALIKE = range(7)
STEP = 1000


# Given the name of a column, conditions on what derives from it, and whether they find whole names.
Conditions = Callable[[str], Iterable[tuple[Q | HasWords, bool]]]


class UnfitText(ValueError):
    """A text that cannot be searched for; `str` says why, to people."""


@dataclass(frozen=True)
class Asked:
    """A text to find names by. Raises UnfitText where it is too long or has nothing to find."""

    text: str

    def __post_init__(self) -> None:
        if len(self.text) > LONGEST:
            raise UnfitText(_("Use at most %(most)s characters.") % {"most": LONGEST})
        if not self.folded:
            raise UnfitText(_("%(value)s has no letter or digit.") % {"value": self.text})

    @cached_property
    def folded(self) -> str:
        return fold(self.text)

    @cached_property
    def nisba(self) -> str | None:
        return bare_nisba(self.folded)

    @cached_property
    def words(self) -> list[str]:
        return list(dict.fromkeys(self.folded.split()))

    @cached_property
    def sounds(self) -> list[list[str]]:
        return sounds(self.text)

    @cached_property
    def telling(self) -> bool:
        return sum(len(keys[0]) for keys in self.sounds) >= TELLING

    def near(self, name: str) -> Iterator[tuple[Q | HasWords, bool]]:
        """Conditions on the columns of `name` that find what fits best, and whether they find whole names.

        Each is asked by itself, for each has its own index.
        """
        folded = f"{name}_folded"
        yield Q(**{f"{folded}__in": [self.folded, *filter(None, [self.nisba])]}), False
        yield Q(**{f"{folded}__startswith": self.folded}), False
        if self.telling:
            yield HasWords(f"{name}_sound", self.spoken(whole=True)), True

    def far(self, name: str) -> Iterator[tuple[Q | HasWords, bool]]:
        """As `near`, for what fits less: the words in any place, and the sounds of them all."""
        folded, parts = f"{name}_folded", Q()
        for word in self.words:
            if len(word) >= TRIGRAM:
                parts &= Q(**{f"{folded}__contains": word})
            else:
                parts &= Q(**{f"{folded}__startswith": word}) | Q(**{f"{folded}__contains": f" {word}"})
        yield parts, False
        yield HasWords(f"{name}_sound", self.spoken(whole=False)), False

    def spoken(self, *, whole: bool) -> str:
        """A tsquery on sounds: every word has one of its keys.

        `whole` asks for names with no other words; else the last word may be the beginning of one.
        """
        words = [[f"'{key}'" for key in keys] for keys in self.sounds]
        if not whole:
            words[-1] = [
                f"{lexeme}:*" if len(key) >= BEGINNING else lexeme
                for lexeme, key in zip(words[-1], self.sounds[-1], strict=True)
            ]
        every = [f"({' | '.join(keys)})" for keys in words]
        return " & ".join([*every, f"'{count_of(self.sounds)}'"] if whole else every)

    def score(self, name: str, *, whole: bool) -> int:
        """How well a folded name fits; 0 is best. `whole`: it has as many words, which sound the same."""
        if name == self.folded:
            return SAME
        if name == self.nisba:
            return WHOLE * STEP
        more = min(abs(len(name) - len(self.folded)), STEP - 1)
        # A block of Unicode has 256 characters, and a script of the press most of its letters in one.
        across = ord(name[0]) >> 8 != ord(self.folded[0]) >> 8
        if whole and self.telling and (vowels := self._vowels(name)) <= across:
            return WHOLE * STEP + 100 * vowels + min(more, 99)
        if name.startswith(self.folded):
            return BEGINS * STEP + more
        words = name.split()
        if all(any(word.startswith(part) for word in words) for part in self.words):
            return WORDS * STEP + more
        if all(part in name for part in self.words):
            return PART * STEP + more
        # Lengths in two scripts say little; how many words there are says more.
        unlike = 100 * abs(len(words) - len(self.words)) + 50 * self._vowels(name) + 100 * across
        return SOUND * STEP + min(unlike + min(more, 49), STEP - 1)

    def score_alike(self, name: str, likeness: float) -> int:
        """The score of a folded name that shares only trigrams; `likeness` is from 0 to 1."""
        longer = min(abs(len(name) - len(self.folded)), 99)
        return ALIKE * STEP + round((1 - likeness) * (STEP - 100)) + longer

    def _vowels(self, name: str) -> int:
        return abs(long_vowels(name) - long_vowels(self.folded))


def search(queryset: QuerySet, asked: Asked, first: Iterable[int] = ()) -> QuerySet:
    """Those of `queryset` (persons, countries or sources) that a name like the one `asked` for may mean.

    Words fit in any order, the last one also as the beginning of a word; spellings differ as `fold` and
    `sound` allow. Each row comes once, with a whole number `score` for its best name: 0 fits best. The rows
    whose ids are `first` come with it, before all. To be ordered by score, ties by id.

    Asks the database at once, up to three times, until it has enough. Where more than MOST rows of
    `queryset` fit, MOST of the best are found: filter first.
    """
    scores: dict[int, int] = {}
    for conditions in (asked.near, asked.far):
        for (pk, name), whole in _candidates(queryset, conditions).items():
            score = asked.score(name, whole=whole)
            scores[pk] = min(score, scores.get(pk, score))
        if sum(score < WORDS * STEP for score in scores.values()) >= MOST:
            break
    if len(scores) < PAGE and min(scores.values(), default=ALIKE * STEP) >= SOUND * STEP:
        for pk, name, likeness in _alike(queryset, asked):
            score = asked.score_alike(name, likeness)
            scores[pk] = min(score, scores.get(pk, score))
    if not asked.telling and min(scores.values(), default=0) < SOUND * STEP:
        # Few consonants sound like many names: Iraq like Riga. Where the name itself is there, it is meant.
        scores = {pk: score for pk, score in scores.items() if score < SOUND * STEP}
    best = sorted(scores, key=lambda pk: (scores[pk], pk))[:MOST]
    return scored(queryset, {**{pk: scores[pk] for pk in best}, **dict.fromkeys(first, -1)})


def scored(queryset: QuerySet, scores: dict[int, int]) -> QuerySet:
    """The rows of `queryset` whose ids are among `scores`, with their `score`."""
    return queryset.filter(pk__in=list(scores)).annotate(score=ValueOf(scores, "pk"))


def _tables(queryset: QuerySet) -> Iterator[tuple[QuerySet, str, str]]:
    """Where the names of `queryset` are: rows, the column that leads to its ids, and that of the name."""
    model: type[Model] = queryset.model
    rows = model._base_manager.order_by()
    owner = model._meta.get_field("names").remote_field
    names = owner.model._base_manager.order_by()
    if queryset.query.has_filters():
        ids = queryset.order_by().values("pk")
        rows, names = rows.filter(pk__in=ids), names.filter(**{f"{owner.name}__in": ids})
    yield rows, "pk", "name"
    yield names, owner.attname, "text"


def _candidates(queryset: QuerySet, conditions: Conditions) -> dict[tuple[int, str], bool]:
    """(id, folded name) of what `conditions` find, and whether as a whole name; in one statement."""
    questions = [
        rows.filter(condition)
        .annotate(whole=Value(whole, BooleanField()))
        .values_list(key, f"{name}_folded", "whole")[:MOST]
        for rows, key, name in _tables(queryset)
        for condition, whole in conditions(name)
    ]
    found: dict[tuple[int, str], bool] = {}
    for pk, name, whole in questions[0].union(*questions[1:], all=True):
        found[pk, name] = whole or found.get((pk, name), False)
    return found


def _alike(queryset: QuerySet, asked: Asked) -> list[tuple[int, str, float]]:
    """(id, folded name, likeness from 0 to 1) of the ALIKE_MOST names with most trigrams of what is asked."""
    text = Value(asked.folded, TextField())
    questions = []
    for rows, key, name in _tables(queryset):
        folded = f"{name}_folded"
        alike = rows.filter(**{f"{folded}__trigram_word_similar": text})
        alike = alike.annotate(likeness=TrigramWordSimilarity(asked.folded, folded))
        questions.append(alike.order_by("-likeness", key).values_list(key, folded, "likeness")[:ALIKE_MOST])
    least = ALIKE_SHORT if len(asked.folded) < LONG else ALIKE_LONG
    # The index knows the operator alone, and the operator its threshold from a setting.
    with transaction.atomic(using=queryset.db), connections[queryset.db].cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(least)])
        return list(questions[0].union(*questions[1:], all=True))
