"""What print attaches before an Arabic word: "and", "so", "in", "for", "like", and the article.

Many words have such letters of their own, so one comes off on evidence from the lexicon
(`lexicon.py`). Of words that it does not know, foreign names for the most part, the article and و
come off, and ل and ب where few names go on like that. All functions but `core` take and give folded
words (`letters.fold_letters`).
"""

import re
from typing import Final

from .letters import fold_letters
from .lexicon import NAME, NOUN, OWN_ARTICLE, known, look_up
from .stem import dictionary_form, of_hamza
from .words import APART, LAM

_VOWELS: Final = "اوي"
# The second letters of names that start with ل and ب: لافروف, برلسكوني, بلينكن, بنكيران.
_NAMES_GO_ON: Final = {"ل": _VOWELS, "ب": _VOWELS + "رلن"}
# A dual is often another word with a preposition: لبوتين is "for Putin", not two lionesses.
_DUAL: Final = ("تين", "تان")
_ARTICLE: Final = re.compile("([وف]?[بك]?)ال(?=.{3})")
_FOR_THE: Final = re.compile("[وف]?لل(?=.{2})")
_ANY_ARTICLE: Final = re.compile("^[وف]?(?:[بك]?ال|لل)")
_WAYS: Final = (_ANY_ARTICLE, re.compile("[وف]"), re.compile("[وف]?[بكل]"))
# أ and إ begin a word, and what is before them is attached: لأزمة is not لازمة. But for كأس and its like.
_BEFORE_HAMZA: Final = re.compile(
    "(?![وفبل]?(?:[بكف]أس|فأر|كآب)(?:ا|ه|ها|ة|ين|ان)?$)[وفبكل]{1,2}(?=إ|[أآ]..)"
)
# أل and إل are letters of the word: ألمانيا.
_OWN_ALEF: Final = re.compile("[وفبكل]{0,2}[أإآ]ل")


def core(word: str) -> str:
    """A word in normal form, folded, without what is attached before it."""
    if attached := _BEFORE_HAMZA.match(word):
        return fold_letters(word[attached.end() :])
    return _detach(fold_letters(word), article=not _OWN_ALEF.match(word))


def detached(beginning: str) -> list[str]:
    """What is left of the beginning of a word, folded, without what may be attached: of وبغدا also بغدا.

    Of an unfinished word the lexicon knows nothing, so every way to read it counts.
    """
    return [beginning[found.end() :] for way in _WAYS if (found := way.match(beginning))]


def without_article(beginning: str) -> str:
    """The beginning of a word, folded, without the article, and what is attached before that."""
    return _ANY_ARTICLE.sub("", beginning)


def _detach(form: str, *, article: bool) -> str:
    """`form` without conjunction, preposition and article. `article`: whether a bare ال may be one."""
    if article and (found := _ARTICLE.match(form)):
        attached, rest = found[1], form[found.end() :]
        for own in (form, form[1:])[: len(attached)]:
            if _keeps_first(own):
                return own  # بالغ, والدة, وباليستي
        # Before the article ف and ك are rare: فالنسيا, كالابريا.
        if attached[-1:] not in ("ف", "ك") or _is_known(rest):
            return "ال" + rest if _owns_article("ال" + rest) else rest
    if _keeps_first(form):
        return form
    if found := _FOR_THE.match(form):
        return _after_lam(form[found.end() :])
    # Names begin with في, but hardly an imperfect comes after ف: فينغر.
    if form[:1] in ("و", "ف") and len(form) >= 4 and form[:2] != "في":
        rest = _without_preposition(form[1:])
        # Verbs are joined too: any form of the lexicon will do.
        if rest != form[1:] or _is_known(rest):
            return rest
        # Of unknown words hardly one starts with و, but for names: ويليام.
        conjunction = form[0] == "و" and len(rest) >= 4 and rest[0] != "ي"
        return rest if conjunction and not _is_known(form) else form
    return _without_preposition(form)


def _after_lam(rest: str) -> str:
    """What لل stands before: the article and `rest`, or a word that starts with ل."""
    with_lam = "ل" + rest
    if with_lam in LAM or len(rest) < 3 or (_is_word(with_lam) and not _is_noun(rest)):
        return with_lam
    # Names: للافروف, للوكاشينكو.
    return with_lam if rest[0] in _VOWELS and not _is_known(rest) else rest


def _without_preposition(form: str) -> str:
    if form[:1] not in ("ب", "ل", "ك") or len(form) < 4 or _keeps_first(form):
        return form
    rest = form[1:]
    if _is_lexeme(rest):
        return rest
    if dictionary_form(form):
        return form
    if (found := dictionary_form(rest)) and _is_lexeme(found):
        return rest
    # ل goes before the imperfect too: ليكون.
    if form[0] == "ل" and rest[0] in "يتن" and known(rest):
        return rest
    # Of unknown words few start with ل or ب and such a letter: لترامب, بزيلينسكي; but بروكسل, لوكاكو.
    if len(rest) >= 4 and rest[0] not in _NAMES_GO_ON.get(form[0], rest) and not known(form):
        return rest
    return form


def _is_known(form: str) -> bool:
    return known(form) or dictionary_form(form) is not None


def _is_lexeme(form: str) -> bool:
    """Whether the lexicon knows `form` as a noun, a name or a lemma, imperfects aside: يدرس."""
    entry = look_up(form)
    return NOUN in entry.notes or NAME in entry.notes or (form in entry.lemmas and form[0] != "ي")


def _is_noun(form: str) -> bool:
    """Whether `form` is a name, or a noun that is its own lemma."""
    entry = look_up(form)
    return NAME in entry.notes or (NOUN in entry.notes and form in entry.lemmas)


def _keeps_first(form: str) -> bool:
    """Whether the first letter of `form` is its own."""
    return _is_word(form) or (_is_whole(form) and not _is_lexeme(form[1:]) and form not in APART)


def _is_word(form: str) -> bool:
    """Whether the lexicon has `form`, as a word of its first letter."""
    entry = look_up(form)
    if NAME in entry.notes:
        return True
    if form in APART or form.startswith("وو"):
        return False
    if form in entry.lemmas:
        return True
    another = form[1:] in look_up(form[1:]).lemmas
    if any(lemma[:1] == form[:1] for lemma in entry.lemmas):
        return not (another and form.endswith(_DUAL))
    return NOUN in entry.notes and not another


def _is_whole(form: str) -> bool:
    """Whether `form` is inflected of a word with its first letter: بيته, وبائي, وهراني."""
    base = dictionary_form(form) or of_hamza(form)
    if base and base != form and base[:1] == form[:1] and _is_lexeme(base):
        return True
    places = (form.removesuffix(nisba) for nisba in ("ي", "يه", "يون", "يين") if form.endswith(nisba))
    return any(_is_lexeme(place + ending) for place in places for ending in ("", "ا", "ه", "يا"))


def _owns_article(form: str) -> bool:
    """Whether the ال of `form` is a part of it: التزام, التقى, المانيا for ألمانيا."""
    rest, entry = form[2:], look_up(form)
    if rest in entry.lemmas:
        return False
    if NAME in entry.notes or OWN_ARTICLE in look_up(dictionary_form(form) or form).notes:
        return True
    return rest[:1] == "ت" and bool(entry.lemmas) and all(lemma[:3] == "الت" for lemma in entry.lemmas)
