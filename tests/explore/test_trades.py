"""What-if trades give the bits of a run of the portfolio as its file would hold it."""

from __future__ import annotations

import numpy as np
import pytest
from tests.explore.conftest import PORTFOLIOS

import stresstest as st
from stresstest.errors import InputError
from stresstest.explore.moves import Move
from stresstest.explore.trades import Trades, traded
from stresstest.portfolio.writing import portfolio_text
from stresstest.scenarios.scenario import ScenarioSet

SHORT = "- {id: short-crwv, type: equity, issuer: CRWV, quantity: -5000}"
BOND = (
    "- {id: new-bond, type: fixed_bond, issuer: ORCL, coupon: 5%, maturity: 2035-01-15, "
    "frequency: 2, day_count: 30/360, quantity: 1_000_000}"
)
SAME = "- {id: more-nvda, type: equity, issuer: NVDA, quantity: 7}"


@pytest.mark.parametrize(
    "trades",
    [
        {"ai_growth_fund": Trades({"nvda": 100000.0, "cash-usd": 0.0})},
        {"ai_growth_fund": Trades({}, SHORT)},
        {"ai_growth_fund": Trades({"msft": -5.5}, f"{SHORT}\n{BOND}\n{SAME}")},
        {"balanced_60_40": Trades({}, SAME), "ai_growth_fund": Trades({"orcl": 1.0}, BOND)},
    ],
)
@pytest.mark.parametrize("name", ["ai_capex_collapse_network", "slow_grind"])
def test_a_traded_book_is_the_book_of_the_saved_files(live, market, tmp_path, trades, name):
    after, scenarios = traded(live, trades), live.scenarios
    found = after.stress(Move(scenarios[name]), PORTFOLIOS).result
    saved = []
    for held in after.book.portfolios:
        target = tmp_path / f"{held.name}.yaml"
        target.write_text(portfolio_text(held.portfolio), encoding="utf-8")
        saved.append(st.load_portfolio(target))
    expected = st.stress(saved, ScenarioSet((scenarios[name],)), market).result
    for one, other in zip(found.portfolios, expected.portfolios, strict=True):
        assert one.position_ids == other.position_ids
        assert np.array_equal(one.value, other.value)
        assert np.array_equal(one.position_value, other.position_value)
    assert np.array_equal(found.total, expected.total)


def test_no_trades_are_no_change(live, scenarios):
    move = Move(scenarios["ai_capex_collapse"])
    found = traded(live, {"ai_growth_fund": Trades()}).stress(move, PORTFOLIOS).result
    assert np.array_equal(found.total, live.stress(move, PORTFOLIOS).result.total)


@pytest.mark.parametrize(
    ("trades", "code", "suggestion"),
    [
        (Trades({"nvdaa": 5.0}), "ST264", "nvda"),
        (Trades({}, "- {id: nvda, type: equity, issuer: NVDA, quantity: 1}"), "ST250", ""),
        (Trades({}, "- {id: x, type: equty, issuer: NVDA, quantity: 1}"), "ST350", "equity"),
        (Trades({}, "- {id: x, type: equity, issuer: NVDIA, quantity: 1}"), None, "NVDA"),
        (Trades({}, "- {id: x, type: equity"), None, None),
        (Trades({}, "just text"), "ST152", ""),
        (Trades({}, "portfolios/berkshire_13f_2025q2.csv"), "ST152", ""),
        (Trades({}, "{a: 1}"), "ST152", ""),
    ],
)
def test_wrong_trades_are_told(live, trades, code, suggestion):
    with pytest.raises(InputError) as caught:
        traded(live, {"ai_growth_fund": trades})
    problem = caught.value.problems[0]
    assert code in (None, problem.code)
    assert suggestion in (None, problem.suggestion)
    assert problem.location.file == "trade"


def test_trades_of_several_portfolios_are_told_together(live):
    wrong = {name: Trades({"none": 1.0}) for name in PORTFOLIOS}
    with pytest.raises(InputError) as caught:
        traded(live, wrong)
    assert len(caught.value.problems) == 2
