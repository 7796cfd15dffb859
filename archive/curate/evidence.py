"""What a span says, and whether what is recorded of it agrees with the text.

The API, the admin and later the annotator write evidence through these rules. They run in
the transaction that writes: the text is locked, so that a body cannot be attached between
the look and the write.
"""

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db.models import Value
from django.db.models.functions import Substr
from django.utils.translation import gettext as _

from archive.models import ArticleText
from archive.text import sha256_hex

# Who may read the texts of publishers.
READ_TEXT = "archive.read_text"


def check_span(text: ArticleText, start: int, end: int) -> None:
    """Raise ValidationError, by field, unless [start, end) lies within `text`."""
    if end <= start:
        raise ValidationError({"end": _("A span ends after it starts.")})
    if end > text.length:
        raise ValidationError(
            {"end": _("The text has only %(length)s characters.") % {"length": text.length}}
        )


def check_surface(text: ArticleText, start: int, end: int, surface: str, user: AbstractBaseUser) -> None:
    """Raise ValidationError where the archive keeps the body, and other words than `surface` stand there."""
    check_span(text, start, end)
    words = _words_at(text, start, end, user)
    if words is not None and words != surface:
        raise ValidationError({"surface": _("The text has other words there.")})


def span_hash(text: ArticleText, start: int, end: int, given: str | None, user: AbstractBaseUser) -> str:
    """The SHA-256 that a citation of the span records: `given`, or where it follows from the body, that.

    Raises ValidationError, by field, where `given` is wrong, or missing and does not follow.
    """
    check_span(text, start, end)
    words = _words_at(text, start, end, user)
    if words is not None and given and given != sha256_hex(words):
        raise ValidationError({"sha256": _("The words of the span have another hash.")})
    if given:
        return given
    if words is None:
        raise ValidationError({"sha256": _("Give the hash of the span's words.")})
    return sha256_hex(words)


def _words_at(text: ArticleText, start: int, end: int, user: AbstractBaseUser) -> str | None:
    """What stands at [start, end) of `text`; None where the archive does not keep it.

    Raises ValidationError where it does, and `user` may not read it: whether a guess of one letter is right
    tells that letter, and letter by letter all of the text.
    """
    # The body can be long: only the span leaves the database.
    words = Substr("body", Value(start + 1), Value(end - start))
    locked = ArticleText.objects.select_for_update(no_key=True).filter(pk=text.pk)
    found = locked.values_list(words, flat=True).get()
    if found is not None and not user.has_perm(READ_TEXT):
        message = _("To say what stands in this text, one has to be allowed to read it: %(permission)s.")
        raise ValidationError({"text": message % {"permission": READ_TEXT}})
    return found
