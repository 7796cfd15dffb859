"""Articles by the book: a model viewset, prefetched, filtered by django-filter, in numbered pages."""

from collections.abc import Iterator

import django_filters
from django.contrib.postgres.search import SearchQuery
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import StreamingHttpResponse
from rest_framework.decorators import action
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ReadOnlyModelViewSet

from archive.models import (
    ArticleText,
    Citation,
    EventLink,
    Mention,
    Office,
    Participation,
    Succession,
)
from archive.text import analyze
from bench.api.textbook.serializers import ArticleSerializer, ListedArticle, WholeArticleSerializer

SHOWN = ("accepted", "suggested")
# How many values a facet has.
SIZE = 20
TEXTS = Prefetch("texts", ArticleText.objects.defer("body").annotate(has_body=Q(body__isnull=False)))
MENTIONS = Mention.objects.filter(status__in=SHOWN).order_by("start", "id")
CITATIONS = Citation.objects.filter(status__in=SHOWN, event__status__in=SHOWN).order_by("start", "id")
LISTED = (
    "abstracts",
    "addresses",
    TEXTS,
    Prefetch("mentions", MENTIONS.select_related("person", "country", "source")),
    Prefetch("citations", CITATIONS.select_related("event")),
)


def shown(path: str, facts: QuerySet) -> Prefetch:
    return Prefetch(path, facts.filter(status__in=SHOWN))


WHOLE = (
    *LISTED,
    "source__names",
    "source__collections",
    "mentions__person__names",
    shown("mentions__person__offices", Office.objects.select_related("country")),
    "mentions__country__names",
    shown("mentions__country__precessions", Succession.objects.select_related("predecessor")),
    shown("mentions__country__successions", Succession.objects.select_related("successor")),
    shown("citations__event__participations", Participation.objects.select_related("person", "country")),
    shown("citations__event__links", EventLink.objects.select_related("other")),
)


class ArticleFilter(django_filters.FilterSet):
    person = django_filters.CharFilter(method="filter_person")
    country = django_filters.CharFilter(method="filter_country")
    published_after = django_filters.DateFilter("published_upper", "gte")
    published_before = django_filters.DateFilter("published_lower", "lte")
    q = django_filters.CharFilter(method="search")

    class Meta:
        model = ListedArticle
        fields = ("language", "source__slug")

    def filter_person(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(mentions__person__slug=value, mentions__status__in=SHOWN).distinct()

    def filter_country(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(mentions__country__code=value, mentions__status__in=SHOWN).distinct()

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        term = next(token.term for token in analyze(value, "ar") if not token.ranking_only)
        query = SearchQuery(f"'{term}'", config="simple", search_type="raw")
        return queryset.filter(index__vector=query)


class ArticleViewSet(ReadOnlyModelViewSet):
    queryset = ListedArticle.objects.select_related("source").prefetch_related(*LISTED)
    serializer_class = ArticleSerializer
    filterset_class = ArticleFilter

    def get_queryset(self) -> QuerySet:
        if self.action != "retrieve":
            return super().get_queryset()
        return ListedArticle.objects.select_related("source__country").prefetch_related(*WHOLE)

    def get_serializer_class(self) -> type:
        return WholeArticleSerializer if self.action == "retrieve" else ArticleSerializer

    @action(detail=False)
    def facets(self, request: Request) -> Response:
        found = self.filter_queryset(self.get_queryset()).order_by().values("source__slug", "source__name")
        found = found.annotate(count=Count("id", distinct=True)).order_by("-count", "source")
        values = [
            {"value": row["source__slug"], "name": row["source__name"], "count": row["count"]}
            for row in found
        ]
        values[:SIZE] = sorted(values[:SIZE], key=lambda value: (-value["count"], value["value"]))
        facet = {"values": values[:SIZE], "left_out": max(len(values) - SIZE, 0)}
        return Response({"complete": True, "missing": [], "facets": {"source": facet}})

    @action(detail=False)
    def export(self, request: Request) -> StreamingHttpResponse:
        return StreamingHttpResponse(self.lines(), content_type="application/x-ndjson")

    def lines(self) -> Iterator[bytes]:
        renderer = JSONRenderer()
        for article in self.filter_queryset(self.get_queryset()).iterator(chunk_size=2000):
            yield renderer.render(self.get_serializer(article).data) + b"\n"
