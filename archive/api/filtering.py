"""How filters are read and applied. `archive.api.filters` says which there are.

A filter set declares one filter a field; each brings its lookups (`published`,
`published__gte`, ...). Several values of one parameter are OR, several parameters are AND.
A condition on related rows is an EXISTS, so no row comes twice; the conditions that share
a `link` hold for one related row.

Filters are django-filter's, with form fields that check the values; but only the parameters
that a request names are looked at, and one that is none is a 400.
"""

import copy
from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import Filter, FilterSet
from django_filters.filterset import FilterSetMetaclass
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request

from archive.api.conditions import Condition, Conditions, Link, Listed
from archive.api.counting import STATUSES
from archive.api.errors import BadParameters
from archive.api.values import (
    MOST_VALUES,
    BooleanValues,
    ChoiceValues,
    EdtfValues,
    InstantValues,
    RecordValues,
    ValuesField,
)
from archive.models.ordering import Bounds
from archive.models.sql import Statement
from archive.search.errors import QueryError


class ApiFilter(Filter):
    """One parameter: what values it takes, and the condition that they make.

    `lookups` are the further parameters that it brings, named `<name>__<lookup>`.
    """

    lookups: ClassVar[dict[str, str | Promise]] = {}

    def __init__(self, field_name: str, values: ValuesField, help: Any, link: Link | None = None) -> None:
        super().__init__(field_name=field_name)
        self.values, self.help, self.link, self.lookup = values, help, link, ""

    def variants(self, name: str) -> dict[str, "ApiFilter"]:
        found = {name: self}
        for lookup in self.lookups:
            variant = copy.copy(self)
            variant.lookup = lookup
            found[f"{name}__{lookup}"] = variant
        return found

    @property
    def field(self) -> ValuesField:
        return self.values

    @property
    def description(self) -> str:
        return f"{self.help}{' ' + self.lookups[self.lookup] if self.lookup else ''}"

    @property
    def schema(self) -> dict:
        """What OpenAPI says of its values."""
        values = {"type": "array", "items": self.values.schema, "minItems": 1, "maxItems": MOST_VALUES}
        return {"schema": values, "explode": self.lookup != "all"}

    def clean(self, given: list[str]) -> list:
        return self.values.clean(given)

    def condition(self, values: list) -> Q:
        return Q(**{f"{self.field_name}__in": values})

    def filter(self, qs: QuerySet, value: Any) -> QuerySet:
        return qs.filter(self.condition(value))


class Matches(ApiFilter):
    """A column is one of the values; `__not`: it is none of them, or is empty."""

    lookups: ClassVar = {"not": gettext_lazy("Rows of which this does not hold, those without any included.")}


class MatchesAll(Matches):
    """Related rows; `__all` asks for every one of the values, separated by commas, on one row of the list."""

    lookups: ClassVar = {
        **Matches.lookups,
        "all": gettext_lazy("Rows that have every one of the values, separated by commas."),
    }

    def clean(self, given: list[str]) -> list:
        if self.lookup == "all":
            given = [part for value in given for part in value.split(",")]
        return super().clean(given)


class Overlaps(Matches):
    """An array column has one of the values."""

    def condition(self, values: list) -> Q:
        return Q(**{f"{self.field_name}__overlap": values})


class Contains(ApiFilter):
    """A folded column contains one of the values."""

    def condition(self, values: list) -> Q:
        found = Q()
        for value in values:
            found |= Q(**{f"{self.field_name}__contains": value})
        return found


class Flag(ApiFilter):
    """A condition that holds or not: `condition_of` is what true means."""

    def __init__(self, condition_of: Q, help: Any) -> None:
        super().__init__("", BooleanValues(), help)
        self.condition_of = condition_of

    def condition(self, values: list) -> Q:
        found = Q()
        for value in values:
            found |= self.condition_of if value else ~self.condition_of
        return found


class Instants(ApiFilter):
    """A time that the archive itself keeps."""

    lookups: ClassVar = {
        "gte": gettext_lazy("At this moment, or from this day (in UTC) on."),
        "lte": gettext_lazy("At this moment or earlier, or up to the end of this day (in UTC)."),
    }

    def __init__(self, field_name: str, help: Any) -> None:
        super().__init__(field_name, InstantValues(), help)

    def variants(self, name: str) -> dict[str, ApiFilter]:
        found = super().variants(name)
        del found[name]
        found[f"{name}__lte"].values = InstantValues(last=True)
        return found

    def condition(self, values: list) -> Q:
        # Several values are OR, here as everywhere: the widest of them holds the others.
        widest = min(values) if self.lookup == "gte" else max(values)
        return Q(**{f"{self.field_name}__{self.lookup}": widest})


class Dates(ApiFilter):
    """An imprecise date, or the span between two, by the bounds `lower` and `upper`."""

    lookups: ClassVar = {
        "gte": gettext_lazy("It may be on this date or later."),
        "lte": gettext_lazy("It may be on this date or earlier."),
        "within": gettext_lazy("It is surely within this date."),
        "known": gettext_lazy("Whether there is a date at all: true or false."),
    }

    def __init__(self, lower: str, upper: str, help: Any, link: Link | None = None) -> None:
        super().__init__(lower, EdtfValues(), help, link)
        self.lower, self.upper = lower, upper

    def variants(self, name: str) -> dict[str, ApiFilter]:
        found = super().variants(name)
        for lookup, values in (("known", BooleanValues()), ("within", EdtfValues(sure=True))):
            if variant := found.get(f"{name}__{lookup}"):
                variant.values = values
        return found

    def condition(self, values: list) -> Q:
        if self.lookup == "known":
            unknown = [(f"{self.lower}__isnull", not value) for value in values]
            return Q(*unknown, _connector=Q.OR)
        first, last = min(value.lower for value in values), max(value.upper for value in values)
        begun, lasts = Q(**{f"{self.lower}__lte": last}), Q(**{f"{self.upper}__gte": first})
        match self.lookup:
            case "gte":
                return lasts
            case "lte":
                return begun
        found = Q()
        for value in values:
            found |= self._one(value)
        # Of one of several days it follows that it is between them: rows beyond need not be looked at.
        return found & begun & lasts if len(values) > 1 else found

    def _one(self, value: Any) -> Q:
        if self.lookup == "within":
            return Q(**{f"{self.lower}__gte": value.lower, f"{self.upper}__lte": value.upper})
        return Q(**{f"{self.lower}__lte": value.upper, f"{self.upper}__gte": value.lower})


class Search(ApiFilter):
    """What a list is searched for.

    `find` takes the rows that all other filters leave, one value, the statuses of the facts that
    count, and the bounds of these rows in the order of the date `by`, if there is one. It returns a
    QuerySet, or what the paginator knows how to read pages of.
    """

    def __init__(
        self,
        values: ValuesField,
        find: Callable[[QuerySet, Any, list[str], Bounds], Any],
        help: Any,
        by: str | None = None,
    ) -> None:
        super().__init__("", values, help)
        self.find, self.by = find, by

    def clean(self, given: list[str]) -> list:
        if len(given) > 1:
            raise ValidationError(_("Give it once."))
        return super().clean(given)

    @property
    def schema(self) -> dict:
        return {"schema": self.values.schema}


class Asked(NamedTuple):
    """A search, and what for."""

    filter: Search
    value: Any


class Evidence(ApiFilter):
    """How sure the facts must be that this request looks at."""

    def __init__(self) -> None:
        super().__init__(
            "status",
            ChoiceValues(STATUSES),
            gettext_lazy(
                "accepted: only facts that an editor accepted count, in filters and in answers."
                " all: suggested ones too."
            ),
        )

    @property
    def schema(self) -> dict:
        return {"schema": self.values.schema}


class ApiFilterSetMetaclass(FilterSetMetaclass):
    """Gives every declared filter its lookups."""

    @classmethod
    def get_declared_filters(cls, bases: tuple, attrs: dict) -> Any:
        declared = super().get_declared_filters(bases, attrs)
        expanded = type(declared)()
        for name, found in declared.items():
            expanded.update({name: found} if found.lookup else found.variants(name))
        return expanded


class BareFilterSet(FilterSet, metaclass=ApiFilterSetMetaclass):
    """The filters of one list, none but its own."""

    def __init__(self, data: QueryDict, queryset: QuerySet) -> None:
        # FilterSet's own __init__ copies every filter, for forms that are not used here.
        self.data, self.queryset = data, queryset
        # By its parameter, what selects the id of a record that was not looked up (`read`).
        self.trusted: dict[str, Statement] = {}
        self.filters = self.base_filters
        self.statuses = statuses(data)

    def apply(self) -> Any:
        """The rows that every parameter asks for, as Listed or as a search returns them.

        Raises BadParameters, naming each that is wrong.
        """
        conditions, search = self.read()
        return self.searched(conditions, search) if search else Listed(self.queryset, conditions)

    def searched(self, conditions: Conditions, search: "Asked") -> Any:
        """What a search returns of the rows for which `conditions` hold."""
        date, rows = search.filter.by, conditions.on(self.queryset)
        bounds = conditions.within(date, self.queryset, self.queryset, looking=True) if date else Bounds()
        return search.filter.find(rows, search.value, self.statuses, bounds)

    def read(self, *, trusting: bool = False) -> "tuple[Conditions, Asked | None]":
        """What every parameter asks. Raises BadParameters, naming each that is wrong.

        `trusting`, a record that is the only one to be named is not looked up, where its key alone tells
        whether it counts: what selects its id stands for it. Where there is none, nothing is found.
        """
        self.trusted = self._named_alone() if trusting else {}
        problems: dict[str, str] = {}
        details: dict[str, dict] = {}
        conditions: list[Condition] = []
        linked: dict[Link, Condition] = {}
        search: Asked | None = None
        for name in self.data:
            found = self.filters.get(name)
            if found is None or isinstance(found, Evidence):
                continue
            try:
                trusted = self.trusted.get(name)
                values = [trusted] if trusted else found.clean(self.data.getlist(name))
            except ValidationError as error:
                problems[name] = " ".join(error.messages)
                if isinstance(error, QueryError):
                    details[name] = {
                        "code": error.code,
                        "position": error.position,
                        "length": error.length,
                    }
                continue
            names = frozenset({name.removesuffix(f"__{found.lookup}")})
            if isinstance(found, Search):
                if search:
                    problems[name] = _("A list is searched in one way at a time.")
                search = Asked(found, values[0])
            elif found.lookup == "all":
                conditions += [Condition(names, found.condition([value]), found.link) for value in values]
            elif found.link is None or found.lookup == "not":
                holds = found.condition(values)
                conditions.append(Condition(names, holds, found.link, negated=found.lookup == "not"))
            else:
                # One related row for all that is asked about it.
                before = linked.get(found.link, Condition(frozenset(), Q()))
                holds = before.holds & found.condition(values)
                linked[found.link] = Condition(before.names | names, holds, found.link)
        if problems and self.trusted:
            return self.read()
        if problems:
            raise BadParameters(problems, details)
        return Conditions((*conditions, *linked.values()), self.statuses), search

    def _named_alone(self) -> dict[str, Statement]:
        """By its parameter, what selects the record that is named, where only one is."""
        fields = {name: getattr(self.filters.get(name), "values", None) for name in self.data}
        naming = [(name, field) for name, field in fields.items() if isinstance(field, RecordValues)]
        if len(naming) != 1:
            return {}
        [(name, field)], given = naming, self.data.getlist(naming[0][0])
        if self.filters[name].lookup or len(given) != 1 or not given[0].strip():
            return {}
        selecting = field.selecting(given[0])
        return {name: selecting} if selecting else {}


class ApiFilterSet(BareFilterSet):
    """The filters of a list of records: its own, and what all of these have."""

    evidence = Evidence()
    added = Instants("added", gettext_lazy("When the archive got to know it."))
    modified = Instants("modified", gettext_lazy("When it last changed."))


def statuses(query: QueryDict) -> list[str]:
    """Which facts a request looks at, by its parameter `evidence`. Raises BadParameters."""
    if "evidence" not in query:
        return STATUSES["all"]
    values = query.getlist("evidence")
    if len(values) == 1 and values[0] in STATUSES:
        return STATUSES[values[0]]
    raise BadParameters({"evidence": _("Use one of: %(choices)s.") % {"choices": ", ".join(STATUSES)}})


class FilterBackend(BaseFilterBackend):
    """DRF's hook: applies the view's filter set, and describes it to the schema."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: Any) -> QuerySet:
        filterset = getattr(view, "filterset_class", None)
        return filterset(request.query_params, queryset).apply() if filterset else queryset

    def get_schema_operation_parameters(self, view: Any) -> list[dict]:
        filterset = getattr(view, "filterset_class", None)
        return [
            {
                "name": name,
                "in": "query",
                "required": False,
                "description": found.description,
                **found.schema,
            }
            for name, found in (filterset.base_filters.items() if filterset else ())
        ]
