"""HEAD, conditional requests and compression of what the API answers (RFC 9110, 8.4, 8.8, 9.3.2 and 13).

Django has middleware for both. It answers no HEAD with 304, has If-Unmodified-Since fail where there is no
date, packs for who says `gzip;q=0`, and at a level that takes five times as long for a sixth less.
"""

import re
import zlib
from collections.abc import Callable, Iterable, Iterator

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from xxhash import xxh3_128_hexdigest

from monitor.middleware import API
from monitor.views import problem

READS = ("GET", "HEAD")
# Less than this is one packet, packed or not.
WORTH_PACKING = 1_000
LEVEL = 2
# How zlib is told to write gzip's header and trailer.
GZIP = 16 + zlib.MAX_WBITS
NEVER = re.compile(r"q=0(\.0*)?")
# How the tag of a packed answer ends.
PACKED = "-gzip"
# What answers of the API depend on besides their address: who asks, and what he takes. All of them say so: a
# cache must not give one what it has for another.
DEPENDS_ON = ("Authorization", "Accept-Encoding", "Accept-Language", "Cookie")


class HeadMiddleware:
    """Answers HEAD without a body, and with the length that it would have.

    The server drops one too, but warns of it in the log each time.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "HEAD" and not response.streaming and response.content:
            response.setdefault("Content-Length", str(len(response.content)))
            response.content = b""
        return response


class HttpMiddleware:
    """Gives answers of the API a tag, tells caches what they depend on, and packs them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(API):
            if not response.streaming:
                response.setdefault("Content-Length", str(len(response.content)))
            response = _conditional(request, response)
            if "Vary" in response.headers:
                patch_vary_headers(response, DEPENDS_ON)
            else:
                response.headers["Vary"] = ", ".join(DEPENDS_ON)
            _pack(request, response)
        return response


def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What a read answers, with an ETag; 304 for who has just that.

    The tag is the hash of the body, so it changes with any byte of it and with nothing else; unless a view
    has given it one that says more. What is streamed has none.
    """
    if response.status_code != 200 or request.method not in READS:
        return response
    if response.streaming:
        if request.method == "HEAD":  # the server would go through all of it, and send nothing
            response.streaming_content = ()
        return response
    if not (tag := response.headers.get("ETag")):
        tag = response.headers["ETag"] = f'"{xxh3_128_hexdigest(response.content)}"'
    # It may be kept, but is to be asked for each time: what an editor changes is to be seen.
    response.setdefault("Cache-Control", "no-cache")
    wanted = asked_tags(request, "HTTP_IF_MATCH")
    if wanted and wanted != ["*"] and tag not in map(unpacked, wanted):
        return problem(412, _("This is not, or no longer, what If-Match names."))
    for known in asked_tags(request, "HTTP_IF_NONE_MATCH"):
        if known == "*" or unpacked(known).removeprefix("W/") == tag:
            return _not_modified(response, tag if known == "*" else known)
    return response


def _not_modified(response: HttpResponse, tag: str) -> HttpResponse:
    """304 with the headers of `response` but those of its body, and the tag by which the client knows it."""
    response.status_code = 304
    response.content = b""
    response["ETag"] = tag
    for name in [name for name in response.headers if name.lower().startswith("content-")]:
        del response[name]
    return response


def _pack(request: HttpRequest, response: HttpResponse) -> None:
    """Pack the answer with gzip for who accepts it, where it is long enough to gain by it.

    Only the API's: it holds nothing that is secret from who reads it, which its length could tell
    where a part of it is somebody else's choice (the attack BREACH), as a page with a form does.
    """
    accepts = request.META.get("HTTP_ACCEPT_ENCODING")
    if not accepts or response.has_header("Content-Encoding") or not accepts_gzip(accepts):
        return
    if response.streaming:
        response.streaming_content = packed(response.streaming_content)
        del response["Content-Length"]
    elif len(response.content) >= WORTH_PACKING:
        response.content = zlib.compress(response.content, LEVEL, GZIP)
        response["Content-Length"] = str(len(response.content))
    else:
        return
    response["Content-Encoding"] = "gzip"
    # Other bytes, the same each time. No weak tag: a write compares strongly, and most clients take gzip.
    if response.has_header("ETag"):
        response["ETag"] = f'{response["ETag"][:-1]}{PACKED}"'


def asked_tags(request: HttpRequest, header: str) -> list[str]:
    """The tags that a header of a request names: none, where there is no such header."""
    return parse_etags(request.META[header]) if header in request.META else []


def unpacked(tag: str) -> str:
    """The tag of an answer that may have been packed, as it was before."""
    end = f'{PACKED}"'
    return f'{tag.removesuffix(end)}"' if tag.endswith(end) else tag


def packed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Each of `chunks` packed as it comes: the client can read it before the next one is made."""
    packer = zlib.compressobj(LEVEL, wbits=GZIP)
    for chunk in chunks:
        yield packer.compress(chunk) + packer.flush(zlib.Z_SYNC_FLUSH)
    yield packer.flush()


def accepts_gzip(header: str) -> bool:
    """Whether an Accept-Encoding lets an answer be packed with gzip."""
    accepted = {}
    for part in header.lower().split(","):
        coding, _, weight = part.partition(";")
        accepted[coding.strip()] = not NEVER.fullmatch(weight.replace(" ", ""))
    return accepted.get("gzip", accepted.get("x-gzip", accepted.get("*", False)))
