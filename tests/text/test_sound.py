"""Sounds: which spellings of a name meet across scripts, and which names stay apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text import count_of, fold, long_vowels, sound, sounds
from archive.text.sound import LONGEST_KEY, MOST_KEYS

# Every spelling in a line is to meet every other one.
SPELLINGS = """
فؤاد حسين|فواد حسين|Fuad Hussein|Fouad Hussain|Fuad Husayn|Фуад Хусейн
محمد|Mohammed|Muhammad|Mohamed|Мухаммед|Мохаммад
الكاظمي|al-Kadhimi|Al Kazemi|Alkadhimi|Аль-Казыми|كاظمي
خالد|Khalid|Khaled|Халид
شهرستاني|Shahristani|Schahristani|Шахристани
جمال|Jamal|Gamal|Djamal|Джамаль
القذافي|Gaddafi|Qaddafi|Kadhafi|al-Gaddafi|Каддафи
قاسم|Qasim|Kasem|Gasem|Касим
ثامر|Thamer|Тамер
غسان|Ghassan|Gassan|Гассан
وليد|Walid|Waleed|Валид
جواد|Jawad|Javad|Джавад
رضا|Reza|Redha|Реза
رضا|Reda|Redha
طارق|Tariq|Tareq|Тарик
عبد المهدي|Abdul-Mahdi|Abdel Mahdi|Abd al-Mahdi|Abdulmahdi|عبدالمهدي|Абдул-Махди
نصر الله|Nasrallah|Nasr Allah|Насралла
عبد الله|عبدالله|Abdullah|Abdallah|Абдулла
السيسي|el-Sisi|as-Sisi|ас-Сиси
الشهري|ash-Shahri|аш-Шахри
صالح|Saleh|Salih|Салех
فاطمة|Fatima|Fatimah|Фатима
لافروف|Lavrov|Лавров
فلاديمير|Vladimir|Wladimir|Владимир
إيفانوف|Ivanov|Иванов
غورباتشوف|جورباتشوف|Gorbatchov|Горбачов
علي|Ali|Али
فرنسا|Fransa|Франса
"""


@pytest.mark.parametrize("line", SPELLINGS.split("\n")[1:-1])
def test_the_spellings_of_a_name_meet(line):
    spellings = line.split("|")
    for asked in spellings:
        for stored in spellings:
            assert meets(asked, stored), (asked, sounds(asked), stored, sounds(stored))


def meets(asked: str, stored: str) -> bool:
    """Whether every word asked for has a key among those stored, and there are as many words."""
    there = set(sound(stored).split())
    return all(set(keys) & there for keys in sounds(asked)) and count_of(sounds(asked)) in there


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("كمال", "جمال"),
        ("Kamal", "Jamal"),
        ("خالد", "حامد"),
        ("سمير", "شمير"),
        ("Salman", "Suleyman al-Hadi"),
        ("حسن", "محسن"),
        ("طارق", "صادق"),
        ("عمر", "عامر الباهر"),
        ("Putin", "Biden"),
    ],
)
def test_other_names_stay_apart(one, other):
    assert not meets(one, other)
    assert not meets(other, one)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("حسين", "hsn =1"),
        ("Fuad Hussein", "fd hsn =2"),
        ("Mustafa al-Kadhimi", "mstf kdm kzm =2"),
        ("ممدوح Mamdouh", "mdh md =2"),
        ("Aye", "a =1"),
        ("al", "l =1"),
        ("F-16", "f 16 =2"),
        ("Ελλάς", "ελασ =1"),
        ("…", ""),
        ("", ""),
    ],
)
def test_the_keys_of_a_name(text, expected):
    assert sound(text) == expected


@pytest.mark.parametrize(
    ("text", "times"),
    [("حسين", 1), ("Hussein", 1), ("Хусейн", 1), ("Kareem", 1), ("حسن", 0), ("Hassan", 0), ("Kadhimi", 2)],
)
def test_long_vowels_are_counted(text, times):
    assert long_vowels(fold(text)) == times


@given(st.text())
def test_any_text_has_sounds_that_a_query_can_quote(text):
    words = sounds(text)
    assert bool(words) == bool(fold(text))
    for keys in words:
        assert 1 <= len(keys) <= MOST_KEYS
        assert all(1 <= len(key) <= LONGEST_KEY + 1 for key in keys)
        assert not set("".join(keys)) & set(" '\\=:&|!()<>*")


@given(st.text(alphabet="وجغقهخvwcghj ال", max_size=40))
def test_what_is_spelt_in_many_ways_has_few_keys(text):
    assert all(len(keys) <= MOST_KEYS for keys in sounds(text))


@given(st.text())
def test_a_folded_name_sounds_as_the_name_does(text):
    assert sound(fold(text)) == sound(text)
