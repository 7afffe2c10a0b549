"""Convertible bonds along paths: what ended is gone, paid once; a default takes what is open."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.fixtures.forward_market import along_path
from tests.instruments.convertible_bond.convertibles import BASE, TAG, TERMS, day, market

from stresstest.market.keys import RiskFactorKey

MARKET = market(replace(BASE, spread=0.0, dividend_yield=0.0))
HIGH, LOW = {"spot/ACME": 240.0}, {"spot/ACME": 20.0}
BAD = {"spot/ACME": 20.0, "credit_spread/ACME": 0.5}


def path(terms: dict[str, Any], *steps: tuple[int, dict[str, float]], base: Any = MARKET) -> Any:
    return along_path(TAG, {**TERMS, "steps": 51, **terms}, base, list(steps))


def test_at_maturity_it_is_cash_or_shares() -> None:
    worth, cash = path({}, (1000, HIGH), (1100, HIGH), (1200, LOW))
    assert worth[2:] == cash[2:] == pytest.approx([0.06 + 1.92] * 2)
    worth, cash = path({}, (1000, LOW), (1100, LOW), (1200, HIGH))
    assert worth[2:] == cash[2:] == pytest.approx([0.09 + 1.0] * 2)


def test_a_call_forces_conversion_where_the_trigger_is_reached() -> None:
    calls = ({"date": day(700), "trigger": "130%"},)
    worth, cash = path({"calls": calls}, (600, HIGH), (800, HIGH), (900, LOW))
    assert worth[2:] == cash[2:] == pytest.approx([0.03 + 1.92] * 2)
    _, cash = path({"calls": calls}, (600, LOW), (800, LOW))
    assert cash[2] == pytest.approx(0.06)


def test_a_put_is_used_where_credit_is_bad_and_only_there() -> None:
    puts = ({"date": day(700)},)
    worth, cash = path({"puts": puts}, (600, BAD), (800, BAD), (900, HIGH))
    assert worth[2:] == cash[2:] == pytest.approx([0.03 + 1.0 + 0.03 * 335 / 365] * 2)
    _, cash = path({"puts": puts}, (600, HIGH), (800, HIGH))
    assert cash[2] == pytest.approx(0.06)


def test_conversion_is_used_when_it_ends() -> None:
    terms = {"conversion_end": day(700)}
    worth, cash = path(terms, (600, HIGH), (800, HIGH), (900, LOW))
    assert worth[2:] == cash[2:] == pytest.approx([0.03 + 1.92] * 2)
    worth, cash = path(terms, (600, LOW), (800, LOW), (900, HIGH))
    assert worth[3] - cash[3] == pytest.approx(1.03)


@pytest.mark.parametrize("spot", [40.0, 110.0, 124.0, 130.0, 300.0])
@pytest.mark.parametrize(
    "terms",
    [
        {},
        {"calls": ({"date": day(500), "trigger": "120%"},)},
        {"calls": ({"date": day(500), "price": 101.0},), "puts": ({"date": day(800), "price": 100.0},)},
        {"conversion_end": day(800), "puts": ({"date": day(730), "price": 103.0},)},
    ],
)
def test_value_and_cash_together_do_not_change_without_rates_and_vol(
    spot: float, terms: dict[str, Any]
) -> None:
    still = {**dict.fromkeys(MARKET.levels, 0.0), RiskFactorKey("spot", "ACME"): spot}
    steps = [(step, {}) for step in range(7, 1200, 61)]
    worth, _ = path(terms, *steps, base=replace(MARKET, levels=still))
    # A call that lasts begins on a date of the lattice, with the interest accrued until then.
    gap = 1e-3 if "price" in terms.get("calls", ({},))[0] else 1e-12
    assert worth == pytest.approx([worth[0]] * len(worth), abs=gap)


def test_a_default_leaves_the_recovery_of_the_face() -> None:
    extra = {
        RiskFactorKey("default_state", "ACME"): 0.0,
        RiskFactorKey("recovery_rate", "ACME", "senior_unsecured"): 0.25,
    }
    base = replace(MARKET, levels={**MARKET.levels, **extra})
    bust = {"spot/ACME": 0.0, "default_state/ACME": 1.0}
    worth, cash = path({"puts": ({"date": day(700)},)}, (600, {}), (800, bust), base=base)
    assert worth[2] - cash[2] == pytest.approx(0.25)
    # Put back at 100 before the default of the same step, which then finds nothing.
    steps = (600, {}), (800, {**BAD, "default_state/ACME": 1.0})
    worth, cash = path({"puts": ({"date": day(700)},)}, *steps, base=base)
    assert worth[2] == cash[2] == pytest.approx(0.03 + 1.0 + 0.03 * 335 / 365)
    worth, cash = path({}, (600, {}), (1500, bust), base=base)
    assert worth[2] == cash[2] > 1.0


@pytest.mark.parametrize(("before", "after", "is_put"), [(BAD, HIGH, False), (HIGH, BAD, True)])
def test_a_shock_that_turns_the_decision_leaves_the_bond_or_its_price_and_never_both(
    before: dict[str, float], after: dict[str, float], is_put: bool
) -> None:
    worth, cash = path({"puts": ({"date": day(700)},)}, (600, before), (800, after))
    if is_put:
        assert worth[2] == cash[2] == pytest.approx(0.03 + 1.0 + 0.03 * 335 / 365)
    else:
        assert cash[2] == pytest.approx(0.06)
        assert worth[2] > cash[2] + 1.8
