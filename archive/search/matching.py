"""Where a text has what a query asks for."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from archive.search.nodes import Near, Phrase, Word
from archive.text import analyze


class Mark(NamedTuple):
    """A word of a text that is asked for, `[start, end)` in code points.

    `words` are the query's words that it answers. `joined`: the next word of the text belongs to
    the same phrase.
    """

    start: int
    end: int
    words: frozenset[Word]
    joined: bool


def marks(text: str, language: str, asked: Iterable[Phrase | Near]) -> list[Mark]:
    """The words of `text` that answer `asked`, in order.

    A phrase answers as a whole, a pair where both sides are near. Time linear in the length of `text`.
    """
    terms = _Terms(text, language)
    words: dict[int, set[Word]] = defaultdict(set)
    joined: set[int] = set()
    for part in asked:
        for phrase, position in terms.phrase(part) if isinstance(part, Phrase) else terms.near(part):
            for word in phrase.words:
                words[position + word.offset].add(word)
            offsets = {word.offset for word in phrase.words}
            joined.update(position + offset for offset in offsets if offset + 1 in offsets)
    return [
        Mark(*terms.spans[position], frozenset(words[position]), position in joined)
        for position in sorted(words)
    ]


def merged(found: list[Mark]) -> list[tuple[int, int]]:
    """The spans of `found`; words of one phrase that stand side by side, and what touches, are one."""
    spans: list[tuple[int, int]] = []
    joined = False
    for mark in found:
        if spans and (joined or spans[-1][1] >= mark.start):
            spans[-1] = (spans[-1][0], mark.end)
        else:
            spans.append((mark.start, mark.end))
        joined = mark.joined
    return spans


# A phrase, and the position in the text of its first word.
Found = tuple[Phrase, int]


class _Terms:
    """The terms of a text, and where each stands: positions count words, `spans` say where they are."""

    def __init__(self, text: str, language: str) -> None:
        self.spans: dict[int, tuple[int, int]] = {}
        self.positions: dict[str, set[int]] = defaultdict(set)
        for token in analyze(text, language):
            if not token.ranking_only:
                self.spans[token.position] = token.start, token.end
                self.positions[token.term].add(token.position)

    def word(self, word: Word) -> set[int]:
        terms = set(word.terms)
        if word.prefixes:
            terms.update(term for term in self.positions if term.startswith(word.prefixes))
        return set().union(*(self.positions.get(term, ()) for term in terms))

    def phrase(self, phrase: Phrase) -> list[Found]:
        starts: set[int] | None = None
        for word in phrase.words:
            possible = {position - word.offset for position in self.word(word)}
            starts = possible if starts is None else starts & possible
        return [(phrase, start) for start in starts or ()]

    def near(self, near: Near) -> list[Found]:
        left = [found for phrase in near.left for found in self.phrase(phrase)]
        right = [found for phrase in near.right for found in self.phrase(phrase)]
        pairs: list[Found] = []
        for before, after in ((left, right), (right, left)):
            begins: dict[int, list[Found]] = defaultdict(list)
            for found in after:
                begins[found[1]].append(found)
            for phrase, start in before:
                last = start + phrase.width
                for position in range(last + 1, last + near.distance + 1):
                    if second := begins.get(position):
                        pairs += [(phrase, start), *second]
        return pairs
