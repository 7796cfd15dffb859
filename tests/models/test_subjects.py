"""Who and what an article names, once each: whoever writes which facts, by whichever way, and at once."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from archive.models import Article, ArticleSubject, ArticleText, Citation, Mention, Source
from tests import factories as make
from tests.models.together import at_once

STATUSES = ("suggested", "accepted", "rejected")
COLUMNS = ("person_id", "country_id", "source_id", "event_id")


def said():
    """What the facts of all articles say, by (article, column, id): whether it is accepted."""
    found = {}
    facts = [*Mention.objects.exclude(status="rejected"), *Citation.objects.exclude(status="rejected")]
    for fact in facts:
        for column in COLUMNS:
            if (key := getattr(fact, column, None)) is not None:
                pair = fact.article_id, column, key
                found[pair] = found.get(pair, False) or fact.status == "accepted"
    return found


def kept():
    """The same as the table has it. Fails where a row does not carry what its article says."""
    found = {}
    for row in ArticleSubject.objects.select_related("article"):
        of = row.article
        carried = (row.publisher_id, row.language, row.published_lower, row.published_upper, row.published_at)
        assert carried == (
            of.source_id,
            of.language,
            of.published_lower,
            of.published_upper,
            of.published_at,
        )
        [(column, key)] = [(name, getattr(row, name)) for name in COLUMNS if getattr(row, name) is not None]
        assert (row.article_id, column, key) not in found
        found[row.article_id, column, key] = row.accepted
    return found


def mention(text, start=0, status="suggested", **named):
    return Mention(text=text, start=start, end=start + 6, surface="العراق", status=status, **named)


def citation(text, start=0, status="suggested", **reported):
    return Citation(text=text, start=start, end=start + 6, sha256="a" * 64, status=status, **reported)


@pytest.mark.django_db
@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(
    ("column", "factory"),
    [("person", make.PersonFactory), ("country", make.CountryFactory), ("source", make.SourceFactory)],
)
def test_a_mention_names_a_subject_unless_it_is_rejected(status, column, factory):
    made = make.MentionFactory(status=status, **{column: factory()})
    expected = {(made.article_id, f"{column}_id", getattr(made, f"{column}_id")): status == "accepted"}
    assert kept() == ({} if status == "rejected" else expected)


@pytest.mark.django_db
@pytest.mark.parametrize("status", STATUSES)
def test_a_citation_names_the_event_it_reports_unless_it_is_rejected(status):
    made = make.CitationFactory(status=status)
    expected = {(made.article_id, "event_id", made.event_id): status == "accepted"}
    assert kept() == ({} if status == "rejected" else expected)


@pytest.mark.django_db
def test_what_names_nobody_makes_no_row():
    make.MentionFactory(proposed_name="فلان", status="suggested")
    make.CitationFactory(participation=make.ParticipationFactory())
    assert kept() == {}


@pytest.mark.django_db
def test_facts_that_come_by_copy_are_counted():
    text, country, person = make.ArticleTextFactory(), make.CountryFactory(), make.PersonFactory()
    columns = 'text_id, start, "end", surface, how, status, proposed_name, country_id, person_id'
    with connection.cursor() as cursor, cursor.copy(f"COPY archive_mention ({columns}) FROM STDIN") as copy:
        for n in range(20):
            named = (None, person.pk) if n % 4 == 0 else (country.pk, None)
            status = "accepted" if n == 7 else STATUSES[n % 2 * 2]
            copy.write_row((text.pk, n, n + 6, "العراق", "name", status, "", *named))
    assert (
        kept()
        == said()
        == {
            (text.article_id, "country_id", country.pk): True,
            (text.article_id, "person_id", person.pk): False,
        }
    )


class TestAnyWrites(TestCase):
    """Whatever is written, the table says what the facts say."""

    writes = st.one_of(
        st.tuples(st.just("add"), st.integers(0, 1), st.integers(0, 3), st.sampled_from(STATUSES)),
        st.tuples(st.just("decide"), st.integers(0, 9), st.integers(0, 1), st.sampled_from(STATUSES)),
        st.tuples(st.just("decide all"), st.just(0), st.integers(0, 1), st.sampled_from(STATUSES)),
        st.tuples(st.just("retarget"), st.integers(0, 9), st.integers(0, 3), st.just("")),
        st.tuples(st.just("move"), st.integers(0, 9), st.integers(0, 1), st.just("")),
        st.tuples(st.just("move text"), st.just(0), st.integers(0, 1), st.just("")),
        st.tuples(st.just("delete"), st.integers(0, 9), st.just(0), st.just("")),
        st.tuples(st.just("date"), st.integers(0, 1), st.just(0), st.sampled_from(["2021", "1955-01", ""])),
    )

    @given(writes=st.lists(writes, max_size=12))
    def test_the_table_says_what_the_facts_say(self, writes):
        Mention.objects.all().delete()
        Citation.objects.all().delete()
        texts = [make.ArticleTextFactory(), make.ArticleTextFactory()]
        articles = [text.article for text in texts]
        countries, events = make.CountryFactory.create_batch(2), make.EventFactory.create_batch(2)

        def facts():
            return [*Mention.objects.order_by("pk"), *Citation.objects.order_by("pk")]

        for n, (verb, which, what, value) in enumerate(writes):
            found = facts()[which : which + 1]
            model = (Mention, Citation)[what % 2]
            if verb == "add":
                new = mention(texts[which], n, value, country=countries[what // 2])
                if what % 2:
                    new = citation(texts[which], n, value, event=events[what // 2])
                model.objects.bulk_create([new])
            elif verb == "decide":
                model.objects.filter(pk__in=[fact.pk for fact in found]).update(status=value)
            elif verb == "decide all":
                model.objects.update(status=value)
            elif verb == "move text":
                texts[0].article = articles[what]
                texts[0].save()
            elif verb == "date":
                articles[which].published = value or None
                articles[which].save()
            for fact in found:
                if verb == "retarget" and isinstance(fact, Mention):
                    Mention.objects.filter(pk=fact.pk).update(country=countries[what // 2])
                elif verb == "retarget":
                    Citation.objects.filter(pk=fact.pk).update(event=events[what // 2])
                elif verb == "move":
                    type(fact).objects.filter(pk=fact.pk).update(text=texts[what])
                elif verb == "delete":
                    fact.delete()
            assert kept() == said()


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["source", "language", "published"])
def test_the_rows_of_an_article_follow_it_and_others_stay(change):
    made, other = make.MentionFactory(), make.CitationFactory()
    value = {"source": make.SourceFactory(), "language": "ru", "published": "1955-01"}[change]
    article = Article.objects.get(pk=made.article_id)
    setattr(article, change, value)
    article.save()
    assert kept() == said()
    assert ArticleSubject.objects.get(article=article).published_lower == article.published_lower
    assert ArticleSubject.objects.get(article=other.article_id).language == "ar"


@pytest.mark.django_db
def test_an_article_takes_its_rows_along():
    made = make.MentionFactory()
    make.CitationFactory(text=made.text)
    Article.objects.get(pk=made.article_id).delete()
    assert not ArticleSubject.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("subject", ["person", "country", "source", "event"])
def test_the_articles_of_a_subject_newest_first_are_a_walk_of_an_index_alone(subject):
    rows = ArticleSubject.objects.filter(**{subject: 1}).counting(["accepted"]).newest_first()
    copies = ("article_id", "published_at", "published_lower", "published_upper", "publisher_id", "language")
    plan = plan_of(rows.values_list(*copies))
    assert f"Index Only Scan using articlesubject_{subject} " in plan, plan
    assert "Sort" not in plan, plan


def plan_of(rows):
    query, parameters = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN {query}", parameters)
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.django_db
def test_whom_an_article_names_is_read_from_an_index_alone():
    rows = ArticleSubject.objects.filter(article=1, accepted=True)
    plan = plan_of(rows.values_list("person_id", "country_id"))
    assert "Index Only Scan using articlesubject_once " in plan, plan


# --- Two at once --------------------------------------------------------------------------


def add(text, start, status, **named):
    return lambda: Mention.objects.bulk_create([mention(text, start, status, **named)])


def decide(row, status):
    return lambda: Mention.objects.filter(pk=row.pk).update(status=status)


def remove(row):
    return lambda: Mention.objects.filter(pk=row.pk).delete()


@pytest.fixture
def pair(transactional_db):
    """Two suggested mentions of one country in one text."""
    text, country = make.ArticleTextFactory(), make.CountryFactory()
    rows = [make.MentionFactory(text=text, start=n, country=country, status="suggested") for n in (0, 9)]
    return text, country, rows


WRITES = {
    "add": lambda text, country, row: add(text, 20 + row.start, "suggested", country=country),
    "add accepted": lambda text, country, row: add(text, 40 + row.start, "accepted", country=country),
    "accept": lambda text, country, row: decide(row, "accepted"),
    "reject": lambda text, country, row: decide(row, "rejected"),
    "remove": lambda text, country, row: remove(row),
}


@pytest.mark.parametrize("first", WRITES)
@pytest.mark.parametrize("second", WRITES)
@pytest.mark.parametrize("alone", [False, True], ids=["two mentions", "one mention"])
def test_mentions_of_one_subject_written_at_once_leave_the_right_row(pair, first, second, alone):
    text, country, rows = pair
    if alone:
        # The one that is left is the first one's to write; the second adds, or decides on what is rejected.
        Mention.objects.filter(pk=rows[1].pk).update(status="rejected")
    at_once(WRITES[first](text, country, rows[0]), WRITES[second](text, country, rows[1]))
    assert kept() == said()


@pytest.mark.parametrize("first", WRITES)
def test_a_subject_that_comes_while_it_is_named_for_the_first_time_elsewhere(pair, first):
    text, _, rows = pair
    country = make.CountryFactory()
    at_once(add(text, 60, "suggested", country=country), add(text, 70, "accepted", country=country))
    at_once(WRITES[first](text, country, rows[0]), add(text, 80, "accepted", country=country))
    assert kept() == said()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fact_first", [True, False])
@pytest.mark.parametrize("change", ["source", "language", "published"])
def test_a_fact_and_its_articles_change_written_at_once_agree(fact_first, change):
    text, country, source = make.ArticleTextFactory(), make.CountryFactory(), make.SourceFactory()

    def write():
        article = Article.objects.get(pk=text.article_id)
        setattr(article, change, {"source": source, "language": "ru", "published": "1955-01"}[change])
        article.save()

    writes = [add(text, 0, "suggested", country=country), write]
    at_once(*(writes if fact_first else reversed(writes)))
    assert kept() == said()
    assert len(kept()) == 1


@pytest.mark.django_db(transaction=True)
def test_a_fact_and_its_texts_move_written_at_once_agree():
    text, other, country = make.ArticleTextFactory(), make.ArticleFactory(), make.CountryFactory()

    def move():
        ArticleText.objects.filter(pk=text.pk).update(article=other)

    at_once(add(text, 0, "suggested", country=country), move)
    assert kept() == said() == {(other.pk, "country_id", country.pk): False}
    assert Source.objects.count() == 2
