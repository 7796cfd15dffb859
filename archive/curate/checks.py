"""Every rule that spans rows, looked at row by row.

The database holds these rules itself, by constraints and triggers. This is the second
look: after a restore, an upgrade, or a hand in the tables with triggers switched off.
"""

from collections.abc import Iterator

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from archive.curate.derived import derived_models, stale
from archive.curate.texts import misplaced
from archive.models import Article, ArticleText, Citation, Mention, Participation, Review
from archive.models.review import TARGETS

# What facts say of each article, and what stands in the table: rows that are in one of the two alone.
SUBJECTS_OUT_OF_STEP = """
    WITH said AS (
        SELECT a.id, f.person_id, f.country_id, f.source_id, f.event_id, bool_or(f.status = 'accepted'),
            a.source_id AS publisher, a.language, a.published_lower, a.published_upper, a.published_at
        FROM (
            SELECT article_id, person_id, country_id, source_id, NULL::bigint AS event_id, status
            FROM archive_mention
            UNION ALL SELECT article_id, NULL, NULL, NULL, event_id, status FROM archive_citation
        ) f JOIN archive_article a ON a.id = f.article_id
        WHERE f.status <> 'rejected' AND num_nonnulls(person_id, country_id, f.source_id, event_id) = 1
        GROUP BY a.id, f.person_id, f.country_id, f.source_id, f.event_id
    ), kept AS (
        SELECT article_id, person_id, country_id, source_id, event_id, accepted,
            publisher_id, language, published_lower, published_upper, published_at
        FROM archive_articlesubject
    )
    SELECT DISTINCT id, CASE WHEN person_id IS NOT NULL THEN 'person ' || person_id
        WHEN country_id IS NOT NULL THEN 'country ' || country_id
        WHEN source_id IS NOT NULL THEN 'source ' || source_id
        ELSE 'event ' || event_id END
    FROM ((TABLE said EXCEPT TABLE kept) UNION ALL (TABLE kept EXCEPT TABLE said)) different
    ORDER BY 1, 2
"""


def problems() -> Iterator[str]:
    """Everything in the archive that breaks a rule, a line each, with the table and the row's id."""
    yield from _derived_columns()
    for model in (Mention, Citation):
        yield from _evidence(model)
    yield from _participations()
    yield from _subjects()
    yield from _texts()
    yield from _identifiers()
    yield from _reviews()


def _derived_columns() -> Iterator[str]:
    for model in derived_models():
        for row, names in stale(model.objects.iterator(chunk_size=1000)):
            yield f"{model._meta.label_lower} {row.pk}: {', '.join(names)} not what the sources say"


def _evidence(model: type[Mention] | type[Citation]) -> Iterator[str]:
    table = model._meta.label_lower
    for row in model.objects.filter(end__gt=F("text__length")).order_by("pk"):
        yield f"{table} {row.pk}: ends at {row.end}, after the end of its text"
    carried = (
        Q(article=F("text__article"))
        & _same("published_at", "text__article__published_at")
        & _same("published_lower", "text__article__published_lower")
        & _same("published_upper", "text__article__published_upper")
    )
    for row in _without(model.objects.filter(carried)):
        yield f"{table} {row.pk}: does not carry its article's date"


def _without(right: QuerySet) -> QuerySet:
    """All rows of the table of `right` that are none of these. NOT IN would go through all for each."""
    return right.model.objects.filter(~Exists(right.filter(pk=OuterRef("pk")))).order_by("pk")


def _same(one: str, other: str) -> Q:
    return Q(**{one: F(other)}) | Q(**{f"{one}__isnull": True, f"{other}__isnull": True})


def _participations() -> Iterator[str]:
    events = Participation.objects.annotate(event_upper=Coalesce("event__end_upper", "event__start_upper"))
    carried = (
        _same("start_at", "event__start_at")
        & _same("start_lower", "event__start_lower")
        & _same("end_upper", "event_upper")
    )
    for row in _without(events.filter(carried)):
        yield f"archive.participation {row.pk}: does not carry its event's date"


def _subjects() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(SUBJECTS_OUT_OF_STEP)
        for article, subject in cursor.fetchall():
            yield f"archive.articlesubject of article {article}: {subject} not what the article's facts say"


def _texts() -> Iterator[str]:
    held = ArticleText.objects.filter(body__isnull=False).order_by("pk")
    for text in held.prefetch_related("mentions", "citations").iterator(chunk_size=200):
        for problem in misplaced(text, text.body):
            yield f"archive.articletext {text.pk}: {problem}"


def _identifiers() -> Iterator[str]:
    for article in Article.objects.filter(identifier__startswith="urn:sha256:").order_by("pk").iterator():
        if not article.texts.filter(sha256=article.identifier.removeprefix("urn:sha256:")).exists():
            yield f"archive.article {article.pk}: no text has the hash that its identifier names"


def _reviews() -> Iterator[str]:
    """A fact that editors have decided has the status of the last decision."""
    for target in TARGETS:
        last = (
            Review.objects.filter(**{f"{target}__isnull": False})
            .order_by(f"{target}_id", "-decided_at", "-pk")
            .distinct(f"{target}_id")
            .select_related(target)
        )
        for review in last:
            fact = getattr(review, target)
            if fact.status != review.decision:
                yield f"{fact._meta.label_lower} {fact.pk}: {fact.status}, but decided {review.decision}"
