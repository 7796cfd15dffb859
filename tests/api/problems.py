"""Reading the one shape of errors."""

from http import HTTPStatus

from django.http import HttpResponse


def problem(response: HttpResponse, status: int) -> dict:
    """The body of an error, after a look at its shape (RFC 9457)."""
    assert response.status_code == status, response.content.decode()[:500]
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["type"] == "about:blank"
    assert body["title"] == HTTPStatus(status).phrase
    assert body["status"] == status
    assert isinstance(body["detail"], str)
    assert body["detail"]
    # What was taken down says why, and when.
    more = {"reason", "purged"} if status == HTTPStatus.GONE else set()
    assert body.keys() <= {"type", "title", "status", "detail", "errors", "records"} | more
    for record in body.get("records", ()):
        assert record.keys() == {"kind", "id", "url"}
        assert record["url"].startswith("http://testserver/api/v1/")
    for error in body.get("errors", ()):
        place = {"position", "length"} & error.keys()
        assert place in (set(), {"position", "length"})
        assert error.keys() - place in ({"parameter", "code", "detail"}, {"pointer", "code", "detail"})
        assert all(isinstance(value, int if name in place else str) for name, value in error.items())
        assert error["detail"]
    return body


def parameters(response: HttpResponse) -> dict[str, str]:
    """What a 400 says of each query parameter."""
    return {error["parameter"]: error["detail"] for error in problem(response, 400)["errors"]}


def pointers(response: HttpResponse, status: int = 400) -> dict[str, str]:
    """What an error says of each place in the body."""
    return {error["pointer"]: error["detail"] for error in problem(response, status)["errors"]}
