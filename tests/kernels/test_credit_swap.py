"""Credit default swaps on hand-made intervals: high-precision integrals, identities, what has no value."""

from __future__ import annotations

from itertools import accumulate
from typing import NamedTuple

import mpmath
import numpy as np
import pytest

from stresstest.arrays import FloatArray, frozen, frozen_int
from stresstest.kernels.credit_swap import (
    HIGHEST_HAZARD,
    CreditSwapColumns,
    IntervalColumns,
    fill_swap_values,
    first_hazard,
    new_scratch,
)
from stresstest.kernels.market import MarketRows
from stresstest.kernels.rows import NO_ROW
from stresstest.kernels.survival import PREMIUM_DAYS_RATIO

QUARTER, HALF_DAY = 0.25, 0.5 / 365.0
STARTS, N_INTERVALS = (0.0, 0.2, 0.45, 0.7), 4
ENDS = (0.2, 0.45, 0.7, 0.95)
ACCRUED = (0.05 + HALF_DAY, HALF_DAY, HALF_DAY, HALF_DAY)
EARNED = QUARTER * PREMIUM_DAYS_RATIO
REFUNDED = 0.05 * PREMIUM_DAYS_RATIO
SETTLEMENT, PAY_LAG = 0.9996, 0.9998
SPREAD, BASIS, RECOVERY = range(3)
FORWARDS = {"rising": (0.03, 0.035, 0.04, 0.05), "none": (0.0,) * 4, "below 0": (-0.06, -0.02, -0.01, 0.0)}
SPREADS = (0.0, 1e-7, 0.002, 0.0105, 0.044, 0.3, 3.0, -0.002)


class Contract(NamedTuple):
    """Terms of one contract over the intervals above."""

    coupon: float = 0.01
    recovery: float = 0.4
    notional: float = 1.0
    basis_row: int = NO_ROW
    recovery_row: int = NO_ROW


def columns(terms: Contract, n_intervals: int = N_INTERVALS) -> CreditSwapColumns:
    """Return the columns of one contract; derived rows are ln D, D, D to the payment of each interval."""
    some = slice(0, n_intervals)
    starts, ends = frozen(STARTS[some]), frozen(ENDS[some])
    first = np.arange(n_intervals)
    intervals = IntervalColumns(
        *(starts, ends, frozen(ends - starts), frozen(ACCRUED[some]), frozen([EARNED] * n_intervals)),
        *(frozen_int(first + N_INTERVALS), frozen_int(first), frozen_int(first + 2 * N_INTERVALS)),
    )
    return CreditSwapColumns(
        frozen_int([0, n_intervals]), intervals, frozen([terms.coupon]), frozen([REFUNDED]),
        frozen_int([3 * N_INTERVALS]), frozen_int([SPREAD]), frozen_int([terms.basis_row]),
        frozen([terms.recovery]), frozen_int([terms.recovery_row]), frozen([terms.notional]), frozen([0.0]),
    )  # fmt: skip


def log_discounts(forwards: tuple[float, ...]) -> list[float]:
    lengths = (end - start for start, end in zip(STARTS, ENDS, strict=True))
    return list(accumulate(-rate * length for rate, length in zip(forwards, lengths, strict=True)))


def market(
    spreads: tuple[float, ...], forwards: tuple[float, ...], basis: float = 0.0, recovery: float = 0.4
) -> MarketRows:
    factors = [spreads, [basis] * len(spreads), [recovery] * len(spreads)]
    logs = log_discounts(forwards)
    discounts = np.exp(logs)
    levels = [*logs, *discounts, *(PAY_LAG * discounts), SETTLEMENT]
    derived = np.repeat(np.array(levels)[:, None], len(spreads), axis=1)
    return MarketRows(frozen(factors), np.ascontiguousarray(derived))


def values(terms: Contract, rows: MarketRows, n_intervals: int = N_INTERVALS) -> FloatArray:
    found = np.full(rows.factors.shape[1], 7.0)
    fill_swap_values(columns(terms, n_intervals), 0, rows, new_scratch(len(found)), found)
    return found


class Exact:
    """Both legs by numerical integration over the time of default, at 22 digits."""

    def __init__(self, forwards: tuple[float, ...]) -> None:
        logs = [0.0, *log_discounts(forwards)]
        self.parts = list(zip(STARTS, ENDS, ACCRUED, forwards, logs[:-1], logs[1:], strict=True))

    def legs(self, hazard: mpmath.mpf) -> tuple[mpmath.mpf, mpmath.mpf]:
        protection = premium = mpmath.mpf(0)
        for start, end, accrued, forward, log_start, log_end in self.parts:

            def density(time, start=start, forward=forward, log_start=log_start):
                return hazard * mpmath.exp(-hazard * time + log_start - forward * (time - start))

            protection += mpmath.quad(density, [start, end])
            premium += PREMIUM_DAYS_RATIO * mpmath.quad(
                lambda time, start=start, accrued=accrued, density=density: (
                    (accrued + time - start) * density(time)
                ),
                [start, end],
            )
            premium += EARNED * PAY_LAG * mpmath.exp(log_end - hazard * end)
        return protection, premium

    def value(self, spread: float, terms: Contract) -> float:
        loss = 1 - mpmath.mpf(terms.recovery)

        def gap(hazard: mpmath.mpf) -> mpmath.mpf:
            protection, premium = self.legs(hazard)
            return loss * protection - spread * (premium - REFUNDED * SETTLEMENT)

        with mpmath.workdps(22):
            guess = mpmath.mpf(spread) / loss
            hazard = mpmath.findroot(gap, (guess, guess * 1.01 + mpmath.mpf("1e-6")), tol=1e-36)
            protection, premium = self.legs(hazard)
            return float(loss * protection - terms.coupon * premium)


@pytest.mark.parametrize("forwards", FORWARDS.values(), ids=FORWARDS)
@pytest.mark.parametrize("terms", [Contract(), Contract(coupon=0.05, recovery=0.1)], ids=["100", "500"])
def test_values_are_integrals_at_the_hazard_rate_of_the_quote(
    terms: Contract, forwards: tuple[float, ...]
) -> None:
    exact = Exact(forwards)
    expected = [exact.value(spread, terms) for spread in SPREADS]
    assert values(terms, market(SPREADS, forwards)) == pytest.approx(expected, abs=2e-15)


def test_at_its_own_coupon_a_contract_owes_the_accrued_premium() -> None:
    (found,) = values(Contract(coupon=0.044), market((0.044,), FORWARDS["rising"]))
    assert found == pytest.approx(-0.044 * REFUNDED * SETTLEMENT, rel=1e-14)


def test_protection_gains_with_the_spread_up_to_the_whole_loss() -> None:
    spreads = tuple(float(spread) for spread in np.geomspace(1e-5, 300.0, 200))
    found = values(Contract(), market(spreads, FORWARDS["rising"]))
    assert (np.diff(found) > 0.0).all()
    assert 0.59 < found[-1] < 0.6


def test_a_column_does_not_depend_on_its_neighbours() -> None:
    together = values(Contract(), market(SPREADS, FORWARDS["rising"]))
    alone = [values(Contract(), market((spread,), FORWARDS["rising"]))[0] for spread in SPREADS]
    assert together.tolist() == alone


def test_a_basis_adds_to_the_quote_and_a_stated_recovery_takes_the_place_of_the_assumed_one() -> None:
    forwards = FORWARDS["rising"]
    with_basis = values(Contract(basis_row=BASIS), market((0.03,), forwards, basis=0.014))
    assert with_basis == pytest.approx(values(Contract(), market((0.03 + 0.014,), forwards)), rel=1e-14)
    stated = values(Contract(recovery_row=RECOVERY), market((0.03,), forwards, recovery=0.25))
    assert stated.tolist() == values(Contract(recovery=0.25), market((0.03,), forwards)).tolist()


def test_value_is_of_the_notional_still_protected() -> None:
    whole, part = (
        values(Contract(notional=size), market((0.2,), FORWARDS["none"]))[0] for size in (1.0, 0.75)
    )
    assert part == 0.75 * whole


def test_a_contract_that_is_over_is_worth_nothing() -> None:
    assert values(Contract(), market((0.01, np.nan), FORWARDS["rising"]), 0).tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("spread", "recovery"),
    [(np.nan, 0.4), (np.inf, 0.4), (0.01, 1.0), (0.01, np.nan), (-0.7, 0.4), (1e5, 0.4)],
)
def test_what_no_hazard_rate_gives_has_no_value_and_leaves_its_neighbours(
    spread: float, recovery: float
) -> None:
    terms, forwards = Contract(recovery_row=RECOVERY), FORWARDS["rising"]
    rows = market((0.01, spread, 0.01), forwards)
    factors = rows.factors.copy()
    factors[RECOVERY, 1] = recovery
    found = values(terms, MarketRows(frozen(factors), rows.derived))
    assert np.isnan(found).tolist() == [False, True, False]
    assert found[0] == found[2] == values(Contract(), market((0.01,), forwards))[0]


def test_the_first_guess_is_the_credit_triangle() -> None:
    assert first_hazard(0.06, 0.6) == pytest.approx(0.1 * PREMIUM_DAYS_RATIO, rel=1e-15)
    assert np.isnan(first_hazard(0.06, 0.0))
    assert first_hazard(HIGHEST_HAZARD, 0.5) > HIGHEST_HAZARD
