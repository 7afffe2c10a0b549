"""Balance profiles: ends at 0, steps where repayments are due, level payments, average lives."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.conventions.amortisation import (
    BalanceProfile,
    Instalments,
    Repayment,
    annuity,
    bullet,
    equal_repayments,
    sinking,
)
from stresstest.conventions.schedules import add_months

START = date(2025, 6, 15)


def half_years(n: int) -> tuple[date, ...]:
    return tuple(add_months(START, 6 * (index + 1)) for index in range(n))


def test_a_sinking_fund_leaves_the_rest_to_maturity() -> None:
    days = half_years(4)
    profile = sinking([(days[0], 0.1), (days[2], 0.3)], days[3])
    assert profile.outstanding_before(days[0]) == 1.0
    assert profile.outstanding_after(days[0]) == profile.outstanding_before(days[2]) == 0.9
    assert profile.outstanding_after(days[1]) == 0.9
    assert profile.repaid_on(days[1]) == 0.0
    assert profile.repaid_on(days[3]) == pytest.approx(0.6, rel=1e-15)
    assert profile.outstanding_after(days[3]) == 0.0


def test_a_repayment_stated_at_maturity_is_part_of_the_rest() -> None:
    days = half_years(2)
    assert sinking([(days[0], 0.4), (days[1], 0.6)], days[1]).balances == (1.0, 0.6, 0.0)


def test_a_bullet_is_repaid_once() -> None:
    assert bullet(START, 250.0).steps == ((START, 0.0),)


def test_equal_repayments_and_a_balloon() -> None:
    profile = equal_repayments(half_years(5), 100.0, balloon=40.0)
    assert [item.amount for item in profile.repayments] == pytest.approx([12.0] * 4 + [52.0], rel=1e-14)


def test_an_annuity_has_the_payment_of_the_textbook() -> None:
    """A loan of 1,000 at 6 % a year in 12 monthly payments costs 86.07 a month (r/12, closed formula)."""
    days = tuple(add_months(START, index + 1) for index in range(12))
    profile = annuity(Instalments(1000.0, days, (1 / 12,) * 12), 0.06)
    before = profile.balances
    totals = [item.amount + before[k] * 0.06 / 12 for k, item in enumerate(profile.repayments)]
    closed = 1000.0 * 0.005 / (1.0 - 1.005**-12)
    assert closed == pytest.approx(86.07, abs=0.005)
    assert totals == pytest.approx([closed] * 12, rel=1e-12)


def test_an_annuity_without_interest_is_equal_repayments() -> None:
    days = half_years(7)
    level = annuity(Instalments(1.0, days, (0.5,) * 7), 0.0)
    assert level.balances == pytest.approx(equal_repayments(days).balances, abs=1e-15)


@given(
    n=st.integers(1, 80),
    rate=st.floats(-0.02, 0.3),
    balloon=st.floats(0.0, 1.0),
    initial=st.floats(1e-6, 1e12),
)
def test_profiles_end_at_nothing_and_annuities_pay_the_same_each_time(
    n: int, rate: float, balloon: float, initial: float
) -> None:
    days = half_years(n)
    profile = annuity(Instalments(initial, days, (0.5,) * n), rate, balloon * initial)
    assert profile.balances[-1] == 0.0
    totals = [
        item.amount + profile.balances[k] * rate * 0.5 for k, item in enumerate(profile.repayments[:-1])
    ]
    assert totals == pytest.approx([totals[0]] * (n - 1) if totals else [], rel=1e-7, abs=1e-9 * initial)
    assert equal_repayments(days, initial, balloon * initial).balances[-1] == 0.0


def test_average_life() -> None:
    profile = equal_repayments((date(2026, 6, 15), date(2027, 6, 15)))
    assert profile.average_life_years(START) == pytest.approx(1.5)
    assert profile.average_life_years(date(2026, 6, 15)) == pytest.approx(1.0)


def test_what_is_refused() -> None:
    days = half_years(3)
    with pytest.raises(ValueError, match="more than the initial balance"):
        sinking([(days[0], 0.7), (days[1], 0.4)], days[2])
    with pytest.raises(ValueError, match="after maturity"):
        sinking([(days[2], 0.7)], days[1])
    with pytest.raises(ValueError, match="not in order"):
        BalanceProfile(1.0, (Repayment(days[1], 0.5), Repayment(days[0], 0.5)))
    with pytest.raises(ValueError, match="as many interest periods"):
        Instalments(1.0, days, (0.5,))
