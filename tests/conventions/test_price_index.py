"""Reference index: the Treasury's example, month ends, and what is missing."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from stresstest.conventions.price_index import PriceIndex

GOLDEN = Path(__file__).parents[1] / "golden" / "treasury_reference_cpi.csv"
INDEX = PriceIndex({date(2025, 7, 1): 323.0, date(2025, 8, 1): 324.0})


@pytest.mark.parametrize(
    "row", list(csv.DictReader(GOLDEN.read_text().splitlines())), ids=lambda row: row["date"]
)
def test_treasury_example(row: dict[str, str]) -> None:
    prints = {
        date.fromisoformat(row["month"]): float(row["index"]),
        date.fromisoformat(row["next_month"]): float(row["next_index"]),
    }
    found = PriceIndex(prints).reference(date.fromisoformat(row["date"]))
    assert found == pytest.approx(float(row["reference_cpi"]), abs=5e-6)


def test_it_is_a_straight_line_from_first_to_first() -> None:
    days = [date(2025, 10, 1) + timedelta(days=n) for n in range(31)]
    levels = [INDEX.reference(day) for day in days]
    assert levels == pytest.approx([323.0 + n / 31 for n in range(31)], rel=1e-14)
    assert INDEX.reference(date(2025, 11, 1)) == 324.0
    assert INDEX.last_known == date(2025, 11, 1)


def test_what_is_missing_is_named() -> None:
    assert INDEX.missing(date(2025, 10, 3)) == ()
    assert INDEX.missing(date(2025, 11, 1)) == ()
    assert INDEX.missing(date(2025, 11, 2)) == (date(2025, 9, 1),)
    assert INDEX.missing(date(2025, 9, 2)) == (date(2025, 6, 1),)
