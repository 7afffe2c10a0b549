"""Holdings of a book as quantities: weights turned into units, positions in one thing netted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stresstest.arrays import FloatArray, IntArray, frozen, frozen_int
from stresstest.errors import InputError, Problem
from stresstest.kernels.holdings import HoldingRows
from stresstest.portfolio.book import Block, Book, BookPortfolio, FxRow, net


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

    @property
    def net_quantity(self) -> FloatArray:
        """`(n_groups,)` quantities netted by instrument."""
        if self.quantity is self.portfolio.positions.quantity:
            return self.portfolio.net_quantity
        return net(self.quantity, self.portfolio.groups)


def hold(book: Book, base: BaseValues) -> tuple[Held, ...]:
    """Return the holdings of every portfolio of `book` as quantities.

    Raises
    ------
    InputError
        When a weight has no total to be a share of, or meets an instrument whose base value is 0.
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
        return positions.quantity, []
    total = portfolio.portfolio.total
    if total is None:
        where = positions.locate(int(np.flatnonzero(weighted)[0]), "weight")
        return positions.quantity, [Problem("ST257", "weights without a total", "a total", where)]
    problems = [
        Problem(
            "ST261",
            f"position {positions.ids[row]!r} has a weight but a base value of 0",
            "a quantity",
            positions.locate(row, "weight"),
        )
        for row in np.flatnonzero(weighted & (unit == 0.0)).tolist()
    ]
    if problems:
        return positions.quantity, problems
    quantity = positions.quantity.copy()
    quantity[weighted] = positions.weight[weighted] * total / unit[weighted]
    return frozen(quantity), []


def net_holdings(held: Sequence[Held]) -> HoldingRows:
    """Return the net holdings of all portfolios in canonical order: by instrument, then by portfolio."""
    if not held:
        return HoldingRows(frozen_int([]), frozen_int([]), frozen_int([]), frozen([]))
    groups = [owner.portfolio.groups for owner in held]
    instrument = np.concatenate([group.instrument for group in groups])
    portfolio = np.repeat(np.arange(len(held)), [len(group.instrument) for group in groups])
    fx = np.concatenate(
        [owner.fx[group.order[group.start[:-1]]] for owner, group in zip(held, groups, strict=True)]
    )
    quantity = np.concatenate([owner.net_quantity for owner in held])
    order = np.lexsort((portfolio, instrument))
    return HoldingRows(
        frozen_int(instrument[order]),
        frozen_int(portfolio[order]),
        frozen_int(fx[order]),
        frozen(quantity[order]),
    )


def base_values(holdings: HoldingRows, base: BaseValues) -> FloatArray:
    """Return `(n_holdings,)` the value of each holding in column 0, NaN where it has none."""
    value: FloatArray = (holdings.quantity * base.unit[holdings.instrument]) * base.fx[holdings.fx]
    return frozen(value)


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
