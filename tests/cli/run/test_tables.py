from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.cli.runner import run
from tests.cli.samples import PORTFOLIO, write_samples

SCENARIO_ROW = re.compile(r"^(\w+) +\d+[dwmy] +(-?[\d,]+) +([+-][\d.]+) % +(\d+) %  ([█░#+]*) *$")

HOSTILE = r"""
version: 1
name: sample
title: "\u202Eesrever"
currency: USD
positions:
  - {id: "[bold]=cmd()", type: equity, issuer: NVDA, quantity: 100, tags: {desk: "\e[31mred"}}
limits:
  - {name: "</script>", scenario: any, max_loss: 10%}
"""


@pytest.fixture(scope="module")
def table() -> str:
    """The table of a shipped portfolio under every shipped shock."""
    code, out, err = run("run", "ai_growth_fund")
    assert code == 0, err
    return out


def rows(text: str) -> list[re.Match[str]]:
    return [match for line in text.splitlines() if (match := SCENARIO_ROW.match(line))]


def test_it_fits_80_columns_without_colour(table: str) -> None:
    assert max(map(len, table.splitlines())) <= 80
    assert "\x1b" not in table


def test_headline_states_base_value_and_age_of_the_market(table: str) -> None:
    first, second = table.splitlines()[:2]
    assert first.startswith("ai_growth_fund  ")
    assert re.fullmatch(
        r"Base value USD [\d,]+, \d+ positions, market 2025-10-03 \([\d,]+ days? old\)", second.rstrip()
    )


def test_the_worst_scenario_comes_first_with_the_longest_bar(table: str) -> None:
    found = rows(table)
    amounts = [int(match[2].replace(",", "")) for match in found]
    assert len(amounts) >= 5
    assert amounts == sorted(amounts)
    lengths = {amount: len(match[5]) for amount, match in zip(amounts, found, strict=True)}
    assert lengths[amounts[0]] == max(lengths.values())
    for amount, match in zip(amounts, found, strict=True):
        assert set(match[5]) == {"█" if amount < 0 else "░"}


def test_three_positions_that_hurt_most_stand_beneath_each_scenario(table: str) -> None:
    lines = table.splitlines()
    for number, line in enumerate(lines):
        if SCENARIO_ROW.match(line):
            beneath = [text for text in lines[number + 1 : number + 4] if text.startswith("  ")]
            named = next(text for text in beneath if "drawdown" not in text).strip().split(", ")
            assert len(named) == 3
            assert all(re.search(r" -[\d.]+(k|m|bn)?$", part) for part in named)


def test_limits_and_what_no_shock_reaches_are_said(table: str) -> None:
    assert re.search(
        r"^BREACHED worst_scenario: loss [\d.]+ % of base in \w+ over \d+[dwmy],\s+limit\s+35\s+%",
        table,
        re.MULTILINE,
    )
    assert re.search(
        r"^Reached by no scenario \(\d+ of \d+ positions, \d+ % of gross value\): cash-usd",
        table,
        re.MULTILINE,
    )


def test_several_portfolios_end_with_a_summary() -> None:
    code, out, _ = run("run", "ai_growth_fund", "balanced_60_40")
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    summary = out[out.index("All portfolios") :]
    assert re.search(r"^ai_growth_fund +\d+m +-[\d.]+ %", summary, flags=re.MULTILINE)
    assert re.search(r"^balanced_60_40 +\d+m +-[\d.]+ %", summary, flags=re.MULTILINE)


def test_net_asset_value_is_reconciled_with_its_sources(tmp_path: Path) -> None:
    text = PORTFOLIO.replace(
        "positions:", "nav: {value: 14_000, date: 2025-10-02, source: administrator}\npositions:"
    )
    text = text.replace("quantity: 100,", "quantity: 100, stated_value: 18_000, stated_date: 2025-10-02,")
    sample = write_samples(tmp_path, portfolio=text)
    code, out, _ = run("run", sample["portfolio"], "--shocks", sample["fall"])
    assert code == 0
    base = 100 * 187.62 - 10 * 517.35 + 1000
    assert (
        f"Stated NAV of 2025-10-02 USD 14,000: the base value differs by +{base - 14_000:.1f} (+4.2 %)" in out
    )
    assert "largest sources: chips +762.0; in other positions -173.5" in out


def test_proxied_positions_are_listed_with_their_share() -> None:
    code, out, _ = run("run", "berkshire_13f_2025q2", "--shocks", "ai_capex_collapse")
    assert code == 0
    assert re.search(
        r"^Valued as stated and moved through a proxy \([23] % of gross value\): ", out, re.MULTILINE
    )


def test_hostile_names_are_only_text(tmp_path: Path) -> None:
    sample = write_samples(tmp_path, portfolio=HOSTILE)
    arguments = ("run", sample["portfolio"], "--shocks", sample["fall"])
    code, out, err = run(*arguments, "--positions", "--by", "desk")
    assert code == 0, err
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "\\u202eesrever" in out
    assert "\\x1b[31mred" in out
    assert "[bold]=cmd()" in out
    assert "</script>" in out


def test_a_formula_for_a_name_is_only_text_in_a_csv_file(tmp_path: Path) -> None:
    sample = write_samples(tmp_path, portfolio=HOSTILE.replace("[bold]=cmd()", "=cmd()"))
    target = tmp_path / "result.csv"
    assert run("run", sample["portfolio"], "--shocks", sample["fall"], "-o", target).code == 0
    assert "sample,'=cmd(),equity," in target.read_text(encoding="utf-8")


def test_positions_and_traces_are_shown_where_asked(tmp_path: Path) -> None:
    sample = write_samples(tmp_path)
    code, out, _ = run(
        "run", sample["portfolio"], "--shocks", sample["fall"], "--positions", "--trace", "chips"
    )
    assert code == 0
    assert re.search(r"^chips +equity +18,762 +-9,381 +-50\.0 %", out, flags=re.MULTILINE)
    assert re.search(r"^soft +equity +-5,174 +0 +\+0\.0 %", out, flags=re.MULTILINE)
    assert re.search(r"^spot/NVDA +187\.62 +93\.81 +-9,381", out, flags=re.MULTILINE)
    assert re.search(r"^together beyond their sum +0", out, flags=re.MULTILINE)


def test_a_gain_without_losers_names_those_that_gain(tmp_path: Path) -> None:
    sample = write_samples(tmp_path)
    code, out, _ = run("run", sample["portfolio"], "--shocks", sample["rise"])
    assert code == 0
    assert "\n  chips +1.88k\n" in out


BOOKS = ("corporate_treasury", "pension_fund", "ai_growth_fund")


def test_per_cent_are_of_gross_value_where_the_base_value_is_small_or_negative() -> None:
    code, out, _ = run(
        "run", "corporate_treasury", "pension_fund", "ai_growth_fund", "--shocks", "credit_tightening"
    )
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    joined = " ".join(out.split())
    assert re.search(r"Per cent are of the gross value, [\d,]+, what is held and owed added up: ", joined)
    assert "the base value is 1 % of it" in joined
    assert "the base value is negative" in joined
    assert out.count("% gross  reach") == 2
    summary = out[out.index("All portfolios") :]
    assert summary.startswith("All portfolios, P&L in per cent of base value, * of gross value")
    assert re.search(r"^pension_fund \* +-1\d\dm +-[\d.]+ %", summary, flags=re.MULTILINE)
    assert re.search(r"^ai_growth_fund  ", summary, flags=re.MULTILINE)


def test_groups_are_shown_in_the_same_per_cent() -> None:
    code, out, _ = run("run", "corporate_treasury", "--shocks", "credit_tightening", "--by", "block")
    assert code == 0
    assert "in per cent of the gross value of corporate_treasury" in " ".join(out.split())
