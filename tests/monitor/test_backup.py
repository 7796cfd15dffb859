"""A backup brought into an empty database is the archive again, row by row, whatever PostgreSQL it is."""

import json
import os
import re
import subprocess
import zipfile
from pathlib import Path

import psycopg
import pytest

from monitor.postgres import Server
from tests.monitor.processes import complaint, manage

DEBIANS = Path("/usr/lib/postgresql/15/bin")
CHECKSUM = re.compile(r"^checksum ([0-9a-f]{64})$", re.MULTILINE)
WRITE = """
from django.contrib.auth import get_user_model
from django.db import transaction
from archive.models import Article, Person
from archive.curate.history import acting
user = get_user_model().objects.get(username="admin")
with acting("a backup's test", user=user):
    Person.objects.create(slug="someone", name="شخص\\tبسطر\\nثان\\\\")
    Person.objects.get(slug="someone").delete()
    article = Article.objects.get()
    article.title += " (مصحح)"
    article.save()
"""


@pytest.fixture(scope="module")
def saved(first_start, tmp_path_factory):
    """A data directory with an archive that has been edited, and its backup; what was said of it."""
    data_dir = first_start.copy(tmp_path_factory.mktemp("saved") / "var")
    with Server(data_dir).running():
        done = manage(data_dir, "shell", "--verbosity=0", "-c", WRITE)
        assert done.returncode == 0, done.stdout
        file = data_dir.parent / "archive.zip"
        said = manage(data_dir, "backup", str(file)).stdout
        yield data_dir, file, said


@pytest.fixture(scope="module")
def saved_checksums(saved):
    """Those of the backup, beside what is in the archive."""
    return checksums(saved[0], str(saved[1]))


@pytest.fixture(scope="module")
def restored(saved, tmp_path_factory):
    """A data directory that was not there before, and what was said when the backup came into it."""
    data_dir = tmp_path_factory.mktemp("restored") / "var"
    done = manage(data_dir, "restore", str(saved[1]))
    with Server(data_dir).running():
        yield data_dir, done


@pytest.fixture(scope="module")
def tables(tmp_path_factory):
    """A data directory with the archive's tables and nothing in them, to copy."""
    data_dir = tmp_path_factory.mktemp("tables") / "var"
    assert manage(data_dir, "migrate", "--verbosity=0").returncode == 0
    return data_dir


@pytest.fixture(scope="module")
def emptied(tables, tmp_path_factory):
    """A database with the archive's tables and nothing in them."""
    data_dir = tmp_path_factory.mktemp("emptied") / "var"
    subprocess.run(["cp", "-a", tables, data_dir], check=True)
    with Server(data_dir).running():
        yield data_dir


def checksums(data_dir, *arguments, **more):
    done = manage(data_dir, "checksum", *arguments, **more)
    assert done.returncode == 0, done.stdout
    return done.stdout


def ask(data_dir, sql):
    with psycopg.connect(**Server(data_dir).connection, autocommit=True) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchall() if cursor.description else None


def test_it_says_what_it_holds(saved, saved_checksums):
    _data_dir, _file, said = saved
    (total,) = CHECKSUM.findall(said)
    assert saved_checksums.splitlines()[-1].startswith(total)
    assert "rows of" in said


def test_only_its_owner_can_read_it(saved):
    """It holds the hashes of passwords."""
    assert saved[1].stat().st_mode & 0o077 == 0


def test_all_rows_are_there_again(saved, saved_checksums, restored):
    data_dir, done = restored
    assert done.returncode == 0, done.stdout
    assert CHECKSUM.findall(done.stdout) == CHECKSUM.findall(saved[2])
    assert checksums(data_dir) == saved_checksums


def test_the_checksums_tell_a_difference(saved):
    before = checksums(saved[0])
    ask(saved[0], "UPDATE archive_country SET note = note || '.' WHERE code = 'IQ'")
    changed = checksums(saved[0])
    ask(saved[0], "UPDATE archive_country SET note = left(note, -1) WHERE code = 'IQ'")
    differ = [
        one.split()[-1]
        for one, other in zip(before.splitlines(), changed.splitlines(), strict=True)
        if one != other
    ]
    assert "archive_country" in differ
    assert "archive_countryhistory" in differ
    assert "archive_person" not in differ


def test_no_rule_is_broken_in_it(restored):
    assert manage(restored[0], "check_archive").stdout == "no problems\n"


def test_its_rules_hold_again(saved, restored):
    """Triggers, keys and indexes stand as they stood."""
    for sql in (
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2",
        "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2",
        "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal"
        " ORDER BY 1, 2",
    ):
        assert ask(restored[0], sql) == ask(saved[0], sql)


def test_new_rows_get_numbers_that_none_had(restored):
    last = "SELECT max(pgh_id) FROM archive_personhistory"
    ((before,),) = ask(restored[0], last)
    ask(
        restored[0],
        "INSERT INTO archive_person (slug, name, name_folded, name_sound, description)"
        " VALUES ('new', 'x', 'x', 'x', '')",
    )
    ((after,),) = ask(restored[0], last)
    assert after > before


def test_what_is_not_empty_is_refused_and_named(saved):
    done = manage(saved[0], "restore", str(saved[1]))
    assert done.returncode == 1
    assert "not empty" in complaint(done.stdout)
    assert "archive_article (1 rows)" in complaint(done.stdout)


def test_a_file_that_is_there_is_not_written_over(saved):
    before = saved[1].read_bytes()
    done = manage(saved[0], "backup", str(saved[1]))
    assert "exists already" in complaint(done.stdout)
    assert saved[1].read_bytes() == before


def test_what_cannot_be_written_leaves_nothing(saved, tmp_path):
    done = manage(saved[0], "backup", str(tmp_path / "nowhere" / "archive.zip"))
    assert "cannot write" in complaint(done.stdout)
    assert list(tmp_path.iterdir()) == []


def rewritten(file, to, change):
    """A copy of a backup, its members changed by `change(name, content)`; None drops one."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if (content := change(name, old.read(name))) is not None:
                new.writestr(name, content)
    return to


def with_manifest(**changes):
    def change(name, content):
        return json.dumps({**json.loads(content), **changes}) if name == "manifest.json" else content

    return change


def in_names(change):
    return lambda name, content: change(content) if name == "archive_countryname.copy" else content


def without(member):
    return lambda name, content: None if name == member else content


lose_a_row = in_names(lambda content: content[content.index(b"\n") + 1 :])
change_a_row = in_names(lambda content: content.replace("العراق".encode(), "العرقا".encode()))


SPOILT = {
    "a row less": (lose_a_row, "archive_countryname has"),
    "another word": (change_a_row, "archive_countryname has"),
    "a table less": (without("auth_user.copy"), "lacks auth_user.copy"),
    "no manifest": (without("manifest.json"), "no backup"),
    "another format": (with_manifest(format="pg_dump"), "another format"),
    "of a newer archive": (with_manifest(migrations=[["archive", "9999_later"]]), "archive.9999_later"),
    "of an older archive, into a newer one": (
        with_manifest(migrations=[["auth", "0001_initial"]]),
        "without tables",
    ),
}


@pytest.mark.parametrize("way", SPOILT)
def test_a_spoilt_backup_is_refused_and_leaves_nothing(saved, emptied, tmp_path, way):
    change, reason = SPOILT[way]
    done = manage(emptied, "restore", str(rewritten(saved[1], tmp_path / "spoilt.zip", change)))
    assert done.returncode == 1
    assert reason in complaint(done.stdout)
    assert ask(emptied, "SELECT count(*) FROM archive_countryname") == [(0,)]


@pytest.mark.parametrize("part", [0.3, 0.999])
def test_a_file_that_was_cut_off_is_no_backup(saved, emptied, tmp_path, part):
    content = saved[1].read_bytes()
    (tmp_path / "cut.zip").write_bytes(content[: int(len(content) * part)])
    done = manage(emptied, "restore", str(tmp_path / "cut.zip"))
    assert "no backup of an archive, or not all of one" in complaint(done.stdout)


def test_what_was_refused_can_be_restored_into_after_all(saved, saved_checksums, emptied):
    """A restore that failed, or was killed, is begun again."""
    done = manage(emptied, "restore", str(saved[1]))
    assert done.returncode == 0, done.stdout
    assert checksums(emptied) == saved_checksums


@pytest.mark.skipif(not DEBIANS.exists(), reason="needs Debian's postgresql-15")
@pytest.mark.skipif("ARCHIVE_PG_BIN" in os.environ, reason="another PostgreSQL is asked for")
def test_it_goes_from_18_to_15_and_back(saved, saved_checksums, tables, tmp_path):
    old = {"ARCHIVE_PG_BIN": str(DEBIANS)}
    done = manage(tmp_path / "15", "restore", str(saved[1]), **old)
    assert done.returncode == 0, done.stdout
    assert (tmp_path / "15/postgres/PG_VERSION").read_text().strip() == "15"
    assert checksums(tmp_path / "15", **old) == saved_checksums
    manage(tmp_path / "15", "backup", str(tmp_path / "of-15.zip"), **old)
    subprocess.run(["cp", "-a", tables, tmp_path / "18"], check=True)
    done = manage(tmp_path / "18", "restore", str(tmp_path / "of-15.zip"))
    assert done.returncode == 0, done.stdout
    assert checksums(tmp_path / "18") == saved_checksums
