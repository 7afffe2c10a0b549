"""GPU rental forwards: months and hours, additivity, settlement, refusals."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fixtures.forward_market import along_path, day, forward_market, spec, values
from tests.fixtures.refusals import codes, names, refused
from tests.oracle.rental_forward import months

from stresstest.instruments.rental_forward.requirements import settlements

MARKET = forward_market()
TERMS = {"gpu": "H100", "rate": 1.6, "start": date(2026, 1, 1), "end": date(2026, 12, 31)}


@given(st.dates(date(2025, 1, 1), date(2028, 12, 31)), st.integers(0, 800))
def test_every_hour_settles_once_in_months_of_the_start(start: date, length: int) -> None:
    end = date.fromordinal(start.toordinal() + length)
    found = settlements(spec("rental_forward", **{**TERMS, "start": start, "end": end}))
    assert math.fsum(hours for _, hours in found) == 24.0 * (length + 1)
    if start.day <= 28:
        assert {last: hours / 24 for last, hours in found} == months(start, end)
    assert found[-1].day == end


def test_a_strip_is_the_sum_of_its_parts() -> None:
    halves = [
        {**TERMS, "end": date(2026, 6, 30)},
        {**TERMS, "start": date(2026, 7, 1)},
    ]
    (whole,) = values("rental_forward", TERMS, MARKET)
    parts = math.fsum(values("rental_forward", half, MARKET)[0] for half in halves)
    assert whole == pytest.approx(parts, rel=1e-13)


def test_values_are_linear_in_the_rental_rate() -> None:
    same = {"rental_rate/H100": 1.6, "rental_rate/H100/12M": 1.6}
    assert values("rental_forward", TERMS, MARKET, same)[0] == pytest.approx(0.0, abs=1e-9)
    higher = {"rental_rate/H100": 1.7, "rental_rate/H100/12M": 1.7}
    (value,) = values("rental_forward", {**TERMS, "utilisation": "50%"}, MARKET, higher)
    assert 0.9 < value / (0.1 * 0.5 * 365 * 24) < 1.0


def test_months_are_paid_once_at_the_rate_in_force() -> None:
    worth, cash = along_path(
        "rental_forward",
        {**TERMS, "start": date(2025, 9, 15), "end": date(2025, 12, 14)},
        MARKET,
        [(30, {"rental_rate/H100": 1.0, "rental_rate/H100/12M": 1.0}), (60, {}), (90, {}), (200, {})],
    )
    # 15 September to 14 October settles at the rate before the fall, the other months at 1.0.
    first, rest = 30 * 24 * (1.7 - 1.6), 24 * (1.0 - 1.6)
    assert cash[1] == pytest.approx(first, rel=1e-12)
    assert cash[2] == pytest.approx(first + 31 * rest, rel=1e-12)
    assert cash[3] == cash[4] == pytest.approx(first + 61 * rest, rel=1e-12)
    assert worth[1:] == [pytest.approx(first + 61 * rest, rel=1e-12)] * 4


def test_what_is_left_decides_what_matters() -> None:
    ends = {**TERMS, "start": date(2025, 9, 1), "end": date(2025, 10, 3)}
    assert names("rental_forward", ends, MARKET) == ["rental_rate/H100"]
    assert names("rental_forward", TERMS, MARKET)[:2] == ["rental_rate/H100", "rental_rate/H100/12M"]


def test_refusals() -> None:
    assert codes("rental_forward", {**TERMS, "gpu": "H200"}, MARKET) == ["ST363"]
    over = {**TERMS, "start": date(2025, 8, 1), "end": date(2025, 9, 30)}
    assert codes("rental_forward", over, MARKET) == ["ST360"]
    assert codes("rental_forward", {**TERMS, "currency": "EUR"}, MARKET) == ["ST362"]
    assert "ends before it starts" in refused("rental_forward", {**TERMS, "end": day(1)})
    assert "less than or equal to 1" in refused("rental_forward", {**TERMS, "utilisation": "120%"})


def test_a_quiet_path_settles_at_the_near_rate_whatever_the_forward_was() -> None:
    """Levels hold by time to delivery: no month's day makes a jump, and rents do not fall of themselves."""
    curve = {"rental_rate/H100": 2.0, "rental_rate/H100/12M": 1.0}
    market = replace(
        MARKET,
        levels={key: curve.get(str(key), level) for key, level in MARKET.levels.items()},
    )
    terms = {**TERMS, "start": date(2025, 11, 1), "end": date(2025, 12, 31)}
    before, cash = along_path("rental_forward", terms, market, [(57, {}), (58, {}), (400, {})])
    assert before[2] - before[1] == pytest.approx(0.0, abs=24 * 61 * 1.0 / 365 * 1.01)
    assert cash[-1] == pytest.approx(24 * 61 * (2.0 - 1.6), rel=1e-12)
    assert before[0] < cash[-1]
