"""Trades as a portfolio of their own: written to a file, read back, added to the book that they change."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike

import numpy as np

from stresstest.arrays import frozen, frozen_int
from stresstest.errors import Problem, ProblemList
from stresstest.portfolio.loading import load_portfolio
from stresstest.portfolio.model import Instrument, Lot, Portfolio, Positions, StatedValue
from stresstest.portfolio.writing import write_portfolio

BUY, SELL, COVER, WRITE, CASH, RESERVE = "buy", "sell", "cover", "write", "cash", "reserve"
"""What a row of a trades file is: a purchase, a sale, a short bought back, the written leg of a spread whose
other leg is bought, the cash that all of them move, cash set aside for rolls."""

KIND_TAG = "trade"

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class TradeRow:
    """One row of a trades file.

    Attributes
    ----------
    id
        Of the position that is changed, or of the new one.
    quantity
        Units bought, negative when sold.
    kind
        One of the six above.
    tags
        What a reader wants to see beside it: lots, price, cost.
    """

    id: str
    instrument: Instrument
    quantity: float
    kind: str
    name: str = ""
    tags: Mapping[str, str] | None = None


def trades_portfolio(name: str, currency: str, rows: Iterable[TradeRow]) -> Portfolio:
    """Return trades as a portfolio: its value is minus what trading costs, its P&L what the trades change."""
    listed = list(rows)
    instruments = tuple(dict.fromkeys(row.instrument for row in listed))
    tags = [{KIND_TAG: row.kind, **(row.tags or {})} for row in listed]
    positions = Positions(
        ids=tuple(row.id for row in listed),
        instrument=frozen_int([instruments.index(row.instrument) for row in listed]),
        quantity=frozen([row.quantity for row in listed]),
        weight=frozen(np.full(len(listed), np.nan)),
        tags=_columns(tags),
        names=tuple(row.name for row in listed),
    )
    return Portfolio(name, currency, instruments, positions)


def write_trades(path: str | PathLike[str], trades: Portfolio, *, force: bool = False) -> None:
    """Write trades as a table (CSV, Parquet, Excel) or a YAML document that `read_trades` takes back.

    Raises
    ------
    InputError
        For another suffix, or a place that cannot be written.
    """
    write_portfolio(path, trades, force=force)


def read_trades(path: str | PathLike[str]) -> Portfolio:
    """Return the trades of a file: an ordinary portfolio whose quantities are changes.

    Raises
    ------
    InputError
        With everything that is wrong in the file.
    """
    return load_portfolio(path)


def with_trades(portfolio: Portfolio, trades: Portfolio) -> Portfolio:
    """Return `portfolio` after `trades`: what is sold out is gone, what is new stands at the end.

    Parameters
    ----------
    portfolio
        With quantities, not weights.

    Raises
    ------
    InputError
        ST490 where a trade goes beyond what is held, ST491 where it names other terms than the position of
        its id, ST492 where the portfolio has weights.
    """
    problems = ProblemList()
    _require_quantities(portfolio, problems)
    held = {name: row for row, name in enumerate(portfolio.positions.ids)}
    change = {name: row for row, name in enumerate(trades.positions.ids)}
    for name, row in change.items():
        problems.extend(_trade_problems(portfolio, held.get(name), trades, row))
    problems.raise_if_any()
    kept = [_changed(portfolio, row, trades, change.get(name)) for name, row in held.items()]
    new = [_holding(trades, row) for name, row in change.items() if name not in held]
    return _rebuilt(portfolio, [item for item in (*kept, *new) if item is not None])


@dataclass(frozen=True, slots=True)
class Holding:
    """One position by itself, to put portfolios together from."""

    id: str
    instrument: Instrument
    quantity: float
    name: str
    tags: Mapping[str, str]
    lots: tuple[Lot, ...] = ()


def holdings_of(portfolio: Portfolio) -> list[Holding]:
    """Return the positions of `portfolio` one by one."""
    return [_holding(portfolio, row) for row in range(len(portfolio.positions))]


def of_holdings(portfolio: Portfolio, holdings: Iterable[Holding]) -> Portfolio:
    """Return `portfolio` with other positions; limits, notes and reported values are left behind."""
    return _rebuilt(portfolio, list(holdings))


def _require_quantities(portfolio: Portfolio, problems: ProblemList) -> None:
    positions = portfolio.positions
    for row in np.flatnonzero(np.isnan(positions.quantity)).tolist():
        got = f"position {positions.ids[row]!r} with a weight"
        problems.add(Problem("ST492", got, "a quantity, to trade against", positions.locate(row, "weight")))


def _trade_problems(portfolio: Portfolio, held: int | None, trades: Portfolio, row: int) -> Iterable[Problem]:
    positions = trades.positions
    name, change = positions.ids[row], float(positions.quantity[row])
    kind = positions.tags.get(KIND_TAG, ("",) * len(positions))[row]
    if held is None:
        if kind == SELL or (change < 0.0 and kind not in (WRITE, RESERVE, CASH)):
            got = f"{name!r} is not held, and {-change:,.6g} of it are sold"
            yield Problem("ST490", got, "an id of the portfolio", positions.locate(row, "id"))
        return
    ours, theirs = _terms(portfolio, held), _terms(trades, row)
    if ours != theirs:
        got = f"trade {name!r} in other terms than the position of that id"
        yield Problem("ST491", got, "the same type and terms", positions.locate(row, "id"))
    before = float(portfolio.positions.quantity[held])
    after = before + change
    if kind != CASH and before * after < 0.0 and abs(after) > _ROUNDING * abs(before):
        got = f"{name!r} trades {change:,.6g} of {before:,.6g} held"
        yield Problem("ST490", got, "at most what is held", positions.locate(row, "quantity"))


def _terms(portfolio: Portfolio, row: int) -> tuple[str, object]:
    instrument = portfolio.instruments[int(portfolio.positions.instrument[row])]
    return instrument.tag, instrument.spec


def _holding(portfolio: Portfolio, row: int) -> Holding:
    positions = portfolio.positions
    return Holding(
        positions.ids[row],
        portfolio.instruments[int(positions.instrument[row])],
        float(positions.quantity[row]),
        positions.names[row] if positions.names else "",
        {tag: cells[row] for tag, cells in positions.tags.items() if cells[row]},
        positions.lots.get(row, ()),
    )


def _changed(portfolio: Portfolio, row: int, trades: Portfolio, trade: int | None) -> Holding | None:
    """Return position `row` after its trade; None where nothing is left."""
    holding = _holding(portfolio, row)
    if trade is None:
        return holding
    after = holding.quantity + float(trades.positions.quantity[trade])
    if abs(after) <= _ROUNDING * abs(holding.quantity):
        return None
    lots = _left(holding.lots, after)
    return replace(holding, quantity=after, instrument=_restated(holding, after), lots=lots)


def _left(lots: tuple[Lot, ...], quantity: float) -> tuple[Lot, ...]:
    """Return the lots of a position that is `quantity` now: what realises the least gain is gone first.

    A purchase leaves them without a cost that is known for the whole, so none are left.
    """
    held = math.fsum(lot.quantity for lot in lots)
    if not lots or abs(quantity) > abs(held) * (1.0 + _ROUNDING):
        return ()
    sign, kept, left = math.copysign(1.0, held), [], quantity
    for lot in sorted(lots, key=lambda lot: sign * lot.price):
        part = sign * min(abs(lot.quantity), abs(left))
        left -= part
        if part:
            kept.append(replace(lot, quantity=part))
    return tuple(kept)


def _restated(holding: Holding, quantity: float) -> Instrument:
    """Return the instrument with its stated value, that of the whole position, for another quantity."""
    stated = holding.instrument.stated
    if stated is None:
        return holding.instrument
    value = stated.value * (quantity / stated.quantity)
    return replace(holding.instrument, stated=StatedValue(value, stated.date, quantity))


def _rebuilt(portfolio: Portfolio, holdings: list[Holding]) -> Portfolio:
    instruments = tuple(dict.fromkeys(holding.instrument for holding in holdings))
    place = {instrument: row for row, instrument in enumerate(instruments)}
    positions = Positions(
        ids=tuple(holding.id for holding in holdings),
        instrument=frozen_int([place[holding.instrument] for holding in holdings]),
        quantity=frozen([holding.quantity for holding in holdings]),
        weight=frozen(np.full(len(holdings), np.nan)),
        tags=_columns([holding.tags for holding in holdings]),
        names=tuple(holding.name for holding in holdings),
        lots={row: holding.lots for row, holding in enumerate(holdings) if holding.lots},
    )
    return replace(
        portfolio, instruments=instruments, positions=positions, total=None, remainder="", nav=None
    )


def _columns(tags: Sequence[Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    """Return by tag the value of each row, empty where a row does not have it."""
    names = dict.fromkeys(name for cells in tags for name in cells)
    return {name: tuple(cells.get(name, "") for cells in tags) for name in names}


def as_quantities(portfolio: Portfolio, quantity: Iterable[float]) -> Portfolio:
    """Return `portfolio` with `quantity (n_positions,)` in place of its weights."""
    if not np.isnan(portfolio.positions.quantity).any():
        return portfolio
    holdings = [
        replace(holding, quantity=amount)
        for holding, amount in zip(holdings_of(portfolio), quantity, strict=True)
    ]
    return _rebuilt(portfolio, holdings)
