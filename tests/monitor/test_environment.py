"""A setting is what the environment says, or its default; a value that makes no sense stops the start."""

import multiprocessing
import os
import stat

import pytest
from django.core.exceptions import ImproperlyConfigured

from monitor import environment as env

NAME = "ARCHIVE_TRIED"


@pytest.fixture
def said(monkeypatch):
    return lambda value: monkeypatch.setenv(NAME, value)


@pytest.mark.parametrize("missing", [None, "", "  "])
def test_what_is_missing_or_empty_is_the_default(monkeypatch, missing):
    monkeypatch.delenv(NAME, raising=False)
    if missing is not None:
        monkeypatch.setenv(NAME, missing)
    assert env.text(NAME, "x") == "x"
    assert env.flag(NAME, True) is True
    assert env.flag(NAME, False) is False
    assert env.number(NAME, 8, 1, 10) == 8
    assert env.choice(NAME, "ar", ("ar", "en")) == "ar"
    assert env.words(NAME, ["a"]) == ["a"]
    assert env.database_url(NAME) is None


@pytest.mark.parametrize("value", ["1", "true", "YES", "On", " 1 "])
def test_yes(said, value):
    said(value)
    assert env.flag(NAME, False) is True


@pytest.mark.parametrize("value", ["0", "false", "NO", "Off"])
def test_no(said, value):
    said(value)
    assert env.flag(NAME, True) is False


@pytest.mark.parametrize("value", ["2", "perhaps", "1 0"])
def test_neither_yes_nor_no_is_refused(said, value):
    said(value)
    with pytest.raises(ImproperlyConfigured, match=f"{NAME}='{value}': use 1 or 0"):
        env.flag(NAME, False)


@pytest.mark.parametrize(("value", "number"), [("1", 1), ("010", 10), (" 7 ", 7)])
def test_a_whole_number(said, value, number):
    said(value)
    assert env.number(NAME, 8, 1, 10) == number


@pytest.mark.parametrize("value", ["0", "11", "-1", "1.5", "1e1", "many", "٣", "²", "9" * 50])
def test_another_number_is_refused(said, value):
    said(value)
    with pytest.raises(ImproperlyConfigured, match=f"^{NAME}='.*use a whole number from 1 to 10$"):
        env.number(NAME, 8, 1, 10)


def test_one_of_the_choices(said):
    said("en")
    assert env.choice(NAME, "ar", ("ar", "en")) == "en"


@pytest.mark.parametrize("value", ["EN", "ru", "ar,en"])
def test_another_choice_is_refused(said, value):
    said(value)
    with pytest.raises(ImproperlyConfigured, match=f"{NAME}='{value}': use one of ar, en"):
        env.choice(NAME, "ar", ("ar", "en"))


def test_words_stand_between_commas(said):
    said(" a.example, b.example ,,")
    assert env.words(NAME, []) == ["a.example", "b.example"]


# --- A database's address -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://u:p@db.example:5433/n",
            {"HOST": "db.example", "PORT": "5433", "USER": "u", "PASSWORD": "p"},
        ),
        ("postgres://db.example/n", {"HOST": "db.example", "PORT": "", "USER": "", "PASSWORD": ""}),
        ("postgresql://u@/n?host=/run/postgresql", {"HOST": "/run/postgresql", "USER": "u"}),
        ("postgresql://u@%2Frun%2Fpostgresql/n", {"HOST": "/run/postgresql"}),
        ("postgresql://u@/n?host=/run&port=6000", {"PORT": "6000"}),
        ("postgresql://u:p%40%2F%3A@h/n", {"PASSWORD": "p@/:"}),
        ("postgresql://h/n?sslmode=require", {"OPTIONS": {"sslmode": "require"}}),
        ("postgresql://[::1]:5433/n", {"HOST": "::1", "PORT": "5433"}),
        ("postgresql://h/%D8%A3", {"NAME": "أ"}),
    ],
)
def test_the_parts_of_an_address(said, url, expected):
    said(url)
    found = env.database_url(NAME)
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(
    "url",
    ["mysql://h/n", "sqlite:///n", "postgresql://h", "postgresql://h/", "h/n", "postgresql://h:port/n", "x"],
)
def test_an_address_of_another_kind_is_refused(said, url):
    said(url)
    with pytest.raises(ImproperlyConfigured, match=f"^{NAME}: "):
        env.database_url(NAME)


def test_a_refused_address_does_not_print_its_password(said):
    said("mysql://u:sesame@h/n")
    with pytest.raises(ImproperlyConfigured) as caught:
        env.database_url(NAME)
    assert "sesame" not in str(caught.value)


# --- The secret key -------------------------------------------------------------------------


def test_the_secret_key_of_the_environment_is_taken_and_not_kept(said, tmp_path):
    said("sesame")
    assert env.secret_key(NAME, tmp_path / "var") == "sesame"
    assert not (tmp_path / "var").exists()


def test_a_secret_key_is_made_once_and_kept(tmp_path):
    first = env.secret_key(NAME, tmp_path / "var")
    assert len(first) > 50
    assert env.secret_key(NAME, tmp_path / "var") == first
    assert env.secret_key(NAME, tmp_path / "other") != first


def test_the_secret_key_is_its_owners_alone(tmp_path):
    before = os.umask(0)
    try:
        env.secret_key(NAME, tmp_path)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


def make_key(data_dir, barrier, keys):
    barrier.wait()
    keys.put(env.secret_key(NAME, data_dir))


def test_processes_that_start_at_once_have_one_secret_key(tmp_path):
    context = multiprocessing.get_context("fork")
    barrier, keys = context.Barrier(8), context.Queue()
    processes = [context.Process(target=make_key, args=(tmp_path, barrier, keys)) for _ in range(8)]
    for process in processes:
        process.start()
    found = {keys.get(timeout=60) for _ in processes}
    for process in processes:
        process.join()
    assert found == {(tmp_path / "secret_key").read_text()}


def test_a_folder_that_cannot_keep_it_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ImproperlyConfigured, match=f"{tmp_path}/file/var: .*set {NAME}, or ARCHIVE_DATA_DIR"):
        env.secret_key(NAME, tmp_path / "file" / "var")


@pytest.mark.parametrize(
    "value",
    ["*", "https://desk.example", "http://127.0.0.1:8080,https://xn--mgb.example", "http://[::1]:3000"],
)
def test_web_origins(said, value):
    said(value)
    assert env.origins(NAME) == value.split(",")


@pytest.mark.parametrize(
    "value",
    [
        "desk.example",
        "https://desk.example/",
        "https://desk.example/desk",
        "https://*.example",
        "https://desk.example,*",
        "null",
        "https://Desk.example",
        "https://u:p@desk.example",
        "ftp://desk.example",
    ],
)
def test_what_no_browser_sends_as_an_origin_is_refused(said, value):
    said(value)
    with pytest.raises(ImproperlyConfigured, match="use origins as"):
        env.origins(NAME)


@pytest.mark.parametrize(
    ("value", "rate"),
    [("600/minute", (600, 60)), ("1/second", (1, 1)), (" 50/hour ", (50, 3600)), ("9/day", (9, 86400))],
)
def test_a_rate(said, value, rate):
    said(value)
    assert env.rate(NAME, "1/second") == rate


def test_a_rate_that_is_missing_is_the_default_and_an_empty_one_none(monkeypatch):
    monkeypatch.delenv(NAME, raising=False)
    assert env.rate(NAME, "5/minute") == (5, 60)
    monkeypatch.setenv(NAME, " ")
    assert env.rate(NAME, "5/minute") is None


@pytest.mark.parametrize("value", ["600", "0/minute", "6/week", "1.5/second", "-1/day", "many/day", "٣/day"])
def test_another_rate_is_refused(said, value):
    said(value)
    with pytest.raises(ImproperlyConfigured, match="use a number and second"):
        env.rate(NAME, "1/second")


@pytest.mark.parametrize(
    ("value", "count"), [("", 0), ("0", 0), ("no", 0), ("1", 1), ("yes", 1), ("2", 2), ("9", 9)]
)
def test_how_many(said, value, count):
    said(value)
    assert env.count(NAME, 9) == count


@pytest.mark.parametrize("value", ["10", "-1", "maybe", "1.1.1.1"])
def test_another_count_is_refused(said, value):
    said(value)
    with pytest.raises(ImproperlyConfigured, match="use a whole number from 0 to 9"):
        env.count(NAME, 9)
