"""The web server's worker: gunicorn's, which takes long addresses in any script and waits for nobody long.

What is no HTTP never gets to Django. gunicorn answers it with a page of HTML, which no program reads; this
one, as the API answers mistakes. A client that stops in the middle keeps a thread of gunicorn's as long as
it likes: a few of those, and nobody else is served. A proxy in front does better than what is done here: it
reads a request whole before it asks for a thread.
"""

import json
import re
import socket
import struct
import threading
from http import HTTPStatus
from select import POLLIN, poll
from time import monotonic, sleep
from typing import Any

from gunicorn import util
from gunicorn.http import message, parser, unreader
from gunicorn.workers import gthread

from monitor.turns import Turns

# A query of 1,000 characters (`q`) in Arabic is 6,000 bytes, a list of 100 names many times that. gunicorn
# takes 8,190 at most, or else any length, which would be a way to fill the memory.
LONGEST_REQUEST_LINE = 65_536
# Seconds that a client may be silent in the middle of a request, that all of a request may take to arrive,
# and that a client may leave an answer unread.
SILENCE, ARRIVAL, UNREAD = 2, 30, 60
# Seconds that a process lets others take a new connection for each that it has, of so many at most.
GOES_FIRST, MANY = 0.00025, 16
# Seconds that a thread waits for a new connection's first byte, before it leaves that to the poller.
FIRST_BYTE = 0.1


def write_problem(client: socket.socket, status: int, reason: str, detail: str) -> None:
    """Answer what is no HTTP as the API answers mistakes (RFC 9457), and close."""
    title = HTTPStatus(status).phrase
    problem = {"type": "about:blank", "title": title, "status": status, "detail": detail or reason}
    body = json.dumps(problem).encode()
    head = (
        f"HTTP/1.1 {status} {title}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    util.write_nonblock(client, head.encode("ascii") + body)


class Request(message.Request):
    """Takes an address with letters beyond ASCII, which curl sends as it is given it, for the escaped one.

    gunicorn refuses it, as it may. Arabic is what is asked here, and no delimiter is among these bytes.
    """

    LETTERS = re.compile(rb"[\x80-\xff]")

    def parse_request_line(self, line_bytes: bytes) -> None:
        method, *target = line_bytes.split(b" ", 2)
        if target:
            target[0] = self.LETTERS.sub(lambda byte: b"%%%02X" % ord(byte[0]), target[0])
        super().parse_request_line(b" ".join((method, *target)))


class PatientReader(unreader.SocketUnreader):
    """Reads what a client sends, and takes silence for its end: gunicorn closes then, and logs nothing."""

    request = threading.local()

    def chunk(self, size_hint: int | None = None) -> bytes:
        left = min(SILENCE, self.request.ends - monotonic())
        waiting = poll()
        waiting.register(self.sock, POLLIN)
        if left <= 0 or not waiting.poll(left * 1000):
            return b""
        return super().chunk(size_hint)


class Worker(gthread.ThreadWorker):
    """gunicorn's worker with threads, after the changes below."""

    def get_thread_pool(self) -> Turns:
        return Turns(self.cfg.threads)

    def accept(self, listener: socket.socket) -> None:
        # A connection stays with the process that takes it, and all are woken by one that comes: who has many
        # lets others go first. Else a process may get most of them, and others stand idle.
        sleep(min(self.nr_conns, MANY) * GOES_FIRST)
        super().accept(listener)

    def handle(self, conn: Any) -> Any:
        PatientReader.request.ends = monotonic() + ARRIVAL
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", UNREAD, 0))
        return super().handle(conn)


# gunicorn has no settings for these.
message.MAX_REQUEST_LINE = LONGEST_REQUEST_LINE
gthread.DEFAULT_WORKER_DATA_TIMEOUT = FIRST_BYTE
parser.SocketUnreader = PatientReader
parser.RequestParser.mesg_class = Request
util.write_error = write_problem
