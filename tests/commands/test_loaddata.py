"""A fixture that is wrong somewhere is refused with a line that says where, and leaves nothing behind."""

import json

import pytest
from django.core.management import CommandError, call_command

from archive.models import Article, Country, Mention, Person, Source
from tests import factories as make

pytestmark = pytest.mark.django_db

PERSON = {"model": "archive.person", "fields": {"slug": "fuad-hussein", "name": "فؤاد حسين"}}
SOURCE = {"model": "archive.source", "fields": {"slug": "elaph", "name": "إيلاف", "kind": "newspaper"}}


def article(**fields):
    return {
        "model": "archive.article",
        "fields": {
            "source": ["elaph"],
            "identifier": "https://news.example/1",
            "title": "لقاء",
            "language": "ar",
            **fields,
        },
    }


@pytest.fixture
def load(tmp_path):
    """Loads rows, or any other content, from a file."""

    def load(content, *arguments):
        path = tmp_path / "rows.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        call_command("loaddata", str(path), *arguments, verbosity=0)

    return load


def refusal(load, content, *arguments):
    with pytest.raises(CommandError) as caught:
        load(content, *arguments)
    message = str(caught.value)
    assert "\n" not in message
    assert "Problem installing" not in message
    assert "Could not load" not in message
    assert message.endswith("; nothing was loaded")
    assert not Person.objects.filter(slug="fuad-hussein").exists()
    return message


def changed(row, **fields):
    return {**row, "fields": {**row["fields"], **fields}}


WRONG = {
    "a reference to nobody": (
        [SOURCE, article(source=["elahp"])],
        "source: there is no archive.source with the natural key ['elahp']",
    ),
    "an optional reference to nobody": (
        [PERSON, changed(SOURCE, country=["XX"])],
        "there is no archive.country with the natural key ['XX']",
    ),
    "a reference of the wrong length": (
        [SOURCE, article(source=["elaph", "ar"])],
        "there is no archive.source with the natural key ['elaph', 'ar']",
    ),
    "a date that is none": ([SOURCE, article(published="23/08/2021")], "'23/08/2021'"),
    "an unknown column": ([PERSON, changed(SOURCE, nmae="إيلاف")], "no field named 'nmae'"),
    "an unknown table": ([PERSON, {"model": "archive.sauce", "fields": {}}], "archive.sauce"),
    "a row without a table": ([PERSON, {"fields": {}}], "the row has no 'model'"),
    "a row without columns": ([PERSON, {"model": "archive.source"}], "the row has no 'fields'"),
    "a row that is none": ([PERSON, "إيلاف"], "إيلاف"),
    "a value that is not one of the choices": (
        [PERSON, changed(SOURCE, kind="paper")],
        'violates check constraint "source_kind"',
    ),
    "a value that is too long": ([PERSON, changed(SOURCE, name="x" * 201)], "too long"),
    "a missing value": ([PERSON, changed(SOURCE, name=None)], '"name"'),
    "a number that is none": (
        [
            PERSON,
            {"model": "archive.mention", "fields": {"start": "one", "end": 2, "surface": "x"}},
        ],
        "one",
    ),
    "the same code twice": (
        [
            {"model": "archive.country", "fields": {"code": code, "alpha3": "IRQ", "name": "العراق"}}
            for code in ("IQ", "IX")
        ],
        "Key (alpha3)=(IRQ) already exists",
    ),
    "a zero byte": ([PERSON, changed(SOURCE, name="a\x00b")], "NUL"),
}


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_row_is_named_by_its_number_its_table_and_what_it_says(load, case):
    rows, reason = case
    message = refusal(load, rows)
    assert "rows.json, row 2 (" in message
    if isinstance(rows[1], dict) and rows[1].get("fields"):
        first = next(iter(rows[1]["fields"].values()))
        assert json.dumps(first, ensure_ascii=False)[:150] in message
        assert str(rows[1].get("model", "")) in message
    assert reason in message


def test_a_reference_that_breaks_a_rule_while_it_is_empty_is_still_named(load):
    """A mention of nobody breaks a rule; what the editor has to hear is that the country is unknown."""
    text = make.ArticleTextFactory()
    key = [text.article.source.slug, text.article.identifier, text.sha256]
    row = {
        "model": "archive.mention",
        "fields": {"text": key, "start": 0, "end": 6, "surface": "العراق", "country": ["XX"]},
    }
    message = refusal(load, [row])
    assert "row 1 (archive.mention" in message
    assert "country: there is no archive.country with the natural key ['XX']" in message
    assert not Mention.objects.exists()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'[{"model": "archive.person",', "this is not JSON: Expecting property name"),
        (b"", "this is not JSON"),
        (b"7", "not iterable"),
        ('[{"model": "فؤاد"}]'.encode("cp1256"), "can't decode byte"),
    ],
    ids=["broken off", "empty", "no list", "not UTF-8"],
)
def test_a_file_that_is_no_fixture_is_named(load, content, reason):
    message = refusal(load, content)
    assert "rows.json: " in message
    assert reason in message


def test_a_long_row_is_cut_short(load):
    message = refusal(load, [changed(PERSON, description="ط" * 5000, wikidata="9545")])
    assert len(message) < 600


def test_a_file_that_is_not_there_is_named():
    with pytest.raises(CommandError, match="nowhere"):
        call_command("loaddata", "nowhere", verbosity=0)


def test_rows_of_all_files_are_taken_back(load, tmp_path):
    (tmp_path / "first.json").write_text(json.dumps([PERSON]))
    (tmp_path / "second.json").write_text(json.dumps([SOURCE, SOURCE, changed(SOURCE, kind="paper")]))
    with pytest.raises(CommandError, match=r"second\.json, row 3 "):
        call_command("loaddata", str(tmp_path / "first.json"), str(tmp_path / "second.json"), verbosity=0)
    assert not Person.objects.exists()
    assert not Source.objects.exists()


def test_rows_that_are_ignored_do_not_shift_the_count(load):
    unknown = {"model": "archive.sauce", "fields": {}}
    message = refusal(load, [unknown, PERSON, changed(SOURCE, kind="paper")], "--ignorenonexistent")
    assert "(archive.source " in message


def test_a_row_may_refer_to_one_further_down(load):
    load(
        [
            changed(SOURCE, country=["IQ"]),
            {"model": "archive.country", "fields": {"code": "IQ", "name": "العراق"}},
        ]
    )
    assert Source.objects.get().country == Country.objects.get()


def test_a_load_says_so_in_the_history(load, tmp_path):
    load([PERSON])
    said = Person.objects.get().history.get().pgh_context.metadata["message"]
    assert said == f"loaddata {tmp_path / 'rows.json'}"


def test_a_load_fills_what_derives_and_what_is_carried(load):
    country = make.CountryFactory()
    rows = [
        SOURCE,
        article(published="1955-01"),
        {
            "model": "archive.articletext",
            "fields": {
                "article": ["elaph", "https://news.example/1"],
                "sha256": "a" * 64,
                "length": 9,
                "obtained": "file",
            },
        },
        {
            "model": "archive.mention",
            "fields": {
                "text": ["elaph", "https://news.example/1", "a" * 64],
                "start": 0,
                "end": 6,
                "surface": "العراق",
                "country": [country.code],
            },
        },
    ]
    load(rows)
    loaded, mention = Article.objects.get(), Mention.objects.get()
    assert str(loaded.published_upper) == "1955-01-31"
    assert loaded.title_folded
    assert (mention.article, mention.published_at) == (loaded, loaded.published_at)
