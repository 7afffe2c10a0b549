"""Terms that a user may write."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError
from tests.instruments.cds.market import swap

from stresstest.instruments.cds.spec import CdsSpec


def test_issuer_and_maturity_are_enough() -> None:
    spec = swap("ORCL", "2030-12-20")
    assert (spec.coupon, spec.basis, spec.recovery, spec.upfront) == (0.01, 0.0, None, None)
    assert spec.last_day == date(2030, 12, 20)


def test_a_tenor_counts_from_the_trade_date() -> None:
    assert swap("ORCL", "", tenor="5Y", trade_date="2025-10-01").last_day == date(2030, 12, 20)
    assert swap("ORCL", "", tenor="6M", trade_date="2025-06-02").last_day == date(2025, 12, 20)
    assert swap("ORCL", "", tenor="12M", trade_date="2026-03-19").last_day == date(2026, 12, 20)


def test_spreads_are_basis_points_or_percentages() -> None:
    assert swap(coupon="500bp", basis="-45bp") == swap(coupon="5%", basis="-0.45%")


@pytest.mark.parametrize(
    ("terms", "message"),
    [
        ({}, "one of maturity and tenor is needed"),
        ({"maturity": "2030-12-20", "tenor": "5Y", "trade_date": "2025-10-01"}, "one of maturity and tenor"),
        ({"tenor": "5Y"}, "tenor and trade_date go together"),
        ({"maturity": "2030-12-20", "trade_date": "2025-10-01"}, "tenor and trade_date go together"),
        ({"tenor": "10D", "trade_date": "2025-10-01"}, "tenor 10D is no whole number of quarters"),
        ({"tenor": "7M", "trade_date": "2025-10-01"}, "tenor 7M is no whole number of quarters"),
        ({"maturity": "2030-12-31"}, "2030-12-31 is not the 20th of March, June, September or December"),
        ({"maturity": "2030-12-20", "upfront": "2%", "basis": "10bp"}, "upfront and basis are both given"),
        ({"maturity": "2030-12-20", "recovery": "100%"}, "less than 1"),
        ({"maturity": "2030-12-20", "coupon": "-100bp"}, "a margin or premium a year of 0% to 30%"),
        ({"maturity": "2030-12-20", "notional": "5"}, "Extra inputs"),
    ],
)
def test_other_terms_are_refused(terms: dict[str, str], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        CdsSpec.model_validate({"issuer": "ORCL", **terms})
