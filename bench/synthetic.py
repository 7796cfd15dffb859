"""Made-up Arabic news of any amount, the same each time: `article(n, of)` is the n-th.

Words are made by rule: roots of three letters in the usual patterns, with clitics before and endings
after. What counts for search is like news: some 200,000 forms, few of them common and most rare (Zipf),
function words in between, and a topic for each article, whose words come again in it and together.

With `Facts`, the text also names persons and countries and reports events, the first of each oftener than
the last, and says where.
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
# Words of the text that reports an event.
EVENT_WORDS = 9
ABSTRACT_WORDS = 60
SOURCES = 500
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
TYPES = "consult agree support cooperate aid accuse reject protest sanction assault".split()
GIVEN = "أحمد محمد علي حسن سعيد ليلى مريم خالد يوسف سارة نادر عمر".split()


class Facts(NamedTuple):
    """What texts tell of: so many persons and events, and the countries of these names."""

    persons: int
    countries: list[str]
    events: int


class Span(NamedTuple):
    """Where a body names the person or country, or reports the event, of that number."""

    kind: str
    number: int
    start: int
    end: int


class Made(NamedTuple):
    """One article."""

    number: int
    source: int
    title: str
    published: datetime
    body: str
    abstract: str
    spans: list[Span]


class Event(NamedTuple):
    """One event: who took part are numbers of persons and countries."""

    title: str
    type: str
    start: datetime
    persons: list[int]
    countries: list[int]


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


@cache
def person_name(number: int) -> str:
    random = Random(f"person {number}")
    return f"{GIVEN[number % len(GIVEN)]} {_stem('12ي3', ''.join(random.sample(LETTERS, 3)))}ي"


def event(number: int, facts: Facts) -> Event:
    """The event `number`, some time in the ten years."""
    random = Random(f"event {number}")
    title = " ".join(_words(random, topic(random.randrange(TOPICS)), 6))
    day = START + timedelta(days=random.randrange(YEARS * 365))
    return Event(
        title,
        random.choice(TYPES),
        day,
        sorted({_often(random, facts.persons) for _ in range(random.randint(0, 2))}),
        sorted({_often(random, len(facts.countries)) for _ in range(random.randint(1, 3))}),
    )


def article(number: int, of: int, facts: Facts | None = None) -> Made:
    """The article `number` of an archive of `of`, whose dates run over ten years."""
    random = Random(f"article {number}")
    drawn = topic(random.randrange(TOPICS))
    length = random.randint(BODY_WORDS // 2, BODY_WORDS * 3 // 2)
    title, words = _words(random, drawn, TITLE_WORDS), _words(random, drawn, length)
    seconds = YEARS * 365 * 86400
    when = seconds * number // of + random.randrange(-3 * 86400, 3 * 86400)
    source = int(SOURCES * random.random() ** 2)
    named = _told(random, length, facts) if facts else []
    body, spans = _body(words, named, facts)
    abstract = " ".join(_words(random, drawn, ABSTRACT_WORDS)) if facts else ""
    return Made(number, source, " ".join(title), START + timedelta(seconds=when), body, abstract, spans)


def _told(random: Random, length: int, facts: Facts) -> list[tuple[int, str, int]]:
    """What one body tells of: the place of the word, the kind, and the number; no two at one place."""
    kinds = ["person"] * random.randint(2, 5) + ["country"] * random.randint(1, 4)
    kinds += ["event"] * random.choice((0, 0, 0, 1, 1, 2))
    among = {"person": facts.persons, "country": len(facts.countries), "event": facts.events}
    places = random.sample(range(length - EVENT_WORDS), len(kinds))
    return sorted(
        (place, kind, _often(random, among[kind])) for place, kind in zip(places, kinds, strict=True)
    )


def _often(random: Random, count: int) -> int:
    """A number below `count`, the first ones oftener than the last."""
    return int(count * random.random() ** 3)


def _body(words: list[str], told: list[tuple[int, str, int]], facts: Facts | None) -> tuple[str, list[Span]]:
    """The text of `words`, with names in their places, and the spans of all that is told."""
    for place, kind, number in told:
        if kind != "event":
            words[place] = person_name(number) if kind == "person" else facts.countries[number]
    starts, pieces, at = [], [], 0
    for place, word in enumerate(words):
        piece = f"{word}\n\n" if place % 75 == 74 else f"{word}. " if place % 15 == 14 else f"{word} "
        pieces.append(piece)
        starts.append(at)
        at += len(piece)
    spans = []
    for place, kind, number in told:
        last = place + EVENT_WORDS - 1 if kind == "event" else place
        spans.append(Span(kind, number, starts[place], starts[last] + len(words[last])))
    return "".join(pieces).rstrip(), spans


def _words(random: Random, drawn: Words, count: int) -> list[str]:
    kinds = random.choices("fta", cum_weights=(FUNCTION, FUNCTION + TOPICAL, 1), k=count)
    pools = {
        "f": iter(random.choices(FUNCTION_WORDS, k=kinds.count("f"))),
        "t": drawn.draw(random, kinds.count("t")),
        "a": all_words().draw(random, kinds.count("a")),
    }
    return [next(pools[kind]) for kind in kinds]
