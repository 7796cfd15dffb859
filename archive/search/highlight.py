"""Pieces of a text that show what a query found."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable
from typing import Final, NamedTuple, TypedDict

from django.db.models.functions import Left

from archive.models import Article, ArticleText
from archive.search.matching import Mark, merged
from archive.search.nodes import Word
from archive.search.query import Query
from archive.text.tokens import MARK, words

# Code points of a text that are looked through for its fragments: some 1,500 words, and 20 ms.
LOOKED_THROUGH: Final = 10_000


class Fragment(TypedDict):
    """A piece of a text; `spans` are `[start, end]` in code points of the piece."""

    text: str
    spans: list[list[int]]


def fragments(
    text: str, language: str, query: Query, *, title: bool = False, most: int = 3, length: int = 200
) -> list[Fragment]:
    """Where `text` answers `query`, in order and apart; [] where it does not.

    A title, or a text of up to `length` code points, is one fragment. Else there are at most `most` of
    at most `length` code points, which begin and end with a word: those that answer most words of the
    query, the first among equals. Time linear in the length of `text`.
    """
    found = query.marks(text, language, title=title)
    if not found:
        return []
    if title or len(text) <= length:
        return [_fragment(text, 0, len(text), found)]
    bounds = _Bounds(text)
    chosen = _choose(bounds.within(found, length), most, length)
    made: list[Fragment] = []
    free = 0  # where the last fragment ends
    for number, window in enumerate(chosen):
        limit = chosen[number + 1][0].start if number + 1 < len(chosen) else len(text)
        start, end = bounds.widen(window[0].start, window[-1].end, free, limit, length)
        made.append(_fragment(text, start, end, window))
        free = end
    return made


def highlights(
    article_ids: Collection[int], query: Query, *, bodies: bool
) -> dict[int, dict[str, list[Fragment]]]:
    """The fragments of each article's title and abstracts, and with `bodies` of its text, by its id."""
    texts = beginnings(article_ids) if bodies else {}
    articles = Article.objects.filter(pk__in=article_ids).only("title", "language")
    return {
        article.pk: {
            "title": fragments(article.title, article.language, query, title=True),
            "abstract": [
                piece
                for abstract in article.abstracts.all()
                for piece in fragments(abstract.text[:LOOKED_THROUGH], abstract.language, query)
            ],
            "body": fragments(texts.get(article.pk, ""), article.language, query),
        }
        for article in articles.prefetch_related("abstracts")
    }


def beginnings(article_ids: Iterable[int]) -> dict[int, str]:
    """The first LOOKED_THROUGH code points of each article's newest body, by the article's id."""
    texts = ArticleText.objects.filter(article__in=list(article_ids), body__isnull=False)
    newest = texts.order_by("article_id", "-pk").distinct("article_id")
    return dict(newest.values_list("article_id", Left("body", LOOKED_THROUGH)))


def _fragment(text: str, start: int, end: int, found: list[Mark]) -> Fragment:
    spans = merged([mark for mark in found if start <= mark.start and mark.end <= end])
    return {"text": text[start:end], "spans": [[first - start, last - start] for first, last in spans]}


class _Bounds:
    """Where a text can be cut: before a word and after one, never before a mark."""

    def __init__(self, text: str) -> None:
        found = list(words(text))
        self.starts = [start for _word, start, _end in found]
        self.ends = [end for _word, _start, end in found if not _MARK.match(text, end)]

    def within(self, found: list[Mark], length: int) -> list[Mark]:
        """Those of `found` that fit into a fragment."""
        ends = set(self.ends)
        return [mark for mark in found if mark.end in ends and mark.end - mark.start <= length]

    def widen(self, start: int, end: int, free: int, limit: int, length: int) -> tuple[int, int]:
        """`[start, end)` with as much text around it as fits, the same on both sides if it can be."""
        first = max(free, start - (length - (end - start)) // 2)
        last = min(limit, first + length)
        first = max(free, last - length)
        return (
            self.starts[bisect_left(self.starts, first)],
            self.ends[bisect_right(self.ends, last) - 1],
        )


_MARK: Final = re.compile(f"[{MARK}]")


class _Window(NamedTuple):
    """The words found from number `first` to number `last`, and how many of the query's they answer."""

    answered: int
    first: int
    last: int


def _choose(found: list[Mark], most: int, length: int) -> list[list[Mark]]:
    """At most `most` runs of `found` that fit into `length` and answer most, in order and apart."""
    windows = _windows(found, length)
    chosen: list[_Window] = []
    while windows and len(chosen) < most:
        best = max(windows, key=lambda window: (window.answered, window.last - window.first, -window.first))
        chosen.append(best)
        windows = [window for window in windows if window.last < best.first or window.first > best.last]
    return [found[window.first : window.last + 1] for window in sorted(chosen, key=lambda w: w.first)]


def _windows(found: list[Mark], length: int) -> list[_Window]:
    """From each word found on, all that fit into `length`."""
    windows: list[_Window] = []
    inside: Counter[Word] = Counter()
    last = -1
    for first, mark in enumerate(found):
        while last + 1 < len(found) and found[last + 1].end - mark.start <= length:
            last += 1
            inside.update(found[last].words)
        windows.append(_Window(len(inside), first, last))
        inside.subtract(mark.words)
        for word in mark.words:
            if not inside[word]:
                del inside[word]
    return windows
