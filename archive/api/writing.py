"""The writing half of a resource: one transaction from the look to the answer; its history names the request.

There is no PUT: it would have to put back what it does not name.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import OperationalError, connection
from django.db.models import CASCADE
from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.exceptions import ValidationError as InvalidBody
from rest_framework.request import Request
from rest_framework.response import Response

from archive.api.bulk import write_rows
from archive.api.errors import BadParameters
from archive.api.keeping import once
from archive.api.problems import MEANWHILE
from archive.api.reading import JsonAnswer, Versioned, id_of_one, read_one
from archive.api.serializers.base import refuse_decided, remove
from archive.api.tags import check_version
from archive.curate.history import acting
from archive.curate.review import PERMISSION, decide
from archive.models import Fact, Record, Status

# How often a write is tried that PostgreSQL gives up for another's sake.
TRIES = 3


class Writes:
    """Adds, changes and deletes records of a resource: one, or many at once (archive.api.bulk)."""

    def create(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.writing(partial(once, request, self.add))

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.writing(self.change)

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.writing(self.remove)

    # --- Inside the transaction ---------------------------------------------------------

    def add(self) -> HttpResponse:
        data, mode = self.request.data, self.request.query_params.getlist("mode")
        if isinstance(data, list):
            return write_rows(self, data, mode)
        if mode:
            raise BadParameters({"mode": _("It says what to do with a list of rows; this is one record.")})
        serializer = self.get_serializer()
        written = self.save(serializer, None, self.validated(serializer, None, data))
        answer = self.answer(written)
        address = self.reverse_action("detail", args=[getattr(written, self.lookup_field)])
        return JsonAnswer(answer.json, version=answer.version, status=201, headers={"Location": address})

    def change(self) -> HttpResponse:
        row, serializer = self.get_object(), self.get_serializer()
        values = self.validated(serializer, row, self.request.data)
        self.check_seen(row)
        written = self.save(serializer, row, values)
        answer = self.answer(written)
        return JsonAnswer(answer.json, version=answer.version)

    def remove(self) -> HttpResponse:
        row, user = self.get_object(), self.request.user
        self.check_seen(row)
        for related in row._meta.related_objects:
            if related.on_delete is CASCADE and issubclass(related.related_model, Fact):
                facts = related.related_model.objects.filter(**{related.field.name: row})
                if decided := facts.exclude(status=Status.SUGGESTED).first():
                    refuse_decided(decided, user)
        remove(row, user)
        return Response(status=204)

    def check_seen(self, row: Record) -> None:
        """Raise unless `row`, which is locked, still is what If-Match says.

        After all else: what would be refused anyhow is answered so (RFC 9110, 13.2.1).
        """
        check_version(row, self.request.headers.get("If-Match"))

    def validated(self, serializer: Any, row: Record | None, data: Any) -> dict:
        """What `data` says of `row`, or of a new one."""
        serializer.instance, serializer.partial = row, row is not None
        values = serializer.run_validation(data)
        if "status" in values and not self.request.user.has_perm(PERMISSION):
            raise PermissionDenied(_("Only who may add a review may set a status."))
        return values

    def save(self, serializer: Any, row: Record | None, values: dict) -> Record:
        """Write what is validated."""
        if row is None:
            return serializer.create(values)
        decision = values.pop("status", None)
        written = serializer.update(row, values)
        if decision:
            try:
                decide([written], decision, self.request.user)
            except ValidationError as error:
                raise InvalidBody({"status": error.messages}) from error
        return written

    def answer(self, written: Record) -> Versioned:
        """The record as a reader gets it."""
        ids = id_of_one(self.model.objects.filter(pk=written.pk))
        found = read_one(ids, self.serializer_class, self.shape)
        assert found
        return found

    # --- Around it ----------------------------------------------------------------------

    def writing(self, write: Callable[[], HttpResponse]) -> HttpResponse:
        """What `write` answers, in a transaction of its own; tried again where that had to give way."""
        for _turn in range(TRIES - 1):
            try:
                with self.acting():
                    return write()
            except OperationalError as error:
                gave_way = getattr(error.__cause__, "sqlstate", None) in MEANWHILE
                if not gave_way or connection.in_atomic_block:
                    raise
        with self.acting():
            return write()

    def acting(self) -> AbstractContextManager[None]:
        return acting(f"{self.request.method} {self.request.path}")
