"""How the OpenAPI schema describes what DRF does not know of."""

from copy import deepcopy
from http import HTTPStatus
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Model
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent, build_serializer_context
from drf_spectacular.utils import Direction, OpenApiParameter

from archive.api import keeping
from archive.api.bulk import ID, IF_MATCH, MOST
from archive.api.counting import STATUSES
from archive.api.exports import FORMATS, USUAL, formats
from archive.api.gone import shows_articles
from archive.api.permissions import MODES
from archive.api.serializers.base import ResourceSerializer, StrictSerializer
from archive.api.shaping import PARAMETERS
from archive.api.values import EDTF, WORDS, key_of
from archive.models.constraints import NOT_EMPTY, said_of
from archive.models.fields import EDTFField
from archive.text.languages import LANGUAGE_TAG

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
        "records": {
            "type": "array",
            "description": "Of a conflict: the records that stand in the way, 10 at most.",
            "items": {
                "type": "object",
                "required": ["kind", "id", "url"],
                "properties": {
                    "kind": {"type": "string"},
                    "id": {"type": "integer"},
                    "url": {"type": "string", "description": "Where it is shown."},
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
    "409": "The request contradicts what the archive holds. Records that stand in the way are named.",
    "412": "This is not what If-Match names.",
    "410": "This was taken down: the `reason`, and when (`purged`).",
    "411": "Send the body with a Content-Length.",
    "413": "The body is too large.",
    "414": "The address is too long.",
    "415": "Send JSON.",
    "422": "This Idempotency-Key came with another request.",
    "428": "Send If-Match: this archive asks for it.",
    "429": "Too many requests; `Retry-After` says in how many seconds to try again.",
    "501": "A header is not honoured: If-None-Match on a write, If-Unmodified-Since.",
    "503": "The database does not answer; try again.",
}
# How drf-spectacular describes a text that may be empty.
BLANK = {"type": "string", "maxLength": 0}
WRITING = {"405", "409", "411", "413", "415", "428", "501"}
POSTING = {"422"}

RESULTS = {
    "type": "object",
    "required": ["results"],
    "properties": {
        "results": {
            "type": "array",
            "description": "In the order of the rows.",
            "items": {
                "type": "object",
                "required": ["key", "url", "result", IF_MATCH],
                "properties": {
                    "key": {"type": "string", "description": "The record's slug, code or id."},
                    "url": {"type": "string", "description": "Its address."},
                    "result": {"type": "string", "enum": ["created", "changed", "unchanged"]},
                    IF_MATCH: {"type": "string", "description": "What the next change may send as If-Match."},
                },
            },
        }
    },
}
SEEN = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag of what was seen of the record, several, or *: where it is another by now, 412.",
)
WRITES = {
    "create": [
        OpenApiParameter(
            "mode",
            {"type": "string", "enum": list(MODES)},
            description="What to do with a list of rows, which needs it; one record has none.",
        ),
        OpenApiParameter(
            keeping.HEADER,
            {"type": "string", "pattern": keeping.PATTERN},
            OpenApiParameter.HEADER,
            description="A new text for each request: sent again with it, the request is done once.",
        ),
    ],
    "partial_update": [SEEN],
    "destroy": [SEEN],
}


class ArchiveSchema(AutoSchema):
    """Adds the problems each operation can answer with, and the parameters that shape an answer."""

    def get_override_parameters(self) -> list:
        action = getattr(self.view, "action", None)
        if filters := getattr(self.view, "action_filters", {}).get(action):
            return [*super().get_override_parameters(), *_filtering(filters)]
        serializer = getattr(self.view, "serializer_class", None)
        if not issubclass(serializer or object, ResourceSerializer):
            return super().get_override_parameters()
        if action in WRITES:
            return [*super().get_override_parameters(), *WRITES[action]]
        if action not in ("list", "retrieve"):
            return super().get_override_parameters()
        exports = [_format(self.view)] if action == "list" else []
        return [*super().get_override_parameters(), *exports, *_shaping(serializer, action)]

    def _get_response_bodies(self, direction: Direction = "response") -> dict:
        bodies = super()._get_response_bodies(direction)
        if getattr(self.view, "action", "") == "list" and hasattr(self.view, "exports_articles"):
            for name in formats(self.view)[1:]:
                media_type = FORMATS[name].media_type.split(";")[0]
                # A JSON Feed is one object; what has a record a line is a text to who reads it whole.
                kind = "object" if media_type.endswith("+json") else "string"
                bodies["200"]["content"][media_type] = {"schema": {"type": kind}}
        if getattr(self.view, "action", "") == "create":
            bodies["200"] = self._results()
        if self.method == "GET":
            bodies["304"] = self._not_modified().ref
        not_here = (WRITING if self.method == "GET" else set()) | (
            POSTING if self.method != "POST" else set()
        )
        for code in sorted(ERRORS.keys() - not_here):
            if code == "404" and getattr(self.view, "action", "") in ("list", "create"):
                continue
            # What can be taken down is an article.
            if code == "410" and not ("{id}" in self.path and shows_articles(self.view)):
                continue
            bodies.setdefault(code, self._problem(code).ref)
        return bodies

    def _get_request_body(self, direction: Direction = "request") -> dict | None:
        body = super()._get_request_body(direction)
        if getattr(self.view, "action", "") == "create" and body:
            # Spectacular knows one serializer for an operation; a list of rows is the same POST.
            for content in body["content"].values():
                content["schema"] = {"anyOf": [content["schema"], self._rows(content["schema"])]}
        return body

    def _rows(self, record: dict) -> dict:
        """A list of rows: each a whole record, or what is to be changed of one."""
        change = self.resolve_serializer(
            self.view.serializer_class(partial=True, context=build_serializer_context(self.view)), "request"
        )
        row = deepcopy(change.schema)
        row["description"] = "What is to be changed of a record that the row names by its key."
        row["properties"][IF_MATCH] = {"type": "string", "description": "What If-Match is for one record."}
        if self.view.lookup_field == "pk":
            row["properties"][ID] = {
                "type": "integer",
                "description": "Instead of the key, with mode=update.",
            }
        name = f"{self.view.model.__name__}Row"
        changed = ResolvedComponent(name, ResolvedComponent.SCHEMA, row, name)
        self.registry.register_on_missing(changed)
        return {
            "type": "array",
            "minItems": 1,
            "maxItems": MOST,
            "items": {"anyOf": [record, changed.ref]},
        }

    def _results(self) -> dict:
        found = ResolvedComponent("Results", ResolvedComponent.SCHEMA, RESULTS, "Results")
        self.registry.register_on_missing(found)
        return {
            "description": "What became of each row of a list.",
            "content": {"application/json": {"schema": found.ref}},
        }

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
            for name, found in schema.get("properties", {}).items():
                _tell(found, serializer.Meta.model, serializer.fields[name].source)
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


def _tell(found: dict, model: type[Model], name: str) -> None:
    """Add to the schema of a value that is written what the database will ask of it."""
    column = next((field for field in model._meta.concrete_fields if field.name == name), None)
    if column is None or column.is_relation:
        return
    if isinstance(column, EDTFField):
        found["format"] = EDTF
    elif isinstance(column, ArrayField):
        found["uniqueItems"] = True
        if name == "languages":
            found["items"]["pattern"] = LANGUAGE_TAG
    else:
        found.update(said_of(model, name))
    if found.get("pattern") == NOT_EMPTY:
        found["pattern"] = WORDS


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
            {"type": "array", "items": {"type": "string", "enum": says[name][0]}, "minItems": 1},
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
            return key_of(self.target.shape.Meta.model, self.target.slug_field)
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
