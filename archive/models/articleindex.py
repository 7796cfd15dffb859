"""What articles are found by."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Index, Q
from django.utils.translation import gettext_lazy as _

from archive.models.article import Article
from archive.models.ordering import newest


class ArticleIndexQuerySet(models.QuerySet):
    """Rows by whether they are in step."""

    def behind(self, version: int) -> "ArticleIndexQuerySet":
        """Rows whose vector was made by an analyser before `version`, or of other words, or not yet."""
        return self.filter(version__lt=version)

    def newest_first(self) -> "ArticleIndexQuerySet":
        """In the order of articles, by this table's own index."""
        return self.order_by(newest("published_at"), F("article_id").desc())


class ArticleIndex(models.Model):
    """The terms of one article, by which it is found.

    Derived from the article, its abstracts and its newest body, so it has no history and is in no
    fixture. Triggers (archive.models.indexing) add the row, mark it when it falls behind, and remove
    it; `archive.search.index` fills it. Narrow: a walk in the order of dates reads many rows a page,
    as the vectors of all but short articles stand apart (TOAST).
    """

    article = models.OneToOneField(
        Article,
        # The database removes it: nobody has to be shown, or asked about, what follows by itself.
        models.DO_NOTHING,
        primary_key=True,
        related_name="index",
        editable=False,
        verbose_name=_("article"),
    )
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    # The analyser's version that the vector was made with. 0: not made, or behind the article.
    version = models.IntegerField(_("version"), db_default=0, editable=False)
    # The transaction that marked the row; null once it is in step again.
    changed = models.BigIntegerField(_("changed by"), null=True, editable=False)
    vector = SearchVectorField(_("terms"), null=True, editable=False)

    objects = ArticleIndexQuerySet.as_manager()

    class Meta:
        verbose_name = _("article's terms")
        verbose_name_plural = _("articles' terms")
        default_permissions: ClassVar = ()
        indexes: ClassVar = [
            GinIndex(fields=["vector"], name="articleindex_vector"),
            Index(newest("published_at"), F("article_id").desc(), name="articleindex_newest"),
            Index(fields=["version"], name="articleindex_version"),
            Index(fields=["changed"], name="articleindex_changed", condition=Q(changed__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} ({self.version})"
