"""Nothing is ignored: what the archive does not do, it says."""

import pytest

from archive.models import Person
from tests.api.problems import parameters, pointers, problem
from tests.api.samples import SAMPLES
from tests.factories import EventFactory, ParticipationFactory, PersonFactory, SourceFactory

pytestmark = pytest.mark.django_db


class TestHeaders:
    def refused(self, contributor, header, method, status):
        where = f"/api/v1/persons/{'' if method == 'post' else PersonFactory().slug + '/'}"
        body = SAMPLES["persons"].least() if method == "post" else None
        before = Person.objects.count()
        answer = getattr(contributor, method)(where, body, headers={header: "x"})
        assert header in problem(answer, status)["detail"]
        assert Person.objects.count() == before

    @pytest.mark.parametrize("header", ["If-None-Match", "If-Unmodified-Since"])
    @pytest.mark.parametrize("method", ["post", "patch", "delete"])
    def test_a_header_that_is_not_honoured(self, contributor, header, method):
        self.refused(contributor, header, method, 501)
        assert contributor.get("/api/v1/persons/", headers={header: "x"}).status_code == 200

    @pytest.mark.parametrize(
        ("header", "method"),
        [("If-Match", "post"), ("Idempotency-Key", "patch"), ("Idempotency-Key", "delete")],
    )
    def test_a_header_that_goes_with_another_method(self, contributor, header, method):
        self.refused(contributor, header, method, 400)

    def test_a_method_that_is_none_is_none_with_any_header(self, contributor):
        answer = contributor.put("/api/v1/persons/", {}, headers={"If-Match": "*"})
        problem(answer, 405)

    def test_a_body_that_is_packed(self, contributor):
        where, body = "/api/v1/persons/", SAMPLES["persons"].least()
        answer = contributor.post(where, body, headers={"Content-Encoding": "gzip"})
        assert "Content-Encoding" in problem(answer, 415)["detail"]
        assert contributor.post(where, body, headers={"Content-Encoding": "identity"}).status_code == 201


class TestParameters:
    @pytest.mark.parametrize("address", ["", "schema/", "docs/", "persons/", "persons/?expand=x&"])
    def test_a_parameter_that_is_none(self, anonymous, address):
        address = address if "?" in address else f"{address}?"
        answer = anonymous.get(f"/api/v1/{address}style=json")
        assert "style" in parameters(answer)

    @pytest.mark.parametrize(
        ("resource", "there"), [("persons", False), ("countries", False), ("articles", True)]
    )
    def test_expand_where_there_is_something_to_expand(self, anonymous, resource, there):
        said = parameters(anonymous.get(f"/api/v1/{resource}/?expand=x"))["expand"]
        assert ("no such parameter" in said) != there

    def test_a_shape_that_shows_nothing(self, anonymous):
        assert parameters(anonymous.get("/api/v1/articles/?fields=id&omit=id")).keys() == {"omit"}

    def test_a_participant_that_is_none(self, anonymous):
        code = ParticipationFactory().country.code
        assert len(anonymous.get(f"/api/v1/events/?participant={code}").json()["results"]) == 1
        said = parameters(anonymous.get(f"/api/v1/events/?participant={code.title()}&participant=x"))
        assert said == {"participant": f"There is no person or country {code.title()}, x."}


class TestBodies:
    def test_a_number_that_is_too_long(self, contributor):
        body = b'{"slug": %s}' % (b"9" * 5000)
        answer = contributor.generic("POST", "/api/v1/persons/", body, content_type="application/json")
        detail = problem(answer, 400)["detail"]
        assert "out of range" in detail
        assert len(detail) < 120

    def test_a_list_that_is_too_long(self, contributor):
        names = [{"text": f"{n}", "language": "ar"} for n in range(501)]
        where = f"/api/v1/persons/{PersonFactory().slug}/"
        assert pointers(contributor.patch(where, {"names": names})).keys() == {"/names"}
        assert contributor.patch(where, {"names": names[:500]}).status_code == 200

    def test_values_that_are_too_many_or_stand_twice(self, contributor):
        where = f"/api/v1/sources/{SourceFactory().slug}/"
        many = [f"x-{n}" for n in range(101)]
        assert pointers(contributor.patch(where, {"languages": many})).keys() == {"/languages"}
        twice = {"languages": ["ar", "en", "ar"]}
        assert pointers(contributor.patch(where, twice)).keys() == {"/languages/2"}
        where = f"/api/v1/events/{EventFactory(status='suggested').slug}/"
        twice = {"contexts": ["military", "military"]}
        assert pointers(contributor.patch(where, twice)).keys() == {"/contexts/1"}

    def test_a_citation_that_is_recorded_already(self, contributor):
        body = SAMPLES["citations"].least()
        contributor.post("/api/v1/citations/", body)
        found = pointers(contributor.post("/api/v1/citations/", body), 409)
        assert found == dict.fromkeys(("/text", "/start", "/end", "/event"), "This is recorded already.")
