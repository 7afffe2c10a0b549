"""Callable bonds along paths: a call that was used ends the bond, once, and a default takes what is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.fixtures.forward_market import along_path
from tests.instruments.callable_bond.bonds import CALLS, TAG, TERMS, market

from stresstest.market.keys import RiskFactorKey

FREE = market(credit_spread__CRWV=0.0)
CHEAP = {"credit_spread/CRWV": 0.0}
DEAR = {"credit_spread/CRWV": 0.12}


def path(terms: dict[str, Any], *steps: tuple[int, dict[str, float]], base: Any = FREE) -> Any:
    return along_path(TAG, {**TERMS, **terms}, base, list(steps))


def days(day: date) -> int:
    return (day - FREE.as_of).days


BEFORE, CALL, AFTER, END = (
    days(day) for day in (date(2027, 5, 3), date(2027, 6, 1), date(2027, 8, 2), date(2031, 1, 2))
)
EARLY = ({"date": date(2027, 6, 1), "price": 101.0},)


def test_a_bond_that_was_called_is_gone_with_its_price_paid_once() -> None:
    worth, cash = path({"calls": EARLY}, (BEFORE, CHEAP), (AFTER, CHEAP), (END, CHEAP))
    assert cash[1] == pytest.approx(3 * 0.04625)
    assert cash[2:] == pytest.approx([4 * 0.04625 + 1.01] * 2)
    assert worth[2:] == cash[2:]


def test_a_bond_that_was_not_worth_calling_lives_on() -> None:
    worth, cash = path({"calls": EARLY}, (BEFORE, DEAR), (AFTER, DEAR), (END, DEAR))
    assert cash[2] == pytest.approx(4 * 0.04625)
    assert worth[2] - cash[2] < 1.0
    assert worth[3] == cash[3] == pytest.approx(10 * 0.04625 + 1.0)


def test_the_last_chance_of_a_step_that_spans_many_is_the_first_used() -> None:
    declining = ({"date": date(2027, 6, 1), "price": 110.0}, {"date": date(2027, 12, 1), "price": 100.0})
    _, cash = path({"calls": declining}, (BEFORE, CHEAP), (END, CHEAP))
    assert cash[2] == pytest.approx(5 * 0.04625 + 1.0)


def test_a_put_ends_the_bond_where_credit_is_bad() -> None:
    terms = {"puts": EARLY}
    _, cash = path(terms, (BEFORE, DEAR), (AFTER, DEAR), (END, CHEAP))
    assert cash[2:] == pytest.approx([4 * 0.04625 + 1.01] * 2)


@pytest.mark.parametrize("style", ["on_dates", "from_dates"])
@pytest.mark.parametrize("notice", [0, 45])
def test_calls_are_used_the_same_way_however_a_path_is_cut(style: str, notice: int) -> None:
    terms = {"calls": CALLS, "call_style": style, "notice_days": notice}
    whole = path(terms, (END, CHEAP))[1][-1]
    cut = path(terms, *((step, CHEAP) for step in range(100, END, 100)), (END, CHEAP))[1][-1]
    assert cut == pytest.approx(whole, abs=1e-9)


def test_value_and_cash_together_do_not_change_without_rates() -> None:
    still = replace(FREE, levels=dict.fromkeys(FREE.levels, 0.0))
    terms = {
        "calls": CALLS,
        "call_style": "from_dates",
        "notice_days": 30,
        "puts": ({"date": date(2029, 6, 1), "price": 100.0},),
    }
    worth, _ = path(terms, *((step, {}) for step in range(7, END, 61)), base=still)
    assert worth == pytest.approx([worth[0]] * len(worth), abs=1e-12)


def test_a_default_takes_what_is_open_and_a_called_bond_recovers_nothing() -> None:
    extra = {
        RiskFactorKey("default_state", "CRWV"): 0.0,
        RiskFactorKey("recovery_rate", "CRWV", "senior_unsecured"): 0.35,
    }
    base = replace(FREE, levels={**FREE.levels, **extra})
    bust = {"default_state/CRWV": 1.0}
    worth, cash = path({"calls": EARLY}, (BEFORE, CHEAP), (BEFORE + 2, {**CHEAP, **bust}), base=base)
    assert worth[2] - cash[2] == pytest.approx(0.35)
    for first in (BEFORE, AFTER):
        worth, cash = path({"calls": EARLY}, (first, CHEAP), (AFTER + 30, {**CHEAP, **bust}), base=base)
        assert worth[2] == cash[2] == pytest.approx(4 * 0.04625 + 1.01)
    worth, cash = path({"calls": EARLY}, (BEFORE, DEAR), (AFTER, {**DEAR, **bust}), (END, DEAR), base=base)
    assert worth[2] - cash[2] == pytest.approx(0.35)
    assert cash[2] == pytest.approx(4 * 0.04625)
    steps = (BEFORE, {**DEAR, **bust}), (AFTER, {**CHEAP, **bust}), (END, {**CHEAP, **bust})
    worth, cash = path({"calls": EARLY}, *steps, base=base)
    assert cash[2] == cash[1]
    assert worth[3] == cash[3] == pytest.approx(cash[1] + 0.35)


@pytest.mark.parametrize(
    ("rights", "before", "after", "is_redeemed"),
    [
        ("calls", CHEAP, DEAR, False),
        ("calls", DEAR, CHEAP, True),
        ("puts", CHEAP, DEAR, True),
        ("puts", DEAR, CHEAP, False),
    ],
)
def test_a_shock_that_turns_the_decision_leaves_the_bond_or_its_price_and_never_both(
    rights: str, before: dict[str, float], after: dict[str, float], is_redeemed: bool
) -> None:
    base = market(credit_spread__CRWV=before["credit_spread/CRWV"])
    worth, cash = path({rights: EARLY}, (AFTER, after), (END, after), base=base)
    coupons = 4 * 0.04625
    if is_redeemed:
        assert worth[1] == cash[1] == pytest.approx(coupons + 1.01)
        assert worth[2] == cash[2] == cash[1]
    else:
        assert cash[1] == pytest.approx(coupons)
        assert worth[1] > cash[1] + 0.5
        assert worth[2] == cash[2] == pytest.approx(10 * 0.04625 + 1.0)
