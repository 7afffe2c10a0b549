"""European calls and puts on any forward: on shares, currencies and commodities alike."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels._jit import kernel
from stresstest.kernels.black import black_price
from stresstest.kernels.lives import ALIVE, GONE
from stresstest.kernels.market import MarketRows, Out
from stresstest.kernels.smiles import SmileColumns, fill_std_devs
from stresstest.kernels.volatility import flat_std_dev


class ContractColumns(NamedTuple):
    """Terms and the derived rows that they read; each array `(n_instruments,)`.

    Attributes
    ----------
    sign
        1 for a call, −1 for a put.
    strike, log_strike
        Strike in the currency of the value and its natural log.
    multiplier
        Units of the underlying a contract.
    sqrt_years
        √T of the time to expiry.
    discounted_forward_row, discount_row, log_forward_row
        Rows in `market.derived` of D(T)·F(T), which is S·e^{−qT} of a share, of D(T) and of ln F(T).
    life
        `ALIVE`; `SETTLED`: expired since the step before, pays its intrinsic value; `GONE`: before that.
    """

    sign: FloatArray
    strike: FloatArray
    log_strike: FloatArray
    multiplier: FloatArray
    sqrt_years: FloatArray
    discounted_forward_row: IntArray
    discount_row: IntArray
    log_forward_row: IntArray
    life: IntArray


class VanillaColumns(NamedTuple):
    """Compiled European options: contracts and their surfaces."""

    contract: ContractColumns
    smile: SmileColumns


@kernel
def _price_flat(columns: VanillaColumns, i: int, market: MarketRows, value: FloatArray) -> None:
    contract = columns.contract
    sign, strike, log_strike = contract.sign[i], contract.strike[i], contract.log_strike[i]
    multiplier, sqrt_years = contract.multiplier[i], contract.sqrt_years[i]
    vol = market.factors[columns.smile.near.vol_row[i]]
    discounted_forward = market.derived[contract.discounted_forward_row[i]]
    discount = market.derived[contract.discount_row[i]]
    log_forward = market.derived[contract.log_forward_row[i]]
    for j in range(value.shape[0]):
        log_moneyness = log_forward[j] - log_strike
        std_dev = flat_std_dev(vol[j], sqrt_years)
        price = black_price(sign, discounted_forward[j], strike * discount[j], log_moneyness, std_dev)
        value[j] = multiplier * price


@kernel
def _price_std_devs(contract: ContractColumns, i: int, market: MarketRows, value: FloatArray) -> None:
    sign, strike, log_strike = contract.sign[i], contract.strike[i], contract.log_strike[i]
    multiplier = contract.multiplier[i]
    discounted_forward = market.derived[contract.discounted_forward_row[i]]
    discount = market.derived[contract.discount_row[i]]
    log_forward = market.derived[contract.log_forward_row[i]]
    for j in range(value.shape[0]):
        log_moneyness = log_forward[j] - log_strike
        price = black_price(sign, discounted_forward[j], strike * discount[j], log_moneyness, value[j])
        value[j] = multiplier * price


@kernel
def price_vanilla(columns: VanillaColumns, market: MarketRows, out: Out) -> None:
    """Write the value of one contract of every option.

    An option that expired since the step before is worth 0 and pays its intrinsic value.

    Two loops for an option with a smile: its row of values first holds its standard deviations. One loop over
    all inputs would have to compare more arrays for overlap than the compiler does, and stay scalar.
    """
    for i in range(columns.contract.sign.shape[0]):
        life = columns.contract.life[i]
        if life != ALIVE:
            for j in range(out.value.shape[1]):
                out.value[i, j] = 0.0
        if life == GONE:
            continue
        value = out.value[i] if life == ALIVE else out.paid[i]
        if columns.smile.is_flat[i]:
            _price_flat(columns, i, market, value)
        else:
            fill_std_devs(columns.smile, i, columns.contract.log_strike[i], market, value)
            _price_std_devs(columns.contract, i, market, value)
