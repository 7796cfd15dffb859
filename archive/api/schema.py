"""How the OpenAPI schema describes what DRF does not know of."""

from http import HTTPStatus
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent, build_serializer_context
from drf_spectacular.utils import Direction, OpenApiParameter

from archive.api.counting import STATUSES
from archive.api.exports import FORMATS, USUAL, formats
from archive.api.gone import shows_articles
from archive.api.serializers.base import ResourceSerializer, StrictSerializer
from archive.api.shaping import PARAMETERS

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "reason": {"type": "string", "description": "Of what was taken down: why."},
        "purged": {
            "type": "string",
            "format": "date-time",
            "description": "Of what was taken down: when.",
        },
        "request": {
            "type": "string",
            "description": "Of a mistake of ours: under which request the log says why.",
        },
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "detail"],
                "properties": {
                    "parameter": {"type": "string", "description": "The query parameter that is wrong."},
                    "position": {
                        "type": "integer",
                        "description": "Where in the parameter's value, in code points from 0.",
                    },
                    "length": {"type": "integer", "description": "Over how many code points."},
                    "pointer": {
                        "type": "string",
                        "description": "JSON pointer to what is wrong in the body.",
                    },
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
ERRORS = {
    "400": "What is wrong, parameter by parameter or field by field.",
    "401": "Log in, or send a token.",
    "403": "This user may not do that.",
    "404": "There is no such record.",
    "406": "JSON is what there is.",
    "405": "This address does not take this method.",
    "409": "The request contradicts what the archive holds.",
    "412": "This is not what If-Match names.",
    "410": "This was taken down: the `reason`, and when (`purged`).",
    "411": "Send the body with a Content-Length.",
    "413": "The body is too large.",
    "415": "Send JSON.",
    "501": "A header is not honoured: If-Match, If-Unmodified-Since, Idempotency-Key.",
    "503": "The database does not answer; try again.",
}
# How drf-spectacular describes a text that may be empty.
BLANK = {"type": "string", "maxLength": 0}
WRITING = {"405", "409", "411", "413", "415", "501"}
READING = {"412"}


class ArchiveSchema(AutoSchema):
    """Adds the problems each operation can answer with, and the parameters that shape an answer."""

    def get_override_parameters(self) -> list:
        action = getattr(self.view, "action", None)
        if filters := getattr(self.view, "action_filters", {}).get(action):
            return [*super().get_override_parameters(), *_filtering(filters)]
        serializer = getattr(self.view, "serializer_class", None)
        if action not in ("list", "retrieve") or not issubclass(serializer or object, ResourceSerializer):
            return super().get_override_parameters()
        exports = [_format(self.view)] if action == "list" else []
        return [*super().get_override_parameters(), *exports, *_shaping(serializer, action)]

    def _get_response_bodies(self, direction: Direction = "response") -> dict:
        bodies = super()._get_response_bodies(direction)
        if getattr(self.view, "action", "") == "list" and hasattr(self.view, "exports_articles"):
            for name in formats(self.view)[1:]:
                media_type = FORMATS[name].media_type.split(";")[0]
                bodies["200"]["content"][media_type] = {"schema": {"type": "string"}}
        if self.method == "GET":
            bodies["304"] = self._not_modified().ref
        for code in sorted(ERRORS.keys() - (WRITING if self.method == "GET" else READING)):
            if code == "404" and getattr(self.view, "action", "") in ("list", "create"):
                continue
            # What can be taken down is an article.
            if code == "410" and not ("{id}" in self.path and shows_articles(self.view)):
                continue
            bodies.setdefault(code, self._problem(code).ref)
        return bodies

    def _not_modified(self) -> ResolvedComponent:
        answer = ResolvedComponent(
            "NotModified", "responses", {"description": "It still is what If-None-Match names."}, "304"
        )
        self.registry.register_on_missing(answer)
        return answer

    def _problem(self, code: str) -> ResolvedComponent:
        """The answer with the status `code`, described once for all operations."""
        problem = ResolvedComponent("Problem", ResolvedComponent.SCHEMA, PROBLEM, "Problem")
        self.registry.register_on_missing(problem)
        answer = ResolvedComponent(
            HTTPStatus(int(code)).phrase.title().replace(" ", ""),
            "responses",
            {
                "description": ERRORS[code],
                "content": {"application/problem+json": {"schema": problem.ref}},
            },
            code,
        )
        self.registry.register_on_missing(answer)
        return answer

    def _map_basic_serializer(self, serializer: Any, direction: Direction) -> dict:
        schema = super()._map_basic_serializer(serializer, direction)
        if direction == "request" and isinstance(serializer, StrictSerializer):
            schema["additionalProperties"] = False
        if direction == "response" and isinstance(serializer, ResourceSerializer):
            # With fields= or omit= any of them may be away.
            schema.pop("required", None)
        for found in schema.get("properties", {}).values():
            if BLANK in found.get("oneOf", ()):
                # An empty text may be of the form as well: formats are notes, not rules.
                found["anyOf"] = found.pop("oneOf")
        return schema

    def _get_serializer(self) -> Any:
        # Not as the view makes it, with the fields that one request shows, but with all there are.
        serializer = getattr(self.view, "serializer_class", None)
        context = build_serializer_context(self.view)
        return serializer(context=context) if serializer else super()._get_serializer()


def _format(view: Any) -> OpenApiParameter:
    return OpenApiParameter(
        "format",
        {"type": "string", "enum": formats(view), "default": USUAL},
        description=f"{USUAL} is a page; the others stream the whole list, from the cursor on.",
    )


def _filtering(filters: Any) -> list[OpenApiParameter]:
    return [
        OpenApiParameter(
            name, found.schema["schema"], description=found.description, explode=found.schema.get("explode")
        )
        for name, found in filters.base_filters.items()
    ]


def _shaping(serializer: Any, action: str) -> list:
    usual = serializer.usual_fields()
    more = [*serializer.expands, *serializer.extra]
    every = list(dict.fromkeys([*usual, *more]))
    says = {
        "fields": (every, "Only these fields, separated by commas."),
        "omit": (every, "Not these fields, separated by commas."),
        "expand": (more, "These in full, separated by commas."),
    }
    parameters = [
        OpenApiParameter(
            name,
            {"type": "array", "items": {"type": "string", "enum": says[name][0]}},
            explode=False,
            description=says[name][1],
        )
        for name in PARAMETERS
        if says[name][0]
    ]
    if action == "retrieve":
        parameters.append(
            OpenApiParameter(
                "evidence",
                {"type": "string", "enum": list(STATUSES)},
                description="Which facts the answer shows.",
            )
        )
    return parameters


def _shapes(field: Any, auto_schema: AutoSchema, direction: Direction) -> list[dict]:
    """What a field shows of another record: the little that names it, and with expand= the whole."""
    shapes = [field.shape]
    if full := getattr(field.parent, "expands", {}).get(field.field_name):
        shapes.append(full())
    return [auto_schema.resolve_serializer(shape, direction).ref for shape in shapes]


class ReferenceExtension(OpenApiSerializerFieldExtension):
    """A reference is written as a slug, a code or an id, and read as an object."""

    target_class = "archive.api.serializers.base.Reference"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> dict:
        if direction == "request":
            return {"type": "integer" if self.target.slug_field == "id" else "string"}
        shapes = _shapes(self.target, auto_schema, direction)
        if self.target.allow_null:
            shapes.append({"type": "null"})
        return {"anyOf": shapes} if len(shapes) > 1 else shapes[0]


class SubjectsExtension(OpenApiSerializerFieldExtension):
    """The records that facts point at: a list of small objects."""

    target_class = "archive.api.serializers.base.Subjects"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> dict:
        shapes = _shapes(self.target, auto_schema, direction)
        return {
            "type": "array",
            "readOnly": True,
            "items": {"anyOf": shapes} if len(shapes) > 1 else shapes[0],
        }


class KnoxExtension(OpenApiAuthenticationExtension):
    """`Authorization: Token ...`, made by `manage.py token`."""

    target_class = "archive.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token` and the token that `manage.py token USER` printed.",
        }
