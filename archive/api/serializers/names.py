"""The names of sources, persons and countries, as nested lists."""

from typing import ClassVar

from archive.api.serializers.base import Child
from archive.models import CountryName, PersonName, SourceName


class NameChild(Child):
    """A name."""

    class Meta:
        fields: ClassVar = ["text", "language", "kind"]
        identity = ("text", "language", "kind")


class SourceNameChild(NameChild):
    class Meta(NameChild.Meta):
        model = SourceName


class PersonNameChild(NameChild):
    class Meta(NameChild.Meta):
        model = PersonName


class CountryNameChild(NameChild):
    class Meta(NameChild.Meta):
        model = CountryName
