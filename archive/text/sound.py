"""The sound of names: keys under which the spellings of one name meet across scripts.

A key is what is left of a word without its vowels, in Latin letters: حسين, Hussein, Husayn and Хусейн
are all `hsn`. Where writing leaves open which consonant is meant (ظ is z to some and d to others, a و
may be w or u), a word has a key for each, and two words sound the same when they share one. So the
keys find; what is found by them alone is to be ranked behind what is spelt alike.
"""

import re
from itertools import pairwise
from typing import Final

from archive.text.fold import fold

# The version of the rules. Raise it with every change here or in `fold`.
VERSION: Final = 1

# Bounds of what one word gives: beyond them a longer word tells no more names apart.
MOST_KEYS: Final = 8
LONGEST_KEY: Final = 12

# What letters sound like: the possible consonants, parted by commas (- is none), and then the spellings.
# ^ is the beginning of a word and $ its end. Codes that are no plain sound: x is sh, c is ch, q is kh.
_RULES: Final = """
b       b p ب б п
t       t ت ط т
d       d د д
d,z     dh ذ ض ظ
t,s     th ث
s       s س ص с
z       z ز з
j,z     zh ж
j       dj dzh дж ^j
j,-     j
j,g     ج
g,k,j   g
g       gh غ ґ
g,h     г
k       k c ck ك к
k,g     q ق
s,j,x   ce ci cy
q       kh خ
c,x,k   ch
c       tch tsch tsh تش ч тч
x       sh sch ش ш щ shch
ts      tz ц
ks      x
f       f ph ف ф
f,w     v в
w,f     ^w
w,-     w ў
w       ^و ^oua ^oue ^oui ^уа ^уэ
-,w     وا وي
l       l ل л
m       m م м
n       n ن н
r       r ر р
h       h ح ه
h,q     х
s,x     s$
-,h     h$ ه$
-,h,q   х$
-       a e i o u y ا و ي ع ء а е и о у ы э ю я й ь ъ і ї є ^ $
"""
_SOUNDS: Final[dict[str, tuple[str, ...]]] = {
    spelling: tuple(code.replace("-", "") for code in codes.split(","))
    for codes, *spellings in map(str.split, _RULES.strip().splitlines())
    for spelling in spellings
}
# The longest spelling that fits; what no rule knows, the letters of other scripts and digits, is itself.
_SPELLING: Final = re.compile("|".join(map(re.escape, sorted(_SOUNDS, key=len, reverse=True))) + "|.", re.S)

# Allah is a part of the name before it, the article after عبد none: Nasr Allah, Abd al-Mahdi, Abdulmahdi.
_ALLAH: Final = re.compile(r" (?=(?:الله|allah|аллах)\b)")
_SERVANT: Final = re.compile(r"\b(?:عبد ?ال|abd ?[aeou]l|абд ?[аеоуэ]ль?)(?!$)")
# The article as a word of its own, and as the beginning of one, if a name is left.
_ARTICLE: Final = re.compile(r"[aeu]l|ال|[аэу]ль?")
_JOINED_ARTICLE: Final = re.compile(r"ال(?=...)|[ae]l(?=....)|[аэ]ль?(?=...)")
_LONG: Final = re.compile(r"[iyيийыі]+|ee")
# As it is pronounced before some letters: ash-Shahri, ас-Садр.
_ASSIMILATED: Final = re.compile(r"[aeаэ]([^aeаэ]{1,2})")


def sounds(text: str) -> list[list[str]]:
    """The keys of each word of a name in any script, the likeliest first: [["fd", "fwd"], ["hsn"]].

    - Arabic, Latin and Cyrillic letters become consonants; long vowels and ع go, doubled letters are one,
      and the emphatic letters are as the plain ones.
    - The article goes, written apart or assimilated; written as one with the word, it may be the word's own:
      there is a key with it and one without.
    - Other letters and digits are as `fold` leaves them.

    Takes any text, and time linear in its length. A word has at most MOST_KEYS keys of at most LONGEST_KEY
    letters and digits, without spaces or quotes, and never none. The list is empty where `fold` is.
    """
    folded = _SERVANT.sub("abd ", _ALLAH.sub("", fold(text)))
    words = folded.split()
    kept = [word for word, following in pairwise([*words, ""]) if _says(word, following)]
    return [_keys(word) for word in kept or words]


def sound(text: str) -> str:
    """The keys of all words of a name, each once, and how many words it has: "fd fwd hsn =2"."""
    words = sounds(text)
    keys = dict.fromkeys(key for keys in words for key in keys)
    return " ".join([*keys, count_of(words)]) if keys else ""


def count_of(words: list[list[str]]) -> str:
    """How `sound` writes that a name has so many words."""
    return f"={len(words)}"


def long_vowels(folded: str) -> int:
    """How often a folded name has an i, ee or ei: حسين and Hussein once, حسن and Hassan never.

    In Arabic a long one is a letter and a short one none, so names that are the same may differ by one
    across scripts.
    """
    return len(_LONG.findall(folded))


def _says(word: str, following: str) -> bool:
    """Whether a word is more than the article of the one that follows."""
    assimilated = _ASSIMILATED.fullmatch(word)
    return not (
        _ARTICLE.fullmatch(word) or (assimilated and following and following.startswith(assimilated[1]))
    )


def _keys(word: str) -> list[str]:
    keys = [""]
    article = _JOINED_ARTICLE.match(word)
    if article:
        keys, word = ["", "l"], word[article.end() :]
    for spelling in _SPELLING.findall(f"^{word}$"):
        codes = _SOUNDS.get(spelling, (spelling,))
        if len(keys) * len(codes) > MOST_KEYS:
            codes = codes[:1]
        if codes != ("",):
            keys = list(dict.fromkeys(_joined(key, code) for code in codes for key in keys))
    # A word of vowels alone has a key too.
    return [key for key in keys if key] or ["a"]


def _joined(key: str, code: str) -> str:
    """`key` and one more consonant; two of the same are one."""
    return key if key.endswith(code) and code else (key + code)[:LONGEST_KEY]
