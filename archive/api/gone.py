"""410 for what was taken down: an address that once led to an article says when and why it does no more."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import exceptions as drf
from rest_framework import status

from archive.models import Article, Purge


class Gone(drf.APIException):
    """410: what was here was taken down for good. `members` say of the problem why, and when."""

    status_code = status.HTTP_410_GONE
    default_code = "gone"

    def __init__(self, stone: Purge) -> None:
        super().__init__(_("This article was taken down: %(reason)s") % {"reason": stone.reason})
        self.members = {"reason": stone.reason, "purged": stone.purged_at.isoformat()}


def gone(view: Any) -> Gone | None:
    """What to answer instead of 404 where `view` was to show what was taken down; None elsewhere."""
    if not shows_articles(view):
        return None
    key = str(getattr(view, "kwargs", {}).get("pk", ""))
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    stone = Purge.objects.filter(article=int(key)).first()
    return stone and Gone(stone)


def shows_articles(view: Any) -> bool:
    """Whether an address of `view` leads to an article."""
    rows = getattr(view, "queryset", None)
    return Article in (getattr(view, "model", None), getattr(rows, "model", None))
