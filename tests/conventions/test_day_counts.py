"""Day counts against QuantLib, published examples, and their own identities."""

from __future__ import annotations

import csv
from calendar import monthrange
from datetime import date, timedelta
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import QuantLib
from hypothesis import given
from hypothesis import strategies as st

from stresstest.conventions.day_counts import (
    AccrualTerms,
    DayCount,
    act_365f_years,
    is_february_end,
    year_fraction,
)

FINAL = date(2040, 2, 29)
NO_PERIODS = AccrualTerms(2, (), FINAL)
DAYS = st.dates(date(1995, 1, 1), date(2060, 12, 31))


def to_quantlib(day: date) -> QuantLib.Date:
    return QuantLib.Date(day.day, day.month, day.year)


PEERS = {
    "30/360": QuantLib.Thirty360(QuantLib.Thirty360.BondBasis),
    "30/360 US": QuantLib.Thirty360(QuantLib.Thirty360.USA),
    "30E/360": QuantLib.Thirty360(QuantLib.Thirty360.European),
    "30E/360 ISDA": QuantLib.Thirty360(QuantLib.Thirty360.ISDA, to_quantlib(FINAL)),
    "ACT/360": QuantLib.Actual360(),
    "ACT/365F": QuantLib.Actual365Fixed(),
    "ACT/ACT ISDA": QuantLib.ActualActual(QuantLib.ActualActual.ISDA),
    "ACT/ACT AFB": QuantLib.ActualActual(QuantLib.ActualActual.AFB),
    "NL/365": QuantLib.Actual365Fixed(QuantLib.Actual365Fixed.NoLeap),
    "1/1": QuantLib.OneDayCounter(),
}


def random_pairs(n_pairs: int) -> list[tuple[date, date]]:
    """Pairs of dates in order, half of them month ends, many of those in February."""
    generator = np.random.default_rng(20251003)

    def day() -> date:
        year, month = int(generator.integers(1996, 2045)), int(generator.choice([1, 2, 2, 2, *range(3, 13)]))
        last = monthrange(year, month)[1]
        return date(
            year, month, int(generator.choice([last, last, generator.integers(1, last + 1), last - 1]))
        )

    return [(min(pair), max(pair)) for pair in ((day(), day()) for _ in range(n_pairs))]


@pytest.mark.parametrize("day_count", sorted(PEERS))
def test_agrees_with_quantlib(day_count: DayCount) -> None:
    peer = PEERS[day_count]
    pairs = [*random_pairs(3000), (date(2039, 8, 31), FINAL)]
    for start, end in [(start, end) for start, end in pairs if start < end]:
        expected = peer.yearFraction(to_quantlib(start), to_quantlib(end))
        got = year_fraction(day_count, start, end, NO_PERIODS)
        assert got == pytest.approx(expected, abs=1e-13), (
            f"{day_count} {start} {end}: {got}, QuantLib {expected}"
        )


def test_the_other_conventions_are_tested_by_themselves() -> None:
    """ACT/ACT ICMA against QuantLib's bonds, in `test_cash_flows`; QuantLib has no ACT/365L."""
    assert {*PEERS, "ACT/ACT ICMA", "ACT/365L"} == set(get_args(DayCount))


GOLDEN = Path(__file__).parents[1] / "golden"


def examples(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((GOLDEN / name).read_text(encoding="utf-8").splitlines()))


@pytest.mark.parametrize("row", examples("isda_actual_actual.csv"), ids=lambda row: row["start"])
def test_actual_actual_agrees_with_the_published_examples(row: dict[str, str]) -> None:
    notional = tuple(map(date.fromisoformat, row["notional_dates"].split()))
    terms = AccrualTerms(int(row["frequency"]), notional, FINAL)
    days = date.fromisoformat(row["start"]), date.fromisoformat(row["end"])
    for method in ("ISDA", "ICMA", "AFB"):
        got = year_fraction(f"ACT/ACT {method}", *days, terms)  # type: ignore[arg-type]
        assert got == pytest.approx(float(row[method.lower()]), abs=1e-11), method


@pytest.mark.parametrize("row", examples("isda_thirty_360.csv"), ids=lambda row: row["start"] + row["end"])
def test_thirty_360_agrees_with_the_published_examples(row: dict[str, str]) -> None:
    days = date.fromisoformat(row["start"]), date.fromisoformat(row["end"])
    terms = AccrualTerms(2, (), date.fromisoformat(row["final"]))
    assert year_fraction("30/360", *days, terms) == int(row["bond_basis"]) / 360
    assert year_fraction("30E/360", *days, terms) == int(row["eurobond"]) / 360
    assert year_fraction("30E/360 ISDA", *days, terms) == int(row["isda"]) / 360


@pytest.mark.parametrize(
    ("frequency", "start", "end", "period_end", "days_in_year"),
    [
        (1, "2023-05-01", "2024-05-01", "2024-05-01", 366),
        (1, "2023-05-01", "2024-02-01", "2024-05-01", 366),
        (1, "2024-02-29", "2025-02-28", "2025-02-28", 365),
        (1, "2023-02-28", "2024-02-29", "2024-02-29", 366),
        (2, "2024-07-01", "2025-01-01", "2025-01-01", 365),
        (2, "2023-07-01", "2023-10-01", "2024-01-01", 366),
        (4, "2024-01-01", "2024-02-01", "2024-04-01", 366),
    ],
)
def test_act_365l_asks_for_a_leap_day_in_yearly_periods_and_a_leap_year_in_others(
    frequency: int, start: str, end: str, period_end: str, days_in_year: int
) -> None:
    """By the rule itself (ICMA rule 251.1, `Actual/365L`): no published table, and QuantLib has none."""
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    terms = AccrualTerms(frequency, (), FINAL, date.fromisoformat(period_end))
    assert year_fraction("ACT/365L", first, last, terms) == (last - first).days / days_in_year


@pytest.mark.parametrize("day_count", sorted(PEERS))
@given(first=DAYS, second=DAYS)
def test_no_day_is_no_time_and_time_does_not_run_backwards(
    day_count: DayCount, first: date, second: date
) -> None:
    start, end = min(first, second), max(first, second)
    assert year_fraction(day_count, start, start, NO_PERIODS) == 0.0
    # The 30/360 family may count the 30th to the 31st, or February's end, a day or two short, never negative
    # over a week or more.
    if end - start >= timedelta(days=7):
        assert year_fraction(day_count, start, end, NO_PERIODS) > 0.0


@given(first=DAYS, second=DAYS, third=DAYS)
def test_actual_conventions_add_up(first: date, second: date, third: date) -> None:
    start, middle, end = sorted((first, second, third))
    for day_count in ("ACT/360", "ACT/365F", "ACT/ACT ISDA"):
        whole = year_fraction(day_count, start, end, NO_PERIODS)
        parts = year_fraction(day_count, start, middle, NO_PERIODS) + year_fraction(
            day_count, middle, end, NO_PERIODS
        )
        assert parts == pytest.approx(whole, abs=1e-12)
        assert year_fraction(day_count, end, start, NO_PERIODS) == pytest.approx(-whole, abs=1e-12)


def test_discounting_time_counts_days_over_365() -> None:
    assert act_365f_years(date(2025, 10, 3), date(2026, 10, 3)) == 1.0
    assert act_365f_years(date(2023, 10, 3), date(2024, 10, 3)) == 366 / 365


def test_february_end_knows_leap_years() -> None:
    assert [
        is_february_end(date(*day)) for day in ((2024, 2, 28), (2024, 2, 29), (2100, 2, 28), (2025, 3, 1))
    ] == [
        False,
        True,
        True,
        False,
    ]


def test_icma_refuses_a_period_that_its_notional_dates_do_not_cover() -> None:
    terms = AccrualTerms(2, (date(2025, 1, 15), date(2025, 7, 15)), FINAL)
    with pytest.raises(ValueError, match="do not cover"):
        year_fraction("ACT/ACT ICMA", date(2025, 1, 14), date(2025, 7, 15), terms)
