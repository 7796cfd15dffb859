"""What each resource looks like. One file a noun; `base` has what they share."""

from archive.api.serializers.article import ArticleSerializer, BodySerializer
from archive.api.serializers.country import CountrySerializer
from archive.api.serializers.event import EventSerializer
from archive.api.serializers.evidence import CitationSerializer, MentionSerializer
from archive.api.serializers.person import PersonSerializer
from archive.api.serializers.source import SourceSerializer

__all__ = [
    "ArticleSerializer",
    "BodySerializer",
    "CitationSerializer",
    "CountrySerializer",
    "EventSerializer",
    "MentionSerializer",
    "PersonSerializer",
    "SourceSerializer",
]
