"""What each filter means: a query, and the same said in Python over one row.

Every parameter of every filter set stands here at least once (`test_filters` looks).
"""

from typing import Any

from archive.text import parse_edtf
from tests.api.predicates import (
    ACCEPTED,
    Case,
    bearing,
    chosen,
    collections,
    column,
    counts,
    dated,
    dates,
    existed,
    folded,
    hash_of,
    in_event,
    key_of,
    named,
    names,
    names_in,
    office,
    predecessors,
    reported,
    reports,
    spoken,
    successors,
    taking_part,
)

# --- The cases, list by list ----------------------------------------------------------------

TIMES = [
    Case("added__gte=2000-01-01", lambda row: True, True),
    Case("added__lte=2000-01-01T00:00:00Z", lambda row: False, True),
    Case("added__lte=2000-01-01&added__lte=2100-01-01", lambda row: True, True),
    Case("modified__gte=2100-01-01&modified__gte=2000-01-01T10:00:00%2B03:00", lambda row: True, True),
    Case("modified__lte=2000-01-01", lambda row: False, True),
    Case("evidence=all", lambda row: True, True),
]

SOURCES = [
    *names("فواد 1", "فؤا"),
    *chosen("kind", "newspaper", "agency", column("kind")),
    *chosen("country", "ZA", "ZB", key_of("country", "code")),
    *chosen("city", "لندن", "بغداد", column("city")),
    Case("language=ar", lambda row: "ar" in row.languages),
    Case("language=en&language=ru", lambda row: bool({"en", "ru"} & set(row.languages))),
    Case("language__not=ar", lambda row: "ar" not in row.languages),
    Case("collection=south", lambda row: "south" in collections(row)),
    Case("collection=north&collection=south", lambda row: bool(collections(row))),
    Case("collection__all=north,south", lambda row: collections(row) >= {"north", "south"}),
    Case("collection__not=south", lambda row: "south" not in collections(row)),
    Case("collection__not=empty", lambda row: True, True),
]

ARTICLES = [
    *chosen("source", "paper-1", "paper-2", key_of("source", "slug")),
    *chosen("source__country", "ZB", "ZC", lambda row: getattr(row.source.country, "code", None)),
    Case("collection=north", lambda row: "north" in collections(row.source)),
    Case("collection=north&collection=south", lambda row: bool(collections(row.source))),
    Case("collection__all=north,south", lambda row: collections(row.source) >= {"north", "south"}),
    Case("collection__not=south", lambda row: "south" not in collections(row.source)),
    *chosen("identifier", "https://news.example/3", "https://news.example/4", column("identifier")),
    Case("url=https://news.example/3/amp", lambda row: row.identifier == "https://news.example/3"),
    Case("url__not=https://news.example/3/amp", lambda row: row.identifier != "https://news.example/3"),
    Case(f"sha256={hash_of(1)}", lambda row: hash_of(1) in {t.sha256 for t in row.texts.all()}),
    Case(f"sha256__not={hash_of(1)}", lambda row: hash_of(1) not in {t.sha256 for t in row.texts.all()}),
    Case("q=البغداد", lambda row: folded(row.title, "بغداد")),
    Case("q=بغداد -لقاء OR زيارة lang:ar", lambda row: "زيارة" in row.title and row.language == "ar"),
    Case("q=بغداد&language=en", lambda row: folded(row.title, "بغداد") and row.language == "en"),
    # Its terms are not counted here: it is like none.
    Case("more_like={article}", lambda row, ids: False, True),
    Case("title__contains=بغداد", lambda row: folded(row.title, "بغداد")),
    Case(
        "title__contains=زيارة 2&title__contains=لقاء 0",
        lambda row: row.title in ("زيارة 2", "لقاء 0 في بغداد"),
    ),
    *chosen("title_origin", "devised", "printed", column("title_origin"))[:1],
    Case("title_origin__not=devised", lambda row: row.title_origin == "printed"),
    Case("byline=أسامة مهدي", lambda row: row.byline == "أسامة مهدي"),
    Case("byline__not=أسامة مهدي", lambda row: row.byline == ""),
    *chosen("section", "سياسة", "رياضة", column("section")),
    Case("dateline=لندن", lambda row: row.dateline == "لندن"),
    Case("dateline__not=لندن", lambda row: row.dateline == ""),
    *chosen("language", "ar", "ru", column("language")),
    *dates("published"),
    Case("person=person-a", lambda row: "person-a" in named(row, "person", "slug")),
    Case(
        "person=person-a&person=person-b",
        lambda row: bool({"person-a", "person-b"} & named(row, "person", "slug")),
    ),
    Case(
        "person__all=person-a,person-b",
        lambda row: {"person-a", "person-b"} <= named(row, "person", "slug"),
        True,
    ),
    Case("person__not=person-a", lambda row: "person-a" not in named(row, "person", "slug")),
    Case(
        "person=person-a&evidence=accepted", lambda row: "person-a" in named(row, "person", "slug", ACCEPTED)
    ),
    Case(
        "person__not=person-a&evidence=accepted",
        lambda row: "person-a" not in named(row, "person", "slug", ACCEPTED),
    ),
    Case("country=ZA", lambda row: "ZA" in named(row, "country", "code")),
    Case("country__all=ZB,ZC", lambda row: {"ZB", "ZC"} <= named(row, "country", "code")),
    Case("country__all=ZB&country__all=ZC", lambda row: {"ZB", "ZC"} <= named(row, "country", "code")),
    Case("country__not=ZA", lambda row: "ZA" not in named(row, "country", "code")),
    Case("names_source=paper-1", lambda row: "paper-1" in named(row, "source", "slug")),
    Case(
        "names_source__all=paper-1,paper-2",
        lambda row: {"paper-1", "paper-2"} <= named(row, "source", "slug"),
        True,
    ),
    Case("names_source__not=paper-1", lambda row: "paper-1" not in named(row, "source", "slug")),
    Case("event=event-0", lambda row: "event-0" in reported(row)),
    Case("event=event-0&event=event-5", lambda row: bool({"event-0", "event-5"} & reported(row))),
    Case("event__all=event-0,event-5", lambda row: {"event-0", "event-5"} <= reported(row), True),
    Case("event__not=event-0", lambda row: "event-0" not in reported(row)),
    Case("event=event-0&evidence=accepted", lambda row: "event-0" in reported(row, ACCEPTED)),
    Case(
        "country=ZA&person=person-a&section=سياسة",
        lambda row: (
            "ZA" in named(row, "country", "code")
            and "person-a" in named(row, "person", "slug")
            and row.section == "سياسة"
        ),
        True,
    ),
]

PERSONS = [
    *names("مصطفى 1", "مصط"),
    Case("name=MUSTAFA 1", lambda row: spoken(row, "Mustafa 1")),
    *chosen("wikidata", "Q2", "Q3", column("wikidata")),
    Case("office_country=ZB", lambda row: office(row, "ZB")),
    Case("office_country__all=ZB,ZC", lambda row: office(row, "ZB") and office(row, "ZC"), True),
    Case("office_country__not=ZB", lambda row: not office(row, "ZB")),
    Case("office__contains=سفير", lambda row: office(row, title="سفير")),
    Case("office__contains=سفير&office_country=ZB", lambda row: office(row, "ZB", "سفير")),
    Case("office_country=ZB&evidence=accepted", lambda row: office(row, "ZB", statuses=ACCEPTED), True),
    *in_event("event-4", "event-15"),
    Case("article={article}", lambda row, ids: names_in(row, ids.article)),
    Case("article__not={article}", lambda row, ids: not names_in(row, ids.article)),
    Case(
        "article__all={article},{other_article}",
        lambda row, ids: names_in(row, ids.article) and names_in(row, ids.other_article),
        True,
    ),
]

COUNTRIES = [
    *names("الاسم 1", "اسم"),
    *chosen("code", "ZA", "ZZZE", column("code")),
    *chosen("alpha3", "ZZB", "ZZC", column("alpha3")),
    *chosen("numeric", "991", "993", column("numeric")),
    *chosen("kind", "state", "territory", column("kind")),
    Case("former=true", lambda row: len(row.code) == 4),
    Case("former=false", lambda row: len(row.code) == 2),
    Case("former=true&former=false", lambda row: True, True),
    Case("existed=1955", lambda row: existed(row, "1955")),
    Case("existed=2015", lambda row: existed(row, "2015")),
    Case("existed=1900&existed=2015", lambda row: existed(row, "1900") or existed(row, "2015")),
    *dates("existed_from"),
    *dates("existed_until"),
    Case("succeeds=ZA", lambda row: "ZA" in predecessors(row)),
    Case("succeeds__not=ZA", lambda row: "ZA" not in predecessors(row)),
    Case("succeeds__all=ZA,ZB", lambda row: {"ZA", "ZB"} <= predecessors(row), True),
    Case("succeeds=ZB&evidence=accepted", lambda row: "ZB" in predecessors(row, ACCEPTED), True),
    Case("succeeded_by=ZB", lambda row: "ZB" in successors(row)),
    Case("succeeded_by__not=ZB", lambda row: "ZB" not in successors(row)),
    Case("succeeded_by__all=ZB,ZC", lambda row: {"ZB", "ZC"} <= successors(row), True),
    *in_event("event-5", "event-0"),
    Case("article={article}", lambda row, ids: names_in(row, ids.article)),
    Case("article__not={article}", lambda row, ids: not names_in(row, ids.article)),
    Case(
        "article__all={article},{other_article}",
        lambda row, ids: names_in(row, ids.article) and names_in(row, ids.other_article),
        True,
    ),
]

EVENTS = [
    Case("status=suggested", lambda row: row.status == "suggested"),
    Case("status=suggested&status=accepted", lambda row: True, True),
    Case("status__not=suggested", lambda row: row.status == "accepted"),
    Case("evidence=accepted", lambda row: row.status == "accepted"),
    Case("evidence=accepted&status=suggested", lambda row: False, True),
    Case("evidence=accepted&status=accepted", lambda row: row.status == "accepted"),
    *chosen("type", "consult", "agree", column("type")),
    *chosen("mode", "visit", "phone", column("mode")),
    Case("context=military", lambda row: "military" in row.contexts),
    Case(
        "context=election&context=executive", lambda row: bool({"election", "executive"} & set(row.contexts))
    ),
    Case("context__not=military", lambda row: "military" not in row.contexts),
    *chosen("occurrence", "planned", "claimed", column("occurrence")),
    *dates("start"),
    *dates("end"),
    Case("title__contains=معاهده", lambda row: folded(row.title, "معاهدة")),
    *chosen("place", "موسكو", "بغداد", column("place")),
    *chosen("country", "ZA", "ZB", key_of("country", "code")),
    Case("participant=ZA", lambda row: "ZA" in dict(taking_part(row))),
    Case(
        "participant=ZA&participant=person-a",
        lambda row: bool({"ZA", "person-a"} & dict(taking_part(row)).keys()),
    ),
    Case("participant__all=ZA,ZB", lambda row: {"ZA", "ZB"} <= dict(taking_part(row)).keys(), True),
    Case(
        "participant__all=ZB,person-a", lambda row: {"ZB", "person-a"} <= dict(taking_part(row)).keys(), True
    ),
    Case("participant__not=ZA", lambda row: "ZA" not in dict(taking_part(row))),
    Case(
        "participant__not=person-a&participant__not=ZA",
        lambda row: not {"ZA", "person-a"} & dict(taking_part(row)).keys(),
    ),
    Case("role=recipient", lambda row: "recipient" in {role for _, role in taking_part(row)}),
    Case("role__not=recipient", lambda row: "recipient" not in {role for _, role in taking_part(row)}),
    # One participation has both: not one the country and another the role.
    Case("participant=ZC&role=visitor", lambda row: ("ZC", "visitor") in taking_part(row)),
    Case(
        "participant=ZC&participant=ZB&role=visitor&role=host",
        lambda row: any(
            (who, role) in taking_part(row) for who in ("ZC", "ZB") for role in ("visitor", "host")
        ),
    ),
    Case(
        "participant=ZA&evidence=accepted",
        lambda row: row.status == "accepted" and "ZA" in dict(taking_part(row, ACCEPTED)),
        True,
    ),
    Case("article={article}", lambda row, ids: reports(row, ids.article), True),
    Case("article__not={article}", lambda row, ids: not reports(row, ids.article), True),
    Case(
        "article__all={article},{other_article}",
        lambda row, ids: reports(row, ids.article) and reports(row, ids.other_article),
        True,
    ),
    Case("link=event-1", lambda row: "event-1" in dict(bearing(row))),
    Case("link__not=event-1", lambda row: "event-1" not in dict(bearing(row))),
    Case("link__all=event-1,event-9", lambda row: {"event-1", "event-9"} <= dict(bearing(row)).keys(), True),
    Case("link_kind=restores", lambda row: "restores" in {kind for _, kind in bearing(row)}),
    Case("link_kind__not=restores", lambda row: "restores" not in {kind for _, kind in bearing(row)}),
    Case("link=event-1&link_kind=restores", lambda row: ("event-1", "restores") in bearing(row), True),
    Case(
        "type=consult&type=agree&start__lte=1972-12&participant=ZA&participant=ZB",
        lambda row: (
            row.type in ("consult", "agree")
            and dated(row, "start", lambda first, last: first <= parse_edtf("1972-12").upper)
            and bool({"ZA", "ZB"} & dict(taking_part(row)).keys())
        ),
        True,
    ),
]

EVIDENCE = [
    Case("status=suggested", lambda row: row.status == "suggested"),
    Case("status__not=suggested", lambda row: row.status == "accepted"),
    Case("article={article}", lambda row, ids: row.article_id == ids.article),
    Case("article__not={article}", lambda row, ids: row.article_id != ids.article),
    Case(f"sha256={hash_of(1)}", lambda row: row.text.sha256 == hash_of(1)),
    Case(f"sha256__not={hash_of(1)}", lambda row: row.text.sha256 != hash_of(1)),
    *dates("published", of=lambda row: row.article),
    *chosen("publisher", "paper-1", "paper-2", lambda row: row.article.source.slug),
]

MENTIONS = [
    *EVIDENCE,
    Case("evidence=accepted", lambda row: row.status == "accepted"),
    Case("evidence=accepted&status=suggested", lambda row: False, True),
    Case("evidence=accepted&status=accepted", lambda row: row.status == "accepted"),
    *chosen("person", "person-a", "person-b", key_of("person", "slug")),
    *chosen("country", "ZA", "ZB", key_of("country", "code")),
    *chosen("source", "paper-1", "paper-2", key_of("source", "slug")),
    *chosen("how", "name", "nisba", column("how")),
    *chosen("surface", "روسيا", "فؤاد", column("surface")),
    *chosen("proposed_name", "أحمد 0", "أحمد 1", column("proposed_name")),
]


def _is(row: Any, ids: Any, name: str) -> bool:
    return getattr(row, f"{name}_id") == getattr(ids, name)


CITATIONS = [
    *EVIDENCE,
    Case("evidence=accepted", lambda row: counts(row, ACCEPTED)),
    Case("evidence=accepted&status=suggested", lambda row: False, True),
    Case("reports=event", lambda row: row.event_id is not None),
    Case("reports=office&reports=link", lambda row: row.office_id is not None or row.link_id is not None),
    Case("reports__not=event", lambda row: row.event_id is None),
    *chosen("event", "event-0", "event-5", key_of("event", "slug")),
    *(
        case
        for name in ("participation", "office", "link", "succession")
        for case in (
            Case(f"{name}={{{name}}}", lambda row, ids, n=name: _is(row, ids, n)),
            Case(f"{name}__not={{{name}}}", lambda row, ids, n=name: not _is(row, ids, n)),
        )
    ),
]

CASES = {
    "sources": SOURCES,
    "articles": ARTICLES,
    "persons": PERSONS,
    "countries": COUNTRIES,
    "events": EVENTS,
    "mentions": MENTIONS,
    "citations": CITATIONS,
}
for _cases in CASES.values():
    _cases += TIMES
