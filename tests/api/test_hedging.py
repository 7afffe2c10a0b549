"""`st.hedge`: from a portfolio or a result to frames, files and HTML."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.hedging.small_hedges import SCENARIOS, small_book, small_policy

import stresstest as st
from stresstest.portfolio.private import public_market


@pytest.fixture(scope="module")
def found() -> st.Hedge:
    return st.hedge(small_book(), small_policy(), st.load_scenarios(*SCENARIOS), challenges=False)


def test_frames_hold_the_plan(found: st.Hedge) -> None:
    plan = found.plan
    assert list(found.pnl.index) == [one.name for one in plan.scenarios]
    assert found.pnl.loc["soft_landing", "held_out"]
    assert found.pnl.loc["time_bomb", "pnl_after"] > found.pnl.loc["time_bomb", "pnl_before"]
    assert found.trades.loc["nvda", "action"] == "sell"
    assert found.trades["saves in time_bomb"].sum() == pytest.approx(plan.outcome("time_bomb").saved)
    assert found.rules.loc["participation", "is_binding"]
    assert found.status == "optimal"


def test_html_names_every_scenario_and_escapes_names(found: st.Hedge) -> None:
    text = found._repr_html_().replace("<wbr>", "")
    assert all(name in text for name in SCENARIOS)
    assert "Hedge under policy small" in text
    assert "Optimal" in text


def test_files_read_back(found: st.Hedge, tmp_path: Path) -> None:
    found.write_trades(tmp_path / "trades.csv")
    found.write_portfolio(tmp_path / "hedged.yaml")
    trades, after = (st.load_portfolio(tmp_path / name) for name in ("trades.csv", "hedged.yaml"))
    assert "nvda" in trades.positions.ids
    value = st.stress(after, st.load_scenarios("time_bomb")).result.portfolios[0].value[-1]
    gain = float(value) - found.plan.base_value
    assert gain == pytest.approx(found.plan.outcome("time_bomb").pnl_after, rel=1e-9)


def test_a_result_can_be_hedged_as_it_is(found: st.Hedge) -> None:
    """The scenarios and the market of the result are the defaults, private factors taken out again."""
    result = st.stress(small_book(), st.load_scenarios(*SCENARIOS))
    assert "#" not in "".join(public_market(result.result.book.market).issuers)
    other = st.hedge(result, small_policy(), challenges=False)
    assert [(one.id, one.quantity) for one in other.plan.trades] == [
        (one.id, one.quantity) for one in found.plan.trades
    ]


def test_budget_and_limits_are_asked_in_keywords() -> None:
    scenarios = st.load_scenarios(*SCENARIOS)
    other = st.hedge(small_book(), small_policy(), scenarios, budget=0.0, challenges=False)
    assert not [trade for trade in other.plan.trades if trade.source == "puts"]
    none = st.hedge(small_book(), small_policy(), scenarios, max_loss={"time_bomb": 0.01}, challenges=False)
    assert none.status == "infeasible"
    assert "loss_limit_time_bomb" in none.plan.diagnosis.conflict
    with pytest.raises(ValueError, match="no plan: infeasible"):
        _ = none.portfolio
    with pytest.raises(st.InputError, match="ST494"):
        none.write_trades("never.csv")


def test_one_portfolio_at_a_time() -> None:
    from dataclasses import replace

    books = [small_book(), replace(small_book(), name="other")]
    with pytest.raises(st.InputError, match="2 portfolios"):
        st.hedge(st.stress(books, st.load_scenarios("time_bomb")), small_policy())
