"""A digital option against a market: what it depends on, and its columns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

from stresstest.arrays import frozen, frozen_int
from stresstest.errors import ProblemList
from stresstest.instrument_type import CompileContext, Requirements
from stresstest.instruments.digital_option.columns import DigitalOptionColumns
from stresstest.instruments.digital_option.spec import DigitalOptionSpec
from stresstest.kernels.lives import ALIVE
from stresstest.kernels.logarithm import log
from stresstest.kernels.smiles import SmileColumns
from stresstest.kernels.vanilla import ContractColumns
from stresstest.market.keys import RiskFactorKey
from stresstest.market.lookups import (
    check_levels,
    curve_name,
    find_curve,
    find_issuer,
    nodes_used,
    years_until,
)
from stresstest.market.snapshot import MarketSnapshot
from stresstest.market.vol_pillars import find_surface_factors, smile_columns


def requirements(spec: DigitalOptionSpec, market: MarketSnapshot) -> Requirements:
    """Return spot, dividend yield, the zero rates around the expiry and the surface's pillars around it.

    On the day of expiry only the spot matters, though the rest must be there.

    Raises
    ------
    InputError
        The underlying is unknown (ST355), the option has expired (ST360), or all of: a level is missing
        (ST357), the underlying has no surface (ST361), there is no such curve (ST362) or it is of another
        currency (ST372).
    """
    issuer = find_issuer(market, spec.underlying, "underlying")
    years = _years(spec, market.as_of)
    problems = ProblemList()
    spot = RiskFactorKey("spot", spec.underlying)
    factors = [spot, RiskFactorKey("dividend_yield", spec.underlying)]
    curve = find_curve(market, issuer.currency, spec.curve, problems)
    if curve is not None:
        factors += nodes_used(curve, [years])
    factors += find_surface_factors(market, spec.underlying, years, problems)
    check_levels(market, factors, problems)
    problems.raise_if_any()
    return Requirements(issuer.currency, tuple(factors) if years > 0.0 else (spot,))


def compile_columns(specs: Sequence[DigitalOptionSpec], context: CompileContext) -> DigitalOptionColumns:
    """Return the columns of `specs`, in their order; at least one.

    On a path an option that has expired is compiled as on its day of expiry, for its payment.

    Raises
    ------
    InputError
        An option expired before the valuation date (ST360), without a step before.
    """
    years = [
        _years(spec, context.valuation_date) if context.life(spec.expiry) == ALIVE else 0.0 for spec in specs
    ]
    return DigitalOptionColumns(
        _contracts(specs, years, context),
        _smiles(specs, years, context),
        frozen_int([spec.payoff == "asset" for spec in specs]),
    )


def _contracts(
    specs: Sequence[DigitalOptionSpec], years: Sequence[float], context: CompileContext
) -> ContractColumns:
    rows = context.rows
    terms = [
        (spec.underlying, _curve_name(spec, context.market), time)
        for spec, time in zip(specs, years, strict=True)
    ]
    return ContractColumns(
        sign=frozen([1.0 if spec.right == "call" else -1.0 for spec in specs]),
        strike=frozen([spec.strike for spec in specs]),
        log_strike=frozen([log(spec.strike) for spec in specs]),
        multiplier=frozen([spec.payment for spec in specs]),
        sqrt_years=frozen([math.sqrt(time) for time in years]),
        discounted_forward_row=frozen_int([rows.carry_spot(name, time) for name, _, time in terms]),
        discount_row=frozen_int([rows.discount(curve, time) for _, curve, time in terms]),
        log_forward_row=frozen_int([rows.log_forward(*term) for term in terms]),
        life=frozen_int([context.life(spec.expiry) for spec in specs]),
    )


def _smiles(
    specs: Sequence[DigitalOptionSpec], years: Sequence[float], context: CompileContext
) -> SmileColumns:
    log_forward_rows = [
        context.rows.smile_log_forward(spec.underlying, _curve_name(spec, context.market), time)
        for spec, time in zip(specs, years, strict=True)
    ]
    smiles = [context.market.smiles[spec.underlying] for spec in specs]
    return smile_columns(smiles, years, log_forward_rows, context.rows.factor)


def _curve_name(spec: DigitalOptionSpec, market: MarketSnapshot) -> str:
    return curve_name(market, market.issuers[spec.underlying].currency, spec.curve)


def _years(spec: DigitalOptionSpec, today: date) -> float:
    return years_until(spec.expiry, today, f"option on {spec.underlying}", "expiry")
