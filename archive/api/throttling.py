"""How often somebody may ask: reads, searches and writes a user or address, wrong tokens an address.

What is left of a rate stands in a table of its own, where all workers see it. Django's cache in the database
would do, but not as well: DRF's throttle reads a list from it and writes it back, in several statements,
between which another worker counts as well (bench/throttle.py).
"""

from typing import Any

from django.http import HttpRequest
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from archive.api.errors import TooManyRequests
from archive.curate.addresses import client_address, network
from archive.curate.rates import take, take_login

# Actions of views that count many articles for one answer.
COUNTING = ("facets", "timeline", "related")


def kind(request: Request, view: Any) -> str:
    """Which rate a request counts towards: that of what it costs."""
    if request.method not in SAFE_METHODS:
        return "writes"
    searches = {*getattr(view, "searches", ()), "format"} & request.query_params.keys()
    return "searches" if searches or getattr(view, "action", None) in COUNTING else "reads"


def take_failure(request: HttpRequest) -> None:
    """Count a wrong token towards its address's attempts. Raises TooManyRequests where none is left.

    A right one is always let in: others at the address, and no guess ever comes near 256 random bits.
    """
    if wait := take_login(network(client_address(request))):
        raise TooManyRequests(wait)


class RateThrottle(BaseThrottle):
    """Each user apart, wherever from; who is nobody by the address."""

    def allow_request(self, request: Request, view: Any) -> bool:
        user = request.user
        if user and user.is_authenticated:
            who = f"user {user.pk}"
        else:
            who = f"address {network(client_address(request))}"
        if wait := take(kind(request, view), who):
            raise TooManyRequests(wait)
        return True
