"""The terms that a text is found by. Index and query use the same rules."""

import re
import threading
from collections.abc import Callable
from functools import lru_cache
from typing import Final

import Stemmer

from . import arabic
from .fold import fold
from .normal import normalize
from .stops import ENGLISH, RUSSIAN
from .tokens import Token, words

# The version of the rules, stored beside what they made: rows with another one are to be made again.
ANALYZER_VERSION: Final = 1

# No index can hold longer terms, and no word is longer. What is, is cut; in a query too.
LONGEST_TERM: Final = 100
# Harakat and tatweel come atop. No more of a word is read, so that a hostile text cannot fill the cache.
_LONGEST_WORD: Final = 4 * LONGEST_TERM

# A term, and whether it only ranks.
Term = tuple[str, bool]


def analyze(text: str, language: str) -> list[Token]:
    """The terms of `text`, in order, with where each stands in it.

    `language` is a BCP 47 tag. Arabic goes by the rules in `archive.text.arabic`, English and Russian
    by Snowball's; words of any other language are folded. A word in a script that the language is not
    written in is read as Arabic, English or Russian, so that "NATO" in an Arabic text is found like
    in an English one. Stop words give no term, and keep their position.

    Takes any string, and time linear in its length.
    """
    primary = language.partition("-")[0].lower()
    found: list[Token] = []
    for position, (word, start, end) in enumerate(words(text), 1):
        for term, ranking_only in _terms(word[:_LONGEST_WORD], primary):
            found.append(_token(Token, (term, start, end, position, ranking_only)))
    return found


# Token(...) by the short way: a third of all that `analyze` takes is to make these.
_token: Final = tuple.__new__


@lru_cache(maxsize=1 << 17)
def _terms(word: str, language: str) -> tuple[Term, ...]:
    plain = normalize(word)
    terms = _rules(plain, language)(plain)
    return tuple((term[:LONGEST_TERM], ranking_only) for term, ranking_only in terms if term)


def _rules(word: str, language: str) -> Callable[[str], list[Term]]:
    """How a word in normal form is analysed in a text of `language`."""
    if _ARABIC_LETTER.match(word):
        if language == "ar" or language not in _ARABIC_SCRIPT | _UNKNOWN:
            return arabic.terms
    elif _CYRILLIC_LETTER.match(word):
        if language == "ru" or language not in _CYRILLIC_SCRIPT | _UNKNOWN:
            return _russian
    elif _LATIN_LETTER.match(word) and (language == "en" or language in _NOT_LATIN_SCRIPT):
        return _english
    return _folded


def _folded(word: str) -> list[Term]:
    return [(_number(word) if word[:1].isdigit() else fold(word).replace(" ", ""), False)]


def _number(word: str) -> str:
    """A number without thousands' signs, its decimal sign a dot; ½ is 1/2."""
    if _THOUSANDS.fullmatch(word):
        word = word.replace(",", "").replace("\u066c", "")
    folded = fold(re.sub("[,\u066b\u066c]", ".", word).replace(".", "\ue000"))
    return folded.replace("\ue000", ".").replace(" ", "/")


def _english(word: str) -> list[Term]:
    return [] if word in ENGLISH else _stemmed(_POSSESSIVE.sub("", word), "english")


def _russian(word: str) -> list[Term]:
    return [] if word in RUSSIAN else _stemmed(word, "russian")


def _stemmed(word: str, algorithm: str) -> list[Term]:
    stemmers = _local.__dict__
    if algorithm not in stemmers:
        stemmers[algorithm] = Stemmer.Stemmer(algorithm)
    stem = str(stemmers[algorithm].stemWord(fold(word).replace(" ", "")))
    if algorithm == "russian" and stem.endswith(("ов", "ев")):
        # Of Лавров and Киев Snowball takes the end for a plural's, of Лаврова and Киева not: once more, they
        # meet.
        stem = str(stemmers[algorithm].stemWord(stem))
    if len(stem) < ROOT_LENGTH:
        return [(stem, False)]
    return [(stem, False), (f"r:{stem[:ROOT_LENGTH]}", True)]


# The first letters of a stem rank like a root: норман finds норманн- too. On the XQuAD questions this
# moved MRR@10 from .940 to .952 in Russian, from .959 to .963 in English; 4 and 6 letters did less.
ROOT_LENGTH: Final = 5

# Snowball's objects must not be shared by threads.
_local: Final = threading.local()
_POSSESSIVE: Final = re.compile("['\u2018\u2019\u201b\u2032]s$")
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:[,\u066c]\d{3})+(?:[.\u066b]\d+)?")
_ARABIC_LETTER: Final = re.compile("[\u0620-\u06ff\u0750-\u077f\u08a0-\u08ff]")
_CYRILLIC_LETTER: Final = re.compile("[\u0400-\u052f]")
_LATIN_LETTER: Final = re.compile("[a-z\u00df-\u024f\u1e00-\u1eff]")

# No language is said: no language's rules.
_UNKNOWN: Final = frozenset({"", "und", "mul", "zxx"})
_ARABIC_SCRIPT: Final = frozenset("ar ckb fa glk ks ku lrc mzn ota pa pnb ps sd skr ug ur azb prs".split())
_CYRILLIC_SCRIPT: Final = frozenset(
    "ru uk be bg mk sr kk ky tg mn tt ba cv os ce ab av kv udm sah tyv bua xal rue cu".split()
)
_NOT_LATIN_SCRIPT: Final = (
    _ARABIC_SCRIPT
    | _CYRILLIC_SCRIPT
    | frozenset("el he yi hy ka zh ja ko th lo my km hi bn ta te ml kn gu mr ne si am ti dv".split())
)
