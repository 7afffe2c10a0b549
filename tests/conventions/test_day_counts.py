"""Day counts against QuantLib, published examples, and their own identities."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
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
    for start, end in [*random_pairs(3000), (date(2039, 8, 31), FINAL)]:
        expected = peer.yearFraction(to_quantlib(start), to_quantlib(end))
        got = year_fraction(day_count, start, end, NO_PERIODS)
        assert got == pytest.approx(expected, abs=1e-13), (
            f"{day_count} {start} {end}: {got}, QuantLib {expected}"
        )


def test_every_convention_but_icma_has_a_quantlib_peer_here() -> None:
    assert {*PEERS, "ACT/ACT ICMA"} == set(get_args(DayCount))


# ISDA, EMU and Market Conventions: Recent Developments (1998), the worked examples:
# start, end, ends of the notional periods, frequency, ISDA method, ICMA (then ISMA) method.
EMU_EXAMPLES = [
    (("2003-11-01", "2004-05-01"), ("2003-11-01", "2004-05-01"), 2, 0.497724380567, 0.5),
    (("1999-02-01", "1999-07-01"), ("1998-07-01", "1999-07-01"), 1, 0.410958904110, 0.410958904110),
    (("1999-07-01", "2000-07-01"), ("1999-07-01", "2000-07-01"), 1, 1.001377348600, 1.0),
    (
        ("2002-08-15", "2003-07-15"),
        ("2002-07-15", "2003-01-15", "2003-07-15"),
        2,
        0.915068493151,
        0.915760869565,
    ),
    (("2003-07-15", "2004-01-15"), ("2003-07-15", "2004-01-15"), 2, 0.504004790778, 0.5),
    (("1999-07-30", "2000-01-30"), ("1999-07-30", "2000-01-30"), 2, 0.503892506924, 0.5),
    (("2000-01-30", "2000-06-30"), ("2000-01-30", "2000-07-30"), 2, 0.415300546448, 0.417582417582),
]


@pytest.mark.parametrize(("dates", "notional", "frequency", "isda", "icma"), EMU_EXAMPLES)
def test_actual_actual_agrees_with_the_published_examples(
    dates: tuple[str, str], notional: tuple[str, ...], frequency: int, isda: float, icma: float
) -> None:
    terms = AccrualTerms(frequency, tuple(map(date.fromisoformat, notional)), FINAL)
    days = date.fromisoformat(dates[0]), date.fromisoformat(dates[1])
    assert year_fraction("ACT/ACT ISDA", *days, terms) == pytest.approx(isda, abs=1e-11)
    assert year_fraction("ACT/ACT ICMA", *days, terms) == pytest.approx(icma, abs=1e-11)


# ISDA, 30/360 day count conventions: examples under the 2006 Definitions, month ends with Februaries:
# days by 30/360, 30E/360, and 30E/360 ISDA in a schedule that ends on 2008-02-29.
THIRTY_360_EXAMPLES = [
    ("2006-08-31", "2007-02-28", 178, 178, 180),
    ("2007-02-28", "2007-08-31", 183, 182, 180),
    ("2007-08-31", "2008-02-29", 179, 179, 179),
    ("2008-02-29", "2008-08-31", 182, 181, 180),
    ("2006-08-20", "2007-02-20", 180, 180, 180),
]


@pytest.mark.parametrize(("start", "end", "bond", "european", "isda"), THIRTY_360_EXAMPLES)
def test_thirty_360_agrees_with_the_published_examples(
    start: str, end: str, bond: int, european: int, isda: int
) -> None:
    days = date.fromisoformat(start), date.fromisoformat(end)
    terms = AccrualTerms(2, (), date(2008, 2, 29))
    assert year_fraction("30/360", *days, terms) == bond / 360
    assert year_fraction("30E/360", *days, terms) == european / 360
    assert year_fraction("30E/360 ISDA", *days, terms) == isda / 360


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
