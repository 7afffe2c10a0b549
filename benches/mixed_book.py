"""A book of many positions over every instrument type, made of those that the shipped portfolios hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from time import thread_time

import numpy as np
from tests.fixtures.shipped import portfolios_of_default_market

from stresstest.arrays import frozen, frozen_int
from stresstest.portfolio.book import Book
from stresstest.portfolio.loading import load_portfolio
from stresstest.portfolio.model import Instrument, Portfolio, Positions
from stresstest.revaluation.engine import all_chunks, revaluations
from stresstest.revaluation.states import States
from stresstest.scenarios.columns import ColumnSource, FactorColumns
from stresstest.scenarios.table import ColumnTable

VARIED = ("strike", "coupon", "fixed_rate", "rate", "entry_price", "margin", "premium", "amount")
"""Terms that make distinct instruments of one example; the first that a type has is varied."""

PRIVATE = ("clean_price", "z_spread", "price", "upfront")
"""Terms that override the market."""

SLOW = {
    "american_option": 80,
    "callable_bond": 10,
    "collateral_loan": 100,
    "convertible_bond": 10,
    "variance_swap": 50,
}
"""Most distinct instruments of types that take over a microsecond a price."""

MOST_DISTINCT = 400


@dataclass(frozen=True)
class TypeTime:
    """Distinct instruments of a type, and the processor seconds of its blocks in all columns."""

    instruments: int
    seconds: float


@cache
def examples() -> dict[str, list[Instrument]]:
    """Return by type the instruments that the shipped portfolios hold.

    Those with a price or a spread of their own make a private factor for each position, and are left out
    where a type has others.
    """
    found: dict[str, list[Instrument]] = {}
    for name in portfolios_of_default_market():
        for instrument in load_portfolio(name).instruments:
            if not instrument.owner and instrument.stated is None:
                found.setdefault(instrument.tag, []).append(instrument)
    plain = {tag: [one for one in every if not _is_private(one)] for tag, every in found.items()}
    return {tag: plain[tag] or found[tag] for tag in sorted(found)}


def _is_private(instrument: Instrument) -> bool:
    return any(getattr(instrument.spec, name, None) is not None for name in PRIVATE)


def mixed_portfolio(n_positions: int, tags: Iterable[str] = ()) -> Portfolio:
    """Return a portfolio of `n_positions`, spread evenly over the types `tags`, by default all shipped.

    Distinct instruments are the shipped ones with a term moved by up to a twentieth: at most `MOST_DISTINCT`
    of a type, fewer of the slow ones, so that positions share them as holders of real instruments do.
    """
    shipped = examples()
    chosen = list(tags) or list(shipped)
    generator = np.random.default_rng(11)
    instruments: list[Instrument] = []
    rows: list[np.ndarray] = []
    bounds = np.linspace(0, n_positions, len(chosen) + 1).astype(int)
    for tag, low, high in zip(chosen, bounds[:-1], bounds[1:], strict=True):
        count = min(SLOW.get(tag, MOST_DISTINCT), high - low)
        own = list(dict.fromkeys(_variants(shipped[tag], count, generator)))
        more = generator.integers(0, len(own), high - low - len(own))
        rows.append(len(instruments) + np.concatenate([np.arange(len(own)), more]))
        instruments += own
    return _portfolio(instruments, np.concatenate(rows), generator.normal(0.0, 1_000.0, n_positions))


def distinct_portfolio(n_of_a_type: int) -> Portfolio:
    """Return positions in `n_of_a_type` instruments of every type, distinct where a type has a term to move.

    They are variants of two of the shipped ones, so that every even size holds the same mix.
    """
    generator = np.random.default_rng(12)
    ends = [[every[0], every[-1]] if len(every) > 1 else every for every in examples().values()]
    instruments = [one for shipped in ends for one in _variants(shipped, n_of_a_type, generator)]
    own = list(dict.fromkeys(instruments))
    rows = np.array([own.index(one) for one in instruments])
    return _portfolio(own, rows, generator.normal(0.0, 1_000.0, len(rows)))


def one_of_each(portfolio: Portfolio) -> list[Portfolio]:
    """Return the first and the last position of every type, each as a portfolio of its own."""
    tags = [portfolio.instruments[row].tag for row in portfolio.positions.instrument]
    ends = {tag: (tags.index(tag), len(tags) - 1 - tags[::-1].index(tag)) for tag in dict.fromkeys(tags)}
    return [positions_of(portfolio, [row]) for pair in ends.values() for row in pair]


def positions_of(portfolio: Portfolio, rows: Sequence[int]) -> Portfolio:
    """Return the positions `rows` as a portfolio."""
    held = portfolio.positions
    used, own = np.unique(held.instrument[list(rows)], return_inverse=True)
    return _portfolio([portfolio.instruments[row] for row in used], own, held.quantity[list(rows)])


def _portfolio(instruments: Sequence[Instrument], rows: np.ndarray, quantity: np.ndarray) -> Portfolio:
    positions = Positions(
        tuple(map(str, range(len(rows)))),
        frozen_int(rows),
        frozen(quantity),
        frozen(np.full(len(rows), np.nan)),
    )
    return Portfolio("mixed", "USD", tuple(instruments), positions)


def _variants(shipped: list[Instrument], count: int, generator: np.random.Generator) -> Iterable[Instrument]:
    """Yield `count` instruments: the shipped ones, then the same with a term varied."""
    for number in range(count):
        one = shipped[number % len(shipped)]
        term = next((name for name in VARIED if isinstance(getattr(one.spec, name, None), float)), "")
        if number >= len(shipped) and term:
            moved = getattr(one.spec, term) * float(generator.uniform(0.95, 1.05))
            one = replace(one, spec=one.spec.model_copy(update={term: moved}))
        yield one


def first_columns(columns: ColumnSource, n_columns: int, book: Book) -> FactorColumns:
    """Return the first `n_columns` of the factors that a book reads, held, so that drawing is not timed."""
    slice_ = revaluations(book, columns)[0]
    keys, bound = slice_.resolved.factor_keys, slice_.columns
    values = bound.chunk(0, 0, n_columns)
    moved = {key: row for key, row, moves in zip(keys, values, bound.moving, strict=True) if moves}
    table = ColumnTable.instant([str(number) for number in range(1, n_columns)])
    return FactorColumns(table, book.market.levels, moved)


def columns_for(columns: FactorColumns, n_columns: int, book: Book) -> FactorColumns:
    """Return the first columns of those held of a larger book, for a book of some of its instruments."""
    levels = book.market.levels
    moved = {key: row[:n_columns] for key, row in columns.moved.items() if key in levels}
    return FactorColumns(ColumnTable.instant([str(number) for number in range(1, n_columns)]), levels, moved)


def times_by_type(book: Book, columns: ColumnSource) -> Mapping[str, TypeTime]:
    """Return the processor time of the blocks of each type, chunk after chunk, in one thread."""
    (slice_,) = revaluations(book, columns)
    states = States(columns.table)
    seconds: dict[str, float] = {}
    for chunk in all_chunks(columns):
        market = slice_.market(chunk)
        blocks = slice_.block_values(market, states, chunk.place)
        while True:
            start = thread_time()
            found = next(blocks, None)
            if found is None:
                break
            tag = found.block.tag
            seconds[tag] = seconds.get(tag, 0.0) + thread_time() - start
    counts: dict[str, int] = {}
    for block in slice_.resolved.blocks:
        counts[block.tag] = counts.get(block.tag, 0) + block.last - block.first
    return {tag: TypeTime(counts[tag], seconds[tag]) for tag in counts}
