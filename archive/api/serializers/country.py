from typing import ClassVar

from rest_framework import serializers

from archive.api.serializers.base import ResourceSerializer
from archive.api.serializers.names import CountryNameChild
from archive.api.serializers.references import CountryRef
from archive.models import Country, Succession


class PredecessorSerializer(serializers.ModelSerializer):
    """A state that this one followed."""

    country = CountryRef(source="predecessor", read_only=True)

    class Meta:
        model = Succession
        fields: ClassVar = ["id", "country", "kind", "date", "reference", "status"]


class SuccessorSerializer(PredecessorSerializer):
    """A state that followed this one."""

    country = CountryRef(source="successor", read_only=True)


class CountrySerializer(ResourceSerializer):
    """A state or territory, of today or gone, with its names and what came before and after it."""

    kept_ready = True
    names = CountryNameChild(many=True, required=False)
    predecessors = PredecessorSerializer(source="precessions", many=True, read_only=True)
    successors = SuccessorSerializer(source="successions", many=True, read_only=True)

    class Meta:
        model = Country
        fields: ClassVar = [
            "code",
            "alpha3",
            "numeric",
            "name",
            "kind",
            "existed_from",
            "existed_from_lower",
            "existed_from_upper",
            "existed_until",
            "existed_until_lower",
            "existed_until_upper",
            "note",
            "reference",
            "names",
            "predecessors",
            "successors",
            "added",
            "modified",
        ]
        identity = ("code",)
        nested: ClassVar = {"names": "country"}
