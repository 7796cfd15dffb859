"""What HTTP itself says of an answer: tags, compression, links, methods, origins."""

import gzip
import json
import re
import zlib

import pytest
from django.conf import settings as django_settings
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from monitor.http import HeadMiddleware, HttpMiddleware, accepts_gzip, packed
from tests.api.conftest import client_of, user_with
from tests.api.problems import problem
from tests.api.resources import VIEWS
from tests.api.samples import SAMPLES
from tests.factories import ArticleFactory, ArticleTextFactory, PersonFactory, PersonNameFactory

pytestmark = pytest.mark.django_db

READS = ["", "schema/", *(f"{name}/" for name in VIEWS)]


def tagged(client, where="/api/v1/persons/", method="get", **headers):
    return getattr(client, method)(where, headers=headers)


class TestConditional:
    @pytest.mark.parametrize("where", READS)
    def test_a_read_has_a_tag_and_the_tag_reads_nothing_anew(self, anonymous, where):
        address = f"/api/v1/{where}"
        whole = anonymous.get(address, HTTP_ACCEPT="*/*")
        assert re.fullmatch(r'"[0-9a-f]{32}"', whole["ETag"])
        assert whole["Cache-Control"] == "no-cache"
        for method in ("get", "head"):
            again = getattr(anonymous, method)(
                address, HTTP_ACCEPT="*/*", HTTP_IF_NONE_MATCH=f'"other", {whole["ETag"]}'
            )
            assert (again.status_code, again.content) == (304, b"")
            assert again["ETag"] == whole["ETag"]
            assert again["Vary"] == whole["Vary"]
            assert not {"Content-Type", "Content-Length", "Content-Encoding"} & again.headers.keys()

    def test_a_change_changes_the_tag(self, anonymous):
        person = PersonFactory(name="فؤاد حسين")
        where = f"/api/v1/persons/{person.slug}/"
        before = tagged(anonymous, where)["ETag"]
        person.name = "فواد حسين"
        person.save()
        after = tagged(anonymous, where, If_None_Match=before)
        assert after.status_code == 200
        assert after["ETag"] != before

    def test_a_page_that_has_others_beside_it_keeps_its_tag(self, anonymous, monkeypatch):
        for _ in range(3):
            PersonFactory()
        first = tagged(anonymous, "/api/v1/persons/?page_size=1")
        monkeypatch.setattr("time.time", lambda: 2_000_000_000)
        assert tagged(anonymous, "/api/v1/persons/?page_size=1")["ETag"] == first["ETag"]

    @pytest.mark.parametrize("known", ["*", "{}", "W/{}", '"a", W/{} , "b"'])
    def test_what_is_known_is_compared_weakly(self, anonymous, known):
        tag = tagged(anonymous)["ETag"]
        assert tagged(anonymous, If_None_Match=known.format(tag)).status_code == 304

    @pytest.mark.parametrize("known", ['"x"', "x", '"', "", "W/", "é", "\0"])
    def test_what_is_not_known_is_sent(self, anonymous, known):
        assert tagged(anonymous, If_None_Match=known).status_code == 200

    def test_a_tag_that_has_to_match(self, anonymous):
        tag = tagged(anonymous)["ETag"]
        for wanted in (tag, "*", f'"x", {tag}'):
            assert tagged(anonymous, If_Match=wanted).status_code == 200
        packed = f'{tag[:-1]}-gzip"'
        assert tagged(anonymous, If_Match=packed).status_code == 200
        for wanted in ('"x"', f"W/{tag}"):
            assert "If-Match" in problem(tagged(anonymous, If_Match=wanted), 412)["detail"]

    @pytest.mark.parametrize("header", ["If-Modified-Since", "If-Unmodified-Since"])
    def test_there_are_no_dates_to_compare(self, anonymous, header):
        answer = anonymous.get("/api/v1/persons/", headers={header: "Mon, 23 Aug 2021 00:00:00 GMT"})
        assert answer.status_code == 200
        assert "Last-Modified" not in answer

    def test_an_error_has_no_tag(self, anonymous):
        for where in ("persons/nobody/", "persons/?x=1", "nothing/"):
            assert "ETag" not in tagged(anonymous, f"/api/v1/{where}", If_None_Match="*")

    def test_who_may_not_read_learns_nothing_of_a_tag(self, anonymous, settings):
        tag = tagged(anonymous)["ETag"]
        settings.ANONYMOUS_READ = False
        assert tagged(anonymous, If_None_Match=tag).status_code == 401

    def test_the_desk_is_left_alone(self, anonymous):
        assert "ETag" not in anonymous.get("/admin/login/")


class TestCompression:
    @pytest.fixture
    def many(self):
        for n in range(20):
            ArticleFactory(title=f"وزير الخارجية يزور بغداد {n}")

    def test_who_accepts_it_gets_gzip(self, anonymous, many):
        plain = tagged(anonymous, "/api/v1/articles/")
        packed = tagged(anonymous, "/api/v1/articles/", Accept_Encoding="br, gzip")
        assert packed["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.content) == plain.content
        assert len(packed.content) < len(plain.content) / 3
        assert packed["Content-Length"] == str(len(packed.content))
        assert packed["ETag"] == f'{plain["ETag"][:-1]}-gzip"'

    def test_the_tag_of_what_is_packed_is_known_again(self, anonymous, many):
        packed = tagged(anonymous, "/api/v1/articles/", Accept_Encoding="gzip")
        again = tagged(anonymous, "/api/v1/articles/", Accept_Encoding="gzip", If_None_Match=packed["ETag"])
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == packed["ETag"]
        assert not {"Content-Length", "Content-Encoding"} & again.headers.keys()

    @pytest.mark.parametrize("accepts", ["", "identity", "br", "gzip;q=0", "gzip; q=0.000, *"])
    def test_who_does_not_accept_it_gets_none(self, anonymous, many, accepts):
        plain = tagged(anonymous, "/api/v1/articles/", Accept_Encoding=accepts)
        assert "Content-Encoding" not in plain
        assert "Accept-Encoding" in plain["Vary"]

    @pytest.mark.parametrize("accepts", ["gzip", "GZIP;q=0.5", "x-gzip", "*", "br;q=1.0, gzip;q=0.001"])
    def test_ways_to_accept_it(self, accepts):
        assert accepts_gzip(accepts)

    def test_what_is_short_is_sent_as_it_is(self, anonymous):
        short = tagged(anonymous, "/api/v1/persons/", Accept_Encoding="gzip")
        assert "Content-Encoding" not in short
        assert "Accept-Encoding" in short["Vary"]

    def test_each_piece_of_a_stream_can_be_read_as_it_comes(self):
        chunks = [f"{n} {'فؤاد حسين ' * 50}\n".encode() for n in range(4)]
        unpacker = zlib.decompressobj(wbits=31)
        pieces = packed(iter(chunks))
        for chunk in chunks:
            assert unpacker.decompress(next(pieces)) == chunk
        assert b"".join(unpacker.decompress(piece) for piece in pieces) == b""
        assert unpacker.eof

    def test_a_stream_is_packed_and_has_no_tag(self):
        def view(request):
            answer = StreamingHttpResponse(iter([b"one\n", b"two\n"]))
            answer["Content-Length"] = "8"
            return answer

        answer = HttpMiddleware(view)(
            RequestFactory().get("/api/v1/articles/", headers={"Accept-Encoding": "gzip"})
        )
        assert gzip.decompress(b"".join(answer.streaming_content)) == b"one\ntwo\n"
        assert "ETag" not in answer
        assert "Content-Length" not in answer

    def test_a_head_goes_through_no_stream(self):
        def endless():
            yield pytest.fail("it was read")

        view = HttpMiddleware(lambda request: StreamingHttpResponse(endless()))
        assert list(view(RequestFactory().head("/api/v1/articles/")).streaming_content) == []

    def test_what_is_packed_already_is_not_packed_twice(self):
        def view(request):
            return HttpResponse(b"x" * 5000, headers={"Content-Encoding": "br"})

        request = RequestFactory().get("/api/v1/", headers={"Accept-Encoding": "gzip"})
        assert HttpMiddleware(view)(request).content == b"x" * 5000


class TestLinks:
    def links(self, answer) -> dict[str, str]:
        return dict(
            reversed(found) for found in re.findall(r'<([^>]*)>; rel="([a-z-]+)"', answer.get("Link", ""))
        )

    def test_the_pages_around_a_page(self, anonymous):
        for n in range(3):
            PersonNameFactory(text=f"فؤاد {n}")
        first = anonymous.get("/api/v1/persons/", {"page_size": 1, "name__contains": "فؤاد"})
        assert self.links(first) == {"next": first.json()["next"], "service-desc": "/api/v1/schema/"}
        second = anonymous.get(self.links(first)["next"])
        body = second.json()
        assert self.links(second) == {
            "next": body["next"],
            "prev": body["previous"],
            "service-desc": "/api/v1/schema/",
        }
        assert second["Link"].isascii()

    def test_the_way_in_leads_to_what_describes_it(self, anonymous):
        answer = anonymous.get("/api/v1/")
        links = self.links(answer)
        assert links == {
            "service-desc": answer.json()["schema"],
            "service-doc": answer.json()["docs"],
        }

    def test_links_that_no_proxy_would_take_stand_in_the_body_alone(self, anonymous):
        for n in range(3):
            PersonNameFactory(text=f"فؤاد {n}")
        names = ["فؤاد", *("ن" * 30 for _ in range(20))]
        answer = anonymous.get("/api/v1/persons/", {"page_size": 1, "name__contains": names})
        assert answer.json()["next"]
        assert "Link" not in answer

    def test_an_error_has_none(self, anonymous):
        assert "Link" not in anonymous.get("/api/v1/persons/?cursor=x")


def addresses(name: str) -> list[str]:
    """The list and the detail of a resource that has a row."""
    key = getattr(SAMPLES[name].add(), VIEWS[name].lookup_field)
    return [f"/api/v1/{name}/", f"/api/v1/{name}/{key}/"]


class TestMethods:
    @pytest.mark.parametrize("name", VIEWS)
    def test_a_head_has_the_headers_of_a_get(self, anonymous, name):
        for where in addresses(name):
            get, head = (
                dict(getattr(anonymous, method)(where, HTTP_ACCEPT_ENCODING="gzip").headers)
                for method in ("get", "head")
            )
            assert get.pop("X-Request-Id") != head.pop("X-Request-Id")
            assert head == get

    @pytest.mark.parametrize("where", ["", "schema/", "docs/"])
    def test_so_it_is_elsewhere(self, anonymous, where):
        get, head = (
            getattr(anonymous, method)(f"/api/v1/{where}", HTTP_ACCEPT="*/*") for method in ("get", "head")
        )
        assert (get.status_code, head.status_code, head.content) == (200, 200, b"")
        assert {n: get[n] for n in ("ETag", "Content-Type", "Vary")} == {
            n: head[n] for n in ("ETag", "Content-Type", "Vary")
        }

    def test_a_head_of_nothing(self, anonymous):
        for where in ("persons/nobody/", "nothing/"):
            answer = anonymous.head(f"/api/v1/{where}")
            assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")

    @pytest.mark.parametrize("name", VIEWS)
    def test_options_say_what_an_address_is_and_takes(self, anonymous, name):
        for where, methods in zip(
            addresses(name),
            (["GET", "POST", "HEAD", "OPTIONS"], ["GET", "PATCH", "DELETE", "HEAD", "OPTIONS"]),
            strict=True,
        ):
            answer = anonymous.options(where, HTTP_ACCEPT="text/html")
            body = answer.json()
            assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
            assert body["methods"] == methods
            assert answer["Allow"] == ", ".join(methods)
            assert {"fields", "evidence"} <= set(body["parameters"])
            assert ("cursor" in body["parameters"]) == where.endswith(f"/{name}/")
            assert body["name"]
            assert body["description"]

    @pytest.mark.parametrize("where", ["", "schema/", "docs/", "articles/1/text/"])
    @pytest.mark.parametrize("accept", ["text/html", "application/json", "nonsense"])
    def test_options_are_json_everywhere(self, anonymous, where, accept):
        answer = anonymous.options(f"/api/v1/{where}", HTTP_ACCEPT=accept)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
        assert answer["Allow"] == "GET, HEAD, OPTIONS"
        assert answer.json()["parameters"] == (["script"] if where == "docs/" else [])

    def test_options_of_nothing(self, anonymous):
        problem(anonymous.options("/api/v1/nothing/"), 404)
        problem(anonymous.options("/api/v1/persons/?x=1"), 400)

    @pytest.mark.parametrize("method", ["PUT", "TRACE", "PROPFIND", "QUERY", "FOO"])
    def test_a_method_that_is_none(self, anonymous, method):
        where = addresses("persons")
        for address in ("/api/v1/", "/api/v1/schema/", "/api/v1/docs/", *where):
            answer = anonymous.generic(method, address, HTTP_ACCEPT="*/*")
            problem(answer, 405)
            assert "GET" in answer["Allow"]
            assert method not in answer["Allow"]

    @pytest.mark.parametrize("method", ["post", "patch", "delete"])
    def test_a_write_where_only_reading_is(self, contributor, method):
        answer = getattr(contributor, method)("/api/v1/schema/", {}, HTTP_ACCEPT="*/*")
        assert answer.status_code in (403, 405)
        assert answer["Content-Type"] == "application/problem+json"


DESK = "https://desk.example"


class TestOrigins:
    @pytest.fixture
    def allowed(self, settings):
        """As the settings are with ARCHIVE_CORS_ORIGINS=https://desk.example."""
        settings.MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware", *django_settings.MIDDLEWARE]
        settings.CORS_ALLOWED_ORIGINS = [DESK]

    def test_nobody_is_allowed_by_default(self, anonymous):
        answer = anonymous.get("/api/v1/persons/", HTTP_ORIGIN=DESK)
        assert answer.status_code == 200
        assert not [name for name in answer.headers if name.startswith("Access-Control")]

    def test_a_page_of_an_allowed_origin_reads_what_it_needs(self, anonymous, allowed):
        answer = anonymous.get("/api/v1/persons/", HTTP_ORIGIN=DESK)
        assert answer["Access-Control-Allow-Origin"] == DESK
        exposed = answer["Access-Control-Expose-Headers"].split(", ")
        assert exposed == [
            "ETag",
            "Idempotency-Replayed",
            "Link",
            "Location",
            "Retry-After",
            "X-Request-Id",
        ]
        assert "Access-Control-Allow-Credentials" not in answer
        assert "origin" in answer["Vary"].lower()

    def test_an_error_can_be_read_too(self, anonymous, allowed):
        answer = anonymous.get("/api/v1/persons/?x=1", HTTP_ORIGIN=DESK)
        problem(answer, 400)
        assert answer["Access-Control-Allow-Origin"] == DESK

    @pytest.mark.parametrize("origin", ["https://desk.example.evil", "http://desk.example", "null", "x"])
    def test_another_origin_is_told_nothing(self, anonymous, allowed, origin):
        answer = anonymous.get("/api/v1/persons/", HTTP_ORIGIN=origin)
        assert not [name for name in answer.headers if name.startswith("Access-Control")]
        assert "origin" in answer["Vary"].lower()

    def test_a_browser_asks_before_it_writes(self, anonymous, allowed):
        answer = anonymous.options(
            "/api/v1/persons/",
            HTTP_ORIGIN=DESK,
            HTTP_ACCESS_CONTROL_REQUEST_METHOD="PATCH",
            HTTP_ACCESS_CONTROL_REQUEST_HEADERS="authorization, if-none-match",
        )
        assert (answer.status_code, answer.content) == (200, b"")
        assert "PATCH" in answer["Access-Control-Allow-Methods"]
        allowed_headers = answer["Access-Control-Allow-Headers"].split(", ")
        assert {"authorization", "content-type", "if-none-match"} <= set(allowed_headers)

    def test_it_may_ask_where_nobody_reads_without_a_token(self, anonymous, allowed, settings):
        settings.ANONYMOUS_READ = False
        answer = anonymous.options(
            "/api/v1/persons/", HTTP_ORIGIN=DESK, HTTP_ACCESS_CONTROL_REQUEST_METHOD="GET"
        )
        assert answer.status_code == 200

    def test_all_origins_get_no_credentials(self, anonymous, allowed, settings):
        settings.CORS_ALLOW_ALL_ORIGINS = True
        answer = anonymous.get("/api/v1/persons/", HTTP_ORIGIN="https://anywhere.example")
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer

    def test_the_desk_is_for_its_own_pages(self, anonymous, allowed):
        answer = anonymous.get("/admin/login/", HTTP_ORIGIN=DESK)
        assert "Access-Control-Allow-Origin" not in answer


def test_a_text_is_tagged_and_packed_for_who_may_read_it_alone(anonymous):
    article = ArticleTextFactory(body="التقى الوزير نظيره في بغداد. " * 100).article
    reader, where = client_of(user_with("read_text")), f"/api/v1/articles/{article.pk}/text/"
    text = tagged(reader, where, Accept_Encoding="gzip")
    assert "بغداد" in json.loads(gzip.decompress(text.content))["body"]
    assert tagged(reader, where, If_None_Match=text["ETag"]).status_code == 304
    problem(tagged(anonymous, where, If_None_Match=text["ETag"]), 401)


class TestHead:
    """By the middleware itself: the test client takes bodies away as well."""

    @pytest.mark.parametrize(
        ("method", "body", "sent"), [("HEAD", "عنوان", b""), ("GET", "عنوان", "عنوان".encode())]
    )
    def test_a_head_has_the_length_and_no_body(self, method, body, sent):
        answer = HeadMiddleware(lambda request: HttpResponse(body))(RequestFactory().generic(method, "/"))
        assert answer.content == sent
        assert answer.get("Content-Length") == ("10" if method == "HEAD" else None)

    def test_what_has_no_body_is_given_no_length(self):
        answer = HeadMiddleware(lambda request: HttpResponse(status=304))(RequestFactory().head("/"))
        assert "Content-Length" not in answer
