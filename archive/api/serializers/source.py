from typing import ClassVar

from rest_framework import serializers

from archive.api.serializers.base import Reference, ResourceSerializer
from archive.api.serializers.names import SourceNameChild
from archive.api.serializers.references import CountryRef
from archive.models import Source


class SourceSerializer(ResourceSerializer):
    """A publisher, with its names."""

    kept_ready = True
    country = Reference(CountryRef, "code", required=False, allow_null=True)
    names = SourceNameChild(many=True, required=False)
    collections = serializers.SlugRelatedField(slug_field="slug", many=True, read_only=True)

    class Meta:
        model = Source
        fields: ClassVar = [
            "slug",
            "name",
            "kind",
            "homepage",
            "country",
            "city",
            "languages",
            "names",
            "collections",
            "added",
            "modified",
        ]
        identity = ("slug",)
        nested: ClassVar = {"names": "source"}
