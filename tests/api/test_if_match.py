"""A change says what it changes: `If-Match` is compared with the record as it stands, under its lock."""

import gzip
import re

import pytest

from archive.models import Person
from tests.api.problems import problem
from tests.api.resources import VIEWS
from tests.api.samples import SAMPLES
from tests.api.test_writes import address
from tests.factories import MentionFactory, PersonFactory, PersonNameFactory

pytestmark = pytest.mark.django_db

TAG = re.compile(r'"[0-9]+-[0-9]+-[0-9a-f]{32}"')


@pytest.fixture
def person() -> Person:
    return PersonFactory(slug="fuad-hussein", name="فؤاد حسين")


WHERE = "/api/v1/persons/fuad-hussein/"


def change(client, tag: str, **values):
    return client.patch(WHERE, values or {"description": "وزير"}, headers={"If-Match": tag})


@pytest.mark.parametrize("name", VIEWS)
def test_a_write_is_answered_with_the_tag_of_the_next_read(contributor, name):
    added = contributor.post(f"/api/v1/{name}/", SAMPLES[name].least())
    where = added["Location"]
    assert TAG.fullmatch(added["ETag"])
    assert contributor.get(where)["ETag"] == added["ETag"]
    changed = contributor.patch(where, SAMPLES[name].change, headers={"If-Match": added["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != added["ETag"]
    assert contributor.get(where)["ETag"] == changed["ETag"]
    problem(contributor.delete(where, headers={"If-Match": added["ETag"]}), 412)
    assert contributor.delete(where, headers={"If-Match": changed["ETag"]}).status_code == 204


def test_the_second_of_two_who_saw_the_same_is_told(contributor, person):
    tag = contributor.get(WHERE)["ETag"]
    assert change(contributor, tag, description="وزير").status_code == 200
    assert "If-Match" in problem(change(contributor, tag, description="نائب"), 412)["detail"]
    assert Person.objects.get().description == "وزير"


def test_a_part_that_changed_changed_the_record(contributor, person):
    tag = contributor.get(WHERE)["ETag"]
    PersonNameFactory(person=person)
    problem(change(contributor, tag), 412)


def test_what_others_say_of_a_record_is_no_change_of_it(contributor, person):
    mention = MentionFactory(country=None, person=person)
    where = f"/api/v1/articles/{mention.text.article_id}/"
    seen = contributor.get(where)
    MentionFactory(text=mention.text, start=50)
    now = contributor.get(where)
    assert (seen["ETag"] != now["ETag"], seen.json()["modified"]) == (True, now.json()["modified"])
    assert (
        contributor.patch(where, {"section": "سياسة"}, headers={"If-Match": seen["ETag"]}).status_code == 200
    )


def test_a_record_deleted_and_added_again_is_another(contributor):
    body = SAMPLES["persons"].least()
    first = contributor.post("/api/v1/persons/", body)["ETag"]
    contributor.delete(WHERE)
    contributor.post("/api/v1/persons/", body)
    problem(change(contributor, first), 412)


@pytest.mark.parametrize("query", ["fields=name", "omit=names", "evidence=accepted"])
def test_the_tag_of_any_answer_will_do(contributor, person, query):
    part = contributor.get(f"{WHERE}?{query}")
    assert TAG.fullmatch(part["ETag"])
    assert change(contributor, part["ETag"]).status_code == 200


def test_the_tag_of_a_packed_answer_will_do(contributor, person):
    for n in range(20):
        PersonNameFactory(person=person, text=f"فؤاد حسين {n}")
    packed = contributor.get(WHERE, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.content)
    assert packed["ETag"].endswith('-gzip"')
    answer = contributor.patch(
        WHERE, {"description": "x"}, headers={"If-Match": packed["ETag"], "Accept-Encoding": "gzip"}
    )
    assert answer.status_code == 200
    assert answer["Content-Encoding"] == "gzip"
    assert change(contributor, answer["ETag"], description="y").status_code == 200


@pytest.mark.parametrize("wanted", ["*", " * ", "{}", '"x", {}', '"x" ,\t{} , W/"y"', '{},"17-1"'])
def test_what_matches(contributor, person, wanted):
    assert change(contributor, wanted.format(contributor.get(WHERE)["ETag"])).status_code == 200


@pytest.mark.parametrize("wanted", ['"x"', '""', "W/{}", '"x", W/{}', '"0-0"', '"é"'])
def test_what_does_not(contributor, person, wanted):
    problem(change(contributor, wanted.format(contributor.get(WHERE)["ETag"])), 412)
    assert Person.objects.get().description == ""


@pytest.mark.parametrize("wanted", ["x", "", '"x', '"x" "y"', '"x",', "*, *", '"x", *'])
def test_what_is_no_tag(contributor, person, wanted):
    assert "If-Match" in problem(change(contributor, wanted), 400)["detail"]


def test_where_there_is_no_record_there_is_nothing_to_match(contributor):
    problem(change(contributor, "*"), 404)


def test_a_write_that_changes_nothing_keeps_the_tag(contributor, person):
    tag = contributor.get(WHERE)["ETag"]
    assert change(contributor, tag, name=person.name)["ETag"] == tag
    person.save()
    assert contributor.get(WHERE)["ETag"] == tag


class TestRequired:
    @pytest.fixture(autouse=True)
    def _required(self, settings):
        settings.ARCHIVE_REQUIRE_IF_MATCH = True

    def test_who_does_not_say_what_he_saw(self, contributor, person):
        for answer in (contributor.patch(WHERE, {"description": "x"}), contributor.delete(WHERE)):
            assert "If-Match" in problem(answer, 428)["detail"]
        assert Person.objects.get().description == ""

    def test_who_does(self, contributor, person):
        assert change(contributor, contributor.get(WHERE)["ETag"]).status_code == 200
        assert change(contributor, "*").status_code == 200

    def test_what_is_new_has_nothing_to_match(self, contributor):
        assert contributor.post("/api/v1/persons/", SAMPLES["persons"].least()).status_code == 201

    def test_who_may_not_change_it_is_told_that(self, anonymous, person):
        problem(anonymous.patch(WHERE, {}), 401)


@pytest.mark.parametrize("name", VIEWS)
def test_a_tag_that_reads_nothing_anew(anonymous, name):
    where = address(name, SAMPLES[name].add())
    tag = anonymous.get(where)["ETag"]
    for known in (tag, f"W/{tag}", f'{tag[:-1]}-gzip"'):
        assert anonymous.get(where, headers={"If-None-Match": known}).status_code == 304
    assert anonymous.get(where, headers={"If-None-Match": f'"{tag.split("-")[0]}"'}).status_code == 200


@pytest.mark.parametrize("body", [b"{", b'{"slug": 1}', b'{"nothing": ""}'])
def test_what_is_wrong_anyhow_is_told_first(contributor, person, body):
    headers = {"If-Match": '"1-1"'}
    answer = contributor.patch(WHERE, body, content_type="application/json", headers=headers)
    problem(answer, 400)
