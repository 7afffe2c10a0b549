"""Holdings applied: from unit values, or chunk by chunk without keeping any."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, frozen, frozen_int
from stresstest.errors import ModelError
from stresstest.kernels.holdings import HoldingRows, add_holdings, add_left_out
from stresstest.portfolio.book import Block, Book, FxRow
from stresstest.revaluation.chunks import Chunk, Revaluation
from stresstest.revaluation.engine import UnitValues, all_chunks, revaluations, run_chunks
from stresstest.revaluation.holdings import BaseValues, Held, base_values, hold, net_holdings, split_holdings
from stresstest.revaluation.payments import Payments
from stresstest.revaluation.result import PortfolioResult, StressResult
from stresstest.revaluation.states import States
from stresstest.scenarios.columns import ColumnSource
from stresstest.scenarios.table import ColumnTable

LARGEST_GAP = 1e-12
"""Positions reconcile with the total within this share of gross value."""


def apply_holdings(book: Book, units: UnitValues) -> StressResult:
    """Return what the portfolios of `book` make of `units`: values, P&L, failures.

    Raises
    ------
    ModelError
        When a total overflows, or positions do not reconcile with it within 1e-12 of gross value.
    """
    return apply_held(book, netted(book, units), units)


class NettedHoldings(NamedTuple):
    """Holdings of a book as quantities, by portfolio and netted over all of them in canonical order."""

    held: tuple[Held, ...]
    rows: HoldingRows


def netted(book: Book, units: UnitValues) -> NettedHoldings:
    """Return the holdings of `book`; they depend on column 0 of `units` alone, which all scenarios share.

    Raises
    ------
    InputError
        When a weight has no total to be a share of, or meets an instrument whose base value is 0.
    """
    held = hold(book, BaseValues(units.value[:, 0], units.fx[:, 0], units.conversions))
    return NettedHoldings(held, net_holdings(held))


def apply_held(book: Book, holdings: NettedHoldings, units: UnitValues) -> StressResult:
    """Return what `apply_holdings` does, for holdings that are netted already."""
    held = holdings.held
    value = np.zeros((len(held), units.table.n_columns))
    add_holdings(holdings.rows, units.value, units.fx, value)
    total = _grand_total(book, value, units.fx, units.conversions)
    result = _result(book, held, _Values(value, total), units.columns, units)
    for portfolio in result.portfolios:
        if portfolio.reconciliation_gap > LARGEST_GAP:
            gap = f"{portfolio.reconciliation_gap:.1e} of gross value"
            raise ModelError(f"{portfolio.name}: positions differ from the total by {gap}")
    return result


def stress_totals(book: Book, columns: ColumnSource, *, threads: int | None = None) -> StressResult:
    """Return the portfolio totals in every column, without keeping unit values.

    The same bits as `apply_holdings` on kept unit values, what totals leave out included; positions are not
    kept.
    """
    slices = revaluations(book, columns)
    resolved, base = slices[0].resolved, base_column(book, slices[0])
    held = hold(book, base)
    cash = _cash(book, slices, columns, threads)
    holdings, bases = _by_block(held, resolved.blocks, base)
    shape = (len(held), columns.n_columns)
    value, without, total = np.zeros(shape), np.zeros(shape), np.zeros(columns.n_columns)
    states = States(columns.table)

    def work(chunk: Chunk) -> None:
        slice_ = slices[chunk.slice_number]
        market = slice_.market(chunk)
        sums, missing = np.zeros((len(held), chunk.width)), np.zeros((len(held), chunk.width))
        place = chunk.place
        for (block, values, _), rows, own in zip(
            slice_.block_values(market, states, place), holdings, bases, strict=True
        ):
            units = values if cash is None else frozen(values + cash[block.first : block.last, place])
            add_holdings(rows, units, market.fx, sums)
            if lacks_values(units, market.fx):
                add_left_out(rows, units, market.fx, own, missing)
        value[:, place], without[:, place] = sums, missing
        total[place] = _grand_total(book, sums, market.fx, resolved.fx)

    run_chunks(work, all_chunks(columns), threads, in_order=states.prepare(resolved.blocks))
    return _result(book, held, _Values(value, total, without), columns, None)


def _by_block(
    held: Sequence[Held], blocks: Sequence[Block], base: BaseValues
) -> tuple[list[HoldingRows], list[FloatArray]]:
    """Return the netted holdings of each block, and the base values of their rows."""
    holdings = split_holdings(net_holdings(held), blocks)
    bases = [
        base_values(rows._replace(instrument=frozen_int(rows.instrument + block.first)), base)
        for rows, block in zip(holdings, blocks, strict=True)
    ]
    return holdings, bases


def lacks_values(units: FloatArray, fx: FloatArray) -> bool:
    """Tell whether some cell of unit values, or of exchange rates, is NaN: a minimum is one pass."""
    return bool(np.isnan(units.min(initial=0.0)) or np.isnan(fx.min(initial=0.0)))


def _cash(
    book: Book, slices: Sequence[Revaluation], columns: ColumnSource, threads: int | None
) -> FloatArray | None:
    """Return `(n_instruments, n_columns)` cash paid since column 0; None where no column is later than today.

    Cash goes from column to column, so it is kept for all instruments: paths have few columns.
    """
    if columns.table.n_slices == 1:
        return None
    payments, states = Payments.over(book, columns.table), States(columns.table)

    def work(chunk: Chunk) -> None:
        place = chunk.place
        slice_ = slices[chunk.slice_number]
        market = slice_.market(chunk)
        payments.add_growth(slice_.resolved, market.rows, place)
        for block, _, paid in slice_.block_values(market, states, place):
            payments.add(block, paid, place)

    in_order = states.prepare(slices[0].resolved.blocks)
    # Nothing is paid today; only what has state must be seen there too.
    chunks = (chunk for chunk in all_chunks(columns) if chunk.slice_number or in_order)
    run_chunks(work, chunks, threads, in_order=in_order)
    return payments.accumulated()


def base_column(book: Book, today: Revaluation) -> BaseValues:
    """Return column 0: unit values and exchange rates."""
    chunk = Chunk(0, 0, 1, 0)
    market, states = today.market(chunk), States(ColumnTable.instant(()))
    unit = np.empty(len(book.instruments))
    for block, values, _ in today.block_values(market, states, chunk.place):
        unit[block.first : block.last] = values[:, 0]
    return BaseValues(unit, market.fx[:, 0], today.resolved.fx)


class _Values(NamedTuple):
    """Totals by portfolio `(n_portfolios, n_columns)` and over all of them `(n_columns,)`.

    `without (n_portfolios, n_columns)` is what the totals leave out, where positions do not say.
    """

    portfolios: FloatArray
    total: FloatArray
    without: FloatArray | None = None


def _grand_total(book: Book, value: FloatArray, fx: FloatArray, conversions: Sequence[FxRow]) -> FloatArray:
    """Return `(width,)` the sum over portfolios in the market's currency, in their order."""
    rows = {
        row.from_currency: number
        for number, row in enumerate(conversions)
        if row.to_currency == book.currency
    }
    total = np.zeros(value.shape[1])
    for held, values in zip(book.portfolios, value, strict=True):
        total += values * fx[rows.get(held.currency, 0)]
    return total


def _result(
    book: Book, held: tuple[Held, ...], values: _Values, columns: ColumnSource, units: UnitValues | None
) -> StressResult:
    for array in values:
        if array is not None:
            array.flags.writeable = False
    _require_finite(book, values)
    without = [None] * len(held) if values.without is None else list(values.without)
    portfolios = tuple(
        PortfolioResult(book, owner, columns.table, values.portfolios[row], units, without[row])
        for row, owner in enumerate(held)
    )
    return StressResult(book, columns.table, portfolios, book.currency, values.total)


def _require_finite(book: Book, values: _Values) -> None:
    """Raise `ModelError` where a total is beyond the range of a double: no infinity leaves silently."""
    beyond = [
        owner.name
        for owner, value in zip(book.portfolios, values.portfolios, strict=True)
        if not np.isfinite(value).all()
    ]
    if not np.isfinite(values.total).all():
        beyond = beyond or ["the total over portfolios"]
    if beyond:
        raise ModelError(f"{', '.join(beyond)}: a value beyond 1.8e308; is a quantity or price too large?")
