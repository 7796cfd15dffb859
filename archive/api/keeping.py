"""`Idempotency-Key`: a POST that is sent again is answered again, and done once.

After draft-ietf-httpapi-idempotency-key-header-07. The answer is kept in the transaction that it answers
for, so who was cut off in the middle finds both or neither. It is kept for one user, one address and one key,
for a day. What was refused is not kept: nothing was done, and it may be done right the next time.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Final

from django.db import connection
from django.http import HttpResponse
from django.http.request import RawPostDataException
from django.utils.timezone import now
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.request import Request

from archive.api.errors import InProgress, KeyTaken
from archive.api.reading import JsonAnswer
from archive.models import KeptAnswer

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
KEEP: Final = timedelta(hours=24)
LONGEST: Final = 255

# A string as the draft has it (RFC 8941), or the bare word that most clients send.
QUOTED: Final = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])+)"')
BARE: Final = re.compile(r"[!#-+\--:<-\[\]-~]+")
# What of that the schema promises to take.
PATTERN: Final = r"^[A-Za-z0-9_-]{1,255}$"


def once(request: Request, write: Callable[[], HttpResponse]) -> HttpResponse:
    """What `write` answers; or what it answered when this request came first. Inside its transaction.

    Raises InProgress while the first is under way, KeyTaken where that was another request, ParseError for a
    key that is none.
    """
    if HEADER not in request.headers:
        return write()
    key = _key(request.headers[HEADER])
    _lock(f"{request.user.pk} {request.path} {key}")
    sent = _sent(request)
    place = {"user": request.user, "path": request.path, "key": key}
    kept = KeptAnswer.objects.filter(**place).first()
    if kept and kept.added > now() - KEEP:
        if kept.sent != sent:
            raise KeyTaken()
        return _again(kept)
    if kept:
        kept.delete()
    answer = write()
    KeptAnswer.objects.create(
        **place,
        sent=sent,
        status=answer.status_code,
        location=answer.get("Location", ""),
        tag=answer.get("ETag", ""),
        body=answer.content.decode(),
    )
    return answer


def forget() -> int:
    """Forget the answers that were kept for long enough. Returns how many there were."""
    return KeptAnswer.objects.filter(added__lte=now() - KEEP).delete()[0]


def _key(header: str) -> str:
    if quoted := QUOTED.fullmatch(header.strip()):
        key = re.sub(r"\\(.)", r"\1", quoted[1])
    elif BARE.fullmatch(header.strip()):
        key = header.strip()
    else:
        raise ParseError(_('Idempotency-Key takes one text of ASCII characters: "8e03978e-40d5".'))
    if len(key) > LONGEST:
        raise ParseError(_("Idempotency-Key takes at most %(most)s characters.") % {"most": LONGEST})
    return key


def _lock(name: str) -> None:
    """Hold `name` to the transaction's end. Who comes second is told so: to wait would take a connection."""
    number = int.from_bytes(sha256(name.encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise InProgress()


def _sent(request: Request) -> str:
    try:
        body = request.body
    except RawPostDataException:  # a form, which is no JSON: it is refused where it is read
        body = b""
    return sha256(request.META.get("QUERY_STRING", "").encode() + b"\0" + body).hexdigest()


def _again(kept: KeptAnswer) -> HttpResponse:
    headers = {"Location": kept.location, "ETag": kept.tag}
    found = {name: value for name, value in headers.items() if value}
    return JsonAnswer(kept.body.encode(), status=kept.status, headers={**found, REPLAYED: "true"})
