"""Every way in which what records show can change, by what changes; each is given a source of choices."""

from random import Random

from archive.models import (
    Article,
    ArticleAbstract,
    ArticleAddress,
    ArticleSubject,
    ArticleText,
    Citation,
    CollectionMember,
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
    SourceCollection,
    SourceName,
    Status,
    Succession,
)
from tests import factories as make


def some(model, random: Random):
    return random.choice(list(model.objects.order_by("pk")))


def shown_event(random: Random) -> Event:
    """One that an article shows, of all events few; any, where other changes have left none of these."""
    named = ArticleSubject.objects.exclude(event__status=Status.REJECTED).values("event")
    return random.choice(list(Event.objects.filter(pk__in=named).order_by("pk")) or list(Event.objects.all()))


def new_text(random: Random) -> ArticleText:
    return make.ArticleTextFactory(article=some(Article, random), length=900)


CHANGES = {
    "an article's byline": lambda r: Article.objects.filter(pk=some(Article, r).pk).update(byline="كاتب آخر"),
    "an article's title": lambda r: saved(some(Article, r), title=f"عنوان {r.random()}"),
    "an article's date": lambda r: saved(some(Article, r), published="1999-05"),
    "an article's source": lambda r: saved(some(Article, r), source=some(Source, r)),
    "a new article": lambda r: make.ArticleFactory(),
    "a deleted article": lambda r: deleted_article(some(Article, r)),
    "an abstract": lambda r: make.ArticleAbstractFactory(article=make.ArticleFactory()),
    "all abstracts": lambda r: ArticleAbstract.objects.update(text=f"ملخص {r.random()}"),
    "no abstracts": lambda r: ArticleAbstract.objects.all().delete(),
    "an address": lambda r: make.ArticleAddressFactory(article=some(Article, r)),
    "an address moved": lambda r: ArticleAddress.objects.filter(pk=some(ArticleAddress, r).pk).update(
        article=some(Article, r)
    ),
    "a text": new_text,
    "a text moved": lambda r: ArticleText.objects.filter(pk=new_text(r).pk).update(article=some(Article, r)),
    "a text without body": lambda r: ArticleText.objects.update(body=None),
    "a person named": lambda r: make.MentionFactory(text=new_text(r), start=1, person=some(Person, r)),
    "a country named": lambda r: make.MentionFactory(text=new_text(r), start=1, country=some(Country, r)),
    "an event reported": lambda r: make.CitationFactory(text=new_text(r), start=1, event=some(Event, r)),
    "a mention rejected": lambda r: Mention.objects.filter(pk=some(Mention, r).pk).update(
        status=Status.REJECTED
    ),
    "a mention of another": lambda r: Mention.objects.filter(person__isnull=False).update(
        person=some(Person, r)
    ),
    "a mention deleted": lambda r: some(Mention, r).delete(),
    "a citation rejected": lambda r: Citation.objects.filter(pk=some(Citation, r).pk).update(
        status=Status.REJECTED
    ),
    "a citation of another": lambda r: Citation.objects.filter(event__isnull=False).update(
        event=some(Event, r)
    ),
    "a source's name": lambda r: saved(some(Source, r), name=f"الصحيفة {r.random()}"),
    "a source's slug": lambda r: saved(some(Source, r), slug=f"paper-{r.randrange(10**9)}"),
    "a person's name": lambda r: saved(some(Person, r), name=f"اسم {r.random()}"),
    "a person's slug": lambda r: saved(some(Person, r), slug=f"person-{r.randrange(10**9)}"),
    "a country's name": lambda r: saved(some(Country, r), name=f"دولة {r.random()}"),
    "an event's title": lambda r: saved(shown_event(r), title=f"حدث {r.random()}"),
    "an event's slug": lambda r: saved(shown_event(r), slug=f"event-{r.randrange(10**9)}"),
    "an event's start": lambda r: saved(shown_event(r), start="1931-02", end=None),
    "an event rejected": lambda r: Event.objects.filter(pk=shown_event(r).pk).update(status=Status.REJECTED),
    "all events accepted": lambda r: Event.objects.update(status=Status.ACCEPTED),
    # What articles show of these only where they are expanded.
    "a source's city": lambda r: Source.objects.filter(pk=some(Source, r).pk).update(city=f"{r.random()}"),
    "a source's country": lambda r: saved(some(Source, r), country=some(Country, r)),
    "a new source": lambda r: make.SourceFactory(),
    "a name of a source": lambda r: make.SourceNameFactory(source=some(Source, r)),
    "no names of sources": lambda r: SourceName.objects.all().delete(),
    "a source collected": lambda r: make.CollectionMemberFactory(source=some(Source, r)),
    "a source not collected": lambda r: some(CollectionMember, r).delete(),
    "a collection's slug": lambda r: saved(some(SourceCollection, r), slug=f"set-{r.randrange(10**9)}"),
    "a collection's name": lambda r: saved(
        make.CollectionMemberFactory(source=some(CollectionMember, r).source).collection, name="\u0621"
    ),
    "a person's description": lambda r: Person.objects.update(description=f"وصف {r.random()}"),
    "a name of a person": lambda r: make.PersonNameFactory(person=some(Person, r)),
    "a name moved": lambda r: PersonName.objects.filter(pk=some(PersonName, r).pk).update(
        person=some(Person, r)
    ),
    "an office": lambda r: make.OfficeFactory(person=some(Person, r)),
    "an office rejected": lambda r: Office.objects.update(status=Status.REJECTED),
    "a new person": lambda r: make.PersonFactory(),
    "a country's note": lambda r: Country.objects.update(note=f"ملاحظة {r.random()}"),
    "a country's code": lambda r: saved(some(Country, r), code=f"XX{chr(65 + r.randrange(26))}Q"),
    "a name of a country": lambda r: make.CountryNameFactory(country=some(Country, r)),
    "a country's name changed": lambda r: saved(some(CountryName, r), text=f"اسم {r.random()}"),
    "a succession": lambda r: make.SuccessionFactory(
        predecessor=some(Country, r), successor=make.CountryFactory()
    ),
    "a succession rejected": lambda r: Succession.objects.filter(pk=some(Succession, r).pk).update(
        status=Status.REJECTED
    ),
    "a succession deleted": lambda r: Succession.objects.filter(pk=some(Succession, r).pk).delete(),
    "an event's place": lambda r: Event.objects.update(place=f"{r.random()}"),
    "an event's country": lambda r: saved(some(Event, r), country=some(Country, r)),
    "the event of a cited part rejected": lambda r: Event.objects.filter(
        participations__citations__isnull=False
    ).update(status=Status.REJECTED),
    "an event of a cited link rejected": lambda r: Event.objects.filter(
        links__citations__isnull=False
    ).update(status=Status.REJECTED),
    "the other event of a cited link rejected": lambda r: Event.objects.filter(
        pk__in=EventLink.objects.filter(citations__isnull=False).values("other")
    ).update(status=Status.REJECTED),
    "a cited part of another event": lambda r: Participation.objects.filter(citations__isnull=False).update(
        event=make.EventFactory(status=Status.REJECTED)
    ),
    "a part in an event": lambda r: make.ParticipationFactory(event=some(Event, r), person=some(Person, r)),
    "a part rejected": lambda r: Participation.objects.update(status=Status.REJECTED),
    "a part deleted": lambda r: Participation.objects.filter(pk=some(Participation, r).pk).delete(),
    "a link between events": lambda r: make.EventLinkFactory(event=some(Event, r), other=some(Event, r)),
    "a link rejected": lambda r: EventLink.objects.update(status=Status.REJECTED),
    "a link deleted": lambda r: EventLink.objects.filter(pk=some(EventLink, r).pk).delete(),
}


def saved(row, **values) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def deleted_article(article: Article) -> None:
    Mention.objects.filter(article=article).delete()
    Citation.objects.filter(article=article).delete()
    article.delete()
