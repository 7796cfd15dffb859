"""The stem of an Arabic word: what is attached before and after it off, where that is sure.

Print attaches "and", "so", "in", "for", "like" and the article to the word that follows, and
pronouns to the one before; many words have such letters of their own. So a letter comes off only
on evidence from the lexicon (`lexicon.py`); what the lexicon does not know keeps its letters, but
for the article and a و.

All functions but `core` take and give folded words (`letters.fold_letters`).
"""

import re
from functools import lru_cache
from typing import Final

from .letters import fold_letters
from .lexicon import NAME, NOUN, OWN_ARTICLE, Entry, lexicon
from .words import FEMININE, FEMININE_BEFORE_PRONOUN, LAM, SAME

# Endings of number, gender and case, and with ت and وا of the past tense.
_INFLECTIONS: Final = frozenset(
    ["", *"ا ه ي ت ان ات ين ون تين تان يين يون وات يه يات يتين يتان تا وا".split()]
)
# Pronouns, longest first. ي and ك ("my", "your") are rare in news, and many words end in them.
_LONG_PRONOUNS: Final = ("هما", "كما", "ها", "هم", "هن", "كم", "نا")
_PRONOUNS: Final = (*_LONG_PRONOUNS, "ه")
# Endings of forms that the lexicon does not list, with what stood in their place.
_ENDINGS: Final = (
    *(("تين", "ه"), ("تان", "ه"), ("يين", "ي"), ("يون", "ي"), ("يات", "ي"), ("يات", "يه"), ("ات", "ه")),
    *(("ات", ""), ("ان", ""), ("ين", ""), ("ون", ""), ("ا", ""), ("يه", "")),
)
# A dual is often another word with a preposition: لبوتين is "for Putin", not two lionesses.
_DUAL: Final = ("تين", "تان")
# What comes off words that nobody knows.
_LIGHT: Final = ("ها", "ات", "ان", "ون", "ين")

_ARTICLE: Final = re.compile("([وف]?[بك]?)ال(?=.{3})")
_FOR_THE: Final = re.compile("[وف]?لل(?=.{2})")
# إ stands nowhere but at the beginning of a word: what is before it is attached.
_BEFORE_HAMZA: Final = re.compile("[وفبكل]{1,2}(?=إ)")
# أل and إل are letters of the word: ألمانيا.
_OWN_ALEF: Final = re.compile("[وفبكل]{0,2}[أإآ]ل")


def core(word: str) -> str:
    """A word in normal form, folded, without what is attached before it."""
    if attached := _BEFORE_HAMZA.match(word):
        return fold_letters(word[attached.end() :])
    return _detach(fold_letters(word), article=not _OWN_ALEF.match(word))


def stem(form: str) -> str:
    """The stem of a core: its number, gender, case, pronoun and nisba off."""
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
    entry = lexicon().entry(form)
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
        if len(base := lemma.removesuffix("ه")) >= 2
        and form.startswith(base)
        and form[len(base) :] in _INFLECTIONS
    ]
    return max(regular, key=len, default=None)


def _regular(form: str) -> str | None:
    return _lemma(form, lexicon().entry(form))


def _without_pronoun(form: str) -> str | None:
    """What `form` is with a pronoun; None where the lexicon knows no such word."""
    words = lexicon()
    for pronoun in _PRONOUNS:
        rest = form.removesuffix(pronoun)
        if rest == form or len(rest) < 3:
            continue
        noun = NOUN in words.entry(rest).notes
        # ة is ت before a pronoun. بيتها is "her house": بيت is a noun, and short.
        short = noun and len(rest) == 3 and rest not in FEMININE_BEFORE_PRONOUN
        if rest[-1] == "ت" and rest[:-1] + "ه" in words and not short:
            return rest[:-1] + "ه"
        if found := _regular(rest):
            return found
        if noun:
            return rest
        # وزرائها is وزراء, مستشفاه is مستشفى.
        if len(rest) > 3 and rest[-1] in "يو" and rest[:-1] + "ء" in words:
            return _regular(rest[:-1] + "ء") or rest[:-1] + "ء"
        if rest[-1] == "ا" and rest[:-1] + "ي" in words:
            return rest[:-1] + "ي"
    return None


def _without_ending(form: str) -> str | None:
    for ending, singular in _ENDINGS:
        if form.endswith(ending) and len(form) - len(ending) >= 3:
            rest = form[: -len(ending)] + singular
            if found := _regular(rest):
                return found
            if NOUN in lexicon().entry(rest).notes:
                return rest
    return None


def _bare(form: str) -> str:
    """A dictionary form without feminine, nisba and the alef of countries (روسيا, روسي) or of case."""
    if form in FEMININE:
        return form
    if noun := _of_hamza(form):
        return noun
    for ending, least in (("يه", 3), ("يا", 3), ("ه", 2), ("ي", 3), ("ا", 3)):
        if form.endswith(ending) and len(form) - len(ending) >= least:
            if ending[-1] == "ا" and NOUN in lexicon().entry(form).notes:
                return form
            rest = form[: -len(ending)]
            if ending in ("ي", "يه") and rest + "ه" in FEMININE:
                return rest + "ه"
            return rest
    return form


def _of_hamza(form: str) -> str | None:
    """The noun in اء that `form` is the nisba of: وباء of وبائي."""
    for nisba in ("ايي", "اييه"):
        if form.endswith(nisba) and form.removesuffix(nisba) + "اء" in lexicon():
            return form.removesuffix(nisba) + "اء"
    return None


# --- What is attached before a word ---------------------------------------------------------


def _detach(form: str, *, article: bool) -> str:
    """`form` without conjunction, preposition and article. `article`: whether a bare ال may be one."""
    if article and (found := _ARTICLE.match(form)):
        if found[1] and _is_word(form):
            return form  # بالغ, والدة
        rest = form[found.end() :]
        return "ال" + rest if _owns_article("ال" + rest) else rest
    if _is_word(form) or _is_whole(form):
        return form
    if found := _FOR_THE.match(form):
        rest = form[found.end() :]
        with_lam = "ل" + rest
        if with_lam in LAM or len(rest) < 3 or (_is_word(with_lam) and not dictionary_form(rest)):
            return with_lam
        return rest
    if form[:1] in ("و", "ف") and len(form) >= 4:
        rest = form[1:]
        # Verbs are joined too: any form of the lexicon will do.
        if dictionary_form(rest) or rest in lexicon():
            return rest
        shorter = _without_preposition(rest)
        if shorter != rest:
            return shorter
        if dictionary_form(form):
            return form
        # Hardly a word of unknown letters starts with و.
        return rest if form[0] == "و" and len(rest) >= 4 else form
    return _without_preposition(form)


def _without_preposition(form: str) -> str:
    if form[:1] not in ("ب", "ل", "ك") or len(form) < 4 or _is_word(form) or _is_whole(form):
        return form
    rest = form[1:]
    if _is_lexeme(rest):
        return rest
    if dictionary_form(form):
        return form
    if dictionary_form(rest):
        return rest
    # ل goes before the imperfect too: ليكون.
    if form[0] == "ل" and rest[0] in "يتن" and rest in lexicon():
        return rest
    return form


def _is_lexeme(form: str) -> bool:
    """Whether the lexicon knows `form` as a noun, a name or a lemma."""
    entry = lexicon().entry(form)
    return NOUN in entry.notes or NAME in entry.notes or form in entry.lemmas


def _is_word(form: str) -> bool:
    """Whether the first letter of `form` is its own."""
    entry = lexicon().entry(form)
    if form in entry.lemmas or NAME in entry.notes:
        return True
    another = form[1:] in lexicon().entry(form[1:]).lemmas
    if any(lemma[:1] == form[:1] for lemma in entry.lemmas):
        return not (another and form.endswith(_DUAL))
    return NOUN in entry.notes and not another


def _is_whole(form: str) -> bool:
    """Whether `form` is a noun that starts with its first letter, with a pronoun or nisba: بيته, وبائي."""
    base = _without_pronoun(form) or _of_hamza(form)
    return base is not None and base[:1] == form[:1] and NOUN in lexicon().entry(base).notes


def _owns_article(form: str) -> bool:
    """Whether the ال of `form` is a part of it: التزام, التقى, المانيا for ألمانيا."""
    words = lexicon()
    rest, entry = form[2:], words.entry(form)
    if rest in entry.lemmas:
        return False
    if NAME in entry.notes or OWN_ARTICLE in words.entry(dictionary_form(form) or form).notes:
        return True
    return rest[:1] == "ت" and bool(entry.lemmas) and all(lemma[:3] == "الت" for lemma in entry.lemmas)
