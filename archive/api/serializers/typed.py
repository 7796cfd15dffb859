"""Fields that take the JSON type which the schema names, and no other: DRF takes 1 for "1", and "1" for 1."""

from typing import Any

from django.db import models
from rest_framework import serializers


class Text(serializers.CharField):
    """Text, and no number that looks like one."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Slug(Text, serializers.SlugField):
    """The same, of a slug."""


class Url(Text, serializers.URLField):
    """The same, of a URL."""


class WholeNumber(serializers.IntegerField):
    """A whole number, and no text that reads as one."""

    def to_internal_value(self, data: Any) -> int:
        # JSON Schema has it that 1.0 is a whole number too.
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        if data != data // 1:
            self.fail("invalid")
        return int(data)


TYPED: dict[type[models.Field], type[serializers.Field]] = {
    models.CharField: Text,
    models.TextField: Text,
    models.SlugField: Slug,
    models.URLField: Url,
    models.PositiveIntegerField: WholeNumber,
}
