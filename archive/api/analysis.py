"""Counts of articles: facets, timelines, and what is named together. docs/analysis.md explains them."""

from datetime import date
from functools import lru_cache, partial
from typing import Any, ClassVar, Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request

from archive.api.asking import WHOLE, Asking, described, several
from archive.api.conditions import Conditions
from archive.api.errors import BadParameters
from archive.api.filtering import ApiFilterSet, Dates
from archive.api.filters import ArticleFilters
from archive.api.keyset import KEPT
from archive.api.reading import JsonAnswer
from archive.api.serializers.analysis import FacetsSerializer, RelatedSerializer, TimelineSerializer
from archive.models import Article, ArticleSubject
from archive.models.sql import Statement
from archive.models.subjects import COLUMNS
from archive.search.counts import NAMED, Budget, Listing, Naming, Rows, counted
from archive.search.facets import DATES, DIMENSIONS, Group, facets
from archive.search.related import ORDERS, POOL, Question, related
from archive.search.timeline import (
    INTERVALS,
    MOST_POINTS,
    Counts,
    Span,
    TooManyPoints,
    series,
    spans,
    timeline,
)

SIZE, LARGEST_SIZE = 20, 1000
SERIES, MOST_SERIES = 10, 50
BY_TIME: Final = [dimension for dimension in DIMENSIONS if dimension not in DATES]
# The filter that narrows a dimension itself.
OWN: Final = {dimension: "published" if dimension in DATES else dimension for dimension in DIMENSIONS}


class PublishedFilters(ApiFilterSet):
    """Which articles are looked at."""

    published = Dates(
        "published_lower", "published_upper", gettext_lazy("When it was published (EDTF): 2021-08.")
    )


def budget() -> Budget:
    return Budget(settings.ARCHIVE_COUNT_SECONDS)


class ArticleCounts:
    """`articles/facets/` and `articles/timeline/`: counts of what the list would show."""

    # By action, the filters that it takes, and its parameters besides.
    action_filters: ClassVar = {"facets": ArticleFilters, "timeline": ArticleFilters}
    action_parameters: ClassVar = {
        "facets": ("by", "size", "exclude_own"),
        "timeline": ("interval", "by", "size"),
    }

    def parameters(self) -> list[str]:
        if filters := self.action_filters.get(self.action):
            return [*self.action_parameters[self.action], *filters.base_filters]
        return super().parameters()

    @extend_schema(
        parameters=[
            described("by", several(DIMENSIONS), "What to count by, separated by commas.", required=True),
            described(
                "size",
                {**WHOLE, "maximum": LARGEST_SIZE, "default": SIZE},
                "How many values of each dimension, the commonest first.",
            ),
            described(
                "exclude_own",
                {"type": "boolean", "default": False},
                "Whether each dimension is counted as if it were not filtered by itself.",
            ),
        ],
        responses=FacetsSerializer,
    )
    @action(detail=False)
    def facets(self, request: Request) -> JsonAnswer:
        """How many of the articles have each value of some dimensions."""
        asking = Asking(request.query_params)
        by = asking.some_of("by", DIMENSIONS, ())
        size, exclude = asking.number("size", LARGEST_SIZE, SIZE), asking.flag("exclude_own")
        asking.done()
        # What articles name is counted by a plan for the very record that is asked for.
        asked = _Asked(request, trusting=not exclude and not {*by} & {*NAMED})
        groups: dict[Conditions, list[str]] = {}
        alone: list[Group] = []
        for dimension in by:
            own = asked.conditions.without({OWN[dimension]}) if exclude else asked.conditions
            if naming := asked.naming(own, dimension):
                alone.append((naming, [dimension]))
            else:
                groups.setdefault(own, []).append(dimension)
        found = facets(
            [(asked.rows(conditions), dimensions) for conditions, dimensions in groups.items()] + alone,
            size=size,
            statuses=asked.statuses,
            budget=budget(),
        )
        if not any(facet.values for facet in found.values()):
            asked.confirm()
        return JsonAnswer.of(
            {
                "complete": len(found) == len(by),
                "missing": [dimension for dimension in by if dimension not in found],
                "facets": {
                    dimension: {
                        "values": [_named(value, count=value.count) for value in found[dimension].values],
                        "left_out": found[dimension].left_out,
                    }
                    for dimension in by
                    if dimension in found
                },
            }
        )

    @extend_schema(
        parameters=[
            described(
                "interval",
                {"type": "string", "enum": INTERVALS, "default": "month"},
                "Of what length; weeks are ISO's.",
            ),
            described("by", {"type": "string", "enum": BY_TIME}, "Count the values of this apart as well."),
            described(
                "size",
                {**WHOLE, "maximum": MOST_SERIES, "default": SERIES},
                "How many values of `by`, the commonest first.",
            ),
        ],
        responses=TimelineSerializer,
    )
    @action(detail=False)
    def timeline(self, request: Request) -> JsonAnswer:
        """How many of the articles were published in each interval, beside how many articles there are."""
        asking = Asking(request.query_params)
        interval = asking.one_of("interval", INTERVALS, "month") or ""
        by, size = asking.one_of("by", BY_TIME, None), asking.number("size", MOST_SERIES, SERIES)
        if by is None and "size" in request.query_params:
            asking.problems.setdefault("size", _("There is a size only with by."))
        asking.done()
        asked, left = _Asked(request), budget()
        rows = asked.rows(asked.conditions)
        counts = timeline(rows, interval, left)
        points = _spans(interval, asked, counts)
        totals = timeline(asked.rows(asked.conditions.only({"published"}), searched=False), interval, left)
        body = {
            "interval": interval,
            "points": [_point(span, counts, totals) for span in points],
            "imprecise": counts.imprecise,
            "undated": counts.undated,
        }
        if by:
            found, left_out = series(rows, interval, by, size=size, statuses=asked.statuses, budget=left)
            body["series"] = [
                _named(
                    one,
                    counts=[one.points.get(span.first, 0) for span in points],
                    ratios=[_ratio(one.points.get(span.first, 0), totals, span) for span in points],
                )
                for one in found
            ]
            body["left_out"] = left_out
        return JsonAnswer.of(body)


class SubjectCounts:
    """`related/` of a person or country: who and what articles name together with it."""

    # The column of ArticleSubject that leads to the viewset's records.
    subject: ClassVar[str]
    action_filters: ClassVar = {"related": PublishedFilters}

    def parameters(self) -> list[str]:
        if filters := self.action_filters.get(self.action):
            return ["by", "size", "ordering", *filters.base_filters]
        return super().parameters()

    @extend_schema(
        parameters=[
            described("by", several(COLUMNS), "What sorts of records, separated by commas: all by default."),
            described("size", {**WHOLE, "maximum": LARGEST_SIZE, "default": SIZE}, "How many of each sort."),
            described(
                "ordering",
                {"type": "string", "enum": ORDERS, "default": "count"},
                f"Named together most often, or of the {POOL} of these, those with the highest `pmi`.",
            ),
        ],
        responses=RelatedSerializer,
    )
    @action(detail=True)
    def related(self, request: Request, **key: Any) -> JsonAnswer:
        """Who and what articles name together with it."""
        asking = Asking(request.query_params)
        kinds, size = asking.some_of("by", COLUMNS, COLUMNS), asking.number("size", LARGEST_SIZE, SIZE)
        order = asking.one_of("ordering", ORDERS, "count") or ""
        asking.done()
        filters = PublishedFilters(request.query_params, Article.objects.order_by())
        conditions, _search = filters.read()
        found = related(
            Question(
                column=self.subject,
                key=self.get_object().pk,
                articles=conditions.on(filters.queryset),
                among=conditions.among(ArticleSubject.objects.counting(filters.statuses)),
                statuses=filters.statuses,
            ),
            kinds,
            order=order,
            size=size,
            budget=budget(),
        )
        return JsonAnswer.of(
            {
                "complete": len(found.kinds) == len(kinds),
                "missing": [kind for kind in kinds if kind not in found.kinds],
                "count": found.count,
                "total": found.total,
                "related": {
                    kind: [
                        _named(pair, count=pair.count, total=pair.total, pmi=round(pair.pmi, 3))
                        for pair in pairs
                    ]
                    for kind, pairs in found.kinds.items()
                },
            }
        )


def _select(conditions: Conditions, columns: tuple[str, ...]) -> Statement | None:
    """Selects `columns` of the articles for which `conditions` hold."""
    lifted, values = conditions.lifted()
    found = _select_lifted(lifted, tuple(lifted.statuses), columns)
    return found and found.filled(values)


@lru_cache(KEPT)
def _select_lifted(conditions: Conditions, _statuses: tuple[str, ...], columns: tuple[str, ...]) -> Any:
    subjects = conditions.on_subjects()
    rows = conditions.on(Article.objects.order_by()) if subjects is None else subjects
    found = counted(rows, *columns)
    return found and Statement(*found)


class _Asked:
    """What a request asks of articles.

    `trusting`, a subject that is the only one to be named need not be looked up: a turn of the database less.
    Where nothing is found, `confirm` says whether it is there at all.
    """

    def __init__(self, request: Request, *, trusting: bool = False) -> None:
        self._filters = ArticleFilters(request.query_params, Article.objects.order_by())
        self.statuses = self._filters.statuses
        self.conditions, self._search = self._filters.read(trusting=trusting)
        if self._search or not self.conditions.of_one_subject():
            self.confirm()

    def confirm(self) -> None:
        """Look up what was not looked up. Raises BadParameters where it is not there."""
        if self._filters.trusted:
            self.conditions, self._search = self._filters.read()

    def rows(self, conditions: Conditions, *, searched: bool = True) -> Rows:
        """The articles for which `conditions` hold, among those that are searched for."""
        search = self._search if searched else None
        if search is None:
            return Listing(partial(_select, conditions), one_plan=conditions.of_one_subject())
        return self._filters.searched(conditions, search)

    def naming(self, conditions: Conditions, dimension: str) -> Naming | None:
        """What the articles name, where nothing is asked of them that these rows cannot tell."""
        if dimension not in NAMED or self._search or not conditions.carried():
            return None
        rows = ArticleSubject.objects.counting(self.statuses).filter(**{f"{dimension}__isnull": False})
        if dimension == "event":
            rows = rows.filter(event__status__in=self.statuses)
        return Naming(conditions.among(rows))

    def time(self) -> tuple[date | None, date | None]:
        """The first and the last day that the filters of `published` name, as far as they do."""
        first: list[date] = []
        last: list[date] = []
        for name, found in self._filters.filters.items():
            if name not in self._filters.data or found.lookup == "known" or not isinstance(found, Dates):
                continue
            values = found.clean(self._filters.data.getlist(name))
            if found.lookup != "lte":
                first.append(min(value.lower for value in values))
            if found.lookup != "gte":
                last.append(max(value.upper for value in values))
        return max(first, default=None), min(last, default=None)


def _spans(interval: str, asked: _Asked, counts: Counts) -> list[Span]:
    """The intervals of the time asked about; where it is open, from the first article, or to the last."""
    begins, ends = asked.time()
    first = begins or min(counts.points, default=None)
    last = ends or max(counts.points, default=None)
    if first is None or last is None or first > last:
        return []
    try:
        return spans(interval, first, last)
    except TooManyPoints as error:
        message = _(
            "From %(first)s to %(last)s there are %(points)s points, more than %(most)s:"
            " ask for a shorter time (published__gte, published__lte) or a longer interval."
        ) % {"first": error.first, "last": error.last, "points": error.points, "most": MOST_POINTS}
        raise BadParameters({"interval": message}) from None


def _point(span: Span, counts: Counts, totals: Counts) -> dict:
    count = counts.points.get(span.first, 0)
    return {
        "interval": span.name,
        "first": span.first,
        "last": span.last,
        "count": count,
        "total": totals.points.get(span.first, 0),
        "ratio": _ratio(count, totals, span),
    }


def _ratio(count: int, totals: Counts, span: Span) -> float | None:
    total = totals.points.get(span.first, 0)
    return round(count / total, 6) if total else None


def _named(value: Any, **counts: Any) -> dict:
    """A value as answers have it: records with their name too."""
    name = {} if value.name is None else {"name": value.name}
    return {"value": value.key, **name, **counts}
