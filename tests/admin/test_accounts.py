"""Users, roles, tokens and logging in, at the desk: nobody hands out what they do not have."""

import re
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.core import management
from django.test import Client
from django.urls import reverse

from archive.curate.accounts import make_token
from archive.curate.roles import ADMINISTRATOR, CONTRIBUTOR, EDITOR, GRANTS, READER
from archive.models import Token
from tests.api.test_who import with_token

pytestmark = pytest.mark.django_db
PASSWORD = "kalimat-sirr-tawila"
LOGIN = "/admin/login/"


def member(role: str, name: str = "", **fields) -> User:
    user = User.objects.create_user(name or role, password=PASSWORD, is_staff=True, **fields)
    user.groups.add(Group.objects.get(name=role))
    return user


def desk(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


@pytest.fixture
def administrator() -> User:
    return member(ADMINISTRATOR)


def user_form(user: User, **changes) -> dict:
    form = {"username": user.username, "is_active": "on", "groups": [g.pk for g in user.groups.all()]}
    return form | ({"is_staff": "on"} if user.is_staff else {}) | changes


def change(client: Client, user: User, **changes):
    return client.post(reverse("admin:auth_user_change", args=[user.pk]), user_form(user, **changes))


class TestUsers:
    def test_an_administrator_gives_a_role(self, administrator):
        user = User.objects.create_user("jadid")
        editors = Group.objects.get(name=EDITOR)
        assert change(desk(administrator), user, is_staff="on", groups=[editors.pk]).status_code == 302
        user.refresh_from_db()
        assert user.is_staff
        assert user.has_perm("archive.add_review")

    def test_an_administrator_makes_no_superuser(self, administrator):
        for user in (administrator, User.objects.create_user("jadid")):
            assert change(desk(administrator), user, is_superuser="on").status_code == 302
            user.refresh_from_db()
            assert not user.is_superuser

    def test_an_administrator_gives_no_permission_that_it_lacks(self, administrator):
        more = Permission.objects.get(codename="add_permission")
        group = Group.objects.create(name="more")
        group.permissions.add(more)
        answer = change(desk(administrator), administrator, groups=[group.pk])
        assert "groups" in answer.context["adminform"].form.errors
        assert change(desk(administrator), administrator, user_permissions=[more.pk]).status_code == 302
        assert not User.objects.get(pk=administrator.pk).has_perm("auth.add_permission")

    @pytest.mark.parametrize("page", ["change", "delete", "password_change"])
    def test_an_administrator_leaves_superusers_alone(self, administrator, admin_user, page):
        client = desk(administrator)
        name = "auth_user_password_change" if page == "password_change" else f"admin:auth_user_{page}"
        url = reverse(f"admin:{name}" if page == "password_change" else name, args=[admin_user.pk])
        form = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true", "post": "yes"}
        assert client.post(url, {**user_form(admin_user), **form}).status_code == 403
        admin_user.refresh_from_db()
        assert admin_user.check_password("password")
        form = {"action": "delete_selected", "_selected_action": admin_user.pk, "post": "yes"}
        client.post(reverse("admin:auth_user_changelist"), form)
        assert User.objects.filter(pk=admin_user.pk).exists()

    def test_a_query_string_spells_out_no_password(self, administrator):
        for lookup in ("password__startswith", "password__regex", "auth_token_set__digest__startswith"):
            answer = desk(administrator).get(reverse("admin:auth_user_changelist"), {lookup: "p"})
            assert answer.status_code == 400

    def test_a_password_is_long(self, administrator):
        url = reverse("admin:auth_user_add")
        form = {"username": "jadid", "usable_password": "true"}
        short = desk(administrator).post(url, {**form, "password1": "Tr0mb0ne-x", "password2": "Tr0mb0ne-x"})
        assert "password2" in short.context["adminform"].form.errors
        form |= {"password1": PASSWORD, "password2": PASSWORD}
        assert desk(administrator).post(url, form).status_code == 302
        assert User.objects.get(username="jadid").password.startswith("scrypt$")

    @pytest.mark.parametrize("role", GRANTS)
    def test_the_roles_are_changed_by_nobody(self, admin_client, role):
        group = Group.objects.get(name=role)
        assert (
            admin_client.post(reverse("admin:auth_group_change", args=[group.pk]), {"name": "x"}).status_code
            == 403
        )
        assert (
            admin_client.post(
                reverse("admin:auth_group_delete", args=[group.pk]), {"post": "yes"}
            ).status_code
            == 403
        )

    def test_roles_are_called_in_the_readers_language(self, admin_client):
        html = admin_client.get(
            reverse("admin:auth_group_changelist"), HTTP_ACCEPT_LANGUAGE="ar"
        ).content.decode()
        assert "محرر" in html


class TestTokens:
    ADD = "/admin/archive/token/add/"

    def made(self, client: Client, user: User, **form) -> str:
        answer = client.post(self.ADD, {"user": user.pk, "days": 30, "note": "نسخة المختبر", **form})
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        (token,) = re.findall(r'class="token">([0-9a-f]{64})<', answer.content.decode())
        return token

    def test_one_is_made_and_opens_the_api(self, administrator, settings):
        settings.ANONYMOUS_READ = False
        user = member(READER)
        token = self.made(desk(administrator), user)
        assert with_token(token).get("/api/v1/persons/").status_code == 200
        (row,) = Token.objects.all()
        assert (row.user, row.note, round((row.expiry - row.created) / timedelta(days=1))) == (
            user,
            "نسخة المختبر",
            30,
        )
        assert token not in [str(value) for value in vars(row).values()]

    def test_it_is_shown_once(self, administrator):
        client = desk(administrator)
        token = self.made(client, member(READER))
        row = Token.objects.get()
        pages = [
            client.get("/admin/archive/token/"),
            client.get("/admin/"),
            client.get(f"/admin/archive/token/{row.pk}/change/"),
            client.get(f"/admin/archive/token/{row.pk}/history/"),
            client.get(f"/admin/archive/token/{row.pk}/delete/"),
            client.get(reverse("admin:auth_user_delete", args=[row.user_id])),
            client.post("/admin/archive/token/", {"action": "delete_selected", "_selected_action": row.pk}),
        ]
        logged = [str(value) for entry in LogEntry.objects.values() for value in entry.values()]
        assert logged
        said = [page.content.decode() for page in pages] + logged + [str(client.cookies)]
        for text in said:
            assert token not in text
            assert token[:9] not in text
            assert row.digest not in text
            assert row.digest[:9] not in text
        assert row.beginning in said[0]

    @pytest.mark.parametrize("days", ["0", "-1", "91", "", "x"])
    def test_it_lasts_as_long_as_the_setting_says(self, administrator, days):
        answer = desk(administrator).post(self.ADD, {"user": administrator.pk, "days": days})
        assert "days" in answer.context["adminform"].form.errors
        assert not Token.objects.exists()

    def test_not_for_who_may_more(self, administrator, admin_user):
        stronger = member(ADMINISTRATOR, "aqwa")
        stronger.user_permissions.add(Permission.objects.get(codename="add_permission"))
        inactive = member(READER, is_active=False)
        for user in (admin_user, stronger, inactive):
            answer = desk(administrator).post(self.ADD, {"user": user.pk, "days": 1})
            assert "user" in answer.context["adminform"].form.errors
        assert not Token.objects.exists()

    @pytest.mark.parametrize("role", [READER, CONTRIBUTOR, EDITOR])
    def test_not_by_who_may_not(self, role):
        user = member(role)
        client = desk(user)
        make_token(user, timedelta(days=1))
        assert client.post(self.ADD, {"user": user.pk, "days": 1}).status_code == 403
        for page in ("", f"{Token.objects.get().pk}/change/", f"{Token.objects.get().pk}/delete/"):
            assert client.get(f"/admin/archive/token/{page}").status_code == 403

    def test_it_is_revoked(self, administrator):
        client = desk(administrator)
        token = self.made(client, member(READER))
        url = f"/admin/archive/token/{Token.objects.get().pk}/delete/"
        assert client.post(url, {"post": "yes"}).status_code == 302
        assert with_token(token).get("/api/v1/persons/").status_code == 401

    def test_it_is_never_changed(self, administrator):
        client = desk(administrator)
        self.made(client, member(READER))
        url = f"/admin/archive/token/{Token.objects.get().pk}/change/"
        assert client.post(url, {"user": administrator.pk, "days": 1}).status_code == 403


class TestLogin:
    def login(self, name: str, password: str, client: Client | None = None, **extra):
        client = client or Client(headers={"accept-language": "en"})
        return client.post(f"{LOGIN}?next=/admin/", {"username": name, "password": password}, **extra)

    def test_the_right_password(self):
        member(EDITOR)
        assert self.login(EDITOR, PASSWORD).status_code == 302

    @pytest.mark.parametrize("name", [EDITOR, "nobody", "inactive", "outsider"])
    def test_some_failures_lock_and_nobody_learns_who_is_there(self, settings, name):
        """Whether there is such a user, one that left, or one that may not come in here."""
        member(EDITOR)
        member(EDITOR, "inactive", is_active=False)
        User.objects.create_user("outsider", password=PASSWORD)
        # Of those that may not come in, the right password counts as any other does.
        password = "wrong" if name == EDITOR else PASSWORD
        answers = [self.login(name, password) for _ in range(settings.AXES_FAILURE_LIMIT + 1)]
        assert [a.status_code for a in answers] == [200] * (settings.AXES_FAILURE_LIMIT - 1) + [429, 429]
        said = {a.context["form"].non_field_errors()[0] for a in answers[:-2]}
        assert len(said) == 1
        assert answers[-1]["Retry-After"] == "900"
        page = answers[-1].content.decode()
        assert "Try again in 15 minutes" in page
        assert name not in page.replace("editors' desk", "").replace("admin", "")
        # The right one does not help before the time is over.
        assert self.login(name, PASSWORD).status_code == 429

    def test_it_is_locked_for_the_address_alone(self, settings):
        member(EDITOR)
        for _ in range(settings.AXES_FAILURE_LIMIT):
            self.login(EDITOR, "wrong", REMOTE_ADDR="192.0.2.1")
        assert self.login(EDITOR, PASSWORD, REMOTE_ADDR="192.0.2.1").status_code == 429
        assert self.login(EDITOR, PASSWORD, REMOTE_ADDR="192.0.2.2").status_code == 302

    def test_in_arabic(self, settings):
        client = Client(headers={"accept-language": "ar"})
        for _ in range(settings.AXES_FAILURE_LIMIT):
            answer = self.login("nobody", "wrong", client)
        assert '<html lang="ar" dir="rtl">' in answer.content.decode()
        assert "محاولات دخول كثيرة" in answer.content.decode()

    def test_the_command_unlocks(self, settings):
        member(EDITOR)
        for _ in range(settings.AXES_FAILURE_LIMIT):
            self.login(EDITOR, "wrong")
        management.call_command("axes_reset_username", EDITOR, verbosity=0)
        assert self.login(EDITOR, PASSWORD).status_code == 302

    def test_an_administrator_unlocks(self, administrator, settings):
        member(EDITOR)
        for _ in range(settings.AXES_FAILURE_LIMIT):
            self.login(EDITOR, "wrong")
        (attempt,) = AccessAttempt.objects.all()
        client = desk(administrator)
        assert client.get(reverse("admin:axes_accessattempt_change", args=[attempt.pk])).status_code == 200
        url = reverse("admin:axes_accessattempt_delete", args=[attempt.pk])
        assert client.post(url, {"post": "yes"}).status_code == 302
        assert self.login(EDITOR, PASSWORD).status_code == 302

    def test_no_password_is_kept(self, administrator):
        self.login("nobody", "a-secret-of-mine")
        kept = [str(value) for row in AccessAttempt.objects.values() for value in row.values()]
        assert not [value for value in kept if "a-secret-of-mine" in value]

    def test_an_address_tries_so_often_whatever_the_name(self, settings):
        settings.ARCHIVE_RATES = {**settings.ARCHIVE_RATES, "logins": (3, 3600)}
        member(EDITOR)
        assert [self.login(f"name-{n}", "wrong").status_code for n in range(3)] == [200] * 3
        answer = self.login(EDITOR, PASSWORD)
        assert answer.status_code == 429
        assert 1100 < int(answer["Retry-After"]) <= 1200
        assert self.login(EDITOR, PASSWORD, REMOTE_ADDR="192.0.2.2").status_code == 302

    @pytest.mark.parametrize("name", ["x" * 5000, "a\0b", "'; --", "\u202eadmin"])
    def test_no_name_is_our_mistake(self, name):
        assert self.login(name, "wrong", HTTP_USER_AGENT="x" * 3000).status_code == 200
