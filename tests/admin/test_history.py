"""Every record's page leads to who wrote it, when, why, and what was there before."""

import pytest
from django.urls import reverse

from archive.curate.history import acting
from archive.models import Person
from tests.admin.rows import everything

pytestmark = pytest.mark.django_db


def test_history_shows_who_why_and_what_changed(admin_client, admin_user):
    with acting("first entry", user=admin_user):
        person = Person.objects.create(slug="fuad-hussein", name="فواد حسين")
    with acting("spelling", user=admin_user):
        person.name = "فؤاد حسين"
        person.save()
    response = admin_client.get(reverse("admin:archive_person_history", args=[person.pk]))
    newest, oldest = response.context["entries"]
    assert (newest.user, newest.message) == (admin_user.get_username(), "spelling")
    assert [(c.before, c.after) for c in newest.changes] == [("فواد حسين", "فؤاد حسين")]
    assert oldest.message == "first entry"
    html = response.content.decode()
    assert "<del><bdi>فواد حسين</bdi></del>" in html
    assert "spelling" in html


def test_related_records_have_names_and_choices_labels(admin_client):
    rows = everything()
    response = admin_client.get(
        reverse("admin:archive_participation_history", args=[rows["participation"].pk]),
        HTTP_ACCEPT_LANGUAGE="en",
    )
    decided, added = response.context["entries"]
    assert [(c.before, c.after) for c in decided.changes] == [("Suggested", "Accepted")]
    assert {str(rows["event"]), str(rows["person"]), "Visitor"} <= {c.after for c in added.changes}


def test_a_writer_in_the_desk_is_named(admin_client, admin_user):
    form = {
        "name": "إيلاف",
        "slug": "elaph",
        "description": "",
        "members-TOTAL_FORMS": 0,
        "members-INITIAL_FORMS": 0,
    }
    admin_client.post("/admin/archive/sourcecollection/add/", form)
    response = admin_client.get("/admin/archive/sourcecollection/")
    pk = response.context["cl"].result_list[0].pk
    (entry,) = admin_client.get(reverse("admin:archive_sourcecollection_history", args=[pk])).context[
        "entries"
    ]
    assert entry.user == admin_user.get_username()
    assert entry.request


def test_the_deleted_are_listed_and_keep_their_history(admin_client, admin_user):
    person = Person.objects.create(slug="fuad-hussein", name="فؤاد حسين")
    pk = person.pk
    with acting("a duplicate", user=admin_user):
        person.delete()
    html = admin_client.get(reverse("admin:archive_person_deleted")).content.decode()
    history = reverse("admin:archive_person_history", args=[pk])
    assert "a duplicate" in html
    assert history in html
    assert len(admin_client.get(history).context["entries"]) == 2


@pytest.mark.parametrize("key", ["0", "x", "99999999999999999999", "%00"])
def test_no_history_of_what_never_was(admin_client, key):
    assert admin_client.get(f"/admin/archive/person/{key}/history/").status_code in (302, 404)


def test_a_long_history_asks_a_constant_number_of_queries(admin_client, django_assert_max_num_queries):
    rows = everything()
    for number in range(60):
        rows["office"].title = f"وزير {number}"
        rows["office"].save()
    with django_assert_max_num_queries(10):
        page = admin_client.get(reverse("admin:archive_office_history", args=[rows["office"].pk]))
    assert len(page.context["entries"]) == 50
    assert page.context["entries"][-1].changes[0].before == "وزير 9"
