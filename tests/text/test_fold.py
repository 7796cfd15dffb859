"""The folded form of names: what meets, what stays apart, and that any text folds, once and for all."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        # Arabic
        ("فؤاد حسين", "فواد حسين"),
        ("أحمد إبراهيم آل ثاني", "احمد ابراهيم ال ثاني"),
        ("ٱلرحمٰن", "الرحمن"),
        ("مُحَمَّـــد", "محمد"),
        ("ليلى", "ليلي"),
        ("فاطمة", "فاطمه"),
        ("رائد هانئ", "رايد هاني"),
        ("بهاء", "بهاء"),
        ("ا\u0654حمد فو\u0654اد", "احمد فواد"),  # carriers typed as two code points
        # Presentation forms, as old encodings and PDF files have them
        ("ﻣﺤﻤﺪ", "محمد"),
        ("ﻋﺒﺪ ﷲ", "عبد الله"),
        ("ﻻجئ", "لاجي"),
        ("ﻵل", "لال"),
        ("م\ufe76حمد", "محمد"),  # an isolated fatha
        # Digits
        ("٠١٢٣٤٥٦٧٨٩ ۰۱۲۳۴۵۶۷۸۹", "0123456789 0123456789"),
        ("रेडियो ९", "रेडियो 9"),
        # Persian, Kurdish, Urdu and Maghrebi letters
        ("گپچژڤ", "كبجزف"),
        ("کریم", "كريم"),
        ("نێچیرڤان بارزانی", "نيجيرفان بارزاني"),
        ("هه\u200cولێر", "ههولير"),
        ("هەولێر", "ههولير"),
        ("ڨفصة", "قفصه"),
        # Invisible characters
        ("\u200fفؤاد\u200b \u202bحسين\u202c\ufeff", "فواد حسين"),
        ("Al\u00adKadhimi", "alkadhimi"),
        ("a\x00b\x07c\x7f", "abc"),
        ("a\ud800b", "ab"),
        # White space and punctuation
        ("  فؤاد \t\n حسين\u00a0", "فواد حسين"),
        ("بي إم بي – 3", "بي ام بي 3"),
        ("«إيلاف»، (لندن)", "ايلاف لندن"),
        ("أ.ف.ب", "ا ف ب"),
        ("Al-Kadhimi", "al kadhimi"),
        ("O'Brien O’Brien O`Brien O´Brien Oʼbrien", "obrien obrien obrien obrien obrien"),
        ("Sana'a Ṣanʿāʾ", "sanaa sana"),
        ("AT&T", "at t"),
        # Latin
        ("Émile Zoë Škoda Nguyễn", "emile zoe skoda nguyen"),
        ("E\u0301mile", "emile"),
        ("Straße STRASSE", "strasse strasse"),
        ("Łukasz Ørsted Æsir Đoković", "lukasz orsted aesir dokovic"),
        ("Işık IŞIK İstanbul ISTANBUL", "isik isik istanbul istanbul"),
        ("ＢＢＣ ﬁnance", "bbc finance"),
        # Cyrillic
        ("Фёдор ФЕДОР", "федор федор"),
        ("Сергей Е\u0308лкин", "сергей елкин"),
        ("Андрей АНДРЕЙ Андреи\u0306", "андрей андрей андрей"),
        ("Андре\u0301й", "андрей"),
        ("Київ Ки\u0456\u0308в", "київ київ"),
        # Others
        ("ΕΛΛΆΣ ελλάς", "ελλασ ελλασ"),
        ("שָׁלוֹם", "שלום"),
        # Nothing to go by
        ("", ""),
        ("—'\u200b!", ""),
    ],
)
def test_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_what_is_not_latin_is_decomposed_and_whole() -> None:
    """Vowel signs, voicing marks and syllables are letters, not ornament: they come apart, and stay."""
    for name in ("हिन्दी", "ガザ", "서울"):
        assert fold(name) == unicodedata.normalize("NFKD", name)
    assert fold("ガ") == fold("ｶﾞ") != fold("カ")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("علاء", "علا"),
        ("حسن", "حسين"),
        ("سعد", "سعيد"),
        ("عمر", "عمرو"),
        ("سالم", "سلام"),
        ("صالح", "صلاح"),
        ("عبد الله", "عبد الإله"),
        ("العراق", "عراق"),
        ("ذكي", "زكي"),
        ("ضياء", "ظياء"),
        ("Андрей", "Андреи"),
        ("Київ", "Киів"),
        ("Ali", "Aly"),
        ("Al-Kadhimi", "Alkadhimi"),
        ("قناة 3", "قناة 4"),
    ],
)
def test_kept_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_folding_a_character_twice_changes_nothing() -> None:
    """All of Unicode. Folding works character by character, so this is most of the proof for any text."""
    for code in range(sys.maxunicode + 1):
        if unicodedata.category(chr(code)) in ("Cn", "Co"):  # not assigned, or for private use
            continue
        once = fold(chr(code))
        assert fold(once) == once, hex(code)
        assert len(once) <= 18, hex(code)


# Marks of one script on letters of another are left to ANY.
SCRIPTS = st.one_of(
    *(
        st.text(
            st.one_of(st.characters(min_codepoint=first, max_codepoint=last), st.sampled_from(more)),
            max_size=20,
        )
        for first, last, more in [
            (0x600, 0x6FF, " \u200d\ufdfa\ufef5\ufe76\ufdf2"),
            (0x400, 0x45F, " \u0301\u0306\u0308\u0316\u200d"),
            (0x20, 0x17F, " \u0301\u0307\u0308\u0316\u200dßﬁ"),
        ]
    )
)
ANY = st.text(alphabet=st.characters(codec=None))


@given(st.one_of(SCRIPTS, ANY))
def test_folding_twice_changes_nothing(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded


@given(st.one_of(SCRIPTS, ANY))
def test_a_folded_text_can_be_stored(text: str) -> None:
    """PostgreSQL takes neither NUL nor lone surrogates; and a key has no stray white space."""
    folded = fold(text)
    folded.encode()
    assert "\x00" not in folded
    assert folded == " ".join(folded.split())


@given(SCRIPTS)
def test_composed_or_decomposed_is_the_same(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@given(st.one_of(SCRIPTS, ANY), st.one_of(SCRIPTS, ANY))
def test_words_fold_by_themselves(one: str, other: str) -> None:
    assert fold(f"{one} {other}") == f"{fold(one)} {fold(other)}".strip()


@pytest.mark.parametrize(("start", "folded"), [("ا", "ا"), ("a", "a"), ("и", "й"), ("か", "か"), ("", "")])
def test_a_million_marks_on_a_letter(start: str, folded: str) -> None:
    """Unicode normalisation is quadratic here: were it done on the whole, this would take many minutes."""
    assert fold(start + "\u0316\u0306" * 500_000) == folded
