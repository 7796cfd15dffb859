"""The folded form of names: the key under which different spellings of one name meet.

The key is for comparing and is never shown. It merges what print mixes up freely (أحمد and احمد,
فؤاد and فواد, Sana'a and Sanaa) and keeps apart what tells names apart (علاء and علا, Андрей and
Андреи). It stems nothing and strips no article.
"""

import re
import unicodedata
from typing import Final

# The version of the rules, stored beside folded values: rows with another one are to be folded again.
# Raise it with every change here, and when Python brings other Unicode data that changes a key.
VERSION: Final = 1


def fold(text: str) -> str:
    """The folded form of a name in any script.

    - Compatibility forms become plain: ﻣﺤﻤﺪ, ﷲ and full-width letters.
    - Letter case folds; digits of any script become 0 to 9.
    - Marks on letters go, in the scripts that can do without: harakat, Hebrew points, é, ё, ǖ. Other
      Cyrillic letters stay whole (й is not и), and so do the vowel signs of Indic and other scripts.
    - Hamza and madda go from their carriers, أ إ آ ؤ ئ, which print often leaves bare. The hamza on the
      line stays: علاء is a man and علا a woman.
    - Letters of other languages become the letters that Arabic and plain Latin write for them.
    - Apostrophes go, with the half rings of transliteration: Sana'a, Ṣanʿāʾ. All other punctuation and
      symbols part words, dashes included: Al-Kadhimi is Al Kadhimi.
    - Controls go, the invisible ones of Arabic text among them. White space becomes one space between words.

    Takes any text, lone surrogates and NUL included, and time linear in its length. The result is
    decomposed (NFKD, save Cyrillic letters), at most 18 times as long as the text, and empty where the
    text has no letter or digit. Folding twice changes nothing.
    """
    # Unicode's normalisation of a whole text is quadratic where thousands of marks follow one letter, so
    # all is done a character at a time. One thing is then left to do first: a й typed as и and a breve.
    composed = _DECOMPOSED_CYRILLIC.sub(lambda match: unicodedata.normalize("NFC", match[0]), text)
    return " ".join(composed.translate(_TABLE).split())


_CYRILLIC: Final = "\u0400-\u052f"
_CYRILLIC_LETTER: Final = re.compile(f"[{_CYRILLIC}]")
# Up to 30 marks, as many as text has that is fit for streams (UAX #15, section 13).
_DECOMPOSED_CYRILLIC: Final = re.compile(f"[{_CYRILLIC}][\u0300-\u036f]{{1,30}}")

# Marks and other characters that go without a trace; controls (Cc, Cf, Cs) go too, by category.
_DROPPED: Final = re.compile(
    "["
    "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"  # Latin, Greek, Cyrillic
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"  # Hebrew points
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u08ca-\u08ff"  # harakat, hamza and madda above and below
    "\u0640"  # tatweel
    "\u2060-\u2069"  # invisible, and most of them Cf; one is not assigned
    "\ufe00-\ufe0f\U000e0100-\U000e01ef"  # variation selectors
    "'`\u2018\u2019\u201b\u2032\u055a\u05f3"  # apostrophes and what is typed for them
    "\u02b9-\u02c1\u02c8"  # the same as modifier letters: half rings, primes, glottal stops
    "]"
)

# Letters that decompose into nothing, after case folding.
_LETTERS: Final = str.maketrans(
    {
        "ٱ": "ا",  # wasla
        "ى": "ي",
        "ة": "ه",
        # Persian, Kurdish, Urdu, Pashto, and the g, p and v of the Maghreb, each to the letter that an Arabic
        # paper prints for it: نێچیرڤان is نيجيرفان, ڨفصة is قفصة.
        **dict.fromkeys("یێېے", "ي"),
        **dict.fromkeys("کگڭݣ", "ك"),
        **dict.fromkeys("ەھہۃ", "ه"),
        **dict.fromkeys("ڤڥ", "ف"),
        **dict.fromkeys("ڕڑ", "ر"),
        "پ": "ب",
        "چ": "ج",
        "ژ": "ز",
        "ڨ": "ق",
        "ڵ": "ل",
        "ۆ": "و",
        "ٹ": "ت",
        "ڈ": "د",
        "ں": "ن",
        # Latin letters with a stroke or joined, as they are written without.
        "ı": "i",
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ħ": "h",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ё": "е",  # the one Cyrillic letter that Russian print writes without its mark
    }
)


def _fold_character(character: str) -> str:
    """What one character becomes, white space not yet collapsed."""
    if character.isspace():
        return " "
    letters = character.casefold()
    if not _CYRILLIC_LETTER.match(letters):
        # Twice: folding case can compose, and decomposing can reveal an upper-case letter.
        letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
        # A mark that stands alone (´, or a fatha as a presentation form) decomposes to a space and itself.
        letters = letters.lstrip(" ")
    return "".join(map(_fold_letter, letters.translate(_LETTERS)))


def _fold_letter(letter: str) -> str:
    """What one decomposed, lower-case character becomes."""
    if _DROPPED.match(letter):
        return ""
    if letter.isdecimal():
        return str(int(letter))
    category = unicodedata.category(letter)
    if category[0] in "PSZ":
        return " "
    return "" if category in ("Cc", "Cf", "Cs") else letter


class _Table(dict[int, str]):
    """A table for str.translate that works a character out when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if code < 0x10000:  # all scripts of the press, and no more memory than that
            self[code] = folded
        return folded


_TABLE: Final = _Table()
