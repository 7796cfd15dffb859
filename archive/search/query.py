"""A query: what it asks of articles, and where a text answers it."""

from django.db.models import Q
from django.utils.translation import gettext as _

from archive.search.errors import QueryError
from archive.search.fields import Condition, conditions
from archive.search.matching import Mark, marks
from archive.search.nodes import And, Field, Near, Node, Not, Or, Word, phrases, positive, walk
from archive.search.parsing import parse_tree
from archive.search.tsquery import by_index, candidates, narrowed, to_tsquery

# NEAR is long in PostgreSQL's language, and slow to check: every order and distance of every word.
MOST_BYTES = 1 << 13


class Query:
    """A query that was understood.

    `text` is what was typed. `tsquery` is what the vector of every article found answers, or None
    where words alone decide nothing. `terms` are the words asked for, negated ones left out, in order.
    """

    def __init__(self, text: str, root: Node, fields: dict[Field, Condition]) -> None:
        self.text = text
        self._root, self._fields = root, fields
        self._asked = list(positive(root))
        self.terms: list[Word] = [
            word for part, _in_title in self._asked for phrase in phrases(part) for word in phrase.words
        ]
        parts = root.parts if isinstance(root, And) else (root,)
        self._texts = And(tuple(part for part in parts if _is_text(part)))
        self._others = [part for part in parts if not _is_text(part)]
        self.tsquery = to_tsquery(self._texts) if self._texts.parts else None

    def condition(self, statuses: list[str]) -> Q:
        """The condition on articles; of the facts that fields ask about, those of `statuses` count."""
        return self._condition(self._root, statuses)

    def split(self, statuses: list[str]) -> tuple[Q, str | None]:
        """The condition in two: what indexes answer, and a tsquery to look at what that leaves.

        None where indexes answer all of it, or where it cannot be split.
        """
        looked_up = candidates(self._texts) if self._texts.parts and not by_index(self._texts) else None
        if looked_up is None:
            return self.condition(statuses), None
        others = (self._condition(part, statuses) for part in self._others)
        return Q(Q(index__vector__matches=looked_up), *others), self.tsquery

    def ranking_terms(self) -> list[str]:
        """The terms that a rank is made of, each once: those that decide and those that only rank.

        Words typed with a star have none.
        """
        words = [word for word in self.terms if not word.prefixes]
        return list(dict.fromkeys(term for word in words for term in word.terms + word.ranking))

    def marks(self, text: str, language: str, *, title: bool = False) -> list[Mark]:
        """The words of `text` that the query asks for, in order. Parts with `title:` count in titles."""
        return marks(text, language, [part for part, in_title in self._asked if title or not in_title])

    def _condition(self, node: Node, statuses: list[str]) -> Q:
        if _is_text(node):
            return Q(index__vector__matches=narrowed(node))
        match node:
            case Field():
                return self._fields[node](statuses)
            case Not(part):
                return ~self._condition(part, statuses)
            case And(parts) | Or(parts):
                # All text in one tsquery: the index does the Boolean work.
                texts = tuple(part for part in parts if _is_text(part))
                others = [part for part in parts if not _is_text(part)]
                if texts:
                    others.insert(0, type(node)(texts))
                connector = Q.AND if isinstance(node, And) else Q.OR
                return Q(*(self._condition(part, statuses) for part in others), _connector=connector)
        raise TypeError(node)


def parse(text: str) -> Query:
    """Read a query, and look up the records that it names. Raises QueryError, and nothing else."""
    root = parse_tree(text)
    fields = conditions(node for node in walk(root) if isinstance(node, Field))
    pairs = (to_tsquery(part) for part in walk(root) if isinstance(part, Near))
    if sum(len(pair.encode()) for pair in pairs) > MOST_BYTES:
        message = _("Too many words stand near each other: use a smaller distance, or fewer words.")
        raise QueryError(message, "near", 0, len(text))
    return Query(text, root, fields)


def _is_text(node: Node) -> bool:
    return not any(isinstance(part, Field) for part in walk(node))
