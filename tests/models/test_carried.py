"""Link rows carry their article's or event's dates, whoever writes what, and in what order."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection

from archive.models import Article, ArticleText, Citation, Event, Mention, Participation
from tests import factories as make
from tests.models.together import at_once

LIE = date(1900, 1, 1)
LIES = {
    "published_lower": LIE,
    "published_upper": LIE,
    "published_at": datetime(1900, 1, 1, tzinfo=UTC),
}
EVENT_LIES = {"start_lower": LIE, "end_upper": LIE, "start_at": datetime(1900, 1, 1, tzinfo=UTC)}


def carried_by(evidence):
    evidence.refresh_from_db()
    return evidence.article, evidence.published_lower, evidence.published_upper, evidence.published_at


def dates_of(article):
    article.refresh_from_db()
    return article, article.published_lower, article.published_upper, article.published_at


def carried_by_part(participation):
    participation.refresh_from_db()
    return participation.start_lower, participation.end_upper, participation.start_at


def dates_of_event(event):
    event.refresh_from_db()
    return event.start_lower, event.end_upper or event.start_upper, event.start_at


def save(row, column, value):
    setattr(row, column, value)
    row.save()


def bulk_update(row, column, value):
    setattr(row, column, value)
    type(row).objects.bulk_update([row], [column])


def raw_sql(row, column, value):
    """The derived columns too, as a hand in the tables would have to."""
    day = date.fromisoformat(value)
    moment = f', "{column}_at" = %s' if hasattr(row, f"{column}_at") else ""
    values = [value, day, day, *([datetime(day.year, day.month, day.day, tzinfo=UTC)] if moment else [])]
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE {row._meta.db_table} SET "{column}" = %s, "{column}_lower" = %s,'
            f' "{column}_upper" = %s{moment} WHERE id = %s',
            [*values, row.pk],
        )


WRITERS = [save, bulk_update, raw_sql]
EVIDENCE = [make.MentionFactory, make.CitationFactory]


@pytest.mark.django_db
@pytest.mark.parametrize("make_evidence", EVIDENCE)
def test_evidence_takes_its_articles_date_whatever_the_writer_gives(make_evidence):
    text, elsewhere = make.ArticleTextFactory(), make.ArticleFactory(published="1999")
    evidence = make_evidence(text=text, article=elsewhere, **LIES)
    assert carried_by(evidence) == dates_of(text.article)


@pytest.mark.django_db
@pytest.mark.parametrize("make_evidence", EVIDENCE)
def test_evidence_keeps_its_articles_date_whatever_the_writer_gives(make_evidence):
    evidence = make_evidence()
    type(evidence).objects.filter(pk=evidence.pk).update(article=make.ArticleFactory(), **LIES)
    assert carried_by(evidence) == dates_of(evidence.text.article)


@pytest.mark.django_db
@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("make_evidence", EVIDENCE)
def test_evidence_follows_when_its_articles_date_changes(make_evidence, write):
    evidence = make_evidence()
    write(evidence.text.article, "published", "2003-05-02")
    assert carried_by(evidence)[1] == date(2003, 5, 2)
    assert carried_by(evidence) == dates_of(evidence.text.article)


@pytest.mark.django_db
@pytest.mark.parametrize("make_evidence", EVIDENCE)
def test_evidence_of_an_article_without_a_date_carries_none(make_evidence):
    evidence = make_evidence()
    save(evidence.text.article, "published", None)
    assert carried_by(evidence) == (evidence.text.article, None, None, None)


@pytest.mark.django_db
@pytest.mark.parametrize("make_evidence", EVIDENCE)
def test_evidence_follows_its_text_to_another_article(make_evidence):
    evidence, other = make_evidence(), make.ArticleFactory(published="1999-01")
    ArticleText.objects.filter(pk=evidence.text_id).update(article=other)
    assert carried_by(evidence) == dates_of(other)


@pytest.mark.django_db
@pytest.mark.parametrize("make_evidence", EVIDENCE)
def test_evidence_that_moves_to_another_text_takes_that_articles_date(make_evidence):
    evidence = make_evidence()
    other = make.ArticleTextFactory(article__published="1999-01")
    type(evidence).objects.filter(pk=evidence.pk).update(text=other)
    assert carried_by(evidence) == dates_of(other.article)


@pytest.mark.django_db
def test_evidence_of_other_articles_stays_as_it_was():
    mention, other = make.MentionFactory(), make.MentionFactory(text__article__published="1999")
    before = carried_by(other)
    save(mention.text.article, "published", "2003-05-02")
    assert carried_by(other) == before


@pytest.mark.django_db
def test_a_participation_takes_and_keeps_its_events_dates_whatever_the_writer_gives():
    part = make.ParticipationFactory(event__end="2021-09", **EVENT_LIES)
    assert carried_by_part(part) == dates_of_event(part.event)
    Participation.objects.filter(pk=part.pk).update(**EVENT_LIES)
    assert carried_by_part(part) == dates_of_event(part.event)


@pytest.mark.django_db
@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize(("column", "value"), [("start", "2003-05-02"), ("end", "2022-01-31")])
def test_a_participation_follows_when_its_events_dates_change(write, column, value):
    part = make.ParticipationFactory(event__start="2003-05", event__end="2021-09")
    write(part.event, column, value)
    assert date.fromisoformat(value) in carried_by_part(part)
    assert carried_by_part(part) == dates_of_event(part.event)


@pytest.mark.django_db
def test_an_event_without_an_end_ends_when_its_start_may_have_been_at_the_latest():
    part = make.ParticipationFactory(event__start="2021-08")
    assert carried_by_part(part)[1] == date(2021, 8, 31)
    save(part.event, "start", "2021-07")
    assert carried_by_part(part)[1] == date(2021, 7, 31)


@pytest.mark.django_db
def test_a_participation_that_moves_to_another_event_takes_its_dates():
    part, other = make.ParticipationFactory(), make.EventFactory(start="1955-01")
    Participation.objects.filter(pk=part.pk).update(event=other)
    part.refresh_from_db()
    assert carried_by_part(part) == dates_of_event(other)


# --- Two at once --------------------------------------------------------------------------


def new_mention(text):
    Mention.objects.create(text=text, start=0, end=6, surface="العراق", country=make.CountryFactory())


def new_citation(text):
    Citation.objects.create(text=text, start=0, end=6, sha256="a" * 64, event=make.EventFactory())


def redate(article):
    save(Article.objects.get(pk=article.pk), "published", "2003-05-02")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("new", [new_mention, new_citation])
@pytest.mark.parametrize("evidence_first", [True, False])
def test_evidence_and_its_articles_new_date_written_at_once_agree(new, evidence_first):
    text = make.ArticleTextFactory()
    writes = [lambda: new(text), lambda: redate(text.article)]
    at_once(*(writes if evidence_first else reversed(writes)))
    evidence = text.mentions.first() or text.citations.first()
    assert carried_by(evidence)[1] == date(2003, 5, 2)
    assert carried_by(evidence) == dates_of(text.article)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("new", [new_mention, new_citation])
@pytest.mark.parametrize("evidence_first", [True, False])
def test_evidence_and_its_texts_move_written_at_once_agree(new, evidence_first):
    text, other = make.ArticleTextFactory(), make.ArticleFactory(published="1999-01")
    writes = [
        lambda: new(text),
        lambda: ArticleText.objects.filter(pk=text.pk).update(article=other),
    ]
    at_once(*(writes if evidence_first else reversed(writes)))
    evidence = text.mentions.first() or text.citations.first()
    assert carried_by(evidence) == dates_of(other)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("part_first", [True, False])
def test_a_participation_and_its_events_new_date_written_at_once_agree(part_first):
    event, country = make.EventFactory(), make.CountryFactory()
    writes = [
        lambda: Participation.objects.create(event=event, country=country, role="actor"),
        lambda: save(Event.objects.get(pk=event.pk), "start", "2003-05-02"),
    ]
    at_once(*(writes if part_first else reversed(writes)))
    part = event.participations.get()
    assert carried_by_part(part)[0] == date(2003, 5, 2)
    assert carried_by_part(part) == dates_of_event(event)
