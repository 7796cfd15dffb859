"""The checked-in schema as a judge of real requests and answers."""

import re
from functools import cache
from typing import Any

import yaml
from django.http import HttpResponse
from jsonschema import Draft202012Validator

from tests.tools.schema import SNAPSHOT


@cache
def schema() -> dict:
    """The snapshot, with objects that have no more properties than it names."""
    found = yaml.safe_load(SNAPSHOT.read_text(encoding="utf-8"))
    for component in found["components"]["schemas"].values():
        if component.get("type") == "object":
            component.setdefault("additionalProperties", False)
    return found


def operation(method: str, address: str) -> dict:
    """What the schema says of a request to `address`."""
    path = address.split("?")[0].removeprefix("http://testserver")
    # What has no parameter comes first: articles/facets/ is no article.
    for template, methods in sorted(schema()["paths"].items(), key=lambda item: "{" in item[0]):
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            return methods[method.lower()]
    raise AssertionError(f"{path} is not in the schema")


def conforms(value: Any, described: dict) -> None:
    """Fail unless `value` is what `described`, a piece of the schema, allows."""
    judge = Draft202012Validator({**described, "components": schema()["components"]})
    problems = [f"{error.json_path}: {error.message[:300]}" for error in judge.iter_errors(value)]
    assert not problems, problems


def answers(response: HttpResponse) -> None:
    """Fail unless `response` is what the schema says of its request and status."""
    request = response.wsgi_request
    described = operation(request.method, request.path)["responses"].get(str(response.status_code))
    assert described, f"{request.method} {request.path}: {response.status_code} is not in the schema"
    if "$ref" in described:
        described = schema()["components"]["responses"][described["$ref"].rsplit("/", 1)[1]]
    if "content" not in described:
        assert response.content == b""
        return
    conforms(response.json(), described["content"][response["Content-Type"].split(";")[0]]["schema"])


def takes(method: str, address: str, body: Any) -> None:
    """Fail unless the schema allows `body` in a request."""
    described = operation(method, address)["requestBody"]["content"]["application/json"]["schema"]
    conforms(body, described)
