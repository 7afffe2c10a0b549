from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.runner import run
from tests.cli.samples import write_samples

import stresstest as st
from stresstest.cli.json_numbers import number
from stresstest.cli.run.spec import ResultSpec


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    code, out, err = run("run", "ai_growth_fund", "berkshire_13f_2025q2", "--json", "--by", "sector")
    assert code == 0, err
    found: dict[str, Any] = json.loads(out)
    return found


def test_it_keeps_to_its_schema(document: dict[str, Any]) -> None:
    found = ResultSpec.model_validate(document)
    assert [portfolio.name for portfolio in found.portfolios] == ["ai_growth_fund", "berkshire_13f_2025q2"]


def test_it_has_every_field_that_was_promised(document: dict[str, Any]) -> None:
    assert {"schema", "as_of", "currency", "portfolios"} <= set(document)
    promised = {"name", "base_value", "scenarios", "positions", "coverage", "failures", "limits"}
    for portfolio in document["portfolios"]:
        assert promised <= set(portfolio)
        for scenario in portfolio["scenarios"]:
            assert {"name", "stressed_value", "pnl", "pnl_percent"} <= set(scenario)
        for position in portfolio["positions"]:
            assert {"id", "type", "base_value", "pnl"} <= set(position)


def test_it_has_the_bits_of_the_library(document: dict[str, Any]) -> None:
    portfolios = st.load_portfolios("ai_growth_fund", "berkshire_13f_2025q2")
    result = st.stress(portfolios, st.load_scenarios()).result
    pnl = result.to_numpy()
    for row, shown in enumerate(document["portfolios"]):
        assert shown["base_value"] == result.portfolios[row].base_value
        assert [scenario["pnl"] for scenario in shown["scenarios"]] == pnl[row].tolist()


def test_positions_add_up_to_their_portfolio(document: dict[str, Any]) -> None:
    for portfolio in document["portfolios"]:
        gross = portfolio["gross_value"]
        for scenario in portfolio["scenarios"]:
            total = sum(position["pnl"][scenario["name"]] for position in portfolio["positions"])
            assert total == pytest.approx(scenario["pnl"], abs=1e-12 * gross)


def test_positions_without_a_price_are_listed(document: dict[str, Any]) -> None:
    proxied = document["portfolios"][1]["coverage"]["proxied"]
    assert len(proxied) >= 10
    assert all(item["stated_date"] == "2025-06-30" for item in proxied)


def test_a_missing_number_is_null() -> None:
    assert number(float("nan")) is None
    assert number(float("inf")) is None
    assert number(-1.5) == -1.5


FAILURE = """\
version: 1
name: failure
horizon: 12m
events:
  - {event: default, select: {issuer: NVDA}}
"""


def test_a_default_carries_its_notice_into_every_export(tmp_path: Path) -> None:
    sample = write_samples(tmp_path)
    (tmp_path / "failure.yaml").write_text(FAILURE, encoding="utf-8")
    shocks = ("--shocks", tmp_path / "failure.yaml", "--shocks", sample["fall"])
    arguments = ("run", sample["portfolio"], *shocks)
    words = "hypothetical, not a forecast, not a statement on the issuer"
    code, out, err = run(*arguments, "--json", "-o", tmp_path / "table.csv")
    assert code in (0, 1), err
    document = json.loads(out)
    assert document["notices"] == {"failure": words}
    assert any(words in warning for warning in document["warnings"])
    with (tmp_path / "table.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["scenario"]: row["notice"] for row in rows} == {"failure": words, "fall": ""}
    assert words in " ".join(run(*arguments).out.split())
    code, _, err = run("run", sample["portfolio"], "--shocks", sample["fall"], "-o", tmp_path / "plain.csv")
    assert "notice" not in (tmp_path / "plain.csv").read_text(encoding="utf-8").splitlines()[0]
