"""How the words of a query are read: each into the terms that it is found by."""

from typing import Final

from django.utils.translation import gettext as _

from archive.search.errors import QueryError, shorten
from archive.search.nodes import Common, Phrase, Word
from archive.text import analyze, fold
from archive.text.analysis import LONGEST_TERM
from archive.text.arabic.attached import detached, without_article
from archive.text.tokens import words

# A shorter prefix stands for too many words to look up.
SHORTEST_PREFIX: Final = 3


def read_word(text: str, start: int) -> Phrase | Common:
    """A piece between spaces, at `start` of the query: a word, a prefix, or words joined by punctuation.

    Raises QueryError where it has no word, or a star that is no prefix's.
    """
    if "*" not in text:
        return read_words(text, start)
    typed = text.removesuffix("*")
    *_before, (last, _start, end) = [("", 0, 0), *words(typed)]
    letters = sum(map(str.isalnum, without_article(fold(last)))) if end == len(typed) else 0
    if "*" in typed or letters < SHORTEST_PREFIX:
        raise QueryError(
            _("%(word)s: a star comes at the end of a word, after at least %(least)s letters.")
            % {"word": shorten(text), "least": SHORTEST_PREFIX},
            "prefix",
            start,
            len(text),
        )
    return read_words(typed, start, len(text), prefix=True)


def read_words(text: str, start: int, length: int | None = None, *, prefix: bool = False) -> Phrase | Common:
    """Words that stand together, at `start` of the query, over `length` code points of it.

    Each is read as in an Arabic text, which knows English and Russian by their scripts, and as in a
    text of a language without rules. With `prefix`, the last is the beginning of a word. Raises
    QueryError where there is no word.
    """
    length = len(text) if length is None else length
    found = [word for word, _start, _end in words(text)]
    ruled = _terms(text, "ar")
    folded = _terms(text, "und")
    if not folded:
        raise QueryError(
            _("No word here: %(text)s has neither letters nor digits.") % {"text": shorten(text)},
            "no_word",
            start,
            length,
        )
    read = []
    for position, word in enumerate(found, 1):
        terms, ranking = ruled.get(position, ((), ()))
        plain, _none = folded.get(position, ((), ()))
        if prefix and position == len(found):
            read.append(_prefix(word, position, terms, plain))
        elif terms:
            read.append(Word(word, position, _distinct(terms + plain), ranking=ranking))
    if not read:
        return Common(tuple(found), start, start + length)
    first = read[0].offset
    return Phrase(
        tuple(Word(word.text, word.offset - first, word.terms, word.prefixes, word.ranking) for word in read)
    )


Terms = tuple[str, ...]


def _terms(text: str, language: str) -> dict[int, tuple[Terms, Terms]]:
    """By position, the terms that decide and those that only rank."""
    found: dict[int, tuple[Terms, Terms]] = {}
    for token in analyze(text, language):
        terms, ranking = found.get(token.position, ((), ()))
        if token.ranking_only:
            ranking += (token.term,)
        else:
            terms += (token.term,)
        found[token.position] = terms, ranking
    return found


def _prefix(text: str, offset: int, terms: Terms, plain: Terms) -> Word:
    """A word of which the beginning was typed: the terms that begin so, and the stem of what was typed.

    Terms lack the article and the clitics: where the stem begins later than what was typed, its
    beginning is looked for too, and what is left of an unfinished word without any of them. A stem with
    other letters than were typed is a beginning itself.
    """
    typed = fold(text).replace(" ", "")[:LONGEST_TERM]
    prefixes = [typed, *(rest for rest in detached(typed) if len(rest) >= SHORTEST_PREFIX)]
    for stem in terms:
        begins = typed.find(stem)
        rest = stem if begins < 0 else typed[begins:]
        if begins and len(rest) >= SHORTEST_PREFIX:
            prefixes.append(rest)
    return Word(text, offset, _distinct(terms + plain), _distinct(prefixes))


def _distinct(terms: list[str] | Terms) -> Terms:
    return tuple(dict.fromkeys(terms))
