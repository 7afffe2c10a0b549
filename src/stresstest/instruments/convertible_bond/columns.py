"""Columns of convertible bonds."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels.convertible_columns import ConvertibleColumns
from stresstest.kernels.dated_flows import DiscountColumns
from stresstest.kernels.smiles import SmileColumns


class ElapsedColumns(NamedTuple):
    """Rights that could be exercised since the step before, first to last; ragged.

    Attributes
    ----------
    offsets
        Bond i has the rights `offsets[i]` to `offsets[i + 1]` `(n_instruments + 1,)`.
    call_price, call_trigger
        Dirty price of a call and its least value of the shares; an infinite price where none is meant.
    put_price
        Dirty price of a put; 0 where none is meant.
    converts
        1 where the holder may convert for the last time, else 0.
    paid_before
        Coupons since the step before, up to and on the day of the right.
    paid_after
        Payments after that day, up to and on that of the next right, or the valuation date.
    wait
        Time from that day to the next right's, or to the valuation date, as discount.
    """

    offsets: IntArray
    call_price: FloatArray
    call_trigger: FloatArray
    put_price: FloatArray
    converts: IntArray
    paid_before: FloatArray
    paid_after: FloatArray
    wait: DiscountColumns


class ConvertibleBondColumns(NamedTuple):
    """Compiled bonds; each array `(n_instruments,)`.

    Attributes
    ----------
    lattice, smile
        Payments and rights to come; the surface of the share, at conversion price and maturity.
    elapsed
        Rights that have passed since the step before.
    spread_row
        Row in `market.factors` of the credit spread; where the bond has none, a row that it reads anyway.
    has_share
        1 where the share matters, else 0; its rows then are any.
    shares
        Shares for one unit of face, also where conversion is over.
    spot_row, log_spot_row, yield_row
        Rows of spot and dividend yield in `market.factors`, of ln spot in `market.derived`.
    log_strike, vol_factor
        Natural log of the conversion price, at which the surface is read; multiple of its vol.
    is_open
        1 before the maturity, else 0.
    paid
        Payments for one unit of face since the step before, if no right was used.
    matured
        1 where the face was due since the step before, else 0.
    default_row, recovery_row
        Rows in `market.factors` of the issuer's default state and of what its claims recover, `NO_ROW`
        where the market states none.
    """

    lattice: ConvertibleColumns
    smile: SmileColumns
    elapsed: ElapsedColumns
    spread_row: IntArray
    has_share: IntArray
    shares: FloatArray
    spot_row: IntArray
    log_spot_row: IntArray
    yield_row: IntArray
    log_strike: FloatArray
    vol_factor: FloatArray
    is_open: FloatArray
    paid: FloatArray
    matured: FloatArray
    default_row: IntArray
    recovery_row: IntArray
