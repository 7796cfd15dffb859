"""What queries mean: each construct, what binds tighter, and how words are read."""

import re
from pathlib import Path

import pytest
from django.core.management import call_command

from archive.search.parsing import parse_tree
from archive.search.query import parse
from archive.text.tokens import CONTROL

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "search.md"


def meaning(query: str) -> str:
    return parse(query).tsquery


@pytest.mark.parametrize(
    ("query", "same"),
    [
        ("وزير موسكو", "'وزير' & 'موسكو'"),
        ("وزير AND موسكو", "'وزير' & 'موسكو'"),
        ("وزير OR موسكو", "'وزير' | 'موسكو'"),
        ("وزير OR موسكو طهران", "'وزير' | ('موسكو' & 'طهران')"),
        ("وزير OR موسكو AND طهران", "'وزير' | ('موسكو' & 'طهران')"),
        ("(وزير OR موسكو) طهران", "('وزير' | 'موسكو') & 'طهران'"),
        ("طهران(وزير OR(موسكو))", "'طهران' & ('وزير' | 'موسكو')"),
        ("وزير موسكو طهران", "'وزير' & 'موسكو' & 'طهران'"),
        ("(وزير موسكو) (طهران حرب)", "'وزير' & 'موسكو' & 'طهران' & 'حرب'"),
        ("وزير NOT موسكو طهران", "'وزير' & !'موسكو' & 'طهران'"),
        ("وزير AND NOT موسكو", "'وزير' & !'موسكو'"),
        ("وزير -موسكو OR طهران", "('وزير' & !'موسكو') | 'طهران'"),
        ("وزير -(موسكو OR طهران)", "'وزير' & !('موسكو' | 'طهران')"),
        ('وزير -"موسكو طهران"', "'وزير' & !('موسكو' <1> 'طهران')"),
        ("--وزير", "'وزير'"),
        ("NOT NOT وزير", "'وزير'"),
        ("-(-(وزير))", "'وزير'"),
        ('"وزير موسكو"', "'وزير' <1> 'موسكو'"),
        ("“وزير موسكو”", "'وزير' <1> 'موسكو'"),
        ("«وزير موسكو»", "'وزير' <1> 'موسكو'"),
        ('"NEAR"', "'near'"),
        ('"(وزير) - NEAR: موسكو*"', "'وزير' <1> 'near' <1> 'موسكو'"),
        ("covid-19", "'covid' <1> '19'"),
        ("10:30", "'10' <1> '30'"),
        ("خبر: موسكو", "'خبر' & 'موسكو'"),
        ("“https://x9.com/a1”", "('https' | 'https') <1> 'x9' <1> 'com' <1> 'a1'"),
        ("title:وزير", "'^وزير'"),
        ('title:"وزير موسكو"', "'^وزير' <1> '^موسكو'"),
        ("title:(وزير -موسكو) طهران", "('^وزير' & !'^موسكو') & 'طهران'"),
        ("-title:وزير موسكو", "!'^وزير' & 'موسكو'"),
        ("title:صحا*", "'^صحا' | '^صحا':*"),
        ("صحا*", "'صحا' | 'صحا':*"),
        ("covid-19abc*", "'covid' <1> ('19abc' | '19abc':*)"),
        ("٢٠٢١", "'2021'"),
        ("وزير\u200f \u202bOR\u202c \u2067موسكو\u2069", "'وزير' | 'موسكو'"),
        ("ORAL NEARBY", "'oral' & ('nearbi' | 'nearby')"),
        ("or", None),
    ],
)
def test_a_query_means(query, same):
    if same is None:
        with pytest.raises(Exception, match="common"):
            meaning(query)
    else:
        assert plain(meaning(query)) == plain(same)


def plain(tsquery: str) -> str:
    """Without the parentheses that change nothing here."""
    return re.sub(r"^\((.*)\)$", r"\1", re.sub(r"\(('[^']*')(?: \| \1)?\)", r"\1", tsquery))


def test_near_is_every_distance_in_both_orders():
    assert meaning("وزير NEAR/2 موسكو") == (
        "(('وزير' <1> 'موسكو') | ('وزير' <2> 'موسكو') | ('موسكو' <1> 'وزير') | ('موسكو' <2> 'وزير'))"
    )
    assert meaning("وزير NEAR/٢ موسكو") == meaning("وزير NEAR/2 موسكو")


def test_near_binds_tighter_than_and_and_or():
    near = meaning("وزير NEAR/2 موسكو")
    assert meaning("طهران وزير NEAR/2 موسكو حرب") == f"('طهران' & {near} & 'حرب')"
    assert meaning("طهران OR وزير NEAR/2 موسكو") == f"('طهران' | {near})"
    assert meaning("title:(وزير NEAR/2 موسكو)") == re.sub(r"'(?=\w)", "'^", near)


@pytest.mark.parametrize(
    "side", ["طهران", "طهر*", '"طهران اليوم"', '(طهران OR "حرب اليوم" OR سلام*)', "((طهران))"]
)
def test_near_takes_words_prefixes_phrases_and_choices_of_them(side):
    assert parse(f"{side} NEAR/3 موسكو").tsquery
    assert parse(f"موسكو NEAR/3 {side}").tsquery


@pytest.mark.parametrize(
    ("query", "same"),
    [
        ("the war", "war"),
        ("war OR the", "war"),
        ("war -the", "war"),
        ("title:the war", "war"),
        ("(the OR of) war", "war"),
        ('"the war of"', "war"),
    ],
)
def test_stop_words_drop_out(query, same):
    assert meaning(query) == meaning(same)


def test_a_stop_word_in_a_phrase_leaves_its_gap():
    assert meaning('"war in the Iraq"') == "('war' <3> 'iraq')"


def test_a_word_is_read_with_rules_and_without():
    query = parse('Ministers "the Ministers" visit* -wars министры')
    assert [(word.text, word.terms) for word in query.terms] == [
        ("Ministers", ("minist", "ministers")),
        ("Ministers", ("minist", "ministers")),
        ("visit", ("visit",)),
        ("министры", ("министр", "министры")),
    ]
    assert query.ranking_terms() == ["minist", "ministers", "r:minis", "министр", "министры", "r:минис"]


def test_a_prefix_is_looked_for_as_typed_and_as_its_stem():
    assert meaning("Ministe*") == "('minist' | 'ministe' | 'ministe':*)"
    assert meaning("happy*") == "('happi' | 'happy' | 'happy':* | 'happi':*)"


def test_invisible_characters_are_spaces_between_words():
    for code in range(0x110000):
        if re.match(f"[{CONTROL}]", chr(code)):
            assert (
                meaning(f"{chr(code)}وزير{chr(code)} {chr(code)}OR{chr(code)} موسكو") == "('وزير' | 'موسكو')"
            )


def test_joiners_inside_a_word_stay():
    assert len(parse("می\u200cخواهم").terms) == 1


def test_a_tree_that_nests_as_deep_as_it_may():
    query = "".join(f"({letter} OR -(" for letter in "بتثجحخدذرز") + "س" + ")" * 20
    assert parse(query).tsquery.count("!") == 10
    parse_tree(query)


def test_the_examples_of_the_document(db):
    """Every one of them is a query, and names what the fixtures hold."""
    call_command("loaddata", "countries", "elaph", verbosity=0)
    text = DOCUMENT.read_text(encoding="utf-8")
    examples = re.findall(r"^```query\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    lines = [line for block in examples for line in block.splitlines()]
    assert len(lines) > 20
    for line in lines:
        parse(line)


@pytest.mark.parametrize(
    ("typed", "begins"),
    [("وبغدا*", "بغدا"), ("ولافر*", "لافر"), ("للوزار*", "وزار"), ("بالوزار*", "وزار"), ("الوزي*", "وزي")],
)
def test_an_unfinished_word_is_looked_for_without_what_may_be_attached(typed, begins):
    (word,) = parse(typed).terms
    assert begins in word.prefixes


def test_a_lone_conjunction_asks_for_nothing():
    assert meaning("بغداد و موسكو") == meaning("بغداد موسكو")


def test_punctuation_after_a_quote_is_none_of_the_query():
    assert meaning("«بغداد»، موسكو") == meaning("«بغداد» موسكو")
