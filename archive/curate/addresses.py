"""Where a request comes from: what throttles and locks go by."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The address of the client; None where it has none, as behind a socket in the file system.

    That is the other end of the connection. Behind `settings.PROXIES` proxies it is what the outermost of
    them saw, the so manieth of X-Forwarded-For from its right end: each adds one, and what stands further
    left anybody may have written. What did not come through all of them says nothing that is believed.
    """
    there = request.META.get("REMOTE_ADDR", "")
    if settings.PROXIES:
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(hops) >= settings.PROXIES:
            there = _valid(hops[-settings.PROXIES]) or there
    return _valid(there)


@lru_cache(4096)
def network(address: str | None) -> str:
    """What is throttled as one: an address, or of IPv6 the 64 bits that a single client is given whole."""
    if address is None:
        return "-"
    found = ip_address(address)
    return str(IPv6Address(int(found) >> 64 << 64)) if isinstance(found, IPv6Address) else address


@lru_cache(4096)
def _valid(text: str) -> str | None:
    try:
        found = ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        # What a server that listens to both writes for IPv4; and no zone, which is the server's own affair.
        return str(found.ipv4_mapped or IPv6Address(int(found)))
    return str(found)
