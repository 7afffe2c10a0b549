"""Balances of loans: schedules, prepayment, draws and fees, day by day."""

from __future__ import annotations

from datetime import date

import pytest

from stresstest.conventions.floating_legs import FloatingLeg
from stresstest.conventions.loan_balances import Commitment, Draw, LoanBalances, dated_repayments
from stresstest.conventions.schedules import ScheduleTerms

TODAY = date(2025, 10, 3)
LEG = FloatingLeg("ACT/360", ScheduleTerms(date(2025, 9, 15), date(2027, 9, 15), 2))


def equal(amount: float) -> LoanBalances:
    return LoanBalances(LEG, TODAY, 1.0, lambda _period, _balance: amount)


def test_what_is_not_repaid_before_is_repaid_at_the_end() -> None:
    periods = equal(0.2).periods
    assert [item.principal for item in periods] == pytest.approx([0.2, 0.2, 0.2, 0.4])
    assert [item.closing for item in periods] == pytest.approx([0.8, 0.6, 0.4, 0.0])
    assert periods[0].balance_years == pytest.approx(181 / 360)
    assert periods[1].mean_balance == pytest.approx(0.8)


def test_no_more_than_the_balance_is_repaid() -> None:
    assert [item.principal for item in equal(0.45).periods] == pytest.approx([0.45, 0.45, 0.1, 0.0])


def test_prepayment_takes_a_share_of_what_is_left() -> None:
    loan = LoanBalances(LEG, TODAY, 1.0, lambda _period, _balance: 0.2, kept=lambda years: 1.0 - 0.1 * years)
    first = 163 / 365
    assert loan.periods[0].closing == pytest.approx(0.8 * (1.0 - 0.1 * first))
    assert sum(item.principal for item in loan.periods) == pytest.approx(1.0)


def test_outstanding_steps_on_the_days_of_payments_and_draws() -> None:
    draw = Draw(date(2026, 1, 1), 0.5, 0.5)
    loan = LoanBalances(LEG, TODAY, 0.5, lambda _period, _balance: 0.25, (draw,))
    days = [TODAY, date(2025, 12, 31), draw.day, date(2026, 3, 15), date(2027, 9, 14), date(2027, 9, 15)]
    assert [loan.outstanding(day) for day in days] == pytest.approx([0.5, 0.5, 1.0, 0.75, 0.25, 0.0])


def test_a_fee_ends_where_the_commitment_lapses() -> None:
    draw, until = Draw(date(2026, 1, 1), 0.5, 0.5), date(2026, 6, 1)
    terms = Commitment(0.8, 0.01, until)
    loan = LoanBalances(LEG, TODAY, 0.2, lambda _period, _balance: 0.0, (draw,), terms)
    first = 0.8 * (date(2026, 3, 15) - date(2025, 9, 15)).days - 0.5 * (date(2026, 3, 15) - draw.day).days
    second = 0.3 * (until - date(2026, 3, 15)).days
    fees = [item.fees for item in loan.periods]
    assert fees == pytest.approx([0.01 * first / 360, 0.01 * second / 360, 0.0, 0.0])


def test_a_loan_that_starts_later_waits_in_a_period_of_its_own() -> None:
    leg = FloatingLeg("ACT/360", ScheduleTerms(date(2025, 12, 15), date(2027, 9, 15), 2))
    loan = LoanBalances(
        leg, TODAY, 0.0, lambda _period, _balance: 0.0, (Draw(date(2025, 12, 15), 1.0, 0.97),)
    )
    waiting, first, *_ = loan.periods
    assert (waiting.period.start, waiting.period.end, waiting.balance_years) == (
        TODAY,
        date(2025, 12, 15),
        0.0,
    )
    assert first.mean_balance == pytest.approx(1.0)
    assert loan.outstanding(date(2025, 12, 15)) == 1.0


def test_dated_repayments_fall_due_at_the_end_of_their_period() -> None:
    due = dated_repayments(
        ((date(2026, 1, 31), 0.1), (date(2026, 3, 15), 0.2), (date(2026, 3, 16), 0.3)), TODAY
    )
    assert [due(item, 1.0) for item in LEG.periods] == pytest.approx([0.3, 0.3, 0.0, 0.0])
