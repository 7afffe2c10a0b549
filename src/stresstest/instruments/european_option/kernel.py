"""Value of European options, one option after the other over all columns."""

from __future__ import annotations

from stresstest.arrays import FloatArray
from stresstest.instruments.european_option.columns import (
    ALIVE,
    GONE,
    ContractColumns,
    EuropeanOptionColumns,
    SmileColumns,
)
from stresstest.kernels._jit import kernel
from stresstest.kernels.black import black_price
from stresstest.kernels.market import MarketRows, Out
from stresstest.kernels.volatility import clamped, flat_std_dev, mixed_std_dev, smile_vol


@kernel
def _price_flat(columns: EuropeanOptionColumns, i: int, market: MarketRows, value: FloatArray) -> None:
    contract = columns.contract
    sign, strike, log_strike = contract.sign[i], contract.strike[i], contract.log_strike[i]
    multiplier, sqrt_years = contract.multiplier[i], contract.sqrt_years[i]
    vol = market.factors[columns.smile.near.vol_row[i]]
    carry_spot = market.derived[contract.carry_spot_row[i]]
    discount = market.derived[contract.discount_row[i]]
    log_forward = market.derived[contract.log_forward_row[i]]
    for j in range(value.shape[0]):
        log_moneyness = log_forward[j] - log_strike
        std_dev = flat_std_dev(vol[j], sqrt_years)
        price = black_price(sign, carry_spot[j], strike * discount[j], log_moneyness, std_dev)
        value[j] = multiplier * price


@kernel
def _fill_smile(
    smile: SmileColumns, i: int, log_strike: float, market: MarketRows, std_dev: FloatArray
) -> None:
    near, far = smile.near, smile.far
    log_forward = market.derived[smile.log_forward_row[i]]
    vol1, vol2 = market.factors[near.vol_row[i]], market.factors[far.vol_row[i]]
    skew1, skew2 = market.factors[near.skew_row[i]], market.factors[far.skew_row[i]]
    curvature1, curvature2 = market.factors[near.curvature_row[i]], market.factors[far.curvature_row[i]]
    scale1, scale2 = near.inverse_sqrt_years[i], far.inverse_sqrt_years[i]
    years1, years2 = near.weight_years[i], far.weight_years[i]
    lower, upper = smile.lower[i], smile.upper[i]
    for j in range(std_dev.shape[0]):
        moneyness = log_strike - log_forward[j]
        x1 = clamped(moneyness * scale1, lower, upper)
        x2 = clamped(moneyness * scale2, lower, upper)
        near_vol = smile_vol(x1, vol1[j], skew1[j], curvature1[j])
        far_vol = smile_vol(x2, vol2[j], skew2[j], curvature2[j])
        std_dev[j] = mixed_std_dev(near_vol, far_vol, years1, years2)


@kernel
def _price_std_devs(contract: ContractColumns, i: int, market: MarketRows, value: FloatArray) -> None:
    sign, strike, log_strike = contract.sign[i], contract.strike[i], contract.log_strike[i]
    multiplier = contract.multiplier[i]
    carry_spot = market.derived[contract.carry_spot_row[i]]
    discount = market.derived[contract.discount_row[i]]
    log_forward = market.derived[contract.log_forward_row[i]]
    for j in range(value.shape[0]):
        log_moneyness = log_forward[j] - log_strike
        price = black_price(sign, carry_spot[j], strike * discount[j], log_moneyness, value[j])
        value[j] = multiplier * price


@kernel
def revalue(columns: EuropeanOptionColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the value of one contract of every option, in the underlying's currency.

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
            _fill_smile(columns.smile, i, columns.contract.log_strike[i], market, value)
            _price_std_devs(columns.contract, i, market, value)
