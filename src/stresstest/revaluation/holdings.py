"""Holdings of a book as quantities: weights turned into units, positions in one thing netted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from stresstest.arrays import FloatArray, IntArray, frozen, frozen_int
from stresstest.errors import InputError, Problem
from stresstest.kernels.holdings import HoldingRows
from stresstest.portfolio.book import Block, Book, BookPortfolio, FxRow


@dataclass(frozen=True)
class BaseValues:
    """Column 0 of a run: `unit (n_instruments,)`, `fx (n_fx,)`, and the currencies of each row of `fx`."""

    unit: FloatArray
    fx: FloatArray
    conversions: tuple[FxRow, ...]


@dataclass(frozen=True)
class Held:
    """A portfolio's positions with their quantities.

    Attributes
    ----------
    portfolio
        Its positions in the book.
    quantity
        Units held `(n_positions,)`; NaN where a weight meets an instrument that has no base value.
    fx
        Row of the exchange rates of each position `(n_positions,)`.
    """

    portfolio: BookPortfolio
    quantity: FloatArray
    fx: IntArray


def hold(book: Book, base: BaseValues) -> tuple[Held, ...]:
    """Return the holdings of every portfolio of `book` as quantities.

    Raises
    ------
    InputError
        When a weight meets an instrument whose base value is 0.
    """
    rows = {(row.from_currency, row.to_currency): number for number, row in enumerate(base.conversions)}
    currencies = [item.requirements.currency for item in book.instruments]
    held, problems = [], []
    for portfolio in book.portfolios:
        to_row = [
            0 if currency == portfolio.currency else rows.get((currency, portfolio.currency), 0)
            for currency in currencies
        ]
        fx = frozen_int(np.asarray(to_row, dtype=np.int64)[portfolio.instrument])
        quantity, bad = _quantities(portfolio, base.unit[portfolio.instrument] * base.fx[fx])
        problems += bad
        held.append(Held(portfolio, quantity, fx))
    if problems:
        raise InputError(problems)
    return tuple(held)


def _quantities(portfolio: BookPortfolio, unit: FloatArray) -> tuple[FloatArray, list[Problem]]:
    """Return quantities (of a weight: weight · total ÷ base unit value) and what prevents them."""
    positions = portfolio.positions
    weighted = ~np.isnan(positions.weight)
    if not weighted.any():
        return frozen(positions.quantity), []
    total = portfolio.portfolio.total
    problems = [
        Problem(
            "ST261",
            f"position {positions.ids[row]!r} has a weight but a base value of 0",
            "a quantity",
            positions.locate(row, "weight"),
        )
        for row in np.flatnonzero(weighted & (unit == 0.0)).tolist()
    ]
    if total is None or problems:
        return frozen(positions.quantity), problems
    quantity = positions.quantity.copy()
    quantity[weighted] = positions.weight[weighted] * total / unit[weighted]
    return frozen(quantity), []


def net_holdings(held: Sequence[Held]) -> HoldingRows:
    """Return the net holdings of all portfolios in canonical order: by instrument, then by portfolio.

    Positions in one instrument are netted with one rounding (`math.fsum`), so their order does not matter and
    long and short cancel exactly.
    """
    rows = [(row, number, *net) for number, owner in enumerate(held) for row, net in _netted(owner).items()]
    rows.sort(key=lambda row: row[:2])
    instrument, portfolio, fx, quantity = zip(*rows, strict=True) if rows else ((), (), (), ())
    return HoldingRows(frozen_int(instrument), frozen_int(portfolio), frozen_int(fx), frozen(quantity))


def split_holdings(holdings: HoldingRows, blocks: Sequence[Block]) -> list[HoldingRows]:
    """Return the holdings of each block, their instruments numbered from the block's first."""
    parts = []
    for block in blocks:
        low, high = np.searchsorted(holdings.instrument, [block.first, block.last])
        parts.append(
            HoldingRows(
                frozen_int(holdings.instrument[low:high] - block.first),
                frozen_int(holdings.portfolio[low:high]),
                frozen_int(holdings.fx[low:high]),
                frozen(holdings.quantity[low:high]),
            )
        )
    return parts


def _netted(owner: Held) -> dict[int, tuple[int, float]]:
    """Return the exchange-rate row and net quantity of each instrument that the portfolio holds."""
    order = np.argsort(owner.portfolio.instrument, kind="stable")
    rows = owner.portfolio.instrument[order].tolist()
    quantities, fx = owner.quantity[order].tolist(), owner.fx[order].tolist()
    result, start = {}, 0
    for row, group in groupby(rows):
        end = start + sum(1 for _ in group)
        result[row] = (fx[start], math.fsum(quantities[start:end]))
        start = end
    return result
