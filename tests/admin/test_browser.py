"""The editors' desk in a real browser, in Arabic: what it takes to enter an article and what it reports."""

import os
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connections

from archive.models import Article, Event, Person, Source, Status
from tests.factories import ArticleFactory

CHROMIUM = Path("/usr/bin/chromium")
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no chromium: apt-get install chromium fonts-noto-core"),
]


@pytest.fixture
def page(monkeypatch):
    """A page of a browser; the test fails on anything that the browser complains about."""
    sync_api = pytest.importorskip("playwright.sync_api")
    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    complaints = []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        context = browser.new_context(locale="ar", viewport={"width": 1280, "height": 900})
        context.set_default_timeout(10_000)
        # Violations of the content security policy are errors on the console.
        context.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        page = context.new_page()
        page.complaints = complaints  # a test takes out what it means to cause
        yield page
        browser.close()
        # Under that loop this thread has connections of its own, which nobody else would close.
        connections.close_all()
    assert complaints == []


class Desk:
    """An editor at the desk."""

    def __init__(self, page, url: str, pictures: Path) -> None:
        self.page, self.url, self.pictures, self.count = page, url, pictures, 0

    def open(self, path: str) -> None:
        self.page.goto(f"{self.url}{path}")
        assert self.page.locator("html").get_attribute("dir") == "rtl"

    def fill(self, **values: str) -> None:
        for name, value in values.items():
            self.page.fill(f"#content [name={name}]", value)

    def select(self, **values: str) -> None:
        for name, value in values.items():
            self.page.select_option(f"#content [name={name}]", value)

    def choose(self, name: str, typed: str, shown: str) -> None:
        """Choose from an autocomplete: type, and click what it finds."""
        self.page.click(f".field-{name.split('-')[-1]}:has([name={name}]) .select2-selection")
        self.page.fill(".select2-search__field", typed)
        self.page.click(f".select2-results__option:has-text('{shown}')")

    def save(self) -> None:
        """Save, and stay on the record's page."""
        self.picture("form")
        self.page.click("[name=_continue] >> nth=0")
        self.page.wait_for_selector(".messagelist .success")
        self.picture("saved")

    def picture(self, name: str) -> None:
        self.count += 1
        self.page.screenshot(path=self.pictures / f"{self.count:02}-{name}.png", full_page=True)


@pytest.fixture
def desk(page, live_server, tmp_path):
    pictures = Path(os.environ.get("ARCHIVE_SCREENSHOTS", tmp_path))
    pictures.mkdir(parents=True, exist_ok=True)
    User.objects.create_superuser("muharrir", password="kalimat-sirr")
    desk = Desk(page, live_server.url, pictures)
    desk.open("/admin/")
    desk.fill(username="muharrir", password="kalimat-sirr")
    desk.picture("login")
    page.click("#login-form [type=submit]")
    page.wait_for_selector("#user-tools")
    desk.picture("index")
    return desk


def test_an_editor_enters_what_an_article_reports(desk, page):
    desk.open("/admin/archive/source/add/")
    desk.fill(name="إيلاف", slug="elaph", homepage="https://elaph.com/", languages="ar,en")
    desk.select(kind="website")
    assert page.locator("[name=slug]").get_attribute("dir") == "ltr"
    assert page.locator("[name=name]").get_attribute("dir") == "auto"
    desk.save()

    desk.open("/admin/archive/article/add/")
    desk.choose("source", "ايلاف", "إيلاف")  # typed without the hamza
    desk.fill(
        title="العراق وروسيا يوسعان مجالات تعاونهما المشترك",
        identifier="https://elaph.com/Web/News/2021/08/1.html",
        language="ar",
        published="2021/08/25",
    )
    page.click("[name=_continue] >> nth=0")
    page.wait_for_selector(".field-published .errorlist")
    desk.picture("refused")
    desk.fill(published="2021-08-25")
    desk.save()
    assert "2021-08-25" in page.inner_text(".field-published_means")

    desk.open("/admin/archive/person/add/")
    desk.fill(name="فؤاد حسين", slug="fuad-hussein")
    desk.fill(**{"names-0-text": "فؤاد حسين", "names-0-language": "ar"})
    page.click("#names-group .add-row a")
    desk.fill(**{"names-1-text": "Fuad Hussein", "names-1-language": "en"})
    desk.save()

    desk.open("/admin/archive/event/add/")
    desk.fill(title="زيارة فؤاد حسين إلى موسكو", slug="fuad-hussein-moscow-2021", start="2021-08-24~")
    desk.select(type="consult", mode="visit")
    desk.select(**{"participations-0-role": "visitor"})
    desk.choose("participations-0-person", "فواد", "فؤاد حسين")
    desk.save()

    source, article = Source.objects.get(), Article.objects.get()
    assert (source.name, source.languages) == ("إيلاف", ["ar", "en"])
    assert (article.source, article.published, str(article.published_upper)) == (
        source,
        "2021-08-25",
        "2021-08-25",
    )
    person, event = Person.objects.get(), Event.objects.get()
    assert set(person.names.values_list("text", "language")) == {("فؤاد حسين", "ar"), ("Fuad Hussein", "en")}
    assert (event.start, event.mode, event.status) == ("2021-08-24~", "visit", Status.ACCEPTED)
    part = event.participations.get()
    assert (part.person, part.role, part.status) == (person, "visitor", Status.ACCEPTED)

    desk.open(f"/admin/archive/person/{person.pk}/history/")
    assert "muharrir" in page.inner_text("table.history")
    desk.picture("history")
    desk.open("/admin/archive/event/?q=زياره")
    desk.picture("list")
    page.click("#language-form button[lang=en]")
    page.wait_for_selector("html[dir=ltr]")
    desk.picture("english")


def test_an_editor_searches_articles(desk, page):
    for title in ("العراق وروسيا يوسعان تعاونهما", "وزير الخارجية في موسكو", "كرة القدم في العراق"):
        ArticleFactory(title=title)
    desk.open("/admin/archive/article/")
    page.fill("#searchbar", "للعراق -كرة")
    page.press("#searchbar", "Enter")
    page.wait_for_selector("text=1 مقال")
    assert page.locator("#result_list tbody tr").count() == 1
    assert "العراق وروسيا" in page.inner_text("#result_list")
    desk.picture("found")
    page.fill("#searchbar", 'وزير "الخارجية')
    page.press("#searchbar", "Enter")
    page.wait_for_selector(".messagelist .error")
    assert page.input_value("#searchbar") == 'وزير "الخارجية'
    assert page.locator("#result_list tbody tr").count() == 0
    desk.picture("mistake")
