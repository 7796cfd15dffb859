"""Which words Arabic has, so that a rule takes off no letter that belongs to the word.

The words are frozen in `lexicon.xz`, which `python -m fixtures.build_lexicon` makes: the word forms
and lemmas of simplemma, the names of countries, capitals and cities, given names and surnames, and
what `fixtures/curated/words.ar.toml` adds by hand.
"""

import lzma
import sys
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, NamedTuple

FILE: Final = Path(__file__).parent / "lexicon.xz"

# What is noted of a form, one letter each.
NOUN = "n"  # it is attested with the article ال
OWN_ARTICLE = "a"  # it starts with ال, and is attested with another: الالتزام
OWN_HEH = "h"  # it ends with a ه that is no ة: وجه
NAME = "p"  # a country, a capital, a city, or a person's name


class Entry(NamedTuple):
    """A form of the lexicon: what is noted of it, and its lemmas, shortest first."""

    notes: str
    lemmas: tuple[str, ...]


NOTHING: Final = Entry("", ())


def known(form: str) -> bool:
    return form in _lines()


@lru_cache(maxsize=1 << 14)
def look_up(form: str) -> Entry:
    """The entry of a folded form; NOTHING where there is none."""
    line = _lines().get(form)
    if line is None:
        return NOTHING
    notes, _, lemmas = line.partition("\t")
    return Entry(notes, tuple(form if lemma == "=" else lemma for lemma in lemmas.split()))


@cache
def _lines() -> dict[str, str]:
    """The frozen lexicon, read when it is first asked for (0.3 s, 40 MB)."""
    with lzma.open(FILE, "rt", encoding="utf-8") as file:
        entries = (line.rstrip("\n").split("\t", 1) for line in file if not line.startswith("#"))
        # Few notes and lemmas are all there are: each is kept once.
        return {form: sys.intern(line) for form, line in entries}
