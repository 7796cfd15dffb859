"""What counts look like, for the schema: they come from the database as they are."""

from rest_framework import serializers

from archive.models.subjects import COLUMNS
from archive.search.facets import DIMENSIONS
from archive.search.timeline import INTERVALS


class _Value(serializers.Serializer):
    value = serializers.CharField(
        allow_null=True, help_text="A slug, a code or a text that the filter takes. Null: it is not known."
    )
    name = serializers.CharField(
        required=False, help_text="The record's name; there is none of other values."
    )


class FacetValueSerializer(_Value):
    count = serializers.IntegerField(help_text="How many articles have it.")


class FacetSerializer(serializers.Serializer):
    values = FacetValueSerializer(many=True)
    left_out = serializers.IntegerField(help_text="How many more values there are.")


def _each(names, field, name: str) -> type[serializers.Serializer]:
    return type(name, (serializers.Serializer,), {one: field(one) for one in names})


class FacetsSerializer(serializers.Serializer):
    complete = serializers.BooleanField(help_text="False where the time did not do for all dimensions.")
    missing = serializers.ListField(child=serializers.CharField(), help_text="Those that are not there.")
    facets = _each(DIMENSIONS, lambda one: FacetSerializer(required=False), "FacetsByDimensionSerializer")()


class TimelinePointSerializer(serializers.Serializer):
    interval = serializers.CharField(help_text="2021-08-23, 2021-W34, 2021-08 or 2021.")
    first = serializers.DateField(help_text="Its first day.")
    last = serializers.DateField(help_text="Its last day.")
    count = serializers.IntegerField(help_text="Articles that were surely published in it.")
    total = serializers.IntegerField(help_text="The same of all articles, by no filter but published.")
    ratio = serializers.FloatField(allow_null=True, help_text="count / total; null where there is none.")


class SeriesSerializer(_Value):
    counts = serializers.ListField(child=serializers.IntegerField(), help_text="A number for each point.")
    ratios = serializers.ListField(
        child=serializers.FloatField(allow_null=True), help_text="The same, by the point's total."
    )


class TimelineSerializer(serializers.Serializer):
    interval = serializers.ChoiceField(INTERVALS)
    points = TimelinePointSerializer(many=True)
    imprecise = serializers.IntegerField(help_text="Articles whose date may fall in several intervals.")
    undated = serializers.IntegerField(help_text="Articles without a date.")
    series = SeriesSerializer(many=True, required=False, help_text="Only with by.")
    left_out = serializers.IntegerField(required=False, help_text="How many more values there are.")


class RelatedRecordSerializer(_Value):
    count = serializers.IntegerField(help_text="How many articles name both.")
    total = serializers.IntegerField(help_text="How many articles name this.")
    pmi = serializers.FloatField(
        help_text="Pointwise mutual information in bits: 0 together as often as by chance, 1 twice as often."
    )


class RelatedSerializer(serializers.Serializer):
    complete = serializers.BooleanField(help_text="False where the time did not do for all sorts.")
    missing = serializers.ListField(child=serializers.CharField(), help_text="Those that are not there.")
    count = serializers.IntegerField(help_text="How many articles name it.")
    total = serializers.IntegerField(help_text="How many articles there are.")
    related = _each(
        COLUMNS, lambda one: RelatedRecordSerializer(many=True, required=False), "RelatedByKindSerializer"
    )()
