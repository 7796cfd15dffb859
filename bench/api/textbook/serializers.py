"""Nested model serializers, as tutorials write them, of the archive's fields."""

from collections.abc import Iterable

from rest_framework import serializers

from archive.models import (
    Article,
    ArticleAbstract,
    ArticleAddress,
    ArticleText,
    Citation,
    Country,
    CountryName,
    Event,
    EventLink,
    Mention,
    Office,
    Participation,
    Person,
    PersonName,
    Source,
    SourceName,
    Succession,
)
from archive.models.ordering import BEFORE_ALL

MOST_CITATIONS = 20


def model_serializer(of: type, *names: str, **nested: serializers.Field) -> type[serializers.ModelSerializer]:
    """A ModelSerializer of these fields: `class Meta` and all, in a line."""
    meta = type("Meta", (), {"model": of, "fields": names})
    return type(f"{of.__name__}Serializer", (serializers.ModelSerializer,), {"Meta": meta, **nested})


SourceRef = model_serializer(Source, "slug", "name")
PersonRef = model_serializer(Person, "slug", "name")
CountryRef = model_serializer(Country, "code", "name")
EventRef = model_serializer(Event, "slug", "title", "type", "start", "end")
Abstract = model_serializer(ArticleAbstract, "language", "text")
Address = model_serializer(ArticleAddress, "url")
Text = model_serializer(
    ArticleText,
    *("id", "sha256", "length", "has_body", "obtained", "obtained_at"),
    has_body=serializers.BooleanField(),
)
ArticleRef = model_serializer(
    Article,
    *("id", "source", "title", "published"),
    source=serializers.SlugRelatedField("slug", read_only=True),
)


def names(of: type) -> serializers.Field:
    return model_serializer(of, "text", "language", "kind")(many=True)


FullSource = model_serializer(
    Source,
    *("slug", "name", "kind", "homepage", "country", "city", "languages", "names", "collections"),
    *("added", "modified"),
    country=CountryRef(),
    names=names(SourceName),
    collections=serializers.SlugRelatedField("slug", many=True, read_only=True),
)
FullPerson = model_serializer(
    Person,
    *("slug", "name", "description", "wikidata", "names", "offices", "added", "modified"),
    names=names(PersonName),
    offices=model_serializer(
        Office, *("id", "title", "country", "start", "end", "status"), country=CountryRef()
    )(many=True),
)


def states(source: str, state: str) -> serializers.Field:
    fields = ("id", "country", "kind", "date", "reference", "status")
    return model_serializer(Succession, *fields, country=CountryRef(source=state))(source=source, many=True)


FullCountry = model_serializer(
    Country,
    *("code", "alpha3", "numeric", "name", "kind", "existed_from", "existed_from_lower"),
    *("existed_from_upper", "existed_until", "existed_until_lower", "existed_until_upper", "note"),
    *("reference", "names", "predecessors", "successors", "added", "modified"),
    names=names(CountryName),
    predecessors=states("precessions", "predecessor"),
    successors=states("successions", "successor"),
)
EventCitation = model_serializer(
    Citation, *("id", "article", "text", "start", "end", "sha256", "status"), article=ArticleRef()
)


class FullEvent(serializers.ModelSerializer):
    country = CountryRef()
    participations = model_serializer(
        Participation,
        *("id", "person", "country", "role", "status"),
        person=PersonRef(),
        country=CountryRef(),
    )(many=True)
    links = model_serializer(EventLink, *("id", "kind", "other", "status"), other=EventRef())(many=True)
    citations = serializers.SerializerMethodField()

    class Meta:
        model = Event
        fields = (
            *("slug", "title", "type", "mode", "contexts", "start", "start_lower", "start_upper"),
            *("end", "end_lower", "end_upper", "place", "country", "occurrence", "status"),
            *("participations", "links", "citations", "added", "modified"),
        )

    def get_citations(self, event: Event) -> list:
        newest = event.citations.exclude(status="rejected").select_related("article__source")
        return EventCitation(newest[:MOST_CITATIONS], many=True).data


class ListedArticle(Article):
    """An article, with the records that its facts name, each once."""

    class Meta:
        proxy = True
        app_label = "archive"

    @property
    def persons(self) -> list[Person]:
        return named(self.mentions.all(), "person", "name_folded")

    @property
    def countries(self) -> list[Country]:
        return named(self.mentions.all(), "country", "name_folded")

    @property
    def events(self) -> list[Event]:
        found = {citation.event for citation in self.citations.all()} - {None}
        return sorted(found, key=lambda event: (event.start_at or BEFORE_ALL, event.pk), reverse=True)


def named(facts: Iterable, column: str, by: str) -> list:
    """The records that `facts` point at, each once."""
    found = {getattr(fact, column) for fact in facts} - {None}
    return sorted(found, key=lambda record: (getattr(record, by) or "", record.pk))


class ArticleSerializer(serializers.ModelSerializer):
    """An article as lists show it."""

    source = SourceRef()
    abstracts = Abstract(many=True)
    addresses = Address(many=True)
    texts = Text(many=True)
    persons = PersonRef(many=True)
    countries = CountryRef(many=True)
    events = EventRef(many=True)

    class Meta:
        model = ListedArticle
        fields = (
            *("id", "source", "identifier", "title", "title_origin", "byline", "section", "dateline"),
            *("language", "published", "published_lower", "published_upper", "abstracts", "addresses"),
            *("texts", "persons", "countries", "events", "added", "modified"),
        )


def slug(field: str = "slug") -> serializers.Field:
    return serializers.SlugRelatedField(field, read_only=True)


class WholeArticleSerializer(ArticleSerializer):
    """An article with everything there is of it."""

    source = FullSource()
    persons = FullPerson(many=True)
    countries = FullCountry(many=True)
    events = FullEvent(many=True)
    mentions = model_serializer(
        Mention,
        *("id", "text", "start", "end", "surface", "how", "person", "country", "source", "proposed_name"),
        "status",
        person=slug(),
        country=slug("code"),
        source=slug(),
    )(many=True)
    citations = model_serializer(
        Citation,
        *("id", "text", "start", "end", "sha256", "event", "participation", "office", "link", "succession"),
        "status",
        event=slug(),
    )(many=True)

    class Meta(ArticleSerializer.Meta):
        fields = (*ArticleSerializer.Meta.fields, "mentions", "citations")
