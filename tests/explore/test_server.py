"""The server on a real socket: its files, its answers, and what it refuses."""

from __future__ import annotations

import http.client
import json
import threading
import time
from types import SimpleNamespace

import pytest
import uvicorn

from stresstest.explore import server as served
from stresstest.explore.server import PageServer, page_files

TOKEN = "t" * 32
FILES = [name for name in page_files() if name != "index.html"]


@pytest.fixture(scope="module")
def port(desk):
    app = PageServer(desk).app(TOKEN, {"127.0.0.1"})
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()


@pytest.fixture
def asked(port):
    def ask(path, body=None, method=None, *, token=TOKEN, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        content = body if isinstance(body, str) or body is None else json.dumps(body)
        named = {"Content-Type": "application/json"} if body is not None else {}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method or ("GET" if body is None else "POST"), f"/{token}{path}", content, named)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8")
        connection.close()
        return SimpleNamespace(status=answer.status, headers=answer.headers, text=text)

    return ask


def test_the_page_and_its_files(asked):
    page = asked("/")
    assert page.status == 200
    assert page.headers["Content-Type"].startswith("text/html")
    for name in FILES:
        found = asked(f"/{name}")
        assert found.status == 200
        assert "script-src 'self'" in found.headers["Content-Security-Policy"]
        assert found.headers["Cache-Control"] == "no-store"
    assert {"main.js", "explore.css"} <= set(FILES)


def test_the_page_names_only_its_own_files(asked):
    page = asked("/").text
    text = page + "".join(asked(f"/{name}").text for name in FILES)
    assert "https://" not in text
    assert text.count("http://") == text.count("http://www.w3.org/2000/svg")
    for forbidden in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert forbidden not in text
    assert "style=" not in page
    assert "onclick=" not in page


def test_a_move_is_the_number_of_the_desk(asked, desk):
    view = {"scenario": "ai_capex_collapse", "settings": {"ai_capex_collapse": {"capex_cut": "41%"}}}
    found = json.loads(asked("/api/move", {"view": view}).text)
    assert found == desk.move(desk.view(view))


def test_every_question_has_an_answer(asked, desk):
    view = {"scenario": "ai_capex_collapse_network"}
    assert json.loads(asked("/api/opening").text)["portfolios"]
    assert json.loads(asked("/api/template/equity").text)["text"]
    assert json.loads(asked("/api/scenario/slow_grind", {"view": view}).text)["scenario"] == "slow_grind"
    assert json.loads(asked("/api/detail", {"view": view}).text)["network"]
    assert json.loads(asked("/api/position", {"view": view, "position": "nvda"}).text)["traces"]
    saved = asked("/api/save/scenario", {"view": view})
    assert saved.headers["Content-Disposition"] == (
        'attachment; filename="ai_capex_collapse_network_saved.yaml"'
    )
    assert saved.text == desk.scenario_file(desk.view(view)).text
    assert asked("/api/save/portfolio", {"view": view}).text.startswith("version: 1\nname: ai_growth_fund\n")
    assert json.loads(asked("/api/hedge").text) == {"status": "none"}
    assert json.loads(asked("/api/hedge", method="DELETE").text) == {"status": "none"}


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/api/move", "no json", "ST152"),
        ("/api/move", "[]", "ST152"),
        ("/api/move", "[" * 100_000, "ST152"),
        ("/api/move", {"view": []}, "ST152"),
        ("/api/move", {"view": {"scenario": "none"}}, "ST328"),
        ("/api/scenario/none", {}, "ST328"),
        ("/api/position", {"position": "none"}, "ST264"),
        ("/api/hedge", {"policy": "none"}, "ST478"),
        ("/api/move", '{"view": "' + "x" * 1_100_000 + '"}', "ST103"),
    ],
)
def test_what_is_wrong_is_an_answer_with_its_problems(asked, path, body, code):
    found = asked(path, body)
    told = json.loads(found.text)
    assert found.status == 200
    assert told["refused"] is True
    assert told["problems"][0]["code"] == code


def test_only_json_is_read(asked):
    found = asked("/api/move", "{}", Content_Type="text/plain")
    assert json.loads(found.text)["problems"][0]["code"] == "ST152"


@pytest.mark.parametrize("path", ["/", "/api/opening", "/main.js"])
def test_nothing_without_the_key_from_elsewhere_or_under_another_name(asked, path):
    assert asked(path, token=TOKEN[1:]).status == 404
    assert asked(path, Host="evil.example").status == 421
    assert asked(path, Origin="https://evil.example").status == 403
    assert asked(path, Sec_Fetch_Site="cross-site").status == 403


@pytest.mark.parametrize(
    "path", ["/../server.py", "/%2e%2e/server.py", "/none.js", "/api/none", "/__init__.py"]
)
def test_no_other_file_is_served(asked, path):
    assert asked(path).status == 404


def test_a_bug_of_ours_says_so_and_the_page_lives_on(asked, monkeypatch):
    def broken(_self, _view):
        raise ZeroDivisionError("oops")

    with monkeypatch.context() as patched:
        patched.setattr(served.Desk, "move", broken)
        found = asked("/api/move", {})
    assert found.status == 500
    assert json.loads(found.text)["problems"][0]["got"] == "a bug of ours: ZeroDivisionError: oops"
    assert asked("/api/move", {}).status == 200


def test_memory_that_gives_out_is_told(asked, monkeypatch):
    def broken(_self, _view):
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(served.Desk, "move", broken)
        found = asked("/api/move", {})
    assert found.status == 507
    assert json.loads(found.text)["problems"][0]["code"] == "ST404"


def test_moves_end_what_may_wait(asked):
    found = []

    def detail(severity):
        view = {"view": {"scenario": "slow_grind", "severity": f"{severity}%"}}
        found.append(json.loads(asked("/api/detail", view).text).get("superseded", False))

    threads = [threading.Thread(target=detail, args=[50 + number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(20):
        asked("/api/move", {})
    for thread in threads:
        thread.join()
    assert True in found
