"""The catalogue of what the archive says to people, in Arabic.

    python -m tests.tools.messages            read the sources, bring django.po and django.mo in step
    python -m tests.tools.messages --check    exit 1 if a message is missing, untranslated or stale

English is the language of the sources. GNU gettext is not needed: Babel reads Python, and
Django turns its templates into what Babel reads.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import django
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
PO = ROOT / "archive" / "locale" / "ar" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
KEYWORDS: dict = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def sources() -> Iterator[tuple[str, bytes]]:
    """Every source file that may hold messages, as Python that Babel can read."""
    for folder in ("archive", "monitor"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), path.read_bytes()
    for path in sorted((ROOT / "archive" / "templates").rglob("*.html")):
        yield path.relative_to(ROOT).as_posix(), templatize(path.read_text()).encode()


def extracted() -> Catalog:
    """The messages of the sources, untranslated."""
    catalog = Catalog(locale="ar", charset="utf-8", fuzzy=False)
    for name, code in sources():
        # A template that Django has rewritten is no Python: only its calls count.
        method = "python" if name.endswith(".py") else "javascript"
        for _line, message, _comments, context in extract(method, BytesIO(code), KEYWORDS):
            catalog.add(message, locations=[(name, 0)], context=context)
    return catalog


def merged() -> tuple[Catalog, list[str]]:
    """The catalogue as it should be, and what is wrong with the one that is there, a line each."""
    wanted = extracted()
    there = read_po(BytesIO(PO.read_bytes()), locale="ar") if PO.exists() else Catalog(locale="ar")
    problems = []
    for message in wanted:
        if not message.id:
            continue
        known = there.get(message.id, message.context)
        if known is None:
            problems.append(f"not in the catalogue: {message.id!r}")
        elif known.fuzzy or not all([known.string] if isinstance(known.string, str) else known.string):
            problems.append(f"not translated: {message.id!r}")
        else:
            message.string = known.string
    problems += [
        f"no longer in the sources: {message.id!r}"
        for message in there
        if message.id and wanted.get(message.id, message.context) is None
    ]
    return wanted, problems


def written(catalog: Catalog) -> tuple[bytes, bytes]:
    """The bytes of the .po and .mo files."""
    po, mo = BytesIO(), BytesIO()
    write_po(po, catalog, sort_output=True, no_location=True, omit_header=True, width=100)
    header = (
        b'msgid ""\nmsgstr ""\n"Language: ar\\n"\n"MIME-Version: 1.0\\n"\n'
        b'"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        b'"Plural-Forms: nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : '
        b'n%100>=11 && n%100<=99 ? 4 : 5;\\n"\n\n'
    )
    text = header + po.getvalue()
    compiled = read_po(BytesIO(text), locale="ar")
    # Babel writes when it was made, to the minute; the same messages have to give the same bytes.
    compiled.creation_date = compiled.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    write_mo(mo, compiled)
    return text, mo.getvalue()


def main(arguments: list[str]) -> int:
    settings.configure()
    django.setup()
    catalog, problems = merged()
    po, mo = written(catalog)
    if "--check" not in arguments:
        PO.parent.mkdir(parents=True, exist_ok=True)
        PO.write_bytes(po)
        MO.write_bytes(mo)
        problems = [problem for problem in problems if not problem.startswith("no longer")]
    elif not problems and (PO.read_bytes() != po or MO.read_bytes() != mo):
        problems = ["the catalogue is not as `make messages` writes it"]
    print("\n".join(problems) or "every message is there, in Arabic")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
