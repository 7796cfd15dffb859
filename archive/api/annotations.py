"""An article's evidence as W3C Web Annotations (https://www.w3.org/TR/annotation-model/), in JSON-LD.

Each mention and each citation is an annotation: its target is a span of the text, by position and, for who
may read it, by its words; its body is what the span names or reports.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.core import signing
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.exceptions import NotAcceptable, NotFound
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from archive.api.counting import CITED, STATUSES, counting
from archive.api.errors import BadParameters
from archive.api.filtering import statuses
from archive.api.links import link
from archive.api.options import JsonOptions
from archive.api.pagination import LARGEST_PAGE, PAGE_SIZE, SALT, KeysetPagination, Letters
from archive.api.parsers import check_method, check_names, check_query
from archive.curate.evidence import READ_TEXT
from archive.models import Article, ArticleText, Citation, Mention
from archive.models.evidence import Evidence

PROFILE = "http://www.w3.org/ns/anno.jsonld"
CONTENT_TYPE = f'application/ld+json; profile="{PROFILE}"'
# The model has no word for an editorial status.
CONTEXT = [PROFILE, {"status": "https://schema.org/creativeWorkStatus"}]

# How many characters of the text stand before and after a quote, so that it is found again.
AROUND = 32

# What a citation reports that has no address: the record that shows it, how to get there, and its key there.
SHOWN_BY = {
    "participation": ("events", "event", "slug"),
    "office": ("persons", "person", "slug"),
    "link": ("events", "event", "slug"),
    "succession": ("countries", "predecessor", "code"),
}
# What is read of either.
SHOWN = ("article", "text__sha256", "start", "end", "status", "added", "modified")
KEYS = {"person": ("persons", "slug"), "country": ("countries", "code"), "source": ("sources", "slug")}


class Place(NamedTuple):
    """Where an annotation stands among those of an article: by text, then by position."""

    text: int = 0
    start: int = 0
    kind: str = ""
    pk: int = 0

    @classmethod
    def of(cls, row: Evidence) -> "Place":
        return cls(row.text_id, row.start, row._meta.model_name, row.pk)

    def before(self, kind: str) -> Q:
        """The rows of `kind` after this place."""
        found = Q(text__gt=self.text) | Q(text=self.text, start__gt=self.start)
        if kind >= self.kind:
            here = Q(text=self.text, start=self.start)
            found |= here & Q(pk__gt=self.pk) if kind == self.kind else here
        return found


class AnnotationPages(KeysetPagination):
    """Reads `page_size` and `cursor`, which is a place in one article."""

    parameters = ("page_size", "cursor", "evidence")

    def __init__(self, request: Request, article: Article) -> None:
        self.request, self.article = request, article
        problems: dict[str, str] = {}
        self.size = self._size(problems)
        cursor = self._single("cursor", problems)
        if problems:
            raise BadParameters(problems)
        self.whole = cursor is None
        self.place = Place() if cursor is None else self._place(cursor)

    def _place(self, cursor: str) -> Place:
        try:
            resource, article, *place = signing.Signer(salt=SALT).unsign_object(cursor, serializer=Letters)
        except (signing.BadSignature, TypeError, ValueError):
            raise BadParameters({"cursor": _("This is no cursor that this archive gave.")}) from None
        if (resource, article) != ("annotations", self.article.pk):
            raise BadParameters({"cursor": _("This cursor belongs to another list or ordering.")})
        return Place(*place)

    def url(self, place: Place | None) -> str:
        """The address of the page after `place`, or of all pages together."""
        query = self.request.query_params.copy()
        query.pop("cursor", None)
        if place is not None:
            query["cursor"] = signing.Signer(salt=SALT).sign_object(
                ("annotations", self.article.pk, *place), serializer=Letters
            )
        return self.request.build_absolute_uri(
            f"{self.request.path}{'?' if query else ''}{query.urlencode()}"
        )

    def rows(self, *lists: QuerySet) -> tuple[list[Evidence], str | None]:
        """The page of what is in `lists`, and the address of the next, if there is one."""
        found = sorted(
            (
                row
                for rows in lists
                for row in rows.filter(self.place.before(rows.model._meta.model_name)).order_by(
                    "text", "start", "pk"
                )[: self.size + 1]
            ),
            key=Place.of,
        )
        page = found[: self.size]
        return page, self.url(Place.of(page[-1])) if len(found) > self.size else None


class ByQuality(DefaultContentNegotiation):
    """Answers in the form that a client prefers by its q-values, of which DRF's own choice knows nothing."""

    def select_renderer(self, request: Request, renderers: list, format_suffix: str | None = None) -> tuple:
        def wanted(renderer: BaseRenderer) -> float:
            main, sub = renderer.media_type.split("/")
            fitting = {(main, sub), (main, "*"), ("*", "*")}
            accepted = request._request.accepted_types_by_precedence
            return next((one.quality for one in accepted if (one.main_type, one.sub_type) in fitting), 0)

        preferred = max(renderers, key=wanted)
        if not wanted(preferred):
            raise NotAcceptable(available_renderers=renderers)
        return preferred, preferred.media_type


class AnnotationRenderer(JSONRenderer):
    media_type = "application/ld+json"
    format = "jsonld"


class SelectorSerializer(serializers.Serializer):
    """Where in the text: TextPositionSelector, in code points, and TextQuoteSelector, its words."""

    type = serializers.CharField()
    start = serializers.IntegerField(required=False)
    end = serializers.IntegerField(required=False)
    exact = serializers.CharField(required=False)
    prefix = serializers.CharField(required=False)
    suffix = serializers.CharField(required=False)


class TargetSerializer(serializers.Serializer):
    """A span of a version of the article's text (`source`, by its hash), in the article (`scope`)."""

    type = serializers.CharField()
    source = serializers.CharField()
    scope = serializers.URLField()
    selector = SelectorSerializer(many=True)


class TermSerializer(serializers.Serializer):
    """The record that a span names or reports (`source`), or the name that is proposed (`value`)."""

    type = serializers.CharField()
    source = serializers.URLField(required=False)
    value = serializers.CharField(required=False)
    purpose = serializers.CharField()


class AnnotationSerializer(serializers.Serializer):
    """A mention (`identifying`) or a citation (`linking`)."""

    id = serializers.URLField()
    type = serializers.CharField()
    motivation = serializers.CharField()
    status = serializers.CharField()
    created = serializers.DateTimeField()
    modified = serializers.DateTimeField()
    body = TermSerializer()
    target = TargetSerializer()


class AnnotationPageSerializer(serializers.Serializer):
    """An AnnotationPage; in `first` of an AnnotationCollection, or with `cursor` as the answer."""

    id = serializers.URLField()
    type = serializers.CharField()
    next = serializers.URLField(required=False)
    items = AnnotationSerializer(many=True, required=False)


class AnnotationsSerializer(AnnotationPageSerializer):
    """An AnnotationCollection with its first page, or, with `cursor`, an AnnotationPage."""

    total = serializers.IntegerField(required=False)
    first = AnnotationPageSerializer(required=False)
    partOf = serializers.URLField(required=False)

    def get_fields(self) -> dict[str, serializers.Field]:
        return {"@context": serializers.JSONField(), **super().get_fields()}


class AnnotationViewSet(JsonOptions, viewsets.ViewSet):
    """An article's evidence as W3C Web Annotations, in the order of the text, without rejected ones."""

    renderer_classes = (AnnotationRenderer, JSONRenderer)
    content_negotiation_class = ByQuality
    queryset = Article.objects.all()

    def parameters(self) -> tuple[str, ...]:
        return AnnotationPages.parameters

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        check_method(self, request)
        check_query(request.query_params)
        super().initial(request, *args, **kwargs)
        check_names(request.query_params, self.parameters() if self.action == "annotations" else ())

    @extend_schema(
        operation_id="articles_annotations",
        parameters=[
            OpenApiParameter("id", int, OpenApiParameter.PATH, description="The article, by id."),
            OpenApiParameter(
                "page_size",
                {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE_SIZE},
                description="How many annotations a page has.",
            ),
            OpenApiParameter("cursor", str, description="Where a page starts: taken from `next`."),
            OpenApiParameter("evidence", str, enum=list(STATUSES), description="Which facts are shown."),
        ],
        responses=AnnotationsSerializer,
    )
    def annotations(self, request: Request, pk: str) -> Response:
        """An article's mentions and citations as W3C Web Annotations, in the order of the text."""
        if not (pk.isascii() and pk.isdigit() and len(pk) < 19):
            raise NotFound()
        article = get_object_or_404(Article.objects.only("pk"), pk=pk)
        pages = AnnotationPages(request, article)
        lists = _evidence(article, statuses(request.query_params))
        rows, following = pages.rows(*lists)
        page: dict[str, Any] = {"id": pages.url(pages.place), "type": "AnnotationPage"}
        if following:
            page["next"] = following
        page["items"] = list(self.items(request, rows))
        answer: dict[str, Any] = {"@context": CONTEXT, **page, "partOf": pages.url(None)}
        if pages.whole:
            answer = {
                "@context": CONTEXT,
                "id": pages.url(None),
                "type": "AnnotationCollection",
                "total": sum(rows.count() for rows in lists),
                "first": page,
            }
        response = Response(answer)
        if isinstance(request.accepted_renderer, AnnotationRenderer):
            response.content_type = CONTENT_TYPE
        link(response, next=following)
        return response

    def items(self, request: Request, rows: list[Evidence]) -> Iterator[dict[str, Any]]:
        """The annotations that `rows` are, with the words where they are held and may be read."""
        bodies: dict[int, str] = {}
        if request.user.has_perm(READ_TEXT):
            texts = ArticleText.objects.filter(pk__in={row.text_id for row in rows}, body__isnull=False)
            bodies = dict(texts.values_list("pk", "body"))
        for row in rows:
            purpose = "identifying" if isinstance(row, Mention) else "linking"
            selector: list[dict[str, Any]] = [
                {"type": "TextPositionSelector", "start": row.start, "end": row.end}
            ]
            if (body := bodies.get(row.text_id)) is not None:
                selector.append(_quote(body, row.start, row.end))
            scope = _address(request, "articles", row.article_id)
            yield {
                "id": f"{scope}annotations/#{row._meta.model_name}-{row.pk}",
                "type": "Annotation",
                "motivation": purpose,
                "status": row.status,
                "created": row.added,
                "modified": row.modified,
                "body": {**_body(request, row), "purpose": purpose},
                "target": {
                    "type": "SpecificResource",
                    "source": f"urn:sha256:{row.text.sha256}",
                    "scope": scope,
                    "selector": selector,
                },
            }


def _evidence(article: Article, counted: list[str]) -> tuple[QuerySet, QuerySet]:
    """The mentions and the citations of `article` that count, with what they point at."""
    mentions = Mention.objects.filter(counting(counted), article=article)
    citations = Citation.objects.filter(counting(counted, *CITED), article=article)
    return (
        mentions.select_related("text", *KEYS).only(
            *SHOWN, "proposed_name", *(f"{column}__{key}" for column, (_list, key) in KEYS.items())
        ),
        citations.select_related(
            "text", "event", *(f"{fact}__{way}" for fact, (_list, way, _key) in SHOWN_BY.items())
        ).only(
            *SHOWN, "event__slug", *(f"{fact}__{way}__{key}" for fact, (_list, way, key) in SHOWN_BY.items())
        ),
    )


def _body(request: Request, row: Evidence) -> dict[str, str]:
    """What the span of `row` names or reports."""
    if isinstance(row, Mention):
        for column, (name, key) in KEYS.items():
            if record := getattr(row, column):
                return _resource(_address(request, name, getattr(record, key)))
        return {"type": "TextualBody", "value": row.proposed_name}
    if row.event:
        return _resource(_address(request, "events", row.event.slug))
    for column, (name, way, key) in SHOWN_BY.items():
        if fact := getattr(row, column):
            shown_by = _address(request, name, getattr(getattr(fact, way), key))
            return _resource(f"{shown_by}#{column}-{fact.pk}")
    raise AssertionError(f"citation {row.pk} reports nothing")  # the database allows none


def _resource(address: str) -> dict[str, str]:
    return {"type": "SpecificResource", "source": address}


def _address(request: Request, name: str, key: Any) -> str:
    return request.build_absolute_uri(reverse(f"{name}-detail", args=[key]))


def _quote(body: str, start: int, end: int) -> dict[str, str]:
    return {
        "type": "TextQuoteSelector",
        "exact": body[start:end],
        "prefix": body[max(start - AROUND, 0) : start],
        "suffix": body[end : end + AROUND],
    }
