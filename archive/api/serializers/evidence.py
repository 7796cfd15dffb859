from typing import ClassVar

from rest_framework import serializers

from archive.api.serializers.base import Reference, ResourceSerializer
from archive.api.serializers.references import (
    ArticleRef,
    CountryRef,
    EventRef,
    PersonRef,
    SourceRef,
    TextRef,
)
from archive.curate.evidence import check_surface, span_hash
from archive.models import ArticleText, Citation, EventLink, Mention, Office, Participation, Succession
from archive.models.citation import TARGETS


class ParticipationRef(serializers.ModelSerializer):
    event = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    person = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    country = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)

    class Meta:
        model = Participation
        fields: ClassVar = ["id", "event", "person", "country", "role"]


class OfficeRef(serializers.ModelSerializer):
    person = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    country = serializers.SlugRelatedField(slug_field="code", read_only=True, allow_null=True)

    class Meta:
        model = Office
        fields: ClassVar = ["id", "person", "title", "country"]


class LinkRef(serializers.ModelSerializer):
    event = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    other = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta:
        model = EventLink
        fields: ClassVar = ["id", "event", "kind", "other"]


class SuccessionRef(serializers.ModelSerializer):
    predecessor = serializers.SlugRelatedField(slug_field="code", read_only=True)
    successor = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = Succession
        fields: ClassVar = ["id", "predecessor", "kind", "successor"]


class EvidenceSerializer(ResourceSerializer):
    """A span of a text: code points, `start` counted from 0, `end` left out."""

    article = ArticleRef(read_only=True)
    text = Reference(TextRef, "id", queryset=ArticleText.objects.defer("body"))

    # The field that says what the words are.
    WORDS: ClassVar[tuple[str, ...]] = ()
    EVIDENCE: ClassVar = [
        "id",
        "article",
        "text",
        "start",
        "end",
        "status",
        "published_lower",
        "published_upper",
        "added",
        "modified",
    ]

    def validate(self, attrs: dict) -> dict:
        if {"text", "start", "end", *self.WORDS} & attrs.keys():
            text, start, end = (
                attrs[name] if name in attrs else getattr(self.instance, name)
                for name in ("text", "start", "end")
            )
            self.check(attrs, text, start, end)
        return attrs

    def check(self, attrs: dict, text: ArticleText, start: int, end: int) -> None:
        """Compare what is written with the words of the span. Raises ValidationError."""
        raise NotImplementedError


class MentionSerializer(EvidenceSerializer):
    """A span that names one person, country or source."""

    WORDS = ("surface",)
    person = Reference(PersonRef, required=False, allow_null=True)
    country = Reference(CountryRef, "code", required=False, allow_null=True)
    source = Reference(SourceRef, required=False, allow_null=True)

    class Meta:
        model = Mention
        fields: ClassVar = [
            *EvidenceSerializer.EVIDENCE,
            "surface",
            "how",
            "person",
            "country",
            "source",
            "proposed_name",
        ]
        read_only_fields: ClassVar = ["published_lower", "published_upper"]
        identity = ("text", "start", "end", "person", "country", "source", "proposed_name")
        nested: ClassVar = {}

    def check(self, attrs: dict, text: ArticleText, start: int, end: int) -> None:
        surface = attrs.get("surface", getattr(self.instance, "surface", ""))
        check_surface(text, start, end, surface, self.context["request"].user)


class CitationSerializer(EvidenceSerializer):
    """A span that reports one fact. It keeps the hash of the span, never its words."""

    WORDS = ("sha256",)
    event = Reference(EventRef, required=False, allow_null=True)
    participation = Reference(ParticipationRef, "id", rests_on=("event",), required=False, allow_null=True)
    office = Reference(OfficeRef, "id", required=False, allow_null=True)
    link = Reference(LinkRef, "id", rests_on=("event", "other"), required=False, allow_null=True)
    succession = Reference(SuccessionRef, "id", required=False, allow_null=True)

    class Meta:
        model = Citation
        fields: ClassVar = [
            *EvidenceSerializer.EVIDENCE,
            "sha256",
            "event",
            "participation",
            "office",
            "link",
            "succession",
        ]
        read_only_fields: ClassVar = ["published_lower", "published_upper"]
        extra_kwargs: ClassVar = {"sha256": {"required": False}}
        identity = ("text", "start", "end", *TARGETS)
        nested: ClassVar = {}

    def check(self, attrs: dict, text: ArticleText, start: int, end: int) -> None:
        user = self.context["request"].user
        attrs["sha256"] = span_hash(text, start, end, attrs.get("sha256"), user)
