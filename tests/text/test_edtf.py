"""Dates: what is accepted and its bounds, what is refused and why, and agreement with the `edtf` package."""

import pickle
import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from time import struct_time

import edtf as oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.text.edtf import MESSAGES, EdtfError, parse, parse_days


@pytest.mark.parametrize(
    ("text", "lower", "upper", "precision"),
    [
        ("1955", "1955-01-01", "1955-12-31", "year"),
        ("0001", "0001-01-01", "0001-12-31", "year"),
        ("9999", "9999-01-01", "9999-12-31", "year"),
        ("1955-01", "1955-01-01", "1955-01-31", "month"),
        ("1955-02", "1955-02-01", "1955-02-28", "month"),
        ("1900-02", "1900-02-01", "1900-02-28", "month"),
        ("2000-02", "2000-02-01", "2000-02-29", "month"),
        ("9999-12", "9999-12-01", "9999-12-31", "month"),
        ("2021-08-23", "2021-08-23", "2021-08-23", "day"),
        ("2024-02-29", "2024-02-29", "2024-02-29", "day"),
        ("2021-08-23T10:00:00", "2021-08-23", "2021-08-23", "second"),
        ("2021-08-23T23:59:59Z", "2021-08-23", "2021-08-23", "second"),
        # The printed day, though the instant is on the day before or after in UTC.
        ("2021-08-23T01:00:00+03:00", "2021-08-23", "2021-08-23", "second"),
        ("2021-08-23T23:00:00-03", "2021-08-23", "2021-08-23", "second"),
        ("195X", "1950-01-01", "1959-12-31", "decade"),
        ("001X", "0010-01-01", "0019-12-31", "decade"),
        ("19XX", "1900-01-01", "1999-12-31", "century"),
        ("1955-XX", "1955-01-01", "1955-12-31", "year"),
        ("1955-XX-XX", "1955-01-01", "1955-12-31", "year"),
        ("1955-01-XX", "1955-01-01", "1955-01-31", "month"),
        ("1956-02-XX", "1956-02-01", "1956-02-29", "month"),
        ("1955-21", "1955-03-01", "1955-12-31", "season"),
        ("1955-22", "1954-12-01", "1956-03-31", "season"),
        ("1955-23", "1955-03-01", "1955-12-31", "season"),
        ("1955-24", "1954-12-01", "1956-03-31", "season"),
        # As far as dates go.
        ("0001-24", "0001-01-01", "0002-03-31", "season"),
        ("9999-22", "9998-12-01", "9999-12-31", "season"),
        ("2021-33", "2021-01-01", "2021-03-31", "quarter"),
        ("2021-34", "2021-04-01", "2021-06-30", "quarter"),
        ("2021-35", "2021-07-01", "2021-09-30", "quarter"),
        ("2021-36", "2021-10-01", "2021-12-31", "quarter"),
        ("2021-37", "2021-01-01", "2021-04-30", "quadrimester"),
        ("2021-38", "2021-05-01", "2021-08-31", "quadrimester"),
        ("2021-39", "2021-09-01", "2021-12-31", "quadrimester"),
        ("2021-40", "2021-01-01", "2021-06-30", "semestral"),
        ("2021-41", "2021-07-01", "2021-12-31", "semestral"),
    ],
)
def test_accepted(text: str, lower: str, upper: str, precision: str) -> None:
    value = parse(text)
    assert value.text == text
    assert (value.lower.isoformat(), value.upper.isoformat(), value.precision) == (lower, upper, precision)
    assert not value.uncertain
    assert not value.approximate


@pytest.mark.parametrize(
    ("qualifier", "uncertain", "approximate"), [("?", True, False), ("~", False, True), ("%", True, True)]
)
@pytest.mark.parametrize("plain", ["1955", "195X", "1955-01", "1955-XX", "1955-24", "2021-35", "2021-08-23"])
def test_a_qualifier_says_how_sure_and_widens_nothing(
    plain: str, qualifier: str, uncertain: bool, approximate: bool
) -> None:
    value = parse(plain + qualifier)
    bare = parse(plain)
    assert (value.uncertain, value.approximate) == (uncertain, approximate)
    assert (value.lower, value.upper, value.precision) == (bare.lower, bare.upper, bare.precision)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2021-08-23T10:00:00Z", datetime(2021, 8, 23, 10, tzinfo=UTC)),
        ("2021-08-23T01:00:00+03:00", datetime(2021, 8, 22, 22, tzinfo=UTC)),
        ("2021-12-31T23:30:00-04", datetime(2022, 1, 1, 3, 30, tzinfo=UTC)),
        ("2021-08-23T10:00:00+14:00", datetime(2021, 8, 22, 20, tzinfo=UTC)),
        ("2021-08-23T10:00:00+05:45", datetime(2021, 8, 23, 4, 15, tzinfo=UTC)),
        ("2021-08-23T10:00:00+00:00", datetime(2021, 8, 23, 10, tzinfo=UTC)),
        ("2021-08-23T10:00:00", None),
        ("2021-08-23", None),
    ],
)
def test_an_instant_needs_a_time_and_a_zone(text: str, instant: datetime | None) -> None:
    found = parse(text).instant
    assert found == instant
    assert found is None or found.tzinfo is UTC


# By code, parted by spaces.
REFUSED = {
    "unknown": "open unknown null None",
    "digits": "٢٠٢١ ۲۰۲۱-۰۸ 2021-0٨ ２０２１ ٢٠٢١/٢٠٢٢",
    "space": "\u200f2021 2021\u200b 20\x0021",
    "interval": "2021/2022 2022/2021 2021/.. ../2021 2021/ /2021 2021..2022 ..",
    "unspecified": (
        "195x 19xx 1955-xx 1955-01-xx XXXX 1XXX 1X55 19X5 195X-01 195X-XX 1955-1X 1955-0X 1955-01-1X "
        "1955-XX-01 1955-21-XX XXXX-01 1X55?"
    ),
    "year": (
        "0000 0000-01-01 000X 00XX -0043 -2021 +2021 Y2021 Y17000 12021 195 21-08 23-08-2021 23/08/2021 "
        "0001-01-01T00:00:00+00:01 9999-12-31T23:59:59-00:01"
    ),
    "qualifier": (
        "2021?-08 2021-08?-23 ?2021 2021-?08 2021?? 2021?~ 2021-08-23?T10:00:00 2021-08-23T10:00:00? "
        "2021-08-23T10:00:00Z~ 2021-08-23T10:00:00+03:00%"
    ),
    "month": (
        "2021-00 2021-13 2021-20 2021-25 2021-32 2021-42 2021-99 2021-13? 2021-00-01 2021-13-01 2021-21-05 "
        "2021-35-01 2021-23-08T10:00:00Z"
    ),
    "day": "2021-08-00 2021-08-32 2021-04-31 2021-02-29 1900-02-29 2021-02-30? 2021-02-29T10:00:00Z",
    "time": (
        "2021-08-23T24:00:00 2021-08-23T10:60:00 2021-08-23T10:00:60Z 2021-08-23T10:00 2021-08-23T10 "
        "2021-08-23T 2021-08-23T10:00Z 2021-08-23T10:00:00.5Z 2021-08-23t10:00:00Z"
    ),
    "zone": (
        "2021-08-23T10:00:00-17:54 2021-08-23T10:00:00+14:01 2021-08-23T10:00:00+15:00 "
        "2021-08-23T10:00:00+03:60 2021-08-23T10:00:00z 2021-08-23T10:00:00+3 2021-08-23T10:00:00+0300 "
        "2021-08-23T10:00:00+03:00:00 2021-08-23T10:00:00\u221203:00"
    ),
    "syntax": (
        "yesterday 20210823 202108 2021-8-3 2021-8 2021-08- 2021-W34 1980s 2021/08/23 2021.08.23 "
        "2021\u201308 [2021,2022] 2021-08-23foo \ud800"
    ),
}
REFUSED_CASES = [(code, text) for code, texts in REFUSED.items() for text in texts.split(" ")] + [
    ("unknown", ""),
    ("space", " 2021"),
    ("space", "2021 "),
    ("space", "2021\n"),
    ("space", "2021-08-23 10:00:00"),
]


@pytest.mark.parametrize(("code", "text"), REFUSED_CASES)
def test_refused(code: str, text: str) -> None:
    with pytest.raises(EdtfError) as caught:
        parse(text)
    assert caught.value.code == code
    assert str(caught.value) == MESSAGES[code] % caught.value.params
    assert str(caught.value).startswith(repr(text))


def test_every_message_is_met() -> None:
    assert {*REFUSED, "by_day", "syntax_of_days"} == MESSAGES.keys()


@pytest.mark.parametrize("text", ["2021-08-23T10:00:00", "2021-08-23T00:30:00+03:00", "2021-08-23T10:00:00Z"])
def test_a_time_is_none_of_the_days_that_are_compared(text: str) -> None:
    with pytest.raises(EdtfError, match=rf"^'{re.escape(text)}' .*: write 2021-08-23\.$") as caught:
        parse_days(text)
    assert caught.value.code == "by_day"


@pytest.mark.parametrize(("code", "text"), REFUSED_CASES)
def test_nobody_is_told_of_times_where_days_are_compared(code: str, text: str) -> None:
    with pytest.raises(EdtfError) as caught:
        parse_days(text)
    assert caught.value.code == ("syntax_of_days" if code in ("time", "zone", "syntax") else code)
    assert "T10:00:00" not in str(caught.value).removeprefix(repr(text))


@pytest.mark.parametrize("text", ["195X", "2021-08-23?", "2021-22"])
def test_days_that_are_compared_are_those_of_the_date(text: str) -> None:
    assert parse_days(text) == parse(text)


def test_an_error_says_what_would_be_right() -> None:
    with pytest.raises(
        EdtfError, match=r"'2021-02-30' has no such day as 30: that month has days 01 to 28\."
    ):
        parse("2021-02-30")
    with pytest.raises(EdtfError, match=r"write '2021-08'\."):
        parse("٢٠٢١-٠٨")
    with pytest.raises(EdtfError, match=r"one of \? ~ % comes at the end of the whole date"):
        parse("2021?-08")


def test_an_error_survives_pickling() -> None:
    """A worker's error crosses to another process."""
    error = EdtfError("month", {"text": "'2021-13'", "month": "13"})
    copy = pickle.loads(pickle.dumps(error))
    assert (str(copy), copy.code, copy.params) == (str(error), error.code, error.params)


@given(st.one_of(st.text(), st.text(alphabet="0123456789X-T:Z+?~%/.٣ \x00\ud800\u200f", max_size=30)))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    """No other exception; and every message prints, on one line, in UTF-8."""
    message = ""
    try:
        assert parse(text).text == text
    except EdtfError as error:
        message = str(error)
    assert message.isprintable()
    message.encode()


UNITS = [*"0X-/?~ xT:Z+.", "٣", "\x00", "\ud800", "X-", "2021-", "2021/", "T10:00:00"]


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("start", ["", "2021", "2021-08-23", "2021-08-23T10:00:00+03:00"])
def test_a_long_text_is_refused_as_its_beginning_is(start: str, unit: str) -> None:
    """A million characters: were any rule quadratic in them, this would not end. The message stays short."""
    with pytest.raises(EdtfError) as caught:
        parse(start + unit * (1_000_000 // len(unit)))
    assert len(str(caught.value)) < 700


DATES = st.dates()
QUALIFIERS = st.sampled_from(["", "?", "~", "%"])


@given(DATES, QUALIFIERS)
def test_what_is_more_precise_lies_within_what_is_less(day: date, qualifier: str) -> None:
    text = day.isoformat()
    chain = [text, text[:8] + "XX", text[:7], text[:5] + "XX", text[:4]]
    if day.year >= 10:
        chain.append(text[:3] + "X")
    if day.year >= 100:
        chain.append(text[:2] + "XX")
    values = [parse(one + qualifier) for one in chain]
    assert values[0].lower == values[0].upper == day
    for inner, outer in pairwise(values):
        assert outer.lower <= inner.lower <= inner.upper <= outer.upper


@given(DATES)
def test_every_day_is_in_one_period_of_each_length(day: date) -> None:
    for numbers in (range(33, 37), range(37, 40), range(40, 42)):
        periods = [parse(f"{day.year:04}-{number}") for number in numbers]
        assert sum(period.lower <= day <= period.upper for period in periods) == 1


@given(DATES, DATES)
def test_days_sort_as_their_texts_do(one: date, other: date) -> None:
    assert (one < other) == (parse(one.isoformat()).lower < parse(other.isoformat()).lower)


@given(st.datetimes(timezones=st.just(UTC)), st.integers(-14 * 60, 14 * 60))
def test_an_instant_is_the_one_that_was_written(moment: datetime, minutes: int) -> None:
    """Against the standard library: local time minus offset."""
    local = moment.replace(microsecond=0, tzinfo=None)
    sign = "-" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    text = f"{local.isoformat()}{sign}{hours:02}:{rest:02}"
    try:
        expected = local - timedelta(minutes=minutes)
    except OverflowError:
        with pytest.raises(EdtfError) as caught:
            parse(text)
        assert caught.value.code == "year"
    else:
        value = parse(text)
        assert value.instant == expected.replace(tzinfo=UTC)
        assert value.lower == value.upper == local.date()


# The `edtf` package is the oracle for what it reads as the specification does. Where it does not:
# - seasons: it takes the northern ones by the month, and ends every winter on 31 December;
# - qualified seasons and quarters: it refuses them, though a qualifier may follow any date;
# - offsets of +00:00: it refuses them, though Python's isoformat() writes them;
# - 24:00:00, year 0, 1XXX, XXXX, sets and intervals, reversed ones too: it accepts them, and
#   the archive stores none. 1955-XX-01 gets the upper bound 1 December, which is at least odd.
# It takes milliseconds a date, hence the few examples.
ORACLE_EXAMPLES = 60


def oracle_bounds(text: str) -> tuple[date, date]:
    def day(value: struct_time) -> date:
        return date(value.tm_year, value.tm_mon, value.tm_mday)

    value = oracle.parse_edtf(text)
    return day(value.lower_strict()), day(value.upper_strict())


@st.composite
def texts_the_oracle_reads(draw: st.DrawFn) -> str:
    day = draw(st.dates(min_value=date(100, 1, 1))).isoformat()
    year, month = day[:4], day[:7]
    period = draw(st.integers(33, 41))
    zone = draw(st.sampled_from(["", "Z", "+03:00", "-04", "+05:45", "+14:00"]))
    imprecise = [
        day,
        month,
        year,
        f"{year[:3]}X",
        f"{year[:2]}XX",
        f"{year}-XX",
        f"{year}-XX-XX",
        f"{month}-XX",
    ]
    return draw(
        st.one_of(
            st.builds(str.__add__, st.sampled_from(imprecise), QUALIFIERS),
            st.just(f"{year}-{period}"),
            st.just(f"{day}T{draw(st.times()).isoformat('seconds')}{zone}"),
        )
    )


@settings(max_examples=ORACLE_EXAMPLES, deadline=None)
@given(texts_the_oracle_reads())
def test_the_oracle_finds_the_same_bounds(text: str) -> None:
    value = parse(text)
    assert (value.lower, value.upper) == oracle_bounds(text)


@settings(max_examples=ORACLE_EXAMPLES, deadline=None)
@given(texts_the_oracle_reads(), st.integers(0, 24), st.sampled_from("0123456789X-T:Z+?~%/"))
def test_nothing_is_accepted_that_the_oracle_refuses(text: str, position: int, character: str) -> None:
    """One character of a good text is overwritten or, past its end, added."""
    changed = text[:position] + character + text[position + 1 :]
    try:
        value = parse(changed)
    except EdtfError:
        return
    if value.precision in ("season", "quarter", "quadrimester", "semestral") or changed.endswith("00:00"):
        return  # where the oracle is wrong, see above
    assert (value.lower, value.upper) == oracle_bounds(changed)
