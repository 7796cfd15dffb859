"""Exports as a client reads them."""

import json

LIST = "/api/v1/articles/"


def streamed(client, address: str, **query) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200, answer.content
    assert answer.streaming
    return answer.getvalue().decode()


def lines(text: str) -> list[dict]:
    return [json.loads(line) for line in text.split("\n")[:-1]]
