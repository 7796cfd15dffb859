"""From the text of a query to its tree."""

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _
from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedToken

from archive.search.errors import QueryError, shorten
from archive.search.fields import FIELDS
from archive.search.nodes import And, Common, Field, Near, Node, Not, Or, Phrase, Title, walk
from archive.search.reading import read_word, read_words
from archive.text.tokens import CONTROL, words

# Beyond this a query is no question any more.
MOST_CHARACTERS: Final = 1000
MOST_WORDS: Final = 64
MOST_DEPTH: Final = 20
# PostgreSQL plans each by itself and with all others.
MOST_FIELDS: Final = 16
MOST_DISTANCE: Final = 20
# Queries that are kept, once read.
KEPT: Final = 256

OPERATORS: Final = {"_AND", "_OR", "NEAR", "NOT", "MINUS"}


# A query is asked again: for its next page, its facets.
@lru_cache(KEPT)
def parse_tree(text: str) -> Node:
    """The tree of a query; fields are not looked up yet. Raises QueryError, and nothing else."""
    if len(text) > MOST_CHARACTERS:
        message = _("A query has at most %(most)s characters.") % {"most": MOST_CHARACTERS}
        raise QueryError(message, "too_long", MOST_CHARACTERS, len(text) - MOST_CHARACTERS)
    parser = _grammar().parse_interactive(text)
    opened: list[Token] = []
    seen: list[Token] = []
    count = fields = 0
    try:
        for token in parser.iter_parse():
            seen.append(token)
            _check(token, text)
            if token.type == "_LPAR":
                opened.append(token)
                if len(opened) > MOST_DEPTH:
                    message = _("Parentheses go at most %(most)s deep.") % {"most": MOST_DEPTH}
                    raise _error(message, "too_deep", token)
            elif token.type == "_RPAR":
                if not opened:
                    raise _error(_("This parenthesis closes none that is open."), "parenthesis", token)
                opened.pop()
            elif token.type in ("WORD", "PHRASE"):
                # The value of a field is looked up as one thing.
                of_field = len(seen) > 1 and seen[-2].type == "FIELD"
                fields += of_field
                if fields > MOST_FIELDS:
                    message = _("A query has at most %(most)s fields.") % {"most": MOST_FIELDS}
                    raise _error(message, "too_many_fields", token)
                count += 1 if of_field else sum(1 for word in words(token))
                if count > MOST_WORDS:
                    message = _("A query has at most %(most)s words.") % {"most": MOST_WORDS}
                    raise _error(message, "too_many_words", token)
        if not seen:
            raise QueryError(_("The query is empty."), "empty", 0, len(text))
        if opened:
            raise _error(_("This parenthesis is not closed."), "parenthesis", opened[-1])
        tree = parser.feed_eof()
    except UnexpectedCharacters as error:
        raise QueryError(_("This quote has no partner."), "quote", error.pos_in_stream, 1) from None
    except UnexpectedToken as error:
        ended = error.token.type == "$END"
        raise _misplaced(None if ended else seen.pop(), seen[-1] if seen else None) from None
    if isinstance(tree, Common):
        message = _("Too common to search for: %(words)s. Add another word.")
        message %= {"words": shorten(", ".join(tree.words), 200)}
        raise QueryError(message, "common", tree.start, tree.end - tree.start)
    return tree


class _Builder(Transformer):
    """What the parser makes of each rule, while it parses."""

    def word(self, children: list[Token]) -> Node:
        (token,) = children
        name, colon, value = token.partition(":")
        if colon and not value and name in FIELDS:
            message = _("%(field)s: the value follows the colon at once; in quotes it is a word.")
            raise _error(message % {"field": name}, "field", token)
        return read_word(str(token), token.start_pos)

    def phrase(self, children: list[Token]) -> Node:
        (token,) = children
        return read_words(token[1:-1], token.start_pos, len(token))

    def field(self, children: list[Token]) -> Node:
        name, value = children
        quoted = value.type == "PHRASE"
        text = _VISIBLE.search(value[1:-1] if quoted else value)
        if text is None:
            raise _error(_("Nothing stands between the quotes."), "no_word", value)
        return Field(name[:-1], text[0], quoted, name.start_pos, value.start_pos, value.end_pos)

    def title(self, children: list) -> Node:
        token, part = children
        for node in walk(part):
            if isinstance(node, Field | Title):
                end = node.end if isinstance(node, Field) else node.start + len(token)
                message = _("title: takes words only, no other field inside.")
                raise QueryError(message, "field", node.start, end - node.start)
        return part if isinstance(part, Common) else Title(part, token.start_pos)

    def negated(self, children: list) -> Node:
        _token, part = children
        match part:
            case Common():
                return part
            case Not(inside):
                return inside
        return Not(part)

    def near(self, children: list) -> Node:
        left, token, right = children
        return Near(_operand(left, token), _operand(right, token), int(token[5:]))

    def both(self, children: list[Node]) -> Node:
        return _joined(And, children)

    def either(self, children: list[Node]) -> Node:
        return _joined(Or, children)


@cache
def _grammar() -> Lark:
    grammar = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", lexer="basic", transformer=_Builder())


# From the first visible character to the last.
_VISIBLE: Final = re.compile(rf"[^\s{CONTROL}](?:.*[^\s{CONTROL}])?", re.DOTALL)


def _joined(kind: type[And] | type[Or], parts: list[Node]) -> Node:
    """`parts` as one node, without what is too common, and flat."""
    kept: list[Node] = []
    for part in parts:
        if isinstance(part, kind):
            kept.extend(part.parts)
        elif not isinstance(part, Common):
            kept.append(part)
    if not kept:
        every = tuple(word for part in parts for word in part.words)
        return Common(every, parts[0].start, parts[-1].end)
    return kept[0] if len(kept) == 1 else kind(tuple(kept))


def _operand(node: Node, near: Token) -> tuple[Phrase, ...]:
    """The phrases of which one stands on this side of NEAR."""
    match node:
        case Phrase():
            return (node,)
        case Or(parts) if all(isinstance(part, Phrase) for part in parts):
            return parts
        case Common(common):
            message = _("%(near)s needs a word on each side: %(words)s is too common to search for.")
            raise _error(message % {"near": near, "words": shorten(" ".join(common))}, "near", near)
    message = _(
        "%(near)s stands between words, phrases, or several of them in parentheses joined by OR; for three "
        "write: a %(near)s b AND b %(near)s c. In titles: title:(a %(near)s b)."
    )
    raise _error(message % {"near": near}, "near", near)


def _check(token: Token, text: str) -> None:
    """Raise QueryError where a token is wrong in itself."""
    match token.type:
        case "NEAR":
            distance = token[5:]
            if not (distance.isdecimal() and len(distance) < 4 and 1 <= int(distance) <= MOST_DISTANCE):
                message = _(
                    "Say how many words apart at most, 1 to %(most)s, as in NEAR/5; in quotes NEAR is a word."
                )
                raise _error(message % {"most": MOST_DISTANCE}, "near", token)
        case "FIELD" if text.startswith("//", token.end_pos):
            raise _error(_("Put an address in quotes."), "field", token)
        case "FIELD" if token[:-1] not in FIELDS:
            message = _(
                "There is no field %(field)s. The fields are %(fields)s; to search for the words, put them "
                "in quotes."
            )
            names = {"field": shorten(token[:-1]), "fields": ", ".join(FIELDS)}
            raise _error(message % names, "field", token)


def _misplaced(token: Token | None, before: Token | None) -> QueryError:
    """Why `token`, or the end, cannot stand after `before`."""
    if before is not None and before.type == "TITLE":
        message = _("title: takes a word, a phrase in quotes, or parentheses.")
        return _error(message, "field", token or before)
    if before is not None and before.type == "FIELD" and token is not None and token.type == "MINUS":
        message = _("No value begins with a minus; in front of the field it asks for what lacks it.")
        return _error(message, "field", token)
    if before is not None and before.type == "FIELD":
        message = _("%(field)s takes one word, or several in quotes.") % {"field": before}
        return _error(message, "field", token or before)
    if token is None or token.type == "_RPAR":
        if before.type == "_LPAR":
            return _error(_("Nothing stands in these parentheses."), "no_word", before)
        return _error(_("Nothing stands after %(operator)s.") % {"operator": before}, "operator", before)
    if before is None or before.type in OPERATORS or before.type == "_LPAR":
        message = _("Nothing stands before %(operator)s; in quotes it is a word.")
        return _error(message % {"operator": token}, "operator", token)
    message = _("NEAR joins two; for three write: a NEAR/5 b AND b NEAR/5 c.")
    return _error(message, "near", token)


def _error(message: str, code: str, token: Token) -> QueryError:
    return QueryError(message, code, token.start_pos, token.end_pos - token.start_pos)
