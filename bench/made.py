"""The made-up publishers, persons and events of bench.load's articles, and the countries of the fixture."""

from typing import NamedTuple

from django.core.management import call_command

from archive.curate.history import acting
from archive.models import Country, Event, Office, Participation, Person, PersonName, Source
from archive.text import sound
from bench import synthetic
from bench.synthetic import SOURCES, Facts, person_name

PERSONS = 2_000
EVENTS = 3_000
# The name of a country that is written in a text. A longer one is rather called by another.
LONGEST = 40


class Subjects(NamedTuple):
    """Ids of rows, by their numbers in bench.synthetic; and what the texts are made with."""

    sources: list[int]
    persons: list[int]
    countries: list[int]
    events: list[int]
    facts: Facts


def subjects(facts: bool) -> Subjects:
    """Make what is missing: publishers, and where articles have `facts`, whom and what they tell of."""
    if facts and not Country.objects.exists():
        call_command("loaddata", "countries", verbosity=0)
    with acting("made-up publishers, persons and events"):
        sources = _sources()
        if not facts:
            return Subjects(sources, [], [], [], Facts(0, [], 0))
        countries = list(Country.objects.filter(name__regex=f"^.{{1,{LONGEST}}}$").order_by("pk"))
        ids, about = [c.pk for c in countries], Facts(PERSONS, [c.name for c in countries], EVENTS)
        persons = _persons(ids)
        return Subjects(sources, persons, ids, _events(about, persons, ids), about)


def _sources() -> list[int]:
    return _there(
        Source,
        [
            Source(
                slug=f"bench-{n}",
                name=f"صحيفة {n}",
                kind="newspaper",
                languages=["ar"],
                homepage=f"https://bench-{n}.example/",
            )
            for n in range(SOURCES)
        ],
    )


def _persons(countries: list[int]) -> list[int]:
    """Persons with two names each; every third has an office."""
    new = not Person.objects.filter(slug="bench-0").exists()
    persons = _there(
        Person,
        [
            Person(slug=f"bench-{n}", name=person_name(n), description=f"الشخص رقم {n} في هذا القياس")
            for n in range(PERSONS)
        ],
    )
    if new:
        named = [(pk, person_name(n)) for n, pk in enumerate(persons)]
        PersonName.objects.bulk_create(
            PersonName(person_id=pk, text=text, language=language, kind=kind)
            for pk, name in named
            for text, language, kind in (
                (name, "ar", "official"),
                (sound(name).split(" =")[0].title() or "-", "en", "alias"),
            )
        )
        Office.objects.bulk_create(
            Office(person_id=pk, title="وزير الخارجية", country_id=countries[n % len(countries)])
            for n, pk in enumerate(persons)
            if n % 3 == 0
        )
    return persons


def _events(facts: Facts, persons: list[int], countries: list[int]) -> list[int]:
    """Events with who took part in them."""
    new = not Event.objects.filter(slug="bench-0").exists()
    made = [synthetic.event(number, facts) for number in range(facts.events)]
    events = _there(
        Event,
        [
            Event(
                slug=f"bench-{n}",
                title=one.title,
                type=one.type,
                start=one.start.date().isoformat(),
                status="accepted",
            )
            for n, one in enumerate(made)
        ],
    )
    if new:
        parts = [
            Participation(event_id=events[n], role="participant", status="accepted", **who)
            for n, one in enumerate(made)
            for who in (
                *({"person_id": persons[person]} for person in one.persons),
                *({"country_id": countries[country]} for country in one.countries),
            )
        ]
        Participation.objects.bulk_create(parts)
    return events


def _there(model: type, made: list) -> list[int]:
    """The ids of the rows `made`, added where no row has the slug."""
    model.objects.bulk_create(made, ignore_conflicts=True)
    ids = dict(model.objects.filter(slug__startswith="bench-").values_list("slug", "pk"))
    return [ids[row.slug] for row in made]
