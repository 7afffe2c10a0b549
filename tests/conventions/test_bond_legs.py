"""Interest of bonds whose first day may be unknown."""

from __future__ import annotations

from datetime import date

import pytest

from stresstest.conventions.bond_legs import BondTerms, bond_leg
from stresstest.conventions.schedules import PaymentTerms

TERMS = BondTerms(0.06, "30/360", date(2030, 6, 1), 2, None, True, PaymentTerms())


def test_without_an_issue_date_the_current_period_is_regular() -> None:
    on = date(2026, 8, 1)
    leg = bond_leg(TERMS, on)
    assert leg.accrued_interest(on) == pytest.approx(0.06 * 60 / 360)
    assert [flow.amount for flow in leg.bond_flows(on)][:-1] == [0.03] * 7


def test_an_issue_date_makes_a_short_first_period() -> None:
    leg = bond_leg(TERMS._replace(issue_date=date(2026, 3, 1)), date(2026, 3, 1))
    assert leg.bond_flows(date(2026, 3, 1))[0].amount == pytest.approx(0.015)


def test_a_coupon_that_waits_for_a_business_day_is_still_due() -> None:
    terms = TERMS._replace(payment=PaymentTerms("weekends_only", "following"))
    saturday = date(2030, 6, 1)
    assert bond_leg(terms, saturday).bond_flows(saturday)[-1].payment_date == date(2030, 6, 3)
