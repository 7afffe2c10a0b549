"""Swaptions as the columns that their kernel reads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from stresstest.arrays import frozen, frozen_int
from stresstest.instrument_type import CompileContext
from stresstest.instruments.swaption.columns import SwaptionColumns
from stresstest.instruments.swaption.requirements import swap_curve, years_to_expiry
from stresstest.instruments.swaption.spec import SwaptionSpec
from stresstest.instruments.swaption.terms import Underlying, underlying
from stresstest.kernels.exponential import exp
from stresstest.kernels.lives import ALIVE
from stresstest.kernels.logarithm import log
from stresstest.market.floating_lookups import base_log_discount
from stresstest.market.snapshot import Curve, MarketSnapshot
from stresstest.market.swap_rows import strip_columns
from stresstest.market.swaption_vols import RateVols, rate_vol_columns, rate_vols


def compile_columns(specs: Sequence[SwaptionSpec], context: CompileContext) -> SwaptionColumns:
    """Return the columns of `specs`, in their order; at least one.

    On a path a swaption that has expired is compiled as on its day of expiry, for its last payment.

    Raises
    ------
    InputError
        A swaption expired before the valuation date (ST360), without a step before.
    """
    curves = [swap_curve(spec, context.market) for spec in specs]
    swaps = [underlying(spec, _origin(spec, context)) for spec in specs]
    names = [curve.name for curve in curves]
    bases = [
        _base_log_forward(spec, swap, curve, context.market)
        for spec, swap, curve in zip(specs, swaps, curves, strict=True)
    ]
    started = [swap.is_started for swap in swaps]
    return SwaptionColumns(
        sign=frozen([1.0 if spec.right == "payer" else -1.0 for spec in specs]),
        strike=frozen([spec.strike for spec in specs]),
        log_strike=frozen([0.0 if spec.model == "bachelier" else log(spec.strike) for spec in specs]),
        is_normal=frozen_int([spec.model == "bachelier" for spec in specs]),
        sticks=frozen_int([base is not None for base in bases]),
        base_log_forward=frozen([base or 0.0 for base in bases]),
        annuity=strip_columns([swap.annuity for swap in swaps], [0.0] * len(specs), names, context.rows),
        floating=strip_columns([swap.floating for swap in swaps], started, names, context.rows),
        smile=rate_vol_columns([_vols(spec, context) for spec in specs], context.rows.factor),
        life=frozen_int([context.life(spec.expiry) for spec in specs]),
    )


def _vols(spec: SwaptionSpec, context: CompileContext) -> RateVols:
    years = years_to_expiry(spec, _origin(spec, context))
    return rate_vols(context.market, spec.surface, years, is_normal=spec.model == "bachelier")


def _origin(spec: SwaptionSpec, context: CompileContext) -> date:
    """Return the day that times count from: the valuation date, or the expiry where that is over."""
    return context.valuation_date if context.life(spec.expiry) == ALIVE else spec.expiry


def _base_log_forward(
    spec: SwaptionSpec, swap: Underlying, curve: Curve, market: MarketSnapshot
) -> float | None:
    """Return the log forward that moneyness is measured from in all columns; None for the column's own."""
    if spec.model == "bachelier":
        return 0.0
    if market.smiles[spec.surface].stickiness == "moneyness":
        return None
    annuity, floating = (
        math.fsum(amount * float(exp(base_log_discount(market, curve, years))) for years, amount in strip)
        for strip in (swap.annuity, swap.floating)
    )
    return float(log((floating + swap.is_started) / annuity))
