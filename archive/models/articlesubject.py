"""Who and what an article names, each once."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Index, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from archive.models import subjects
from archive.models.base import Status
from archive.models.constraints import exactly_one
from archive.models.ordering import MONTH, lasting_index, newest


def counts(statuses: list[str]) -> Q:
    """Whether a fact with one of `statuses` makes a row. An event's own status is not asked for here."""
    return Q() if Status.SUGGESTED in statuses else Q(accepted=True)


def looked_up(column: str) -> Q:
    """Whether a row names something in `column`, for who looks it up by its article.

    Said of the columns before it as well, one place of the unique index has them: PostgreSQL would
    else take that index for a poor one, and go through all articles of a subject.
    """
    before = subjects.COLUMNS[: subjects.COLUMNS.index(column)]
    return Q(**{f"{column}__isnull": False}, **{f"{one}__isnull": True for one in before})


class ArticleSubjectQuerySet(QuerySet):
    """Rows by how sure they are, and in the order of articles."""

    def counting(self, statuses: list[str]) -> "ArticleSubjectQuerySet":
        """Rows that a fact with one of `statuses` makes. An event's own status is not asked for here."""
        return self.filter(counts(statuses))

    def newest_first(self) -> "ArticleSubjectQuerySet":
        """In the order of articles: of one subject, a walk of this table's own index."""
        return self.order_by(newest("published_at"), F("article_id").desc())


def _carried(to: str, name: Promise, *, related: str = "+", null: bool = False) -> Any:
    """A key without a constraint of its own: the facts and the article that it is copied from have one."""
    return models.ForeignKey(
        to,
        # Nobody has to be shown, or asked about, what follows by itself.
        models.DO_NOTHING,
        null=null,
        db_constraint=False,
        db_index=False,
        editable=False,
        related_name=related,
        verbose_name=name,
    )


def _walk(subject: str) -> Index:
    """Serves the articles of one subject, newest first, and counts of them, without a look at the table.

    PostgreSQL reads nothing but an index only where the column below an expression is in it too.
    """
    return Index(
        F(subject),
        newest("published_at"),
        F("article").desc(),
        name=f"articlesubject_{subject}",
        include=["published_at", *subjects.OF_ARTICLE, "accepted"],
        condition=Q(**{f"{subject}__isnull": False}),
    )


def _publishers(subject: str) -> Index:
    """Serves counts of the publishers of one subject's articles, which it has side by side.

    It is a fifth as large as the walk, and its rows are counted without a look for where each belongs.
    """
    return Index(
        fields=[subject, "publisher"],
        name=f"articlesubject_{subject}_counts",
        condition=Q(**{f"{subject}__isnull": False}),
    )


class ArticleSubject(models.Model):
    """One person, country, source or event that an article names, however many mentions or citations do.

    `accepted` where one of them is accepted; there while one is not rejected. An event stands here for
    citations of the event itself, and its own status is not looked at: it is asked for where it matters.
    Beside it are the columns of the article that lists filter, count and sort by.

    Derived, so it has no history and is in no fixture: triggers keep it (archive.models.subjects).
    """

    article = _carried("Article", _("article"), related="subjects")
    person = _carried("Person", _("person"), null=True)
    country = _carried("Country", _("country"), null=True)
    source = _carried("Source", _("source"), null=True)
    event = _carried("Event", _("event"), null=True)
    accepted = models.BooleanField(_("accepted"), editable=False)
    publisher = _carried("Source", _("publisher"))
    language = models.CharField(_("language"), max_length=35, editable=False)
    published_lower = models.DateField(null=True, editable=False)
    published_upper = models.DateField(null=True, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)

    objects = ArticleSubjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("subject of an article")
        verbose_name_plural = _("subjects of articles")
        default_permissions: ClassVar = ()
        constraints: ClassVar = [
            exactly_one(
                subjects.COLUMNS, "one_subject", _("A row names one person, country, source or event.")
            ),
            # In the order of its columns, "whom does this article name" is answered by this index alone.
            models.UniqueConstraint(
                fields=["article", *subjects.COLUMNS],
                include=["accepted"],
                name="articlesubject_once",
                nulls_distinct=False,
            ),
        ]
        indexes: ClassVar = [
            index
            for subject in subjects.COLUMNS
            for index in (
                _walk(subject),
                lasting_index("articlesubject", "published", MONTH, subject),
                _publishers(subject),
            )
        ]

    def __str__(self) -> str:
        return f"{self.article_id}"
