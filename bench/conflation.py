"""Which Arabic words share a search term that should, and which do that should not.

    python -m bench.conflation [--same FILE] [--distinct FILE]

Each line of the first file is words that should share one Boolean term, each of the second words of which
no two should; # begins a comment. By default those in ARCHIVE_TEST_DATA (../shared/data), in conflation/.
Beside our analyser are the rules of Lucene's.
"""

import argparse
import os
import sys
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

from archive.text import analyze
from bench import lucene

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("ARCHIVE_TEST_DATA", ROOT.parent / "shared" / "data")) / "conflation"

Pair = tuple[str, str]


def ours(word: str) -> list[str]:
    return [token.term for token in analyze(word, "ar") if not token.ranking_only]


def pairs(file: Path) -> list[Pair]:
    """All pairs of words that stand in one line."""
    lines = (line.partition("#")[0].split() for line in file.read_text(encoding="utf-8").splitlines())
    return [pair for words in lines for pair in combinations(words, 2)]


def shared(found: list[Pair], terms: Callable[[str], list[str]]) -> list[Pair]:
    """The pairs whose words have one and the same term; a stop word has none."""
    return [(a, b) for a, b in found if len(terms(a)) == 1 and terms(a) == terms(b)]


def main() -> int:
    parser = argparse.ArgumentParser(description="Which Arabic words share a search term.")
    parser.add_argument("--same", type=Path, default=DATA / "same.txt")
    parser.add_argument("--distinct", type=Path, default=DATA / "distinct.txt")
    parser.add_argument("--missed", action="store_true", help="also name the pairs that should share a term")
    given = parser.parse_args()
    for file in (given.same, given.distinct):
        if not file.is_file():
            print(f"{file} is missing: say where it is, or set ARCHIVE_TEST_DATA")
            return 1
    same, distinct = pairs(given.same), pairs(given.distinct)
    print(f"{'analyser':<10}{'pairs':>8}{'share':>8}{'':>8}{'apart':>8}{'merged':>8}")
    for name, terms in (("ours", ours), ("lucene", lucene.analyze)):
        right, wrong = shared(same, terms), shared(distinct, terms)
        share = len(right) / max(len(same), 1)
        print(f"{name:<10}{len(same):>8,}{len(right):>8,}{share:>8.3f}{len(distinct):>8,}{len(wrong):>8,}")
        print(*(f"  merged: {a} {b}" for a, b in wrong), sep="\n")
        if given.missed:
            print(*(f"  missed: {a} {b}" for a, b in same if (a, b) not in set(right)), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
