"""What an editor decided, editors alone change; what was rejected, they alone see."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from archive.admin.evidence import evidence_of
from archive.curate.review import decide
from archive.models import Article, ArticleAddress, Event, Mention, Office, Participation, Person
from archive.models.review import TARGETS
from tests.admin.desk import errors, event_form, staff
from tests.admin.rows import BODY, FACTS, everything

pytestmark = pytest.mark.django_db
NO_INLINES = {"reviews-TOTAL_FORMS": 0, "reviews-INITIAL_FORMS": 0}
TABLES = ("article", "articletext", "articleabstract", "articleaddress", "person", "personname", *FACTS)
ALL = [f"{action}_{table}" for action in ("view", "add", "change", "delete") for table in TABLES]


@pytest.fixture
def rows():
    return everything()


@pytest.fixture
def writer(client):
    """One who may change everything and decide nothing, asking in English."""
    staff(client, *ALL)
    client.cookies["django_language"] = "en"
    return client


def page(name: str, *args) -> str:
    return reverse(f"admin:archive_{name}", args=args)


def status(rows, value: str, *names: str) -> None:
    """Give some of `rows`, or all the facts among them, the status `value`."""
    decide([rows[name] for name in names or FACTS], value, User.objects.get(username="editor"))


@pytest.mark.parametrize("table", FACTS)
def test_a_writer_changes_suggestions_alone(writer, rows, table):
    url = page(f"{table}_change", rows[table].pk)
    assert 'name="_save"' not in writer.get(url).content.decode()
    assert writer.post(url, NO_INLINES).status_code == 403
    assert writer.post(page(f"{table}_delete", rows[table].pk), {"post": "yes"}).status_code == 403
    status(rows, "suggested", table)
    assert 'name="_save"' in writer.get(url).content.decode()
    assert writer.post(url, NO_INLINES).status_code == 200  # with what the form misses


def test_a_suggestion_of_a_writer_is_changed_and_deleted(writer, rows):
    status(rows, "suggested")
    form = {"person": rows["person"].pk, "title": "سفير", "start": "2020", **NO_INLINES}
    assert writer.post(page("office_change", rows["office"].pk), form).status_code == 302
    assert Office.objects.get().title == "سفير"
    assert writer.post(page("office_delete", rows["office"].pk), {"post": "yes"}).status_code == 302
    assert not Office.objects.exists()


@pytest.mark.parametrize("table", FACTS)
def test_decided_facts_are_not_deleted_from_a_list(writer, rows, table):
    form = {"action": "delete_selected", "_selected_action": rows[table].pk, "post": "yes"}
    model = type(rows[table])
    writer.post(page(f"{table}_changelist"), form)
    assert model.objects.filter(pk=rows[table].pk).exists()


@pytest.mark.parametrize("change", [{"role": "host"}, {"DELETE": "on"}])
def test_decided_rows_of_an_event_stay(writer, admin_client, rows, change):
    status(rows, "suggested", "event")
    event, part = rows["event"], rows["participation"]
    row = {"id": part.pk, "event": event.pk, "role": "visitor", "person": part.person_id, "country": ""}
    inline = {f"participations-0-{name}": value for name, value in row.items()}
    form = event_form(title=event.title, slug=event.slug, start=event.start, **inline)
    form |= {"participations-TOTAL_FORMS": 1, "participations-INITIAL_FORMS": 1}
    changed = form | {f"participations-0-{name}": value for name, value in change.items()}
    url = page("event_change", event.pk)
    assert writer.post(url, form | {"title": "لقاء"}).status_code == 302
    assert "only those who decide may change it" in errors(writer.post(url, changed))
    part.refresh_from_db()
    assert part.role == "visitor"
    assert admin_client.post(url, changed).status_code == 302


@pytest.mark.parametrize("change", [{"title": "سفير"}, {"DELETE": "on"}])
def test_decided_offices_of_a_person_stay(writer, rows, change):
    person, office = rows["person"], rows["office"]
    row = {"id": office.pk, "person": person.pk, "title": office.title, "country": office.country_id}
    row |= {"start": "2020", "end": "", **change}
    form = {f"offices-0-{name}": value for name, value in row.items()}
    form |= {"offices-TOTAL_FORMS": 1, "offices-INITIAL_FORMS": 1, "names-TOTAL_FORMS": 0}
    form |= {"names-INITIAL_FORMS": 0, "name": person.name, "slug": person.slug}
    said = errors(writer.post(page("person_change", person.pk), form))
    assert "only those who decide may change it" in said
    assert Office.objects.get().title == office.title


def test_nothing_is_deleted_along_with_what_was_decided(writer, admin_client, rows):
    gone = (
        Event.objects.create(slug="e", title="e", type="consult"),
        Person.objects.create(slug="p", name="p"),
    )
    Participation.objects.create(event=gone[0], person=rows["person"], role="host", status="accepted")
    Office.objects.create(person=gone[1], title="وزير", status="rejected")
    for row in (rows["article"], *gone):
        table = row._meta.model_name
        delete = page(f"{table}_delete", row.pk)
        assert writer.post(delete, {"post": "yes"}).status_code == 403, table
        form = {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
        writer.post(page(f"{table}_changelist"), form)
        assert type(row).objects.filter(pk=row.pk).exists(), table
        assert admin_client.post(delete, {"post": "yes"}).status_code == 302, table
        assert not type(row).objects.filter(pk=row.pk).exists(), table


def test_an_article_of_suggestions_is_deleted(writer, rows):
    status(rows, "suggested")
    assert writer.post(page("article_delete", rows["article"].pk), {"post": "yes"}).status_code == 302
    assert not Article.objects.exists()


@pytest.mark.parametrize("table", FACTS)
def test_rejected_facts_are_shown_to_those_who_decide(writer, admin_client, rows, table):
    status(rows, "rejected", table)
    pk = rows[table].pk
    for client, shown in ((admin_client, True), (writer, False)):
        found = client.get(page(f"{table}_changelist")).context["cl"].result_list
        assert (pk in [row.pk for row in found]) is shown
        assert (client.get(page(f"{table}_change", pk)).status_code == 200) is shown
        assert (client.get(page(f"{table}_history", pk)).status_code == 200) is shown


def test_a_rejected_fact_that_is_gone_stays_hidden(writer, admin_client, rows):
    status(rows, "rejected", "office")
    pk = rows["office"].pk
    rows["office"].delete()
    assert page("office_history", pk) in admin_client.get(page("office_deleted")).content.decode()
    assert page("office_history", pk) not in writer.get(page("office_deleted")).content.decode()


def test_rejected_facts_are_in_no_inline_panel_or_choice(writer, admin_client, rows):
    status(rows, "rejected", "participation", "eventlink", "citation", "mention", "office")
    pages = [("event", "event"), ("person", "person"), ("articletext", "articletext")]
    for client, shown in ((admin_client, True), (writer, False)):
        for table, name in pages:
            response = client.get(page(f"{table}_change", rows[name].pk))
            formsets = [inline.formset for inline in response.context["inline_admin_formsets"]]
            facts = {f.model._meta.model_name: len(f.initial_forms) for f in formsets}
            assert {n for name, n in facts.items() if name in FACTS} == {int(shown)}, table
        groups = evidence_of(rows["article"].pk, client.get("/admin/").context["user"]).groups
        assert bool(groups) is shown
        asked = {"app_label": "archive", "model_name": "citation", "field_name": "office", "term": ""}
        assert bool(client.get(reverse("admin:autocomplete"), asked).json()["results"]) is shown


def test_a_rejected_fact_is_no_choice(writer, rows):
    status(rows, "rejected", "event")
    form = {"event": rows["event"].pk, "role": "host", "person": rows["person"].pk, **NO_INLINES}
    assert "event" in errors(writer.post(page("participation_add"), form))
    url = page("participation_changelist")
    html = writer.get(url, {"event__id__exact": rows["event"].pk}).content.decode()
    assert f'<option value="{rows["event"].pk}"' not in html


def test_reviews_of_rejected_facts_are_hidden_too(client, admin_client, rows):
    staff(client, "view_review")
    status(rows, "rejected", "mention")
    url = page("review_changelist")
    everybodys = len(admin_client.get(url).context["cl"].result_list)
    assert everybodys == len(TARGETS) + 1
    assert len(client.get(url).context["cl"].result_list) == everybodys - 2


@pytest.mark.parametrize("table", ["article", "articleaddress"])
def test_a_value_that_is_too_long_for_its_index_is_refused(admin_client, rows, table):
    letters = "".join(chr(0x4E00 + n * 7) for n in range(1960))  # nothing that compresses
    url, source = f"https://a.example/{letters}", rows["source"].pk
    inlines = {f"{n}-{p}_FORMS": 0 for n in ("abstracts", "addresses", "texts") for p in ("TOTAL", "INITIAL")}
    article = {
        "source": source,
        "title": "لقاء",
        "title_origin": "printed",
        "identifier": url,
        "language": "ar",
    }
    form = article | inlines if table == "article" else {"article": rows["article"].pk, "url": url}
    answer = admin_client.post(page(f"{table}_add"), form, follow=True, headers={"accept-language": "en"})
    assert [str(m) for m in answer.context["messages"]] == ["A value is too long for its index."]
    assert (Article.objects.count(), ArticleAddress.objects.count()) == (1, 1)


def test_the_hash_of_a_kept_text_follows_for_its_readers_alone(writer, rows):
    form = {"text": rows["articletext"].pk, "start": 6, "end": 15, "event": rows["event"].pk, **NO_INLINES}
    assert "archive.read_text" in errors(writer.post(page("citation_add"), form))


def test_a_decision_in_between_is_not_undone(writer, rows, monkeypatch):
    status(rows, "suggested", "mention")
    mention, found = rows["mention"], Mention.objects.get(pk=rows["mention"].pk)
    status(rows, "rejected", "mention")
    monkeypatch.setattr("django.contrib.admin.ModelAdmin.get_object", lambda *args: found)
    form = {"text": mention.text_id, "start": 6, "end": 15, "surface": BODY[6:15], "how": "title"}
    form |= {"person": mention.person_id, **NO_INLINES}
    with CaptureQueriesContext(connection) as asked:
        assert writer.post(page("mention_change", mention.pk), form).status_code == 403
    assert any("FOR NO KEY UPDATE" in query["sql"] for query in asked)
    mention.refresh_from_db()
    assert mention.status == "rejected"
