"""The second look finds every kind of damage that the database would not have let in."""

from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from archive.curate.checks import problems
from archive.curate.review import decide
from archive.models import ArticleText
from archive.text import sha256_hex
from tests import factories as make

pytestmark = pytest.mark.django_db

BODY = "التقى فؤاد حسين وزير خارجية روسيا في موسكو"


@contextmanager
def unguarded(table):
    """A hand in a table, its triggers switched off. Whoever owns a table may do that."""
    with connection.cursor() as cursor:
        # A table with foreign keys still to be looked at cannot be altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE archive_{table} DISABLE TRIGGER USER")
        yield cursor
        cursor.execute(f"ALTER TABLE archive_{table} ENABLE TRIGGER USER")


def damage(row, assignments):
    with unguarded(row._meta.model_name) as cursor:
        cursor.execute(f"UPDATE {row._meta.db_table} SET {assignments} WHERE id = %s", [row.pk])
        assert cursor.rowcount == 1


def only_problem():
    (problem,) = problems()
    return problem


@pytest.fixture
def text():
    text = ArticleText.from_body(BODY, article=make.ArticleFactory(), obtained="file")
    text.save()
    return text


@pytest.fixture
def mention(text):
    return make.MentionFactory(text=text, start=6, surface="فؤاد حسين", person=make.PersonFactory())


@pytest.fixture
def citation(text):
    return make.CitationFactory(text=text, start=0, end=5, sha256=sha256_hex("التقى"))


def test_an_archive_in_order_has_no_problems(mention, citation):
    make.ParticipationFactory()
    make.ReviewFactory(mention=mention)
    assert list(problems()) == []


@pytest.mark.parametrize(
    ("factory", "assignments", "columns"),
    [
        (make.ArticleFactory, "title_folded = 'x'", "title_folded"),
        (make.ArticleFactory, "published_at = NULL", "published_at"),
        (make.CountryNameFactory, "text_folded = 'x'", "text_folded"),
        (
            make.SuccessionFactory,
            "date = '1991', date_lower = '1991-12-01', date_upper = '1991-12-31'",
            "date_lower",
        ),
    ],
)
def test_a_derived_column_that_does_not_follow_is_found(factory, assignments, columns):
    row = factory()
    damage(row, assignments)
    problem = only_problem()
    assert problem.startswith(f"{row._meta.label_lower} {row.pk}: {columns}")


@pytest.mark.parametrize("column", ["published_lower", "published_upper", "published_at"])
@pytest.mark.parametrize("value", ["NULL", "published_lower - 1"])
@pytest.mark.parametrize("factory", [make.MentionFactory, make.CitationFactory])
def test_evidence_with_another_date_than_its_article_is_found(factory, column, value):
    row = factory()
    damage(row, f"{column} = {value}")
    assert only_problem() == f"{row._meta.label_lower} {row.pk}: does not carry its article's date"


@pytest.mark.parametrize("factory", [make.MentionFactory, make.CitationFactory])
def test_evidence_of_another_article_is_found(factory):
    row, other = factory(), make.ArticleFactory()
    damage(row, f"article_id = {other.pk}")
    assert f"{row._meta.label_lower} {row.pk}: does not carry its article's date" in problems()


@pytest.mark.parametrize("column", ["start_lower", "end_upper", "start_at"])
@pytest.mark.parametrize("value", ["NULL", "start_lower - 1"])
def test_a_participation_with_another_date_than_its_event_is_found(column, value):
    row = make.ParticipationFactory()
    damage(row, f"{column} = {value}")
    assert only_problem() == f"archive.participation {row.pk}: does not carry its event's date"


@pytest.mark.parametrize("factory", [make.MentionFactory, make.CitationFactory])
@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM archive_articlesubject",
        "UPDATE archive_articlesubject SET accepted = NOT accepted",
        "UPDATE archive_articlesubject SET language = 'ru'",
        "UPDATE archive_articlesubject SET published_lower = NULL",
    ],
)
def test_an_article_whose_subjects_are_not_what_its_facts_say_is_found(factory, damage):
    row = factory()
    with connection.cursor() as cursor:
        cursor.execute(damage)
    subject = f"country {row.country_id}" if hasattr(row, "country_id") else f"event {row.event_id}"
    start = f"archive.articlesubject of article {row.article_id}: {subject}"
    assert only_problem() == f"{start} not what the article's facts say"


@pytest.mark.parametrize("factory", [make.MentionFactory, make.CitationFactory])
def test_a_span_that_ends_after_its_text_is_found(factory):
    row = factory()
    damage(row, 'start = start + 9000, "end" = "end" + 9000')
    assert only_problem().startswith(f"{row._meta.label_lower} {row.pk}: ends at {row.end + 9000}")


def test_a_surface_that_is_not_what_stands_there_is_found(mention):
    damage(mention, "surface = 'فواد حسين'")
    problem = only_problem()
    assert problem.startswith(f"archive.articletext {mention.text_id}: mention {mention.pk}: 'فواد حسين'")
    assert "'فؤاد حسين'" in problem


def test_a_citation_whose_words_hash_otherwise_is_found(citation):
    damage(citation, "start = 1")
    assert only_problem().startswith(
        f"archive.articletext {citation.text_id}: citation {citation.pk}: the hash"
    )


def test_an_identifier_that_names_no_text_of_the_article_is_found(text):
    damage(text.article, "identifier = 'urn:sha256:' || repeat('a', 64)")
    assert only_problem().startswith(f"archive.article {text.article_id}: no text has the hash")


def test_an_identifier_that_names_its_text_is_in_order(text):
    damage(text.article, f"identifier = 'urn:sha256:{text.sha256}'")
    assert list(problems()) == []


def test_a_decided_fact_whose_status_is_another_is_found(mention):
    decide([mention], "rejected", make.UserFactory())
    damage(mention, "status = 'accepted'")
    assert f"archive.mention {mention.pk}: accepted, but decided rejected" in problems()


def test_the_last_decision_counts(mention):
    editor = make.UserFactory()
    decide([mention], "rejected", editor)
    decide([mention], "accepted", editor)
    assert list(problems()) == []


def test_the_command_prints_a_line_a_problem_and_fails():
    article, mention = make.ArticleFactory(), make.MentionFactory()
    damage(article, "title_folded = 'x'")
    damage(mention, "published_at = NULL")
    out = StringIO()
    with pytest.raises(CommandError, match="problems: 2"):
        call_command("check_archive", stdout=out)
    assert len(out.getvalue().splitlines()) == 2


def test_the_command_says_that_there_are_none():
    out = StringIO()
    call_command("check_archive", stdout=out)
    assert out.getvalue() == "no problems\n"
