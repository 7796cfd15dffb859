"""Made-up Arabic news of any amount, the same each time: `article(n, of)` is the n-th.

Words are made by rule: roots of three letters in the usual patterns, with clitics before and endings
after. What counts for search is like news: some 200,000 forms, few of them common and most rare (Zipf),
function words in between, and a topic for each article, whose words come again in it and together.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from heapq import nlargest
from itertools import accumulate
from random import Random
from typing import NamedTuple

FORMS = 200_000
ROOTS = 1_800
TOPICS = 400
WORDS_OF_A_TOPIC = 150
TITLE_WORDS = 8
BODY_WORDS = 300
SOURCES = 20
YEARS = 10
START = datetime(2015, 1, 1, tzinfo=UTC)

# The weight that some 200,000 forms are above.
RAREST = 0.03
# How often: a function word, else a word of the article's topic, else any.
FUNCTION, TOPICAL = 0.22, 0.25

LETTERS = "بتجحخدرزسشصضطعغفقكلمنهأذثظ"
# 1, 2 and 3 are the letters of the root.
PATTERNS = "123 1ا23 12ي3 م12و3 12ا3 م123 ت12ي3 ان12ا3 ا1ت2ا3 م1ا23ة است12ا3 12و3".split()
BEFORE = {"": 50, "ال": 30, "و": 5, "وال": 4, "ب": 3, "بال": 3, "لل": 2.5, "ل": 2, "ف": 0.3, "ك": 0.2}
AFTER = {"": 60, "ة": 12, "ات": 6, "ين": 5, "ية": 5, "ي": 5, "ها": 3, "ه": 2, "ون": 1, "هم": 1}
FUNCTION_WORDS = "في من على إلى أن التي عن مع هذا الذي بعد بين كان ما لا قد هو هي ذلك كما".split()
GIVEN = "أحمد محمد علي حسن سعيد ليلى مريم خالد يوسف سارة نادر عمر".split()


class Made(NamedTuple):
    """One article. `persons` are numbers of `person_name`, with where the body names them."""

    number: int
    source: int
    title: str
    published: datetime
    body: str
    persons: list[tuple[int, int]]


class Words:
    """Words to draw from, each by its weight."""

    def __init__(self, weighted: list[tuple[float, str]]):
        self.words = [word for _, word in weighted]
        self.sums = list(accumulate(weight for weight, _ in weighted))

    def draw(self, random: Random, count: int) -> Iterator[str]:
        return iter(random.choices(self.words, cum_weights=self.sums, k=count))


@cache
def vocabulary() -> list[tuple[float, str]]:
    """The forms, each with its weight, the commonest first."""
    random = Random("vocabulary")
    roots = random.sample([a + b + c for a in LETTERS for b in LETTERS for c in LETTERS if b != c], ROOTS)
    stems = sorted({_stem(pattern, root) for root in roots for pattern in PATTERNS})
    random.shuffle(stems)
    forms: dict[str, float] = {}
    for rank, stem in enumerate(stems):
        for before, often in BEFORE.items():
            for after, ends in AFTER.items():
                if (weight := often * ends / (rank + 3)) > RAREST:
                    form = before + stem + after
                    forms[form] = forms.get(form, 0) + weight
    return nlargest(FORMS, ((weight, form) for form, weight in forms.items()))


def _stem(pattern: str, root: str) -> str:
    return pattern.translate(str.maketrans("123", root))


@cache
def all_words() -> Words:
    return Words(vocabulary())


@cache
def topic(number: int) -> Words:
    random = Random(f"topic {number}")
    words = random.sample(vocabulary()[200:60_000], WORDS_OF_A_TOPIC)
    return Words([(1 / (rank + 2), word) for rank, (_, word) in enumerate(words)])


def person_name(number: int) -> str:
    random = Random(f"person {number}")
    return f"{GIVEN[number % len(GIVEN)]} {_stem('12ي3', ''.join(random.sample(LETTERS, 3)))}ي"


def article(number: int, of: int, persons: int = 0, mentions: int = 0) -> Made:
    """The article `number` of an archive of `of`, whose dates run over ten years.

    It names `mentions` times one of `persons` persons, the first ones oftener than the last.
    """
    random = Random(f"article {number}")
    drawn = topic(random.randrange(TOPICS))
    names = {random.randrange(10, BODY_WORDS): int(persons * random.random() ** 3) for _ in range(mentions)}

    length = random.randint(BODY_WORDS // 2, BODY_WORDS * 3 // 2)
    title, words = _words(random, drawn, TITLE_WORDS), _words(random, drawn, length)
    pieces: list[str] = []
    found: list[tuple[int, int]] = []
    at = 0
    for place, word in enumerate(words):
        if (person := names.get(place)) is not None:
            found.append((person, at))
            word = person_name(person)
        piece = f"{word}\n\n" if place % 75 == 74 else f"{word}. " if place % 15 == 14 else f"{word} "
        pieces.append(piece)
        at += len(piece)
    seconds = YEARS * 365 * 86400
    when = seconds * number // of + random.randrange(-3 * 86400, 3 * 86400)
    source = min(int(SOURCES * random.random() ** 2), SOURCES - 1)
    return Made(
        number, source, " ".join(title), START + timedelta(seconds=when), "".join(pieces).rstrip(), found
    )


def _words(random: Random, drawn: Words, count: int) -> list[str]:
    kinds = random.choices("fta", cum_weights=(FUNCTION, FUNCTION + TOPICAL, 1), k=count)
    pools = {
        "f": iter(random.choices(FUNCTION_WORDS, k=kinds.count("f"))),
        "t": drawn.draw(random, kinds.count("t")),
        "a": all_words().draw(random, kinds.count("a")),
    }
    return [next(pools[kind]) for kind in kinds]
