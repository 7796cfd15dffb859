"""Which articles answer a query, how well, and by which way the database had best look for them."""

from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from time import monotonic
from typing import Any, Final

from django.db import connection
from django.db.models import F, Func, OrderBy, Q, QuerySet, Value

from archive.models import ArticleIndex
from archive.models.marks import Marks
from archive.models.ordering import Bounds, newest
from archive.models.sql import Statement
from archive.search.query import Query
from archive.search.ranking import Rank
from archive.search.similar import any_of, rarest_terms

# How paths from an article to its row in the index begin.
INDEX: Final = "index__"

NEWEST: Final = newest(f"{INDEX}published_at").expression

# A rank costs some 20 µs an article and term: of more articles than these, the newest so many are ranked.
MOST_RANKED: Final = 5000

# Statements that are kept: one for each form of query that is asked often.
KEPT: Final = 256

# Rows are met soonest by a walk in their order where many of them answer, and by an index on the terms
# where few do. Measured on a million articles of 300 words: for the newest 50 both take the same time
# where about 2 % answer (20,000² = WALK x 50 x 1,000,000).
WALK: Final = 8


class Unindexed(Func):
    """A time, so that no index is in its order: PostgreSQL finds all rows first and then sorts them.

    Left to itself it walks the order's index until it has met enough, which for rare words is
    the whole table: up to 17 s where this takes 0.1 s.
    """

    template = "(%(expressions)s + interval '0')"


@dataclass(frozen=True)
class Found:
    """Articles that answer `query`, among those of `articles`; of facts those with `statuses` count.

    From what else is asked of these it follows that their moments are `within` some bounds.
    """

    articles: QuerySet
    query: Query
    statuses: list[str]
    within: Bounds = field(default_factory=Bounds)

    @property
    def dated(self) -> bool:
        """Whether what has no date is left out by what else is asked."""
        return bool(self.within)

    def all(self) -> QuerySet:
        """All of them. They can be ordered by `rank`, which costs nothing unless it is asked for."""
        rank = Rank("index__vector", self.query.ranking_terms())
        rows = self._answering(self.query.condition(self.statuses)).alias(rank=rank)
        return rows.filter(self.within.of(unindexed(NEWEST)))

    def newest_first(self, count: int) -> QuerySet:
        """All of them, newest first, so that the first `count` are there soon."""
        key = unindexed(NEWEST) if self.few(count) else NEWEST
        return self.all().order_by(*_by(key, descending=True))

    def best(self) -> QuerySet:
        """Those that `rank` is worth working out for: all, or of very many the newest MOST_RANKED."""
        if self._expected <= MOST_RANKED:
            return self.all()
        ids = self.first(MOST_RANKED, NEWEST, descending=True, after=Q())
        return self.all().filter(pk__in=[pk for pk, _key in ids.fetch()] if ids else [])

    def first(self, count: int, key: Any, *, descending: bool, after: Any) -> Statement | None:
        """Selects id and key of the first `count` in the order of `key`, a time, and id, where `after` holds.

        PostgreSQL is asked how many articles it expects to answer. None where none can.
        """
        looked_up, looked_at = self.query.condition(self.statuses), None
        within = self.within.of(NEWEST)
        if self.few(count):
            # What has the words is found by these alone: to read vectors of a date's articles takes longer.
            key, within = unindexed(key), self.within.of(unindexed(NEWEST))
            looked_up, looked_at = self.query.split(self.statuses)
        most = None if looked_at else count
        if lifted := self._in_index(looked_up, after, key):
            condition, values = lifted
            found = _first_in_index(condition, after, key, most, descending=descending)
            # All that have some words are looked up by the index on words, whatever words these are.
            found = found and replace(found.filled(values), one_plan=self.few(count) and by_words(condition))
        else:
            rows = self._answering(looked_up).filter(after, within)
            found = _first(rows, key, F("index__vector"), most, descending=descending)
        if looked_at is None or found is None:
            return found
        # In order, until there are enough: few vectors are read. PostgreSQL reads a subquery in its order; to
        # sort once more would be to read all vectors first.
        return replace(
            found,
            sql=f"SELECT pk, key FROM ({found.sql} OFFSET 0) AS found (pk, key, vector)"
            " WHERE vector @@ %s::tsquery LIMIT %s",
            parameters=[*found.parameters, looked_at, count],
        )

    def few(self, count: int) -> bool:
        """Whether the first `count` in an order are there sooner if all are found first, and then sorted.

        Else so many are expected to answer that a walk in that order soon meets enough of them.
        """
        return self._expected * self._expected <= WALK * count * _articles()

    @cached_property
    def _expected(self) -> int:
        """How many articles PostgreSQL expects to answer, by what it knows of how common words are.

        It is not told where these are: what follows from the rest would have it expect too few.
        """
        looked_up, _looked_at = self.query.split(self.statuses)
        if lifted := self._in_index(looked_up):
            condition, values = lifted
            asked = _all_in_index(condition)
            asked = asked and asked.filled(values)
        else:
            asked = Statement.of(self._answering(looked_up).order_by().values("pk"))
        if asked is None:  # nothing can answer
            return 0
        return _rows_expected(asked.inlined(), _minute())

    @property
    def _of_all(self) -> bool:
        """Whether nothing is asked of articles besides the query."""
        return not self.articles.query.where

    def _in_index(self, condition: Q, *others: Any) -> tuple[Q, dict] | None:
        """`condition` lifted, and what its marks stand for; None where the index has not all of it."""
        marks = Marks()
        lifted = marks.lift(condition)
        return (lifted, marks.values) if self._of_all and in_index(lifted, *others) else None

    def _answering(self, condition: Q) -> QuerySet:
        # Every article has its row in the index. Said so, the two are joined in either order, also where the
        # condition asks nothing of a vector: a walk begins with the index.
        return self.articles.filter(condition, index__isnull=False)


@lru_cache(KEPT)
def _all_in_index(condition: Q) -> Statement | None:
    """Selects all articles for which a condition holds, by rows of the index."""
    (moved,) = in_index(condition) or ()
    return Statement.of(ArticleIndex.objects.filter(moved).values("pk"))


@lru_cache(KEPT)
def _first_in_index(
    condition: Q, after: Q, key: Any, count: int | None, *, descending: bool
) -> Statement | None:
    """`_first` of all articles for which two conditions hold, by rows of the index."""
    moved, key, vector = in_index(Q(condition, after), key, F("index__vector")) or ()
    return _first(ArticleIndex.objects.filter(moved), key, vector, count, descending=descending)


def _first(rows: QuerySet, key: Any, vector: Any, count: int | None, *, descending: bool) -> Statement | None:
    """Selects id and key of the first `count` rows in an order; of all, with vectors, where it is None."""
    rows = rows.order_by(*_by(key, descending=descending))
    return Statement.of(
        rows.values_list("pk", key, vector) if count is None else rows.values_list("pk", key)[:count]
    )


@lru_cache
def unindexed(key: Any) -> Unindexed:
    """`key` as Unindexed: the same for the same."""
    return Unindexed(key)


def in_index(*asked: Any) -> list[Any] | None:
    """Conditions and expressions on articles, as on their rows of ArticleIndex; None where these do not do.

    To ask the index alone is to look up no article beside each of its rows: a third of the time.
    """
    try:
        return [_moved(one) for one in asked]
    except LookupError:
        return None


def by_words(condition: Q) -> bool:
    """Whether a condition asks for words alone."""
    for child in condition.children:
        match child:
            case Q() if by_words(child):
                pass
            case (str(path), str()) if path == f"{INDEX}vector__matches":
                pass
            case _:
                return False
    return True


def _moved(asked: Any) -> Any:
    match asked:
        case Q():
            children = [_moved(child) for child in asked.children]
            return Q(*children, _connector=asked.connector, _negated=asked.negated)
        case (str(path), value):
            return _path(path), value
        case F(name="pk") | Value():
            return asked
        case F():
            return F(_path(asked.name))
        case Func():
            moved = asked.copy()
            moved.set_source_expressions([_moved(one) for one in asked.get_source_expressions()])
            return moved
    raise LookupError(asked)


def _path(path: str) -> str:
    if not path.startswith(INDEX):
        raise LookupError(path)
    return path.removeprefix(INDEX)


def _by(key: Any, *, descending: bool) -> tuple[OrderBy, OrderBy]:
    return OrderBy(key, descending=descending), OrderBy(F("pk"), descending=descending)


def _articles() -> int:
    """About how many articles there are: as of the last ANALYZE. Asked for once a minute."""
    return _articles_in(_minute())


def _minute() -> int:
    return int(monotonic() // 60)


@lru_cache(4096)
def _rows_expected(asked: Statement, _minute: int) -> int:
    """How many rows PostgreSQL expects of a statement; what it knows of the tables changes by the minute."""
    ((plan,),) = Statement(f"EXPLAIN (FORMAT JSON) {asked.sql}", ()).fetch()
    return plan[0]["Plan"]["Plan Rows"]


@lru_cache(maxsize=1)
def _articles_in(_minute: int) -> int:
    with connection.cursor() as cursor:
        table = ArticleIndex._meta.db_table
        cursor.execute("SELECT greatest(reltuples, 0) FROM pg_class WHERE oid = %s::regclass", [table])
        return int(cursor.fetchone()[0])


def like(articles: QuerySet, article_id: int) -> QuerySet:
    """Those of `articles` that share the rarest terms of an article, which is not among them.

    They can be ordered by `rank`. None, where no other article has a term of it.
    """
    terms = rarest_terms(article_id)
    condition = Q(index__vector__matches=any_of(terms)) if terms else Q(pk__in=[])
    return articles.filter(condition).exclude(pk=article_id).alias(rank=Rank("index__vector", terms))
