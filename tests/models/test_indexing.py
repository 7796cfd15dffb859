"""The database knows which articles' terms are behind, whoever writes, and by whichever way.

Nothing here goes through Django's saves: these are the triggers alone.
"""

import pytest
from django.db import connection

from archive.models import Article, ArticleAbstract, ArticleIndex, ArticleText
from archive.text import ANALYZER_VERSION
from tests import factories as make

pytestmark = pytest.mark.django_db


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else None


@pytest.fixture
def article():
    """One that is in step, with an abstract and a body; and another, which shall stay in step."""
    article, other = make.ArticleFactory.create_batch(2)
    make.ArticleAbstractFactory(article=article)
    make.ArticleTextFactory(article=article, body="oil")
    make.ArticleTextFactory(article=article)
    settle()
    article.other = other
    return article


def settle():
    ArticleIndex.objects.update(version=ANALYZER_VERSION, changed=None)


def behind():
    """The articles whose rows are marked, each by this transaction."""
    (this,) = sql("SELECT pg_current_xact_id()::text::bigint")[0]
    marked = ArticleIndex.objects.filter(version=0)
    assert {row.changed for row in marked} <= {this}
    assert not ArticleIndex.objects.filter(version__gt=0, changed__isnull=False).exists()
    return {row.pk for row in marked}


def test_rows_that_are_added_at_once_are_all_behind():
    source = make.SourceFactory()
    Article.objects.bulk_create([make.ArticleFactory.build(source=source) for _ in range(3)])
    assert behind() == set(Article.objects.values_list("pk", flat=True))
    rows = ArticleIndex.objects.select_related("article")
    assert [row.published_at for row in rows] == [row.article.published_at for row in rows]
    assert len(rows) == 3


@pytest.mark.parametrize("change", ["title = 'oil'", "language = 'en'"])
def test_a_change_of_the_words_marks_the_article(article, change):
    sql(f"UPDATE archive_article SET {change} WHERE id = %s", article.pk)
    assert behind() == {article.pk}


@pytest.mark.parametrize("change", ["title = title", "byline = 'x'", "modified = now(), title = title"])
def test_another_change_does_not(article, change):
    sql(f"UPDATE archive_article SET {change}")
    assert behind() == set()


@pytest.mark.parametrize("change", ["text = 'oil'", "language = 'en'"])
def test_a_change_of_an_abstract_marks_its_article(article, change):
    sql(f"UPDATE archive_articleabstract SET {change}")
    assert behind() == {article.pk}


def test_an_abstract_that_is_saved_as_it_was_does_not(article):
    sql("UPDATE archive_articleabstract SET text = text, language = language")
    assert behind() == set()


@pytest.mark.parametrize("model", [ArticleAbstract, ArticleText])
def test_a_part_that_moves_marks_both(article, model):
    settle()
    sql(f"UPDATE {model._meta.db_table} SET article_id = %s", article.other.pk)
    assert behind() == {article.pk, article.other.pk}


@pytest.mark.parametrize("model", [ArticleAbstract, ArticleText])
def test_a_part_that_is_removed_marks_its_article(article, model):
    sql(f"DELETE FROM {model._meta.db_table}")
    assert behind() == {article.pk}


def test_a_body_that_comes_and_one_that_goes_mark_their_article(article):
    sql("UPDATE archive_articletext SET body = NULL WHERE body IS NOT NULL")
    assert behind() == {article.pk}
    settle()
    sql("UPDATE archive_articletext SET body = 'oil' WHERE length = 3")
    assert behind() == {article.pk}


def test_a_text_without_a_body_marks_nobody(article):
    text = make.ArticleTextFactory.build(article=article.other)
    ArticleText.objects.bulk_create([text])
    sql("UPDATE archive_articletext SET obtained = 'page'")
    sql("DELETE FROM archive_articletext WHERE id = %s", text.pk)
    assert behind() == set()


def test_a_text_with_a_body_marks_its_article(article):
    ArticleText.objects.bulk_create([ArticleText.from_body("gas", article=article.other, obtained="file")])
    assert behind() == {article.other.pk}


def test_a_row_goes_with_its_article(article):
    sql("DELETE FROM archive_article WHERE id = %s", article.other.pk)
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    assert set(ArticleIndex.objects.values_list("pk", flat=True)) == {article.pk}
    Article.objects.filter(pk=article.pk).delete()
    assert not ArticleIndex.objects.exists()


def test_a_row_carries_the_date_of_its_article(article):
    day = "'1999-05-06'"
    sql(
        f"UPDATE archive_article SET published = {day}, published_lower = {day}, published_upper = {day},"
        f" published_at = {day} WHERE id = %s",
        article.pk,
    )
    assert ArticleIndex.objects.get(pk=article.pk).published_at.year == 1999
    assert behind() == set()


def test_the_old_terms_serve_until_there_are_new_ones(article):
    sql("UPDATE archive_article SET title = 'x'")
    assert not ArticleIndex.objects.filter(vector__isnull=True).exists()


def test_newest_first_is_a_walk_of_an_index(article):
    query, parameters = ArticleIndex.objects.newest_first().values("pk").query.sql_with_params()
    for way in ("seqscan", "bitmapscan", "sort"):
        sql(f"SET LOCAL enable_{way} = off")
    plan = "\n".join(line for (line,) in sql(f"EXPLAIN {query} LIMIT 50", *parameters))
    assert "articleindex_newest" in plan
    assert "Sort" not in plan


def test_vectors_stand_apart_and_are_not_compressed():
    columns = sql(
        "SELECT attstorage::text, attstattarget FROM pg_attribute"
        " WHERE attrelid = 'archive_articleindex'::regclass AND attname = 'vector'"
    )
    assert columns == [("e", 300)]
    (options,) = sql("SELECT reloptions FROM pg_class WHERE relname = 'archive_articleindex'")[0]
    assert options == ["toast_tuple_target=128"]
