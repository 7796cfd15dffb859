"""What mentions and citations share: a span of a text, and the article it is in."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from archive.models.base import Fact
from archive.models.constraints import check


class Evidence(Fact):
    """A span of one version of an article's text: code points `start` to `end`, `end` left out."""

    text = models.ForeignKey(
        "ArticleText",
        models.CASCADE,
        related_name="%(class)ss",
        verbose_name=_("text"),
        help_text=_("The version of the text it was read in."),
    )
    start = models.PositiveIntegerField(_("start"), help_text=_("Its first character, counted from 0."))
    end = models.PositiveIntegerField(_("end"), help_text=_("The character after its last."))
    # Copies of the article and its date, so that "this person, these months, newest first"
    # is one walk of an index. The database fills them and keeps them right; what a writer
    # puts here is dropped.
    article = models.ForeignKey(
        "Article",
        models.CASCADE,
        blank=True,
        editable=False,
        related_name="%(class)ss",
        verbose_name=_("article"),
    )
    published_lower = models.DateField(null=True, editable=False)
    published_upper = models.DateField(null=True, editable=False)
    published_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            *Fact.Meta.constraints,
            check(Q(end__gt=F("start")), "span", _("A span ends after it starts.")),
        ]
