"""Whether the servers answer alike: what is compared is worth comparing."""

import json
from typing import Any

from bench.api.lines import Line
from bench.api.servers import Server

LOOKED_AT = 5


def compare(line: Line, servers: dict[str, Server]) -> tuple[dict[str, int], dict[str, str]]:
    """The size of an answer, the middle one of some, by server; and why a server cannot be measured, or
    where it differs from the first."""
    sizes: dict[str, int] = {}
    notes: dict[str, str] = {}
    first: list[Any] = []
    for name, server in servers.items():
        answers = [server.get(path) for path in line.paths[name][:LOOKED_AT]]
        if wrong := [status for status, _body in answers if status != 200]:
            notes[name] = f"answers {wrong[0]}"
            continue
        sizes[name] = sorted(len(body) for _status, body in answers)[len(answers) // 2]
        parsed = [_shown(json.loads(body)) for _status, body in answers]
        if not first:
            first = parsed
        elif where := difference(first, parsed):
            notes[name] = f"differs at {where}"
    return sizes, notes


def _shown(answer: Any) -> Any:
    """Of a page its rows: each server has links of its own."""
    return answer.get("results", answer) if isinstance(answer, dict) else answer


def difference(one: Any, other: Any, at: str = "") -> str:
    """Where two parsed answers first differ; empty where they do not."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in one.keys() | other.keys():
            if key not in one or key not in other:
                return f"{at}/{key}: only one has it"
            if found := difference(one[key], other[key], f"{at}/{key}"):
                return found
        return ""
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, (a, b) in enumerate(zip(one, other, strict=True)):
            if found := difference(a, b, f"{at}/{index}"):
                return found
        return ""
    return "" if one == other else f"{at}: {str(one)[:60]} and {str(other)[:60]}"
