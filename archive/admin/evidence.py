"""What an article's page shows of the facts that rest on it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models.functions import Substr
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from archive.admin.citation import REPORTED, reported
from archive.admin.rows import offered
from archive.curate.evidence import READ_TEXT
from archive.models import ArticleText, Citation, Mention

# More rows than anyone reads on one page; the rest are a click away.
MOST = 200


@dataclass
class Subject:
    """One person, country, source or fact, and the places in the article that speak of it."""

    of: Any
    url_name: str
    places: list[Any] = field(default_factory=list)


@dataclass
class Group:
    """The subjects of one kind."""

    title: str | Promise
    subjects: list[Subject]


@dataclass
class Evidence:
    """What an article says, by what it speaks of."""

    groups: list[Group]
    texts: list[ArticleText]
    more_mentions: bool
    more_citations: bool
    most: int = MOST


def evidence_of(article_id: Any, user: AbstractBaseUser) -> Evidence:
    """The evidence in one article, in three queries, in the order of the text.

    At most MOST mentions and as many citations; `more_mentions` and `more_citations` say whether there
    are more. The words of citations are there for users who may read texts.
    """
    mentions = list(
        offered(Mention, user)
        .filter(article=article_id)
        .select_related("person", "country", "source")
        .order_by("start", "id")[: MOST + 1]
    )
    citations = offered(Citation, user).filter(article=article_id)
    citations = citations.select_related(*REPORTED, "participation__event")
    if user.has_perm(READ_TEXT):
        length = models.F("end") - models.F("start")
        citations = citations.annotate(words=Substr("text__body", models.F("start") + 1, length))
    cited = list(citations.order_by("start", "id")[: MOST + 1])
    titles = {
        "person": _("Persons"),
        "country": _("Countries"),
        "source": _("Sources"),
        "": _("Nobody chosen yet"),
    }
    kinds = {kind: [m for m in mentions[:MOST] if _kind(m) == kind] for kind in titles}
    groups = [
        Group(titles[kind], _subjects((getattr(m, kind) if kind else m.proposed_name, m) for m in rows))
        for kind, rows in kinds.items()
        if rows
    ]
    if cited:
        groups.append(Group(_("Events and other facts"), _subjects((reported(c), c) for c in cited[:MOST])))
    texts = list(offered(ArticleText, user).filter(article=article_id).order_by("id"))
    return Evidence(groups, texts, len(mentions) > MOST, len(cited) > MOST)


def _kind(mention: Mention) -> str:
    return next((k for k in ("person", "country", "source") if getattr(mention, f"{k}_id")), "")


def _subjects(pairs: Iterable[tuple[Any, Any]]) -> list[Subject]:
    found: dict[Any, Subject] = {}
    for of, place in pairs:
        if of not in found:
            known = isinstance(of, models.Model)
            found[of] = Subject(of, f"admin:archive_{of._meta.model_name}_change" if known else "")
        found[of].places.append(place)
    return list(found.values())
