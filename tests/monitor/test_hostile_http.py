"""What is hardly HTTP, by a raw socket to the real server: it is refused, and the next one is served."""

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from monitor.worker import ARRIVAL, LONGEST_REQUEST_LINE
from tests.monitor.processes import Up

HOST = b"Host: localhost\r\n"
PLAIN = b"GET /api/v1/ HTTP/1.1\r\n" + HOST + b"\r\n"


@pytest.fixture(scope="module")
def up(first_start, tmp_path_factory):
    data_dir = first_start.copy(tmp_path_factory.mktemp("hostile") / "data")
    with Up(data_dir, "--no-worker") as up:
        yield up
        # Whatever was sent: not one mistake of ours.
        assert "Traceback" not in up.said, up.said


@pytest.fixture(scope="module", autouse=True)
def dribbling(up):
    """A client that says a letter a second, while all other tests of this module are run."""

    def dribble():
        with closing(socket.create_connection(("127.0.0.1", up.port), timeout=60)) as client:
            client.sendall(b"GET /api/v1/ HTTP/1.1\r\n" + HOST + b"X: ")
            until = time.monotonic() + 3 * ARRIVAL
            while time.monotonic() < until:
                client.sendall(b"a")
                time.sleep(1)

    with ThreadPoolExecutor() as pool:
        yield pool.submit(dribble)


def send(up, *parts: bytes) -> list[tuple[int, dict[str, str], bytes]]:
    """All answers to the bytes, until the server closes or has nothing more to say: status, headers, body."""
    with closing(socket.create_connection(("127.0.0.1", up.port), timeout=120)) as client:
        said = b""
        try:
            for part in parts:
                client.sendall(part)
            client.shutdown(socket.SHUT_WR)
            while data := client.recv(65_536):
                said += data
        except TimeoutError:
            raise
        except OSError:  # it said what it had to say, and closed
            pass
    return list(answers(said))


def answers(said: bytes):
    while said:
        head, _, said = said.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        if first.startswith("HTTP/1.1 100"):
            continue
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", len(said)))
        yield int(first.split()[1]), headers, said[:length]
        said = said[length:]


def is_served(up) -> bool:
    return send(up, PLAIN)[0][0] == 200


MALFORMED = {
    "nothing": b"\r\n\r\n",
    "no version": b"GET /api/v1/\r\n\r\n",
    "another version": b"GET /api/v1/ HTTP/9.9\r\n" + HOST + b"\r\n",
    "no method": b" /api/v1/ HTTP/1.1\r\n" + HOST + b"\r\n",
    "a method in Arabic": "احذف /api/v1/ HTTP/1.1\r\n".encode() + HOST + b"\r\n",
    "another method": b"BREW /api/v1/ HTTP/1.1\r\n" + HOST + b"\r\n",
    "spaces in the address": b"GET /api/v1/ persons/ HTTP/1.1\r\n" + HOST + b"\r\n",
    "bare LF": b"GET /api/v1/ HTTP/1.1\n" + HOST + b"\n",
    "NUL in the address": b"GET /api/v1/\0 HTTP/1.1\r\n" + HOST + b"\r\n",
    "NUL in a header": b"GET /api/v1/ HTTP/1.1\r\n" + HOST + b"X: a\0b\r\n\r\n",
    "a space before the colon": b"GET /api/v1/ HTTP/1.1\r\n" + HOST + b"X : a\r\n\r\n",
    "a folded header": b"GET /api/v1/ HTTP/1.1\r\n" + HOST + b"X: a\r\n b\r\n\r\n",
    "a header without a colon": b"GET /api/v1/ HTTP/1.1\r\n" + HOST + b"Xa\r\n\r\n",
    "a header without a name": b"GET /api/v1/ HTTP/1.1\r\n" + HOST + b": a\r\n\r\n",
    "two lengths": b"POST /api/v1/persons/ HTTP/1.1\r\n"
    + HOST
    + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "a length that is none": b"POST /api/v1/persons/ HTTP/1.1\r\n" + HOST + b"Content-Length: 1_0\r\n\r\n{}",
    "a length below zero": b"POST /api/v1/persons/ HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n{}",
    "a signed length": b"POST /api/v1/persons/ HTTP/1.1\r\n" + HOST + b"Content-Length: +2\r\n\r\n{}",
    "length and chunks": b"POST /api/v1/persons/ HTTP/1.1\r\n"
    + HOST
    + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks twice": b"POST /api/v1/persons/ HTTP/1.1\r\n"
    + HOST
    + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "chunks in disguise": b"POST /api/v1/persons/ HTTP/1.1\r\n"
    + HOST
    + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunks in HTTP/1.0": b"POST /api/v1/persons/ HTTP/1.0\r\n"
    + HOST
    + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 60,
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a proxy's line": b"PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\n" + PLAIN,
    "an expectation": b"GET /api/v1/ HTTP/1.1\r\n" + HOST + b"Expect: miracles\r\n\r\n",
    "many headers": b"GET /api/v1/ HTTP/1.1\r\n" + HOST + b"X: a\r\n" * 1_000 + b"\r\n",
    "a long header": b"GET /api/v1/ HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 100_000 + b"\r\n\r\n",
    "a long address": b"GET /api/v1/?x=" + b"a" * LONGEST_REQUEST_LINE + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "two hosts": b"GET /api/v1/ HTTP/1.1\r\n" + HOST + b"Host: evil.example\r\n\r\n",
    "no host": b"GET /api/v1/ HTTP/1.1\r\n\r\n",
}


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_no_http_is_refused_as_a_problem(up, name):
    for status, headers, body in send(up, MALFORMED[name]):
        assert status < 500 or status == 501, (status, body)
        if status >= 400:
            # One shape, also where Django was never reached. HTML would be a surprise to a program.
            assert headers["content-type"] == "application/problem+json"
            assert json.loads(body)["status"] == status
            assert json.loads(body)["detail"]
    assert is_served(up)


@pytest.mark.parametrize("name", ["length and chunks", "two lengths", "chunks twice", "chunks in disguise"])
def test_nothing_is_smuggled_in(up, name):
    # Where two servers count differently, what one takes for a body the other takes for a request.
    answered = send(up, MALFORMED[name] + b"GET /api/v1/persons/smuggled/ HTTP/1.1\r\n" + HOST + b"\r\n")
    assert [status for status, _headers, _body in answered] in ([400], [501], [411])


def test_an_address_as_long_as_a_query_in_arabic(up):
    # 1,000 characters are 6,000 bytes, and twice that where a proxy encodes them once more.
    for letters in ("%D8%B9", "%25D8%25B9"):
        path = b"/api/v1/articles/?q=" + (letters * 1_000).encode()
        [(status, _headers, body)] = send(up, b"GET " + path + b" HTTP/1.1\r\n" + HOST + b"\r\n")
        assert status == (200 if letters == "%D8%B9" else 400), body
        if status == 400:  # twice encoded these are other characters, and too many
            assert json.loads(body)["errors"][0]["parameter"] == "q"


def test_an_address_in_arabic_as_it_is(up):
    """curl sends what it is given."""
    path = "/api/v1/persons/?q=فؤاد&fields=slug"
    [(status, _headers, body)] = send(up, b"GET " + path.encode() + b" HTTP/1.1\r\n" + HOST + b"\r\n")
    assert status == 200, body
    assert json.loads(body)["results"] == [{"slug": "fuad-hussein"}]
    [(status, _headers, body)] = send(up, b"GET /api/v1/persons/?q=\xc7 HTTP/1.1\r\n" + HOST + b"\r\n")
    assert status == 400
    assert json.loads(body)["errors"][0]["parameter"] == "q"


def test_a_long_header_that_may_be(up):
    [(status, _headers, _body)] = send(
        up, b"GET /api/v1/ HTTP/1.1\r\n" + HOST + b"X-Long: " + b"a" * 7_168 + b"\r\n\r\n"
    )
    assert status == 200


@pytest.mark.parametrize(
    "chunks",
    [
        b"2\r\n{}\r\n0\r\n\r\n",
        b"ffffffffffffffffff\r\n",
        b"-1\r\n",
        b"2;ext=1\r\n{}\r\n0\r\n\r\n",
        b"x\r\n",
        b"",
    ],
)
def test_a_body_in_chunks(up, chunks):
    head = b"POST /api/v1/persons/ HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n"
    for status, headers, _body in send(up, head + b"Content-Type: application/json\r\n\r\n" + chunks):
        assert status in (400, 401, 411)
        assert headers["content-type"] == "application/problem+json"
    assert is_served(up)


def test_a_body_that_never_comes(up):
    head = b"POST /api/v1/persons/ HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
    for status, _headers, _body in send(up, head + b"Content-Length: 1000\r\n\r\n{"):
        assert status in (400, 401)
    assert is_served(up)


def test_a_body_that_is_too_large_is_refused_unread(up):
    head = b"POST /api/v1/persons/ HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
    answered = send(up, head + b"Content-Length: 31457280\r\n\r\n", b"[" + b" " * 1_000_000)
    assert all(status in (401, 413) for status, _headers, _body in answered)
    assert is_served(up)


def test_clients_that_say_nothing_do_not_keep_others_out(up):
    # More of them than there are threads, each half-way through something.
    begun = (
        b"",
        b"G",
        b"GET /api/v1/ HTTP/1.1\r\n",
        PLAIN[:-2],
        b"POST /api/v1/persons/ HTTP/1.1\r\n" + HOST,
    )
    clients = [socket.create_connection(("127.0.0.1", up.port)) for _ in range(20)]
    try:
        assert len(clients) > 2 * 4  # processes and threads, if nothing else is set
        for number, client in enumerate(clients):
            client.sendall(begun[number % len(begun)])
        time.sleep(0.5)
        assert is_served(up)
    finally:
        for client in clients:
            client.close()


def test_several_requests_at_once_on_one_connection(up):
    answered = send(up, PLAIN * 5)
    assert [status for status, _headers, _body in answered] == [200] * 5


def test_a_client_that_says_a_letter_a_second_is_not_waited_for(up, dribbling):
    with pytest.raises(ConnectionError):
        dribbling.result()
    assert is_served(up)
