"""The examples of docs/api.md answer what the page says."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from archive.models import Article

pytestmark = pytest.mark.django_db

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
EXAMPLE = re.compile(r"```http\nGET (.+)\n```\n\n```json\n((?s:.*?))```")
EXAMPLES = EXAMPLE.findall(PAGE.read_text(encoding="utf-8"))
LEFT_OUT = "…"


def same(said: Any, found: Any) -> bool:
    """Whether `found` is what the page says: … stands for any value, and at a list's end for any more."""
    if said == LEFT_OUT:
        return found is not None
    if isinstance(said, dict) and isinstance(found, dict):
        return said.keys() == found.keys() and all(same(said[name], found[name]) for name in said)
    if isinstance(said, list) and isinstance(found, list):
        if said[-1:] == [LEFT_OUT]:
            said, found = said[:-1], found[: len(said) - 1]
        return len(said) == len(found) and all(map(same, said, found))
    return said == found


def test_every_example_is_run():
    assert len(EXAMPLES) == PAGE.read_text(encoding="utf-8").count("```http") > 15


@pytest.mark.parametrize(("request_", "said"), EXAMPLES, ids=[request for request, _said in EXAMPLES])
def test_an_example(fixtures, anonymous, request_, said):
    address = request_.replace("{article}", str(Article.objects.get().pk))
    answer = anonymous.get(quote(address, safe="/?=&,:%"))
    found = json.loads(answer.getvalue().decode().split("\n")[0]) if answer.streaming else answer.json()
    assert same(json.loads(said), found), found
