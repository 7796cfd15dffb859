"""Articles in the forms that news programs know: Atom (RFC 4287), JSON Feed 1.1, ninjs 3.1 (IPTC).

Each function takes an article as the API shows it. A moment is given where the archive knows one: a day that
is printed without its hour stays in the archive's own member, and none is made up for it.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from xml.etree import ElementTree as xml

from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.reverse import reverse

ATOM = "http://www.w3.org/2005/Atom"
JSON_FEED = "https://jsonfeed.org/version/1.1"
NINJS = {
    "name": "ninjs",
    "version": "3.1",
    "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#",
}
# What XML 1.0 has no way to write.
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# EDTF that is one moment, and sure of it.
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
SUBJECTS = {"persons": ("person", "slug"), "countries": ("country", "code"), "events": ("event", "slug")}


def _moment(article: dict) -> str | None:
    published = article["published"]
    return published if published and MOMENT.fullmatch(published) else None


def _address(article: dict) -> str | None:
    """Where it can be read."""
    known = [article["identifier"], *(address["url"] for address in article["addresses"])]
    return next((url for url in known if url.startswith("http")), None)


def _summary(article: dict) -> str | None:
    """The abstract in the article's own language, or else the first."""
    texts = {abstract["language"]: abstract["text"] for abstract in article["abstracts"]}
    return texts.get(article["language"]) or next(iter(texts.values()), None)


def _subjects(article: dict, request: Request) -> Iterator[tuple[str, str, str, str]]:
    """Kind, name, key and address of each record that the article names."""
    for member, (kind, key) in SUBJECTS.items():
        for record in article[member]:
            address = reverse(f"{member}-detail", args=[record[key]], request=request)
            yield kind, record.get("name") or record["title"], record[key], address


def _record(article: dict, request: Request) -> str:
    return reverse("articles-detail", args=[article["id"]], request=request)


def _given(**members: object) -> dict:
    """Those of `members` that say something."""
    return {name: value for name, value in members.items() if value not in (None, "", [])}


def about(request: Request) -> dict:
    """What a JSON Feed says of itself."""
    return {
        "version": JSON_FEED,
        "title": _("Articles"),
        "home_page_url": reverse("docs", request=request),
        "feed_url": request.build_absolute_uri(),
    }


def json_item(article: dict, request: Request) -> dict:
    """An item of a JSON Feed."""
    summary = _summary(article)
    own = ("identifier", "published", "title_origin", "source")
    return _given(
        id=_record(article, request),
        url=_address(article),
        title=article["title"],
        content_text=summary or article["title"],
        summary=summary,
        date_published=_moment(article),
        date_modified=article["modified"],
        authors=[{"name": article["byline"] or article["source"]["name"]}],
        tags=[name for _kind, name, _key, _address in _subjects(article, request)],
        language=article["language"],
        _archive={name: article[name] for name in own},
    )


def ninjs(article: dict, request: Request) -> dict:
    """A news object of ninjs 3.1, without the text."""
    named: dict[str, list[dict]] = {"person": [], "country": [], "event": []}
    for kind, name, key, address in _subjects(article, request):
        named[kind].append({"name": name, "uri": address, **({"id": key} if kind == "event" else {})})
    title = {"role": "main", "contentType": "text/plain", "value": article["title"]}
    return _given(
        uri=article["identifier"],
        type="text",
        representationType="partial",
        firstCreated=article["added"],
        versionCreated=article["modified"],
        contentCreated=_moment(article),
        language=article["language"],
        title=article["title"],
        headlines=[title] if article["title_origin"] == "printed" else [],
        descriptions=[
            {"role": "summary", "contentType": "text/plain", "value": abstract["text"]}
            for abstract in article["abstracts"]
        ],
        by=article["byline"],
        located=article["dateline"],
        people=named["person"],
        places=named["country"],
        events=named["event"],
        infoSources=[
            {
                "name": article["source"]["name"],
                "role": "publisher",
                "uri": reverse("sources-detail", args=[article["source"]["slug"]], request=request),
            }
        ],
        altIds=[
            {"role": "archive", "value": str(article["id"])},
            *({"role": "address", "value": address["url"]} for address in article["addresses"]),
            *([{"role": "published", "value": article["published"]}] if article["published"] else []),
        ],
        standard=NINJS,
    )


class Atom:
    """The parts of an Atom feed, one after the other."""

    def __init__(self, request: Request) -> None:
        self.request = request

    def begin(self) -> str:
        here = self.request.build_absolute_uri()
        parts = [
            _element("id", here),
            _element("title", _("Articles")),
            _element("updated", datetime.now(UTC).isoformat()),
            _element("link", rel="self", type="application/atom+xml", href=here),
            _element("author", _element("name", self.request.get_host())),
        ]
        head = "".join(xml.tostring(part, encoding="unicode") for part in parts)
        return f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="{ATOM}">{head}\n'

    def entry(self, article: dict) -> str:
        record = _record(article, self.request)
        entry = _element(
            "entry",
            _element("id", record),
            _element("title", article["title"]),
            _element("updated", article["modified"]),
            _element("author", _element("name", article["byline"] or article["source"]["name"])),
            _element("link", rel="self", type="application/json", href=record),
        )
        if moment := _moment(article):
            entry.append(_element("published", moment))
        if address := _address(article):
            entry.append(_element("link", rel="alternate", href=address))
        if summary := _summary(article):
            entry.append(_element("summary", summary))
        # An entry without a link to its text has to have content.
        elif not address:
            entry.append(_element("content", article["title"]))
        for kind, name, key, _address_of in _subjects(article, self.request):
            entry.append(_element("category", term=f"{kind}:{key}", label=name))
        return f"{xml.tostring(entry, encoding='unicode')}\n"

    def end(self, following: str | None) -> str:
        """`following` is the address of the next page."""
        link = _element("link", rel="next", type="application/atom+xml", href=following or "")
        return (xml.tostring(link, encoding="unicode") if following else "") + "</feed>\n"


def _element(name: str, *children: "str | xml.Element", **attributes: str) -> xml.Element:
    """An element with a text or with further elements."""
    made = xml.Element(name, {key: NOT_XML.sub("", value) for key, value in attributes.items()})
    for child in children:
        if isinstance(child, str):
            made.text = NOT_XML.sub("", child)
        else:
            made.append(child)
    return made
