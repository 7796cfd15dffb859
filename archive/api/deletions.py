"""What left the lists, for who keeps a copy of them."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import connection
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from archive.api.filtering import BareFilterSet, Instants, Matches
from archive.api.keyset import Instant, Order
from archive.api.links import link_pages
from archive.api.options import JsonOptions
from archive.api.pagination import KeysetPagination
from archive.api.parsers import check_method, check_names, check_query
from archive.api.reading import Row
from archive.api.values import ChoiceValues
from archive.models import Deletion
from archive.models.sql import Statement

RESOURCES = ("sources", "articles", "persons", "countries", "events", "mentions", "citations")

# A transaction notes its time when it begins, and the others see it some microseconds later.
MARGIN = timedelta(seconds=1)

AS_OF = (
    "All that was written before this moment can be seen now. Whoever reads the lists after this answer asks"
    " next for what was modified, and deleted, at this moment or later."
)


def as_of() -> datetime:
    """The moment before which nothing can appear any more: the start of the oldest transaction that goes on.

    What a transaction writes says when that began, and is seen when it ends.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT least(now(), min(xact_start)) FROM pg_stat_activity WHERE datname = current_database()"
        )
        return cursor.fetchone()[0] - MARGIN


class DeletionSerializer(serializers.ModelSerializer):
    """A record that left its list."""

    resource = serializers.ChoiceField(RESOURCES, help_text="The list it was in.")
    key = serializers.CharField(help_text="As in its address: its slug, code or id.")
    moved_to = serializers.CharField(
        allow_null=True, help_text="The key that it has instead; null where it is not there any more."
    )
    source = serializers.CharField(allow_null=True, help_text="Of an article: its source, by slug.")
    identifier = serializers.CharField(allow_null=True, help_text="Of an article: its identifier there.")

    class Meta:
        model = Deletion
        fields: ClassVar = ["resource", "key", "moved_to", "source", "identifier", "deleted"]

    def to_representation(self, row: Deletion) -> dict[str, Any]:
        found = super().to_representation(row)
        return {**found, **{name: found[name] or None for name in ("moved_to", "source", "identifier")}}


class DeletionFilters(BareFilterSet):
    resource = Matches("resource", ChoiceValues(RESOURCES), _("The list it was in: articles."))
    deleted = Instants("deleted", _("When it left the list."))


class DeletionPagination(KeysetPagination):
    """Pages that say, too, up to when they are complete."""

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list:
        # Before the rows: what comes between is read anew the next time, and not lost.
        self.as_of = as_of()
        return super().paginate_queryset(queryset, request, view)

    def envelope(self) -> dict[str, Any]:
        return {"as_of": serializers.DateTimeField().to_representation(self.as_of), **super().envelope()}

    def get_paginated_response_schema(self, schema: dict) -> dict:
        found = super().get_paginated_response_schema(schema)
        moment = {"type": "string", "format": "date-time", "description": AS_OF}
        return {
            **found,
            "required": ["as_of", *found["required"]],
            "properties": {"as_of": moment, **found["properties"]},
        }


class DeletionViewSet(JsonOptions, viewsets.GenericViewSet):
    """What left the lists: deleted, rejected, or known under another key since. The oldest first."""

    queryset = Deletion.objects.all()
    serializer_class = DeletionSerializer
    filterset_class = DeletionFilters
    pagination_class = DeletionPagination
    orders: ClassVar[dict[str, Order]] = {"deleted": Instant("deleted")}
    default_order = "deleted"
    searches: ClassVar[dict[str, str]] = {}
    relevance = None

    def list(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.get_paginated_response(self.paginate_queryset(self.filter_queryset(self.get_queryset())))

    def read(self, ids: Statement | None) -> Sequence[Row]:
        keys = dict(ids.fetch()) if ids else {}
        found = Deletion.objects.in_bulk(keys)
        shown = {pk: self.get_serializer(row).data for pk, row in found.items()}
        return [
            Row(pk, str(key), json.dumps(shown[pk], cls=JSONEncoder).encode()) for pk, key in keys.items()
        ]

    def parameters(self) -> Sequence[str]:
        return [*KeysetPagination.parameters, *DeletionFilters.base_filters]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        check_method(self, request)
        check_query(request.query_params)
        super().initial(request, *args, **kwargs)
        check_names(request.query_params, self.parameters() if self.action == "list" else ())

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        if self.action == "list" and response.status_code == 200:
            link_pages(response, self.paginator)
        return super().finalize_response(request, response, *args, **kwargs)
