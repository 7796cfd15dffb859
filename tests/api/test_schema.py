"""The contract: the schema is current and whole, and writes and their answers are what it says."""

import re

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.api.conftest import client_of, user_with
from tests.api.contract import answers, schema, takes
from tests.api.resources import VIEWS
from tests.api.samples import SAMPLES
from tests.factories import ArticleTextFactory, MentionFactory
from tests.tools.schema import SNAPSHOT, difference, make


def test_the_snapshot_is_current():
    # Anything that the generator warns of, and an invalid schema, fail inside.
    changed = difference(make())
    assert not changed, f"{changed}\nrun: python -m tests.tools.schema, and look at its diff"


def test_it_is_made_the_same_each_time():
    assert make() == make()


def test_it_has_a_sane_size():
    assert len(SNAPSHOT.read_text(encoding="utf-8").splitlines()) < 14_000


def test_each_component_is_a_json_schema():
    for component in schema()["components"]["schemas"].values():
        Draft202012Validator.check_schema(component)


def test_every_parameter_says_what_it_does():
    for path, methods in schema()["paths"].items():
        for method, operation in methods.items():
            for parameter in operation.get("parameters", ()):
                said = parameter.get("description") or parameter["schema"].get("description", "")
                assert len(said) > 8, (method, path, parameter["name"])


@pytest.mark.parametrize("name", VIEWS)
def test_every_parameter_is_there(name):
    listed = {parameter["name"] for parameter in schema()["paths"][f"/api/v1/{name}/"]["get"]["parameters"]}
    assert listed == set(VIEWS[name](action="list").parameters())


@pytest.mark.parametrize(
    ("name", "action", "path"),
    [
        ("articles", "facets", "articles/facets/"),
        ("articles", "timeline", "articles/timeline/"),
        ("persons", "related", "persons/{slug}/related/"),
        ("countries", "related", "countries/{code}/related/"),
    ],
)
def test_every_parameter_of_a_count_is_there(name, action, path):
    listed = {one["name"] for one in schema()["paths"][f"/api/v1/{path}"]["get"]["parameters"]}
    assert listed - {"slug", "code"} == set(VIEWS[name](action=action).parameters())


def test_a_problem_is_described_once():
    text = SNAPSHOT.read_text(encoding="utf-8")
    assert text.count("JSON pointer to what is wrong") == 1
    for path, methods in schema()["paths"].items():
        for method, operation in methods.items():
            assert {"400", "401", "403", "503"} <= operation["responses"].keys(), (method, path)


def test_it_says_nothing_of_bodies_but_where_they_are_read_and_written():
    named = {
        name
        for name, found in schema()["components"]["schemas"].items()
        if "body" in found.get("properties", {})
    }
    # An annotation's body, so the standard, is the record that it names.
    assert named - {"Annotation"} == {"Body", "TextChildRequest"}


@pytest.mark.django_db
@pytest.mark.parametrize("name", VIEWS)
def test_writes(contributor, name):
    sample = SAMPLES[name]
    least = sample.least()
    takes("POST", f"/api/v1/{name}/", least)
    takes("PATCH", f"/api/v1/{name}/x/", sample.change)
    added = contributor.post(f"/api/v1/{name}/", least)
    where = added["Location"]
    for response in (
        added,
        contributor.patch(where, sample.change),
        contributor.patch(where, {}, HTTP_IF_MATCH="*"),
        contributor.patch(where, {"nonsense": 1}),
        contributor.post(f"/api/v1/{name}/", {}),
        contributor.post(f"/api/v1/{name}/", {**least, **sample.change}),
        contributor.generic("POST", f"/api/v1/{name}/", b"x", content_type="text/plain"),
        contributor.generic(
            "POST", f"/api/v1/{name}/", b" " * (11 * 1024 * 1024), content_type="application/json"
        ),
        client_of().patch(where, {}),
        client_of(user_with()).patch(where, {}),
        contributor.patch(f"/api/v1/{name}/0/", {}),
        contributor.get(f"/api/v1/{name}/", HTTP_ACCEPT="text/html"),
        contributor.get(f"/api/v1/{name}/?x=1"),
        contributor.delete(where),
        contributor.get(where),
    ):
        answers(response)


@pytest.mark.django_db
def test_texts_and_conflicts(contributor):
    text = ArticleTextFactory(body="نص")
    answers(client_of(user_with("read_text")).get(f"/api/v1/articles/{text.article.pk}/text/"))
    answers(contributor.get(f"/api/v1/articles/{text.article.pk}/text/"))
    answers(contributor.delete(f"/api/v1/countries/{MentionFactory().country.code}/"))


@pytest.mark.django_db
def test_the_served_schema_is_the_snapshot(anonymous):
    served = anonymous.get("/api/v1/schema/", HTTP_ACCEPT="application/yaml")
    assert served.status_code == 200
    assert yaml.safe_load(served.content)["paths"].keys() == schema()["paths"].keys()
    assert not re.search(r"admin|language/", " ".join(schema()["paths"]))
