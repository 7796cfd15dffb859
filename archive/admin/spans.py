"""What the desks of mentions and citations share: spans within a text."""

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from archive.admin.forms import RecordForm
from archive.curate.evidence import check_span
from archive.models import ArticleText
from archive.models.evidence import Evidence


class SpanForm(RecordForm):
    """A form whose span agrees with its text: the database says that too late, in a trigger."""

    # The fields that say what the words of the span are.
    words: ClassVar[tuple[str, ...]] = ()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not {"text", "start", "end", *self.words} & set(self.changed_data):
            return data  # It was right when it was written, perhaps by another, who may read the text.
        text, start, end = (data.get(name) for name in ("text", "start", "end"))
        if text is not None and start is not None and end is not None:
            try:
                self.check(text, start, end)
            except ValidationError as error:
                self.add_error(None, error)
        return data

    def check(self, text: ArticleText, start: int, end: int) -> None:
        """Raise ValidationError, by field, where what is recorded of the span is wrong."""
        check_span(text, start, end)


@admin.display(description=_("article"))
def by_article(evidence: Evidence) -> SafeString | None:
    """A link to the article that the evidence is in."""
    if evidence.pk is None:
        return None
    url = reverse("admin:archive_article_change", args=[evidence.article_id])
    return format_html('<a href="{}"><bdi>{}</bdi></a>', url, evidence.article)
