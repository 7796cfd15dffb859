"""`fields=`, `omit=` and `expand=`: what an answer holds, and so what the database is asked for."""

from dataclasses import dataclass
from functools import lru_cache

from django.http import QueryDict
from django.utils.translation import gettext as _

from archive.api.errors import BadParameters

PARAMETERS = ("fields", "omit", "expand")
# Shapes that are kept, once read and worked out. `fields=` has more combinations than anybody uses.
KEPT = 256


@dataclass(frozen=True)
class Shape:
    """The fields an answer shows, those of them in full, and the statuses of the facts that count."""

    fields: frozenset[str]
    expand: frozenset[str] = frozenset()
    statuses: tuple[str, ...] = ()


# For each of PARAMETERS, its values.
Asked = tuple[tuple[str, ...], ...]


def asked_of(query: QueryDict) -> Asked:
    """What a query says of PARAMETERS."""
    return tuple([tuple(query.getlist(name)) if name in query else () for name in PARAMETERS])


# What is asked for again is read once.
@lru_cache(KEPT)
def read_shape(
    asked: Asked, *, usual: tuple[str, ...], expandable: tuple[str, ...], statuses: tuple[str, ...]
) -> Shape:
    """The shape that is asked for. `usual` fields are shown unless said otherwise. Raises BadParameters."""
    values_of = dict(zip(PARAMETERS, asked, strict=True))
    problems: dict[str, str] = {}

    def names(parameter: str, allowed: tuple[str, ...]) -> set[str] | None:
        if not (values := values_of[parameter]):
            return None
        given = {part.strip() for value in values for part in value.split(",")}
        if unknown := sorted(given - set(allowed)):
            problems[parameter] = _("%(unknown)s cannot be named here. Use: %(allowed)s.") % {
                "unknown": ", ".join(repr(name) for name in unknown),
                "allowed": ", ".join(allowed),
            }
        return given

    every = tuple(dict.fromkeys([*usual, *expandable]))
    expand = names("expand", expandable) or set()
    shown = names("fields", every)
    omitted = names("omit", every) or set()
    if problems:
        raise BadParameters(problems)
    chosen = (set(usual) if shown is None else shown) | expand
    if not chosen - omitted:
        raise BadParameters({"omit": _("Nothing is left to show.")})
    return Shape(frozenset(chosen - omitted), frozenset(expand - omitted), statuses)
