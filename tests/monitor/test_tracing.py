"""A request's id and its line in the log, and what every line of the log looks like."""

import io
import json
import logging
import re

import pytest
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import path

from monitor import logs
from monitor.urls import handler400, handler500  # noqa: F401 (these addresses answer as the archive's do)
from tests.api.conftest import user_with
from tests.api.test_who import token_of, with_token

pytestmark = pytest.mark.django_db


def boom(request):
    raise RuntimeError("كسر")


def slowly(request):
    return StreamingHttpResponse(iter([b"a", b"b"]))


urlpatterns = [path("api/boom", boom), path("boom", boom), path("slowly", slowly)]


@pytest.fixture(autouse=True)
def _requests_are_logged(settings):
    settings.ARCHIVE_LOG_REQUESTS = True


@pytest.fixture
def lines():
    """Call it for the lines that were logged so far, each as JSON."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.formatter("json"))
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


def requests_of(lines):
    return [line for line in lines() if line["logger"] == "monitor.requests"]


class TestTheLineOfARequest:
    def test_it_says_what_was_answered(self, lines):
        answer = Client().get("/api/v1/persons/nobody/")
        (line,) = requests_of(lines)
        assert line.pop("timestamp").endswith("Z")
        assert line.pop("ms") >= 0
        assert line == {
            "event": "request",
            "level": "info",
            "logger": "monitor.requests",
            "method": "GET",
            "path": "/api/v1/persons/nobody/",
            "request_id": answer["X-Request-Id"],
            "status": 404,
            "user": None,
        }

    def test_it_names_whose_token_it_was(self, lines):
        user = user_with("read_text")
        token = token_of(user)
        with_token(token).get("/api/v1/persons/")
        (line,) = requests_of(lines)
        assert line["user"] == user.pk
        assert token not in json.dumps(line)

    def test_it_names_who_is_signed_in(self, lines, admin_client, admin_user):
        admin_client.get("/admin/")
        assert requests_of(lines)[-1]["user"] == admin_user.pk

    def test_it_holds_nothing_of_the_query(self, lines):
        Client().get("/api/v1/articles/?q=secret-words&unknown-secret=1")
        assert "secret" not in json.dumps(lines())

    def test_a_path_cannot_pass_for_another_line(self, lines):
        Client().get("/api/v1/persons/\n\u202e\x1b[31m/")
        (line,) = requests_of(lines)
        assert re.fullmatch(r"[\x21-\x7e]+", line["path"])

    def test_it_can_be_turned_off(self, lines, settings):
        settings.ARCHIVE_LOG_REQUESTS = False
        assert Client().get("/api/v1/")["X-Request-Id"]
        assert requests_of(lines) == []

    @pytest.mark.urls(__name__)
    def test_of_what_is_streamed_it_comes_at_the_end(self, lines):
        answer = Client().get("/slowly")
        assert requests_of(lines) == []
        assert b"".join(answer.streaming_content) == b"ab"
        (line,) = requests_of(lines)
        assert (line["status"], line["request_id"]) == (200, answer["X-Request-Id"])


class TestTheId:
    NGINX = "0f2a7c3be9d84b17a3c5f6d7e8091a2b"

    def test_one_that_comes_along_is_not_believed(self):
        assert Client(headers={"X-Request-Id": self.NGINX}).get("/api/v1/")["X-Request-Id"] != self.NGINX

    def test_a_trusted_proxy_gives_it(self, settings):
        settings.PROXIES = 1
        assert Client(headers={"X-Request-Id": self.NGINX}).get("/api/v1/")["X-Request-Id"] == self.NGINX

    @pytest.mark.parametrize("given", ["short", "a" * 65, "spaces are none", "<script>alert(1)</script>"])
    def test_what_is_none_is_replaced(self, settings, given):
        settings.PROXIES = 1
        assert Client(headers={"X-Request-Id": given}).get("/api/v1/")["X-Request-Id"] != given


@pytest.mark.urls(__name__)
class TestAMistakeOfOurs:
    client = Client(raise_request_exception=False)

    def test_the_problem_names_the_request(self):
        answer = self.client.get("/api/boom")
        assert answer.status_code == 500
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["request"] == answer["X-Request-Id"]
        assert answer["X-Request-Id"] in answer.json()["detail"]

    def test_the_problem_says_nothing_of_the_mistake(self):
        assert "كسر" not in self.client.get("/api/boom").content.decode()

    def test_the_log_says_it_under_the_same_id(self, lines):
        answer = self.client.get("/api/boom")
        (line,) = [line for line in lines() if line["logger"] == "django.request"]
        assert (line["level"], line["request_id"]) == ("error", answer["X-Request-Id"])
        assert "RuntimeError: كسر" in line["exception"]

    def test_a_page_is_a_page(self):
        answer = self.client.get("/boom")
        assert (answer.status_code, answer["Content-Type"]) == (500, "text/html; charset=utf-8")
        assert answer["X-Request-Id"]

    def test_what_is_logged_later_is_not_of_this_request(self, lines):
        self.client.get("/boom")
        logging.getLogger("after").error("later")
        assert "request_id" not in lines()[-1]


@pytest.mark.parametrize("logger", ["django.db", "gunicorn.error", "procrastinate.worker", "archive.tasks"])
def test_whoever_logs_the_line_has_the_same_members(lines, logger):
    logging.getLogger(logger).error("%s rows: %s", 3, "مقالات")
    line = lines()[-1]
    assert line.pop("timestamp")
    assert line == {"event": "3 rows: مقالات", "level": "error", "logger": logger}


def test_for_people_a_line_is_no_json():
    record = logging.LogRecord("archive", logging.WARNING, __file__, 1, "a %s", ("word",), None)
    line = logs.formatter("text").format(record)
    assert "a word" in line
    assert not line.startswith("{")
