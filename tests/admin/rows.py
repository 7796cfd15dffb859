"""A row of every table, as many as a test wants."""

from itertools import count

from django.contrib.auth import get_user_model

from archive.curate.review import decide
from archive.models import (
    Article,
    ArticleAbstract,
    ArticleAddress,
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
    Purge,
    Source,
    SourceCollection,
    SourceName,
    Succession,
)
from archive.text import sha256_hex

BODY = "التقى فؤاد حسين وزير خارجية روسيا في موسكو"
NUMBERS = count(1)
FACTS = ("event", "participation", "office", "eventlink", "succession", "mention", "citation")


def code(number: int) -> str:
    """Two capital letters."""
    return chr(65 + number // 26 % 26) + chr(65 + number % 26)


def everything(n: int | None = None) -> dict:
    """One row of each table, all about one article; the rows by the names of their tables."""
    n = next(NUMBERS) if n is None else n
    country = Country.objects.create(code=code(n), name=f"روسيا {n}")
    other = Country.objects.create(code=code(n) + "HH", name=f"الاتحاد السوفيتي {n}", existed_until="1991~")
    source = Source.objects.create(slug=f"elaph-{n}", name=f"إيلاف {n}", kind="website", country=country)
    person = Person.objects.create(slug=f"fuad-hussein-{n}", name=f"فؤاد حسين {n}")
    article = Article.objects.create(
        source=source,
        identifier=f"https://a.example/{n}",
        title=f"لقاء {n}",
        language="ar",
        published="2021-08",
    )
    text = ArticleText.from_body(BODY, article=article, obtained="page")
    text.save()
    event = Event.objects.create(slug=f"visit-{n}", title=f"زيارة {n}", type="consult", start="2021-08-25?")
    earlier = Event.objects.create(slug=f"treaty-{n}", title=f"معاهدة {n}", type="support", start="1955-01")
    collection = SourceCollection.objects.create(slug=f"arabic-{n}", name=f"عربية {n}")
    rows = {
        "article": article,
        "articletext": text,
        "articleabstract": ArticleAbstract.objects.create(article=article, language="en", text="A meeting."),
        "articleaddress": ArticleAddress.objects.create(article=article, url=f"https://b.example/{n}"),
        "country": country,
        "countryname": CountryName.objects.create(country=country, text="Russia", language="en"),
        "source": source,
        "sourcename": SourceName.objects.create(source=source, text="Elaph", language="en"),
        "sourcecollection": collection,
        "collectionmember": CollectionMember.objects.create(collection=collection, source=source),
        "person": person,
        "personname": PersonName.objects.create(person=person, text="Fuad Hussein", language="en"),
        "event": event,
        "eventlink": EventLink.objects.create(event=event, other=earlier, kind="follows"),
        "participation": Participation.objects.create(event=event, person=person, role="visitor"),
        "office": Office.objects.create(person=person, title="وزير الخارجية", country=country, start="2020"),
        "succession": Succession.objects.create(predecessor=other, successor=country, kind="continues"),
        "mention": Mention.objects.create(text=text, start=6, end=15, surface=BODY[6:15], person=person),
        "citation": Citation.objects.create(
            text=text, start=0, end=15, sha256=sha256_hex(BODY[0:15]), event=event
        ),
        # Of an article that is gone, and had a number that none will have here.
        "purge": Purge.objects.create(
            article=10**9 + n, reason="أمر من المحكمة", keys=[sha256_hex(f"gone {n}")]
        ),
    }
    user, _ = get_user_model().objects.get_or_create(username="editor")
    # One fact of each kind, so that lists of reviews show them all.
    facts = [rows[name] for name in FACTS]
    (rows["review"], *_) = decide(facts, "accepted", user, "read it")
    return rows
