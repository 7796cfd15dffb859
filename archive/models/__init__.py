"""The tables. One file a noun; what they share is in base, fields, constraints, ordering, triggers."""

from archive.models.allowance import Allowance, Rate
from archive.models.article import (
    Article,
    ArticleAbstract,
    ArticleAddress,
    ArticleText,
    Obtained,
    TitleOrigin,
)
from archive.models.articleindex import ArticleIndex
from archive.models.articlesubject import ArticleSubject
from archive.models.base import Fact, Record, Status
from archive.models.citation import Citation
from archive.models.country import Country, CountryKind, CountryName
from archive.models.deletion import Deletion
from archive.models.event import Event, Occurrence
from archive.models.eventlink import EventLink, LinkKind
from archive.models.keptanswer import KeptAnswer
from archive.models.mention import How, Mention
from archive.models.name import NameKind
from archive.models.office import Office
from archive.models.participation import Participation, Role
from archive.models.person import Person, PersonName
from archive.models.plover import EventContext, EventMode, EventType
from archive.models.purge import Purge
from archive.models.readyarticle import ReadyArticle, StaleArticle
from archive.models.review import Review
from archive.models.source import CollectionMember, Source, SourceCollection, SourceKind, SourceName
from archive.models.succession import Succession, SuccessionKind
from archive.models.termfrequency import TermFrequency
from archive.models.token import Token

# Tables that are no part of what is archived: they follow from the others, from requests, or say who comes in
# and how often. Without history, factories or fixtures.
DERIVED = (
    Allowance,
    ArticleIndex,
    ArticleSubject,
    Deletion,
    KeptAnswer,
    ReadyArticle,
    StaleArticle,
    TermFrequency,
    Token,
)

__all__ = [
    "DERIVED",
    "Allowance",
    "Article",
    "ArticleAbstract",
    "ArticleAddress",
    "ArticleIndex",
    "ArticleSubject",
    "ArticleText",
    "Citation",
    "CollectionMember",
    "Country",
    "CountryKind",
    "CountryName",
    "Deletion",
    "Event",
    "EventContext",
    "EventLink",
    "EventMode",
    "EventType",
    "Fact",
    "How",
    "KeptAnswer",
    "LinkKind",
    "Mention",
    "NameKind",
    "Obtained",
    "Occurrence",
    "Office",
    "Participation",
    "Person",
    "PersonName",
    "Purge",
    "Rate",
    "ReadyArticle",
    "Record",
    "Review",
    "Role",
    "Source",
    "SourceCollection",
    "SourceKind",
    "SourceName",
    "StaleArticle",
    "Status",
    "Succession",
    "SuccessionKind",
    "TermFrequency",
    "TitleOrigin",
    "Token",
]
