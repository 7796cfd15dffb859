"""Who may read and write, how they say who they are, and that history knows them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from knox.models import get_token_model
from rest_framework.test import APIClient

from archive.models import Event, Person
from tests.api.conftest import client_of, user_with
from tests.api.problems import problem
from tests.api.resources import VIEWS
from tests.api.samples import SAMPLES
from tests.factories import ArticleTextFactory, EventFactory, ParticipationFactory, PersonFactory

pytestmark = pytest.mark.django_db

NEW = {"slug": "fuad-hussein", "name": "فؤاد حسين"}


def token_of(user: User, **options) -> str:
    return get_token_model().objects.create(user, **options)[1]


def with_token(token: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
    return client


def write(client: APIClient, name: str, verb: str, row):
    where = f"/api/v1/{name}/{getattr(row, VIEWS[name].lookup_field)}/"
    return {
        "add": lambda: client.post(f"/api/v1/{name}/", SAMPLES[name].least()),
        "change": lambda: client.patch(where, SAMPLES[name].change),
        "delete": lambda: client.delete(where),
    }[verb]()


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("verb", ["add", "change", "delete"])
def test_a_write_needs_a_user_with_its_permission(name, verb):
    row = SAMPLES[name].add()
    model = VIEWS[name].model._meta.model_name
    refused = write(APIClient(), name, verb, row)
    problem(refused, 401)
    assert refused["WWW-Authenticate"] == "Token"
    others = [f"{other}_{model}" for other in ("add", "change", "delete", "view") if other != verb]
    problem(write(client_of(user_with(*others)), name, verb, row), 403)
    allowed = write(client_of(user_with(f"{verb}_{model}")), name, verb, row)
    assert allowed.status_code in (200, 201, 204), allowed.content.decode()


class TestToken:
    def test_a_token_writes(self):
        client = with_token(token_of(user_with("add_person")))
        assert client.post("/api/v1/persons/", NEW).status_code == 201

    def test_a_token_needs_no_csrf_token(self):
        client = APIClient(enforce_csrf_checks=True)
        client.credentials(HTTP_AUTHORIZATION=f"Token {token_of(user_with('add_person'))}")
        assert client.post("/api/v1/persons/", NEW).status_code == 201

    @pytest.mark.parametrize(
        "spoil", [lambda t: t[:-1] + "x", lambda t: t.upper(), lambda t: t[:8], lambda t: "x"]
    )
    def test_a_token_that_is_none(self, spoil):
        problem(with_token(spoil(token_of(user_with("add_person")))).get("/api/v1/persons/"), 401)

    def test_an_expired_token(self):
        token = token_of(user_with("add_person"), expiry=timedelta(seconds=-1))
        problem(with_token(token).post("/api/v1/persons/", NEW), 401)

    def test_a_token_lasts_ninety_days(self):
        instance, _ = get_token_model().objects.create(user_with())
        assert timedelta(days=89) < instance.expiry - timezone.now() < timedelta(days=91)

    def test_the_token_of_a_user_who_left(self):
        user = user_with("add_person")
        token = token_of(user)
        User.objects.filter(pk=user.pk).update(is_active=False)
        problem(with_token(token).post("/api/v1/persons/", NEW), 401)


class TestSession:
    @pytest.fixture
    def browser(self) -> APIClient:
        client = APIClient(enforce_csrf_checks=True)
        client.force_login(user_with("add_person"))
        return client

    def test_a_session_reads(self, browser, settings):
        settings.ANONYMOUS_READ = False
        assert browser.get("/api/v1/persons/").status_code == 200

    def test_a_session_writes_with_a_csrf_token_only(self, browser):
        problem(browser.post("/api/v1/persons/", NEW), 403)
        browser.cookies["csrftoken"] = secret = "a" * 32
        assert browser.post("/api/v1/persons/", NEW, HTTP_X_CSRFTOKEN=secret).status_code == 201
        assert Person.objects.count() == 1


class TestHistory:
    """Each write leaves rows that say who, why and which request."""

    def context(self, row) -> dict:
        latest = row.history.order_by("-pgh_id").first()
        return latest.pgh_context.metadata

    def test_a_change_by_token(self):
        user = user_with("change_person")
        person = PersonFactory()
        answer = with_token(token_of(user)).patch(f"/api/v1/persons/{person.slug}/", {"name": "آخر"})
        context = self.context(person)
        assert context["user"] == user.pk
        assert context["request"] == answer["X-Request-Id"]
        assert context["message"] == f"PATCH /api/v1/persons/{person.slug}/"

    def test_a_change_by_session(self):
        client = APIClient()
        client.force_login(user := user_with("add_person"))
        answer = client.post("/api/v1/persons/", NEW)
        context = self.context(Person.objects.get())
        assert (context["user"], context["request"]) == (user.pk, answer["X-Request-Id"])
        assert context["message"] == "POST /api/v1/persons/"

    def test_rows_of_a_list_and_what_goes_with_a_record(self, contributor):
        part = ParticipationFactory(event__status="suggested", status="suggested")
        history = type(part).history.field.model
        answer = contributor.delete(f"/api/v1/events/{part.event.slug}/")
        last = history.objects.filter(pgh_obj_id=part.pk).latest("pgh_id")
        assert last.pgh_label == "delete"
        assert last.pgh_context.metadata["request"] == answer["X-Request-Id"]
        assert last.pgh_context.metadata["message"] == f"DELETE /api/v1/events/{part.event.slug}/"

    def test_a_request_has_its_own_id(self, anonymous):
        one, other = (anonymous.get("/api/v1/", HTTP_X_REQUEST_ID="mine")["X-Request-Id"] for _ in range(2))
        assert len({one, other, "mine"}) == 3

    def test_a_refused_write_leaves_nothing(self, contributor):
        person = PersonFactory()
        before = person.history.count()
        contributor.patch(f"/api/v1/persons/{person.slug}/", {"name": "x", "slug": "Not A Slug"})
        assert person.history.count() == before

    def test_a_decision(self, editor):
        event = EventFactory(status="suggested")
        answer = editor.patch(f"/api/v1/events/{event.slug}/", {"status": "accepted"})
        context = self.context(event)
        assert context["request"] == answer["X-Request-Id"]
        assert context["user"]
        assert Event.objects.get().reviews.get().editor_id == context["user"]


@pytest.mark.parametrize("name", VIEWS)
def test_a_head_is_a_get_without_its_body(anonymous, name):
    row = SAMPLES[name].add()
    for where in (f"/api/v1/{name}/", f"/api/v1/{name}/{getattr(row, VIEWS[name].lookup_field)}/"):
        head, get = anonymous.head(where), anonymous.get(where)
        assert (head.status_code, head.content) == (200, b"")
        assert head["Content-Type"] == get["Content-Type"] == "application/json"


def test_options_say_what_an_address_takes(contributor):
    answer = contributor.options("/api/v1/persons/")
    assert (answer.status_code, answer["Allow"]) == (200, "GET, POST, HEAD, OPTIONS")


@pytest.mark.parametrize(
    "address",
    [
        *("", "persons/", "articles/facets/?by=source", "deletions/", "schema/"),
        *("persons/?evidence=none", "persons/nobody/", "nothing/"),
    ],
)
def test_an_answer_says_what_it_depends_on(anonymous, address):
    vary = anonymous.get(f"/api/v1/{address}")["Vary"].lower()
    depends = {"authorization", "cookie", "accept-language", "accept-encoding"}
    assert depends <= {word.strip() for word in vary.split(",")}


def test_the_way_in_names_every_resource(anonymous):
    links = anonymous.get("/api/v1/").json()
    assert links.keys() == {*VIEWS, "deletions", "schema", "docs"}
    for name, link in links.items():
        assert anonymous.get(link, HTTP_ACCEPT="*/*").status_code == 200, name


@pytest.mark.parametrize("address", ["sources/", "sources/none/", "schema/?format=json"])
def test_what_is_no_page_may_run_nothing(anonymous, address):
    """A browser that is led to an answer shows it, and does nothing that stands in it."""
    answer = anonymous.get(f"/api/v1/{address}")
    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


def test_who_is_signed_in_is_known_by_the_session_alone(client):
    """Programs are spared what pages need; a browser, which brings a cookie, is not."""
    editor = user_with("read_text")
    text = ArticleTextFactory(body="نص")
    address = f"/api/v1/articles/{text.article_id}/text/"
    assert client.get(address).status_code == 401
    client.force_login(editor)
    assert client.get(address).json()["body"] == "نص"
    # Nor may another site write in that name.
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user_with("add_source"))
    posted = strict.post("/api/v1/sources/", {"slug": "x", "name": "x"}, content_type="application/json")
    assert posted.status_code == 403
