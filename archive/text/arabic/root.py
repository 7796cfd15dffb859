"""What only ranks: a word's lemma, and about its root, under which broken plurals meet."""

from typing import Final

from .lexicon import look_up
from .stem import dictionary_form, stem

_WEAK: Final = frozenset("اويء")
_TENTH: Final = ("است", "يست", "تست", "مست", "نست")
# Prefixes of the derived verbs, of their participles and infinitives.
_DERIVED: Final = frozenset(["مت", "يت", "تت", "نت", "ان", "من", "ين", "تن"])
_PREFIXES: Final = frozenset("امتي")


def lemma(form: str) -> str:
    """The lemma of a core: of صواريخ it is صاروخ. The shortest, where the lexicon has several."""
    lemmas = look_up(form).lemmas
    return lemmas[0] if lemmas else dictionary_form(form) or stem(form)


def root(word: str) -> str:
    """About the root of a lemma: weak letters off, and the letters that derived patterns add.

    Vague on purpose, and cheap: it ranks what is found, and finds nothing.
    """
    rest = stem(word)
    if rest.startswith(_TENTH) and len(rest) >= 5:
        rest = rest[3:]
    else:
        if rest[:2] in _DERIVED and len(rest) >= 5:
            rest = rest[2:] if _strong(rest[2:]) >= 3 else rest[1:]
        elif rest[:1] in _PREFIXES and len(rest) >= 4 and _strong(rest[1:]) >= 3:
            rest = rest[1:]
        if rest[1:2] == "ت" and len(rest) >= 4 and _strong(rest[:1] + rest[2:]) >= 3:
            rest = rest[:1] + rest[2:]
    rest = rest[:1] + "".join(letter for letter in rest[1:] if letter not in _WEAK)
    if len(rest) > 3:
        rest = rest.removesuffix("ه")
    return rest if len(rest) >= 2 else stem(word)


def _strong(letters: str) -> int:
    """How many letters can be a root's: neither weak nor a final ه."""
    return sum(letter not in _WEAK and letter != "ه" for letter in letters)
