"""How Arabic words are analysed.

`terms` is all that others need. `attached.py` and `stem.py` have the rules for what stands before and
after a word, `words.py` what is read by hand, and `lexicon.py` the words that the rules look up.
"""

import re
from typing import Final

from .attached import core
from .letters import WORD, fold_letters
from .root import lemma, root
from .stem import stem
from .words import STOP

# Before a word or number in another script: الF16, بـ5.
_ATTACHED: Final = re.compile("(?:[وف]?[بك]?ال|[وف]?لل|[وفبلك])(?=[a-z0-9])")


def terms(word: str) -> list[tuple[str, bool]]:
    """The terms of a word in normal form, each with whether it only ranks; of a stop word none.

    The first is the stem. Then the lemma, after "l:", and the root, after "r:": no word has a colon.
    """
    if word in STOP:
        return []
    folded = fold_letters(word)
    if not WORD.fullmatch(folded):
        return [(_ATTACHED.sub("", folded, count=1), False)]
    form = core(word)
    base = lemma(form)
    return [(stem(form), False), (f"l:{base}", True), (f"r:{root(base)}", True)]
