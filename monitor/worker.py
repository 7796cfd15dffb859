"""The web server's worker: gunicorn's, but it takes long addresses, and its own errors are the API's.

What is no HTTP never gets to Django. gunicorn answers it with a page of HTML, which no program reads.
"""

import json
import socket
from http import HTTPStatus

from gunicorn import util
from gunicorn.http import message
from gunicorn.workers.gthread import ThreadWorker

# A query of 1,000 characters (`q`) in Arabic is 6,000 bytes, a list of 100 names many times that. gunicorn takes
# 8,190 at most, or else any length, which would be a way to fill the memory.
LONGEST_REQUEST_LINE = 65_536

message.MAX_REQUEST_LINE = LONGEST_REQUEST_LINE


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


# `ThreadWorker.handle_error` knows what is wrong and what to log; the page that it sends is the one thing amiss.
util.write_error = write_problem


class Worker(ThreadWorker):
    """gunicorn's worker with threads, after the changes above."""
