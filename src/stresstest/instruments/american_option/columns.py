"""Columns of American options."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels.american_dated_tables import DatedTables
from stresstest.kernels.american_pair_tables import PairTables
from stresstest.kernels.american_schemes import Schemes
from stresstest.kernels.smiles import SmileColumns


class ContractColumns(NamedTuple):
    """Terms and the rows that they read; each array `(n_instruments,)`.

    Attributes
    ----------
    is_call
        1 for a call, 0 for a put.
    strike, log_strike
        Strike in the underlying's currency and its natural log.
    multiplier
        Shares a contract.
    years, sqrt_years
        T of the time to expiry, and √T.
    spot_row, yield_row
        Rows in `market.factors`.
    log_spot_row, carry_spot_row, discount_row, log_forward_row
        Rows in `market.derived` of ln S, S·e^{−qT}, D(T) and ln F(T).
    life
        `ALIVE`; `SETTLED`: expired since the step before, pays its intrinsic value; `GONE`: before that.
    """

    is_call: IntArray
    strike: FloatArray
    log_strike: FloatArray
    multiplier: FloatArray
    years: FloatArray
    sqrt_years: FloatArray
    spot_row: IntArray
    yield_row: IntArray
    log_spot_row: IntArray
    carry_spot_row: IntArray
    discount_row: IntArray
    log_forward_row: IntArray
    life: IntArray


class DividendColumns(NamedTuple):
    """Dividends on dates between the valuation date and expiry, latest first; ragged.

    Attributes
    ----------
    offsets
        `(n_instruments + 1,)`.
    is_dated
        `(n_instruments,)` 1 where dividends are written down: then no continuous yield is paid.
    time
        `(n_dividends,)` share of the option's time from the dividend to expiry, ascending.
    amount
        `(n_dividends,)` currency a share, at the yield of the market.
    inverse_yield
        `(n_instruments,)` 1 over the market's own yield: a column's yield times it scales the amounts; 0
        where that yield is not positive, and amounts never change.
    """

    offsets: IntArray
    is_dated: IntArray
    time: FloatArray
    amount: FloatArray
    inverse_yield: FloatArray


class AmericanOptionColumns(NamedTuple):
    """Compiled American options: contracts, surfaces, dividends, and the tables of the methods."""

    contract: ContractColumns
    smile: SmileColumns
    dividends: DividendColumns
    schemes: Schemes
    pair: PairTables
    dated: DatedTables
