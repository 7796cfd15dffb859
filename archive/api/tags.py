"""What the ETag of a record says, and what `If-Match` asks for (RFC 9110, 8.8.3 and 13.1.1).

    "17-1796141190123456-dd8e1472de9da06aa5161139eed4dfba"

First the record's version: its id, and when it was modified last, in microseconds. No two states of a
record have the same (archive.models.base). Then the hash of the body, which is another with other `fields=`,
and when what the record shows of others has changed. A read compares all of it; a write asks for the version
alone, so that it takes the tag of any answer that shows the record.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import BigIntegerField, Func
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from xxhash import xxh3_128_hexdigest

from archive.api.errors import PreconditionFailed, PreconditionRequired
from archive.models import Record

ANY: Final = "*"
TAG: Final = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
TAGS: Final = re.compile(rf"[ \t]*{TAG}[ \t]*(?:,[ \t]*{TAG}[ \t]*)*")
# A strong tag of a record: its version, alone or before a hash.
VERSION: Final = re.compile(r'(?<!W/)"([0-9]+-[0-9]+)(?:-[^"]*)?"')
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Microseconds(Func):
    """A moment, in microseconds since 1970."""

    arity = 1
    template = "(extract(epoch FROM %(expressions)s) * 1000000)::bigint"
    output_field = BigIntegerField()


def version(row: Record) -> str:
    """The version of a row as it was read."""
    return f"{row.pk}-{(row.modified - EPOCH) // timedelta(microseconds=1)}"


def tag(version: str, body: bytes) -> str:
    """The ETag of an answer with that `body`, which shows that version of a record."""
    return f'"{version}-{xxh3_128_hexdigest(body)}"'


def check_version(row: Record, wanted: str | None) -> None:
    """Compare a row that is locked with what a client says it has seen of it: `wanted`, as If-Match has it.

    Raises PreconditionFailed, PreconditionRequired where the archive is set to, ParseError.
    """
    if wanted is None:
        if settings.ARCHIVE_REQUIRE_IF_MATCH:
            raise PreconditionRequired()
        return
    if wanted.strip() == ANY:
        return
    if not TAGS.fullmatch(wanted):
        raise ParseError(_('If-Match takes * or ETags in quotes, separated by commas: "17-…".'))
    if version(row) not in VERSION.findall(wanted):
        raise PreconditionFailed()
