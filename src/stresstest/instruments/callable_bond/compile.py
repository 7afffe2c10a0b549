"""Bonds with rights of redemption as the columns that their kernel reads."""

from __future__ import annotations

from collections.abc import Sequence

from stresstest.arrays import frozen, frozen_int
from stresstest.instrument_type import CompileContext
from stresstest.instruments.callable_bond.columns import CallableBondColumns
from stresstest.instruments.callable_bond.elapsed import elapsed_columns
from stresstest.instruments.callable_bond.lattice import lattice_dates
from stresstest.instruments.callable_bond.lattice_columns import (
    LatticeTerms,
    lattice_columns,
)
from stresstest.instruments.callable_bond.requirements import currency_of, discount_curve, rate_vol_key
from stresstest.instruments.callable_bond.spec import CallableBondSpec
from stresstest.instruments.callable_bond.terms import check_life, flows_after, paid_between
from stresstest.market.default_rows import default_rows
from stresstest.market.lookups import find_issuer, spread_key


def compile_columns(specs: Sequence[CallableBondSpec], context: CompileContext) -> CallableBondColumns:
    """Return the columns of `specs`, in their order; at least one.

    Raises
    ------
    InputError
        A bond is repaid before the valuation date (ST370), without a step before, or not yet issued (ST371).
    """
    if context.previous_date is None:
        for spec in specs:
            check_life(spec, context.valuation_date)
    terms = [_lattice_terms(spec, context) for spec in specs]
    defaults = default_rows(specs, context.market, context.rows.factor)
    vols = [_vol_row(spec, own, context) for spec, own in zip(specs, terms, strict=True)]
    return CallableBondColumns(
        lattice=lattice_columns(terms, context.rows.factor),
        elapsed=elapsed_columns(specs, context),
        spread_row=frozen_int([_spread_row(spec, context) for spec in specs]),
        vol_row=frozen_int(vols),
        vol=frozen([spec.rate_vol or 0.0 for spec in specs]),
        is_open=frozen([_is_open(spec, context) for spec in specs]),
        paid=frozen([_paid(spec, context) for spec in specs]),
        matured=frozen([_matured(spec, context) for spec in specs]),
        default_row=defaults.default,
        recovery_row=defaults.recovery,
    )


def _lattice_terms(spec: CallableBondSpec, context: CompileContext) -> LatticeTerms:
    has_spread = spread_key(context.market, find_issuer(context.market, spec.issuer)) is not None
    curve = discount_curve(spec, context.market)
    dates = lattice_dates(spec, context.valuation_date) if _is_open(spec, context) else []
    return LatticeTerms(dates, spec.mean_reversion, curve, has_spread)


def _is_open(spec: CallableBondSpec, context: CompileContext) -> bool:
    return bool(flows_after(spec, context.valuation_date))


def _vol_row(spec: CallableBondSpec, terms: LatticeTerms, context: CompileContext) -> int:
    """Return the row of the short rate's vol; −1 where the terms state it or no right reads it."""
    if spec.rate_vol is not None or not any(day.rights for day in terms.dates):
        return -1
    key = rate_vol_key(context.market, currency_of(spec, context.market))
    if key is None:
        raise ValueError(f"no vol of the short rate for {spec!r}")
    return context.rows.factor(key)


def _spread_row(spec: CallableBondSpec, context: CompileContext) -> int:
    """Return the row of the spread; of a rate where the bond has none, any will do."""
    spread = spread_key(context.market, find_issuer(context.market, spec.issuer))
    key = discount_curve(spec, context.market).keys()[0] if spread is None else spread
    return context.rows.factor(key)


def _paid(spec: CallableBondSpec, context: CompileContext) -> float:
    before = context.previous_date
    return 0.0 if before is None else paid_between(spec, before, context.valuation_date)


def _matured(spec: CallableBondSpec, context: CompileContext) -> bool:
    """Tell whether the last payment fell due after the step before and up to the valuation date."""
    before = context.previous_date
    return before is not None and bool(flows_after(spec, before)) and not _is_open(spec, context)
