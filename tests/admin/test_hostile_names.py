"""Names and titles that are markup, scripts or controls of direction, in a real browser: they are words."""

import json
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from archive.admin.directions import isolated_text
from tests.admin.rows import everything
from tests.admin.test_browser import CHROMIUM, desk, page  # noqa: F401 (fixtures)
from tests.factories import ArticleFactory, PersonFactory

SCRIPTS = (
    "<script>document.title='run'</script>",
    "<img src=x onerror=\"document.title='run'\">",
    "\"><svg/onload=document.title='run'>",
    "'-(document.title='run')-'",
    "javascript:document.title='run'",
    "{{constructor.constructor('document.title=1')()}}",
    "</title><script>document.title='run'</script>",
    "]]><script>document.title='run'</script>",
)
OVERRIDE = "\u202egpj.dne\u2066"
NAMED = (
    ("person", "name"),
    ("article", "title"),
    ("event", "title"),
    ("country", "name"),
    ("source", "name"),
)


def named(evil: str) -> dict:
    """A row of every table; those that have a name have this one."""
    rows = everything()
    for table, field in NAMED:
        setattr(rows[table], field, evil)
        rows[table].save()
    return rows


def pages(rows: dict, table: str):
    pk = rows[table].pk
    for name, args in (("changelist", []), ("change", [pk]), ("history", [pk]), ("delete", [pk])):
        yield reverse(f"admin:archive_{table}_{name}", args=args)


@pytest.mark.skipif(not CHROMIUM.exists(), reason="no chromium: apt-get install chromium fonts-noto-core")
@pytest.mark.django_db(transaction=True)
def test_no_name_is_run_in_the_admin(desk, page):  # noqa: F811
    rows = named("".join(SCRIPTS[:4]))
    for table in ("person", "article", "event", "country", "source", "mention", "citation", "participation"):
        for address in pages(rows, table):
            desk.open(address)
            assert page.title() != "run", address
            assert "run" not in page.evaluate(
                "[...document.images].map(i => i.getAttribute('onerror')).join()"
            )
            assert page.locator("img[src=x], svg[onload]").count() == 0, address
    desk.open(reverse("admin:archive_event_change", args=[rows["event"].pk]))
    desk.picture("scripts")


@pytest.mark.skipif(not CHROMIUM.exists(), reason="no chromium: apt-get install chromium fonts-noto-core")
@pytest.mark.django_db(transaction=True)
def test_no_override_turns_its_neighbours_around(desk, page):  # noqa: F811
    """Whatever stands after a name in a line stands after it on the screen too: the page is right to left."""
    rows = named(OVERRIDE)
    for table in ("person", "article", "event", "country", "source"):
        for address in pages(rows, table):
            desk.open(address)
            loose = page.evaluate(LOOSE)
            assert loose == [], address
    desk.open(reverse("admin:archive_person_delete", args=[rows["person"].pk]))
    desk.picture("override")


# The texts with an override that share a line with other text and are in no element of their own direction.
LOOSE = """() => {
    const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const text = walk.currentNode, parent = text.parentElement;
        if (!text.data.includes("\\u202e") || parent.closest(WORDS_ALONE)) continue;
        const style = getComputedStyle(parent), alone = text.data.trim() === parent.innerText.trim();
        const isolated = /isolate|plaintext/.test(style.unicodeBidi) || !style.display.startsWith("inline");
        // Each text of a flex box is a box of its own.
        if (!(alone && isolated) && style.display !== "flex") found.push(parent.outerHTML.slice(0, 200));
    }
    return found;
}""".replace(
    # What is in a form's field is there alone; so it is in select2's, whose cross floats.
    "WORDS_ALONE",
    '"script, style, textarea, option, .select2-selection__rendered"',
)


@pytest.mark.django_db
def test_a_message_isolates_the_name_of_what_was_deleted(client):
    client.force_login(User.objects.create_superuser("writer"))
    person = PersonFactory(name=OVERRIDE)
    address = reverse("admin:archive_person_delete", args=[person.pk])
    answer = client.post(address, {"post": "yes"}, follow=True, headers={"Accept-Language": "en"})
    [message] = answer.context["messages"]
    assert f"“{isolated_text(OVERRIDE)}” was deleted" in str(message)
    assert isolated_text(OVERRIDE) == "\u2068gpj.dne\u2069"


@pytest.mark.django_db
def test_no_title_is_markup_in_a_feed(client):
    for script in SCRIPTS:
        ArticleFactory(title=script, byline=script)
    atom = client.get("/api/v1/articles/?format=atom").getvalue()
    titles = [found.text for found in ElementTree.fromstring(atom).iter("{http://www.w3.org/2005/Atom}title")]
    assert set(SCRIPTS) <= set(titles)
    items = json.loads(client.get("/api/v1/articles/?format=jsonfeed").getvalue())["items"]
    assert {item["title"] for item in items} == set(SCRIPTS)
    # Where a feed holds HTML, it is escaped.
    for item in items:
        assert "<script>" not in item.get("content_html", "")


@pytest.mark.django_db
def test_the_api_answers_words_and_says_so(client):
    for script in SCRIPTS:
        person = PersonFactory(name=script)
        answer = client.get(f"/api/v1/persons/{person.slug}/")
        assert answer["Content-Type"] == "application/json"
        assert answer["X-Content-Type-Options"] == "nosniff"
        answer = client.get("/api/v1/persons/", {"country": script, script: 1})
        assert answer["Content-Type"] == "application/problem+json"
        assert answer["X-Content-Type-Options"] == "nosniff"
    docs = client.get("/api/v1/docs/", {"script": SCRIPTS[0]})
    assert SCRIPTS[0].encode() not in docs.content
    assert (
        client.get("/api/v1/docs/", headers={"Accept": "text/html", "Host": "localhost"}).status_code == 200
    )
