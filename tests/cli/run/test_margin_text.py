"""Equity against the maintenance margin in the table and in the document of a run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.runner import run

from stresstest.cli.run.spec import ResultSpec

ACCOUNT = """
version: 1
name: account
currency: USD
market: "2025-10-03"
margin: {long: 25%}
positions:
  - {id: nvda, type: equity, issuer: NVDA, quantity: 10_000}
  - {id: debit, type: cash, currency: USD, borrowed: true, quantity: -1_100_000}
"""


@pytest.fixture
def arguments(tmp_path: Path) -> list[str | Path]:
    path = tmp_path / "account.yaml"
    path.write_text(ACCOUNT, encoding="utf-8")
    return ["run", path, "--shocks", "ai_capex_collapse", "--shocks", "boom_continues", "--no-card"]


def test_the_document_has_equity_requirement_and_call(arguments: list[str | Path]) -> None:
    code, out, err = run(*arguments, "--json")
    assert code == 0, err
    ResultSpec.model_validate(json.loads(out))
    found = json.loads(out)["portfolios"][0]
    account, stressed = found["margin"], found["margin"]["scenarios"]["ai_capex_collapse"]
    assert account["equity"] == found["base_value"]
    assert account["required"] == pytest.approx(0.25 * (found["base_value"] + 1_100_000))
    assert account["call"] == 0.0
    assert stressed["call"] == pytest.approx(stressed["required"] - stressed["equity"])
    assert stressed["call"] > 0.0
    assert account["scenarios"]["boom_continues"]["call"] == 0.0


def test_the_table_names_each_call(arguments: list[str | Path]) -> None:
    _, out, _ = run(*arguments)
    assert "Equity USD 776k, maintenance margin 469k" in out
    calls = [line for line in out.splitlines() if line.startswith("MARGIN CALL")]
    assert len(calls) == 1
    assert calls[0].startswith("MARGIN CALL ai_capex_collapse: equity -")
