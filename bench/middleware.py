"""What each middleware costs a read, in CPU time.

    python -m bench.middleware [REQUESTS]

A raw WSGI call of an empty view that answers 1 KB, over and over, behind one middleware more each time: by a
program, and by a browser, whose cookie has it meet all of them.
Runs go round in turns, and the best of each counts: what disturbs, adds.
"""

import os
import sys
from io import BytesIO
from time import process_time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monitor.settings")
os.environ.setdefault("ARCHIVE_HTTPS", "0")
os.environ.setdefault("ARCHIVE_ANONYMOUS_READ", "1")

import django

django.setup()

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.urls import path

ROUNDS = 7
PROGRAMS = "monitor.programs.ProgramsMiddleware"
BODY = b'{"results": []}' * 70


def empty(request):
    return HttpResponse(BODY, content_type="application/json")


# Stands for the archive's addresses: what is measured is the way to a view and back.
urlpatterns = [path("api/v1/empty/", empty)]


def handler(middleware: list[str]) -> WSGIHandler:
    settings.MIDDLEWARE = middleware
    return WSGIHandler()


def call(application: WSGIHandler, **headers: str) -> None:
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/api/v1/empty/",
        "QUERY_STRING": "page_size=50",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "HTTP_HOST": "localhost:8000",
        "HTTP_ACCEPT": "*/*",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": BytesIO(),
        "wsgi.url_scheme": "http",
        **headers,
    }
    response = application(environ, lambda status, headers: None)
    b"".join(response)
    response.close()


def microseconds(application: WSGIHandler, requests: int, **headers: str) -> float:
    began = process_time()
    for _ in range(requests):
        call(application, **headers)
    return (process_time() - began) / requests * 1e6


def main(requests: int) -> None:
    settings.ROOT_URLCONF = __name__
    every = ["corsheaders.middleware.CorsMiddleware", *settings.MIDDLEWARE]
    # One more at a time, from the outside in: some need what stands outside them.
    ways = {"none": handler([])} | {name: handler(every[: n + 1]) for n, name in enumerate(every)}
    for_programs = list(ways)[: every.index(PROGRAMS) + 2]
    print("a program")
    tell({name: ways[name] for name in for_programs}, requests)
    print("a browser")
    tell(ways, requests, HTTP_COOKIE="seen=1")


def tell(ways: dict[str, WSGIHandler], requests: int, **headers: str) -> None:
    best = dict.fromkeys(ways, float("inf"))
    for _ in range(ROUNDS):
        for name, application in ways.items():
            best[name] = min(best[name], microseconds(application, requests, **headers))
    *_others, full = ways.values()
    headers["HTTP_ACCEPT_ENCODING"] = "gzip"
    best["packed with gzip"] = min(microseconds(full, requests, **headers) for _ in range(ROUNDS))
    before = best["none"]
    for name, spent in best.items():
        print(f"{spent - before:7.1f} µs more, {spent:7.1f} µs in all: {name}")
        before = spent


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
