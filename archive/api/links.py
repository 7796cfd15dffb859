"""`Link` headers (RFC 8288): where the pages beside this one are, and what describes the API (RFC 8631)."""

from functools import cache
from typing import Any

from django.http import HttpResponse
from django.urls import get_script_prefix, reverse

# Proxies have room for some 4,000 characters of an answer's headers. What is longer is in the body alone.
LONGEST = 3_000


def link(response: HttpResponse, **addresses: str | None) -> None:
    """Give `response` a Link header with those `addresses` that there are, each by its relation."""
    links = [f'<{url}>; rel="{relation.replace("_", "-")}"' for relation, url in addresses.items() if url]
    if links and len(value := ", ".join(links)) <= LONGEST:
        response["Link"] = value


def link_pages(response: HttpResponse, paginator: Any) -> None:
    """Link a page that `paginator` (pagination.KeysetPagination) has made to those around it."""
    schema = _schema(get_script_prefix())
    link(response, next=paginator.after, prev=paginator.before, service_desc=schema)


@cache
def _schema(_prefix: str) -> str:
    return reverse("schema")
