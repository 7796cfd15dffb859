"""Which filters each list has, one set a resource."""

from typing import ClassVar, Final

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from archive.api.conditions import Link
from archive.api.filtering import (
    ApiFilterSet,
    Contains,
    Dates,
    Flag,
    Matches,
    MatchesAll,
    Overlaps,
    Search,
)
from archive.api.values import (
    ChoiceValues,
    FoldedValues,
    LanguageValues,
    NameValues,
    PatternValues,
    QueryValues,
    RecordValues,
    TextValues,
    ValuesField,
    key_of,
)
from archive.models import (
    Article,
    ArticleAddress,
    ArticleSubject,
    ArticleText,
    CollectionMember,
    Country,
    CountryKind,
    CountryName,
    Event,
    EventContext,
    EventLink,
    EventMode,
    EventType,
    How,
    LinkKind,
    Occurrence,
    Office,
    Participation,
    Person,
    PersonName,
    Role,
    Source,
    SourceCollection,
    SourceKind,
    SourceName,
    Status,
    Succession,
    TitleOrigin,
)
from archive.models.article import SHA256
from archive.models.citation import TARGETS
from archive.search import names
from archive.search.articles import Found, like
from archive.search.codes import coded


def slugs(model) -> RecordValues:
    return RecordValues(model, "slug")


CODES: Final = ("code", "alpha3", "numeric")


def codes() -> RecordValues:
    return RecordValues(Country, *CODES)


def ids(model) -> RecordValues:
    return RecordValues(model, "pk")


def choices(enum) -> ChoiceValues:
    return ChoiceValues(enum.values)


def hashes() -> PatternValues:
    return PatternValues(SHA256, _("Use 64 lower-case hexadecimal digits."))


def status() -> Matches:
    return Matches(
        "status", ChoiceValues(Status.values), _("Editorial status. Only who decides may ask for rejected.")
    )


class NameFilters(ApiFilterSet):
    """Filters of what has names: `link` leads to them."""

    @classmethod
    def of(cls, model, owner: str, *keys: str) -> dict:
        """`keys` are the columns of what they lead from that name it for programs."""
        link = Link(model, owner, "name")
        return {
            "q": Search(
                NameValues(),
                lambda rows, asked, *_: names.search(rows, asked, coded(rows.model, keys, asked.text)),
                _(
                    "A name as people type it, in any script and spelling, whole or only begun; or its key."
                    " Finds the best of its matches; name and name__contains list all of theirs."
                ),
            ),
            "name": Matches(
                "text_folded", FoldedValues(), _("A name, in any script, folded: فواد finds فؤاد."), link
            ),
            "name__contains": Contains("text_folded", FoldedValues(), _("Part of a name."), link),
            "name__language": Matches("language", LanguageValues(), _("The language of that name."), link),
        }


class SourceFilters(ApiFilterSet):
    locals().update(NameFilters.of(SourceName, "source", "slug"))
    kind = Matches("kind", choices(SourceKind), _("What sort of publisher."))
    country = Matches("country", codes(), _("Where it is published: IQ."))
    city = Matches("city", TextValues(), _("The city it is published in."))
    language = Overlaps("languages", LanguageValues(), _("A language it publishes in: ar."))
    collection = MatchesAll(
        "collection",
        slugs(SourceCollection),
        _("A collection it belongs to."),
        Link(CollectionMember, "source", "in"),
    )


def naming(subject: str, *rests_on: str) -> Link:
    """From an article to what it names, in the column `subject`."""
    return Link(ArticleSubject, "article", subject, rests_on)


class ArticleFilters(ApiFilterSet):
    q = Search(
        QueryValues(),
        Found,
        _(
            "Words, OR, -, parentheses, “phrases”, prefixes (وزي*), NEAR/5, and the fields title:, source:,"
            " person:, country:, event:, lang:, published:. Finds what has all of them, newest first."
        ),
        by="published",
    )
    more_like = Search(
        ids(Article),
        lambda rows, article, *_: like(rows, article),
        _("An article, by id: finds others that share its rarest words, the most alike first."),
    )
    source = Matches("source", slugs(Source), _("Who published it: elaph."))
    source__country = Matches("source__country", codes(), _("Where its source is published."))
    collection = MatchesAll(
        "collection",
        slugs(SourceCollection),
        _("A collection that its source belongs to."),
        Link(CollectionMember, "source", "in", of="source"),
    )
    identifier = Matches("identifier", TextValues(), _("Its canonical URL, or urn:sha256:..."))
    url = Matches(
        "url", TextValues(), _("Any URL it is known under."), Link(ArticleAddress, "article", "address")
    )
    sha256 = Matches(
        "sha256", hashes(), _("The hash of a version of its text."), Link(ArticleText, "article", "text")
    )
    title__contains = Contains("title_folded", FoldedValues(), _("Part of the title, folded."))
    title_origin = Matches(
        "title_origin", choices(TitleOrigin), _("Printed by the source or devised by the archive.")
    )
    byline = Matches("byline", TextValues(), _("Who wrote it, as printed."))
    section = Matches("section", TextValues(), _("The section it ran in."))
    dateline = Matches("dateline", TextValues(), _("The place it was filed from, as printed."))
    language = Matches(
        "language", LanguageValues(), _("The language of its text; in q, lang:ar finds ar-IQ too: ar.")
    )
    published = Dates("published_lower", "published_upper", _("When it was published (EDTF): 2021-08."))
    person = MatchesAll("person", slugs(Person), _("A person it names: fuad-hussein."), naming("person"))
    country = MatchesAll("country", codes(), _("A country it names: IQ."), naming("country"))
    names_source = MatchesAll("source", slugs(Source), _("A source it names."), naming("source"))
    event = MatchesAll("event", slugs(Event), _("An event it reports."), naming("event", "event"))


def part(column: str, help) -> dict:
    """Filters of what takes part in events: both ask about one part."""
    link = Link(Participation, column, "part", rests_on=("event",))
    return {
        "event": MatchesAll("event", slugs(Event), help, link),
        "role": Matches("role", choices(Role), _("The role in that event."), link),
    }


class PersonFilters(ApiFilterSet):
    locals().update(NameFilters.of(PersonName, "person", "slug", "wikidata"))
    wikidata = Matches(
        "wikidata",
        PatternValues(r"^Q[1-9][0-9]*$", _("A Wikidata id is Q and digits: Q9545.")),
        _("The Wikidata id: Q9545."),
    )
    office = Link(Office, "person", "office")
    office_country = MatchesAll("country", codes(), _("The country of an office."), office)
    office__contains = Contains(
        "title_folded", FoldedValues(), _("Part of the title of that office."), office
    )
    locals().update(part("person", _("An event they took part in.")))
    article = MatchesAll(
        "article", ids(Article), _("An article that names them, by id."), Link(ArticleSubject, "person", "a")
    )


class Existed(Dates):
    """A state existed some time in a date; a bound that is unknown excludes nothing."""

    lookups: ClassVar = {}

    def condition(self, values: list) -> Q:
        found = Q()
        for value in values:
            began = Q(existed_from_lower__lte=value.upper) | Q(existed_from__isnull=True)
            lasted = Q(existed_until_upper__gte=value.lower) | Q(existed_until__isnull=True)
            found |= began & lasted
        return found


class CountryFilters(ApiFilterSet):
    locals().update(NameFilters.of(CountryName, "country", *CODES))
    code = Matches("pk", codes(), _("ISO 3166: IQ, SUHH."))
    alpha3 = Matches(
        "alpha3",
        PatternValues(r"^[A-Z]{3}$", _("Use three capital letters: IRQ.")),
        _("ISO 3166-1 alpha-3: IRQ."),
    )
    numeric = Matches(
        "numeric",
        PatternValues(r"^[0-9]{3}$", _("Use three digits: 368.")),
        _("ISO 3166-1 numeric: 368."),
    )
    kind = Matches("kind", choices(CountryKind), _("State, territory, or former designation."))
    former = Flag(Q(code__regex=r"^.{4}$"), _("Whether its code is one of ISO 3166-3: true or false."))
    existed = Existed(
        "existed_from_lower", "existed_until_upper", _("That may have existed at that time: 1955.")
    )
    existed_from = Dates("existed_from_lower", "existed_from_upper", _("Since when it existed."))
    existed_until = Dates("existed_until_lower", "existed_until_upper", _("Until when it existed."))
    succeeds = MatchesAll(
        "predecessor", codes(), _("The state it followed: SUHH."), Link(Succession, "successor", "after")
    )
    succeeded_by = MatchesAll(
        "successor", codes(), _("A state that followed it: RU."), Link(Succession, "predecessor", "before")
    )
    locals().update(part("country", _("An event it took part in.")))
    article = MatchesAll(
        "article", ids(Article), _("An article that names it, by id."), Link(ArticleSubject, "country", "a")
    )


class ParticipantValues(ValuesField):
    """Persons by slug and countries by code: a slug is lower case, a code upper."""

    schema: ClassVar = {
        "type": "string",
        "pattern": "|".join((key_of(Person, "slug")["pattern"], key_of(Country, "code")["pattern"])),
    }

    def convert(self, values: list[str]) -> list[tuple[str, int]]:
        persons = Person.objects.filter(slug__in=values).values_list("slug", "pk")
        countries = Country.objects.filter(code__in=values).values_list("code", "pk")
        found = {slug: ("person", pk) for slug, pk in persons}
        found |= {code: ("country", pk) for code, pk in countries}
        if missing := sorted(set(values) - found.keys()):
            raise ValidationError(
                _("There is no person or country %(values)s."), params={"values": ", ".join(missing)}
            )
        return [found[value] for value in values]


class Participant(MatchesAll):
    def condition(self, values: list) -> Q:
        found = Q()
        for column, pk in values:
            found |= Q(**{column: pk})
        return found


class EventFilters(ApiFilterSet):
    status = status()
    type = Matches("type", choices(EventType), _("One of PLOVER's types, or exhibition."))
    mode = Matches("mode", choices(EventMode), _("How it was done."))
    context = Overlaps("contexts", choices(EventContext), _("What it was about."))
    occurrence = Matches("occurrence", choices(Occurrence), _("Occurred, planned or claimed."))
    start = Dates("start_lower", "start_upper", _("When it started (EDTF)."))
    end = Dates("end_lower", "end_upper", _("When it ended (EDTF)."))
    title__contains = Contains("title_folded", FoldedValues(), _("Part of the title, folded."))
    place = Matches("place", TextValues(), _("Where, as the text names it."))
    country = Matches("country", codes(), _("The host country: RU."))
    takes_part = Link(Participation, "event", "participant")
    participant = Participant(
        "participant",
        ParticipantValues(),
        _("A person (fuad-hussein) or country (IQ) that took part."),
        takes_part,
    )
    role = Matches("role", choices(Role), _("The role of that participant."), takes_part)
    article = MatchesAll(
        "article", ids(Article), _("An article that reports it, by id."), Link(ArticleSubject, "event", "a")
    )
    bears = Link(EventLink, "event", "link", rests_on=("other",))
    link = MatchesAll("other", slugs(Event), _("An event that this one bears on."), bears)
    link_kind = Matches("kind", choices(LinkKind), _("How it bears on that event."), bears)


class EvidenceFilters(ApiFilterSet):
    """What mentions and citations share."""

    status = status()
    article = Matches("article", ids(Article), _("The article, by id."))
    sha256 = Matches("text__sha256", hashes(), _("The hash of the text it is read in."))
    published = Dates("published_lower", "published_upper", _("When the article was published (EDTF)."))
    publisher = Matches("article__source", slugs(Source), _("Who published the article: elaph."))


class MentionFilters(EvidenceFilters):
    person = Matches("person", slugs(Person), _("The person it names."))
    country = Matches("country", codes(), _("The country it names."))
    source = Matches("source", slugs(Source), _("The source it names."))
    how = Matches("how", choices(How), _("How it names it."))
    surface = Matches("surface", TextValues(), _("The words, as printed."))
    proposed_name = Matches("proposed_name", TextValues(), _("Whom it may name, while nobody is chosen."))


class Reports(Matches):
    """Citations of one sort of fact: the column of that sort is filled."""

    def condition(self, values: list) -> Q:
        found = Q()
        for value in values:
            found |= Q(**{f"{value}__isnull": False})
        return found


class CitationFilters(EvidenceFilters):
    reports = Reports("reports", ChoiceValues(TARGETS), _("What sort of fact it reports."))
    event = Matches("event", slugs(Event), _("The event it reports."))
    participation = Matches("participation", ids(Participation), _("The participation it reports, by id."))
    office = Matches("office", ids(Office), _("The office it reports, by id."))
    link = Matches("link", ids(EventLink), _("The event link it reports, by id."))
    succession = Matches("succession", ids(Succession), _("The succession it reports, by id."))
