"""What a query says, as a tree. Nodes never change."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a query: any one of `terms`, or a term that begins with one of `prefixes`.

    `offset` counts words from the first of its phrase. `ranking` are terms that never decide. A
    word that was typed with a star has prefixes, others have none.
    """

    text: str
    offset: int
    terms: tuple[str, ...]
    prefixes: tuple[str, ...] = ()
    ranking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand in this order, each at its offset; often a single one. The first has offset 0."""

    words: tuple[Word, ...]

    @property
    def width(self) -> int:
        """How many words the last one stands after the first."""
        return self.words[-1].offset


@dataclass(frozen=True, slots=True)
class Near:
    """One of `left` and one of `right`, in either order, at most `distance` words apart."""

    left: tuple[Phrase, ...]
    right: tuple[Phrase, ...]
    distance: int


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: "Node"


@dataclass(frozen=True, slots=True)
class Title:
    """`part` in the title, and nowhere else. `start` is where it stands in the query."""

    part: "Node"
    start: int


@dataclass(frozen=True, slots=True)
class Field:
    """A restriction by a field other than the title; `[start, end)` and `value_start` are code points."""

    name: str
    value: str
    quoted: bool
    start: int
    value_start: int
    end: int


@dataclass(frozen=True, slots=True)
class Common:
    """Nothing but stop words. They drop out of what they are joined with."""

    words: tuple[str, ...]
    start: int
    end: int


Node = Phrase | Near | And | Or | Not | Title | Field | Common


def inner(node: Node) -> tuple[Node, ...]:
    """The nodes right below."""
    match node:
        case And(parts) | Or(parts):
            return parts
        case Not(part) | Title(part):
            return (part,)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it, in the order of the query."""
    yield node
    for part in inner(node):
        yield from walk(part)


def positive(node: Node, in_title: bool = False) -> Iterator[tuple[Phrase | Near, bool]]:
    """The phrases and pairs that are asked for, not the negated ones; each with whether only in titles."""
    match node:
        case Phrase() | Near():
            yield node, in_title
        case Title(part):
            yield from positive(part, True)
        case And(parts) | Or(parts):
            for part in parts:
                yield from positive(part, in_title)


def phrases(node: Phrase | Near) -> tuple[Phrase, ...]:
    return (node,) if isinstance(node, Phrase) else node.left + node.right
