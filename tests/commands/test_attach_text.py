"""A body is attached where hash, length and all evidence agree with it, and refused where one does not."""

import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from archive.models import Article, ArticleText
from archive.text import sha256_hex
from tests import factories as make

SEED = Path(
    os.environ.get(
        "ARCHIVE_SEED",
        Path(__file__).resolve().parents[3] / "shared" / "seed" / "000_f4240096300a3d27.txt",
    )
)
needs_seed = pytest.mark.skipif(
    not SEED.exists(), reason="the article's text is not at hand: name its file in ARCHIVE_SEED"
)

pytestmark = pytest.mark.django_db

BODY = "في بغداد\r\nالتقى فؤاد حسين وزير خارجية روسيا\n"
WORDS = "فؤاد حسين"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes(BODY.encode())
    return path


@pytest.fixture
def text():
    """A text that has no body yet, with a mention and a citation in it."""
    text = make.ArticleTextFactory(sha256=sha256_hex(BODY), length=len(BODY))
    start = BODY.index(WORDS)
    make.MentionFactory(text=text, start=start, surface=WORDS, person=make.PersonFactory())
    make.CitationFactory(text=text, start=start, end=start + 9, sha256=sha256_hex(WORDS))
    return text


def attach(article, file):
    out = StringIO()
    call_command("attach_text", str(article), str(file), stdout=out)
    return out.getvalue()


def refusal(article, file):
    with pytest.raises(CommandError) as caught:
        attach(article, file)
    return str(caught.value)


def body_of(text):
    text.refresh_from_db()
    return text.body


def test_the_right_text_is_attached(text, file):
    said = attach(text.article.pk, file)
    assert body_of(text) == BODY
    assert f"{len(BODY)} characters; 1 mentions and 1 citations" in said


def test_the_article_may_be_named_by_its_identifier(text, file):
    attach(text.article.identifier, file)
    assert body_of(text) == BODY


def test_attaching_again_changes_nothing(text, file):
    attach(text.article.pk, file)
    before = ArticleText.objects.values().get()
    attach(text.article.pk, file)
    assert ArticleText.objects.values().get() == before


def test_line_ends_stay_as_they_are(text, file):
    attach(text.article.pk, file)
    assert body_of(text).count("\r\n") == 1


def test_a_byte_order_mark_is_a_character_and_so_another_text(text, file):
    file.write_bytes(b"\xef\xbb\xbf" + BODY.encode())
    assert str(len(BODY) + 1) in refusal(text.article.pk, file)
    assert body_of(text) is None


def test_another_text_is_refused_with_both_hashes_and_lengths(text, file):
    other = BODY.replace("\r\n", "\n")
    file.write_bytes(other.encode())
    message = refusal(text.article.pk, file)
    for said in (sha256_hex(other), str(len(other)), text.sha256, str(text.length)):
        assert said in message
    assert body_of(text) is None


def test_the_version_with_its_hash_gets_the_body(text, file):
    other = make.ArticleTextFactory(article=text.article)
    attach(text.article.pk, file)
    assert body_of(text) == BODY
    assert body_of(other) is None


def test_a_text_in_which_a_mention_stands_elsewhere_is_refused(text, file):
    mention = text.mentions.get()
    type(mention).objects.filter(pk=mention.pk).update(start=0, end=9)
    message = refusal(text.article.pk, file)
    assert f"mention {mention.pk}: {WORDS!r} is recorded at [0, 9)" in message
    assert repr(BODY[:9]) in message
    assert body_of(text) is None


def test_a_text_in_which_a_citation_hashes_otherwise_is_refused(text, file):
    citation = text.citations.get()
    type(citation).objects.filter(pk=citation.pk).update(sha256="a" * 64)
    message = refusal(text.article.pk, file)
    assert f"citation {citation.pk}: the hash of [" in message
    assert sha256_hex(WORDS) in message
    assert body_of(text) is None


def test_every_misplaced_piece_of_evidence_is_told(text, file):
    for rows in (text.mentions, text.citations):
        rows.update(start=0, end=9)
    assert len(refusal(text.article.pk, file).splitlines()) == 3


def test_a_file_that_is_not_there_is_named(text, tmp_path):
    assert str(tmp_path / "nowhere") in refusal(text.article.pk, tmp_path / "nowhere")


def test_a_folder_is_no_file(text, tmp_path):
    assert "directory" in refusal(text.article.pk, tmp_path)


def test_a_file_in_another_encoding_is_refused_with_the_place(text, file):
    file.write_bytes(b"abc" + BODY.encode("cp1256"))
    assert "is not UTF-8" in refusal(text.article.pk, file)
    assert "at byte 3" in refusal(text.article.pk, file)


@pytest.mark.parametrize("article", ["999999999", "99999999999999999999", "https://news.example/nowhere", ""])
def test_an_article_that_is_not_there_is_named(text, file, article):
    assert f"there is no article {article}" in refusal(article, file)


def test_an_identifier_of_two_sources_is_refused(text, file):
    make.ArticleFactory(identifier=text.article.identifier)
    assert f"several sources have article {text.article.identifier}" in refusal(text.article.identifier, file)


@needs_seed
def test_the_articles_text_fits_all_evidence_of_its_fixture():
    call_command("loaddata", "countries", "elaph", verbosity=0)
    article = Article.objects.get()
    said = attach(article.identifier, SEED)
    text = article.texts.get()
    assert text.body.encode() == SEED.read_bytes()
    assert f"{text.mentions.count()} mentions and {text.citations.count()} citations" in said
    assert text.mentions.count() + text.citations.count() > 100


@needs_seed
def test_the_articles_text_with_other_line_ends_is_refused(tmp_path):
    call_command("loaddata", "countries", "elaph", verbosity=0)
    file = tmp_path / "text.txt"
    content = SEED.read_bytes()
    file.write_bytes(content + b"\n")
    text = ArticleText.objects.get()
    assert text.sha256 in refusal(text.article.identifier, file)
    assert body_of(text) is None
