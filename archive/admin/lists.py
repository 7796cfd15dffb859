"""What a list may be asked: what it offers, and nothing else."""

from typing import Any

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse

# What Django's filters, ours and the hierarchy of dates put after the path of a column.
# "startswith" or "regex" would spell out, letter by letter, columns that a user may not read.
ENDINGS = ("exact", "isnull", "isempty", "id__exact", "gte", "lt", "year", "month", "day")


class DeclaredLists:
    """Of a ModelAdmin: its query string may ask for what its filters offer; Django allows any column."""

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Whether one of the list's filters, or its hierarchy of dates, asks for `lookup`."""
        paths: list[Any] = [self.date_hierarchy] if self.date_hierarchy else []  # type: ignore[attr-defined]
        names = set()
        for item in self.get_list_filter(request):  # type: ignore[attr-defined]
            if isinstance(item, type):
                names.add(item.parameter_name)  # type: ignore[attr-defined]
            else:
                paths.append(item if isinstance(item, str) else item[0])
        return lookup in names or any(lookup in (path, *(f"{path}__{e}" for e in ENDINGS)) for path in paths)

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        if any("\0" in value for values in request.GET.lists() for value in values[1]):
            raise BadRequest("NUL in a parameter")  # PostgreSQL stores none, and its driver raises
        key: Any = self.opts.pk  # type: ignore[attr-defined]
        try:
            for value in request.POST.getlist(ACTION_CHECKBOX_NAME):
                key.run_validators(key.to_python(value))
        except ValidationError as error:
            raise BadRequest("a chosen row has no such key") from error
        return super().changelist_view(request, extra_context)  # type: ignore[misc]
