"""Nothing that a reader can ask for shows it a publisher's words, or a fact that was rejected."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from archive.curate.history import acting
from archive.curate.review import decide
from archive.curate.roles import CONTRIBUTOR, EDITOR, READER
from archive.models import Article, Event
from archive.search.facets import DIMENSIONS
from tests.admin.rows import FACTS, everything
from tests.admin.test_pages import TABLES
from tests.api.conftest import client_of
from tests.api.resources import VIEWS
from tests.factories import (
    ArticleTextFactory,
    CitationFactory,
    EventFactory,
    EventLinkFactory,
    MentionFactory,
    ParticipationFactory,
)

pytestmark = pytest.mark.django_db

# Words that nothing else has: no title, name, surface or message of ours.
SECRET = "قصيدة زرقاء تمطر فوق قوارب الفضة البعيدة ولا يراها سوى بستاني أعمى يعد النجوم"
BODY = f"التقى الوزير في بغداد. {SECRET}. وتحدثا عن العراق."
# So many of its characters in a row are the text's.
WINDOW = 7
PIECES = {SECRET[at : at + WINDOW] for at in range(len(SECRET) - WINDOW + 1)}
REJECTED = "مؤامرة-مرفوضة"
REJECTED_SLUG, NOWHERE = "rejected-plot", "nowhere--plot"


def member(role: str) -> User:
    user = User.objects.create_user(role, password="x", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def article() -> Article:
    """One whose body is held, with evidence in it; and a rejected event with all that can rest on one."""
    text = ArticleTextFactory(body=BODY)
    start = BODY.index(SECRET)
    event = EventFactory(slug=REJECTED_SLUG, title=REJECTED, status="suggested")
    with acting("entered"):
        MentionFactory(text=text, start=BODY.index("العراق"))
        CitationFactory(text=text, start=start, end=start + len(SECRET))
        CitationFactory(text=text, start=0, end=5, event=event, status="accepted")
        part = ParticipationFactory(event=event, status="accepted")
        CitationFactory(text=text, start=0, end=6, event=None, participation=part, status="accepted")
        EventLinkFactory(event=EventFactory(), other=event, status="accepted")
    rejected = MentionFactory(text=text, start=0, surface="التقى", proposed_name="")
    decide([event, rejected], "rejected", User.objects.create_superuser("raiys"), f"{REJECTED} حقا")
    return text.article


def reads(article: Article) -> Iterator[str]:
    """What a program can ask for: every list in every order, form, shape, by every filter, and the rest."""
    found = "/api/v1/articles/?q=" + quote("قوارب")
    yield from (found, f"{found}&expand=highlights", f"{found}&ordering=relevance", f"{found}&format=jsonl")
    yield f"/api/v1/articles/?q={quote('العراق')}&expand=highlights"
    yield f"/api/v1/articles/?q={quote('قوارب الفضة')}&fields=title,highlights&ordering=relevance"
    yield f"/api/v1/articles/?more_like={article.pk}"
    for name, view in VIEWS.items():
        resource = view.serializer_class
        extra = [field for field in resource.extra if field != "highlights"]
        shapes = {"fields": [*resource.usual_fields(), *extra], "expand": [*resource.expands, *extra]}
        every = "&".join(f"{key}={','.join(dict.fromkeys(v))}" for key, v in shapes.items() if v)
        where = f"/api/v1/{name}/"
        yield from (where, f"{where}?{every}", f"{where}?format=csv", f"{where}?format=jsonl&{every}")
        if view.exports_articles:
            yield from (f"{where}?format={form}" for form in ("atom", "jsonfeed", "ninjs"))
        yield from (f"{where}?ordering={sign}{order}" for order in view.orders for sign in ("", "-"))
        # The beginning of the secret, which an error may say again: the rest must not follow.
        yield from (f"{where}?{filter_}={quote(SECRET[:3])}" for filter_ in view.filterset_class.base_filters)
        for row in view.model.objects.all():
            yield from (
                f"{where}{getattr(row, view.lookup_field)}/",
                f"{where}{getattr(row, view.lookup_field)}/?{every}",
            )
    for at in ("", "text/", "annotations/", "annotations/?page_size=1", "annotations/?evidence=accepted"):
        yield f"/api/v1/articles/{article.pk}/{at}"
    yield from (f"/api/v1/articles/facets/?by={by}&q={quote('قوارب')}" for by in DIMENSIONS)
    yield f"/api/v1/articles/timeline/?q={quote('قوارب')}&by=event"
    for name in ("persons", "countries"):
        view = VIEWS[name]
        yield from (
            f"/api/v1/{name}/{getattr(row, view.lookup_field)}/related/" for row in view.model.objects.all()
        )
    yield from ("/api/v1/deletions/", "/api/v1/schema/", "/api/v1/docs/", "/api/v1/")


def said(answer) -> str:
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return body.decode() + str(answer.headers)


def shows(text: str) -> list[str]:
    """The pieces of the secret that are in `text`."""
    return [piece for piece in PIECES if piece in text]


@pytest.mark.parametrize("role", [None, READER, CONTRIBUTOR])
def test_nothing_that_can_be_read_shows_a_text_or_a_rejected_fact(article, role):
    client = client_of(member(role) if role else None)
    asked = list(reads(article))
    for address in asked:
        answer = client.get(address)
        assert answer.status_code < 500, address
        text = said(answer)
        assert shows(text) == [], address
        # What names it itself may say that there is no such thing.
        if f"/events/{REJECTED_SLUG}/" not in address:
            assert REJECTED not in text, address
            # Its key is told as gone, as of what everybody saw before.
            assert REJECTED_SLUG not in text or "/deletions/" in address, address
        else:
            assert answer.status_code == 404, address
    assert len(asked) > 200


def test_who_may_see_them_does(article):
    """So that the test above looks for what there is to be seen."""
    client = client_of(member(EDITOR))
    assert shows(said(client.get(f"/api/v1/articles/{article.pk}/text/")))
    assert shows(said(client.get(f"/api/v1/articles/{article.pk}/annotations/")))
    found = f"/api/v1/articles/?q={quote('قوارب')}&expand=highlights"
    assert shows(said(client.get(found)))
    assert REJECTED in said(client.get(f"/api/v1/events/{REJECTED_SLUG}/"))


@pytest.mark.parametrize("role", [READER, CONTRIBUTOR])
def test_no_rejected_fact_is_known_by_its_answer(article, role):
    """One that was rejected and one that never was are answered alike."""
    client = client_of(member(role))
    for where in (
        "/api/v1/articles/?event={}",
        "/api/v1/events/{}/",
        "/api/v1/citations/?event={}",
        "/api/v1/articles/facets/?by=source&event={}",
        f"/api/v1/articles/?q={quote('event:')}{{}}",
    ):
        there, nowhere = (client.get(where.format(slug)) for slug in (REJECTED_SLUG, NOWHERE))
        assert there.status_code == nowhere.status_code, where
        assert there.content.decode().replace(REJECTED_SLUG, NOWHERE) == nowhere.content.decode(), where


# Of these there are no pages of history, nor of what was deleted.
BARE = ("review", "purge")


class TestDesk:
    """The same at the editors' desk."""

    def pages(self, rows: dict) -> Iterator[str]:
        for table in TABLES:
            yield reverse(f"admin:archive_{table}_changelist")
            if table not in BARE:
                yield reverse(f"admin:archive_{table}_deleted")
            for row in type(rows[table]).objects.all():
                for page in ("change", "delete") if table in BARE else ("change", "history", "delete"):
                    yield reverse(f"admin:archive_{table}_{page}", args=[row.pk])
        for model, field in (
            ("citation", "text"),
            ("citation", "event"),
            ("citation", "participation"),
            ("citation", "link"),
            ("eventlink", "other"),
            ("participation", "event"),
        ):
            yield reverse("admin:autocomplete") + f"?app_label=archive&model_name={model}&field_name={field}"
        yield reverse("admin:archive_article_changelist") + f"?q={quote('قوارب')}"
        yield reverse("admin:archive_event_changelist") + f"?q={quote('مؤامرة')}"
        yield reverse("admin:index")

    @pytest.fixture
    def rows(self) -> dict:
        return everything()

    @pytest.mark.parametrize("role", [READER, CONTRIBUTOR])
    def test_no_page_shows_a_text_or_a_rejected_fact(self, rows, article, role):
        client = Client()
        client.force_login(member(role))
        asked = list(self.pages(rows))
        for address in asked:
            answer = client.get(address)
            assert answer.status_code in (200, 302, 403, 404), address
            text = said(answer)
            assert shows(text) == [], address
            assert REJECTED not in text.replace(quote(REJECTED), ""), address
        assert len(asked) > 100

    def test_who_may_see_them_does(self, article):
        client = Client()
        client.force_login(member(EDITOR))
        event = Event.objects.get(slug=REJECTED_SLUG)
        assert REJECTED in said(client.get(reverse("admin:archive_event_change", args=[event.pk])))
        assert shows(said(client.get(reverse("admin:archive_article_change", args=[article.pk]))))
        text = article.texts.get()
        assert shows(said(client.get(reverse("admin:archive_articletext_change", args=[text.pk]))))


def test_every_kind_of_fact_is_looked_at():
    assert {table for table in TABLES if table in FACTS} == set(FACTS)


def test_an_error_says_nothing_of_a_text(article):
    """What is wrong with a write is told without the words that it was compared with."""
    user = member(CONTRIBUTOR)
    client: APIClient = client_of(user)
    text = article.texts.get()
    start = BODY.index(SECRET)
    span = {"text": text.pk, "start": start, "end": start + 20}
    for address, body in (
        ("/api/v1/mentions/", {**span, "surface": "غير ذلك", "country": None, "proposed_name": "فلان"}),
        ("/api/v1/citations/", {**span, "sha256": "0" * 64, "event": EventFactory().slug}),
        ("/api/v1/citations/", {**span, "event": EventFactory().slug}),
        ("/api/v1/mentions/", {**span, "end": 10**6, "surface": "غير ذلك", "proposed_name": "فلان"}),
    ):
        answer = client.post(address, body)
        assert answer.status_code == 400
        assert shows(said(answer)) == []
    wrong = [{"sha256": text.sha256, "length": 3, "body": "ثلاثة"}, {"sha256": text.sha256, "length": 3}]
    for row in wrong:
        answer = client.patch(f"/api/v1/articles/{article.pk}/", {"texts": [row]})
        assert answer.status_code in (400, 409)
        assert shows(said(answer)) == []
