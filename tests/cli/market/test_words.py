"""A market in words: snapshot and extension, as text and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.runner import run


def test_a_snapshot_says_what_its_levels_rest_on() -> None:
    code, out, err = run("explain", "2025-10-03", "--json")
    assert code == 0, err
    found = json.loads(out)
    assert (found["market"], found["as_of"], found["extends"]) == ("2025-10-03", "2025-10-03", None)
    assert sum(found["levels_by_class"].values()) == found["levels"]
    assert found["own_levels"] == found["own_issuers"] == found["notes"] == []


def test_an_extension_says_what_it_adds_and_why() -> None:
    code, out, err = run("explain", "market:hyperion", "--json")
    assert code == 0, err
    found = json.loads(out)
    assert (found["as_of"], found["extends"]) == ("2025-10-21", "2025-10-03")
    assert found["own_issuers"] == ["HYPERION_JV", "HYPERION_CAMPUS"]
    levels = {level["factor"]: level for level in found["own_levels"]}
    assert set(levels) == {"credit_spread/HYPERION_JV", "spot/HYPERION_CAMPUS"}
    assert levels["credit_spread/HYPERION_JV"]["class"] == "computed"
    assert all(level["note"] and level["source"] for level in levels.values())


def test_the_text_fits_a_terminal() -> None:
    code, out, err = run("explain", "hyperion")
    assert code == 0, err
    assert "extends 2025-10-03; used only where it is named" in out
    assert "spot/HYPERION_CAMPUS" in out
    assert "Note: layer 2025-10-03 is of 2025-10-03, the market of 2025-10-21" in out
    assert max(map(len, out.splitlines())) <= 80


def test_a_market_that_is_not_found_is_told_with_the_portfolio_that_names_it(tmp_path: Path) -> None:
    file = tmp_path / "book.yaml"
    file.write_text(
        "version: 1\nname: book\ncurrency: USD\nmarket: hyperian\n"
        "positions:\n  - {id: meta, type: equity, issuer: META, quantity: 1}\n",
        encoding="utf-8",
    )
    for command in (("validate", str(file)), ("run", str(file), "--shocks", "deepseek_cost_shock")):
        code, _, err = run(*command)
        assert code == 2
        assert f"{file}: error[ST200] market 'hyperian'" in err
        assert "did you mean 'hyperion'?" in err


def test_portfolios_of_two_markets_are_told_with_the_market_of_each() -> None:
    code, _, err = run("run", "hyperion_spv", "ai_growth_fund", "--shocks", "deepseek_cost_shock")
    assert code == 2
    assert "error[ST265] portfolios of markets hyperion (hyperion_spv), 2025-10-03 (ai_growth_fund)" in err
