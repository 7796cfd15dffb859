"""Trees of queries against PostgreSQL: what its tsquery finds is what the tree says."""

from itertools import pairwise

import pytest
from django.contrib.postgres.search import SearchVectorField
from django.db import connection
from django.db.models import Value
from django.db.models.functions import Cast
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archive.models import Article
from archive.search.matching import marks
from archive.search.nodes import And, Near, Node, Not, Or, Phrase, Title, Word
from archive.search.tsquery import by_index, candidates, lexeme, narrowed, to_tsquery
from archive.search.vectors import pair
from tests.factories import ArticleFactory

ALPHABET = ("kilo", "kilometre", "lima", "mike")

# --- Trees and texts ------------------------------------------------------------------

# A text is its words, in order: a term of the alphabet, and whether it is in the title.
texts = st.lists(st.tuples(st.sampled_from(ALPHABET), st.booleans()), max_size=12)


@st.composite
def words(draw: st.DrawFn) -> Word:
    terms = draw(st.lists(st.sampled_from(ALPHABET), min_size=1, max_size=2, unique=True))
    prefixes = draw(st.sampled_from([(), (), ("kil",)]))
    return Word(terms[0], 0, tuple(terms), prefixes)


@st.composite
def phrases(draw: st.DrawFn) -> Phrase:
    found, offset = [], 0
    for word in draw(st.lists(words(), min_size=1, max_size=3)):
        found.append(Word(word.text, offset, word.terms, word.prefixes))
        offset += draw(st.sampled_from([1, 1, 2]))
    return Phrase(tuple(found))


sides = st.lists(phrases(), min_size=1, max_size=3).map(tuple)
nears = st.builds(Near, sides, sides, st.integers(1, 3))
trees = st.recursive(
    st.one_of(phrases(), nears),
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts))),
        st.builds(Not, inner),
        st.builds(Title, inner, st.just(0)),
    ),
    max_leaves=6,
)

# --- What a tree means, in Python -----------------------------------------------------


def stands(word: Word, text: list, position: int, in_title: bool) -> bool:
    if not 0 <= position < len(text):
        return False
    term, titled = text[position]
    return (titled or not in_title) and (term in word.terms or term.startswith(word.prefixes))


def places(phrase: Phrase, text: list, in_title: bool) -> list[tuple[int, int]]:
    """The positions of the first and the last word, wherever the phrase stands."""
    return [
        (start, start + phrase.words[-1].offset)
        for start in range(len(text))
        if all(stands(word, text, start + word.offset, in_title) for word in phrase.words)
    ]


def holds(node: Node, text: list, in_title: bool = False) -> bool:
    match node:
        case Phrase():
            return bool(places(node, text, in_title))
        case Near(left, right, distance):
            lefts = [place for phrase in left for place in places(phrase, text, in_title)]
            rights = [place for phrase in right for place in places(phrase, text, in_title)]
            return any(
                1 <= b[0] - a[1] <= distance or 1 <= a[0] - b[1] <= distance for a in lefts for b in rights
            )
        case And(parts):
            return all(holds(part, text, in_title) for part in parts)
        case Or(parts):
            return any(holds(part, text, in_title) for part in parts)
        case Not(part):
            return not holds(part, text, in_title)
        case Title(part):
            return holds(part, text, True)
    raise AssertionError(node)


# --- Against PostgreSQL ---------------------------------------------------------------


def answers(vector: str, query: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [vector, query])
        return cursor.fetchone()[0]


def vector_of(text: list) -> str:
    """The vector as the archive has it: terms with their places, and the pairs of those side by side."""
    lexemes = [
        f"{lexeme(term, in_title=in_title)}:{position}"
        for position, (term, titled) in enumerate(text, 1)
        for in_title in {False, titled}
    ]
    pairs = {pair(first, second) for (first, _), (second, _) in pairwise(text)}
    return " ".join([*lexemes, *map(lexeme, pairs)])


@pytest.mark.django_db
@given(tree=trees, text=texts)
def test_a_tsquery_finds_what_its_tree_says(tree, text):
    assert answers(vector_of(text), to_tsquery(tree)) == holds(tree, text)


def word(*terms: str, offset: int = 0) -> Word:
    return Word(terms[0], offset, terms)


KILO_LIMA = Phrase((word("kilo"), word("lima", offset=1)))


@pytest.mark.django_db
@settings(max_examples=300)
@given(tree=trees, text=texts)
@example(KILO_LIMA, [("kilo", False), ("lima", False)])
@example(Title(KILO_LIMA, 0), [("kilo", True), ("lima", True)])
@example(Not(KILO_LIMA), [("lima", False), ("kilo", False)])
def test_an_index_finds_at_least_what_the_tree_says(tree, text):
    found = candidates(tree)
    # Many trees hold of few texts: all are tried, and most say nothing.
    if found is not None and holds(tree, text):
        assert answers(vector_of(text), found)


@pytest.mark.django_db
@given(tree=trees, text=texts)
def test_narrowing_changes_nothing(tree, text):
    assert answers(vector_of(text), narrowed(tree)) == holds(tree, text)


@pytest.mark.django_db
@settings(max_examples=300)
@given(tree=trees, text=texts)
def test_what_an_index_answers_by_itself_is_looked_up_as_it_is(tree, text):
    if by_index(tree):
        assert answers(vector_of(text), candidates(tree)) == holds(tree, text)


@pytest.mark.django_db
def test_a_phrase_is_looked_up_by_its_pairs():
    apart = [("kilo", False), ("mike", False), ("lima", False)]
    assert answers(vector_of(apart), "'kilo' & 'lima'")
    assert not answers(vector_of(apart), candidates(KILO_LIMA))


def test_what_stands_in_no_phrase_is_not_looked_up():
    assert candidates(Not(KILO_LIMA)) is None
    assert candidates(Or((KILO_LIMA, Not(KILO_LIMA)))) is None
    assert candidates(And((KILO_LIMA, Not(KILO_LIMA)))) == candidates(KILO_LIMA)
    assert narrowed(Not(KILO_LIMA)) == to_tsquery(Not(KILO_LIMA))


@pytest.mark.django_db
def test_phrases_of_several_widths_on_one_side_of_near():
    """PostgreSQL takes the end of an OR for that of its widest phrase, where both of them stand."""
    kilo, lima, mike = (Phrase((Word(term, 0, (term,)),)) for term in ("kilo", "lima", "mike"))
    pair = Phrase((*lima.words, Word("lima", 1, ("lima",))))
    vector = "'kilo':1 'mike':2 'lima':4,5"
    assert not answers(vector, "('kilo' | ('lima' <-> 'lima')) <-> 'mike'")
    assert answers(vector, to_tsquery(Near((kilo, pair), (mike,), 1)))


@pytest.mark.django_db
@given(left=sides, right=sides, text=texts)
def test_near_is_symmetric(left, right, text):
    vector = vector_of(text)
    there, back = to_tsquery(Near(left, right, 2)), to_tsquery(Near(right, left, 2))
    assert answers(vector, there) == answers(vector, back)


@given(unit=st.one_of(phrases(), nears), text=texts)
def test_a_text_is_marked_where_its_tree_holds(unit, text):
    plain = " ".join(term for term, _titled in text)
    assert bool(marks(plain, "und", [unit])) == holds(unit, text)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "term",
    [
        "'",
        "''",
        "\\",
        "\\'",
        "'\\",
        "a b",
        "a:*",
        "' | 'x",
        "!x",
        "(",
        "<->",
        "a\nb",
        "؛",
        "'); DROP TABLE archive_article; --",
    ],
)
def test_hostile_terms_are_terms(term):
    assert answers(f"{lexeme(term)}:1", lexeme(term))
    assert not answers("'x':1", lexeme(term))
    titled = lexeme(term, in_title=True)
    assert answers(f"{lexeme(term)}:1 {titled}:1", f"({titled} & {lexeme(term, prefix=True)})")


@pytest.mark.django_db
@given(
    term=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=20)
)
def test_any_term_is_a_term(term):
    assert answers(f"{lexeme(term)}:1", f"({lexeme(term)} & !{lexeme(term + 'x')})")


@pytest.mark.django_db
def test_the_lookup_compares_a_vector_with_a_tsquery():
    ArticleFactory()
    articles = Article.objects.annotate(vector=Cast(Value("'وزير':1 'عراق':2"), SearchVectorField()))
    assert articles.filter(vector__matches="('وزير' <1> 'عراق')").exists()
    assert not articles.filter(vector__matches="'100%'").exists()
    assert not articles.filter(vector__matches="!'وزير'").exists()
