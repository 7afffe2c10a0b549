"""Distance from a loss: closed forms, brute force in two factors, plans that come to rest on it."""

from __future__ import annotations

from functools import cache
from math import expm1, inf, log1p
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from tests.hedging.tiny_books import HEAD, inputs, line, state

from stresstest.arrays import FloatArray
from stresstest.errors import InputError
from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.program.program import HedgeProgram
from stresstest.hedging.program.trade_state import TradeState
from stresstest.hedging.rules.built import ROOM, BuiltRule
from stresstest.hedging.rules.registry import build_rule
from stresstest.hedging.rules.reverse_distance import DistanceRows, StateLoss
from stresstest.market.keys import RiskFactorKey

NVDA = RiskFactorKey("spot", "NVDA")
SHARE: list[dict[str, Any]] = [
    {"id": "nvda", "type": "equity", "issuer": "NVDA", "quantity": 4_000},
    {"id": "cash", "type": "cash", "currency": "USD", "quantity": 100_000},
]
CHEAP = """\
version: 1
name: cheap
horizon: 12m
universe:
  - {name: puts, type: european_option, underlying: NVDA, right: put, strikes: [90%], expiries: [12m],
     strike_step: 5, source: puts, reason: insurance}
sell: {all: true}
objective:
  - {minimise: turnover, weight: 1}
costs: {}
"""
OPTIONS: list[dict[str, Any]] = [
    *SHARE,
    {"id": "msft", "type": "equity", "issuer": "MSFT", "quantity": 1_000},
    {"id": "puts", "type": "european_option", "underlying": "NVDA", "right": "put", "strike": 150,
     "expiry": "2026-06-18", "multiplier": 100, "quantity": 30},
    {"id": "calls", "type": "european_option", "underlying": "MSFT", "right": "call", "strike": 550,
     "expiry": "2026-06-18", "multiplier": 100, "quantity": -25},
]  # fmt: skip
TWO = "min_reverse_distance: 1, loss: 20%, factors: [spot/NVDA, spot/MSFT]"


def deviation(found: HedgeInputs, key: RiskFactorKey = NVDA, regime: str = "stressed") -> float:
    """Return the standard deviation of a factor's move over a year."""
    model = found.book.market.factor_model
    assert model is not None
    row = model.rows[key]
    exposure = model.exposures[row]
    own = float(model.idiosyncratic_vol[regime][row])
    return float(np.sqrt(exposure @ model.covariance[regime] @ exposure + own * own))


@cache
def one_share(rule: str) -> tuple[BuiltRule, HedgeInputs]:
    found = inputs(f"name: far, {rule}", head=CHEAP, positions=SHARE)
    return build_rule(found.policy.rules[0], found), found


@cache
def two_factors() -> tuple[BuiltRule, HedgeInputs]:
    found = inputs(f"name: far, {TWO}", head=CHEAP, positions=OPTIONS)
    return build_rule(found.policy.rules[0], found), found


@pytest.mark.parametrize(("regime", "years", "horizon"), [("stressed", 1.0, "12m"), ("calm", 0.25, "3m")])
def test_one_share_is_as_far_as_its_logarithm_says(regime: str, years: float, horizon: str) -> None:
    rule, found = one_share(
        f"min_reverse_distance: 1, loss: 20%, regime: {regime}, horizon: {horizon}, factors: [spot]"
    )
    rest = state(found)
    value = float(found.held_shares[line(found, "nvda", held=True)])
    wanted = -log1p(-0.2 / value) / deviation(found, regime=regime) / years**0.5
    assert rule.measured(rest) == pytest.approx(wanted, rel=1e-6)
    assert rule.breach(rest, wanted * (1.0 - 1e-6)) <= 0.0
    assert rule.breach(rest, wanted * (1.0 + 1e-6)) > 0.0


@pytest.mark.parametrize("amount", [1.0, 1.5])
def test_the_least_that_is_sold_is_what_the_closed_form_leaves(amount: float) -> None:
    found = inputs(
        f"name: far, min_reverse_distance: {amount}, loss: 20%, factors: [spot/NVDA]",
        "name: none, max_premium: 0%",
        head=CHEAP,
        positions=SHARE,
    )
    program = HedgeProgram(found)
    solution = program.solve(integers=False)
    assert solution.status == "optimal"
    assert solution.state is not None
    left = float(solution.state.after[line(found, "nvda", held=True)])
    assert left == pytest.approx(0.2 / -expm1(-amount * deviation(found)), abs=1e-6)
    assert program.rules[0].measured(solution.state) == pytest.approx(amount, abs=1e-6)
    assert solution.broken == ("far",)
    # More is sold for each further unit of distance: the derivative of what is left.
    sigma = deviation(found)
    slope = 0.2 * sigma * np.exp(-amount * sigma) / expm1(-amount * sigma) ** 2
    assert solution.shadow_prices["far"] == pytest.approx(100.0 * slope, rel=1e-3)


def rays(loss: StateLoss, radii: FloatArray) -> FloatArray:
    """Return `(n_angles, n_radii)` losses of moves in the plane of two correlated factors."""
    space = loss.moves.space
    covariance = space.years * (
        space.exposures @ space.covariance @ space.exposures.T + np.diag(space.own_deviation**2)
    )
    root = np.linalg.cholesky(covariance)
    angles = np.linspace(0.0, 2.0 * np.pi, 1441)
    ways = (root @ np.array([np.cos(angles), np.sin(angles)])).T
    return np.array([loss(radius * ways) for radius in radii]).T


@pytest.mark.parametrize("units", [{}, {"nvda": -1_500.0}, {"msft": -800.0, "nvda_p": 10.0}])
def test_a_book_with_options_is_as_far_as_brute_force_says(units: dict[str, float]) -> None:
    rule, found = two_factors()
    now = state(found, **{name: size for name, size in units.items() if "_" not in name})
    rows = DistanceRows(rule.rule, found)
    distance = rule.measured(now)
    assert 0.1 < distance < 10.0
    losses = rays(StateLoss(found, rows.moves, now), distance * np.linspace(0.02, 1.0, 50) * (1.0 - 1e-5))
    assert losses.max() < 0.2
    beyond = rays(StateLoss(found, rows.moves, now), np.array([distance * (1.0 + 1e-4)]))
    assert beyond.max() > 0.2


@pytest.mark.parametrize("amount", [1.2, 2.0])
def test_a_plan_bears_every_move_of_a_grid(amount: float) -> None:
    found = inputs(
        f"name: far, {TWO}".replace("distance: 1,", f"distance: {amount},"), head=CHEAP, positions=OPTIONS
    )
    program = HedgeProgram(found)
    solution = program.solve(integers=False)
    assert solution.status == "optimal"
    assert solution.state is not None
    rows = DistanceRows(program.rules[0].rule, found)
    losses = rays(StateLoss(found, rows.moves, solution.state), amount * np.linspace(0.02, 1.0, 50))
    assert losses.max() <= 0.2 + 1e-8
    assert losses.max() >= 0.2 - 1e-4
    assert solution.gap <= 1e-8


@settings(max_examples=15, deadline=None)
@given(some.floats(0.0, 0.9), some.floats(0.0, 0.9))
def test_a_book_keeps_the_rule_up_to_its_distance_and_no_further(nvda: float, msft: float) -> None:
    rule, found = two_factors()
    now = state(found, nvda=-4_000.0 * nvda - 1.0, msft=-1_000.0 * msft - 1.0)
    distance = rule.measured(now)
    if distance is not inf and distance < 20.0:
        assert rule.breach(now, distance * (1.0 - 1e-3)) <= ROOM
        assert rule.breach(now, distance * (1.0 + 1e-3)) > 0.0


def test_rows_are_added_where_a_state_breaks_one_and_not_again() -> None:
    rule, found = two_factors()
    assert rule.sharpened is not None
    rest, far = state(found), 1.5 * rule.measured(state(found))
    rule.sharpened(rest, far, ROOM)
    known = sum(len(row) for row in rule.linear(rest, far))
    assert known > 0
    assert max(row.max() for row in rule.linear(rest, far)) > 0.0
    near = 0.5 * rule.measured(rest)
    assert not rule.sharpened(rest, near, ROOM)
    assert sum(len(row) for row in rule.linear(rest, near)) >= known


def test_costs_are_losses() -> None:
    rule, found = one_share("min_reverse_distance: 1, loss: 20%, factors: [spot/NVDA]")
    rest: TradeState = state(found)
    assert rule.measured(rest._replace(cost=0.05)) < rule.measured(rest)
    assert rule.measured(rest._replace(cost=0.25)) == 0.0


def test_a_book_that_nothing_moves_so_far_is_infinitely_far() -> None:
    rule, found = one_share("min_reverse_distance: 1, loss: 90%, factors: [spot/NVDA]")
    assert rule.measured(state(found, nvda=-3_999.0)) == inf


def test_factors_that_the_hedge_does_not_depend_on_are_told_at_the_rule() -> None:
    found = inputs("name: far, min_reverse_distance: 1, loss: 20%, factors: [fx_spot]", head=HEAD)
    with pytest.raises(InputError) as caught:
        build_rule(found.policy.rules[0], found).measured(state(found))
    assert caught.value.problems[0].code == "ST521"
    assert caught.value.problems[0].location.line == found.policy.rules[0].location.line


def test_an_impossible_distance_is_diagnosed_with_how_far_it_gets() -> None:
    found = inputs(
        "name: far, min_reverse_distance: 3, loss: 20%, factors: [spot/NVDA]",
        "name: none, max_premium: 0%",
        "name: still, max_turnover: 20%",
        head=CHEAP,
        positions=SHARE,
    )
    program = HedgeProgram(found)
    assert program.solve(integers=False).status == "infeasible"
    nearest = program.nearest("far")
    left = float(found.held_shares[line(found, "nvda", held=True)]) - 0.2
    assert nearest == pytest.approx(-log1p(-0.2 / left) / deviation(found), abs=6e-3)
