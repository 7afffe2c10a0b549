"""Callable and convertible bonds, every factor moved, against QuantLib's trees at equal steps."""

from __future__ import annotations

from typing import Any

import numpy as np
from benches.timings import OURS, Timing, measure
from tests.fixtures.unit_values import columns_of, kernel_of
from tests.instruments.callable_bond import bonds
from tests.instruments.convertible_bond import convertibles

from stresstest.arrays import frozen
from stresstest.catalog import instrument_type
from stresstest.kernels.derived import fill_derived
from stresstest.kernels.market import MarketRows, Out

WIDTH, STEPS = 512, 101
CALLABLE = bonds.bond(calls=bonds.CALLS, steps=STEPS)
CONVERTIBLE = convertibles.bond(coupon="0%", steps=STEPS, credit_on="probability")
WORKS = {
    "callable bond, 101 steps, a price": (bonds.TAG, CALLABLE, bonds.market()),
    "convertible bond, 101 steps, a price": (convertibles.TAG, CONVERTIBLE, convertibles.market()),
}


def prepared(tag: str, spec: Any, market: Any) -> tuple[Any, Any]:
    """Return a call that prices one unit in all columns, and the array that it fills."""
    columns, rows = columns_of(instrument_type(tag), [spec], market)
    moves = 1.0 + 0.02 * np.linspace(0.0, 1.0, WIDTH)
    factors = frozen(np.array([market.levels[key] * moves for key in rows.factor_keys]))
    derived = np.empty((rows.n_derived, WIDTH))
    fill_derived(rows.derived_plan(), factors, derived)
    out, state = Out(np.zeros((1, WIDTH)), np.zeros((1, WIDTH))), np.zeros((1, 1, WIDTH))
    revalue = kernel_of(instrument_type(tag))
    return lambda: revalue(columns, MarketRows(factors, derived), state, out), out.value


def test_callable_bond(benchmark: Any) -> None:
    work = "callable bond, 101 steps, a price"
    run, value = prepared(*WORKS[work])
    run()
    assert abs(value[0, 0] - bonds.quantlib_value(CALLABLE, bonds.market())) < 1e-8
    measure(benchmark, Timing(work, OURS, WIDTH), run)


def test_callable_bond_quantlib(benchmark: Any) -> None:
    work, market = "callable bond, 101 steps, a price", bonds.market()
    measure(
        benchmark,
        Timing(work, "QuantLib Hull-White tree", 1, 20),
        lambda: bonds.quantlib_value(CALLABLE, market),
    )


def test_convertible_bond(benchmark: Any) -> None:
    work = "convertible bond, 101 steps, a price"
    run, value = prepared(*WORKS[work])
    run()
    assert abs(value[0, 0] - convertibles.quantlib_value(CONVERTIBLE, convertibles.BASE)) < 1e-8
    measure(benchmark, Timing(work, OURS, WIDTH), run)


def test_convertible_bond_quantlib(benchmark: Any) -> None:
    work = "convertible bond, 101 steps, a price"
    measure(
        benchmark,
        Timing(work, "QuantLib binomial convertible", 1, 20),
        lambda: convertibles.quantlib_value(CONVERTIBLE, convertibles.BASE),
    )
