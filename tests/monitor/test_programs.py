"""Programs, which bring no cookie, get by their shorter way what everybody else gets."""

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path

from monitor import urls
from monitor.programs import HEADERS, WAY
from tests.factories import ArticleFactory, PersonFactory

pytestmark = pytest.mark.django_db


def broken(request):
    raise RuntimeError("a mistake of ours")


def session(request):
    return HttpResponse(str(hasattr(request, "session")))


urlpatterns = [
    path("api/v1/broken/", broken),
    path("api/v1/session/", session),
    *urls.urlpatterns,
]
handler400, handler500 = urls.handler400, urls.handler500

# For pages alone: their sessions and forms, what they say to who is signed in, and what is not below /api/.
# The host is checked, and the length told, on the way of programs itself.
SPARED = {
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "axes.middleware.AxesMiddleware",
    "monitor.limits.SlowMiddleware",
}
# What a request is, but for its cookie.
REQUESTS = {
    "a list": {"path": "/api/v1/persons/"},
    "a record": {"path": "/api/v1/persons/fuad/"},
    "only its head": {"path": "/api/v1/persons/", "method": "HEAD"},
    "what there is": {"path": "/api/v1/persons/", "method": "OPTIONS"},
    "an export": {"path": "/api/v1/articles/?format=csv"},
    "packed": {"path": "/api/v1/schema/", "headers": {"Accept-Encoding": "gzip"}},
    "a page": {"path": "/api/v1/docs/"},
    "in Arabic": {"path": "/api/v1/persons/?nothing=1", "headers": {"Accept-Language": "ar"}},
    "a mistake": {"path": "/api/v1/persons/?nothing=1"},
    "nothing": {"path": "/api/v1/nothing"},
    "nothing below": {"path": "/api/nothing/"},
    "another method": {"path": "/api/v1/persons/fuad/", "method": "PUT"},
    "what needs a token": {"path": "/api/v1/persons/", "method": "POST"},
    "of another host": {"path": "/api/v1/persons/", "headers": {"Host": "elsewhere.example"}},
    "over HTTPS": {"path": "/api/v1/persons/", "secure": True},
    "a failure": {"path": "/api/v1/broken/"},
}


@pytest.fixture
def answers():
    PersonFactory(slug="fuad", name="فؤاد حسين")
    ArticleFactory()

    def ask(secure=False, method="GET", headers=None, path="", cookie=""):
        client = Client(raise_request_exception=False)
        if cookie:
            client.cookies["seen"] = cookie
        found = client.generic(method, path, secure=secure, headers=headers)
        body = b"".join(found.streaming_content) if found.streaming else found.content
        told = {name: value for name, value in found.items() if name != "X-Request-Id"}
        given = set(found.cookies) - {"seen"}
        return found.status_code, told, given, body.replace(found["X-Request-Id"].encode(), b"")

    return ask


@pytest.mark.parametrize("request_", REQUESTS)
@override_settings(ROOT_URLCONF=__name__, SECURE_HSTS_SECONDS=60, ARCHIVE_ANONYMOUS_READ=True)
def test_both_ways_lead_to_the_same_answer(answers, request_):
    assert answers(**REQUESTS[request_]) == answers(**REQUESTS[request_], cookie="1")


@override_settings(SECURE_SSL_REDIRECT=True)
def test_programs_are_sent_on_to_https_too(answers):
    status, headers, *_others = answers(path="/api/v1/persons/")
    assert (status, headers["Location"]) == (301, "https://testserver/api/v1/persons/")
    assert answers(path="/api/v1/persons/", secure=True)[0] in (200, 401)


@override_settings(ROOT_URLCONF=__name__)
def test_a_program_has_no_session(answers):
    assert answers(path="/api/v1/session/")[-1] == b"False"
    assert answers(path="/api/v1/session/", cookie="1")[-1] == b"True"


@pytest.mark.parametrize("path", ["/api/v1/docs/", "/api/v1/persons/"])
@pytest.mark.parametrize("cookie", ["", "1"])
@override_settings(ARCHIVE_ANONYMOUS_READ=True)
def test_what_is_still_right_keeps_the_policy_that_it_came_with(answers, path, cookie):
    tag = answers(path=path, cookie=cookie)[1]["ETag"]
    status, headers, *_others = answers(path=path, cookie=cookie, headers={"If-None-Match": tag})
    assert (status, headers["X-Frame-Options"]) == (304, "DENY")
    assert "Content-Security-Policy" not in headers


def test_programs_are_spared_what_is_known():
    """What comes to the settings has to be thought of for programs, too."""
    after = settings.MIDDLEWARE[settings.MIDDLEWARE.index("monitor.programs.ProgramsMiddleware") + 1 :]
    met = {f"{one.__module__}.{one.__qualname__}" for one in (*WAY, *HEADERS)}
    assert set(after) == met | SPARED
