"""Value of digital options, one option after the other over all columns."""

from __future__ import annotations

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.instruments.digital_option.columns import DigitalOptionColumns
from stresstest.kernels._jit import kernel
from stresstest.kernels.digital import asset_digital, cash_digital
from stresstest.kernels.lives import ALIVE, GONE
from stresstest.kernels.market import MarketRows, Out
from stresstest.kernels.smiles import fill_std_dev_slopes, fill_std_devs
from stresstest.kernels.vanilla import ContractColumns


@kernel
def _price(
    contract: ContractColumns, i: int, market: MarketRows, slope: FloatArray, value: FloatArray
) -> None:
    """Turn the standard deviations in `value` into prices of cash digitals."""
    sign, log_strike, amount = contract.sign[i], contract.log_strike[i], contract.multiplier[i]
    discount = market.derived[contract.discount_row[i]]
    log_forward = market.derived[contract.log_forward_row[i]]
    for j in range(value.shape[0]):
        log_moneyness = log_forward[j] - log_strike
        value[j] = amount * cash_digital(sign, discount[j], log_moneyness, value[j], slope[j])


@kernel
def _price_asset(
    contract: ContractColumns, i: int, market: MarketRows, slope: FloatArray, value: FloatArray
) -> None:
    """Turn the standard deviations in `value` into prices of asset digitals."""
    sign, log_strike, amount = contract.sign[i], contract.log_strike[i], contract.multiplier[i]
    discounted_forward = market.derived[contract.discounted_forward_row[i]]
    log_forward = market.derived[contract.log_forward_row[i]]
    for j in range(value.shape[0]):
        log_moneyness = log_forward[j] - log_strike
        value[j] = amount * asset_digital(sign, discounted_forward[j], log_moneyness, value[j], slope[j])


@kernel
def revalue(columns: DigitalOptionColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the value of one payment of every option, in the underlying's currency.

    An option that expired since the step before is worth 0 and pays what it owes.
    """
    contract = columns.contract
    slope = np.empty(out.value.shape[1])
    for i in range(contract.sign.shape[0]):
        life = contract.life[i]
        if life != ALIVE:
            for j in range(out.value.shape[1]):
                out.value[i, j] = 0.0
        if life == GONE:
            continue
        value = out.value[i] if life == ALIVE else out.paid[i]
        fill_std_devs(columns.smile, i, contract.log_strike[i], market, value)
        for j in range(value.shape[0]):
            slope[j] = value[j]
        fill_std_dev_slopes(columns.smile, i, contract.log_strike[i], market, slope)
        if columns.pays_asset[i]:
            _price_asset(contract, i, market, slope, value)
        else:
            _price(contract, i, market, slope, value)
