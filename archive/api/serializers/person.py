from typing import ClassVar

from archive.api.serializers.base import Child, Reference, ResourceSerializer
from archive.api.serializers.names import PersonNameChild
from archive.api.serializers.references import CountryRef
from archive.models import Office, Person


class OfficeChild(Child):
    """An office; its citations are at /citations/?office=ID."""

    country = Reference(CountryRef, "code", required=False, allow_null=True)

    class Meta:
        model = Office
        fields: ClassVar = ["id", "title", "country", "start", "end", "status"]
        read_only_fields: ClassVar = ["status"]
        identity = ("title", "country", "start")


class PersonSerializer(ResourceSerializer):
    """A person, with names in every script that is known, and the offices the articles give."""

    kept_ready = True
    names = PersonNameChild(many=True, required=False)
    offices = OfficeChild(many=True, required=False)

    class Meta:
        model = Person
        fields: ClassVar = [
            "slug",
            "name",
            "description",
            "wikidata",
            "names",
            "offices",
            "added",
            "modified",
        ]
        identity = ("slug",)
        nested: ClassVar = {"names": "person", "offices": "person"}
