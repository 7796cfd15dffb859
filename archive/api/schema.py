"""How the OpenAPI schema describes what DRF does not know of."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction

from archive.api.shaping import PARAMETERS

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "detail"],
                "properties": {
                    "parameter": {"type": "string", "description": "The query parameter that is wrong."},
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
    "409": "The request contradicts what the archive holds.",
    "415": "Send JSON.",
    "503": "The database does not answer; try again.",
}
READING = {"400", "401", "403", "404", "406", "503"}


class ArchiveSchema(AutoSchema):
    """Adds the problems each operation can answer with, and the parameters that shape an answer."""

    def get_override_parameters(self) -> list:
        action = getattr(self.view, "action", None)
        serializer = getattr(self.view, "serializer_class", None)
        if action not in ("list", "retrieve") or serializer is None:
            return super().get_override_parameters()
        return [*super().get_override_parameters(), *_shaping(serializer, action)]

    def _get_response_bodies(self, direction: Direction = "response") -> dict:
        bodies = super()._get_response_bodies(direction)
        for code in sorted(READING if self.method == "GET" else ERRORS.keys()):
            if code == "404" and getattr(self.view, "action", "") == "list":
                continue
            bodies.setdefault(
                code,
                {
                    "description": ERRORS[code],
                    "content": {"application/problem+json": {"schema": PROBLEM}},
                },
            )
        return bodies


def _shaping(serializer: Any, action: str) -> list:
    from drf_spectacular.utils import OpenApiParameter

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
                {"type": "string", "enum": ["accepted", "all"]},
                description="Which facts the answer shows.",
            )
        )
    return parameters


class ReferenceExtension(OpenApiSerializerFieldExtension):
    """A reference is written as a slug, a code or an id, and read as an object."""

    target_class = "archive.api.serializers.base.Reference"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> dict:
        if direction == "request":
            return {"type": "integer" if self.target.slug_field == "id" else "string"}
        component = auto_schema.resolve_serializer(self.target.shape, direction).ref
        return {"oneOf": [component, {"type": "null"}]} if self.target.allow_null else component


class SubjectsExtension(OpenApiSerializerFieldExtension):
    """The records that facts point at: a list of small objects."""

    target_class = "archive.api.serializers.base.Subjects"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> dict:
        return {"type": "array", "items": auto_schema.resolve_serializer(self.target.shape, direction).ref}


class KnoxExtension(OpenApiAuthenticationExtension):
    """`Authorization: Token ...`, made by `manage.py token`."""

    target_class = "knox.auth.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Token` and the token that `manage.py token USER` printed.",
        }
