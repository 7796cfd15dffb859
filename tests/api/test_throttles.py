"""Too often is answered 429 with when to try again: by user, by address, over all workers together."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import RequestFactory
from rest_framework.test import APIClient

from archive.curate.addresses import client_address, network
from archive.models import Allowance, Rate
from tests.api.conftest import client_of, user_with
from tests.api.problems import problem
from tests.api.test_who import NEW, token_of, with_token

pytestmark = pytest.mark.django_db
PERSONS = "/api/v1/persons/"


@pytest.fixture
def rates(settings):
    """Call it with the rates that are to hold, so many an hour: nothing is earned back while a test runs."""

    def set_rates(**most: int) -> None:
        settings.ARCHIVE_RATES = {
            name: (most[name], 3600) if name in most else None for name in settings.ARCHIVE_RATES
        }

    return set_rates


def refused(answer) -> int:
    """The seconds after which to try again, as header and words say them."""
    wait = int(answer["Retry-After"])
    assert str(wait) in problem(answer, 429)["detail"]
    return wait


class TestAllowance:
    def test_so_many_at_once_and_no_more(self):
        taken = [Allowance.objects.take("k", Rate(5, 3600)) for _ in range(7)]
        assert taken[:5] == [0] * 5
        assert all(700 < wait <= 720 for wait in taken[5:])

    @pytest.mark.parametrize("rate", [Rate(7, 3600), Rate(13, 86400), Rate(1, 3600), Rate(11, 9973)])
    def test_rounding_costs_nobody_a_request(self, rate):
        assert [Allowance.objects.take("k", rate) for _ in range(rate.most)] == [0] * rate.most
        assert Allowance.objects.take("k", rate) > 0

    def test_what_is_refused_costs_nothing(self):
        Allowance.objects.take("k", Rate(1, 3600))
        due = Allowance.objects.get().due
        assert Allowance.objects.take("k", Rate(1, 3600)) > 0
        assert Allowance.objects.get().due == due

    def test_it_is_earned_back(self):
        Allowance.objects.take("k", Rate(1, 3600))
        with connection.cursor() as cursor:
            cursor.execute("UPDATE archive_allowance SET due = due - interval '1 hour'")
        assert Allowance.objects.take("k", Rate(1, 3600)) == 0
        assert Allowance.objects.take("k", Rate(1, 3600)) > 0

    def test_only_what_is_earned_back_is_forgotten(self):
        Allowance.objects.create(key="old", due="2000-01-01T00:00Z")
        Allowance.objects.take("k", Rate(1, 3600))
        assert Allowance.objects.forget() == 1
        assert [row.key for row in Allowance.objects.all()] == ["k"]

    def test_the_table_waits_for_no_disk(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'archive_allowance'")
            assert cursor.fetchone() == ("u",)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_counted_as_one_after_the_other():
    start, taken = Barrier(8), []

    def take() -> None:
        try:
            start.wait()
            taken.extend(Allowance.objects.take("k", Rate(20, 3600)) for _ in range(10))
        finally:
            connection.close()

    threads = [Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 80
    assert taken.count(0) == 20


class TestWho:
    def test_each_address_apart(self, rates):
        rates(reads=2)
        here, there = APIClient(REMOTE_ADDR="192.0.2.1"), APIClient(REMOTE_ADDR="192.0.2.2")
        assert [here.get(PERSONS).status_code for _ in range(2)] == [200, 200]
        assert 1700 < refused(here.get(PERSONS)) <= 1800
        assert there.get(PERSONS).status_code == 200

    def test_each_user_apart_wherever_from(self, rates):
        rates(reads=1)
        one, other = user_with(), user_with()
        assert client_of(one).get(PERSONS, REMOTE_ADDR="192.0.2.1").status_code == 200
        refused(client_of(one).get(PERSONS, REMOTE_ADDR="192.0.2.2"))
        assert client_of(other).get(PERSONS, REMOTE_ADDR="192.0.2.1").status_code == 200

    def test_in_arabic(self, rates):
        rates(reads=1)
        client = APIClient()
        client.get(PERSONS)
        detail = problem(client.get(PERSONS, HTTP_ACCEPT_LANGUAGE="ar"), 429)["detail"]
        assert "طلبات" in detail

    def test_no_rate_asks_the_database_nothing(self, rates, django_assert_num_queries):
        rates()
        APIClient().get("/api/v1/")
        with django_assert_num_queries(0):
            APIClient().get("/api/v1/")

    def test_a_rate_costs_one_statement(self, rates, django_assert_num_queries):
        rates(reads=100)
        with django_assert_num_queries(1):
            APIClient().get("/api/v1/")


class TestWhat:
    @pytest.mark.parametrize(
        "address",
        [
            "/api/v1/articles/?q=العراق",
            "/api/v1/persons/?q=فؤاد",
            "/api/v1/persons/?format=csv",
            "/api/v1/articles/facets/?by=source",
            "/api/v1/articles/timeline/",
        ],
    )
    def test_searches_counts_and_exports_are_counted_apart(self, rates, address):
        rates(searches=1)
        client = APIClient()
        assert client.get(address).status_code == 200
        refused(client.get(address))
        assert client.get(PERSONS).status_code == 200

    def test_writes_are_counted_apart_and_a_refused_one_writes_nothing(self, rates):
        rates(writes=1)
        client = client_of(user_with("add_person"))
        assert client.post(PERSONS, NEW).status_code == 201
        refused(client.post(PERSONS, {**NEW, "slug": "other"}))
        assert client.get(PERSONS).json()["results"][0]["slug"] == NEW["slug"]
        assert client.get(f"{PERSONS}other/").status_code == 404

    @pytest.mark.parametrize(
        "address",
        ["/api/v1/", "/api/v1/schema/", "/api/v1/docs/", "/api/v1/deletions/", "/api/v1/countries/"],
    )
    def test_every_address_is_counted(self, rates, address):
        rates(reads=1)
        client = APIClient()
        client.get(address)
        refused(client.get(address))


class TestTokens:
    def test_wrong_ones_are_counted_by_address(self, rates):
        rates(logins=2)
        wrong = with_token("a" * 64)
        assert [wrong.get(PERSONS).status_code for _ in range(2)] == [401, 401]
        refused(wrong.get(PERSONS))
        assert wrong.get(PERSONS, REMOTE_ADDR="192.0.2.9").status_code == 401

    def test_a_right_one_is_let_in_beside_them(self, rates):
        rates(logins=1)
        right = with_token(token_of(user_with()))
        for _ in range(3):
            with_token("a" * 64).get(PERSONS)
        assert right.get(PERSONS).status_code == 200


class TestAddress:
    def address(self, forwarded: str | None = None, remote: str = "192.0.2.1") -> str | None:
        headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
        return client_address(RequestFactory().get("/", REMOTE_ADDR=remote, **headers))

    def test_nothing_forwarded_is_believed_by_itself(self, settings):
        settings.PROXIES = 0
        assert self.address("203.0.113.9") == "192.0.2.1"

    @pytest.mark.parametrize(
        ("proxies", "forwarded", "there"),
        [
            (1, "203.0.113.9", "203.0.113.9"),
            (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
            (2, "198.51.100.1, 203.0.113.9 , 203.0.113.7", "203.0.113.9"),
            (2, "203.0.113.9", "192.0.2.1"),
            (1, None, "192.0.2.1"),
            (1, "", "192.0.2.1"),
            (1, "198.51.100.1, nonsense", "192.0.2.1"),
            (1, "2001:DB8::1", "2001:db8::1"),
            (1, "::ffff:203.0.113.9", "203.0.113.9"),
        ],
    )
    def test_behind_proxies_it_is_what_the_outermost_saw(self, settings, proxies, forwarded, there):
        settings.PROXIES = proxies
        assert self.address(forwarded) == there

    @pytest.mark.parametrize("remote", ["", "/run/archive.sock"])
    def test_behind_a_socket_there_is_none(self, settings, remote):
        settings.PROXIES = 0
        assert self.address(remote=remote) is None

    @pytest.mark.parametrize(
        ("address", "one"),
        [
            ("192.0.2.1", "192.0.2.1"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            ("2001:db8:1:2::9", "2001:db8:1:2::"),
            (None, "-"),
        ],
    )
    def test_a_client_has_64_bits_of_ipv6(self, address, one):
        assert network(address) == one

    def test_a_forged_header_is_no_way_around(self, settings, rates):
        settings.PROXIES = 0
        rates(reads=1)
        client = APIClient()
        client.get(PERSONS, HTTP_X_FORWARDED_FOR="203.0.113.1")
        refused(client.get(PERSONS, HTTP_X_FORWARDED_FOR="203.0.113.2"))
