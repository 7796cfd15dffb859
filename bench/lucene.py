"""Lucene's ArabicAnalyzer, to compare with: its rules, written from their published description.

Light stemming after L. S. Larkey, L. Ballesteros, M. E. Connell, "Light Stemming for Arabic Information
Retrieval" (2007): words in lower case without stop words, letters normalised, one prefix off and each
suffix once. The stop list is the shorter part of Lucene's.
"""

import re
from typing import Final

STOP: Final = frozenset(
    """
    من ومن منها منه في وفي فيها فيه و ف ثم او أو ب بها به ا أ اى اي أي أى لا ولا الا ألا إلا لكن ما وما كما
    فما عن مع اذا إذا ان أن إن انها أنها إنها انه أنه إنه بان بأن فان فأن وان وأن وإن التى التي الذى الذي
    الذين الى الي إلى إلي على عليها عليه اما أما إما ايضا أيضا كل وكل لم ولم لن ولن هى هي هو وهى وهي وهو
    فهى فهي فهو انت أنت لك لها له هذه هذا تلك ذلك هناك كانت كان يكون تكون وكانت وكان غير بعض قد نحو بين
    بينما منذ ضمن حيث الان الآن خلال بعد قبل حتى عند عندما لدى جميع
    """.split()
)
PREFIXES: Final = ("ال", "وال", "بال", "كال", "فال", "لل", "و")
SUFFIXES: Final = ("ها", "ان", "ات", "ون", "ين", "يه", "ية", "ه", "ة", "ي")

_MARKS: Final = "\u064b-\u0652\u0640"  # harakat and tatweel
_WORD: Final = re.compile(rf"[\w{_MARKS}]+")
_DROPPED: Final = re.compile(f"[{_MARKS}]")
_LETTERS: Final = str.maketrans("آأإىة", "ااايه")


def analyze(text: str) -> list[str]:
    """The terms of `text`, in order, stop words left out."""
    return [stem(normalize(word)) for word in _WORD.findall(text.lower()) if word not in STOP]


def normalize(word: str) -> str:
    return _DROPPED.sub("", word.translate(_LETTERS))


def stem(word: str) -> str:
    """At least two letters stay; three, where only a و comes off."""
    for prefix in PREFIXES:
        if word.startswith(prefix) and len(word) >= max(len(prefix) + 2, 4):
            word = word[len(prefix) :]
            break
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) >= len(suffix) + 2:
            word = word[: -len(suffix)]
    return word
