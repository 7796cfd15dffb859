"""The tokens by which programs say who they are."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

# Knox keeps the first fifteen characters of a token, to find it by. Fewer name it to people.
SHOWN = 8


class Token(AbstractAuthToken):
    """A token of a user. Its hash is kept, and its beginning.

    Knox's own table has the hash as its key, which the admin would write into addresses, forms and its log.
    """

    # Knox's fields again, with names for people.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="auth_token_set", verbose_name=_("user")
    )
    created = models.DateTimeField(_("made"), auto_now_add=True)
    expiry = models.DateTimeField(_("valid until"), null=True, blank=True)
    digest = models.CharField(_("digest"), max_length=128, unique=True, editable=False)
    note = models.CharField(
        _("note"), blank=True, max_length=100, help_text=_("What it is for, or where it is kept.")
    )

    class Meta:
        verbose_name = _("token")
        verbose_name_plural = _("tokens")
        ordering: ClassVar = ["-created", "-id"]
        default_permissions: ClassVar = ("add", "delete", "view")
        indexes: ClassVar = [models.Index(fields=["-created", "-id"], name="token_newest")]

    def __str__(self) -> str:
        return f"{self.beginning}… ({self.user})"

    @property
    def beginning(self) -> str:
        """The characters that name it."""
        return self.token_key[:SHOWN]
