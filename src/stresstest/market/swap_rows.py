"""Interest-rate swaps as the columns that their kernels read."""

from __future__ import annotations

from collections.abc import Sequence

from stresstest.arrays import frozen, frozen_int, offsets
from stresstest.kernels.rows import NO_ROW
from stresstest.kernels.swaps import PeriodColumns, StripColumns, SwapColumns
from stresstest.market.floating_lookups import growth_columns
from stresstest.market.rows import CurveRows
from stresstest.market.swap_flows import SwapFlows

Strip = Sequence[tuple[float, float]]
"""Money by time in years."""


def strip_columns(
    strips: Sequence[Strip], constants: Sequence[float], curves: Sequence[str], rows: CurveRows
) -> StripColumns:
    """Return the columns of known payments: of each instrument its strip, what is due now, and its curve."""
    return StripColumns(
        offsets=offsets(len(strip) for strip in strips),
        constant=frozen(constants),
        weight=frozen([amount for strip in strips for _, amount in strip]),
        discount_row=frozen_int(
            [
                rows.discount(curve, years)
                for strip, curve in zip(strips, curves, strict=True)
                for years, _ in strip
            ]
        ),
    )


def period_columns(swaps: Sequence[SwapFlows], rows: CurveRows) -> PeriodColumns:
    """Return the columns of floating periods that are no differences of discount factors."""
    flows = [(swap.curves.discount.name, flow) for swap in swaps for flow in swap.periods]
    return PeriodColumns(
        offsets=offsets(len(swap.periods) for swap in swaps),
        growth=growth_columns([flow.part for _, flow in flows], rows),
        notional=frozen([flow.notional for _, flow in flows]),
        margin_amount=frozen([flow.margin_amount for _, flow in flows]),
        pay_row=frozen_int(
            [
                NO_ROW if flow.pay_years is None else rows.discount(curve, flow.pay_years)
                for curve, flow in flows
            ]
        ),
    )


def swap_columns(swaps: Sequence[SwapFlows], rows: CurveRows) -> SwapColumns:
    """Return the columns of swaps, in their order; at least one."""
    curves = [swap.curves.discount.name for swap in swaps]
    strips, constants = [swap.strip for swap in swaps], [swap.constant for swap in swaps]
    return SwapColumns(
        strip=strip_columns(strips, constants, curves, rows),
        periods=period_columns(swaps, rows),
        paid=frozen([swap.paid for swap in swaps]),
        standing_row=frozen_int(
            [rows.log_discount(swap.curves.projection.name, swap.standing_years) for swap in swaps]
        ),
        standing_years=frozen([swap.standing_years for swap in swaps]),
    )
