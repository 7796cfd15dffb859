"""What the fields of a query restrict: who, where, what, when, and in which language."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.models import (
    ArticleSubject,
    Country,
    CountryName,
    Event,
    Person,
    PersonName,
    Source,
    SourceName,
    Status,
)
from archive.models.articlesubject import counts, looked_up
from archive.models.sql import UNSTORABLE
from archive.search.codes import coded
from archive.search.errors import QueryError, no_language, shorten
from archive.search.names import Asked, UnfitText, search
from archive.search.nodes import Field
from archive.text import EdtfError, bare_nisba, fold, is_language_tag, parse_days

# The condition on an article, given the statuses of the facts that count.
Condition = Callable[[list[str]], Q]


def conditions(fields: Iterable[Field]) -> dict[Field, Condition]:
    """What each field asks of an article.

    Records are looked up all at once, in at most seven statements. Raises QueryError for the first
    field, in the order of the query, whose value is none.
    """
    asked: dict[str, list[Field]] = defaultdict(list)
    for field in fields:
        asked[field.name].append(field)
    found: dict[Field, Condition] = {}
    problems: list[QueryError] = []
    for name, of_name in asked.items():
        records = _RECORDS[name].find(of_name) if name in _RECORDS else {}
        for field in of_name:
            try:
                if name not in _RECORDS:
                    found[field] = _VALUES[name](field)
                elif keys := records.get(field):
                    found[field] = partial(_RECORDS[name].condition, keys)
                else:
                    raise _error(field, _RECORDS[name].missing_message(field.value))
            except QueryError as error:
                problems.append(error)
    if problems:
        raise min(problems, key=lambda error: error.position)
    return found


Keys = frozenset[int]


def _of_source(keys: Keys, statuses: list[str]) -> Q:
    return Q(source__in=keys)


def _of_mentions(column: str, keys: Keys, statuses: list[str]) -> Q:
    rows = ArticleSubject.objects.filter(article=OuterRef("pk"), **{f"{column}__in": keys})
    return Q(Exists(rows.filter(counts(statuses), looked_up(column))))


def _of_citations(keys: Keys, statuses: list[str]) -> Q:
    rows = ArticleSubject.objects.filter(article=OuterRef("pk"), event__in=keys, event__status__in=statuses)
    return Q(Exists(rows.filter(counts(statuses), looked_up("event"))))


@dataclass(frozen=True)
class _Records:
    """The records that the values of a field name.

    A value is the record's `key`, else one of its names, folded: in its own column `title`, or in
    the table `names`, where `owner` leads to it; or else `form` of that name is one there. `condition`
    takes ids and statuses. `missing` tells of a value that names nothing.
    """

    model: type[models.Model]
    key: str
    title: str
    condition: Callable[[Keys, list[str]], Q]
    missing: str
    names: type[models.Model] | None = None
    owner: str = ""
    only_quoted: bool = False
    form: Callable[[str], str | None] = lambda name: None

    def find(self, fields: list[Field]) -> dict[Field, Keys]:
        """The ids for each field that names something."""
        names = {
            field: name
            for field in fields
            if (field.quoted or not self.only_quoted) and (name := fold(field.value))
        }
        rows = self.model.objects.filter(
            Q(**{f"{self.key}__in": [field.value for field in fields if _KEY.fullmatch(field.value)]})
            | Q(**{f"{self.title}__in": list(names.values())})
        )
        if issubclass(self.model, Event):
            rows = rows.exclude(status=Status.REJECTED)
        by_key: dict[str, set[int]] = defaultdict(set)
        by_name: dict[str, set[int]] = defaultdict(set)
        for pk, key, title in rows.values_list("pk", self.key, self.title):
            by_key[key].add(pk)
            by_name[title].add(pk)
        if self.names and names:
            forms = {*names.values(), *filter(None, map(self.form, names.values()))}
            named = self.names.objects.filter(text_folded__in=forms)
            for name, pk in named.values_list("text_folded", f"{self.owner}_id"):
                by_name[name].add(pk)
        found = {}
        for field in fields:
            name = names.get(field, "")
            found[field] = by_key.get(field.value) or by_name.get(name) or by_name.get(self.form(name) or "")
        return {field: frozenset(keys) for field, keys in found.items() if keys}

    def missing_message(self, value: str) -> str:
        """That `value` names nothing, and what comes near it."""
        message = self.missing % {"value": shorten(value)}
        if self.names and UNSTORABLE.search(value) is None:
            with suppress(UnfitText):
                rows, keyed = self.model.objects.all(), coded(self.model, [self.key], value)
                near = search(rows, Asked(value), keyed).order_by("score", "pk")
                if keys := list(near.values_list(self.key, flat=True)[:3]):
                    message += " " + _("Near it: %(keys)s.") % {"keys": ", ".join(keys)}
        return message


_KEY: Final = re.compile("[a-zA-Z0-9_-]+")

_RECORDS: Final = {
    "source": _Records(
        Source,
        "slug",
        "name_folded",
        _of_source,
        gettext_lazy("There is no source %(value)s: give its slug or one of its names."),
        SourceName,
        "source",
    ),
    "person": _Records(
        Person,
        "slug",
        "name_folded",
        partial(_of_mentions, "person"),
        gettext_lazy("There is no person %(value)s: give the slug or a name, several words in quotes."),
        PersonName,
        "person",
    ),
    "country": _Records(
        Country,
        "code",
        "name_folded",
        partial(_of_mentions, "country"),
        gettext_lazy("There is no country %(value)s: give its code, as in IQ, or one of its names."),
        CountryName,
        "country",
        form=bare_nisba,
    ),
    "event": _Records(
        Event,
        "slug",
        "title_folded",
        _of_citations,
        gettext_lazy("There is no event %(value)s: give its slug, or its title in quotes."),
        only_quoted=True,
    ),
}


def _language(field: Field) -> Condition:
    tag = field.value
    if not is_language_tag(tag):
        raise _error(field, no_language(tag))
    return lambda statuses: Q(language=tag) | Q(language__startswith=f"{tag}-")


def _published(field: Field) -> Condition:
    """A date, or from a date to another, either of them open: what overlaps it."""
    first, dots, last = field.value.partition("..")
    if not dots:
        last = first
    try:
        begins, ends = parse_days(first) if first else None, parse_days(last) if last else None
    except EdtfError as error:
        raise _error(field, _(error.message) % error.params) from None
    if not (begins or ends):
        raise _error(field, _("Give a date before the dots, or after them: 2021-08..2021-09."))
    if begins and ends and begins.lower > ends.upper:
        raise _error(field, _("These dates are the wrong way round: the first one is the later."))
    condition = Q()
    if ends:
        condition &= Q(published_lower__lte=ends.upper)
    if begins:
        condition &= Q(published_upper__gte=begins.lower)
    return lambda statuses: condition


_VALUES: Final = {"lang": _language, "published": _published}

# In the order in which messages name them.
FIELDS: Final = ("title", *_RECORDS, *_VALUES)


def _error(field: Field, message: str) -> QueryError:
    return QueryError(message, field.name, field.value_start, field.end - field.value_start)
