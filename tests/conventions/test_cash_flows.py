"""Cash flows and accrued interest: the Treasury's published examples, QuantLib, identities."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import QuantLib
from tests.oracle.quantlib_bonds import fixed_rate_bond, to_date, to_quantlib

from stresstest.conventions.cash_flows import FixedLeg
from stresstest.conventions.day_counts import DayCount
from stresstest.conventions.schedules import PaymentTerms, ScheduleTerms, add_months

GOLDEN = Path(__file__).parents[1] / "golden" / "treasury_31cfr356_appendix_b.csv"
"""31 CFR Part 356, Appendix B, section II, examples A to G: per 100 of face.

In E, F and G the regulation rounds price plus interest to six places before it takes the interest away."""


WITH_A_PEER = [name for name in get_args(DayCount) if name != "ACT/365L"]
"""QuantLib has no ACT/365L."""


def treasury_price(leg: FixedLeg, settlement: date, annual_yield: float) -> float:
    """Price and accrued per 100 by the Treasury's rule: whole periods compound, the broken one is simple."""
    grid = leg.schedule.grid()
    index = grid.index_at_or_before(settlement)
    start, following = grid.day(index), grid.day(index + 1)
    broken = (following - settlement).days / (following - start).days
    total = 0.0
    for flow in leg.bond_flows(settlement):
        periods = grid.index_at_or_before(flow.payment_date) - index - 1
        total += 100.0 * flow.amount / (1.0 + annual_yield / 2) ** periods
    return total / (1.0 + broken * annual_yield / 2)


def optional_date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    "row", list(csv.DictReader(GOLDEN.read_text().splitlines())), ids=lambda row: row["example"][:4]
)
def test_treasury_examples(row: dict[str, str]) -> None:
    terms = ScheduleTerms(
        date.fromisoformat(row["issued"]),
        date.fromisoformat(row["maturity"]),
        2,
        optional_date(row["first_coupon"]),
    )
    leg = FixedLeg(float(row["coupon_percent"]) / 100, "ACT/ACT ICMA", terms)
    settlement = date.fromisoformat(row["settlement"])
    tolerance = float(row["tolerance"])
    accrued = 100 * leg.accrued_interest(settlement)
    price = treasury_price(leg, settlement, float(row["yield_percent"]) / 100) - accrued
    assert accrued == pytest.approx(float(row["accrued"]), abs=tolerance)
    assert price == pytest.approx(float(row["clean_price"]), abs=tolerance)


def random_legs(n_legs: int) -> list[FixedLeg]:
    """Bonds over day counts, frequencies, stubs, month ends, calendars and conventions."""
    generator = np.random.default_rng(7)
    legs: list[FixedLeg] = []
    for number in range(n_legs):
        end = date(2027 + number % 25, 1 + number % 12, int(generator.choice([1, 15, 28, 30, 31])) % 29 or 28)
        if number % 3 == 0:
            end = add_months(end, 0, month_end=True)
        start = date(2021, int(generator.integers(1, 13)), int(generator.integers(1, 29)))
        frequency = int(generator.choice([1, 2, 4, 12]))
        plain = ScheduleTerms(start, end, frequency, end_of_month=bool(number % 2))
        grid = plain.grid()
        long_stub = grid.day(grid.index_at_or_before(start) + 2) if number % 5 == 0 else None
        terms = ScheduleTerms(start, end, frequency, long_stub, end_of_month=bool(number % 2))
        calendar = ("none", "weekends_only", "target", "us_federal_reserve")[number % 4]
        convention = ("following", "modified_following", "preceding", "modified_preceding", "unadjusted")[
            int(generator.integers(5))
        ]
        day_count = WITH_A_PEER[number % len(WITH_A_PEER)]
        rate = float(generator.uniform(0.0, 0.12))
        legs.append(FixedLeg(rate, day_count, terms, PaymentTerms(calendar, convention)))  # type: ignore[arg-type]
    return legs


def test_flows_are_those_of_quantlib() -> None:
    after = date(2025, 10, 3)
    for leg in random_legs(600):
        cash_flows = [flow for flow in fixed_rate_bond(leg).cashflows() if to_date(flow.date()) > after]
        expected: dict[date, float] = {}
        for flow in cash_flows:
            day = to_date(flow.date())
            expected[day] = expected.get(day, 0.0) + flow.amount()
        got: dict[date, float] = {}
        for day, amount in leg.bond_flows(after):
            got[day] = got.get(day, 0.0) + amount
        assert list(got) == list(expected), leg
        assert list(got.values()) == pytest.approx(list(expected.values()), abs=1e-13), leg


def test_accrued_interest_is_that_of_quantlib() -> None:
    for number, leg in enumerate(random_legs(600)):
        day = date(2023 + number % 3, 1 + number % 12, 1 + number % 28)
        due = [period for period in leg.periods if period.payment_date > day and period.start < day]
        if len(due) != 1:
            # Between the end of a period and its payment on a later day QuantLib counts that coupon only.
            continue
        peer = fixed_rate_bond(leg)
        expected = QuantLib.BondFunctions.accruedAmount(peer, to_quantlib(day)) / 100
        assert leg.accrued_interest(day) == pytest.approx(expected, abs=1e-13), f"{leg} {day}"


def test_interest_due_but_not_yet_paid_is_accrued() -> None:
    terms = ScheduleTerms(date(2025, 2, 28), date(2027, 2, 28), 2)
    leg = FixedLeg(0.06, "ACT/ACT ICMA", terms, PaymentTerms("weekends_only"))
    # The coupon of Sunday 2025-08-31 is paid on Monday.
    assert leg.accrued_interest(date(2025, 8, 31)) == 0.03
    assert leg.accrued_interest(date(2025, 9, 1)) == pytest.approx(0.03 / 181, abs=1e-15)


def test_a_payment_of_today_is_past() -> None:
    leg = FixedLeg(0.05, "30/360", ScheduleTerms(date(2025, 6, 1), date(2026, 6, 1), 2))
    assert leg.bond_flows(date(2025, 11, 30))[0].payment_date == date(2025, 12, 1)
    assert leg.bond_flows(date(2025, 12, 1)) == ((date(2026, 6, 1), 1.025),)
    assert leg.bond_flows(date(2026, 6, 1)) == ()


@pytest.mark.parametrize("frequency", [1, 2, 4, 12])
def test_icma_pays_equal_coupons_in_regular_periods(frequency: int) -> None:
    terms = ScheduleTerms(date(2020, 2, 29), date(2040, 2, 29), frequency)
    leg = FixedLeg(0.05, "ACT/ACT ICMA", terms)
    assert {amount for _, amount in leg.coupons()} == {0.05 / frequency}
    assert len(leg.coupons()) == 20 * frequency
