"""What the desks of mentions and citations share: spans within a text."""

from typing import Any

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from archive.admin.forms import RecordForm
from archive.models.evidence import Evidence


class SpanForm(RecordForm):
    """A form whose span has to lie within its text: the database says that too late, in a trigger."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        text, end = data.get("text"), data.get("end")
        if text is not None and end is not None and end > text.length:
            self.add_error("end", _("The text has only %(length)s characters.") % {"length": text.length})
        return data

    def words(self) -> str | None:
        """The words of the span; None where the archive does not keep the text, or the span is wrong."""
        text, start, end = (self.cleaned_data.get(name) for name in ("text", "start", "end"))
        if text is None or start is None or end is None or not start < end <= text.length:
            return None
        return None if text.body is None else text.body[start:end]


@admin.display(description=_("article"))
def by_article(evidence: Evidence) -> SafeString | None:
    """A link to the article that the evidence is in."""
    if evidence.pk is None:
        return None
    url = reverse("admin:archive_article_change", args=[evidence.article_id])
    return format_html('<a href="{}"><bdi>{}</bdi></a>', url, evidence.article)
