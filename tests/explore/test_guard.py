"""Who may talk to the page, and what its answers forbid the browser."""

from __future__ import annotations

import hmac

import pytest
from starlette.responses import PlainTextResponse

from stresstest.explore import guard
from stresstest.explore.guard import HEADERS, Guard, new_token

TOKEN = "k" * 32


async def inner(scope, receive, send):
    await PlainTextResponse(f"inside {scope['path']}")(scope, receive, send)


def asked(in_a_loop, path=f"/{TOKEN}/", *, hosts=("127.0.0.1",), any_address=False, **headers):
    sent = []

    async def receive():
        return {"type": "http.request"}

    async def send(message):
        sent.append(message)

    named = {"host": "127.0.0.1:8000"} | {key.replace("_", "-"): value for key, value in headers.items()}
    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "query_string": b"",
        "headers": [(key.encode(), value.encode("latin-1")) for key, value in named.items()],
    }
    in_a_loop(Guard(inner, TOKEN, hosts, any_address)(scope, receive, send))
    body = b"".join(message.get("body", b"") for message in sent).decode()
    told = {key.decode(): value.decode() for key, value in sent[0]["headers"]}
    return sent[0]["status"], body, told


def test_the_key_opens_and_is_taken_out_of_the_path(in_a_loop):
    status, body, _ = asked(in_a_loop, f"/{TOKEN}/api/move")
    assert (status, body) == (200, "inside /api/move")


@pytest.mark.parametrize(
    "path", ["/", "//", f"/{TOKEN[:-1]}/", f"/{TOKEN}x/", f"/x/{TOKEN}/", "/\u00fc/", ""]
)
def test_without_the_key_there_is_nothing(in_a_loop, path):
    status, body, _ = asked(in_a_loop, path)
    assert status == 404
    assert "inside" not in body
    assert TOKEN not in body


def test_the_key_alone_leads_to_the_page(in_a_loop):
    status, _, headers = asked(in_a_loop, f"/{TOKEN}")
    assert status == 307
    assert headers["location"] == f"/{TOKEN}/"


def test_keys_are_compared_in_constant_time(in_a_loop, monkeypatch):
    compared, same = [], hmac.compare_digest

    def compare(one, other):
        compared.append((one, other))
        return same(one, other)

    monkeypatch.setattr(guard.hmac, "compare_digest", compare)
    asked(in_a_loop, "/guess/")
    assert compared == [(b"guess", TOKEN.encode())]


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "", "127.0.0.2", "[::1"]
)
def test_a_foreign_name_of_this_machine_gets_nothing(in_a_loop, host):
    status, body, _ = asked(in_a_loop, host=host)
    assert status == 421
    assert "inside" not in body


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:1", "LOCALHOST:9", "[::1]:80", "[::1]"])
def test_own_names_are_answered(in_a_loop, host):
    assert asked(in_a_loop, hosts=("127.0.0.1", "localhost", "::1"), host=host)[0] == 200


def test_addresses_in_numbers_are_answered_where_all_are_listened_at(in_a_loop):
    assert asked(in_a_loop, any_address=True, host="10.1.2.3:80")[0] == 200
    assert asked(in_a_loop, any_address=True, host="evil.example")[0] == 421


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "http://127.0.0.1:8000"}, 200),
        ({"origin": "http://127.0.0.1:9000"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec_fetch_site": "same-origin"}, 200),
        ({"sec_fetch_site": "none"}, 200),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site"}, 403),
    ],
)
def test_other_pages_are_refused(in_a_loop, headers, status):
    assert asked(in_a_loop, **headers)[0] == status


@pytest.mark.parametrize("path", [f"/{TOKEN}/", "/wrong/"])
def test_every_answer_forbids_scripts_frames_and_caches(in_a_loop, path):
    _, _, headers = asked(in_a_loop, path)
    for name, value in HEADERS.items():
        assert headers[name.lower()] == value
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"


def test_web_sockets_are_not_answered(in_a_loop):
    sent = []

    async def never():
        raise AssertionError("the guard reads a socket")

    async def send(message):
        sent.append(message)

    in_a_loop(Guard(inner, TOKEN, ["127.0.0.1"])({"type": "websocket", "path": "/"}, never, send))
    assert sent == []


def test_keys_are_long_and_differ():
    keys = {new_token() for _ in range(100)}
    assert len(keys) == 100
    assert all(len(key) >= 32 for key in keys)
