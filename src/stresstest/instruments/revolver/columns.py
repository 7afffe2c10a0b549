"""Columns of revolvers."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray
from stresstest.kernels.loans import CreditColumns, LegColumns


class DrawingColumns(NamedTuple):
    """How further drawing follows the spread; each array `(n_instruments,)`.

    Attributes
    ----------
    most
        Part of the commitment drawn beyond today's at the most: undrawn times credit-conversion factor; 0
        once the facility has ended.
    start_spread
        Credit spread of the market's date, at which nothing more is drawn.
    inverse_width
        1 ÷ (distress spread − start spread); 0 where the issuer is in distress already.
    cost
        Money lent for one unit drawn on the valuation date: 1 and the interest of the running period until
        then.
    """

    most: FloatArray
    start_spread: FloatArray
    inverse_width: FloatArray
    cost: FloatArray


class RevolverColumns(NamedTuple):
    """Compiled revolvers.

    Attributes
    ----------
    legs
        What today's drawing pays, fees included.
    further
        What one unit drawn later pays, less the fee that it no longer earns.
    credit
        Who owes it; the claim is that of today's drawing.
    drawing
        How much more is drawn.
    """

    legs: LegColumns
    further: LegColumns
    credit: CreditColumns
    drawing: DrawingColumns
