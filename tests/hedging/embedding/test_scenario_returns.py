"""Returns of positions and portfolios in scenarios: values, names, probabilities, refusals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.fixtures.stressed_funds import SCENARIOS, four_shares, portfolio, three_funds

import stresstest as st
from stresstest.hedging import ScenarioReturns, drawn_returns, named_returns


def test_positions_of_one_portfolio_are_the_assets() -> None:
    result = four_shares()
    found = named_returns(result)
    assert found.assets == ("nvda", "msft", "jnj", "ko")
    assert found.scenarios == SCENARIOS
    held = result.result.portfolios[0]
    expected = held.position_pnl[:, 1:] / held.position_value[:, :1]
    np.testing.assert_allclose(found.returns, expected, rtol=1e-15)
    assert found.probability is None


def test_weights_of_the_portfolio_give_its_own_loss() -> None:
    held = four_shares().result.portfolios[0]
    weights = held.position_value[:, 0] / held.base_value
    found = named_returns(held)
    np.testing.assert_allclose(weights @ found.returns, held.pnl[1:] / held.base_value, rtol=1e-12)


def test_portfolios_are_the_assets_where_there_are_several() -> None:
    result = three_funds()
    found = named_returns(result.result)
    assert found.assets == ("chips", "staples", "hedged")
    expected = [held.pnl[1:] / held.base_value for held in result.result.portfolios]
    np.testing.assert_allclose(found.returns, expected, rtol=1e-15)


def test_names_select_order_and_rename() -> None:
    everything = named_returns(four_shares())
    for chosen in (["ko", "nvda"], {"Coca-Cola": "ko", "Nvidia": "nvda"}):
        found = named_returns(four_shares(), chosen)
        assert found.assets == tuple(chosen)
        assert found.returns.tobytes() == np.ascontiguousarray(everything.returns[[3, 0]]).tobytes()
        again = named_returns(everything, chosen)
        assert again.returns.tobytes() == found.returns.tobytes()


def test_draws_where_there_are_some() -> None:
    result = four_shares()
    assert drawn_returns(result).scenarios == SCENARIOS
    drawn = replace(result, sampled=four_shares().result)
    assert drawn_returns(drawn).returns.tobytes() == named_returns(result).returns.tobytes()


def test_stated_probabilities_add_to_one() -> None:
    held = four_shares().result.portfolios[0]
    table = replace(held.table, probability=np.array([np.nan, 0.1, 0.3, 0.1]))
    np.testing.assert_allclose(named_returns(replace(held, table=table)).probability, [0.2, 0.6, 0.2])


def test_every_unknown_name_is_told_with_the_nearest() -> None:
    with pytest.raises(st.InputError) as caught:
        named_returns(four_shares(), ["nvd", "ko", "mstf"])
    problems = caught.value.problems
    assert [problem.code for problem in problems] == ["ST495", "ST495"]
    assert [problem.suggestion for problem in problems] == ["nvda", "msft"]
    with pytest.raises(st.InputError, match="no asset at all"):
        named_returns(four_shares(), [])


def test_an_asset_without_base_value_is_refused() -> None:
    held = [portfolio("flat", {"NVDA": 0, "KO": 5})]
    result = st.stress(held, st.load_scenarios("boom_continues"), st.load_market("2025-10-03"))
    with pytest.raises(st.InputError, match="base value of 0"):
        named_returns(result)
    assert named_returns(result, ["ko"]).assets == ("ko",)


def test_a_scenario_is_found_by_name() -> None:
    found = named_returns(four_shares())
    np.testing.assert_array_equal(found.column("boom_continues"), found.returns[:, 1])
    with pytest.raises(st.InputError, match="did you mean 'boom_continues'"):
        found.column("boom_continue")
    doubled = ScenarioReturns(("a",), ("x", "x"), np.zeros((1, 2)))
    with pytest.raises(st.InputError, match="2 draws"):
        doubled.column("x")
