"""Which facts count. Rejected ones never do, nor does what rests on them."""

from typing import Final

from django.db.models import Q

from archive.curate.review import RESTS_ON
from archive.models import Citation, Status

# By the values of the parameter `evidence`.
STATUSES: Final = {
    "accepted": [Status.ACCEPTED],
    "all": [Status.ACCEPTED, Status.SUGGESTED],
}

# The columns of a citation that lead to facts, its own and theirs.
CITED: Final = RESTS_ON[Citation]


def counting(statuses: list[str], *rests_on: str) -> Q:
    """Rows whose status is one of `statuses`, as are those of the facts at the columns `rests_on`."""
    return Q(status__in=statuses) & resting(statuses, *rests_on)


def resting(statuses: list[str], *rests_on: str) -> Q:
    """Rows whose facts at the columns `rests_on`, where there are any, have one of `statuses`."""
    found = Q()
    for path in rests_on:
        found &= Q(**{f"{path}__isnull": True}) | Q(**{f"{path}__status__in": statuses})
    return found
