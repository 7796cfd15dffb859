from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from archive.api.serializers.base import Child, Reference, ResourceSerializer
from archive.api.serializers.references import ArticleRef, CountryRef, EventRef, PersonRef
from archive.models import Citation, Event, EventLink, Participation, Status

# An event that the whole press reports has thousands; /citations/?event= has them all.
MOST_CITATIONS = 20


class ParticipationChild(Child):
    """One person's or country's part; its citations are at /citations/?participation=ID."""

    person = Reference(PersonRef, required=False, allow_null=True)
    country = Reference(CountryRef, "code", required=False, allow_null=True)

    class Meta:
        model = Participation
        fields: ClassVar = ["id", "person", "country", "role", "status"]
        read_only_fields: ClassVar = ["status"]
        identity = ("person", "country", "role")

    def validate(self, attrs: dict) -> dict:
        if (attrs.get("person") is None) == (attrs.get("country") is None):
            raise serializers.ValidationError(_("Name one person or one country."))
        return attrs


class LinkChild(Child):
    """How this event bears on another."""

    other = Reference(EventRef)

    class Meta:
        model = EventLink
        fields: ClassVar = ["id", "kind", "other", "status"]
        read_only_fields: ClassVar = ["status"]
        identity = ("other", "kind")
        rests_on = ("other",)

    def is_shown(self, row: EventLink) -> bool:
        return super().is_shown(row) and row.other.status != Status.REJECTED


class CitationOfEvent(serializers.ModelSerializer):
    """A span that reports the event."""

    article = ArticleRef(read_only=True)

    class Meta:
        model = Citation
        fields: ClassVar = ["id", "article", "text", "start", "end", "sha256", "status"]
        most = MOST_CITATIONS


class EventSerializer(ResourceSerializer):
    """An event, with who took part, what it bears on, and the newest spans that report it (20 at most)."""

    kept_ready = True
    country = Reference(CountryRef, "code", required=False, allow_null=True)
    participations = ParticipationChild(many=True, required=False)
    links = LinkChild(many=True, required=False)
    citations = CitationOfEvent(many=True, read_only=True)

    class Meta:
        model = Event
        fields: ClassVar = [
            "slug",
            "title",
            "type",
            "mode",
            "contexts",
            "start",
            "start_lower",
            "start_upper",
            "end",
            "end_lower",
            "end_upper",
            "place",
            "country",
            "occurrence",
            "status",
            "participations",
            "links",
            "citations",
            "added",
            "modified",
        ]
        identity = ("slug",)
        nested: ClassVar = {"participations": "event", "links": "event"}

    def validate(self, attrs: dict) -> dict[str, Any]:
        for index, link in enumerate(attrs.get("links", ())):
            if self.instance is not None and link["other"] == self.instance:
                raise serializers.ValidationError(
                    {"links": {index: {"other": [_("No event bears on itself.")]}}}
                )
        return attrs
