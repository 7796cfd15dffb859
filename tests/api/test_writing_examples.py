"""The examples of docs/writing.md, in their order, answer what the page says."""

import json
import re
from pathlib import Path

from tests.api.test_examples import same

PAGE = Path(__file__).resolve().parents[2] / "docs" / "writing.md"
EXAMPLE = re.compile(
    r"```http\n([A-Z]+) (\S+)\n((?:[A-Za-z-]+: .*\n)*)(?:\n((?s:.*?))\n)?```\n\n```json\n(\d+)\n((?s:.*?))```"
)
EXAMPLES = EXAMPLE.findall(PAGE.read_text(encoding="utf-8"))


def test_every_example_is_run():
    assert len(EXAMPLES) == PAGE.read_text(encoding="utf-8").count("```http") > 12


def test_the_examples(fixtures, editor):
    tag, seen = "", []
    for method, address, lines, body, status, said in EXAMPLES:
        headers = dict(line.replace("{etag}", tag).split(": ", 1) for line in lines.splitlines())
        answer = editor.generic(
            method, address, body.encode(), content_type="application/json", headers=headers
        )
        example = f"{method} {address} {headers}"
        assert answer.status_code == int(status), (example, answer.content.decode())
        assert same(json.loads(said), answer.json()), (example, answer.json())
        tag = answer.get("ETag", "")
        seen.append("Idempotency-Replayed" in answer)
    assert sum(seen) == 1
