"""Search and pages that stay fast on a million rows."""

from functools import cached_property, reduce
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from archive.text import fold


def search(queryset: QuerySet, paths: list[str] | tuple[str, ...], term: str) -> QuerySet:
    """The rows of `queryset` that have every word of `term` in one of the columns `paths`.

    A path that starts with = is a code, compared with the whole term in its own, lower or upper case.
    The others are folded columns, of the model or across a relation, and hold the word anywhere.

    Every column is asked on its own and the ids are put together (UNION): each question is answered
    from the column's own index, where one OR across tables would read them all; and no row comes twice.
    """
    rows = queryset.model._base_manager.order_by()
    codes = [path.removeprefix("=") for path in paths if path.startswith("=")]
    columns = [path for path in paths if not path.startswith("=")]
    found = []
    # PostgreSQL stores neither NUL nor half a character, and its driver raises on them.
    if code := term.replace("\0", "").encode(errors="ignore").decode().strip():
        cases = {code, code.lower(), code.upper()}
        found += [rows.filter(**{f"{path}__in": cases}).values("pk") for path in codes]
    if columns and (words := fold(term).split()):
        matching = rows
        for word in words:
            matching = matching.filter(
                pk__in=_union([rows.filter(**{f"{path}__contains": word}).values("pk") for path in columns])
            )
        found.append(matching.values("pk"))
    return queryset.filter(pk__in=_union(found)) if found else queryset.none()


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
            queryset = search(queryset, paths, search_term)
        return queryset, False
