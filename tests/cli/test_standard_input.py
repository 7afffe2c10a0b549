from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from tests.cli.runner import run
from tests.cli.samples import PORTFOLIO, write_samples


class _Input(io.TextIOWrapper):
    """Standard input that holds a text."""

    def __init__(self, text: str) -> None:
        super().__init__(io.BytesIO(text.encode("utf-8")), encoding="utf-8")


def test_a_portfolio_is_read_from_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sample = write_samples(tmp_path)
    monkeypatch.setattr("sys.stdin", _Input(PORTFOLIO))
    code, out, err = run("run", "-", "--shocks", sample["fall"], "--json")
    assert code == 0, err
    piped = json.loads(out)
    named = json.loads(run("run", sample["portfolio"], "--shocks", sample["fall"], "--json").out)
    assert piped["portfolios"] == named["portfolios"]


def test_a_table_is_known_by_its_first_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sample = write_samples(tmp_path)
    monkeypatch.setattr("sys.stdin", _Input("id,type,issuer,quantity\nchips,equity,NVDA,100\n"))
    code, out, err = run("run", "-", "--shocks", sample["fall"], "--json")
    assert code == 0, err
    assert json.loads(out)["portfolios"][0]["base_value"] == pytest.approx(18_762.0)


def test_problems_name_it_by_the_dash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", _Input(PORTFOLIO.replace("NVDA", "NVDIA")))
    code, _, err = run("validate", "-")
    assert code == 2
    assert err.startswith("-:7:")


def test_it_can_be_named_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", _Input(PORTFOLIO))
    code, _, err = run("run", "-", "--shocks", "-")
    assert code == 2
    assert "'-' stands twice" in err
