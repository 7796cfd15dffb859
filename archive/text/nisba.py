"""The nisba that an Arabic word is a form of."""

import re
from typing import Final

# Folded: ة is ه.
_FORM: Final = re.compile(r"(?:ال)?(\w{2,}ي)ه?")


def bare_nisba(folded: str) -> str | None:
    """The masculine without the article, of a nisba that has it or is feminine: عراقي of العراقية, folded.

    None of what is no such form, the bare nisba itself among them. What merely looks like one (الماضي) has an
    answer too: it is looked for among names, and is none.
    """
    found = _FORM.fullmatch(folded)
    return found[1] if found and found[1] != folded else None
