"""`stresstest explore` before there is a page: what it refuses, and what it says."""

from __future__ import annotations

import importlib.util

import pytest
from tests.cli.runner import run

from stresstest.cli.explore import exploring


@pytest.fixture
def served(monkeypatch):
    """Take the place of the server; give what it was asked to serve."""
    from stresstest.explore import serving

    found = []

    def serve(desk, place, tell, *, browser):
        found.append((desk, place, browser))
        tell("http://127.0.0.1:1/key/")

    monkeypatch.setattr(serving, "serve", serve)
    return found


def test_the_address_alone_on_standard_output(served):
    done = run("explore", "ai_growth_fund", "--shocks", "slow_grind", "--port", "8800", "--no-browser")
    assert (done.code, done.out) == (0, "http://127.0.0.1:1/key/\n")
    assert "Ctrl-C ends it" in done.err
    ((desk, place, browser),) = served
    assert (place.host, place.port, browser) == ("127.0.0.1", 8800, False)
    assert desk.live.scenarios.names == ("slow_grind",)
    assert desk.sources.portfolios == {"ai_growth_fund": "ai_growth_fund"}
    assert desk.sources.shocks == ("slow_grind",)


def test_another_address_is_said_to_let_others_in(served):
    done = run("explore", "ai_growth_fund", "--shocks", "slow_grind", "--host", "192.0.2.1")
    assert "others can reach the page" in done.err
    assert served[0][2] is True


def test_files_are_remembered_as_they_were_opened(served, tmp_path):
    book = tmp_path / "book.yaml"
    text = "version: 1\nname: book\ncurrency: USD\npositions:\n"
    text += "  - {id: a, type: cash, currency: USD, quantity: 1}\n"
    book.write_text(text, encoding="utf-8")
    run("explore", book, "--shocks", "slow_grind")
    desk = served[0][0]
    desk.sources.files.require_same()
    book.write_text(text + "# more\n", encoding="utf-8")
    with pytest.raises(Exception, match="ST416"):
        desk.sources.files.require_same()


@pytest.mark.parametrize("missing", ["starlette", "uvicorn"])
def test_without_the_extra_it_says_what_to_install(monkeypatch, missing):
    found = importlib.util.find_spec
    monkeypatch.setattr(exploring, "find_spec", lambda name: None if name == missing else found(name))
    done = run("explore", "ai_growth_fund")
    assert done.code == 2
    assert f"error[ST407] {missing} not installed" in done.err
    assert "pip install 'stresstest[explore]'" in done.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["ai_growth_fond"], "did you mean 'ai_growth_fund'"),
        (["ai_growth_fund", "--shocks", "slow_grint"], "did you mean 'slow_grind'"),
        (["ai_growth_fund", "--port", "70000"], "70000"),
        ([], "PORTFOLIO"),
        (["ai_growth_fund", "--shocks", "slow_grind", "--host", "203.0.113.9"], "ST402"),
    ],
)
def test_bad_input_is_told_before_anything_is_served(words, told):
    done = run("explore", *words)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
