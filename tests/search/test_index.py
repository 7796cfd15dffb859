"""Every way of writing an article ends with it found by its new words, and by no old ones."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from archive.curate.history import acting, copying
from archive.curate.texts import attach_body
from archive.models import Article, ArticleAbstract, ArticleIndex, ArticleText
from archive.search import index
from archive.search.index import refresh
from archive.search.reindex import behind
from archive.text import ANALYZER_VERSION
from tests import factories as make

pytestmark = pytest.mark.django_db


def found(*terms):
    """The ids of the articles that have all the terms."""
    rows = ArticleIndex.objects.extra(where=["vector @@ %s::tsquery"], params=[" & ".join(terms)])
    return set(rows.values_list("pk", flat=True))


def analysed(monkeypatch):
    """The lists of ids whose vectors are made from now on."""
    calls = []
    real = index.vectors_of

    def watched(ids):
        calls.append(ids)
        return real(ids)

    monkeypatch.setattr(index, "vectors_of", watched)
    return calls


def test_an_article_is_found_by_its_title_its_abstracts_and_its_body():
    article = make.ArticleFactory(title="oil", language="en")
    make.ArticleAbstractFactory(article=article, text="gas", language="en")
    make.ArticleAbstractFactory(article=article, text="вода", language="ru")
    make.ArticleTextFactory(article=article, body="coal")
    assert found("oil", "gas", "вод", "coal") == {article.pk}
    assert not behind().exists()


def test_each_part_is_read_in_its_language():
    article = make.ArticleFactory(title="Verhandlungen", language="de")
    make.ArticleAbstractFactory(article=article, text="negotiations", language="en")
    assert found("verhandlungen", "negoti") == {article.pk}


def test_the_newest_body_counts():
    article = make.ArticleFactory()
    make.ArticleTextFactory(article=article, body="first")
    make.ArticleTextFactory(article=article, body="second")
    make.ArticleTextFactory(article=article)
    assert found("second") == {article.pk}
    assert found("first") == set()


def test_a_title_that_is_saved_is_found():
    article = make.ArticleFactory(title="oil", language="en")
    article.title = "gas"
    article.save()
    assert (found("oil"), found("gas")) == (set(), {article.pk})


def test_a_language_that_is_corrected_counts():
    article = make.ArticleFactory(title="negotiations", language="de")
    assert found("negoti") == set()
    article.language = "en"
    article.save()
    assert found("negoti") == {article.pk}


def test_a_body_that_is_attached_is_found():
    article = make.ArticleFactory()
    text = ArticleText.from_body("oil", article=article, obtained="file")
    text.body = None
    text.save()
    attach_body(article, "oil")
    assert found("oil") == {article.pk}


def test_a_fixture_that_is_loaded_is_found_and_each_article_analysed_once(monkeypatch):
    calls = analysed(monkeypatch)
    call_command("loaddata", "countries", "elaph", verbosity=0)
    articles = Article.objects.order_by("pk").values_list("pk", flat=True)
    assert sorted(pk for ids in calls for pk in ids) == list(articles)
    made = ArticleIndex.objects.filter(vector__isnull=False, version=ANALYZER_VERSION, changed=None)
    assert made.count() == len(articles)


def bulk_create():
    source = make.SourceFactory()
    Article.objects.bulk_create([make.ArticleFactory.build(source=source, title="oil") for _ in range(3)])


def bulk_update():
    articles = make.ArticleFactory.create_batch(3)
    for article in articles:
        article.title = "oil"
    Article.objects.bulk_update(articles, ["title"])


def update():
    for article in make.ArticleFactory.create_batch(3):
        text = ArticleText.from_body("oil", article=article, obtained="file")
        text.body = None
        text.save()
    ArticleText.objects.update(body="oil")


def raw_sql():
    make.ArticleFactory.create_batch(3)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE archive_article SET title = 'oil'")


def copy():
    articles = make.ArticleFactory.create_batch(3)
    with copying("COPY archive_articleabstract (article_id, language, text) FROM STDIN") as rows:
        for article in articles:
            rows.write_row((article.pk, "en", "oil"))


@pytest.mark.parametrize("write", [bulk_create, bulk_update, update, raw_sql, copy])
def test_what_is_written_at_once_is_found_when_acting_ends(write):
    with acting("many"):
        write()
    assert len(found("oil")) == 3
    assert not behind().exists()


def delete_abstract(article):
    article.abstracts.get().delete()


def delete_abstracts(article):
    ArticleAbstract.objects.all().delete()


def move_abstract(article):
    article.abstracts.update(article=make.ArticleFactory())


@pytest.mark.parametrize("write", [delete_abstract, delete_abstracts, move_abstract])
def test_what_is_taken_away_is_not_found(write):
    article = make.ArticleFactory()
    make.ArticleAbstractFactory(article=article, text="oil", language="en")
    with acting("less"):
        write(article)
    assert article.pk not in found("oil")
    assert found("oil") == set(ArticleAbstract.objects.values_list("article", flat=True))


def test_inside_acting_an_article_is_analysed_once(monkeypatch):
    calls = analysed(monkeypatch)
    with acting("one article"):
        article = make.ArticleFactory()
        make.ArticleAbstractFactory(article=article)
        with acting("within"):
            make.ArticleTextFactory(article=article, body="oil")
    assert calls == [[article.pk]]


def test_too_many_at_once_are_left_to_the_worker(monkeypatch):
    monkeypatch.setattr(index, "AT_ONCE", 2)
    with acting("many"):
        bulk_create()
    assert behind().count() == 3


def test_what_fails_leaves_nothing_behind_and_the_next_save_counts_again():
    with pytest.raises(RuntimeError), acting("fails"):
        make.ArticleFactory()
        raise RuntimeError
    assert ArticleIndex.objects.count() == 0
    make.ArticleFactory()
    assert not behind().exists()


def test_an_article_that_is_only_touched_is_not_analysed(monkeypatch):
    article = make.ArticleFactory()
    calls = analysed(monkeypatch)
    with acting("touched"):
        article.byline = "somebody"
        article.save()
        make.ArticleTextFactory(article=article)
        make.ArticleAddressFactory(article=article)
    assert [ids for ids in calls if ids] == []


def test_a_vector_moves_no_time_and_writes_no_history():
    article = make.ArticleFactory()
    Article.objects.update(byline="x")
    article.refresh_from_db()
    before = article.modified, article.history.count()
    refresh([article.pk])
    article.refresh_from_db()
    assert (article.modified, article.history.count()) == before


def test_ids_of_no_article_are_passed_over():
    article = make.ArticleFactory()
    assert refresh([article.pk, article.pk, 10**9]) == 1
    assert refresh([]) == 0


def test_the_date_is_the_articles():
    article = make.ArticleFactory(published="2021-08-23")
    assert ArticleIndex.objects.get().published_at == datetime(2021, 8, 23, tzinfo=UTC)
    article.published = "1999"
    article.save()
    assert ArticleIndex.objects.get().published_at == datetime(1999, 1, 1, tzinfo=UTC)


def test_every_batch_is_made(monkeypatch):
    monkeypatch.setattr(index, "BATCH", 2)
    articles = make.ArticleFactory.create_batch(5)
    ArticleIndex.objects.update(version=0)
    assert refresh(a.pk for a in articles) == 5
    assert not behind().exists()


def test_a_save_in_a_transaction_that_is_rolled_back_is_forgotten():
    article = make.ArticleFactory(title="oil", language="en")
    with pytest.raises(RuntimeError), transaction.atomic():
        article.title = "gas"
        article.save()
        raise RuntimeError
    assert (found("oil"), found("gas")) == ({article.pk}, set())
