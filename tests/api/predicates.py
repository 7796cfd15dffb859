"""The words in which `cases` says what a filter means, and cases that many filters share."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from archive.models import Status
from archive.text import fold, parse_edtf, sha256_hex, sound, sounds
from tests.api.world import BODY

COUNTED = (Status.ACCEPTED, Status.SUGGESTED)
ACCEPTED = (Status.ACCEPTED,)


class Case(NamedTuple):
    """A query, and whether a row belongs to the answer.

    A name in braces in the query stands for the id of a row; `holds` then gets the ids too.
    """

    query: str
    holds: Callable[..., bool]
    # Finds nothing, or everything, and may.
    trivial: bool = False


def lower(row: Any, name: str, bound: str = "lower") -> Any:
    text = getattr(row, name)
    return getattr(parse_edtf(text), bound) if text else None


def upper(row: Any, name: str) -> Any:
    return lower(row, name, "upper")


def dated(row: Any, name: str, test: Callable[[Any, Any], bool]) -> bool:
    """Whether the row has the date `name`, and `test` holds for its first and its last day."""
    return getattr(row, name) is not None and test(lower(row, name), upper(row, name))


def overlaps(row: Any, name: str, date: str) -> bool:
    asked = parse_edtf(date)
    return dated(row, name, lambda first, last: first <= asked.upper and last >= asked.lower)


def dates(parameter: str, name: str = "", of: Callable[[Any], Any] = lambda row: row) -> list[Case]:
    """The cases of a filter on an imprecise date, with all its lookups."""
    name = name or parameter

    def case(lookup: str, value: str, test: Callable[[Any, Any], bool]) -> Case:
        return Case(f"{parameter}{lookup}={value}", lambda row: dated(of(row), name, test))

    aug, y55 = parse_edtf("2021-08"), parse_edtf("1955")
    long_ago, today = parse_edtf("1991-12"), parse_edtf("2021-08-23")
    return [
        Case(f"{parameter}=2021-08-23", lambda row: overlaps(of(row), name, "2021-08-23"), name != "start"),
        Case(
            f"{parameter}=1972-04-10&{parameter}=1991&{parameter}=2021-08-01",
            lambda row: any(overlaps(of(row), name, d) for d in ("1972-04-10", "1991", "2021-08-01")),
        ),
        case("__gte", "2021-08-23", lambda first, last: last >= today.lower)._replace(trivial=True),
        case("__lte", "1991-12", lambda first, last: first <= long_ago.upper),
        case("__gte", "2021-08&" + parameter + "__gte=1955", lambda first, last: last >= y55.lower),
        Case(
            f"{parameter}__within=2021-08&{parameter}__within=195X&{parameter}__within=1991",
            lambda row: dated(
                of(row),
                name,
                lambda first, last: any(
                    first >= d.lower and last <= d.upper
                    for d in (aug, parse_edtf("195X"), parse_edtf("1991"))
                ),
            ),
        ),
        Case(f"{parameter}__known=true", lambda row: getattr(of(row), name) is not None),
        Case(f"{parameter}__known=false", lambda row: getattr(of(row), name) is None),
    ]


def folded(text: str, part: str) -> bool:
    return fold(part) in fold(text)


def spoken(row: Any, text: str | None = None, part: str = "", language: str | None = None) -> bool:
    """Whether one of the row's names fits all that is asked."""
    return any(
        (text is None or fold(name.text) == fold(text))
        and folded(name.text, part)
        and (language is None or name.language == language)
        for name in row.names.all()
    )


def meant(row: Any, text: str) -> bool:
    """Whether one of the row's names has the words of `text`, spelt so or sounding so."""
    words, keys = fold(text).split(), sounds(text)
    return any(
        all(word in fold(name) for word in words)
        or all(set(sound(name).split()) & set(options) for options in keys)
        for name in (row.name, *(name.text for name in row.names.all()))
    )


def names(exact: str, part: str) -> list[Case]:
    return [
        Case(f"q={exact}", lambda row: meant(row, exact), trivial=True),
        Case(f"q={exact}&name__language=en", lambda row: meant(row, exact) and spoken(row, language="en")),
        Case(f"name={exact}", lambda row: spoken(row, exact)),
        Case(f"name__not={exact}", lambda row: not spoken(row, exact)),
        Case(f"name__contains={part}", lambda row: spoken(row, part=part), trivial=True),
        Case("name__language=en", lambda row: spoken(row, language="en")),
        Case("name__language__not=en", lambda row: not spoken(row, language="en")),
        Case(
            f"name={exact}&name__language=ar&name__contains={part}",
            lambda row: spoken(row, exact, part, "ar"),
        ),
    ]


def facts(rows: Any, statuses: Iterable[str] = COUNTED) -> list:
    """Of related facts, those that count."""
    return [row for row in rows.all() if row.status in statuses]


def named(row: Any, column: str, key: str, statuses: Iterable[str] = COUNTED) -> set:
    """The slugs or codes that an article's mentions name."""
    targets = (getattr(mention, column) for mention in facts(row.mentions, statuses))
    return {getattr(target, key) for target in targets if target}


def reported(row: Any, statuses: Iterable[str] = COUNTED) -> set:
    """The slugs of the events that an article's citations report."""
    events = (citation.event for citation in facts(row.citations, statuses))
    return {event.slug for event in events if event and event.status in statuses}


def parts(row: Any, statuses: Iterable[str] = COUNTED) -> set:
    """(event, role) of a person's or country's parts in events."""
    return {
        (part.event.slug, part.role)
        for part in facts(row.participations, statuses)
        if part.event.status in statuses
    }


def taking_part(row: Any, statuses: Iterable[str] = COUNTED) -> set:
    """(who, role) of an event's participants."""
    return {
        (part.person.slug if part.person else part.country.code, part.role)
        for part in facts(row.participations, statuses)
    }


def in_event(event: str, other: str) -> list[Case]:
    return [
        Case(f"event={event}", lambda row: event in dict(parts(row))),
        Case(f"event={event}&event={other}", lambda row: bool({event, other} & dict(parts(row)).keys())),
        Case(f"event__all={event},{other}", lambda row: {event, other} <= dict(parts(row)).keys(), True),
        Case(f"event__not={event}", lambda row: event not in dict(parts(row))),
        Case("role=recipient", lambda row: "recipient" in {role for _, role in parts(row)}),
        Case("role__not=recipient", lambda row: "recipient" not in {role for _, role in parts(row)}),
        Case(
            f"event={event}&event={other}&role=recipient",
            lambda row: bool({(event, "recipient"), (other, "recipient")} & parts(row)),
            True,
        ),
        Case(f"event={event}&evidence=accepted", lambda row: event in dict(parts(row, ACCEPTED)), True),
    ]


def chosen(parameter: str, one: str, other: str, value: Callable[[Any], Any]) -> list[Case]:
    """The cases of a filter that compares a column."""
    return [
        Case(f"{parameter}={one}", lambda row: value(row) == one),
        Case(f"{parameter}={one}&{parameter}={other}", lambda row: value(row) in (one, other)),
        Case(f"{parameter}__not={one}", lambda row: value(row) != one),
        Case(f"{parameter}__not={one}&{parameter}__not={other}", lambda row: value(row) not in (one, other)),
    ]


def key_of(column: str, key: str) -> Callable[[Any], Any]:
    """The slug, code or id of what a foreign key leads to, or None."""
    return lambda row: getattr(getattr(row, column), key, None)


def column(name: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row, name)


def hash_of(text: int) -> str:
    return sha256_hex(f"{BODY}{text}")


def office(row: Any, code: str | None = None, title: str = "", statuses: Iterable[str] = COUNTED) -> bool:
    """Whether one office of a person fits all that is asked."""
    return any(
        (code is None or (held.country and held.country.code == code)) and folded(held.title, title)
        for held in facts(row.offices, statuses)
    )


def collections(source: Any) -> set:
    return {collection.slug for collection in source.collections.all()}


def existed(row: Any, date: str) -> bool:
    asked = parse_edtf(date)
    began, ended = lower(row, "existed_from"), upper(row, "existed_until")
    return (began is None or began <= asked.upper) and (ended is None or ended >= asked.lower)


def bearing(row: Any) -> set:
    """(event, kind) of what an event bears on."""
    return {(link.other.slug, link.kind) for link in facts(row.links) if link.other.status in COUNTED}


def names_in(row: Any, article: int) -> bool:
    """Whether the article names the row."""
    return any(mention.article_id == article for mention in facts(row.mentions))


def reports(event: Any, article: int) -> bool:
    """Whether the article reports the event."""
    return any(citation.article_id == article for citation in facts(event.citations))


def predecessors(country: Any, statuses: Iterable[str] = COUNTED) -> set:
    return {fact.predecessor.code for fact in facts(country.precessions, statuses)}


def successors(country: Any, statuses: Iterable[str] = COUNTED) -> set:
    return {fact.successor.code for fact in facts(country.successions, statuses)}


def counts(citation: Any, statuses: Iterable[str] = COUNTED) -> bool:
    """Whether a citation counts, and all the facts that it rests on."""
    part, link = citation.participation, citation.link
    rests_on = [citation, citation.event, part, citation.office, link, citation.succession]
    rests_on += [part.event] if part else []
    rests_on += [link.event, link.other] if link else []
    return all(fact.status in statuses for fact in rests_on if fact)
