"""The OpenAPI schema, checked in, so that a change to the contract shows in review.

    python -m tests.tools.schema            write tests/api/openapi.yaml
    python -m tests.tools.schema --check    exit 1 if it is not what the code says

No database is asked. The language is English.
"""

import difflib
import os
import sys
import tempfile
from itertools import islice
from pathlib import Path

SNAPSHOT = Path(__file__).resolve().parents[1] / "api" / "openapi.yaml"


def make() -> str:
    """The schema as YAML. Raises RuntimeError on anything that the generator warns of. Django is set up."""
    from django.utils import translation
    from drf_spectacular.drainage import GENERATOR_STATS, reset_generator_stats
    from drf_spectacular.generators import SchemaGenerator
    from drf_spectacular.renderers import OpenApiYamlRenderer
    from drf_spectacular.validation import validate_schema

    reset_generator_stats()
    with translation.override("en"), GENERATOR_STATS.silence():
        schema = SchemaGenerator().get_schema(request=None, public=True)
        said = [*GENERATOR_STATS._error_cache, *GENERATOR_STATS._warn_cache]
        text = OpenApiYamlRenderer().render(schema).decode()
    if said:
        raise RuntimeError("\n".join(said))
    validate_schema(schema)
    return text


def difference(now: str) -> str:
    """The first lines of what has changed since the snapshot; empty where nothing has."""
    then = SNAPSHOT.read_text(encoding="utf-8") if SNAPSHOT.exists() else ""
    lines = difflib.unified_diff(
        then.splitlines(), now.splitlines(), str(SNAPSHOT.name), "now", n=1, lineterm=""
    )
    return "\n".join(islice(lines, 60))


def main(arguments: list[str]) -> int:
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monitor.settings")
    with tempfile.TemporaryDirectory() as folder:
        # Settings keep a key in their data directory; this run leaves none.
        os.environ["ARCHIVE_DATA_DIR"] = folder
        import django

        django.setup()
        now = make()
    if not arguments:
        SNAPSHOT.write_text(now, encoding="utf-8")
        return 0
    if changed := difference(now):
        print(changed)
        print(
            f"\n{SNAPSHOT.name} is stale: run python -m tests.tools.schema, and look at its diff.",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
