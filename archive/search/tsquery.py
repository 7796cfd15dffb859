"""From the text of a query's tree to PostgreSQL's tsquery."""

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter

from archive.search.nodes import And, Near, Node, Not, Or, Phrase, Title, Word
from archive.search.vectors import IN_TITLE


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
