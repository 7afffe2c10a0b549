"""Stakes in private companies as the columns that their kernel reads."""

from __future__ import annotations

import math
from collections.abc import Sequence

from stresstest.arrays import FloatArray, frozen, frozen_int, offsets
from stresstest.instrument_type import CompileContext
from stresstest.instruments.private_stake.columns import (
    COMPARABLE,
    LAST_ROUND,
    MULTIPLE,
    EquityColumns,
    PrivateStakeColumns,
    TrancheColumns,
)
from stresstest.instruments.private_stake.marks import BILLION, base_equity, source_key
from stresstest.instruments.private_stake.requirements import class_tranches, discounts, own_class
from stresstest.instruments.private_stake.runway import runway_columns
from stresstest.instruments.private_stake.spec import PrivateStakeSpec
from stresstest.instruments.private_stake.waterfall import Tranche, as_common, part_of_class, tranches
from stresstest.kernels.derived import log_level
from stresstest.kernels.exponential import exp
from stresstest.kernels.rows import NO_ROW
from stresstest.market.keys import RiskFactorKey
from stresstest.market.lookups import default_keys, find_issuer

_METHODS = {"last_round": LAST_ROUND, "comparable": COMPARABLE, "multiple": MULTIPLE}
_QUARTERS = 4.0


def compile_columns(specs: Sequence[PrivateStakeSpec], context: CompileContext) -> PrivateStakeColumns:
    """Return the columns of `specs`, in their order; at least one."""
    now = [class_tranches(spec) for spec in specs]
    after = [_after(spec) for spec in specs]
    first = offsets(len(item) for item in (*now, *after))
    count = len(specs)
    deviations = [0.0 if spec.exit is None else _std_dev(spec) for spec in specs]
    ends = [spec.runway is not None and spec.runway.liquidation is not None for spec in specs]
    return PrivateStakeColumns(
        unit=frozen([_unit(spec) for spec in specs]),
        equity=_equity(specs, context),
        runway=runway_columns(specs, context),
        offsets=frozen_int(first[: count + 1]),
        after_offsets=frozen_int(first[count:]),
        tranches=_tranches([item for one in (*now, *after) for item in one]),
        std_dev=frozen(deviations),
        after_std_dev=frozen([0.0 if end else dev for end, dev in zip(ends, deviations, strict=True)]),
        discount_row=frozen_int([_discount_row(spec, context) for spec in specs]),
        log_discount_row=frozen_int([_log_discount_row(spec, context) for spec in specs]),
        default_row=frozen_int([_default_row(spec, context) for spec in specs]),
        default_recovery=frozen([spec.default_recovery for spec in specs]),
    )


def _unit(spec: PrivateStakeSpec) -> float:
    """Return the money of one unit for a billion paid to the class."""
    if not spec.stack:
        part = spec.ownership or 0.0
    elif spec.shares is not None:
        part = spec.shares / own_class(spec).shares
    else:
        part = part_of_class(spec.stack, spec.share_class or "", spec.ownership or 0.0)
    return BILLION * part * (1.0 - spec.marketability_discount)


def _after(spec: PrivateStakeSpec) -> list[Tranche]:
    """Return the payoff once the cash is gone: as common stock where the holder does not pay to play."""
    plays = spec.runway is None or spec.runway.down_round is None or not spec.runway.down_round.pay_to_play
    if plays or not spec.stack:
        return class_tranches(spec)
    held = spec.share_class or ""
    return tranches(as_common(spec.stack, held), held)


def _tranches(found: Sequence[Tranche]) -> TrancheColumns:
    return TrancheColumns(
        frozen([item.strike for item in found]),
        frozen([float(log_level(item.strike)) for item in found]),
        frozen([item.slope for item in found]),
    )


def _std_dev(spec: PrivateStakeSpec) -> float:
    return 0.0 if spec.exit is None else spec.exit.volatility * math.sqrt(spec.exit.years)


def _equity(specs: Sequence[PrivateStakeSpec], context: CompileContext) -> EquityColumns:
    market, rows = context.market, context.rows
    return EquityColumns(
        method=frozen_int([_METHODS[spec.valuation] for spec in specs]),
        source_row=frozen_int(
            [
                rows.log_spot(spec.comparable) if spec.comparable else rows.factor(source_key(spec))
                for spec in specs
            ]
        ),
        base=frozen([base_equity(spec, market) for spec in specs]),
        base_log_spot=frozen([_base_log_spot(spec, context) for spec in specs]),
        beta=frozen([spec.comparable_beta for spec in specs]),
        revenue=frozen([spec.revenue or 0.0 for spec in specs]),
        net_debt=frozen([spec.net_debt for spec in specs]),
        catch_up=_catch_up(specs, context.gap_years),
    )


def _base_log_spot(spec: PrivateStakeSpec, context: CompileContext) -> float:
    if spec.comparable is None:
        return 0.0
    return float(log_level(context.market.levels[RiskFactorKey("spot", spec.comparable)]))


def _catch_up(specs: Sequence[PrivateStakeSpec], years: float) -> FloatArray:
    """Return 1 − e^{−t/lag} for the time t of the step."""
    found = []
    for spec in specs:
        no_lag = years == 0.0 or spec.lag_quarters == 0.0
        found.append(1.0 if no_lag else 1.0 - float(exp(-_QUARTERS * years / spec.lag_quarters)))
    return frozen(found)


def _exit_curve(spec: PrivateStakeSpec, context: CompileContext) -> tuple[str, float]:
    """Return the curve and the years that payoffs are discounted over; none where no rate matters."""
    currency = find_issuer(context.market, spec.issuer).currency
    years = spec.exit.years if spec.exit is not None and discounts(spec) else 0.0
    return context.market.discount_curves.get(currency, ""), years


def _discount_row(spec: PrivateStakeSpec, context: CompileContext) -> int:
    curve, years = _exit_curve(spec, context)
    return context.rows.constant(1.0) if years == 0.0 else context.rows.discount(curve, years)


def _log_discount_row(spec: PrivateStakeSpec, context: CompileContext) -> int:
    curve, years = _exit_curve(spec, context)
    return context.rows.constant(0.0) if years == 0.0 else context.rows.log_discount(curve, years)


def _default_row(spec: PrivateStakeSpec, context: CompileContext) -> int:
    keys = default_keys(context.market, spec.issuer, "subordinated")
    return NO_ROW if keys is None else context.rows.factor(keys[0])
