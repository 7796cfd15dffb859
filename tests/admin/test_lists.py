"""A list answers what it offers, and reads no more than it shows."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from archive.models import DERIVED, ArticleText, Mention
from tests.admin.desk import staff
from tests.admin.rows import BODY, everything

pytestmark = pytest.mark.django_db
TABLES = sorted(
    model._meta.model_name
    for model in apps.get_app_config("archive").get_models()
    if not hasattr(model, "pgh_tracked_model") and model not in DERIVED
)
EVERY = [f"{action}_{table}" for action in ("view", "change") for table in TABLES]


@pytest.mark.parametrize("lookup", ["body__startswith", "body__regex", "body", "sha256__startswith"])
@pytest.mark.parametrize(("table", "path"), [("articletext", ""), ("mention", "text__")])
def test_a_query_string_spells_out_no_column(client, admin_client, table, path, lookup):
    everything()
    url = reverse(f"admin:archive_{table}_changelist")
    staff(client, f"view_{table}")
    for whoever in (client, admin_client):
        assert whoever.get(url).status_code == 200
        assert whoever.get(url, {f"{path}{lookup}": BODY[:3]}).status_code == 400


def test_tokens_are_not_spelled_out_either(admin_client):
    assert admin_client.get("/admin/archive/token/", {"digest__startswith": "a"}).status_code == 400


def test_what_the_filters_offer_is_answered(admin_client, rf, admin_user):
    rows = everything()
    for table in TABLES:
        desk = admin.site.get_model_admin(apps.get_model("archive", table))
        url = reverse(f"admin:archive_{table}_changelist")
        filters = admin_client.get(url).context["cl"].filter_specs
        offered = {name for spec in filters for name in spec.expected_parameters()}
        if desk.date_hierarchy:
            offered |= {f"{desk.date_hierarchy}__{unit}" for unit in ("year", "month", "day")}
        request = rf.get(url)
        request.user = admin_user
        assert [name for name in offered if not desk.lookup_allowed(name, "1", request)] == [], table
    url = reverse("admin:archive_mention_changelist")
    for query in (
        {"person__id__exact": rows["person"].pk},
        {"proposed_name__isempty": 1},
        {"_to_field": "id"},
    ):
        assert admin_client.get(url, query).context["cl"].result_count == 1
    assert admin_client.get(url, {"person__id__exact": 0}).context["cl"].result_count == 0


@pytest.mark.parametrize("key", ["abc", "\0", "9" * 30, ""])
@pytest.mark.parametrize("action", ["accept", "delete_selected"])
def test_an_action_on_no_row_is_refused(admin_client, action, key):
    form = {"action": action, "_selected_action": key, "index": "0"}
    assert admin_client.post(reverse("admin:archive_mention_changelist"), form).status_code == 400


def test_lists_and_pages_leave_bodies_in_the_database(client, admin_client):
    rows = everything()
    staff(client, *EVERY)
    text = rows["articletext"].pk
    with CaptureQueriesContext(connection) as asked:
        for table in TABLES:
            for whoever in (client, admin_client):
                assert whoever.get(reverse(f"admin:archive_{table}_changelist")).status_code == 200
            page = client.get(reverse(f"admin:archive_{table}_change", args=[rows[table].pk]))
            assert page.status_code == 200
        for table in ("mention", "citation"):
            page = admin_client.get(reverse(f"admin:archive_{table}_add"), {"text": text})
            assert page.status_code == 200
    read = [q["sql"] for q in asked if '"body"' in q["sql"].replace('"body" IS NOT NULL', "")]
    assert read == []
    assert ArticleText.objects.get(pk=text).body == BODY
    assert Mention.objects.count() == 1
