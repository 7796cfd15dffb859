"""An article's evidence as Web Annotations: spans, what they name, and words only for who may read them."""

import pytest

from archive.text import sha256_hex
from tests import factories as make
from tests.api.conftest import client_of, user_with
from tests.api.contract import answers
from tests.api.problems import parameters, problem

pytestmark = pytest.mark.django_db

HOST = "http://testserver/api/v1"
# The letter with four bytes is one code point: positions after it tell bytes, UTF-16 and code points apart.
BODY = "𐎠 التقى وزير الخارجية فؤاد حسين نظيره في موسكو، وتحدثا عن العراق طويلا قبل أن يعود إلى بغداد."
PERSON, COUNTRY, REPORT = "فؤاد حسين", "العراق", "التقى وزير الخارجية فؤاد حسين نظيره في موسكو"


def span(words: str) -> dict:
    start = BODY.index(words)
    return {"start": start, "end": start + len(words)}


@pytest.fixture
def article():
    """An article with a body, of which two mentions and a citation are known."""
    text = make.ArticleTextFactory(body=BODY)
    make.MentionFactory(
        text=text, surface=PERSON, **span(PERSON), person=make.PersonFactory(slug="fuad-hussein")
    )
    make.MentionFactory(
        text=text,
        surface=COUNTRY,
        **span(COUNTRY),
        country=make.CountryFactory(code="ZZIQ"),
        status="suggested",
    )
    make.CitationFactory(text=text, **span(REPORT), event=make.EventFactory(slug="talks-in-moscow"))
    return text.article


def where(article) -> str:
    return f"/api/v1/articles/{article.pk}/annotations/"


def annotations(client, article, **query) -> list[dict]:
    """All of them, page by page."""
    answer = client.get(where(article), query)
    page, found = answer.json()["first"], []
    while True:
        found += page["items"]
        if "next" not in page:
            return found
        answer = client.get(page["next"])
        answers(answer)
        page = answer.json()


def quotes(items: list[dict]) -> list[dict]:
    return [
        selector
        for item in items
        for selector in item["target"]["selector"]
        if selector["type"] == "TextQuoteSelector"
    ]


def test_a_collection_with_its_first_page(anonymous, article):
    answer = anonymous.get(where(article))
    answers(answer)
    assert answer["Content-Type"] == 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
    body = answer.json()
    assert body["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    assert (body["id"], body["type"], body["total"]) == (
        f"http://testserver{where(article)}",
        "AnnotationCollection",
        3,
    )
    assert body["first"]["type"] == "AnnotationPage"
    page = anonymous.get(body["first"]["id"]).json()
    assert page["items"] == body["first"]["items"]
    assert (page["type"], page["partOf"]) == ("AnnotationPage", body["id"])


def test_each_says_where_it_is_and_what_it_names_in_the_order_of_the_text(anonymous, article):
    report, person, country = annotations(anonymous, article)
    assert [item["body"] for item in (report, person, country)] == [
        {"type": "SpecificResource", "source": f"{HOST}/events/talks-in-moscow/", "purpose": "linking"},
        {"type": "SpecificResource", "source": f"{HOST}/persons/fuad-hussein/", "purpose": "identifying"},
        {"type": "SpecificResource", "source": f"{HOST}/countries/ZZIQ/", "purpose": "identifying"},
    ]
    assert [item["motivation"] for item in (report, person, country)] == ["linking", *["identifying"] * 2]
    assert [item["status"] for item in (report, person, country)] == ["accepted", "accepted", "suggested"]
    mention = article.mentions.get(person__slug="fuad-hussein")
    assert person["id"] == f"http://testserver{where(article)}#mention-{mention.pk}"
    assert person["target"] == {
        "type": "SpecificResource",
        "source": f"urn:sha256:{sha256_hex(BODY)}",
        "scope": f"{HOST}/articles/{article.pk}/",
        "selector": [{"type": "TextPositionSelector", **span(PERSON)}],
    }


def test_what_names_nobody_yet_proposes_a_name(anonymous):
    mention = make.MentionFactory(proposed_name="فؤاد حسين", status="suggested")
    [item] = annotations(anonymous, mention.article)
    assert item["body"] == {"type": "TextualBody", "value": "فؤاد حسين", "purpose": "identifying"}


def test_a_fact_without_an_address_is_shown_by_another(anonymous):
    text = make.ArticleTextFactory()
    part = make.ParticipationFactory()
    office, link, succession = make.OfficeFactory(), make.EventLinkFactory(), make.SuccessionFactory()
    for start, fact in enumerate(
        ({"participation": part}, {"office": office}, {"link": link}, {"succession": succession})
    ):
        make.CitationFactory(text=text, start=start, **fact)
    assert [item["body"]["source"] for item in annotations(anonymous, text.article)] == [
        f"{HOST}/events/{part.event.slug}/#participation-{part.pk}",
        f"{HOST}/persons/{office.person.slug}/#office-{office.pk}",
        f"{HOST}/events/{link.event.slug}/#link-{link.pk}",
        f"{HOST}/countries/{succession.predecessor.code}/#succession-{succession.pk}",
    ]
    for item in annotations(anonymous, text.article):
        assert anonymous.get(item["body"]["source"].split("#")[0]).status_code == 200


class TestWords:
    """The words of a text are its publisher's."""

    def test_who_may_read_texts_gets_them_with_what_is_around(self, article):
        found = quotes(annotations(client_of(user_with("read_text")), article))
        assert [quote["exact"] for quote in found] == [REPORT, PERSON, COUNTRY]
        for quote in found:
            assert quote["prefix"] + quote["exact"] + quote["suffix"] in BODY
            assert len(quote["suffix"]) == 32 or BODY.endswith(quote["exact"] + quote["suffix"])
        assert found[0]["prefix"] == "𐎠 "
        assert len(found[2]["prefix"]) == 32

    def test_nobody_else_does(self, article, anonymous, editor):
        every = user_with("add_review", "view_article", "view_articletext", "view_mention", "change_article")
        for client in (anonymous, editor, client_of(every)):
            assert quotes(annotations(client, article)) == []
            said = client.get(where(article)).content.decode()
            assert not [word for word in BODY.split() if len(word) > 3 and word in said]

    def test_a_text_that_is_not_held_has_none(self):
        mention = make.MentionFactory()
        assert quotes(annotations(client_of(user_with("read_text")), mention.article)) == []

    def test_each_version_of_a_text_is_quoted_by_itself(self, article):
        other = make.ArticleTextFactory(article=article, body="زار العراق")
        make.MentionFactory(text=other, start=4, surface=COUNTRY)
        found = annotations(client_of(user_with("read_text")), article)
        assert found[-1]["target"]["source"] == f"urn:sha256:{other.sha256}"
        assert quotes(found)[-1] == {
            "type": "TextQuoteSelector",
            "exact": COUNTRY,
            "prefix": "زار ",
            "suffix": "",
        }


def test_what_is_rejected_is_not_there_for_anybody(anonymous, editor, article):
    article.mentions.filter(person__isnull=False).update(status="rejected")
    event = article.citations.get().event
    event.status = "rejected"
    event.save()
    for client in (anonymous, editor):
        assert [item["body"]["source"] for item in annotations(client, article)] == [
            f"{HOST}/countries/ZZIQ/"
        ]
        assert client.get(where(article)).json()["total"] == 1


def test_accepted_evidence_alone(anonymous, article):
    found = annotations(anonymous, article, evidence="accepted")
    assert {item["status"] for item in found} == {"accepted"}
    assert len(found) == 2
    body = anonymous.get(where(article), {"evidence": "accepted", "page_size": 1}).json()
    assert body["total"] == 2
    assert body["id"].endswith("?evidence=accepted&page_size=1")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 200])
def test_its_pages_show_each_once(anonymous, size):
    text = make.ArticleTextFactory()
    other = make.ArticleTextFactory(article=text.article)
    for n in range(4):
        for version in (text, other):
            # Several at one place, of both kinds.
            make.MentionFactory(text=version, start=n // 2)
            make.CitationFactory(text=version, start=n // 2)
    expected = [(row.text_id, row.start, "citation", row.pk) for row in text.article.citations.all()]
    expected += [(row.text_id, row.start, "mention", row.pk) for row in text.article.mentions.all()]
    found = annotations(anonymous, text.article, page_size=size)
    assert [item["id"].split("#")[1] for item in found] == [
        f"{kind}-{pk}" for _text, _start, kind, pk in sorted(expected)
    ]


def test_a_page_costs_the_same_whatever_is_on_it(article, django_assert_max_num_queries):
    client = client_of(user_with("read_text"))
    for n in range(30):
        make.MentionFactory(text=article.texts.get(), start=n, end=n + 6)
        make.CitationFactory(text=article.texts.get(), start=n, end=n + 9, office=make.OfficeFactory())
    with django_assert_max_num_queries(10):
        assert len(client.get(where(article), {"page_size": 200}).json()["first"]["items"]) == 63


def test_an_article_without_evidence(anonymous):
    body = anonymous.get(where(make.ArticleFactory())).json()
    assert (body["total"], body["first"]["items"]) == (0, [])


@pytest.mark.parametrize("key", ["0", "abc", "1.5", "٣", "9" * 30, "%00"])
def test_an_article_that_is_none(anonymous, key):
    problem(anonymous.get(f"/api/v1/articles/{key}/annotations/"), 404)


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({"page_size": "201"}, "page_size"),
        ({"page_size": "٣"}, "page_size"),
        ({"cursor": "x"}, "cursor"),
        ({"cursor": ""}, "cursor"),
        ({"evidence": "rejected"}, "evidence"),
        ({"evidence": ["all", "accepted"]}, "evidence"),
        ({"fields": "id"}, "fields"),
        ({"count": "true"}, "count"),
        ({"حالة": "x"}, "حالة"),
    ],
)
def test_what_it_does_not_know(anonymous, article, query, wrong):
    assert parameters(anonymous.get(where(article), query)).keys() == {wrong}


def test_a_cursor_of_another_article_or_list(anonymous, article):
    other = make.MentionFactory().article
    foreign = anonymous.get(where(other)).json()["first"]["id"].split("cursor=")[1]
    assert "another" in parameters(anonymous.get(f"{where(article)}?cursor={foreign}"))["cursor"]
    listed = anonymous.get("/api/v1/mentions/?page_size=1").json()["next"].split("cursor=")[1]
    assert "another" in parameters(anonymous.get(f"{where(article)}?cursor={listed}"))["cursor"]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", "application/ld+json"),
        ("application/ld+json", "application/ld+json"),
        ('application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"', "application/ld+json"),
        ("application/json", "application/json"),
        ("application/json, application/ld+json;q=0.5", "application/json"),
        ("application/ld+json;q=0.1, application/json;q=0.9", "application/json"),
        ("application/json;q=0.9, */*;q=0.1", "application/json"),
        ("application/json;q=0, */*", "application/ld+json"),
        ("application/ld+json;q=0.1, */*", "application/json"),
        ("text/html, */*;q=0.8", "application/ld+json"),
    ],
)
def test_it_is_json_ld_or_json(anonymous, article, accept, expected):
    answer = anonymous.get(where(article), HTTP_ACCEPT=accept)
    assert answer.status_code == 200
    assert answer["Content-Type"].split(";")[0] == expected


def test_it_is_read_like_the_others(anonymous, article, settings):
    problem(anonymous.get(where(article), HTTP_ACCEPT="text/html"), 406)
    problem(client_of(make.UserFactory(is_superuser=True)).post(where(article), {}), 405)
    assert anonymous.options(where(article)).json()["parameters"] == ["cursor", "evidence", "page_size"]
    head, get = (getattr(anonymous, method)(where(article)) for method in ("head", "get"))
    assert (head["ETag"], head.content) == (get["ETag"], b"")
    assert anonymous.get(where(article), HTTP_IF_NONE_MATCH=get["ETag"]).status_code == 304
    settings.ANONYMOUS_READ = False
    problem(anonymous.get(where(article)), 401)
