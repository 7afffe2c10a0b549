"""Variance swaps as the columns that their kernel reads."""

from __future__ import annotations

from collections.abc import Sequence

from stresstest.arrays import frozen, frozen_int
from stresstest.instrument_type import CompileContext
from stresstest.instruments.variance_swap.columns import VarianceSwapColumns
from stresstest.instruments.variance_swap.requirements import (
    discount_curve_name,
    is_sticky_in_strike,
    years_to_expiry,
)
from stresstest.instruments.variance_swap.spec import VarianceSwapSpec
from stresstest.kernels.lives import ALIVE
from stresstest.kernels.logarithm import log
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot
from stresstest.market.vol_pillars import smile_columns

_POINTS = 100.0
"""Vol points in 1."""


def compile_columns(specs: Sequence[VarianceSwapSpec], context: CompileContext) -> VarianceSwapColumns:
    """Return the columns of `specs`, in their order; at least one.

    On a path a swap that is over is compiled as on its last day, for its payment.

    Raises
    ------
    InputError
        A swap ended before the valuation date (ST360), without a step before.
    """
    market, rows = context.market, context.rows
    lives = [context.life(spec.expiry) for spec in specs]
    years = [
        years_to_expiry(spec, context.valuation_date) if life == ALIVE else 0.0
        for spec, life in zip(specs, lives, strict=True)
    ]
    terms = list(zip(specs, years, strict=True))
    forwards = [_forward_rows(spec, time, context) for spec, time in terms]
    smiles = [market.smiles[spec.underlying] for spec in specs]
    return VarianceSwapColumns(
        smile=smile_columns(smiles, years, [reference for _, reference in forwards], rows.factor),
        forward_row=frozen_int([forward for forward, _ in forwards]),
        log_spot_row=frozen_int([rows.log_spot(spec.underlying) for spec in specs]),
        discount_row=frozen_int(
            [rows.discount(discount_curve_name(spec, market), time) for spec, time in terms]
        ),
        base_log_spot=frozen([log(market.levels[RiskFactorKey("spot", spec.underlying)]) for spec in specs]),
        accrued=frozen([_accrued(spec, market) for spec in specs]),
        strike_variance=frozen([spec.strike * spec.strike for spec in specs]),
        inverse_years=frozen([1.0 / _averaged_years(spec, market) for spec in specs]),
        scale=frozen([0.5 * _POINTS / spec.strike for spec in specs]),
        life=frozen_int(lives),
    )


def _forward_rows(spec: VarianceSwapSpec, years: float, context: CompileContext) -> tuple[int, int]:
    """Return the rows of the log forward and of the one that the surface measures moneyness from.

    Two times the same constant where the surface moves with the forward: then neither matters.
    """
    if not is_sticky_in_strike(spec, context.market):
        still = context.rows.constant(0.0)
        return still, still
    where = (spec.underlying, discount_curve_name(spec, context.market), years)
    return context.rows.log_forward(*where), context.rows.smile_log_forward(*where)


def _accrued(spec: VarianceSwapSpec, market: MarketSnapshot) -> float:
    """Return variance × years realised before the market's date."""
    if spec.start is None or spec.realised_vol is None:
        return 0.0
    return spec.realised_vol * spec.realised_vol * ((market.as_of - spec.start).days / 365)


def _averaged_years(spec: VarianceSwapSpec, market: MarketSnapshot) -> float:
    return (spec.expiry - (spec.start or market.as_of)).days / 365
