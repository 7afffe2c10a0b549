"""Value of revolvers: today's drawing, what is drawn beyond it under stress, what a default leaves."""

from __future__ import annotations

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.instruments.revolver.columns import RevolverColumns
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.loans import (
    CreditColumns,
    LegRows,
    Scratch,
    fill_hazard,
    fill_leg,
    find_recovery,
    keep_claim,
)
from stresstest.kernels.market import MarketRows, Out
from stresstest.kernels.rows import NO_ROW

_FURTHER, _LENT, _MEMORY = 6, 7, 8
"""Places in the state, after those of both legs' rates: drawn beyond today's; money lent on the last date and
not yet booked as cash; default and claim from the last on."""


@kernel
def drawn_share(credit_spread: float, start_spread: float, inverse_width: float) -> float:
    """Return how far drawing has gone: 0 at the spread it starts from, 1 at distress, linear between."""
    share = (credit_spread - start_spread) * inverse_width
    if share < 0.0:
        return 0.0
    return 1.0 if share > 1.0 else share  # noqa: FURB136 - a NaN must pass


@kernel
def further_drawing(default_state: float, share: float, most: float, before: float) -> float:
    """Return what is drawn beyond today's: never repaid before maturity, all of it at a default."""
    target = most * fma(default_state, 1.0 - share, share)
    return before if target <= before else target  # noqa: FURB136 - a NaN must pass


@kernel
def _add_further(
    columns: RevolverColumns, i: int, market: MarketRows, state: FloatArray, rows: tuple[LegRows, LegRows]
) -> None:
    """Add what is drawn beyond today's to value and cash, and keep it in the state."""
    drawn, more = rows
    drawing, spread = columns.drawing, market.factors[columns.credit.spread_row[i]]
    default_row = columns.credit.default_row[i]
    most, start, inverse, cost = (
        drawing.most[i],
        drawing.start_spread[i],
        drawing.inverse_width[i],
        drawing.cost[i],
    )
    further, lent = state[_FURTHER], state[_LENT]
    for j in range(drawn.value.shape[0]):
        before = further[j]
        share = drawn_share(spread[j], start, inverse)
        default = 0.0 if default_row == NO_ROW else market.factors[default_row, j]
        now = further_drawing(default, share, most, before)
        alive = 1.0 - default
        drawn.paid[j] = fma(before, more.paid[j], drawn.paid[j]) * alive - lent[j]
        further[j] = now
        lent[j] = (now - before) * cost
        drawn.value[j] = fma(alive, fma(now, more.value[j], drawn.value[j]), -lent[j])


@kernel
def _add_recovery(
    credit: CreditColumns, i: int, market: MarketRows, state: FloatArray, rows: LegRows
) -> None:
    """Add what a default leaves: recovery on all drawn by then, paid where the facility would end."""
    if credit.default_row[i] == NO_ROW:
        return
    default, recovery = market.factors[credit.default_row[i]], rows.recovery
    further, memory, is_open, ends = state[_FURTHER], state[_MEMORY:], credit.is_open[i], credit.ends[i]
    for j in range(rows.value.shape[0]):
        claim = keep_claim(default[j], fma(is_open, further[j], credit.claim[i]), j, memory)
        recovered = default[j] * recovery[j] * claim
        rows.value[j] = fma(recovered, is_open, rows.value[j])
        rows.paid[j] = fma(recovered, ends, rows.paid[j])


@kernel
def revalue(columns: RevolverColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the value of one unit of commitment of every facility, and its cash into `paid`.

    V = V_drawn + x·V_1 − (x − x₀)·c with x drawn beyond today's share, x₀ of it before, lent at par; a
    default draws all of `most` and leaves R·(u + x) − (x − x₀)·c.
    """
    credit, width = columns.credit, out.value.shape[1]
    scratch = Scratch(np.empty(width), np.empty(width), np.empty(width), np.empty(width))
    value, paid = np.empty(width), np.empty(width)
    for i in range(credit.spread_row.shape[0]):
        recovery = find_recovery(credit, i, market)
        drawn, more = LegRows(recovery, out.value[i], out.paid[i]), LegRows(recovery, value, paid)
        fill_hazard(credit, i, market, scratch)
        fill_leg(columns.legs, i, market, state[i], (scratch, drawn))
        fill_leg(columns.further, i, market, state[i], (scratch, more))
        _add_further(columns, i, market, state[i], (drawn, more))
        _add_recovery(credit, i, market, state[i], drawn)
