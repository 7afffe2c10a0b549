"""Value of American options, one option after the other over all columns."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.instruments.american_option.columns import AmericanOptionColumns, ContractColumns
from stresstest.kernels._jit import kernel, part
from stresstest.kernels.american import AmericanScratch, Cells, fill_premiums
from stresstest.kernels.american_boundary import WORK_SIZE
from stresstest.kernels.american_dated import DatedOption, DatedWork, dated_value, make_dated_work
from stresstest.kernels.american_grid import MOST_NODES, N_ROWS, Payments
from stresstest.kernels.american_pair_boundary import make_pair_work
from stresstest.kernels.black import black_price, intrinsic_value
from stresstest.kernels.lives import ALIVE, GONE
from stresstest.kernels.logarithm import log
from stresstest.kernels.market import MarketRows, Out
from stresstest.kernels.smiles import fill_std_devs
from stresstest.kernels.volatility import flat_std_dev


class DatedScratch(NamedTuple):
    """Scratch of options with dividends on dates: standard deviations by column, amounts, the methods'."""

    std_dev: FloatArray
    amount: FloatArray
    work: DatedWork


class Scratch(NamedTuple):
    """Everything that one call overwrites."""

    cells: Cells
    american: AmericanScratch
    dated: DatedScratch


@part
def make_scratch(n_columns: int, n_dividends: int) -> Scratch:
    """Return scratch for a chunk, allocated once a call."""
    grid = np.empty((N_ROWS, MOST_NODES))
    rows = np.empty((6, n_columns))
    numbers = np.empty((3, n_columns), dtype=np.int64)
    cells = Cells(rows[0], rows[1], rows[2], rows[3], rows[4], numbers[0], numbers[1], numbers[2])
    return Scratch(
        cells,
        AmericanScratch(np.empty(WORK_SIZE), make_pair_work(), grid),
        DatedScratch(rows[5], np.empty(n_dividends), make_dated_work(n_dividends, grid)),
    )


@kernel
def _fill_std_devs(columns: AmericanOptionColumns, i: int, market: MarketRows, std_dev: FloatArray) -> None:
    """Write the standard deviation to expiry at the strike, by column."""
    if columns.smile.is_flat[i]:
        vol, sqrt_years = market.factors[columns.smile.near.vol_row[i]], columns.contract.sqrt_years[i]
        for j in range(std_dev.shape[0]):
            std_dev[j] = flat_std_dev(vol[j], sqrt_years)
    else:
        fill_std_devs(columns.smile, i, columns.contract.log_strike[i], market, std_dev)


@kernel
def _set_cells(contract: ContractColumns, i: int, market: MarketRows, cells: Cells) -> None:
    """Write the put that stands for the option: itself, or by symmetry the put that a call is."""
    log_strike, years = contract.log_strike[i], contract.years[i]
    log_spot = market.derived[contract.log_spot_row[i]]
    discount = market.derived[contract.discount_row[i]]
    dividend_yield = market.factors[contract.yield_row[i]]
    is_call = contract.is_call[i] == 1
    for j in range(cells.rate.shape[0]):
        rate, carry = -log(discount[j]), dividend_yield[j] * years
        moneyness = log_spot[j] - log_strike
        cells.rate[j] = carry if is_call else rate
        cells.dividend_yield[j] = rate if is_call else carry
        cells.moneyness[j] = -moneyness if is_call else moneyness


@kernel
def _price_european(
    contract: ContractColumns, i: int, market: MarketRows, std_dev: FloatArray, value: FloatArray
) -> None:
    """Write the European value of one share's worth: exactly that of the European option type."""
    sign, strike, log_strike = 2.0 * contract.is_call[i] - 1.0, contract.strike[i], contract.log_strike[i]
    carry_spot = market.derived[contract.carry_spot_row[i]]
    discount = market.derived[contract.discount_row[i]]
    log_forward = market.derived[contract.log_forward_row[i]]
    for j in range(value.shape[0]):
        log_moneyness = log_forward[j] - log_strike
        value[j] = black_price(sign, carry_spot[j], strike * discount[j], log_moneyness, std_dev[j])


@kernel
def _add_premiums(
    contract: ContractColumns, i: int, market: MarketRows, premium: FloatArray, value: FloatArray
) -> None:
    """Add the premium of exercise before expiry, and take the exercise value where that is more."""
    is_call, strike, multiplier = contract.is_call[i] == 1, contract.strike[i], contract.multiplier[i]
    sign = 1.0 if is_call else -1.0
    spot = market.factors[contract.spot_row[i]]
    for j in range(value.shape[0]):
        scale = spot[j] if is_call else strike
        total = value[j] if premium[j] == 0.0 else value[j] + scale * premium[j]
        exercise = intrinsic_value(sign, spot[j], strike)
        value[j] = multiplier * (exercise if total < exercise else total)  # noqa: FURB136 - NaN must pass


@part
def _price_dated(
    columns: AmericanOptionColumns, i: int, market: MarketRows, scratch: DatedScratch, value: FloatArray
) -> None:
    """Write the value of an option whose dividends come on dates, column by column."""
    contract, dividends = columns.contract, columns.dividends
    low, high = dividends.offsets[i], dividends.offsets[i + 1]
    payments = Payments(dividends.time[low:high], scratch.amount[: high - low], 1.0 - contract.is_call[i])
    spot, discount = market.factors[contract.spot_row[i]], market.derived[contract.discount_row[i]]
    dividend_yield, inverse = market.factors[contract.yield_row[i]], dividends.inverse_yield[i]
    for j in range(value.shape[0]):
        share = dividend_yield[j] * inverse if inverse > 0.0 else 1.0
        for k in range(high - low):
            payments.amount[k] = share * dividends.amount[low + k] / contract.strike[i]
        option = DatedOption(spot[j] / contract.strike[i], -log(discount[j]), scratch.std_dev[j])
        unit = contract.multiplier[i] * contract.strike[i]
        value[j] = unit * dated_value(option, payments, columns.dated, scratch.work)


@part
def _price_continuous(
    columns: AmericanOptionColumns, i: int, market: MarketRows, scratch: Scratch, value: FloatArray
) -> None:
    """Write the value of an option on a share with a continuous yield."""
    cells = scratch.cells
    _fill_std_devs(columns, i, market, cells.std_dev)
    _price_european(columns.contract, i, market, cells.std_dev, value)
    _set_cells(columns.contract, i, market, cells)
    none = Payments(columns.dividends.time[:0], scratch.dated.amount[:0], 1.0)
    fill_premiums(columns.schemes, columns.pair, cells, none, scratch.american)
    _add_premiums(columns.contract, i, market, cells.premium, value)


@kernel
def revalue(columns: AmericanOptionColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the value of one contract of every option, in the underlying's currency.

    An option that expired since the step before is worth 0 and pays its intrinsic value.
    """
    n_columns = out.value.shape[1]
    scratch = make_scratch(n_columns, columns.dividends.amount.shape[0])
    for i in range(columns.contract.strike.shape[0]):
        life = columns.contract.life[i]
        if life != ALIVE:
            for j in range(n_columns):
                out.value[i, j] = 0.0
        if life == GONE:
            continue
        value = out.value[i] if life == ALIVE else out.paid[i]
        if columns.dividends.is_dated[i] == 1:
            _fill_std_devs(columns, i, market, scratch.dated.std_dev)
            _price_dated(columns, i, market, scratch.dated, value)
        else:
            _price_continuous(columns, i, market, scratch, value)
