"""Every table has a desk, whose pages answer in both languages and ask no more for many rows than for few."""

import json
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from archive.models import (
    DERIVED,
    ArticleAbstract,
    ArticleAddress,
    Citation,
    CountryName,
    Event,
    EventLink,
    Mention,
    Office,
    Participation,
    PersonName,
    SourceName,
)
from tests.admin.rows import BODY, everything

pytestmark = pytest.mark.django_db
BASELINE = Path(__file__).with_name("query_counts.json")
TABLES = sorted(
    model._meta.model_name
    for model in apps.get_app_config("archive").get_models()
    if not hasattr(model, "pgh_tracked_model") and model not in DERIVED
)


def queries(client: Client, name: str, *args) -> int:
    """How many queries a page of the desk makes."""
    with CaptureQueriesContext(connection) as asked:
        response = client.get(reverse(f"admin:archive_{name}", args=args))
    assert response.status_code == 200
    return len(asked)


def test_every_table_is_registered():
    assert [t for t in TABLES if not admin.site.is_registered(apps.get_model("archive", t))] == []


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("en", "ltr")])
def test_pages_answer(admin_client, language, direction):
    rows = everything()
    admin_client.cookies["django_language"] = language
    for table in TABLES:
        pages = [
            ("changelist",),
            ("change", rows[table].pk),
            ("history", rows[table].pk),
            ("add",),
            ("deleted",),
        ]
        for page, *args in pages[:2] if table in ("purge", "review") else pages:
            response = admin_client.get(reverse(f"admin:archive_{table}_{page}", args=args))
            assert response.status_code == 200, (table, page)
            html = response.content.decode()
            assert f'<html lang="{language}" dir="{direction}">' in html
            # The content security policy refuses both.
            assert " style=" not in html, (table, page)
            assert "<script>" not in html, (table, page)


def test_lists_ask_the_same_for_any_number_of_rows(admin_client):
    def counted() -> dict[str, int]:
        return {table: queries(admin_client, f"{table}_changelist") for table in TABLES}

    for _ in range(3):
        everything()
    few = counted()
    for _ in range(27):
        everything()
    assert counted() == few
    assert few == json.loads(BASELINE.read_text()), "write the new counts down if they are meant"


def test_pages_ask_the_same_for_any_number_of_inline_rows(admin_client):
    rows = everything()
    text, person, event, article = (rows[name] for name in ("articletext", "person", "event", "article"))
    tables = ("article", "articletext", "country", "event", "person", "source")

    def counted() -> dict[str, int]:
        return {table: queries(admin_client, f"{table}_change", rows[table].pk) for table in tables}

    few = counted()
    for n in range(5):
        other = everything()
        tag = f"x{'abcde'[n]}"
        PersonName.objects.create(person=person, text="Fuad", language=tag)
        CountryName.objects.create(country=rows["country"], text="Russia", language=tag)
        SourceName.objects.create(source=rows["source"], text="Elaph", language=tag)
        Office.objects.create(person=person, title="وزير", country=other["country"])
        Participation.objects.create(event=event, person=other["person"], role="host")
        EventLink.objects.create(event=event, other=other["event"], kind="part_of")
        ArticleAbstract.objects.create(article=article, text="What it says.", language=tag)
        ArticleAddress.objects.create(article=article, url=f"https://c.example/{n}")
        Mention.objects.create(text=text, start=n, end=n + 1, surface=BODY[n], country=other["country"])
        Citation.objects.create(text=text, start=n, end=9, sha256="0" * 64, event=other["event"])
        Citation.objects.create(
            text=text, start=n, end=9, sha256="0" * 64, participation=other["participation"]
        )
        Citation.objects.create(text=text, start=n, end=9, sha256="0" * 64, event=event)
    assert counted() == few
    assert Event.objects.count() > 10


def test_the_index_names_no_package(admin_client):
    names = {str(app["name"]) for app in admin_client.get(reverse("admin:index")).context["app_list"]}
    assert not {name for name in names if name.lower() in ("knox", "procrastinate")}
