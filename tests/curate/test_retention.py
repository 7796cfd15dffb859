"""What the archive forgets by itself, and what it keeps."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from pghistory.models import Context

from archive import tasks
from archive.curate.history import acting
from archive.curate.retention import forget_bodies, forget_history
from archive.models import Article, ArticleIndex, ArticleText
from tests import factories as make

pytestmark = pytest.mark.django_db

BODY = "نص فيه كلمة زبرجد"


def aged(table, column, days):
    """Have the rows of `table` be so many days older."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"UPDATE {table} SET {column} = {column} - make_interval(days => %s)", [days])
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def ago(days):
    return datetime.now(UTC) - timedelta(days=days)


class TestBodies:
    def old(self):
        text = make.ArticleTextFactory(body=BODY)
        mention = make.MentionFactory(text=text, start=0, end=2, surface="نص")
        aged("archive_articletext", "added", 10)
        return text, mention

    def test_an_old_body_goes_and_what_it_is_known_by_stays(self):
        text, mention = self.old()
        assert forget_bodies(ago(9)) == 1
        kept = ArticleText.objects.get()
        assert kept.body is None
        assert (kept.sha256, kept.length) == (text.sha256, len(BODY))
        mention.refresh_from_db()
        assert (mention.start, mention.end, mention.surface) == (0, 2, "نص")

    def test_its_article_is_found_by_its_words_no_more(self):
        self.old()
        before = ArticleIndex.objects.get().vector
        forget_bodies(ago(9))
        assert "زبرجد" in before
        assert "زبرجد" not in ArticleIndex.objects.get().vector

    def test_a_younger_one_stays(self):
        self.old()
        assert forget_bodies(ago(11)) == 0
        assert ArticleText.objects.get().body == BODY

    def test_all_of_several_batches_go(self):
        for number in range(5):
            make.ArticleTextFactory(body=f"نص {number}")
        aged("archive_articletext", "added", 10)
        assert forget_bodies(ago(9), batch=2) == 5
        assert not ArticleText.objects.filter(body__isnull=False).exists()


class TestHistory:
    def changed(self):
        with acting("an old reason"):
            article = make.ArticleFactory(title="قديم")
            article.title = "جديد"
            article.save()
        return article

    def test_old_rows_go_and_the_record_stays(self):
        article = self.changed()
        aged("archive_articlehistory", "pgh_created_at", 10)
        aged("archive_sourcehistory", "pgh_created_at", 10)
        assert forget_history(ago(9), batch=1) == 3
        assert Article.objects.get().title == "جديد"
        assert not article.history.exists()
        assert not Context.objects.filter(metadata__message="an old reason").exists()

    def test_younger_ones_stay_with_who_and_why(self):
        article = self.changed()
        assert forget_history(ago(9)) == 0
        assert article.history.last().pgh_context.metadata["message"] == "an old reason"


class TestTheNightlyJob:
    @pytest.fixture(autouse=True)
    def _old(self):
        make.ArticleTextFactory(body=BODY)
        aged("archive_articletext", "added", 10)
        aged("archive_articletexthistory", "pgh_created_at", 10)

    def test_as_the_settings_stand_nothing_is_forgotten(self):
        tasks.forget(timestamp=0)
        assert ArticleText.objects.get().body == BODY
        assert ArticleText.objects.get().history.exists()

    def test_it_forgets_bodies(self, settings):
        settings.ARCHIVE_KEEP_BODIES_DAYS = 9
        tasks.forget(timestamp=0)
        assert ArticleText.objects.get().body is None
        assert ArticleText.objects.get().history.exists()

    def test_it_forgets_history(self, settings):
        settings.ARCHIVE_KEEP_HISTORY_DAYS = 9
        tasks.forget(timestamp=0)
        assert ArticleText.objects.get().body == BODY
        assert not ArticleText.objects.get().history.exists()
