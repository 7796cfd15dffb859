"""Taking an article down: nothing of what it said is left, and it cannot come back."""

import json

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.utils import translation

from archive.api import ready
from archive.curate import purge as purging
from archive.curate.history import acting
from archive.curate.purge import find, preview, purge
from archive.curate.review import decide
from archive.models import Article, ArticleText, Event, Purge
from archive.search.frequencies import refresh_frequencies
from tests import factories as make

pytestmark = pytest.mark.django_db

# Words that stand nowhere else, by where they are put.
TITLE, OLD_TITLE, BODY, OLD_BODY = "قسطنطينوبوليس", "زبرجديون", "هيروغليفيات", "ميتافيزيقيون"
ABSTRACT, BYLINE, SURFACE, URL = "كرومباخنتالا", "إسكندرونيفا", "طوطمابادور", "zanzibarquux"
WORDS = (TITLE, OLD_TITLE, BODY, OLD_BODY, ABSTRACT, BYLINE, SURFACE, URL)
TEXT = f"{SURFACE} قال إن {BODY} كثيرة"


def article_with_everything(event, editor):
    """An article that has been changed, read, decided on, indexed, and made ready."""
    url, person = f"https://paper.example/{URL}", make.PersonFactory()
    with acting("taken in", user=editor):
        article = make.ArticleFactory(title=OLD_TITLE, byline=BYLINE, identifier=url)
        make.ArticleAddressFactory(article=article, url=f"{url}?from=feed")
        abstract = make.ArticleAbstractFactory(article=article, text=f"ملخص {ABSTRACT}")
        old = make.ArticleTextFactory(article=article, body=f"نص {OLD_BODY}")
        text = make.ArticleTextFactory(article=article, body=TEXT)
    with acting(f"the title {OLD_TITLE} was wrong", user=editor):
        article.title = TITLE
        article.save()
        old.delete()
        abstract.text += "."
        abstract.save()
    mention = make.MentionFactory(text=text, start=0, end=len(SURFACE), surface=SURFACE, person=person)
    citation = make.CitationFactory(text=text, start=0, end=len(TEXT), event=event)
    decide([mention, citation], "rejected", editor, f"not {SURFACE}")
    decide([mention, citation], "accepted", editor)
    LogEntry.objects.create(
        user=editor,
        content_type=ContentType.objects.get_for_model(Article),
        object_id=str(article.pk),
        object_repr=TITLE,
        action_flag=CHANGE,
        change_message=json.dumps([{"changed": {"name": "mention", "object": SURFACE}}]),
    )
    return article


def tables():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        return [name for (name,) in cursor.fetchall()]


def found(words):
    """Which of `words` stand in which table, in whatever column: each row is looked at as a text.

    Letters beyond ASCII stand escaped in JSON that was written so, and as hexadecimal digits in bytes.
    """
    forms = {
        form
        for word in words
        for escaped in [json.dumps(word)[1:-1]]
        for form in (word, escaped, escaped.replace("\\", "\\\\"), word.encode().hex())
    }
    places = set()
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(
                f"SELECT form FROM unnest(%s::text[]) form"
                f' WHERE EXISTS (SELECT FROM "{table}" t WHERE strpos(t::text, form) > 0)',
                [sorted(forms)],
            )
            places |= {(table, form) for (form,) in cursor.fetchall()}
    return places


def long_terms(article):
    """The terms by which `article` is found, those of few letters aside: they stand in other words."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unnest(tsvector_to_array(vector)) FROM archive_articleindex WHERE article_id = %s",
            [article.pk],
        )
        return {term for (term,) in cursor.fetchall() if term[0] not in '^"' and len(term) > 4}


@pytest.fixture
def editor():
    return make.UserFactory()


@pytest.fixture
def event():
    return make.EventFactory(status="accepted")


@pytest.fixture
def article(event, editor):
    return article_with_everything(event, editor)


def test_no_table_holds_a_word_of_it_any_more(event, editor):
    # Two articles with the same words: terms are counted where more than one has them.
    article = article_with_everything(event, editor)
    other = make.ArticleFactory(title=TITLE)
    refresh_frequencies()
    ready.make()
    other.title = "شيء آخر"
    other.save()
    purge(other, "an order")
    terms = long_terms(article)
    before = {table for table, _ in found(WORDS)}
    assert before >= {
        "archive_article",
        "archive_articleabstract",
        "archive_articleaddress",
        "archive_articletext",
        "archive_mention",
        "archive_readyrecord",
        "archive_articlehistory",
        "archive_articleabstracthistory",
        "archive_articleaddresshistory",
        "archive_mentionhistory",
        "archive_reviewhistory",
        "django_admin_log",
        "pghistory_context",
    }
    assert {table for table, _ in found(terms)} >= {"archive_articleindex", "archive_termfrequency"}
    purge(article, "an order")
    assert found(WORDS) == set()
    assert found(terms) == set()


def test_what_names_it_by_its_number_is_the_stone_and_that_it_left(article, editor):
    purge(article, "أمر من المحكمة", editor)
    stone = Purge.objects.get()
    assert (stone.article, stone.reason, stone.editor) == (article.pk, "أمر من المحكمة", editor)
    assert not any(queryset.exists() for queryset in purging._Parts.history(purging._parts(article)))


def test_the_history_of_other_records_stays(article, event):
    before = event.history.count()
    purge(article, "an order")
    assert event.history.count() == before > 0


def test_a_context_that_others_share_stays(editor):
    with acting("both at once", user=editor):
        article, person = make.ArticleFactory(), make.PersonFactory()
    purge(article, "an order")
    assert person.history.get().pgh_context.metadata["message"] == "both at once"


def test_a_text_that_moved_to_another_article_is_not_taken_along():
    text = make.ArticleTextFactory(body=TEXT)
    mention = make.MentionFactory(text=text, start=0, end=len(SURFACE), surface=SURFACE)
    first, text.article = text.article, make.ArticleFactory()
    text.save()
    purge(first, "an order")
    assert ArticleText.objects.get().body == TEXT
    assert mention.history.exists()


def test_what_rests_on_it_alone_stays_and_is_named(article, event):
    assert preview(article).bare == [event]
    make.CitationFactory(event=event)
    assert preview(article).bare == []
    purge(article, "an order")
    assert Event.objects.get() == event


def test_another_article_with_the_same_text_stays_and_is_named(article):
    other = make.ArticleTextFactory(body=TEXT).article
    assert preview(article).same_text == [other]
    purge(article, "an order")
    assert Article.objects.get() == other


def test_the_preview_counts_what_goes(article):
    with translation.override("en"):
        rows = preview(article).rows
    assert rows.pop("history rows") > 10
    with_rows = {name: count for name, count in rows.items() if count}
    assert with_rows == {
        "articles": 1,
        "abstracts": 1,
        "addresses": 1,
        "texts": 1,
        "mentions": 1,
        "citations": 1,
        "reviews": 4,
    }


def test_a_reason_is_demanded(article):
    with pytest.raises(ValidationError):
        purge(article, "  ")
    assert Article.objects.get() == article


def test_what_is_gone_cannot_be_taken_down_again(article):
    purge(article, "an order")
    with pytest.raises(ValidationError, match=str(article.pk)):
        purge(article, "an order")


COMING_BACK = {
    "identifier": lambda: make.ArticleFactory(identifier=f"https://paper.example/{URL}"),
    "identifier as an address": lambda: make.ArticleAddressFactory(url=f"https://paper.example/{URL}"),
    "address": lambda: make.ArticleAddressFactory(url=f"https://paper.example/{URL}?from=feed"),
    "address as an identifier": lambda: make.ArticleFactory(
        identifier=f"https://paper.example/{URL}?from=feed"
    ),
    "text": lambda: make.ArticleTextFactory(body=TEXT),
    "text that it once had": lambda: make.ArticleTextFactory(body=f"نص {OLD_BODY}"),
    "text's hash": lambda: make.ArticleFactory(identifier=f"urn:sha256:{ArticleText.from_body(TEXT).sha256}"),
}


@pytest.mark.parametrize("way", COMING_BACK)
def test_it_cannot_come_back(article, way):
    purge(article, "أمر من المحكمة")
    with pytest.raises(IntegrityError, match=r"this was taken down on .*: أمر من المحكمة"):
        COMING_BACK[way]()


def test_a_change_cannot_make_another_into_it(article):
    purge(article, "an order")
    other = make.ArticleFactory()
    other.identifier = f"https://paper.example/{URL}"
    with pytest.raises(IntegrityError, match="taken down"):
        other.save()


def test_it_can_when_the_stone_is_removed(article):
    purge(article, "an order")
    Purge.objects.get().delete()
    assert make.ArticleAddressFactory(url=f"https://paper.example/{URL}").pk


def test_a_fixture_cannot_bring_it_back(article, tmp_path):
    source = article.source.slug
    purge(article, "أمر من المحكمة")
    fields = {
        "source": [source],
        "identifier": f"https://paper.example/{URL}",
        "title": "عنوان",
        "language": "ar",
    }
    (tmp_path / "again.json").write_text(json.dumps([{"model": "archive.article", "fields": fields}]))
    with pytest.raises(CommandError, match=r"again\.json, row 1 .*taken down .*أمر من المحكمة"):
        call_command("loaddata", str(tmp_path / "again.json"), verbosity=0)


class TestFinding:
    def test_by_id_identifier_and_address(self):
        address = make.ArticleAddressFactory()
        article = address.article
        assert {find(key) for key in (str(article.pk), article.identifier, address.url)} == {article}

    def test_nothing(self):
        with pytest.raises(ValidationError, match=r"nowhere\.example"):
            find("https://nowhere.example/")

    def test_what_two_sources_have(self):
        identifier = f"urn:sha256:{'a' * 64}"
        one, other = make.ArticleFactory(identifier=identifier), make.ArticleFactory(identifier=identifier)
        with pytest.raises(ValidationError, match=f"{one.pk} .* {other.pk}"):
            find(identifier)


class TestTheCommand:
    def test_a_dry_run_removes_nothing(self, article, capsys):
        call_command("purge", str(article.pk), reason="an order", dry_run=True)
        said = capsys.readouterr().out
        assert "removes       1 texts" in said
        assert Article.objects.filter(pk=article.pk).exists()
        assert not Purge.objects.exists()

    def test_it_removes_what_is_named_by_its_address(self, article, capsys):
        call_command("purge", f"https://paper.example/{URL}?from=feed", reason="an order", yes=True)
        assert not Article.objects.exists()
        assert "taken down" in capsys.readouterr().out

    def test_what_is_not_there_is_named(self):
        with pytest.raises(CommandError, match="There is no article 7"):
            call_command("purge", "7", reason="an order", yes=True)
