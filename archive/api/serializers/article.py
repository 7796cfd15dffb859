from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from archive.api.counting import CITED
from archive.api.serializers.base import (
    Child,
    Computed,
    MadeLater,
    Reference,
    ResourceSerializer,
    Subjects,
)
from archive.api.serializers.country import CountrySerializer
from archive.api.serializers.event import EventSerializer
from archive.api.serializers.person import PersonSerializer
from archive.api.serializers.references import CountryRef, EventRef, PersonRef, SourceRef
from archive.api.serializers.source import SourceSerializer
from archive.api.serializers.typed import Text
from archive.curate.texts import attach_body
from archive.models import Article, ArticleAbstract, ArticleAddress, ArticleText, Citation, Mention, Obtained
from archive.text import sha256_hex


class AbstractChild(Child):
    """What the article says, in our own words."""

    class Meta:
        model = ArticleAbstract
        fields: ClassVar = ["language", "text"]
        identity = ("language",)


class AddressChild(Child):
    """A URL under which the article is known."""

    class Meta:
        model = ArticleAddress
        fields: ClassVar = ["url"]
        identity = ("url",)


class TextChild(Child):
    """A version of the text: by its body, or where the archive may not keep that by hash and length.

    A version that is there stays, named or not: evidence points into it.
    """

    has_body = Computed(Q(body__isnull=False))
    body = Text(write_only=True, required=False, allow_null=True, trim_whitespace=False)

    class Meta:
        model = ArticleText
        fields: ClassVar = ["id", "sha256", "length", "has_body", "body", "obtained", "obtained_at"]
        extra_kwargs: ClassVar = {name: {"required": False} for name in ("sha256", "length", "obtained")}
        identity = ("sha256",)

    def validate(self, attrs: dict) -> dict[str, Any]:
        if (body := attrs.get("body")) is not None:
            right = {"sha256": sha256_hex(body), "length": len(body)}
            for name, value in right.items():
                if attrs.setdefault(name, value) != value:
                    raise serializers.ValidationError(
                        {name: _("The body has another: %(value)s.") % {"value": value}}
                    )
        missing = [name for name in ("sha256", "length") if name not in attrs]
        if missing:
            raise serializers.ValidationError({name: _("Give this, or the body.") for name in missing})
        return attrs

    def is_shown(self, row: Any) -> bool:
        return False

    def write(self, row: ArticleText | None, values: dict) -> None:
        if row is None:
            super().write(row, {"obtained": Obtained.API, **values})
            return
        # A body comes to a version that is there only past the evidence on it, and never goes.
        body = values.pop("body", None)
        super().write(row, values)
        if body is not None:
            try:
                attach_body(row.article, body)
            except ValidationError as error:
                raise serializers.ValidationError({"body": error.messages}) from error


class BodySerializer(serializers.ModelSerializer):
    """A version of the text, with its body."""

    class Meta:
        model = ArticleText
        fields: ClassVar = ["id", "sha256", "length", "body", "obtained", "obtained_at"]


class MentionOfArticle(serializers.ModelSerializer):
    """A span of the article that names somebody."""

    person = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    country = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)
    source = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)

    class Meta:
        model = Mention
        fields: ClassVar = [
            "id",
            "text",
            "start",
            "end",
            "surface",
            "how",
            "person",
            "country",
            "source",
            "proposed_name",
            "status",
        ]
        ordering = ("start", "id")


class CitationOfArticle(serializers.ModelSerializer):
    """A span of the article that reports something."""

    event = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)

    class Meta:
        model = Citation
        fields: ClassVar = [
            "id",
            "text",
            "start",
            "end",
            "sha256",
            "event",
            "participation",
            "office",
            "link",
            "succession",
            "status",
        ]
        ordering = ("start", "id")
        rests_on = CITED


FRAGMENTS = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["text", "spans"],
        "properties": {
            "text": {"type": "string"},
            "spans": {
                "type": "array",
                "description": "Start and end of what was found, in code points of the piece.",
                "items": {
                    "type": "array",
                    "items": {"type": "integer"},
                    "minItems": 2,
                    "maxItems": 2,
                },
            },
        },
    },
}


@extend_schema_field(
    {
        "type": "object",
        "required": ["title", "abstract", "body"],
        "properties": {"title": FRAGMENTS, "abstract": FRAGMENTS, "body": FRAGMENTS},
    }
)
class Highlights(MadeLater):
    """Pieces of an article around what a search (`q`) found in it. Of a body only for who may read texts."""


class ArticleSerializer(ResourceSerializer):
    """An article, with its abstracts, and whom, what and which events its facts name."""

    kept_ready = True
    kept_whole = True
    source = Reference(SourceRef)
    abstracts = AbstractChild(many=True, required=False)
    addresses = AddressChild(many=True, required=False)
    texts = TextChild(many=True, required=False)
    persons = Subjects("person", PersonRef)
    countries = Subjects("country", CountryRef)
    events = Subjects("event", EventRef)
    mentions = MentionOfArticle(many=True, read_only=True)
    citations = CitationOfArticle(many=True, read_only=True)
    highlights = Highlights()

    extra = ("mentions", "citations", "highlights")
    expands: ClassVar = {
        "source": lambda: SourceSerializer,
        "persons": lambda: PersonSerializer,
        "countries": lambda: CountrySerializer,
        "events": lambda: EventSerializer,
    }

    class Meta:
        model = Article
        fields: ClassVar = [
            "id",
            "source",
            "identifier",
            "title",
            "title_origin",
            "byline",
            "section",
            "dateline",
            "language",
            "published",
            "published_lower",
            "published_upper",
            "abstracts",
            "addresses",
            "texts",
            "persons",
            "countries",
            "events",
            "mentions",
            "citations",
            "highlights",
            "added",
            "modified",
        ]
        identity = ("source", "identifier")
        nested: ClassVar = {"abstracts": "article", "addresses": "article", "texts": "article"}
