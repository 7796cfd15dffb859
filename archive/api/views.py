"""The seven resources, each a list and a detail. What they share is in Resource; the rest is declared."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from archive.api import filters, serializers
from archive.api.analysis import ArticleCounts, SubjectCounts
from archive.api.counting import CITED, STATUSES, counting
from archive.api.errors import BadParameters, LengthRequired
from archive.api.exports import USUAL, asked_format, export
from archive.api.filtering import statuses
from archive.api.keyset import Instant, Moment, Order, Relevance
from archive.api.links import link_pages
from archive.api.options import JsonOptions
from archive.api.pagination import PAGE_SIZE, RELEVANCE, KeysetPagination
from archive.api.parsers import check_headers, check_method, check_names, check_query
from archive.api.reading import KEY, JsonAnswer, Row, id_by_key, id_of_one, read, read_one
from archive.api.shaping import PARAMETERS, Shape, asked_of, read_shape
from archive.api.writing import Writes
from archive.curate.evidence import READ_TEXT
from archive.curate.review import PERMISSION
from archive.models import (
    Article,
    ArticleText,
    Citation,
    Country,
    Event,
    Fact,
    Mention,
    Person,
    Source,
    Status,
)
from archive.models.sending import all_at_most
from archive.models.sql import UNSTORABLE, Statement
from archive.search.highlight import highlights

ANY = "*/*"
TIMES = {"added": Instant("added"), "modified": Instant("modified")}


class Resource(Writes, JsonOptions, viewsets.GenericViewSet):
    """A list and a detail of `model`, read by everybody who may read, written with the model's permission."""

    model: type[Model]
    orders: ClassVar[dict[str, Order]]
    default_order: ClassVar[str]
    # The parameters that search the list, each with the order that what is found has, and how it is sorted by
    # relevance.
    searches: ClassVar[dict[str, str]] = {}
    relevance: ClassVar[Order | None] = None
    # Columns that lead to the facts without which a row of `model` does not count.
    rests_on: ClassVar[tuple[str, ...]] = ()
    # Whether there are feeds of it, and news formats.
    exports_articles: ClassVar[bool] = False

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple:
        # Who names a format has said what to answer in; who takes anything gets the first that there is.
        if request.META.get("HTTP_ACCEPT", ANY) == ANY or "format" in request.query_params:
            first = self.renderer_classes[0]
            return first(), first.media_type
        return super().perform_content_negotiation(request, force)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        check_method(self, request)
        check_query(request.query_params)
        if "HTTP_TRANSFER_ENCODING" in request.META:
            raise LengthRequired()
        super().initial(request, *args, **kwargs)
        if request.query_params:
            check_names(request.query_params, self.parameters())
        if self.action and request.method not in SAFE_METHODS:
            check_headers(request)

    def parameters(self) -> Sequence[str]:
        """The query parameters of the current action."""
        resource = self.serializer_class
        expandable = resource.expands or resource.extra
        shaping = [name for name in PARAMETERS if name != "expand" or expandable]
        if self.action == "list":
            return [*shaping, "format", *KeysetPagination.parameters, *self.filterset_class.base_filters]
        if self.action == "create":
            return ["mode"]
        return [*shaping, "evidence"] if self.action == "retrieve" else []

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        # Where an export ends is not known when it begins.
        if self.action == "list" and response.status_code == 200 and not response.streaming:
            link_pages(response, self.paginator)
        return super().finalize_response(request, response, *args, **kwargs)

    # --- Reading ------------------------------------------------------------------------

    @cached_property
    def shape(self) -> Shape:
        """What the current answer shows; written records come back whole."""
        resource = self.serializer_class
        query = self.request.query_params
        if self.action not in ("list", "retrieve"):
            return resource.usual_shape(STATUSES["all"])
        return read_shape(
            asked_of(query),
            usual=resource.usual_fields(),
            expandable=resource.expandable(),
            statuses=tuple(statuses(query)),
        )

    def list(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        name = asked_format(self)
        listed = self.filter_queryset(self.get_queryset())
        if name != USUAL:
            return export(self, listed, name)
        return self.get_paginated_response(self.paginate_queryset(listed))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        found = read_one(self.id_of_named(), self.serializer_class, self.shape)
        if found is None:
            raise NotFound()
        return JsonAnswer(found.json, version=found.version)

    def read(self, ids: Statement | None) -> Sequence[Row]:
        """The rows that `ids` selects, as this request asks for them."""
        return read(ids, self.serializer_class, self.shape)

    def get_queryset(self) -> QuerySet:
        if self.action in ("partial_update", "destroy"):
            return self.visible().select_for_update(of=("self",))
        return self.visible()

    def visible(self) -> QuerySet:
        """The rows there are for this request. Rejected facts are there only for who decides on them."""
        rows = self.model.objects.all()
        if not issubclass(self.model, Fact):
            return rows
        listing = self.action == "list"
        asked = self.request.query_params.getlist("status") if listing else []
        decides = self.request.user.has_perm(PERMISSION)
        if Status.REJECTED in asked and not decides:
            raise BadParameters({"status": _("Rejected facts are shown only to who decides on them.")})
        # What `status` asks for is in the list by itself; what `evidence` leaves out is not.
        if decides and (not listing or (asked and "evidence" not in self.request.query_params)):
            return rows.filter(status__in=asked or Status.values)
        count = statuses(self.request.query_params) if listing else STATUSES["all"]
        return rows.filter(counting(count, *self.rests_on))

    def key(self) -> str | int:
        """The key of the row that the address names."""
        key = self.kwargs[self.lookup_field]
        if UNSTORABLE.search(key) or "\ufffd" in key or (self.lookup_field == "pk" and not _is_id(key)):
            raise NotFound()
        return int(key) if self.lookup_field == "pk" else key

    def named(self) -> QuerySet:
        """The row that the address names, if there is one."""
        return self.get_queryset().filter(**{self.lookup_field: self.key()})

    def id_of_named(self) -> Statement | None:
        """Selects the id of that row, and its version."""
        if issubclass(self.model, Fact):  # not everybody sees all of these
            return id_of_one(self.named())
        return id_by_key(self.model, self.lookup_field).filled({KEY: self.key()})

    def get_object(self) -> Model:
        if (row := self.named().first()) is None:
            raise NotFound()
        return row


def _is_id(key: str) -> bool:
    return key.isascii() and key.isdigit() and len(key) < 19


class SourceViewSet(Resource):
    """Publishers."""

    model = Source
    serializer_class = serializers.SourceSerializer
    filterset_class = filters.SourceFilters
    lookup_field = "slug"
    orders: ClassVar = {"name": Order("name_folded"), **TIMES}
    default_order = "name"
    searches: ClassVar = {"q": RELEVANCE}
    relevance = Relevance("score")


class ArticleViewSet(ArticleCounts, Resource):
    """Articles, newest first."""

    model = Article
    serializer_class = serializers.ArticleSerializer
    filterset_class = filters.ArticleFilters
    orders: ClassVar = {"published": Moment("published_at", "index__published_at"), **TIMES}
    default_order = "-published"
    searches: ClassVar = {"q": "-published", "more_like": RELEVANCE}
    relevance = Relevance("rank", most=True)
    exports_articles = True

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        if not self.searches.keys() & request.query_params.keys():
            return super().list(request, *args, **kwargs)
        with all_at_most(settings.ARCHIVE_SEARCH_SECONDS):
            return super().list(request, *args, **kwargs)

    @cached_property
    def shape(self) -> Shape:
        shape = super().shape
        if "highlights" in shape.fields and "q" not in self.request.query_params:
            raise BadParameters({"expand": _("There are highlights only with q.")})
        if "highlights" in shape.fields and self.action == "list" and asked_format(self) != USUAL:
            raise BadParameters({"expand": _("An export has no highlights.")})
        return shape

    def paginate_queryset(self, queryset: Any) -> Sequence[Row]:
        page = super().paginate_queryset(queryset)
        if "highlights" not in self.shape.fields:
            return page
        if self.paginator.size > PAGE_SIZE:
            message = _("A page with highlights has at most %(most)s rows.") % {"most": PAGE_SIZE}
            raise BadParameters({"page_size": message})
        bodies = self.request.user.has_perm(READ_TEXT)
        found = highlights([row.pk for row in page], queryset.query, bodies=bodies)
        return [row.with_member("highlights", found[row.pk]) for row in page if row.pk in found]

    @extend_schema(responses=serializers.BodySerializer)
    @action(detail=True, url_path="text")
    def text(self, request: Request, pk: str) -> Response:
        """The newest version of an article's text that is held. It needs the permission `read_text`."""
        if not request.user.has_perm(READ_TEXT):
            self.permission_denied(request, _("Reading texts needs the permission archive.read_text."))
        article = self.get_object()
        text = ArticleText.objects.filter(article=article, body__isnull=False).order_by("-pk").first()
        if text is None:
            raise NotFound(_("The archive has no body of this article."))
        return Response(serializers.BodySerializer(text).data)


class PersonViewSet(SubjectCounts, Resource):
    """Persons, by name."""

    model = Person
    subject = "person"
    serializer_class = serializers.PersonSerializer
    filterset_class = filters.PersonFilters
    lookup_field = "slug"
    orders: ClassVar = {"name": Order("name_folded"), **TIMES}
    default_order = "name"
    searches: ClassVar = {"q": RELEVANCE}
    relevance = Relevance("score")


class CountryViewSet(SubjectCounts, Resource):
    """Countries of today and former ones, by name."""

    model = Country
    subject = "country"
    serializer_class = serializers.CountrySerializer
    filterset_class = filters.CountryFilters
    lookup_field = "code"
    orders: ClassVar = {"name": Order("name_folded"), "code": Order("code"), **TIMES}
    default_order = "name"
    searches: ClassVar = {"q": RELEVANCE}
    relevance = Relevance("score")


class EventViewSet(Resource):
    """Events, newest first."""

    model = Event
    serializer_class = serializers.EventSerializer
    filterset_class = filters.EventFilters
    lookup_field = "slug"
    orders: ClassVar = {"start": Moment("start_at"), **TIMES}
    default_order = "-start"


class MentionViewSet(Resource):
    """Where texts name persons, countries and sources, newest article first."""

    model = Mention
    serializer_class = serializers.MentionSerializer
    filterset_class = filters.MentionFilters
    orders: ClassVar = {"published": Moment("published_at"), **TIMES}
    default_order = "-published"


class CitationViewSet(Resource):
    """Where texts report facts, newest article first."""

    model = Citation
    rests_on = CITED
    serializer_class = serializers.CitationSerializer
    filterset_class = filters.CitationFilters
    orders: ClassVar = {"published": Moment("published_at"), **TIMES}
    default_order = "-published"
