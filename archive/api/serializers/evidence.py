from typing import ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
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
from archive.api.shaping import Shape
from archive.curate.texts import words_at
from archive.models import ArticleText, Citation, EventLink, Mention, Office, Participation, Succession
from archive.text import sha256_hex


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
    loads: ClassVar = {
        "article": lambda statuses: ["article__source"],
        "text": lambda statuses: ["text"],
    }

    @classmethod
    def load(cls, queryset: QuerySet, shape: Shape) -> QuerySet:
        # The text is named, and stays where it is.
        return super().load(queryset, shape).defer("text__body")

    def validate(self, attrs: dict) -> dict:
        if {"text", "start", "end", *self.WORDS} & attrs.keys():
            text, start, end = (
                attrs.get(name, getattr(self.instance, name, None)) for name in ("text", "start", "end")
            )
            # The database refuses these too; but the words of such a span are no words.
            if end <= start:
                raise serializers.ValidationError({"end": _("A span ends after it starts.")})
            if end > text.length:
                raise serializers.ValidationError(
                    {"end": _("The text has only %(length)s characters.") % {"length": text.length}}
                )
            self.check_words(attrs, words_at(text, start, end))
        return attrs

    def check_words(self, attrs: dict, words: str | None) -> None:
        """Compare what is written with the `words` of the span, or None where the archive has no body."""
        raise NotImplementedError


class MentionSerializer(EvidenceSerializer):
    """A span that names one person, country or source."""

    WORDS = ("surface",)
    person = Reference(PersonRef, required=False, allow_null=True)
    country = Reference(CountryRef, "code", required=False, allow_null=True)
    source = Reference(SourceRef, required=False, allow_null=True)

    loads: ClassVar = {
        **EvidenceSerializer.loads,
        "person": lambda statuses: ["person"],
        "country": lambda statuses: ["country"],
        "source": lambda statuses: ["source"],
    }

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
        nested: ClassVar = {}

    def check_words(self, attrs: dict, words: str | None) -> None:
        surface = attrs.get("surface", getattr(self.instance, "surface", None))
        if words is not None and surface != words:
            # Who may not read texts is not told them a span at a time.
            user = self.context["request"].user
            raise serializers.ValidationError(
                {
                    "surface": _("The text has %(words)s there.") % {"words": repr(words[:100])}
                    if user.has_perm("archive.read_text")
                    else _("The text has other words there.")
                }
            )


class CitationSerializer(EvidenceSerializer):
    """A span that reports one fact. It keeps the hash of the span, never its words."""

    WORDS = ("sha256",)
    event = Reference(EventRef, required=False, allow_null=True)
    participation = Reference(ParticipationRef, "id", required=False, allow_null=True)
    office = Reference(OfficeRef, "id", required=False, allow_null=True)
    link = Reference(LinkRef, "id", required=False, allow_null=True)
    succession = Reference(SuccessionRef, "id", required=False, allow_null=True)

    loads: ClassVar = {
        **EvidenceSerializer.loads,
        "event": lambda statuses: ["event"],
        "participation": lambda statuses: [
            "participation__event",
            "participation__person",
            "participation__country",
        ],
        "office": lambda statuses: ["office__person", "office__country"],
        "link": lambda statuses: ["link__event", "link__other"],
        "succession": lambda statuses: ["succession__predecessor", "succession__successor"],
    }

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
        nested: ClassVar = {}

    def check_words(self, attrs: dict, words: str | None) -> None:
        if words is not None:
            right = sha256_hex(words)
            if attrs.setdefault("sha256", right) != right:
                raise serializers.ValidationError({"sha256": _("The words of the span have another hash.")})
        elif "sha256" not in attrs:
            raise serializers.ValidationError(
                {"sha256": _("The archive has no body of this text: give the hash of the span.")}
            )
