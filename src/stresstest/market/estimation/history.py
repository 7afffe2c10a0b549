"""A price history: adjusted closes by day and name, from a wide or a long table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from stresstest.arrays import BoolArray, FloatArray, frozen
from stresstest.errors import InputError, Location, Problem, ProblemList
from stresstest.io.fields import read_date
from stresstest.io.tables import Table, read_table
from stresstest.kernels.history import fill_logarithms
from stresstest.quantity import QuantityError

_NAME_COLUMNS = ("ticker", "issuer", "name", "symbol")
_PRICE_COLUMNS = ("adjusted_close", "adj_close", "close", "price")


@dataclass(frozen=True, slots=True, eq=False)
class PriceHistory:
    """Adjusted closes.

    Attributes
    ----------
    file
        As the user named it.
    days
        `(n_days,)` ascending.
    names
        `(n_names,)` tickers.
    log_prices
        `(n_days, n_names)` natural logarithms of the adjusted closes; NaN where there is none.
    """

    file: str
    days: tuple[date, ...]
    names: tuple[str, ...]
    log_prices: FloatArray

    def column(self, name: str) -> FloatArray:
        """Return the `(n_days,)` log prices of `name`."""
        return self.log_prices[:, self.names.index(name)]

    def between(self, first: date, last: date) -> BoolArray:
        """Return `(n_days,)` whether a day lies in the window, its ends included."""
        low, high = first.toordinal(), last.toordinal()
        ordinals = np.array([day.toordinal() for day in self.days])
        inside: BoolArray = (ordinals >= low) & (ordinals <= high)
        return inside


def changes(levels: FloatArray, lag: int) -> FloatArray:
    """Return the changes `(n_days, …)` of `levels` over `lag` rows, by the row where they end; NaN before."""
    result = np.full(levels.shape, np.nan)
    result[lag:] = levels[lag:] - levels[:-lag]
    return result


def read_history(path: Path) -> PriceHistory:
    """Return the history in a `.csv`, `.parquet` or `.xlsx` table.

    Wide: a column `date` and one of adjusted closes for each ticker. Long: `date`, `ticker` and
    `adjusted_close` (also `issuer`, `symbol`; `close`, `price`). Blank cells are days without a price.

    Raises
    ------
    InputError
        ST231 where it is neither, has days twice or prices that are not positive; what tables give.
    """
    table = read_table(path)
    folded = {name.casefold(): name for name in table.columns}
    problems = ProblemList()
    if "date" not in folded:
        raise InputError([_problem(table, "history without a column `date`", "date and one column a ticker")])
    days = _days(table, folded["date"], problems)
    names = next((folded[name] for name in _NAME_COLUMNS if name in folded), None)
    prices = next((folded[name] for name in _PRICE_COLUMNS if name in folded), None)
    if names is not None and prices is not None:
        history = _long(table, days, (names, prices), problems)
    else:
        history = _wide(table, days, folded["date"], problems)
    problems.raise_if_any()
    return history


def _problem(table: Table, got: str, expected: str, place: tuple[int, str] | None = None) -> Problem:
    where = Location(table.file) if place is None else table.location(*place)
    return Problem("ST231", got, expected, where)


def _days(table: Table, column: str, problems: ProblemList) -> list[date]:
    days = []
    for row, text in enumerate(table.texts(column).tolist()):
        try:
            days.append(read_date(text))
        except QuantityError as error:
            problems.add(error.problem(table.location(row, column)))
    problems.raise_if_any()
    return days


def _wide(table: Table, days: list[date], day_column: str, problems: ProblemList) -> PriceHistory:
    names = tuple(name for name in table.columns if name != day_column)
    first: dict[date, int] = {}
    for row, day in enumerate(days):
        if first.setdefault(day, row) != row:
            problems.add(_problem(table, f"day {day} twice", "each day once", (row, day_column)))
    if not names or not days:
        problems.add(_problem(table, "history without prices", "a column of adjusted closes a ticker"))
        problems.raise_if_any()
    columns = np.stack([table.numbers(name, problems, required=False) for name in names], axis=1)
    _check_positive(table, columns, names, problems)
    order = sorted(range(len(days)), key=days.__getitem__)
    return _history(table, [days[row] for row in order], names, columns[order])


def _check_positive(table: Table, columns: FloatArray, names: Sequence[str], problems: ProblemList) -> None:
    for column, name in enumerate(names):
        bad = np.flatnonzero(columns[:, column] <= 0.0)
        if len(bad):
            got = f"price {columns[bad[0], column]:g} of {name}"
            problems.add(_problem(table, got, "a positive price, or a blank", (int(bad[0]), name)))


def _long(table: Table, days: list[date], columns: tuple[str, str], problems: ProblemList) -> PriceHistory:
    name_column, price_column = columns
    tickers = table.texts(name_column).tolist()
    prices = table.numbers(price_column, problems, required=False)
    _check_positive(table, prices.reshape(-1, 1), (price_column,), problems)
    all_days = sorted(set(days))
    names = tuple(dict.fromkeys(ticker for ticker in tickers if ticker))
    row_of = {day: row for row, day in enumerate(all_days)}
    column_of = {name: column for column, name in enumerate(names)}
    grid = np.full((len(all_days), len(names)), np.nan)
    seen: set[tuple[date, str]] = set()
    for row, (day, ticker) in enumerate(zip(days, tickers, strict=True)):
        if (day, ticker) in seen or not ticker:
            got = f"{ticker} on {day} twice" if ticker else f"blank {name_column}"
            problems.add(_problem(table, got, "one row a day and ticker", (row, name_column)))
            continue
        seen.add((day, ticker))
        grid[row_of[day], column_of[ticker]] = prices[row]
    return _history(table, all_days, names, grid)


def _history(table: Table, days: Sequence[date], names: tuple[str, ...], prices: FloatArray) -> PriceHistory:
    logarithms = np.empty(prices.shape)
    fill_logarithms(frozen(prices), logarithms)
    return PriceHistory(table.file, tuple(days), names, frozen(logarithms))
