"""What comes in over a real socket before it is a request."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.app.asking import CHINESE, assert_nothing_of_the_inside
from tests.conftest import SEEDED, clone
from tests.serving import Served, serving


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with clone(SEEDED) as url, serving(tmp_path_factory.mktemp("wire"), GUATU_DATABASE_URL=url) as found:
        yield found


def ask(served: Served, request: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send bytes as they are; read until the other side closes: status, headers, body."""
    host, port = re.findall(r"//([\w.]+):(\d+)", served.address)[0]
    with closing(socket.create_connection((host, int(port)), timeout=20)) as connection:
        connection.sendall(request)
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    return int(first.split()[1]), headers, body


def get(path: bytes, *headers: bytes) -> bytes:
    lines = [b"GET " + path + b" HTTP/1.1", b"Host: localhost", b"Connection: close", *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n"


REFUSED = {
    "an address of 9 kB": (get(b"/api/projects?q=" + b"x" * 9_000), 414),
    "an address of 100 kB": (get(b"/api/projects?q=" + b"x" * 100_000), 414),
    "an address of 10 MB": (get(b"/api/projects?q=" + b"x" * 10_000_000), 414),
    "a path of 10 MB": (get(b"/" + b"x" * 10_000_000), 414),
    "a header of 10 MB": (get(b"/healthz", b"X-Long: " + b"x" * 10_000_000), 431),
    "a first header of 10 MB": (b"GET / HTTP/1.1\r\nX-Long: " + b"x" * 10_000_000 + b"\r\n\r\n", 431),
    "a million bytes of headers": (get(b"/healthz", *[b"X-%d: y" % n for n in range(100_000)]), 431),
    "a NUL byte in the path": (get(b"/api/\x00"), 400),
    "a NUL byte in the query": (get(b"/api/projects?q=\x00"), 400),
    "bytes that are no text": (get(b"/\xff\xfe"), 400),
    "no HTTP at all": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20 + b"\r\n\r\n", 400),
    "a method that is none": (b"FETCH /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", 400),
    "two lengths": (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx", 400),
    "a length and chunks": (
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nx",
        400,
    ),
    "a length below nothing": (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\nx", 400),
    "a body nobody asked for": (get(b"/api/projects", b"Content-Length: 99999999999"), 413),
}


@pytest.mark.parametrize("what", REFUSED)
def test_H258_H278_what_cannot_be_a_request_is_told_in_both_languages(served: Served, what: str) -> None:
    request, expected = REFUSED[what]
    status, headers, body = ask(served, request)
    assert status == expected
    assert headers["content-type"] == "application/problem+json"
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "server" not in headers
    problem = json.loads(body)
    assert problem["status"] == expected
    assert CHINESE.search(problem["detail_zh"])
    assert problem["detail_en"].isascii()
    assert problem["request_id"] == headers["x-request-id"]
    assert_nothing_of_the_inside(body.decode())


def test_H270_what_a_proxy_says_counts_from_where_proxies_are(
    served: Served, tmp_path: Path, seeded_url: str
) -> None:
    """By default they are on this machine; elsewhere, whoever asks from here is no proxy."""
    request = get(b"/healthz", b"X-Forwarded-Proto: https", b"X-Forwarded-For: 203.0.113.9")
    assert "strict-transport-security" in ask(served, request)[1]
    with serving(tmp_path, GUATU_DATABASE_URL=seeded_url, FORWARDED_ALLOW_IPS="192.0.2.1") as other:
        status, headers, _ = ask(other, request)
        assert status == 200
        assert "strict-transport-security" not in headers


def test_H344_nothing_that_a_stranger_sends_is_in_the_log(served: Served) -> None:
    secret = b"swordfish-under-the-bridge"
    sent = b'{"name": "li", "password": "' + secret + b'"}'
    headers = [b"Cookie: guatu=" + secret, b"Authorization: Bearer " + secret, b"User-Agent: " + secret]
    own = [b"Origin: http://localhost", b"X-Guatu: 1", b"Content-Type: application/json"]
    for request, expected in (
        (get(b"/api/projects?q=%0d%0a%1b[31m%7b%22level%22:%22" + secret, *headers), 400),
        (get(b"/api/%0d%0a" + secret, *headers), 404),
        (get(b"/api/projects?limit=" + secret, *headers), 400),
        (
            get(b"/api/session", *own, b"Content-Length: %d" % len(sent)).replace(b"GET", b"POST", 1) + sent,
            401,
        ),
    ):
        assert ask(served, request)[0] == expected
    assert secret.decode() not in served.text()
    assert "\x1b[31m" not in served.text()


def test_what_is_a_request_is_answered_after_all_that(served: Served) -> None:
    status, headers, body = ask(served, get(b"/api/projects?limit=1"))
    assert status == 200
    assert headers["content-type"] == "application/geo+json"
    assert json.loads(body)["numberReturned"] == 1


def test_a_head_that_comes_in_pieces_is_one_request(served: Served) -> None:
    host, port = re.findall(r"//([\w.]+):(\d+)", served.address)[0]
    with closing(socket.create_connection((host, int(port)), timeout=20)) as connection:
        for piece in (
            b"GET /hea",
            b"lthz HTTP/1.1\r\nHo",
            b"st: localhost\r\n",
            b"Connection: close\r\n\r\n",
        ):
            connection.sendall(piece)
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")


def test_several_requests_go_over_one_connection(served: Served) -> None:
    host, port = re.findall(r"//([\w.]+):(\d+)", served.address)[0]
    keep = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Fill: " + b"x" * 60_000 + b"\r\n\r\n"
    with closing(socket.create_connection((host, int(port)), timeout=20)) as connection:
        for _ in range(3):
            connection.sendall(keep)
            answer = b""
            while b'{"status":"ok"}' not in answer:
                answer += connection.recv(65536)
            assert answer.startswith(b"HTTP/1.1 200")
