"""The tables. One file a noun; what they share is in base, fields, constraints, ordering, triggers."""

import pgtrigger
from django.apps import apps

from archive.models import readying
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
from archive.models.readyrecord import ReadyRecord, StaleRecord
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
    ReadyRecord,
    StaleRecord,
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
    "ReadyRecord",
    "Record",
    "Review",
    "Role",
    "Source",
    "SourceCollection",
    "SourceKind",
    "SourceName",
    "StaleRecord",
    "Status",
    "Succession",
    "SuccessionKind",
    "TermFrequency",
    "TitleOrigin",
    "Token",
]

# What articles, persons and others show of each other runs through all tables: these triggers are said in one
# place, not table by table.
for _table, _triggers in readying.TRIGGERS.items():
    pgtrigger.register(*_triggers)(apps.get_model("archive", _table, require_ready=False))
