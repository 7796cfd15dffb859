"""Search and pages that stay fast on a million rows."""

from collections.abc import Sequence
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from archive.search import names
from archive.text import fold

# A code names one row, or a few; a mention's words, which are asked for the same way, name many.
MOST_CODED = 1000


def search(queryset: QuerySet, paths: Sequence[str], term: str) -> QuerySet:
    """The rows of `queryset` that have every word of `term` in one of the columns `paths`.

    A path that starts with = is a code, compared with the whole term in its own, lower or upper case.
    The others are folded columns, of the model or across a relation, and hold the word anywhere.

    Columns of several tables are asked one by one and the ids put together (UNION): each question is
    answered from the column's own index, where one OR across tables would read them all; and no row
    comes twice. Columns of one table need no such help, and without it a word that half of the rows
    have costs no more than a page of them.
    """
    rows = queryset.model._base_manager.order_by()
    coded = _with_code(rows, [path.removeprefix("=") for path in paths if path.startswith("=")], term)
    columns = [path for path in paths if not path.startswith("=")]
    words = fold(term).split() if columns else []
    if not words:
        return queryset.filter(pk__in=coded)
    if not any("__" in path for path in columns):
        worded = Q()
        for word in words:
            worded &= reduce(or_, (Q(**{f"{path}__contains": word}) for path in columns))
        return queryset.filter(Q(pk__in=coded) | worded)
    matching = rows
    for word in words:
        asked = [rows.filter(**{f"{path}__contains": word}).values("pk") for path in columns]
        matching = matching.filter(pk__in=_union(asked))
    return queryset.filter(pk__in=_union([rows.filter(pk__in=coded).values("pk"), matching.values("pk")]))


def _with_code(rows: QuerySet, paths: list[str], term: str) -> list[int]:
    """The ids of those of `rows` whose code in one of `paths` is `term`; at most MOST_CODED."""
    # PostgreSQL stores neither NUL nor half a character, and its driver raises on them.
    code = term.replace("\0", "").encode(errors="ignore").decode().strip()
    if not paths or not code:
        return []
    cases = {code, code.lower(), code.upper()}
    asked = _union([rows.filter(**{f"{path}__in": cases}).values_list("pk", flat=True) for path in paths])
    return list(asked[:MOST_CODED])


def _union(queries: list[QuerySet]) -> QuerySet:
    return reduce(QuerySet.union, queries)


class CappedPaginator(Paginator):
    """Counts to CAP and no further: beyond it a list is narrowed, not leafed through."""

    CAP = 10_000

    @cached_property
    def _counted(self) -> int:
        return self.object_list.order_by()[: self.CAP + 1].count()

    @property
    def capped(self) -> bool:
        return self._counted > self.CAP

    @cached_property
    def count(self) -> int:
        return min(self._counted, self.CAP)


class IndexedSearch:
    """Of a ModelAdmin: `search_fields` are paths as `search` takes them."""

    show_full_result_count = False
    paginator = CappedPaginator
    list_per_page = 50

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        paths: Any = self.get_search_fields(request)  # type: ignore[attr-defined]
        if paths and search_term.strip():
            queryset = self.find(queryset, paths, search_term)
        return queryset, False

    def find(self, queryset: QuerySet, paths: Sequence[str], term: str) -> QuerySet:
        return search(queryset, paths, term)


class NameSearch:
    """Of a ModelAdmin of what has names: finds by them as the API does, and by codes, the best first."""

    def find(self, queryset: QuerySet, paths: Sequence[str], term: str) -> QuerySet:
        rows = queryset.model._base_manager.order_by()
        coded = _with_code(rows, [path.removeprefix("=") for path in paths], term)
        try:
            found = names.search(queryset, names.Asked(term), first=coded)
        except names.UnfitText:
            found = names.scored(queryset, dict.fromkeys(coded, 0))
        return found.order_by("score", "pk")
