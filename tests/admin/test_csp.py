"""No page breaks the content security policy, which lets no inline script or style in: seen in a browser."""

from datetime import timedelta
from itertools import cycle

from django.contrib.auth.models import User
from django.urls import reverse

from archive.curate.accounts import make_token
from tests.admin.rows import everything
from tests.admin.test_browser import desk, page, pytestmark  # noqa: F401

PAGES = {
    "article": ("changelist", "change", "history", "delete", "add", "deleted"),
    "event": ("changelist", "change", "history", "add"),
    "mention": ("changelist", "change"),
    "articletext": ("change", "add"),
    "review": ("changelist", "change"),
    "token": ("changelist", "change", "add", "delete"),
}


def settled(page) -> None:  # noqa: F811
    page.wait_for_load_state("networkidle")


def test_no_page_breaks_the_policy(desk, page):  # noqa: F811
    """The fixture of the page fails the test on anything that the browser complains about."""
    rows = everything()
    user = User.objects.get(username="muharrir")
    rows["token"], _secret = make_token(user, timedelta(days=1))
    # A page takes its time to come to rest: the next one is opened beside it meanwhile.
    tabs = cycle([page.context.new_page(), page])
    for table, names in PAGES.items():
        for name in names:
            args = [rows[table].pk] if name in ("change", "history", "delete") else []
            settled(tab := next(tabs))
            answer = tab.goto(desk.url + reverse(f"admin:archive_{table}_{name}", args=args))
            assert answer.status == 200
            policy = answer.headers["content-security-policy"]
            assert "unsafe" not in policy
            assert "script-src 'self'" in policy
    for name, args in (
        ("index", []),
        ("password_change", []),
        ("auth_user_change", [user.pk]),
        ("auth_user_changelist", []),
        ("auth_group_add", []),
        ("axes_accessattempt_changelist", []),
        ("procrastinate_procrastinatejob_changelist", []),
        ("auth_user_password_change", [user.pk]),
    ):
        settled(tab := next(tabs))
        assert tab.goto(desk.url + reverse(f"admin:{name}", args=args)).status == 200
    settled(next(tabs))
    settled(next(tabs))
    desk.picture("user")


def test_the_widgets_work_under_it(desk, page):  # noqa: F811
    """An autocomplete, a row that is added, the choice of groups, and the picker of a date."""
    everything()
    desk.open("/admin/archive/articletext/add/")
    desk.choose("article", "لقاء", "لقاء")
    page.click(".field-obtained_at .datetimeshortcuts a >> nth=1")
    page.wait_for_selector(".calendarbox .calendar")
    desk.picture("calendar")
    desk.open("/admin/auth/user/add/")
    desk.fill(username="jadid", password1="kalimat-sirr-tawila", password2="kalimat-sirr-tawila")
    page.click("[name=_save]")
    page.wait_for_selector("#id_groups_from")
    assert "المحرر" in page.inner_text("#id_groups_from")
    page.select_option("#id_groups_from", label="المحرر")
    page.click(".selector-add >> nth=0")
    page.click("[name=_continue]")
    page.wait_for_selector(".messagelist .success")
    desk.picture("role")
    assert User.objects.get(username="jadid").has_perm("archive.add_review")


def test_a_token_is_made_and_shown(desk, page):  # noqa: F811
    desk.open("/admin/archive/token/add/")
    desk.choose("user", "muharrir", "muharrir")
    desk.fill(note="نسخة المختبر")
    desk.picture("token-form")
    page.click("[name=_save]")
    page.wait_for_selector("code.token")
    token = page.inner_text("code.token")
    desk.picture("token")
    desk.open("/admin/archive/token/")
    assert token[:8] in page.inner_text("#result_list")
    assert token[:9] not in page.content()
    desk.picture("tokens")


def test_the_pages_of_the_api_keep_to_it(page, live_server):  # noqa: F811
    answer = page.goto(f"{live_server.url}/api/v1/docs/")
    assert "unsafe" not in answer.headers["content-security-policy"]
    page.wait_for_selector(".opblock")
    page.click(".opblock-summary >> nth=0")
    page.wait_for_selector(".opblock-body")
    settled(page)
    # Swagger UI's own note on dates.
    page.complaints[:] = [said for said in page.complaints if "Could not find component" not in said]


def test_the_page_of_a_lock_keeps_to_it(page, live_server, settings):  # noqa: F811
    settings.AXES_FAILURE_LIMIT = 1
    page.goto(f"{live_server.url}/admin/login/")
    page.fill("[name=username]", "muharrir")
    page.fill("[name=password]", "wrong")
    with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        page.click("#login-form [type=submit]")
    assert answered.value.status == 429
    page.wait_for_selector(".errornote")
    assert "محاولات دخول" in page.inner_text(".errornote")
    assert [said for said in page.complaints if "429" not in said] == []
    page.complaints.clear()
