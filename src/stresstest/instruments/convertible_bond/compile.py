"""Convertible bonds as the columns that their kernel reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from stresstest.arrays import frozen, frozen_int, offsets
from stresstest.instrument_type import CompileContext
from stresstest.instruments.convertible_bond.columns import ConvertibleBondColumns
from stresstest.instruments.convertible_bond.discounts import (
    Discounting,
    discounting,
    risky_columns,
)
from stresstest.instruments.convertible_bond.elapsed import elapsed_columns
from stresstest.instruments.convertible_bond.lattice import LatticeStep, knot_years, lattice_steps
from stresstest.instruments.convertible_bond.lattice_columns import (
    Laid,
    call_day_columns,
    event_columns,
    step_columns,
)
from stresstest.instruments.convertible_bond.requirements import discount_curve_name, share_of
from stresstest.instruments.convertible_bond.spec import ConvertibleBondSpec
from stresstest.instruments.convertible_bond.terms import (
    PER_CENT,
    check_life,
    has_share,
    paid_between,
    shares_for_face,
)
from stresstest.kernels.convertible_columns import ConvertibleColumns
from stresstest.kernels.logarithm import log
from stresstest.kernels.smiles import SmileColumns
from stresstest.market.default_rows import default_rows
from stresstest.market.keys import RiskFactorKey
from stresstest.market.lookups import find_issuer, spread_key
from stresstest.market.snapshot import Smile
from stresstest.market.vol_pillars import smile_columns


class _Lattice(NamedTuple):
    """One bond with the dates of its lattice, none where it is over."""

    spec: ConvertibleBondSpec
    steps: list[LatticeStep]
    discount: Discounting

    @property
    def years(self) -> float:
        return self.steps[-1].years if self.steps else 0.0


def compile_columns(specs: Sequence[ConvertibleBondSpec], context: CompileContext) -> ConvertibleBondColumns:
    """Return the columns of `specs`, in their order; at least one.

    Raises
    ------
    InputError
        A bond is repaid before the valuation date (ST370), without a step before, or not yet issued (ST371).
    """
    if context.previous_date is None:
        for spec in specs:
            check_life(spec, context.valuation_date)
    lattices = [_lattice(spec, context) for spec in specs]
    defaults = default_rows(specs, context.market, context.rows.factor)
    shares = [_ShareRow.of(lattice, context) for lattice in lattices]
    return ConvertibleBondColumns(
        lattice=_lattice_columns(lattices, context),
        smile=_smiles(lattices, context),
        elapsed=elapsed_columns(specs, context),
        spread_row=frozen_int([_spread_row(lattice, context) for lattice in lattices]),
        has_share=frozen_int([share.matters for share in shares]),
        shares=frozen([shares_for_face(spec) for spec in specs]),
        spot_row=frozen_int([share.spot for share in shares]),
        log_spot_row=frozen_int([share.log_spot for share in shares]),
        yield_row=frozen_int([share.dividend_yield for share in shares]),
        log_strike=frozen([_log_strike(spec) for spec in specs]),
        vol_factor=frozen([spec.vol_factor for spec in specs]),
        is_open=frozen([bool(lattice.steps) for lattice in lattices]),
        paid=frozen([_paid(spec, context) for spec in specs]),
        matured=frozen([_matured(spec, context) for spec in specs]),
        default_row=defaults.default,
        recovery_row=defaults.recovery,
    )


class _ShareRow(NamedTuple):
    """Rows of a bond's share; 0 where it has none that matters."""

    matters: bool
    spot: int = 0
    log_spot: int = 0
    dividend_yield: int = 0

    @classmethod
    def of(cls, lattice: _Lattice, context: CompileContext) -> _ShareRow:
        if not _reads_share(lattice.spec, context):
            return cls(matters=False)
        share, rows = share_of(lattice.spec), context.rows
        keys = RiskFactorKey("spot", share), RiskFactorKey("dividend_yield", share)
        return cls(True, rows.factor(keys[0]), rows.log_spot(share), rows.factor(keys[1]))


def _reads_share(spec: ConvertibleBondSpec, context: CompileContext) -> bool:
    """Tell whether conversion is to come, or was possible since the step before."""
    return has_share(spec, context.previous_date or context.valuation_date)


def _lattice(spec: ConvertibleBondSpec, context: CompileContext) -> _Lattice:
    today = context.valuation_date
    steps = lattice_steps(spec, today) if spec.maturity > today else []
    return _Lattice(spec, steps, discounting(spec, context))


def _lattice_columns(lattices: Sequence[_Lattice], context: CompileContext) -> ConvertibleColumns:
    today = context.valuation_date
    shares = [shares_for_face(own.spec) if has_share(own.spec, today) else 0.0 for own in lattices]
    knots = [knot_years(lattice.steps) for lattice in lattices]
    laid = [
        Laid(lattice.steps, (0.0, *own), lattice.discount.spread_factor)
        for lattice, own in zip(lattices, knots, strict=True)
    ]
    read = [
        lattice.discount.time(years) for lattice, own in zip(lattices, knots, strict=True) for years in own
    ]
    return ConvertibleColumns(
        offsets=offsets(len(lattice.steps) for lattice in lattices),
        knot_offsets=offsets(len(own) for own in knots),
        knots=risky_columns(read, context.rows.factor),
        shares=frozen(shares),
        log_strike=frozen([_log_centre(lattice) for lattice in lattices]),
        redemption=frozen([PER_CENT * lattice.spec.redemption for lattice in lattices]),
        by_cash=frozen([lattice.spec.credit_on == "cash_part" for lattice in lattices]),
        steps=step_columns(laid),
        events=event_columns(laid),
        call_days=call_day_columns(laid),
    )


def _log_strike(spec: ConvertibleBondSpec) -> float:
    """Return the log of the price at which conversion is worth the redemption; 0 without conversion."""
    shares = shares_for_face(spec)
    return float(log(PER_CENT * spec.redemption / shares)) if shares > 0.0 else 0.0


def _log_centre(lattice: _Lattice) -> float:
    """Return the log of the price that parts cash from shares at maturity, its coupon included.

    QuantLib leaves the coupon out, and so does the method that is its.
    """
    spec, coupon = lattice.spec, 0.0
    if spec.credit_on == "cash_part" and lattice.steps:
        coupon = sum(event.amount for event in lattice.steps[-1].due)
    shares = shares_for_face(spec)
    return float(log((PER_CENT * spec.redemption + coupon) / shares)) if shares > 0.0 else 0.0


def _smiles(lattices: Sequence[_Lattice], context: CompileContext) -> SmileColumns:
    """Return the surface of each share at conversion price and maturity; a flat one where none matters."""
    rows, market = context.rows, context.market
    none = Smile("", ("1Y",), frozen([1.0]), 0.0, 0.0, "moneyness")
    matters = [_reads_share(lattice.spec, context) for lattice in lattices]
    smiles = [
        market.smiles[share_of(lattice.spec)] if own else none
        for lattice, own in zip(lattices, matters, strict=True)
    ]
    log_forwards = [
        rows.smile_log_forward(share_of(own.spec), discount_curve_name(own.spec, market), own.years)
        if matter
        else 0
        for own, matter in zip(lattices, matters, strict=True)
    ]
    years = [lattice.years for lattice in lattices]
    return smile_columns(smiles, years, log_forwards, lambda key: rows.factor(key) if key.name else 0)


def _spread_row(lattice: _Lattice, context: CompileContext) -> int:
    """Return the row of the spread; of a rate where the bond has none, any will do."""
    spread = spread_key(context.market, find_issuer(context.market, lattice.spec.issuer))
    return context.rows.factor(lattice.discount.curve.keys()[0] if spread is None else spread)


def _paid(spec: ConvertibleBondSpec, context: CompileContext) -> float:
    before = context.previous_date
    return 0.0 if before is None else paid_between(spec, before, context.valuation_date)


def _matured(spec: ConvertibleBondSpec, context: CompileContext) -> bool:
    """Tell whether the face was due after the step before and up to the valuation date."""
    before = context.previous_date
    return before is not None and before < spec.maturity <= context.valuation_date
