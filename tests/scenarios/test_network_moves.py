from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.fixtures.scenario_networks import use_of
from tests.scenarios.markets import key, small_market, with_levels

from stresstest.scenarios.network_factors import with_network_factors
from stresstest.scenarios.network_moves import NetworkMoves, network_moves
from stresstest.scenarios.scenario import Scenario, Step

LOOP = Scenario("loop", (), "12m", network=use_of("capitalised_revenue"))
MARKET = with_network_factors(small_market(), [LOOP])


def moves(scenario: Scenario = LOOP, **levels: list[float]) -> NetworkMoves:
    stated = {key(text.replace("__", "/")): np.array(row) for text, row in levels.items()}
    n_columns = len(next(iter(stated.values())))
    found = network_moves(scenario, MARKET, stated, n_columns)
    assert found is not None
    return found


def test_a_scenario_without_a_network_moves_nothing() -> None:
    assert network_moves(Scenario("calm", (), "12m"), MARKET, {}, 2) is None


def test_a_cut_of_spending_takes_the_suppliers_price_by_hand() -> None:
    # AMD buys 40 of 100 of revenue: a cut of 10 % is 4 % of revenue, 1.5 times that of earnings, and half of
    # that again of the multiple: (1 − 0.06)·(1 − 0.02) of what Nvidia owns beside a tenth of the lab, 3980.
    level = moves(capex__AMD=[30.0, 27.0]).levels[key("spot/NVDA")]
    left = 3980.0 * 0.94 * 0.98 + 20.0
    assert level == pytest.approx([187.62, 187.62 * left / 4000.0], rel=1e-14)


def test_the_base_column_stands_still_and_no_shock_moves_nothing() -> None:
    found = moves(capex__AMD=[30.0, 30.0])
    assert found.levels == {}
    assert not list(found.stages())


def test_what_lines_state_stays_unless_the_network_acts_on_top() -> None:
    shocks = {"capex__AMD": [30.0, 27.0], "spot__NVDA": [187.62, 150.0]}
    assert key("spot/NVDA") not in moves(**shocks).levels
    on_top = replace(LOOP, network=use_of("capitalised_revenue", on_top=True))
    assert moves(on_top, **shocks).levels[key("spot/NVDA")][1] < 150.0


def test_private_copies_move_with_their_public_factor() -> None:
    market = with_network_factors(with_levels(small_market(), {"spot/NVDA#mine": 180.0}), [LOOP])
    found = network_moves(LOOP, market, {key("capex/AMD"): np.array([30.0, 27.0])}, 2)
    assert found is not None
    ratio = found.levels[key("spot/NVDA")] / 187.62
    assert found.levels[key("spot/NVDA#mine")] == pytest.approx(180.0 * ratio, rel=1e-15)


def test_a_column_has_the_same_bits_in_any_company() -> None:
    everything = replace(LOOP, network=use_of())
    cuts = np.linspace(30.0, 0.0, 40)
    together = moves(everything, capex__AMD=cuts.tolist()).levels
    for column in (1, 7, 39):
        alone = moves(everything, capex__AMD=[30.0, float(cuts[column])]).levels
        assert {text: float(row[1]) for text, row in alone.items()} == {
            text: float(row[column]) for text, row in together.items() if row[column] != MARKET.levels[text]
        }


def test_stages_lead_to_where_the_network_ends() -> None:
    found = moves(replace(LOOP, network=use_of()), capex__AMD=[30.0, 0.0], funding__LAB=[1.0, 0.0])
    *_, last = found.stages()
    assert last.levels.keys() == found.levels.keys()
    assert all(np.array_equal(last.levels[text], row) for text, row in found.levels.items())
    assert all(stage.name.startswith("network/") for stage in found.stages())


def test_a_path_looks_at_the_network_as_far_as_it_has_come() -> None:
    runway = replace(LOOP, timing="path", steps=(Step.of("6m"),), network=use_of("funding_runway"))
    stated = {key("funding/LAB"): np.array([1.0, 0.0])}
    days = [MARKET.as_of.replace(month=11), MARKET.as_of.replace(year=2026)]
    found = [network_moves(runway, MARKET, stated, 2, day) for day in days]
    failed = [bool(one.decided()[1].any()) for one in found if one is not None]
    assert failed == [False, True]
