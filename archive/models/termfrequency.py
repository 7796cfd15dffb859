"""How common each term is."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

# No term is empty: this one's row says how many documents there were when they were counted.
ALL_DOCUMENTS = ""


class TermFrequency(models.Model):
    """In how many articles a term stands.

    Counted from the vectors by `archive.search.frequencies`, now and then, all at once. A term of
    fewer than two articles has no row. The row of the empty term counts all articles.
    """

    term = models.TextField(_("term"), primary_key=True)
    documents = models.IntegerField(_("documents"))

    class Meta:
        verbose_name = _("term's frequency")
        verbose_name_plural = _("terms' frequencies")
        default_permissions: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.term} ({self.documents})"
