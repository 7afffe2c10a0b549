"""Derived rows: each against the scalar formula, in any block, with one compilation."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stresstest.arrays import FloatArray, frozen, frozen_int
from stresstest.kernels.derived import (
    LOG_OF_SMALLEST,
    CarryRows,
    ConstantRows,
    CurrencyForwardRows,
    DerivedLogRows,
    DerivedPlan,
    DiscountRows,
    ExchangeRows,
    ForwardRows,
    LogRows,
    PriceRows,
    ProductRows,
    fill_derived,
    is_constant,
    log_level,
)
from stresstest.kernels.logarithm import log

SPOT, YIELD, NEAR_RATE, FAR_RATE = range(4)
LOG_SPOT, LOG_DISCOUNT, DISCOUNT, CARRY, FORWARD, CONSTANT, PRICE, CROSS, LOG_CROSS, OWED, ABROAD = range(11)
N_ROWS = 11
YEARS = 1.75
PLAN = DerivedPlan(
    LogRows(frozen_int([SPOT]), frozen_int([LOG_SPOT])),
    DiscountRows(
        frozen_int([NEAR_RATE]),
        frozen_int([FAR_RATE]),
        frozen([0.25 * YEARS]),
        frozen([0.75 * YEARS]),
        frozen_int([LOG_DISCOUNT]),
        frozen_int([DISCOUNT]),
    ),
    CarryRows(frozen_int([SPOT]), frozen_int([YIELD]), frozen([YEARS]), frozen_int([CARRY])),
    ForwardRows(
        frozen_int([LOG_SPOT]),
        frozen_int([LOG_DISCOUNT]),
        frozen_int([YIELD]),
        frozen([YEARS]),
        frozen_int([FORWARD]),
    ),
    ConstantRows(frozen([3.25]), frozen_int([CONSTANT])),
    PriceRows(frozen_int([NEAR_RATE]), frozen_int([SPOT]), frozen([0.4]), frozen([0.6]), frozen_int([PRICE])),
    ExchangeRows(*map(frozen_int, ([SPOT], [1], [FAR_RATE], [-1], [CROSS]))),
    DerivedLogRows(frozen_int([CROSS]), frozen_int([LOG_CROSS])),
    ProductRows(frozen_int([PRICE]), frozen_int([DISCOUNT]), frozen_int([OWED])),
    CurrencyForwardRows(*map(frozen_int, ([LOG_CROSS], [LOG_DISCOUNT], [LOG_SPOT], [ABROAD]))),
)


def factors(width: int = 40) -> FloatArray:
    rng = np.random.default_rng(7)
    return frozen(
        [rng.uniform(low, high, width) for low, high in ((5, 900), (0, 0.05), (-0.01, 0.09), (0, 0.1))]
    )


def derived(levels: FloatArray, plan: DerivedPlan = PLAN) -> FloatArray:
    rows = np.full((N_ROWS, levels.shape[1]), np.nan)
    fill_derived(plan, levels, rows)
    return rows


def test_every_row_is_its_formula() -> None:
    levels = factors()
    rows = derived(levels)
    for j in range(levels.shape[1]):
        spot, dividend_yield, near, far = levels[:, j].tolist()
        rate = 0.25 * near + 0.75 * far
        expected = [
            math.log(spot),
            -rate * YEARS,
            math.exp(-rate * YEARS),
            spot * math.exp(-dividend_yield * YEARS),
            math.log(spot * math.exp((rate - dividend_yield) * YEARS)),
            3.25,
            0.4 * near + 0.6 * spot,
            spot / far,
            math.log(spot / far),
            (0.4 * near + 0.6 * spot) * math.exp(-rate * YEARS),
            math.log(spot / far) - rate * YEARS - math.log(spot),
        ]
        assert rows[:, j].tolist() == pytest.approx(expected, rel=1e-14)


def test_a_cell_does_not_depend_on_the_width() -> None:
    levels = factors()
    whole = derived(levels)
    for width in range(1, 41):
        assert (
            derived(frozen(levels[:, :width])).tobytes() == np.ascontiguousarray(whole[:, :width]).tobytes()
        )


@pytest.mark.parametrize("dividend_yield", [0.0, 0.021, -0.01])
def test_a_constant_yield_gives_the_same_bits_as_a_moving_one(dividend_yield: float) -> None:
    levels = np.array(factors())
    levels[YIELD] = dividend_yield
    constant = derived(frozen(levels))[CARRY]
    levels[YIELD, -1] += 0.01
    assert not is_constant(levels[YIELD])
    assert derived(frozen(levels))[CARRY, :-1].tobytes() == constant[:-1].tobytes()


def test_is_constant() -> None:
    assert is_constant(frozen([0.3] * 17))
    assert is_constant(frozen([math.inf]))
    assert not is_constant(frozen([0.3] * 16 + [0.4]))
    assert not is_constant(frozen([0.3, math.nan]))
    assert not is_constant(frozen([math.nan, math.nan]))


def test_forward_and_discount_agree_with_the_carried_spot() -> None:
    rows = derived(factors())
    assert np.exp(rows[FORWARD]) * rows[DISCOUNT] == pytest.approx(rows[CARRY], rel=4e-15)


def test_groups_may_be_empty() -> None:
    none, empty = frozen_int(np.empty(0)), frozen(np.empty(0))
    plan = DerivedPlan(
        LogRows(none, none),
        DiscountRows(none, none, empty, empty, none, none),
        CarryRows(none, none, empty, none),
        ForwardRows(none, none, none, empty, none),
        ConstantRows(empty, none),
        PriceRows(none, none, empty, empty, none),
        ExchangeRows(none, none, none, none, none),
        DerivedLogRows(none, none),
        ProductRows(none, none, none),
        CurrencyForwardRows(none, none, none, none),
    )
    assert np.isnan(derived(factors(), plan)).all()


def test_an_impossible_level_stays_in_its_column() -> None:
    levels = np.array(factors(4))
    levels[SPOT, 1], levels[NEAR_RATE, 2] = -1.0, math.nan
    rows = derived(frozen(levels))
    assert np.isnan(rows[LOG_SPOT]).tolist() == [False, True, False, False]
    assert np.isnan(rows[FORWARD]).tolist() == [False, True, True, False]
    assert np.isnan(rows[DISCOUNT]).tolist() == [False, False, True, False]


def test_one_signature() -> None:
    derived(factors(3))
    derived(factors(512))
    assert len(fill_derived.signatures) == 1


def test_the_log_of_a_price_after_a_default_is_finite() -> None:
    assert log_level(0.0) == LOG_OF_SMALLEST == log(5e-324) == math.log(5e-324)
    assert log_level(-0.0) == LOG_OF_SMALLEST
    assert math.isnan(log_level(-1.0))
    assert math.isnan(log_level(math.nan))
    assert log_level(187.62) == log(187.62)


def test_one_quote_suffices_and_a_quote_of_zero_is_no_rate() -> None:
    levels = np.array(factors(3))
    levels[FAR_RATE, 1] = 0.0
    assert np.isnan(derived(frozen(levels))[CROSS]).tolist() == [False, True, False]
    single = PLAN._replace(exchanges=ExchangeRows(*map(frozen_int, ([SPOT], [-1], [-1], [1], [CROSS]))))
    assert derived(frozen(levels), single)[CROSS].tolist() == (1.0 / levels[SPOT]).tolist()
