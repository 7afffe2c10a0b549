"""Floating-rate bonds as the columns that their kernel reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from stresstest.arrays import frozen, frozen_int, offsets
from stresstest.conventions.floating_legs import KEEPS_NOTHING, ValuationDates
from stresstest.instrument_type import CompileContext
from stresstest.instruments.floating_bond.columns import CouponColumns, FloatingBondColumns, ForwardColumns
from stresstest.instruments.floating_bond.requirements import bond_curves
from stresstest.instruments.floating_bond.spec import FloatingBondSpec
from stresstest.instruments.floating_bond.terms import BondFlow, bond_flows, bond_rates
from stresstest.kernels.rows import NO_ROW
from stresstest.market.default_rows import default_rows
from stresstest.market.floating_lookups import FloatingRates, RateCurves, growth_columns
from stresstest.market.lookups import find_issuer, spread_key


class _Bond(NamedTuple):
    """A bond on a valuation date."""

    curves: RateCurves
    rates: FloatingRates
    flows: tuple[BondFlow, ...]


def compile_columns(specs: Sequence[FloatingBondSpec], context: CompileContext) -> FloatingBondColumns:
    """Return the columns of `specs`, in their order; at least one.

    On a path a bond that is repaid has no payments left, and is worth 0.

    Raises
    ------
    InputError
        The market has no curve for a bond (ST362), or one of another currency (ST372).
    ValueError
        A spec still carries an override, which `override` turns into a private spread.
    """
    bonds = [_bond(spec, context) for spec in specs]
    spreads = [spread_key(context.market, find_issuer(context.market, spec.issuer)) for spec in specs]
    defaults = default_rows(specs, context.market, context.rows.factor)
    last = [bond.flows[-1].years if bond.flows else None for bond in bonds]
    return FloatingBondColumns(
        coupons=_coupons(bonds, context),
        forwards=_forwards(bonds, context),
        spread_row=frozen_int([NO_ROW if key is None else context.rows.factor(key) for key in spreads]),
        is_open=frozen([years is not None and years > 0.0 for years in last]),
        matured=frozen([years is not None and years <= 0.0 for years in last]),
        default_row=defaults.default,
        recovery_row=defaults.recovery,
        standing_row=frozen_int(
            [
                context.rows.log_discount(bond.curves.projection.name, bond.rates.standing_years())
                for bond in bonds
            ]
        ),
        standing_years=frozen([bond.rates.standing_years() for bond in bonds]),
    )


def _bond(spec: FloatingBondSpec, context: CompileContext) -> _Bond:
    if spec.z_spread is not None or spec.clean_price is not None:
        raise ValueError(f"bond of {spec.issuer} with an override that was not made a private factor")
    dates = ValuationDates(context.market.as_of, context.previous_date, context.valuation_date)
    curves = bond_curves(spec, context.market)
    rates = bond_rates(spec, curves, context.market, dates)
    return _Bond(curves, rates, bond_flows(spec, rates, curves))


def _forwards(bonds: Sequence[_Bond], context: CompileContext) -> ForwardColumns:
    """Return the payments whose interest is worth a difference of discount factors."""
    left = [[flow for flow in bond.flows if flow.telescopes] for bond in bonds]
    flows = [(bond.curves.discount.name, flow) for bond, of in zip(bonds, left, strict=True) for flow in of]
    rows = context.rows
    return ForwardColumns(
        offsets=offsets(len(of) for of in left),
        known_less_one=frozen([flow.known - 1.0 for _, flow in flows]),
        years=frozen([flow.years for _, flow in flows]),
        start_row=frozen_int(
            [
                rows.discount(curve, flow.part.growth.start_years)
                if flow.part.growth.start_years
                else rows.constant(1.0)
                for curve, flow in flows
            ]
        ),
        end_row=frozen_int([rows.discount(curve, flow.years) for curve, flow in flows]),
    )


def _coupons(bonds: Sequence[_Bond], context: CompileContext) -> CouponColumns:
    left = [[flow for flow in bond.flows if _is_coupon(flow)] for bond in bonds]
    flows = [(bond.curves.discount.name, flow) for bond, of in zip(bonds, left, strict=True) for flow in of]
    return CouponColumns(
        offsets=offsets(len(of) for of in left),
        is_valued=frozen_int([not flow.telescopes for _, flow in flows]),
        growth=growth_columns([flow.part for _, flow in flows], context.rows),
        known=frozen([flow.known for _, flow in flows]),
        years=frozen([flow.years for _, flow in flows]),
        log_discount_row=frozen_int(
            [
                context.rows.log_discount(curve, flow.years) if flow.years > 0.0 else NO_ROW
                for curve, flow in flows
            ]
        ),
    )


def _is_coupon(flow: BondFlow) -> bool:
    """Tell whether the growth of a payment is needed by itself, for its value or for a path to remember."""
    return not flow.telescopes or flow.part.growth.keeps != KEEPS_NOTHING
