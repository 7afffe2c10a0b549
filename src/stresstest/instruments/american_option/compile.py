"""American options as the columns that their kernel reads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from itertools import accumulate

from stresstest.arrays import frozen, frozen_int
from stresstest.instrument_type import CompileContext
from stresstest.instruments.american_option.columns import (
    AmericanOptionColumns,
    ContractColumns,
    DividendColumns,
)
from stresstest.instruments.american_option.requirements import (
    discount_curve_name,
    dividends_to_come,
    market_yield,
    years_to_expiry,
)
from stresstest.instruments.american_option.spec import AmericanOptionSpec
from stresstest.kernels.american_dated_tables import DatedTables, make_dated_tables
from stresstest.kernels.american_pair_tables import PairTables, make_pair_tables
from stresstest.kernels.american_schemes import Schemes, make_schemes
from stresstest.kernels.lives import ALIVE
from stresstest.kernels.logarithm import log
from stresstest.kernels.smiles import SmileColumns
from stresstest.market.keys import RiskFactorKey
from stresstest.market.vol_pillars import smile_columns


def compile_columns(specs: Sequence[AmericanOptionSpec], context: CompileContext) -> AmericanOptionColumns:
    """Return the columns of `specs`, in their order; at least one.

    On a path an option that has expired is compiled as on its day of expiry, for its last payment.

    Raises
    ------
    InputError
        An option expired before the valuation date (ST360), without a step before.
    """
    years = [
        years_to_expiry(spec, context.valuation_date) if context.life(spec.expiry) == ALIVE else 0.0
        for spec in specs
    ]
    return AmericanOptionColumns(
        _contracts(specs, years, context),
        _smiles(specs, years, context),
        _dividends(specs, context),
        _schemes(),
        _pair_tables(),
        _dated_tables(),
    )


@cache
def _schemes() -> Schemes:
    """Return the tables of the collocation, made once a process."""
    return make_schemes()


@cache
def _pair_tables() -> PairTables:
    """Return the tables of two boundaries, made once a process."""
    return make_pair_tables()


@cache
def _dated_tables() -> DatedTables:
    """Return the tables of the methods for dividends on dates, made once a process."""
    return make_dated_tables()


def _contracts(
    specs: Sequence[AmericanOptionSpec], years: Sequence[float], context: CompileContext
) -> ContractColumns:
    rows = context.rows
    terms = [
        (spec.underlying, discount_curve_name(spec, context.market), time)
        for spec, time in zip(specs, years, strict=True)
    ]
    keys = [RiskFactorKey("spot", spec.underlying) for spec in specs]
    yields = [RiskFactorKey("dividend_yield", spec.underlying) for spec in specs]
    return ContractColumns(
        is_call=frozen_int([spec.right == "call" for spec in specs]),
        strike=frozen([spec.strike for spec in specs]),
        log_strike=frozen([log(spec.strike) for spec in specs]),
        multiplier=frozen([spec.multiplier for spec in specs]),
        years=frozen(years),
        sqrt_years=frozen([math.sqrt(time) for time in years]),
        spot_row=frozen_int([rows.factor(key) for key in keys]),
        yield_row=frozen_int([rows.factor(key) for key in yields]),
        log_spot_row=frozen_int([rows.log_spot(name) for name, _, _ in terms]),
        carry_spot_row=frozen_int([rows.carry_spot(name, time) for name, _, time in terms]),
        discount_row=frozen_int([rows.discount(curve, time) for _, curve, time in terms]),
        log_forward_row=frozen_int([rows.log_forward(*term) for term in terms]),
        life=frozen_int([context.life(spec.expiry) for spec in specs]),
    )


def _smiles(
    specs: Sequence[AmericanOptionSpec], years: Sequence[float], context: CompileContext
) -> SmileColumns:
    market, rows = context.market, context.rows
    log_forward_rows = [
        rows.smile_log_forward(spec.underlying, discount_curve_name(spec, market), time)
        for spec, time in zip(specs, years, strict=True)
    ]
    smiles = [market.smiles[spec.underlying] for spec in specs]
    return smile_columns(smiles, years, log_forward_rows, rows.factor)


def _dividends(specs: Sequence[AmericanOptionSpec], context: CompileContext) -> DividendColumns:
    today = context.valuation_date
    ragged = [dividends_to_come(spec, today)[::-1] for spec in specs]
    pairs = [(spec, dividend) for spec, own in zip(specs, ragged, strict=True) for dividend in own]
    levels = [market_yield(spec, context.market) for spec in specs]
    return DividendColumns(
        offsets=frozen_int([0, *accumulate(len(own) for own in ragged)]),
        is_dated=frozen_int([bool(spec.dividends) for spec in specs]),
        time=frozen([(spec.expiry - own.date).days / (spec.expiry - today).days for spec, own in pairs]),
        amount=frozen([dividend.amount for _, dividend in pairs]),
        inverse_yield=frozen([1.0 / level if level > 0.0 else 0.0 for level in levels]),
    )
