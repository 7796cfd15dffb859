"""Static files are collected again where any of them is another, or is gone."""

import pytest

from monitor import collected


@pytest.fixture
def file(settings, monkeypatch, tmp_path):
    """A file among those that are collected; what is there was."""
    monkeypatch.setattr(collected, "NOTE", tmp_path / "note")
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_DIRS = [tmp_path / "ours"]
    for name in ("static", "ours"):
        (tmp_path / name).mkdir()
    (tmp_path / "static" / "staticfiles.json").touch()
    (tmp_path / "ours" / "page.css").write_text("a")
    collected.note(collected.brought())
    return tmp_path / "ours" / "page.css"


def test_what_is_the_same_is_not_collected_again(file):
    assert collected.are_collected(collected.brought())


@pytest.mark.parametrize(
    "change",
    [
        lambda file: file.write_text("b"),
        lambda file: file.unlink(),
        lambda file: file.with_name("another.css").touch(),
        lambda file: (file.parent.parent / "static" / "staticfiles.json").unlink(),
        lambda file: collected.NOTE.unlink(),
    ],
    ids=["written", "removed", "added", "collected ones removed", "nothing noted"],
)
def test_what_is_another_is_collected_again(file, change):
    change(file)
    assert not collected.are_collected(collected.brought())


def test_how_they_are_kept_counts_too(file, settings):
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "another"}}
    assert not collected.are_collected(collected.brought())
