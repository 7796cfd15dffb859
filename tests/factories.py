"""Made-up rows. What is real comes from the fixtures."""

import factory
from django.contrib.auth import get_user_model
from factory.django import DjangoModelFactory

from archive import models
from archive.text import sha256_hex


class UserFactory(DjangoModelFactory):
    class Meta:
        model = get_user_model()

    username = factory.Sequence("user-{}".format)


class CountryFactory(DjangoModelFactory):
    """Codes of four letters, which no state of today has: they never meet a fixture's."""

    class Meta:
        model = models.Country

    code = factory.Sequence(lambda n: "Z" + "".join(chr(65 + n // 26**power % 26) for power in (2, 1, 0)))
    name = factory.Sequence("دولة {}".format)
    kind = models.CountryKind.STATE


class CountryNameFactory(DjangoModelFactory):
    class Meta:
        model = models.CountryName

    country = factory.SubFactory(CountryFactory)
    text = factory.Sequence("اسم دولة {}".format)
    language = "ar"


class SuccessionFactory(DjangoModelFactory):
    class Meta:
        model = models.Succession

    predecessor = factory.SubFactory(CountryFactory)
    successor = factory.SubFactory(CountryFactory)
    kind = models.SuccessionKind.SUCCEEDS


class SourceFactory(DjangoModelFactory):
    class Meta:
        model = models.Source

    slug = factory.Sequence("source-{}".format)
    name = factory.Sequence("صحيفة {}".format)
    kind = models.SourceKind.NEWSPAPER
    languages = factory.LazyFunction(lambda: ["ar"])


class SourceNameFactory(DjangoModelFactory):
    class Meta:
        model = models.SourceName

    source = factory.SubFactory(SourceFactory)
    text = factory.Sequence("اسم صحيفة {}".format)
    language = "ar"


class SourceCollectionFactory(DjangoModelFactory):
    class Meta:
        model = models.SourceCollection

    slug = factory.Sequence("collection-{}".format)
    name = factory.Sequence("مجموعة {}".format)


class CollectionMemberFactory(DjangoModelFactory):
    class Meta:
        model = models.CollectionMember

    collection = factory.SubFactory(SourceCollectionFactory)
    source = factory.SubFactory(SourceFactory)


class ArticleFactory(DjangoModelFactory):
    class Meta:
        model = models.Article

    source = factory.SubFactory(SourceFactory)
    identifier = factory.Sequence("https://news.example/{}".format)
    title = factory.Sequence("عنوان {}".format)
    language = "ar"
    published = "2021-08-23"


class ArticleAbstractFactory(DjangoModelFactory):
    class Meta:
        model = models.ArticleAbstract

    article = factory.SubFactory(ArticleFactory)
    language = "ar"
    text = "ملخص بكلماتنا"


class ArticleAddressFactory(DjangoModelFactory):
    class Meta:
        model = models.ArticleAddress

    article = factory.SubFactory(ArticleFactory)
    url = factory.Sequence("https://news.example/address/{}".format)


class ArticleTextFactory(DjangoModelFactory):
    """A version without its body; give `body` for one with it."""

    class Meta:
        model = models.ArticleText

    class Params:
        content = factory.LazyAttributeSequence(lambda o, n: o.body or f"نص رقم {n} وفيه العراق. " * 5)

    article = factory.SubFactory(ArticleFactory)
    body = None
    sha256 = factory.LazyAttribute(lambda o: sha256_hex(o.content))
    length = factory.LazyAttribute(lambda o: len(o.content))
    obtained = models.Obtained.FILE


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = models.Person

    slug = factory.Sequence("person-{}".format)
    name = factory.Sequence("شخص {}".format)


class PersonNameFactory(DjangoModelFactory):
    class Meta:
        model = models.PersonName

    person = factory.SubFactory(PersonFactory)
    text = factory.Sequence("اسم شخص {}".format)
    language = "ar"


class OfficeFactory(DjangoModelFactory):
    class Meta:
        model = models.Office

    person = factory.SubFactory(PersonFactory)
    title = factory.Sequence("وزير {}".format)
    country = factory.SubFactory(CountryFactory)
    status = models.Status.ACCEPTED


class EventFactory(DjangoModelFactory):
    class Meta:
        model = models.Event

    slug = factory.Sequence("event-{}".format)
    title = factory.Sequence("حدث {}".format)
    type = models.EventType.CONSULT
    start = "2021-08"
    status = models.Status.ACCEPTED


class ParticipationFactory(DjangoModelFactory):
    """A country's part, unless a person is given."""

    class Meta:
        model = models.Participation

    event = factory.SubFactory(EventFactory)
    person = None
    country = factory.Maybe("person", None, factory.SubFactory(CountryFactory))
    role = models.Role.ACTOR
    status = models.Status.ACCEPTED


class EventLinkFactory(DjangoModelFactory):
    class Meta:
        model = models.EventLink

    event = factory.SubFactory(EventFactory)
    other = factory.SubFactory(EventFactory)
    kind = models.LinkKind.FOLLOWS
    status = models.Status.ACCEPTED


class MentionFactory(DjangoModelFactory):
    """Names a country, unless a person, a source or a proposed name is given."""

    class Meta:
        model = models.Mention

    class Params:
        elsewhere = factory.LazyAttribute(lambda o: bool(o.person or o.source or o.proposed_name))

    text = factory.SubFactory(ArticleTextFactory)
    start = 0
    surface = "العراق"
    end = factory.LazyAttribute(lambda o: o.start + len(o.surface))
    person = None
    source = None
    proposed_name = ""
    country = factory.Maybe("elsewhere", None, factory.SubFactory(CountryFactory))
    status = models.Status.ACCEPTED

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        # The database fills the copies of the article's date.
        mention = super()._create(model_class, *args, **kwargs)
        mention.refresh_from_db()
        return mention


class CitationFactory(DjangoModelFactory):
    """Reports an event, unless another fact is given."""

    class Meta:
        model = models.Citation

    class Params:
        elsewhere = factory.LazyAttribute(
            lambda o: bool(o.participation or o.office or o.link or o.succession)
        )

    text = factory.SubFactory(ArticleTextFactory)
    start = 0
    end = 20
    sha256 = sha256_hex("made up")
    participation = None
    office = None
    link = None
    succession = None
    event = factory.Maybe("elsewhere", None, factory.SubFactory(EventFactory))
    status = models.Status.ACCEPTED

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        citation = super()._create(model_class, *args, **kwargs)
        citation.refresh_from_db()
        return citation


class ReviewFactory(DjangoModelFactory):
    """Decides a mention, unless another fact is given."""

    class Meta:
        model = models.Review

    class Params:
        elsewhere = factory.LazyAttribute(
            lambda o: bool(o.citation or o.event or o.participation or o.office or o.link or o.succession)
        )

    decision = models.Status.ACCEPTED
    editor = factory.SubFactory(UserFactory)
    citation = None
    event = None
    participation = None
    office = None
    link = None
    succession = None
    mention = factory.Maybe("elsewhere", None, factory.SubFactory(MentionFactory))


class PurgeFactory(DjangoModelFactory):
    class Meta:
        model = models.Purge

    article = factory.Sequence(lambda n: 1_000_000 + n)
    reason = "أمر من المحكمة"
    keys = factory.LazyAttribute(lambda purge: [sha256_hex(str(purge.article))])
