"""docs/permissions.md says what each role may; each of its cells is tried, over the API and at the desk."""

import re
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from axes.models import AccessAttempt
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from archive.curate import roles
from archive.curate.accounts import make_token
from archive.curate.review import decide
from archive.models import Fact
from archive.queue import REFRESH_DERIVED, enqueue
from tests.admin.rows import FACTS, everything
from tests.api.conftest import client_of
from tests.api.resources import VIEWS
from tests.api.samples import SAMPLES
from tests.api.test_who import write
from tests.factories import ArticleTextFactory

pytestmark = pytest.mark.django_db
PAGE = (Path(__file__).resolve().parent.parent / "docs" / "permissions.md").read_text(encoding="utf-8")
WRITES = ("add", "change", "delete")


def table(heading: str) -> dict[tuple[str, str], set[str]]:
    """The cells of the table under `heading`, by row and column."""
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    columns = [cell.strip() for cell in lines[0][1:]]
    return {
        (row.strip().strip("`"), column): set(re.findall(r"\w+", cell))
        for row, *cells in lines[2:]
        for column, cell in zip(columns, cells, strict=True)
    }


API, DESK = table("Over the API"), table("At the desk")
ROLES = list(roles.GRANTS)


def member(role: str) -> User | None:
    if role == "anonymous":
        return None
    user = User.objects.create_user(f"a-{role}", password="x", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def test_the_page_leaves_nothing_out():
    assert {row for row, _ in API} >= VIEWS.keys()
    assert {column for _, column in API} == {"anonymous", *ROLES}
    assert {row for row, _ in DESK} == {model._meta.label_lower for model in admin.site._registry}
    assert {column for _, column in DESK} == set(ROLES)


@pytest.mark.parametrize(("resource", "role"), API)
def test_a_cell_of_the_api(resource, role, settings):
    settings.ANONYMOUS_READ = True
    may, client = API[resource, role], client_of(member(role))
    if resource not in VIEWS:
        article = ArticleTextFactory(body="نص الناشر").article
        answer = client.get(
            f"/api/v1/{resource.format(id=article.pk)}/", {"by": "source"} if "facets" in resource else {}
        )
        assert (answer.status_code == 200) is ("read" in may)
        assert answer.status_code in (200, 401, 403)
        for method in ("post", "patch", "delete", "put"):
            assert getattr(client, method)(f"/api/v1/{resource.format(id=article.pk)}/").status_code in (
                401,
                403,
                405,
            )
        return
    row = SAMPLES[resource].add()
    key = getattr(row, VIEWS[resource].lookup_field)
    for address in (f"/api/v1/{resource}/", f"/api/v1/{resource}/{key}/"):
        assert (client.get(address).status_code == 200) is ("read" in may)
    if issubclass(VIEWS[resource].model, Fact):
        answer = client.patch(f"/api/v1/{resource}/{key}/", {"status": "accepted"})
        assert (answer.status_code == 200) is ("decide" in may), answer.content
    for verb in WRITES:
        answer = write(client, resource, verb, SAMPLES[resource].add() if verb != "add" else row)
        refused = 401 if role == "anonymous" else 403
        allowed = answer.status_code in (200, 201, 204)
        assert allowed or answer.status_code == refused, answer.content
        assert allowed is (verb in may), verb


@pytest.mark.parametrize("resource", VIEWS)
def test_who_is_nobody_reads_only_where_the_setting_says_so(resource, settings):
    settings.ANONYMOUS_READ = False
    for address in (f"/api/v1/{resource}/", f"/api/v1/{resource}/?format=csv", "/api/v1/deletions/"):
        assert client_of().get(address).status_code == 401
    assert client_of(User.objects.create_user("x")).get(f"/api/v1/{resource}/").status_code == 200


def rows_at_the_desk() -> dict[str, int]:
    """The key of one row of each table that the desk has, facts suggested."""
    made = everything()
    decide([made[name] for name in FACTS], "suggested", User.objects.get(username="editor"))
    job = enqueue(REFRESH_DERIVED)
    token, _secret = make_token(User.objects.create_user("owner"), timedelta(days=1))
    attempt = AccessAttempt.objects.create(username="x", failures_since_start=1, ip_address="192.0.2.1")
    others = {
        "archive.token": token.pk,
        "auth.user": token.user_id,
        "auth.group": Group.objects.create(name="other").pk,
        "axes.accessattempt": attempt.pk,
        "procrastinate.procrastinatejob": ProcrastinateJob.objects.get(pk=job).pk,
    }
    return {f"archive.{name}": row.pk for name, row in made.items()} | others


@pytest.mark.parametrize("role", ROLES)
def test_the_cells_of_the_desk(role):
    keys = rows_at_the_desk()
    client = Client(headers={"accept-language": "en"})
    client.force_login(member(role))
    for (name, column), may in DESK.items():
        if column != role:
            continue
        at = f"admin:{name.replace('.', '_')}"
        listed = client.get(reverse(f"{at}_changelist"))
        one = client.get(reverse(f"{at}_change", args=[keys[name]]))
        assert (listed.status_code, one.status_code) == ((200, 200) if "view" in may else (403, 403)), name
        assert ('name="_save"' in one.content.decode()) is ("change" in may), name
        assert (client.get(reverse(f"{at}_add")).status_code == 200) is ("add" in may), name
        # A page that is not there for anybody is no door either.
        assert (client.get(reverse(f"{at}_delete", args=[keys[name]])).status_code == 200) is (
            "delete" in may
        ), name
        history = client.get(reverse(f"{at}_history", args=[keys[name]]))
        assert (history.status_code == 200) is ("view" in may), name
        if "view" in may:
            actions = (
                {value for value, _label in listed.context["action_form"].fields["action"].choices}
                if listed.context.get("action_form")
                else set()
            )
            assert ({"accept", "reject", "suggest"} <= actions) is ("decide" in may), name
            assert ("delete_selected" in actions) <= ("delete" in may), name


@pytest.mark.parametrize(("who", "status"), [(roles.ADMINISTRATOR, "todo"), ("superuser", "cancelled")])
def test_who_may_only_see_jobs_ends_none(client, admin_user, who, status):
    job = enqueue(REFRESH_DERIVED)
    client.force_login(admin_user if who == "superuser" else member(who))
    form = {"action": "cancel", "_selected_action": job}
    client.post(reverse("admin:procrastinate_procrastinatejob_changelist"), form)
    assert ProcrastinateJob.objects.get(pk=job).status == status


def test_nobody_without_a_role_comes_to_the_desk(client):
    assert client.get("/admin/").status_code == 302
    client.force_login(User.objects.create_user("x", is_staff=True))
    assert [app["models"] for app in client.get("/admin/").context["app_list"]] == []
    assert client.get("/admin/archive/article/").status_code == 403


class TestRoles:
    def held(self, role: str) -> set[str]:
        found = Group.objects.get(name=role).permissions.values_list("content_type__app_label", "codename")
        return {f"{app}.{name}" for app, name in found}

    @pytest.mark.parametrize("role", ROLES)
    def test_migrate_makes_them(self, role):
        assert self.held(role) == roles.permissions(role)

    def test_every_permission_that_is_given_is_there(self):
        known = {
            f"{p.content_type.app_label}.{p.codename}"
            for p in Permission.objects.select_related("content_type")
        }
        assert roles.permissions(roles.ADMINISTRATOR) <= known

    def test_each_may_what_the_one_before_may(self):
        sets = [roles.permissions(role) for role in ROLES]
        assert all(less < more for less, more in pairwise(sets))

    def test_every_table_of_records_is_given_to_somebody(self):
        """A table that comes later fails here until the declaration has it."""
        tables = {
            model._meta.model_name
            for model in apps.get_app_config("archive").get_models()
            if hasattr(model, "pgh_event_model")
        }
        given = {
            table
            for grants in roles.GRANTS.values()
            for app, _actions, named in grants
            if app == "archive"
            for table in named.split()
        }
        assert tables - given == set()

    def test_migrate_puts_right_what_was_changed_and_leaves_others_alone(self):
        group = Group.objects.get(name=roles.READER)
        group.permissions.add(Permission.objects.get(codename="add_user"))
        group.permissions.remove(Permission.objects.get(codename="view_article"))
        other = Group.objects.create(name="other")
        other.permissions.add(Permission.objects.get(codename="add_user"))
        Group.objects.get(name=roles.EDITOR).delete()
        call_command("migrate", verbosity=0)
        assert {role: self.held(role) for role in ROLES} == {role: roles.permissions(role) for role in ROLES}
        assert self.held("other") == {"auth.add_user"}
