"""Dates as imprecise as the words they came from: the EDTF that the archive stores.

EDTF is the Extended Date/Time Format of the Library of Congress
(https://www.loc.gov/standards/datetime/, 4 February 2019), a profile of ISO 8601-1 and 8601-2.
Supported are level 0 and level 1 without intervals, years before 0001 and years of more than four
digits; and of level 2 the quarters, quadrimesters and semestrals. An interval is never a value
here: a start and an end are two fields.
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, Literal

Precision = Literal[
    "century", "decade", "year", "semestral", "quadrimester", "quarter", "season", "month", "day", "second"
]


@dataclass(frozen=True, slots=True)
class Edtf:
    """A date as written, and the calendar days that it can mean.

    `lower` and `upper` are the first and the last of those days, both included, by the calendar
    that the text prints: `2021-08-23T01:00:00+03:00` is the 23rd, though in UTC it is still the
    22nd. A qualifier does not widen them: `1955?` is 1955, or else a mistake of unknown size.

    `precision` is the smallest unit that the text fixes, so `1955-XX-XX` is a year.
    `uncertain` is said by `?`, `approximate` by `~`, both by `%`.
    `instant` is the point in time, in UTC, of a text that has a time with a zone; else None.
    """

    text: str
    lower: date
    upper: date
    precision: Precision
    uncertain: bool
    approximate: bool
    instant: datetime | None


def gettext_noop(message: str) -> str:
    """Mark a message for `makemessages`, which knows this name, without importing Django."""
    return message


# The messages by code. Each has %(text)s, the refused text, quoted and shortened.
MESSAGES: Final[Mapping[str, str]] = {
    "unknown": gettext_noop("%(text)s is no date: what is not known is left out (null)."),
    "digits": gettext_noop("%(text)s has digits other than 0 to 9: write %(suggestion)s."),
    "space": gettext_noop(
        "%(text)s has spaces or invisible characters: write the date alone, and T between date and time."
    ),
    "interval": gettext_noop(
        "%(text)s is an interval: the start and the end are two dates, each in a field of its own."
    ),
    "unspecified": gettext_noop(
        "%(text)s leaves open digits that cannot be left open: X, in upper case, stands as in 195X, 19XX, "
        "1955-XX, 1955-XX-XX and 1955-01-XX."
    ),
    "year": gettext_noop(
        "%(text)s has no year that can be stored: it comes first, in four digits, 0001 to 9999, "
        "in UTC as well."
    ),
    "qualifier": gettext_noop(
        "%(text)s has a qualifier where none can stand: one of ? ~ %% comes at the end of the whole date, "
        "as in 2021-08?, and never after a time."
    ),
    "month": gettext_noop(
        "%(text)s has no such month as %(month)s: months are 01 to 12; or, with no day after them, "
        "seasons 21 to 24, quarters 33 to 36, quadrimesters 37 to 39, semestrals 40 and 41."
    ),
    "day": gettext_noop("%(text)s has no such day as %(day)s: that month has days 01 to %(last)s."),
    "zone": gettext_noop(
        "%(text)s has a time zone that is none: write Z for UTC, or an offset from -14:00 to +14:00, "
        "or nothing."
    ),
    "time": gettext_noop(
        "%(text)s has a time that is none: write hours, minutes and seconds, 00:00:00 to 23:59:59, as in "
        "2021-08-23T10:00:00."
    ),
    "by_day": gettext_noop(
        "%(text)s has a time, and dates are found by the day that they print: write %(suggestion)s."
    ),
    "syntax_of_days": gettext_noop(
        "%(text)s is not a date to find others by: write it without a time, as in 1955, 1955-01 or "
        "2021-08-23."
    ),
    "syntax": gettext_noop(
        "%(text)s is not a date: write it as precisely as it is known, as in 1955, 1955-01, 2021-08-23 or "
        "2021-08-23T10:00:00Z."
    ),
}


class EdtfError(ValueError):
    """A text that is no EDTF date, or one that the archive does not store.

    `code` is a key of MESSAGES and stable; `message` is that entry, still to be interpolated with
    `params`. The three are what Django's ValidationError takes, so that a caller can translate.
    """

    def __init__(self, code: str, params: Mapping[str, str]) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    @property
    def message(self) -> str:
        return MESSAGES[self.code]

    def __str__(self) -> str:
        return self.message % self.params


# Every rule but the number of days in a month is in this one pattern. Its repetitions are all
# bounded, so that a text of any length is decided within its first 26 characters.
# An unspecified month or day (XX) passes uncaptured: it says nothing.
_DATE: Final = re.compile(
    r"""
    (?!0000|000X|00XX)                                # year 0, which is 1 BC, is not stored
    (?P<year> [0-9]{4} | [0-9]{3}X | [0-9]{2}XX )
    (?: (?<!X) - (?:                                  # level 1 leaves digits open from the right only
        (?P<period> 2[1-4] | 3[3-9] | 4[01] )
      | XX (?: -XX )?
      | (?P<month> 0[1-9] | 1[0-2] ) (?: - (?:
            XX
          | (?P<day> [0-9]{2} )
            (?P<time> T (?: [01][0-9] | 2[0-3] ) : [0-5][0-9] : [0-5][0-9]
                (?P<zone> Z | [+-] (?: (?: 0[0-9] | 1[0-3] ) (?: :[0-5][0-9] )? | 14 (?: :00 )? ) )?
            )?
        ) )?
    ) )?
    (?(time) | (?P<qualifier> [?~%] )? )              # level 1 qualifies a date, never a time
    """,
    re.VERBOSE,
)

# Period by its number: its precision, and its first and last month, counted from January = 1.
# The seasons depend on where one is, which the text does not say; EDTF numbers them "independent of
# location". So they get the months that the season can touch in either hemisphere, by the months or
# by the sun, and whichever of two years a winter over New Year is named after: 0 is the December
# before, 15 the March after. The bounds are wide, and no precision is invented.
_PERIODS: Final[Mapping[str, tuple[Precision, int, int]]] = {
    "21": ("season", 3, 12),
    "22": ("season", 0, 15),
    "23": ("season", 3, 12),
    "24": ("season", 0, 15),
    "33": ("quarter", 1, 3),
    "34": ("quarter", 4, 6),
    "35": ("quarter", 7, 9),
    "36": ("quarter", 10, 12),
    "37": ("quadrimester", 1, 4),
    "38": ("quadrimester", 5, 8),
    "39": ("quadrimester", 9, 12),
    "40": ("semestral", 1, 6),
    "41": ("semestral", 7, 12),
}

_YEARS: Final[Mapping[int, Precision]] = {0: "year", 1: "decade", 2: "century"}


def parse(text: str) -> Edtf:
    """Parse one EDTF date, for example `1955-01`, `2021-08-23?`, `195X` or `2021-08-23T10:00:00+03:00`.

    Raises EdtfError, and nothing else, for every other text, of any length, in bounded time.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        raise _refusal(text)
    year, period, month, day, time, zone, qualifier = match.groups()
    precision: Precision
    instant = None
    if day:
        try:
            lower = upper = date.fromisoformat(text[:10])
        except ValueError:
            last = monthrange(int(year), int(month))[1]
            raise EdtfError("day", {"text": _shorten(text), "day": day, "last": str(last)}) from None
        precision = "second" if time else "day"
        instant = _instant(text) if zone else None
    elif month:
        lower, upper = _months(int(year), int(month), int(month))
        precision = "month"
    elif period:
        precision, first_month, last_month = _PERIODS[period]
        lower, upper = _months(int(year), first_month, last_month)
    else:
        lower = date(int(year.replace("X", "0")), 1, 1)
        upper = date(int(year.replace("X", "9")), 12, 31)
        precision = _YEARS[year.count("X")]
    return Edtf(
        text=text,
        lower=lower,
        upper=upper,
        precision=precision,
        uncertain=qualifier in ("?", "%"),
        approximate=qualifier in ("~", "%"),
        instant=instant,
    )


def parse_days(text: str) -> Edtf:
    """As `parse`, of a date that others are compared with, by their days: one with a time is refused."""
    try:
        found = parse(text)
    except EdtfError as error:
        # What these say of how to write a time would be refused as well.
        if error.code in ("time", "zone", "syntax"):
            raise EdtfError("syntax_of_days", {"text": _shorten(text)}) from None
        raise
    if found.precision == "second":
        raise EdtfError("by_day", {"text": _shorten(text), "suggestion": text[:10]})
    return found


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    """The first day of month `first` and the last of month `last` of a year, as far as dates go."""
    lower_year, lower_month = divmod(year * 12 + first - 1, 12)
    upper_year, upper_month = divmod(year * 12 + last - 1, 12)
    lower = date(lower_year, lower_month + 1, 1) if lower_year >= 1 else date.min
    if upper_year > 9999:
        return lower, date.max
    return lower, date(upper_year, upper_month + 1, monthrange(upper_year, upper_month + 1)[1])


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except OverflowError:  # the first hours of 0001, or the last of 9999, are in another year in UTC
        raise EdtfError("year", {"text": _shorten(text)}) from None


# What is wrong with a text that does not match, the first that applies. Only the beginning of a text
# is looked at, and `syntax` takes what is left.
_HEAD: Final = 64
_REFUSALS: Final = tuple(
    (code, re.compile(pattern))
    for code, pattern in (
        ("unknown", r"(?i)\A(?:open|unknown|null|none)?\Z"),
        ("digits", r"(?![0-9])\d"),
        # Among them the zero-width and bidi controls that come along when a date is copied from Arabic.
        ("space", r"[\s\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"),
        ("interval", r"\A[^/]*/[^/]*\Z|\.\."),  # two slashes are 2021/08/23
        ("year", r"\A(?:[+-]|Y|[0-9]{1,3}(?![0-9Xx])|[0-9]{5}(?![0-9])|0000|000X|00XX)"),
        ("unspecified", r"\A(?=[0-9-]*[Xx])[0-9Xx-]+[?~%]?\Z"),
        ("qualifier", r"\A[?~%]|[0-9X-][?~%].|[0-9]T.*[?~%]\Z"),
        ("month", r"\A[0-9]{4}-(?P<month>(?!0[1-9]|1[0-2])[0-9]{2})(?![0-9])"),
        ("time", r"\A[0-9-]{10}(?:t|T(?!(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?![.,])))"),
        ("zone", r"\A[0-9-]{10}T.{8}."),
    )
)


def _refusal(text: str) -> EdtfError:
    """The error that says why `text` does not match, and what would be right."""
    head = text[:_HEAD]
    params = {"text": _shorten(text)}
    for code, pattern in _REFUSALS:
        if found := pattern.search(head):
            if code == "digits":
                params["suggestion"] = _shorten("".join(_ascii_digit(character) for character in head))
            return EdtfError(code, params | found.groupdict())
    return EdtfError("syntax", params)


def _ascii_digit(character: str) -> str:
    """`character`, or 0 to 9 where it is a digit of another script."""
    return str(int(character)) if character.isdecimal() else character


def _shorten(text: str, length: int = 40) -> str:
    """`text` in quotes for a message: what cannot be printed is escaped, and a long text cut."""
    return repr(text if len(text) <= length else text[:length] + "…")
