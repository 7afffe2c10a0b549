"""Remaining payments of a bond on a date."""

from __future__ import annotations

from datetime import date

import pytest
from tests.instruments.fixed_bond.pricing import AS_OF, bond

from stresstest.errors import InputError
from stresstest.instruments.fixed_bond.terms import accrued_interest, remaining_flows


def test_payments_of_the_coreweave_note() -> None:
    flows = remaining_flows(bond(), AS_OF)
    assert len(flows) == 10
    assert flows[0] == ((date(2025, 12, 1) - AS_OF).days / 365, 0.04625)
    assert flows[-1] == ((date(2030, 6, 1) - AS_OF).days / 365, 1.04625)


def test_accrued_interest_of_the_coreweave_note() -> None:
    # 1 June to 3 October: 122 days of a 360-day year.
    assert accrued_interest(bond(), AS_OF) == pytest.approx(0.0925 * 122 / 360, abs=1e-16)


def test_without_issue_date_the_current_period_is_regular() -> None:
    with_date = bond(issue_date="2024-06-01", calendar="us_federal_reserve")
    assert remaining_flows(bond(calendar="us_federal_reserve"), AS_OF) == remaining_flows(with_date, AS_OF)


def test_a_coupon_due_on_a_holiday_is_still_to_come() -> None:
    saturday = date(2025, 11, 1)
    spec = bond(maturity="2030-11-01", calendar="weekends_only")
    assert remaining_flows(spec, saturday)[0] == (2 / 365, 0.04625)
    assert accrued_interest(spec, saturday) == 0.04625
    assert remaining_flows(bond(maturity="2030-11-01"), saturday)[0].years > 0.4


def test_redemption_due_on_a_holiday_is_still_to_come() -> None:
    spec = bond(maturity="2025-11-01", calendar="weekends_only")
    assert remaining_flows(spec, date(2025, 11, 2)) == ((1 / 365, 1.04625),)


def test_a_stub_at_the_end_is_short() -> None:
    spec = bond(last_coupon_date="2030-06-01", maturity="2030-08-01")
    amounts = [flow.amount for flow in remaining_flows(spec, AS_OF)]
    assert amounts[-2:] == [0.04625, pytest.approx(1.0 + 0.0925 / 6, abs=1e-15)]
    late = remaining_flows(spec, date(2030, 7, 1))
    assert late == (((date(2030, 8, 1) - date(2030, 7, 1)).days / 365, amounts[-1]),)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"maturity": "2025-10-03"}, "ST370"),
        ({"maturity": "2020-06-01"}, "ST370"),
        ({"issue_date": "2025-10-04"}, "ST371"),
    ],
)
def test_bonds_without_a_value_are_refused(cells: dict[str, str], code: str) -> None:
    with pytest.raises(InputError) as caught:
        remaining_flows(bond(**cells), AS_OF)
    assert [problem.code for problem in caught.value.problems] == [code]
