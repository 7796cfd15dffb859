"""A small archive in which every filter finds some rows and not others.

Values go round at different lengths, so that any two of them meet and part.
"""

from itertools import cycle
from types import SimpleNamespace

from archive.models import (
    CountryKind,
    EventMode,
    EventType,
    How,
    LinkKind,
    Obtained,
    Occurrence,
    Role,
    SourceKind,
    Status,
    TitleOrigin,
)
from archive.text import sha256_hex
from tests import factories as make

DATES = ("2021-08-23", "2021-08", None, "2021", "1955~", "2020-12-31", "195X", "2021-09-01T10:00:00Z")
STARTS = ("1955", None, "1972-04-09", "1972-04", "2021-08-23", "196X")
ENDS = (None, "1991-12", None, "1972-04-11", None, None, "2022")
_A, _S, _R = Status.ACCEPTED, Status.SUGGESTED, Status.REJECTED
STATUSES = (_A, _S, _A, _R, _S, _A, _R)
LANGUAGES = ("ar", "en", "ru")
CITIES = ("لندن", "بغداد", "")
BODY = "التقى فؤاد حسين وزير خارجية روسيا في موسكو وتحدثا عن العراق " * 3


def turn(values, length: int) -> list:
    """`length` values, over and over."""
    source = cycle(values)
    return [next(source) for _ in range(length)]


def build() -> SimpleNamespace:
    """Add the rows. Returns lists of them by name."""
    countries = [
        make.CountryFactory(
            code=f"Z{chr(65 + n)}" if n < 4 else f"ZZZ{chr(65 + n)}",
            name=name,
            alpha3=f"ZZ{chr(65 + n)}" if n % 3 else "",
            numeric=f"99{n}" if n % 2 else "",
            kind=kind,
            existed_from=began,
            existed_until=ended,
        )
        for n, (name, kind, began, ended) in enumerate(
            zip(
                turn(("العراق", "روسيا", "Łódź", "دولة"), 8),
                turn(CountryKind.values, 8),
                turn((None, "1922-12-30", "1991"), 8),
                turn((None, None, None, "1991-12-26", "2006?"), 8),
                strict=True,
            )
        )
    ]
    for n, country in enumerate(countries[:6]):
        make.CountryNameFactory(country=country, text=f"الاسم {n % 3}", language=LANGUAGES[n % 2])
    for n, status in enumerate(turn(STATUSES, 6)):
        make.SuccessionFactory(predecessor=countries[n], successor=countries[(n * 3 + 1) % 8], status=status)

    sources = [
        make.SourceFactory(
            slug=f"paper-{n}",
            kind=kind,
            country=countries[n % 3] if n % 4 else None,
            city=city,
            languages=spoken,
        )
        for n, (kind, city, spoken) in enumerate(
            zip(
                turn(SourceKind.values[:3], 8),
                turn(CITIES, 8),
                turn((["ar"], ["ar", "en"], [], ["ru"], ["en"]), 8),
                strict=True,
            )
        )
    ]
    collections = [make.SourceCollectionFactory(slug=slug) for slug in ("north", "south", "empty")]
    for n, source in enumerate(sources):
        make.SourceNameFactory(source=source, text=f"فؤاد {n % 3}", language=LANGUAGES[n % 2])
        for collection in collections[: n % 3]:
            make.CollectionMemberFactory(source=source, collection=collection)

    persons = [
        make.PersonFactory(slug=f"person-{letter}", wikidata=f"Q{n + 1}" if n % 3 else None)
        for n, letter in enumerate("abcdefgh")
    ]
    for n, person in enumerate(persons[:7]):
        make.PersonNameFactory(person=person, text=f"مصطفى {n % 2}", language=LANGUAGES[n % 3])
        make.PersonNameFactory(person=person, text=f"Mustafa {n % 3}", language=LANGUAGES[(n + 1) % 3])
    for n, status in enumerate(turn(STATUSES, 12)):
        make.OfficeFactory(
            person=persons[n * 5 % 7],
            title=("وزير", "سفير", "رئيس")[n % 3],
            country=countries[n % 4] if n % 5 else None,
            start=STARTS[n % 6] if not ENDS[n % 7] else None,
            status=status,
        )

    articles = []
    for n, published in enumerate(turn(DATES, 20)):
        article = make.ArticleFactory(
            source=sources[n % 7],
            identifier=f"https://news.example/{n}",
            title=f"لقاء {n % 3} في بغداد" if n % 2 else f"زيارة {n}",
            title_origin=TitleOrigin.values[n % 3 == 0],
            byline=("أسامة مهدي", "")[n % 2],
            section=("سياسة", "", "رياضة")[n % 3],
            dateline=("لندن", "")[n % 2],
            language=LANGUAGES[n % 3],
            published=published,
        )
        articles.append(article)
        if n % 4:
            make.ArticleAddressFactory(article=article, url=f"https://news.example/{n}/amp")
    # Two articles run the same words.
    texts = [
        make.ArticleTextFactory(
            article=article,
            sha256=sha256_hex(f"{BODY}{n % 17}"),
            length=300,
            obtained=Obtained.values[n % 4],
        )
        for n, article in enumerate(articles[:19])
    ]

    events = []
    for n, (status, start) in enumerate(zip(turn(STATUSES, 18), turn(STARTS, 18), strict=True)):
        kind = (EventType.CONSULT, EventType.AGREE, EventType.RETREAT)[n % 3]
        events.append(
            make.EventFactory(
                slug=f"event-{n}",
                title=f"معاهدة {n % 4} موسكو" if n % 3 else f"لقاء {n}",
                type=kind,
                mode=(EventMode.VISIT if n % 2 else "") if kind == EventType.CONSULT else "",
                contexts=(["military"], ["military", "election"], [], ["executive"])[n % 4],
                start=start,
                end=ENDS[n % 7] if start in (None, "1955", "1972-04-09", "1972-04") else None,
                place=("موسكو", "", "بغداد")[n % 3],
                country=countries[n % 4] if n % 3 else None,
                occurrence=Occurrence.values[n % 3],
                status=status,
            )
        )
    participations = []
    for n, status in enumerate(turn(STATUSES, 30)):
        who = {"person": persons[n % 5]} if n % 3 == 0 else {"country": countries[n % 4]}
        participations.append(
            make.ParticipationFactory(
                event=events[(n * 7 + n // 16) % 16], role=Role.values[n * 3 % 5], status=status, **who
            )
        )
    links = [
        make.EventLinkFactory(
            event=events[n % 9], other=events[n * 2 + 1], kind=LinkKind.values[n % 3], status=status
        )
        for n, status in enumerate(turn(STATUSES, 8))
    ]

    mentions = []
    for n, status in enumerate(turn(STATUSES, 48)):
        target = (
            {"person": persons[n // 5 % 4]},
            {"country": countries[n % 4]},
            {"source": sources[n % 3]},
            {"country": countries[n % 3]},
            {"proposed_name": f"أحمد {n % 2}"},
        )[n % 5]
        mentions.append(
            make.MentionFactory(
                text=texts[n * 5 % 18],
                start=n,
                surface=("العراق", "روسيا", "فؤاد")[n % 3],
                how=How.values[n % 3],
                status=Status.SUGGESTED if n % 5 == 4 else status,
                **target,
            )
        )
    citations = []
    offices, successions = list(_offices(persons)), list(_successions(countries))
    for n, status in enumerate(turn(STATUSES, 48)):
        target = (
            {"event": events[n * 5 % 15]},
            {"participation": participations[n % 30]},
            {"event": events[n % 4]},
            {"office": offices[n % 12]},
            {"link": links[n % 8]},
            {"succession": successions[n % 6]},
        )[n % 6]
        citations.append(
            make.CitationFactory(text=texts[n * 5 % 18], start=n, end=n + 20, status=status, **target)
        )
    return SimpleNamespace(**{name: rows for name, rows in locals().items() if isinstance(rows, list)})


def _offices(persons):
    for person in persons:
        yield from person.offices.order_by("pk")


def _successions(countries):
    for country in countries:
        yield from country.successions.order_by("pk")
