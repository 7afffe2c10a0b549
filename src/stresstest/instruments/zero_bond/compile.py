"""A zero-coupon bond against a market: the rates and the spread that it depends on, and its columns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from stresstest.arrays import frozen, frozen_int
from stresstest.conventions.day_counts import act_365f_years
from stresstest.errors import Problem, ProblemList
from stresstest.instrument_type import CompileContext, Requirements
from stresstest.instruments.zero_bond.columns import ZeroBondColumns
from stresstest.instruments.zero_bond.spec import ZeroBondSpec
from stresstest.kernels.rows import NO_ROW
from stresstest.market.default_rows import default_rows
from stresstest.market.keys import RiskFactorKey
from stresstest.market.lookups import (
    check_levels,
    curve_name,
    default_keys,
    find_curve,
    find_issuer,
    nodes_used,
    spread_key,
)
from stresstest.market.snapshot import MarketSnapshot


def requirements(spec: ZeroBondSpec, market: MarketSnapshot) -> Requirements:
    """Return the zero rates around the maturity and the issuer's credit spread.

    A sovereign has a spread where the market states one; everybody else must have one.

    Raises
    ------
    InputError
        The issuer is unknown (ST355), or all of: the bond is repaid (ST370), there is no such curve (ST362),
        it is of another currency (ST372), a level is missing (ST357).
    """
    issuer = find_issuer(market, spec.issuer)
    problems = ProblemList()
    if spec.maturity <= market.as_of:
        problems.add(_repaid(spec, market.as_of))
    currency = spec.currency or issuer.currency
    curve = find_curve(market, currency, spec.curve, problems)
    factors: list[RiskFactorKey] = []
    if curve is not None:
        factors += nodes_used(curve, [act_365f_years(market.as_of, spec.maturity)])
    spread = spread_key(market, issuer)
    if spread is not None:
        factors.append(spread)
    factors += default_keys(market, issuer.id, spec.seniority) or ()
    check_levels(market, factors, problems)
    problems.raise_if_any()
    return Requirements(currency, tuple(factors))


def compile_columns(specs: Sequence[ZeroBondSpec], context: CompileContext) -> ZeroBondColumns:
    """Return the columns of `specs`, in their order; at least one.

    Raises
    ------
    InputError
        Bonds are repaid by the valuation date (ST370), without a step before, or `requirements` refuses them.
    """
    today, market, rows = context.valuation_date, context.market, context.rows
    if context.previous_date is None:
        problems = ProblemList()
        problems.extend(_repaid(spec, today) for spec in specs if spec.maturity <= today)
        problems.raise_if_any()
    years = [max(0.0, act_365f_years(today, spec.maturity)) for spec in specs]
    issuers = [find_issuer(market, spec.issuer) for spec in specs]
    discounts = [
        rows.discount(curve_name(market, spec.currency or issuer.currency, spec.curve), time)
        for spec, issuer, time in zip(specs, issuers, years, strict=True)
    ]
    spreads = [spread_key(market, issuer) for issuer in issuers]
    spread_rows = [NO_ROW if key is None else rows.factor(key) for key in spreads]
    paid = [_face_paid(spec, context) for spec in specs]
    defaults = default_rows(specs, context.market, context.rows.factor)
    return ZeroBondColumns(
        *(frozen_int(discounts), frozen_int(spread_rows), frozen(years), frozen(paid)),
        default_row=defaults.default,
        recovery_row=defaults.recovery,
    )


def _face_paid(spec: ZeroBondSpec, context: CompileContext) -> float:
    """Return the face that falls due after the step before and up to the valuation date."""
    before = context.previous_date
    return float(before is not None and before < spec.maturity <= context.valuation_date)


def _repaid(spec: ZeroBondSpec, today: date) -> Problem:
    who = f"zero-coupon bond of {spec.issuer} that matures on {spec.maturity}"
    return Problem("ST370", who, f"a maturity after {today}", field="maturity")
