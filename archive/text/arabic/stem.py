"""The stem of an Arabic word: number, gender, case, pronoun and nisba off, where that is sure.

Many words end in such letters of their own, so an ending comes off on evidence from the lexicon
(`lexicon.py`); of a word that it does not know, the commonest endings. All functions take and give
folded words (`letters.fold_letters`) without what is attached before them (`attached.py`).
"""

from functools import lru_cache
from typing import Final

from .lexicon import NAME, NOUN, OWN_HEH, Entry, known, look_up
from .words import FEMININE_BEFORE_PRONOUN, SAME, WHOLE

# Endings of number, gender and case, and with ت and وا of the past tense.
_INFLECTIONS: Final = frozenset(
    ["", *"ا ه ي ت ان ات ين ون تين تان يين يون وات يه يات يتين يتان تا وا".split()]
)
# Pronouns, longest first. ي and ك ("my", "your") are rare in news, and many words end in them.
_LONG_PRONOUNS: Final = ("هما", "كما", "ها", "هم", "هن", "كم", "نا")
_PRONOUNS: Final = (*_LONG_PRONOUNS, "ه")
# Endings of forms that the lexicon does not list, with what stood in their place.
_ENDINGS: Final = (
    *((ending, "ه") for ending in ("تين", "تان", "تي", "تا")),
    *(("يين", "ي"), ("يون", "ي"), ("يات", "ي"), ("يات", "يه"), ("ات", "ه")),
    *((ending, "") for ending in ("ات", "ان", "ين", "ون", "ا", "يه")),
)
# The feminine's dual; after two letters its plural too.
_FEMININE: Final = ("تين", "تان", "ات")
# What comes off words that nobody knows.
_LIGHT: Final = ("ها", "ات", "ان", "ون", "ين")


def stem(form: str) -> str:
    """The stem of a word that nothing is attached before."""
    if form in WHOLE:
        return form
    found = dictionary_form(form)
    if found is None:
        found = form
        for ending in _LIGHT:
            if form.endswith(ending) and len(form) - len(ending) >= 3:
                found = form[: -len(ending)]
                break
    found = _bare(found)
    return SAME.get(found, found)


@lru_cache(maxsize=1 << 14)
def dictionary_form(form: str) -> str | None:
    """The form that the lexicon knows `form` as an inflection of; None where it knows none."""
    entry = look_up(form)
    if NAME in entry.notes:
        return form
    found = _lemma(form, entry)
    if NOUN in entry.notes and entry.lemmas:
        return found or form
    if found and (found != form or not form.endswith(_LONG_PRONOUNS)):
        return found
    # simplemma has many a form with a pronoun as its own lemma.
    return _without_pronoun(form) or found or _without_ending(form) or (form if entry.notes else None)


def _lemma(form: str, entry: Entry) -> str | None:
    """The lemma that `form` is a regular inflection of. Broken plurals and most of the verb are not."""
    if form in entry.lemmas:
        return form
    regular = [
        lemma
        for lemma in entry.lemmas
        if len(base := lemma if OWN_HEH in look_up(lemma).notes else lemma.removesuffix("ه")) >= 2
        and form.startswith(base)
        and form[len(base) :] in _INFLECTIONS
    ]
    found = max(regular, key=len, default=None)
    if found and form.endswith(_FEMININE):
        feminine = found + "ه"
        if feminine in WHOLE or (len(found) == 2 and known(feminine)):
            return feminine  # مدرستين is مدرسة, not مدرس
    return found


def _regular(form: str) -> str | None:
    return _lemma(form, look_up(form))


def _without_pronoun(form: str) -> str | None:
    """What `form` is with a pronoun; None where the lexicon knows no such word."""
    # Not a pronoun: جنيها, وجها.
    if form.endswith("ها") and OWN_HEH in look_up(form[:-1]).notes:
        return form[:-1]
    for pronoun in _PRONOUNS:
        rest = form.removesuffix(pronoun)
        if rest == form or len(rest) < 3:
            continue
        noun = NOUN in look_up(rest).notes
        # ة is ت before a pronoun. بيتها is "her house": بيت is a noun, and short.
        short = noun and len(rest) == 3 and rest not in FEMININE_BEFORE_PRONOUN
        if rest[-1] == "ت" and known(rest[:-1] + "ه") and not short:
            return rest[:-1] + "ه"
        if found := _regular(rest):
            return found
        if noun:
            return rest
        # وزرائها is وزراء, مستشفاه is مستشفى.
        if len(rest) > 3 and rest[-1] in "يو" and known(rest[:-1] + "ء"):
            return _regular(rest[:-1] + "ء") or rest[:-1] + "ء"
        if rest[-1] == "ا" and known(rest[:-1] + "ي"):
            return rest[:-1] + "ي"
        if (len(pronoun) > 1 or rest.endswith("ات")) and (found := _without_ending(rest)):
            return found
    return None


def _without_ending(form: str) -> str | None:
    for ending, singular in _ENDINGS:
        if form.endswith(ending) and len(form) - len(ending) >= 3:
            rest = form[: -len(ending)] + singular
            if found := _regular(rest):
                return found
            if NOUN in look_up(rest).notes:
                return rest
    # Construct plurals: مسلحو الحوثي.
    if form.endswith("و") and len(form) >= 5 and NOUN in look_up(form[:-1]).notes:
        return form[:-1]
    return None


def _bare(form: str) -> str:
    """A dictionary form without feminine, nisba and the alef of countries (روسيا, روسي) or of case."""
    if form[-1:] == "ه" and form in WHOLE:
        return form
    if noun := of_hamza(form):
        return noun
    notes = look_up(form).notes
    for ending in ("يه", "يا", "ه", "ي", "ا"):
        # The ة of two letters is a part of the word: سنة is a year, سن a tooth.
        if form.endswith(ending) and len(form) - len(ending) >= 3:
            if ending[-1] == "ه" and OWN_HEH in notes:
                return form
            # دنيا and قضايا; but تكنولوجيا as تكنولوجي, جورجيا as جورجي.
            if ending[-1] == "ا" and NOUN in notes and NAME not in notes and len(form) < 7:
                return form
            rest = form[: -len(ending)]
            if ending in ("ي", "يه") and rest + "ه" in WHOLE:
                return rest + "ه"
            return rest
    return form


def of_hamza(form: str) -> str | None:
    """The noun in اء that `form` is the nisba of: وباء of وبائي."""
    for nisba in ("ايي", "اييه"):
        if form.endswith(nisba) and known(form.removesuffix(nisba) + "اء"):
            return form.removesuffix(nisba) + "اء"
    return None
