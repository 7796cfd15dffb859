"""Bodies of texts: attaching one to evidence that already points into it."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from archive.curate.history import acting
from archive.models import Article, ArticleText, Citation, Mention
from archive.text import sha256_hex


def misplaced(text: ArticleText, body: str) -> list[str]:
    """What of the evidence on `text` does not stand in `body` where it says it does, a line each."""
    problems = [
        f"mention {m.pk}: {m.surface!r} is recorded at [{m.start}, {m.end}), where the body has"
        f" {body[m.start : m.end]!r}"
        for m in sorted(text.mentions.all(), key=_place)
        if body[m.start : m.end] != m.surface
    ]
    problems += [
        f"citation {c.pk}: the hash of [{c.start}, {c.end}) is {sha256_hex(body[c.start : c.end])},"
        f" recorded {c.sha256}"
        for c in sorted(text.citations.all(), key=_place)
        if sha256_hex(body[c.start : c.end]) != c.sha256
    ]
    return problems


def _place(evidence: Mention | Citation) -> tuple[int, int]:
    return evidence.start, evidence.pk


def attach_body(article: Article, body: str) -> ArticleText:
    """Attach `body` to the version of `article`'s text that has its hash.

    Checks hash and length, and that every mention's surface and every citation's hash is
    what `body` has at their offsets. Attaching the same body again changes nothing.
    Raises ValidationError, with one message a problem; then nothing is changed.
    """
    sha256, length = sha256_hex(body), len(body)
    with acting(f"body attached, {length} characters"):
        versions = list(article.texts.select_for_update())
        text = next((v for v in versions if (v.sha256, v.length) == (sha256, length)), None)
        if text is None:
            known = "; ".join(f"{v.sha256}, {v.length}" for v in versions) or _("none")
            raise ValidationError(
                _(
                    "The body has hash %(sha256)s and length %(length)s;"
                    " the archive knows of this article: %(known)s."
                ),
                params={"sha256": sha256, "length": length, "known": known},
                code="body_matches",
            )
        if problems := misplaced(text, body):
            raise ValidationError(problems)
        if text.body is None:
            text.body = body
            text.save(update_fields=["body"])
    return text
