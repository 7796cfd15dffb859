"""Arabic words: which share a Boolean term and which never may, stop words, and what ranks.

The groups and pairs stand in two files beside this one. They are what the analyser gets right, and is not to
lose: how much it gets right of words that nobody chose for it, `bench/conflation.py` says.
"""

from itertools import combinations
from pathlib import Path

import pytest

from archive.text import analyze


def rows(name: str) -> list[list[str]]:
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    return [line.split() for line in lines if line and not line.startswith("#")]


def searched(word: str) -> list[str]:
    return [token.term for token in analyze(word, "ar") if not token.ranking_only]


def ranked(word: str) -> set[str]:
    return {token.term for token in analyze(word, "ar") if token.ranking_only}


@pytest.mark.parametrize("group", rows("arabic_same.txt"), ids=lambda group: group[0])
def test_share_a_term(group: list[str]) -> None:
    first = searched(group[0])
    assert len(first) == 1
    assert [word for word in group if searched(word) != first] == []


@pytest.mark.parametrize(("one", "other"), rows("arabic_distinct.txt"))
def test_stay_apart(one: str, other: str) -> None:
    assert set(searched(one)).isdisjoint(searched(other))


# What PostgreSQL's and Lucene's analysers get wrong.
@pytest.mark.parametrize(
    "group",
    [
        "الوزير وزير والوزير لوزير بالوزير",
        "موسكو بموسكو لموسكو",
        "إيران الإيراني لإيران",
        "لبنان لبناني للبنان",
        "بغداد ببغداد",
        "حكومة الحكومه حكومات",
        "۲۰۲۱ ٢٠٢١ 2021",
        "ﻣﺤﻤﺪ محمد",
        "ﻻجئ لاجئ",
        "ﷲ الله",
        "رحمٰن رحمن",
        "کردی كردي",
    ],
)
def test_known_to_be_hard(group: str) -> None:
    assert len({tuple(searched(word)) for word in group.split()}) == 1


@pytest.mark.parametrize("words", list(combinations(("لبنان", "لبن", "بن", "علي", "على"), 2)))
def test_known_to_be_merged(words: tuple[str, str]) -> None:
    assert set(searched(words[0])).isdisjoint(searched(words[1]))


@pytest.mark.parametrize(
    "word", "في على إلى الى التى وفي فهذا بهذا لذلك كالتي إنّ لأن لان والذين عليهم الآن".split()
)
def test_stop_words(word: str) -> None:
    assert analyze(word, "ar") == []


@pytest.mark.parametrize("word", "علي أم الأم فهم بان فان وفد منى".split())
def test_no_stop_words(word: str) -> None:
    assert len(searched(word)) == 1


@pytest.mark.parametrize(
    "name",
    """
    بوتين بايدن بلينكن بروكسل بزشكيان كييف كيري كاظمي لافروف لوكاشينكو لندن وهان ويليام وارسو فينغر فيينا
    فالنسيا والتر باليستي كاليفورنيا صدام خامنئي
    """.split(),
)
def test_a_name_keeps_its_first_letter(name: str) -> None:
    assert searched(name)[0][0] == name[0]


# Names that no lexicon has, and may have next year.
@pytest.mark.parametrize(
    ("attached", "name"),
    [
        ("وزغلوبكين", "زغلوبكين"),
        ("لزغلوبكين", "زغلوبكين"),
        ("ولزغلوبكين", "زغلوبكين"),
        ("بزغلوبكين", "زغلوبكين"),
        ("لأغلوبكين", "أغلوبكين"),
        ("للوغلوبكو", "لوغلوبكو"),
        ("وبوغلوبكو", "بوغلوبكو"),
    ],
)
def test_what_is_attached_to_unknown_names(attached: str, name: str) -> None:
    assert searched(attached) == searched(name)


@pytest.mark.parametrize("name", "بوغلوبكو بروغلوبكو لوغلوبكو كغلوبكو فغلوبكو ويغلوبكو كالغلوبكو".split())
def test_unknown_names_keep_their_first_letter(name: str) -> None:
    assert searched(name)[0][0] == name[0]


@pytest.mark.parametrize(
    ("singular", "plural"),
    [
        ("صاروخ", "صواريخ"),
        ("زعيم", "زعماء"),
        ("حرب", "حروب"),
        ("قرية", "قرى"),
        ("مصرف", "مصارف"),
        ("شاعر", "شعراء"),
        ("قائد", "قادة"),
        ("سلاح", "أسلحة"),
    ],
)
def test_broken_plurals_meet_where_it_ranks(singular: str, plural: str) -> None:
    assert ranked(singular) & ranked(plural)


@pytest.mark.parametrize("word", ["الF16", "بـ5", "وNATO"])
def test_what_is_attached_to_other_scripts_comes_off(word: str) -> None:
    assert searched(word)[0].isascii()
