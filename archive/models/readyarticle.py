"""Articles' JSON as lists show it, made ready."""

from typing import Any, ClassVar, Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class JsonText(models.Field):
    """PostgreSQL's `json`: a JSON value as it was written. Django's own field is of another order."""

    def db_type(self, connection: Any) -> str:
        return "json"


class ReadyArticle(models.Model):
    """The JSON of one article, as lists show it unless they are asked for something else.

    Derived, so it has no history and is in no fixture. `archive.api.ready` makes it. It is not to be read
    while it is stale (StaleArticle): read by `IN_STEP`.
    """

    article = models.OneToOneField(
        "Article",
        # It goes when it is looked at next; nobody has to be shown, or asked about, what follows by itself.
        models.DO_NOTHING,
        primary_key=True,
        db_constraint=False,
        related_name="+",
        editable=False,
        verbose_name=_("article"),
    )
    # Of the statement that made the JSON: another version of the archive shows other fields.
    version = models.IntegerField(_("version"), editable=False)
    json = JsonText(_("JSON"), editable=False)

    class Meta:
        verbose_name = _("article's JSON")
        verbose_name_plural = _("articles' JSON")
        default_permissions: ClassVar = ()
        indexes: ClassVar = [models.Index(fields=["version"], name="readyarticle_version")]

    def __str__(self) -> str:
        return f"{self.article_id} ({self.version})"


class StaleArticle(models.Model):
    """An article whose JSON is no longer what its ready row says, if it has one.

    Triggers write it (archive.models.readying), in the transaction that changes something;
    `archive.api.ready` removes it when it has made the JSON anew. A row of its own: nobody who writes waits
    for anybody else.
    """

    article = models.ForeignKey(
        "Article",
        models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
        editable=False,
        verbose_name=_("article"),
    )
    # What a transaction has marked once it need not mark again.
    transaction = models.BigIntegerField(_("transaction"), editable=False)

    class Meta:
        verbose_name = _("stale article")
        verbose_name_plural = _("stale articles")
        default_permissions: ClassVar = ()
        indexes: ClassVar = [models.Index(fields=["article", "transaction"], name="stalearticle_article")]

    def __str__(self) -> str:
        return str(self.article_id)


# Selects the JSON of the article with the id `page.pk`, if it is ready and of the version that is asked for.
IN_STEP: Final = """
    SELECT ready.json FROM archive_readyarticle ready
    WHERE ready.article_id = page.pk AND ready.version = %s
    AND NOT EXISTS (SELECT FROM archive_stalearticle stale WHERE stale.article_id = ready.article_id)
"""
