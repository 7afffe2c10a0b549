"""Tables and documents of P&L by risk factors, as their reader sees them."""

from __future__ import annotations

import json

import pytest
from tests.cli.runner import run

BOTH = ("--shocks", "ai_capex_collapse", "--shocks", "slow_grind", "--no-card")


def figures(out: str, title: str) -> dict[str, list[float]]:
    """Return the rows of per cents under a title, one number a scenario, 0 where there is none."""
    lines = out[out.index(title) :].splitlines()
    start = next(number for number, line in enumerate(lines) if line.endswith("%"))
    rows = {}
    for line in lines[start:]:
        cells = line.replace(" %", "").split()
        rows[" ".join(cells[:-2])] = [0.0 if cell == "-" else float(cell) for cell in cells[-2:]]
        if line.startswith("total"):
            return rows
    raise AssertionError(f"no total under {title}")


@pytest.mark.parametrize(
    "options", [("--by", "factor_group"), ("--shapley",), ("--by", "factor", "--shapley")]
)
def test_each_column_adds_up_to_the_total(options: tuple[str, ...]) -> None:
    code, out, _ = run("run", "ai_growth_fund", *BOTH, *options)
    assert code == 0
    rows = figures(out, "P&L by factor")
    totals = rows.pop("total")
    for place, total in enumerate(totals):
        added = sum(row[place] for row in rows.values())
        assert added == pytest.approx(total, abs=0.05 * len(rows) + 0.05)
    assert "slow_grind 2028-10-03" in out
    assert ("together beyond their sum" in rows) == ("--shapley" not in options)
    assert ("count as one: qqq-put-mar26" in " ".join(out.split())) == ("--shapley" in options)


def test_derivatives_stand_beside_full_revaluation() -> None:
    code, out, _ = run("run", "ai_growth_fund", *BOTH, "--delta-gamma", "--by", "factor_kind")
    assert code == 0
    assert "P&L by factor kind, each alone" in out
    table = out[out.index("slow_grind by delta and gamma, USD on 2028-10-03") :].splitlines()
    head = next(line for line in table if "unexplained" in line and "delta" in line and "gamma " in line)
    assert head.split() == ["factor", "kind", "delta", "gamma", "full", "unexplained"]
    rows = [line.split()[0] for line in table if line]
    assert {"spot", "together", "time", "total"} <= set(rows)


def test_alone_only_derivatives_are_shown() -> None:
    _, out, _ = run("run", "ai_growth_fund", *BOTH, "--delta-gamma")
    assert "P&L by factor" not in out
    assert "ai_accelerators shares" in out


def test_json_has_parts_positions_and_derivatives_that_add_up() -> None:
    asked = ("--by", "factor_group", "--by", "factor_kind", "--shapley", "--delta-gamma", "--json")
    _, out, _ = run("run", "ai_growth_fund", "market_neutral", *BOTH, *asked)
    for portfolio in json.loads(out)["portfolios"]:
        pnl = {item["name"]: item["pnl"] for item in portfolio["scenarios"]}
        assert len(portfolio["factors"]) == len(portfolio["delta_gamma"]) == 4
        own = {item["id"]: item["pnl"] for item in portfolio["positions"]}
        for split in portfolio["factors"]:
            assert split["method"] == "shapley"
            name = split["scenario"]
            assert (split["on"] is None) == (name == "ai_capex_collapse")
            assert sum(part["pnl"] for part in split["parts"]) == pytest.approx(pnl[name], rel=1e-9)
            for position, parts in split["positions"].items():
                assert sum(parts.values()) == pytest.approx(own[position][name], abs=1e-6)
        for found in portfolio["delta_gamma"]:
            full = sum(group["full"] for group in found["groups"])
            total = pytest.approx(pnl[found["scenario"]], rel=1e-9)
            assert full + found["interaction"] + found["aged"] == total
            assert found["estimate"] + found["unexplained"] == total


def test_a_slip_is_told_with_what_was_meant() -> None:
    code, _, err = run("run", "ai_growth_fund", *BOTH, "--by", "factr_kind")
    assert code == 2
    assert "did you mean 'factor_kind'?" in err
    code, _, err = run("run", "ai_growth_fund", *BOTH, "--shapley", "--memory", "1B")
    assert code == 5
    assert "--shapley" in err
