"""The readable pages: whole without another server, an inline script, or an exception to the policy."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connections

CHROMIUM = Path("/usr/bin/chromium")


@pytest.mark.django_db
def test_the_page_has_its_files_here_and_no_script_or_style_of_its_own(anonymous):
    page = anonymous.get("/api/v1/docs/", HTTP_ACCEPT="text/html")
    html = page.content.decode()
    assert page.status_code == 200
    addresses = re.findall(r'(?:src|href)="([^"]*)"', html)
    assert len(addresses) == 6
    for address in addresses:
        assert address.startswith("/")
        assert "?script=" in address or finders.find(address.removeprefix("/static/")), address
    assert not re.search(r"<style|style=|<script>|<script [^>]*>[^<]|\bon\w+=", html)
    assert "'unsafe-inline'" not in page["Content-Security-Policy"]


@pytest.mark.django_db
def test_the_script_of_the_page_is_a_script(anonymous):
    script = anonymous.get("/api/v1/docs/?script=", HTTP_ACCEPT="*/*")
    assert script["Content-Type"].startswith("application/javascript")
    assert "/api/v1/schema/" in script.content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(not CHROMIUM.exists(), reason="no chromium: apt-get install chromium")
def test_a_browser_shows_every_operation_and_complains_of_nothing(live_server, monkeypatch, tmp_path):
    sync_api = pytest.importorskip("playwright.sync_api")
    # Playwright keeps an event loop in this thread, which Django would take for asynchronous code.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    complaints: list[str] = []
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        # Violations of the content security policy are errors on the console. Its warnings are
        # Swagger UI's own: it has no widget for a date.
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{live_server.url}/api/v1/docs/")
        operations = page.locator(".opblock-summary")
        operations.first.wait_for(timeout=30_000)
        # Seven resources with five operations each, an article's text and annotations, counts, deletions.
        assert operations.count() == 42
        page.locator("#operations-persons-persons_list .opblock-summary").click()
        page.get_by_text("A name, in any script, folded").first.wait_for(timeout=30_000)
        page.screenshot(path=tmp_path / "docs.png")
        browser.close()
        connections.close_all()
    assert complaints == []
