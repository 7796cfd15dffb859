"""`fields=`, `omit=` and `expand=`: what an answer holds, and so what the database is asked for."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from archive.api.errors import BadParameters

PARAMETERS = ("fields", "omit", "expand")


@dataclass(frozen=True)
class Shape:
    """The fields an answer shows, those of them in full, and the statuses of the facts that count."""

    fields: frozenset[str]
    expand: frozenset[str] = frozenset()
    statuses: tuple[str, ...] = ()


def read_shape(
    query: QueryDict,
    *,
    usual: Iterable[str],
    expandable: Iterable[str],
    statuses: Iterable[str],
) -> Shape:
    """The shape a query asks for. `usual` fields are shown unless said otherwise. Raises BadParameters."""
    usual, expandable = list(usual), list(expandable)
    problems: dict[str, str] = {}

    def names(parameter: str, allowed: list[str]) -> set[str] | None:
        if parameter not in query:
            return None
        given = {part.strip() for value in query.getlist(parameter) for part in value.split(",")}
        if unknown := sorted(given - set(allowed)):
            problems[parameter] = _("%(unknown)s cannot be named here. Use: %(allowed)s.") % {
                "unknown": ", ".join(repr(name) for name in unknown),
                "allowed": ", ".join(allowed),
            }
        return given

    every = list(dict.fromkeys([*usual, *expandable]))
    expand = names("expand", expandable) or set()
    shown = names("fields", every)
    omitted = names("omit", every) or set()
    if problems:
        raise BadParameters(problems)
    chosen = (set(usual) if shown is None else shown) | expand
    if not chosen - omitted:
        raise BadParameters({"omit": _("Nothing is left to show.")})
    return Shape(frozenset(chosen - omitted), frozenset(expand - omitted), tuple(statuses))
