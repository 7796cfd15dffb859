"""What an editor may write, what is refused with a word, and what nobody can change."""

import pytest
from django.contrib.auth.models import Permission
from django.forms import ModelForm
from django.urls import reverse

from archive.admin.forms import RecordForm
from archive.models import ArticleText, Citation, Event, Mention, Office, Status
from archive.text import sha256_hex
from tests.admin.desk import errors, event_form, staff
from tests.admin.rows import BODY, everything

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows():
    return everything()


@pytest.fixture
def english(admin_client):
    admin_client.cookies["django_language"] = "en"
    return admin_client


ADD_EVENT = "/admin/archive/event/add/"


@pytest.mark.parametrize("date", ["2021/08/23", "٢٠٢١", "2021-13", "1955/1957", "yesterday"])
def test_a_date_that_does_not_parse_is_refused(english, date):
    assert "start" in english.post(ADD_EVENT, event_form(start=date)).context["adminform"].form.errors
    assert not Event.objects.exists()


def test_dates_explain_their_syntax_and_what_they_mean(english, rows):
    html = english.get(reverse("admin:archive_event_change", args=[rows["event"].pk])).content.decode()
    assert "EDTF" in html
    assert 'class="edtf"' in html
    rows["event"].start = "1955-01"
    rows["event"].save()
    html = english.get(reverse("admin:archive_event_change", args=[rows["event"].pk])).content.decode()
    assert '<bdi dir="ltr">1955-01-01 – 1955-01-31</bdi>' in html


def test_rules_on_columns_that_the_form_lacks_are_told_too(english):
    said = errors(english.post(ADD_EVENT, event_form(start="2021", end="1955")))
    assert "The event ends before it starts." in said


def test_a_rule_that_only_the_database_saw_is_told_as_well(english, monkeypatch):
    monkeypatch.setattr(RecordForm, "_post_clean", ModelForm._post_clean)
    answer = english.post(ADD_EVENT, event_form(start="2021", end="1955"), follow=True)
    assert [str(m) for m in answer.context["messages"]] == ["The event ends before it starts."]


def test_a_decided_fact_can_be_deleted(english, rows):
    page = reverse("admin:archive_office_delete", args=[rows["office"].pk])
    assert english.post(page, {"post": "yes"}).status_code == 302
    assert not Office.objects.filter(pk=rows["office"].pk).exists()


def test_a_row_that_is_there_twice_is_refused(english, rows):
    twice = {"participations-TOTAL_FORMS": 2}
    for n in (0, 1):
        twice |= {f"participations-{n}-role": "host", f"participations-{n}-country": rows["country"].pk}
    assert "This row is there twice." in errors(english.post(ADD_EVENT, event_form(**twice)))


@pytest.mark.parametrize(("may_decide", "status"), [(True, "accepted"), (False, "suggested")])
def test_what_an_editor_adds_is_accepted(client, may_decide, status):
    permissions = ["add_event", "view_event", "add_participation", "view_country"]
    staff(client, *permissions, *(["add_review"] if may_decide else []))
    country = everything()["country"]
    form = event_form(
        **{
            "participations-TOTAL_FORMS": 1,
            "participations-0-role": "host",
            "participations-0-country": country.pk,
        }
    )
    assert client.post(ADD_EVENT, form).status_code == 302
    event = Event.objects.get(slug="a-visit")
    assert (event.status, event.participations.get().status) == (status, status)


def test_a_mention_of_nobody_yet_stays_a_suggestion(english, rows):
    form = {
        "text": rows["articletext"].pk,
        "start": 0,
        "end": 5,
        "surface": BODY[:5],
        "how": "name",
        "proposed_name": "زيد",
        "reviews-TOTAL_FORMS": 0,
        "reviews-INITIAL_FORMS": 0,
    }
    assert english.post("/admin/archive/mention/add/", form).status_code == 302
    assert Mention.objects.get(proposed_name="زيد").status == Status.SUGGESTED


@pytest.mark.parametrize(
    ("span", "complaint"),
    [
        ((0, 5, "other"), "The text has other words there."),
        ((40, 99, "x" * 59), "The text has only"),
        ((5, 5, "x"), "ends after"),
    ],
)
def test_a_span_must_be_in_the_text(english, rows, span, complaint):
    start, end, surface = span
    form = {
        "text": rows["articletext"].pk,
        "start": start,
        "end": end,
        "surface": surface,
        "how": "name",
        "person": rows["person"].pk,
        "reviews-TOTAL_FORMS": 0,
        "reviews-INITIAL_FORMS": 0,
    }
    assert complaint in errors(english.post("/admin/archive/mention/add/", form))


def test_a_citation_takes_its_hash_from_the_text(english, rows):
    form = {
        "text": rows["articletext"].pk,
        "start": 6,
        "end": 15,
        "event": rows["event"].pk,
        "reviews-TOTAL_FORMS": 0,
        "reviews-INITIAL_FORMS": 0,
    }
    assert english.post("/admin/archive/citation/add/", form).status_code == 302
    assert Citation.objects.get(start=6).sha256 == sha256_hex(BODY[6:15])


def text_form(article, **fields) -> dict:
    return {"article": article.pk, "obtained": "file", "obtained_at_0": "", "obtained_at_1": "", **fields}


def test_a_text_takes_its_hash_from_its_body(english, rows):
    # Browsers send CR LF.
    form = text_form(rows["article"], body=" سطر\r\nآخر ")
    assert english.post("/admin/archive/articletext/add/", form).status_code == 302
    body = " سطر\nآخر "
    text = ArticleText.objects.get(sha256=sha256_hex(body))
    assert (text.body, text.length) == (body, len(body))


def test_a_body_is_shown_to_readers_alone_and_attached_once(client, rows):
    page = reverse("admin:archive_articletext_change", args=[rows["articletext"].pk])
    user = staff(client, "view_articletext", "change_articletext")
    assert BODY not in client.get(page).content.decode()
    user.user_permissions.add(Permission.objects.get(codename="read_text"))
    html = client.get(page).content.decode()
    assert BODY in html
    assert "<textarea" not in html

    kept = ArticleText.objects.create(
        article=rows["article"], sha256=sha256_hex("نص"), length=2, obtained="page"
    )
    page = reverse("admin:archive_articletext_change", args=[kept.pk])
    form = {"obtained": "page", "obtained_at_0": "", "obtained_at_1": ""}
    assert client.post(page, {**form, "body": "نص آخر"}).status_code == 200
    assert client.post(page, {**form, "body": "نص"}).status_code == 302
    kept.refresh_from_db()
    assert kept.body == "نص"


def test_words_in_a_name_are_text_and_never_markup(english, rows):
    evil = '<img src=x onerror="alert(1)">\u202e'
    for table, field in (("person", "name"), ("article", "title"), ("event", "title"), ("country", "name")):
        row = rows[table]
        setattr(row, field, evil)
        row.save()
    for table in ("person", "article", "event", "country", "mention", "participation", "citation", "review"):
        pages = [("changelist", []), ("change", [rows[table].pk]), ("history", [rows[table].pk])]
        for page, args in pages[:2] if table == "review" else pages:
            html = english.get(reverse(f"admin:archive_{table}_{page}", args=args)).content.decode()
            assert "<img src=x" not in html, (table, page)


def test_an_article_shows_its_evidence(english, rows):
    html = english.get(reverse("admin:archive_article_change", args=[rows["article"].pk])).content.decode()
    evidence = html[html.index('id="evidence"') :]
    for expected in (
        reverse("admin:archive_person_change", args=[rows["person"].pk]),
        reverse("admin:archive_mention_change", args=[rows["mention"].pk]),
        reverse("admin:archive_event_change", args=[rows["event"].pk]),
        reverse("admin:archive_citation_change", args=[rows["citation"].pk]),
        "[6, 15)",
        "Accepted",
        f"mention/add/?text={rows['articletext'].pk}",
    ):
        assert expected in evidence


def test_a_body_that_contradicts_the_evidence_or_comes_with_an_error_is_not_attached(english, rows):
    body = "نص آخر"
    text = ArticleText.objects.create(
        article=rows["article"], sha256=sha256_hex(body), length=len(body), obtained="page"
    )
    page = reverse("admin:archive_articletext_change", args=[text.pk])
    inlines = {
        f"{name}-{part}_FORMS": 0 for name in ("mentions", "citations") for part in ("TOTAL", "INITIAL")
    }
    form = text_form(rows["article"], body=body, **inlines)
    mention = Mention.objects.create(text=text, start=0, end=2, surface="كل", person=rows["person"])
    assert f"mention {mention.pk}" in errors(english.post(page, form))
    mention.delete()
    assert "obtained" in errors(english.post(page, form | {"obtained": "by post"}))
    text.refresh_from_db()
    assert text.body is None

    # A body of another version of the article is not this one's.
    ArticleText.objects.filter(pk=rows["articletext"].pk).update(body=None)
    assert "does not match" in errors(english.post(page, form | {"body": BODY}))
    assert not ArticleText.objects.filter(body__isnull=False).exists()

    assert english.post(page, form).status_code == 302
    text.refresh_from_db()
    assert text.body == body


def test_a_body_is_attached_by_its_readers_alone(client, rows):
    text = ArticleText.objects.create(
        article=rows["article"], sha256=sha256_hex("نص"), length=2, obtained="page"
    )
    staff(client, "view_articletext", "change_articletext")
    page = reverse("admin:archive_articletext_change", args=[text.pk])
    assert client.post(page, text_form(rows["article"], body="نص")).status_code == 302
    text.refresh_from_db()
    assert text.body is None
