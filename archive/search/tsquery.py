"""From the text of a query's tree to PostgreSQL's tsquery."""

from collections.abc import Iterable
from itertools import groupby, pairwise, product
from operator import attrgetter

from archive.search.nodes import And, Near, Node, Not, Or, Phrase, Title, Word, walk
from archive.search.vectors import IN_TITLE, pair


def to_tsquery(node: Node, in_title: bool = False) -> str:
    """`node`, in which there is no field, as the text of a tsquery. Every part stands in parentheses."""
    match node:
        case Phrase():
            return _phrase(node, in_title)
        case Near():
            return _near(node, in_title)
        case Title(part):
            return to_tsquery(part, True)
        case Not(part):
            return f"!{to_tsquery(part, in_title)}"
        case And(parts):
            return _joined(" & ", (to_tsquery(part, in_title) for part in parts))
        case Or(parts):
            return _joined(" | ", (to_tsquery(part, in_title) for part in parts))
    raise TypeError(node)


def candidates(node: Node, in_title: bool = False) -> str | None:
    """A tsquery that an index answers by itself: all that `node` finds has it, and little else.

    A phrase is looked up by its pairs of words, NEAR by its words. None where there is no such thing:
    what stands in no phrase is no matter of which words it has.
    """
    match node:
        case Phrase():
            return _pairs(node, in_title)
        case Near(left, right):
            sides = (_joined(" | ", (_pairs(phrase, in_title) for phrase in side)) for side in (left, right))
            return _joined(" & ", sides)
        case Title(part):
            return candidates(part, True)
        case Not(part):
            return to_tsquery(node, in_title) if by_index(part) else None
        case And(parts):
            found = [text for part in parts if (text := candidates(part, in_title))]
            return _joined(" & ", found) if found else None
        case Or(parts):
            choices = [candidates(part, in_title) for part in parts]
            return None if None in choices else _joined(" | ", filter(None, choices))
    raise TypeError(node)


def narrowed(node: Node) -> str:
    """`to_tsquery`, and `candidates` where they help: an index has these, vectors are read for the other."""
    found = None if by_index(node) else candidates(node)
    return f"({found} & {to_tsquery(node)})" if found else to_tsquery(node)


def by_index(node: Node) -> bool:
    """Whether an index knows all that `node` asks: which words there are, and not where they stand."""
    return not any(
        isinstance(part, Near) or (isinstance(part, Phrase) and len(part.words) > 1) for part in walk(node)
    )


def lexeme(term: str, *, prefix: bool = False, in_title: bool = False) -> str:
    """`term` as a tsquery writes it, whatever it holds but NUL, which PostgreSQL has no text for."""
    quoted = term.replace("\\", "\\\\").replace("'", "''")
    return f"'{IN_TITLE if in_title else ''}{quoted}'{':*' if prefix else ''}"


def _word(word: Word, in_title: bool) -> str:
    terms = [lexeme(term, in_title=in_title) for term in word.terms]
    return _joined(" | ", (*terms, *(lexeme(p, prefix=True, in_title=in_title) for p in word.prefixes)))


def _phrase(phrase: Phrase, in_title: bool) -> str:
    text, offset = "", 0
    for word in phrase.words:
        text += (f" <{word.offset - offset}> " if text else "") + _word(word, in_title)
        offset = word.offset
    return text if len(phrase.words) == 1 else f"({text})"


def _pairs(phrase: Phrase, in_title: bool) -> str:
    """The words of a phrase, and where two stand side by side their pair: they need not be asked for then,
    unless only titles count."""
    found = []
    words = list(phrase.words)
    paired = {
        place
        for place, (word, following) in enumerate(pairwise(words))
        if following.offset == word.offset + 1 and not (word.prefixes or following.prefixes)
    }
    for place, word in enumerate(words):
        if in_title or not paired & {place, place - 1}:
            found.append(_word(word, in_title))
        if place in paired:
            sides = product(word.terms, words[place + 1].terms)
            found.append(_joined(" | ", (lexeme(pair(first, second)) for first, second in sides)))
    return _joined(" & ", found)


def _near(near: Near, in_title: bool) -> str:
    """Every order and distance: PostgreSQL knows exact distances only."""
    found = []
    for before, after in ((near.left, near.right), (near.right, near.left)):
        ends = _joined(" | ", (_phrase(phrase, in_title) for phrase in after))
        # An OR of phrases ends, to PostgreSQL, where its widest one would: on the left of a distance
        # stand phrases of one width.
        for _width, same in groupby(sorted(before, key=attrgetter("width")), attrgetter("width")):
            begins = _joined(" | ", (_phrase(phrase, in_title) for phrase in same))
            found += [f"({begins} <{distance}> {ends})" for distance in range(1, near.distance + 1)]
    return _joined(" | ", found)


def _joined(operator: str, parts: Iterable[str]) -> str:
    parts = list(dict.fromkeys(parts))
    return parts[0] if len(parts) == 1 else f"({operator.join(parts)})"
