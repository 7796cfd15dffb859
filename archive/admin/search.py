"""Search and pages that stay fast on a million rows."""

import re
from collections.abc import Sequence
from functools import cached_property, reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils.translation import gettext as _

from archive.models import Status
from archive.models.ordering import newest
from archive.models.sending import TookTooLong, all_at_most
from archive.search import names
from archive.search.articles import Found
from archive.search.codes import coded, union
from archive.search.errors import QueryError
from archive.search.query import parse
from archive.text import fold

# An autocomplete shows the newest: who looks for others types more.
MOST_OFFERED = 100
# What is no query, even where the archive lacks it.
ADDRESS = re.compile(r"(https?://|urn:)\S+")
# Facts that count in a query: all but the rejected.
COUNTED = [Status.ACCEPTED, Status.SUGGESTED]


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
    ids = _coded(queryset, paths, term)
    columns = [path for path in paths if not path.startswith("=")]
    words = fold(term).split() if columns else []
    if not words:
        return queryset.filter(pk__in=ids)
    if not any("__" in path for path in columns):
        worded = Q()
        for word in words:
            worded &= reduce(or_, (Q(**{f"{path}__contains": word}) for path in columns))
        return queryset.filter(Q(pk__in=ids) | worded)
    matching = rows
    for word in words:
        asked = [rows.filter(**{f"{path}__contains": word}).values("pk") for path in columns]
        matching = matching.filter(pk__in=union(asked))
    return queryset.filter(pk__in=union([rows.filter(pk__in=ids).values("pk"), matching.values("pk")]))


def _coded(queryset: QuerySet, paths: Sequence[str], term: str) -> list[int]:
    """The ids of the rows whose code is `term`, in one of those of `paths` that start with =.

    They may be rows that `queryset` leaves out.
    """
    return coded(queryset.model, [path.removeprefix("=") for path in paths if path.startswith("=")], term)


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


class ArticleSearch:
    """Of the ModelAdmin of articles: finds them by a code, else by a query as the API does, newest first.

    The list says what is wrong with a query, and what takes too long; an autocomplete finds nothing then.
    """

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        paths: Any = self.get_search_fields(request)  # type: ignore[attr-defined]
        if ids := _coded(queryset, paths, term):
            return queryset.filter(pk__in=ids), False
        if ADDRESS.fullmatch(term) or getattr(request, "search_stopped", False):
            return queryset.none(), False
        if request.resolver_match and request.resolver_match.url_name == "autocomplete":
            return queryset.filter(pk__in=_offered(queryset, term)), False
        try:
            return Found(queryset, parse(term), COUNTED).newest_first(self.list_per_page), False  # type: ignore[attr-defined]
        except QueryError as error:
            told = _("%(problem)s (character %(number)s)")
            told %= {"problem": error.message, "number": error.position + 1}
            self.message_user(request, told, messages.ERROR)  # type: ignore[attr-defined]
        return queryset.none(), False

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changelist = super().get_changelist_instance(request)  # type: ignore[misc]
        if changelist.query:
            # For its years it would read all that is found. A query can say published: itself.
            changelist.date_hierarchy = None
        return changelist

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        # What an action changes takes its time.
        if request.method == "POST" or not request.GET.get(SEARCH_VAR, "").strip():
            return super().changelist_view(request, extra_context)  # type: ignore[misc]
        try:
            with all_at_most(settings.ARCHIVE_SEARCH_SECONDS):
                page = super().changelist_view(request, extra_context)  # type: ignore[misc]
                # Rows are read while the page is rendered.
                return page.render() if isinstance(page, SimpleTemplateResponse) else page
        except TookTooLong:
            pass
        told = _(
            "This takes too long to find. Ask for less (rarer words, a shorter time), or try again soon."
        )
        self.message_user(request, told, messages.ERROR)  # type: ignore[attr-defined]
        request.search_stopped = True  # type: ignore[attr-defined]
        return super().changelist_view(request, extra_context)  # type: ignore[misc]


def _offered(queryset: QuerySet, term: str) -> list[int]:
    """The ids of the newest MOST_OFFERED articles that answer `term`, whose last word may be begun only."""
    newest_of_all = newest("index__published_at").expression
    for text in (f"{term}*", term):
        try:
            found = Found(queryset, parse(text), COUNTED)
            with all_at_most(settings.ARCHIVE_SEARCH_SECONDS):
                ids = found.first(MOST_OFFERED, newest_of_all, descending=True, after=Q())
                return [pk for pk, _moment in ids.fetch()] if ids else []
        except QueryError:
            continue
        except TookTooLong:
            break
    return []


class NameSearch:
    """Of a ModelAdmin of what has names: finds by them as the API does, and by codes, the best first."""

    def find(self, queryset: QuerySet, paths: Sequence[str], term: str) -> QuerySet:
        first = _coded(queryset, paths, term)
        try:
            found = names.search(queryset, names.Asked(term), first=first)
        except names.UnfitText:
            found = names.scored(queryset, dict.fromkeys(first, 0))
        return found.order_by("score", "pk")
