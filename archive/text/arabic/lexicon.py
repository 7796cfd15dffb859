"""Which words Arabic has, so that a rule takes off no letter that belongs to the word.

The words are frozen in `lexicon.xz`, which `python -m fixtures.build_lexicon` makes: the word forms
and lemmas of simplemma, and the names of countries, capitals and cities.
"""

import lzma
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

FILE: Final = Path(__file__).parent / "lexicon.xz"

# What is noted of a form, one letter each.
NOUN = "n"  # it is attested with the article ال
OWN_ARTICLE = "a"  # it starts with ال, and is attested with another: الالتزام
NAME = "p"  # a country, a capital or a city


class Entry(NamedTuple):
    """A form of the lexicon: what is noted of it, and its lemmas, shortest first."""

    notes: str
    lemmas: tuple[str, ...]


NOTHING: Final = Entry("", ())


class Lexicon:
    """Folded word forms. Asking for one it does not have gives NOTHING."""

    def __init__(self, lines: Iterable[str]) -> None:
        entries = (line.rstrip("\n").split("\t", 1) for line in lines if not line.startswith("#"))
        # Few notes and lemmas are all there are: each is kept once.
        self._entries = {form: sys.intern(entry) for form, entry in entries}

    def entry(self, form: str) -> Entry:
        line = self._entries.get(form)
        if line is None:
            return NOTHING
        notes, _, lemmas = line.partition("\t")
        return Entry(notes, tuple(form if lemma == "=" else lemma for lemma in lemmas.split()))

    def __contains__(self, form: str) -> bool:
        return form in self._entries


@cache
def lexicon() -> Lexicon:
    """The frozen lexicon, read when it is first asked for (0.3 s, 50 MB)."""
    with lzma.open(FILE, "rt", encoding="utf-8") as file:
        return Lexicon(file)
