"""The compiled book: blocks of columns of distinct instruments, and who holds how much of them."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, IntArray, freeze_again, frozen, frozen_int
from stresstest.catalog import instrument_type
from stresstest.conventions.day_counts import DAYS_PER_YEAR
from stresstest.instrument_type import CompileContext
from stresstest.kernels.derived import DerivedPlan
from stresstest.market.fx import fx_factors
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Issuer, MarketSnapshot
from stresstest.portfolio.binding import BoundInstrument, bind
from stresstest.portfolio.model import Portfolio, Positions
from stresstest.portfolio.rows import RowPlan

BLOCK_INSTRUMENTS = 128
"""Instruments of a block: with 512 columns the block's values are 512 KiB, half of a core's L2 cache."""

_KEPT_SLICES = 64
"""Times of a book that are kept resolved: as many as one run may have."""


@dataclass(frozen=True, slots=True)
class Block:
    """Instruments `first` to `last` (exclusive) of the book, all of type `tag`, as that type's columns."""

    tag: str
    first: int
    last: int
    columns: Any

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how to build a block in another process, its columns of the form that kernels know."""
        return _block, (self.tag, self.first, self.last, self.columns)


def _block(tag: str, first: int, last: int, columns: Any) -> Block:
    return Block(tag, first, last, freeze_again(columns))


@dataclass(frozen=True, slots=True)
class FxRow:
    """Conversion of one currency into another: product of factor levels, each to the power of its sign."""

    from_currency: str
    to_currency: str
    rows: tuple[int, ...]
    signs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Deposit:
    """Cash of a currency since the step before: row in `market.derived` of the gap's discount factor."""

    currency: str
    discount_row: int


@dataclass(frozen=True, slots=True)
class ResolvedSlice:
    """The book at one valuation date: what kernels read, as row numbers and constants.

    Attributes
    ----------
    factor_keys
        Factors of the chunk's rows, in order.
    derived, n_derived
        Plan and number of the derived rows.
    blocks
        In canonical order.
    fx
        Conversions that holdings need; the first is always the identity.
    pays
        Whether there is a step before, since which instruments pay cash.
    deposits
        Where cash earns interest since then.
    """

    factor_keys: tuple[RiskFactorKey, ...]
    derived: DerivedPlan
    n_derived: int
    blocks: tuple[Block, ...]
    fx: tuple[FxRow, ...]
    pays: bool = False
    deposits: tuple[Deposit, ...] = ()

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how to build a slice in another process, its plan of the form that kernels know."""
        return _resolved_slice, tuple(getattr(self, field.name) for field in fields(self))


def _resolved_slice(keys: tuple[RiskFactorKey, ...], derived: DerivedPlan, *rest: Any) -> ResolvedSlice:
    return ResolvedSlice(keys, freeze_again(derived), *rest)


class Groups(NamedTuple):
    """Positions of a portfolio by instrument: those in `instrument[g]` are `order[start[g] : start[g + 1]]`.

    `order (n_positions,)`, `start (n_groups + 1,)`, `instrument (n_groups,)` ascending.
    """

    order: IntArray
    start: IntArray
    instrument: IntArray


@dataclass(frozen=True)
class BookPortfolio:
    """A portfolio's holdings in the book: `instrument (n_positions,)` is the row of `Book.instruments`."""

    portfolio: Portfolio
    instrument: IntArray

    @property
    def name(self) -> str:
        """Name of the portfolio."""
        return self.portfolio.name

    @property
    def currency(self) -> str:
        """Currency that its values are in."""
        return self.portfolio.currency

    @property
    def positions(self) -> Positions:
        """Positions as written."""
        return self.portfolio.positions

    @cached_property
    def groups(self) -> Groups:
        """Positions by instrument."""
        order = np.argsort(self.instrument, kind="stable")
        held = self.instrument[order]
        start = np.flatnonzero(np.diff(held, prepend=-1))
        return Groups(frozen_int(order), frozen_int([*start, len(held)]), frozen_int(held[start]))

    @cached_property
    def net_quantity(self) -> FloatArray:
        """`(n_groups,)` quantities as written, netted by instrument; NaN where one is a weight."""
        return net(self.positions.quantity, self.groups)


def net(quantity: FloatArray, groups: Groups) -> FloatArray:
    """Return `(n_groups,)` sums of `quantity (n_positions,)`, each rounded once (`math.fsum`).

    So the order of positions does not matter, and long and short of one thing cancel exactly.
    """
    ordered = quantity[groups.order]
    result = ordered[groups.start[:-1]]
    several = np.flatnonzero(np.diff(groups.start) > 1)
    if len(several):
        values = ordered.tolist()
        bounds = zip(groups.start[several].tolist(), groups.start[several + 1].tolist(), strict=True)
        result[several] = [math.fsum(values[low:high]) for low, high in bounds]
    return frozen(result)


@dataclass(frozen=True)
class Book:
    """Portfolios compiled over one market; immutable.

    Attributes
    ----------
    market
        The snapshot with the factors that are private to positions.
    instruments
        Distinct contract terms of all portfolios, in canonical order.
    portfolios
        Who holds how much.
    """

    market: MarketSnapshot
    instruments: tuple[BoundInstrument, ...]
    portfolios: tuple[BookPortfolio, ...]

    @property
    def currency(self) -> str:
        """Currency of totals over portfolios: the market's."""
        return self.market.currency

    @cached_property
    def factor_keys(self) -> tuple[RiskFactorKey, ...]:
        """Every factor that some instrument or conversion of the book depends on, each once."""
        keys = dict.fromkeys(key for item in self.instruments for key in item.requirements.factors)
        keys.update(
            dict.fromkeys(key for pair in self.conversions for key, _ in fx_factors(self.market, *pair))
        )
        return tuple(keys)

    @cached_property
    def conversions(self) -> tuple[tuple[str, str], ...]:
        """Pairs of currencies that holdings are converted between: from, to."""
        pairs = {
            (self.instruments[row].requirements.currency, held.currency)
            for held in self.portfolios
            for row in np.unique(held.instrument).tolist()
        }
        pairs |= {(held.currency, self.currency) for held in self.portfolios}
        return tuple(sorted(pair for pair in pairs if pair[0] != pair[1]))

    def conversion_factors(self, from_currency: str, to_currency: str) -> tuple[RiskFactorKey, ...]:
        """Return the factors that convert between two currencies."""
        return tuple(key for key, _ in fx_factors(self.market, from_currency, to_currency))

    def issuer(self, row: int) -> Issuer | None:
        """Return the issuer of instrument `row`, or None for a type without one."""
        name = self.instruments[row].issuer
        return self.market.issuers[name] if name else None

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of terms and holdings: the same for the same positions in any order."""
        digest = hashlib.sha256(f"{self.market.name} {self.market.as_of}".encode())
        for item in self.instruments:
            digest.update(f"{item.tag} {item.spec!r}\n".encode())
        for held in self.portfolios:
            positions = held.positions
            rows = zip(
                positions.ids, held.instrument.tolist(), positions.quantity, positions.weight, strict=True
            )
            digest.update(f"{held.name} {held.currency}\n".encode())
            for row in sorted(rows, key=lambda row: row[0]):
                digest.update(f"{row}\n".encode())
        return digest.hexdigest()

    def resolve(self, elapsed_years: float = 0.0, previous_years: float | None = None) -> ResolvedSlice:
        """Return the book at the market's date plus `elapsed_years`: same terms, another valuation date.

        `previous_years` is the time of the step before, from which cash is paid; None: there is none. A time
        is resolved once: thousands of terms take longer to read than their values in a few columns.
        """
        times = elapsed_years, previous_years
        found = self._slices.get(times)
        if found is None:
            found = self._resolved(*times)
            if len(self._slices) < _KEPT_SLICES:
                self._slices[times] = found
        return found

    @cached_property
    def _slices(self) -> dict[tuple[float, float | None], ResolvedSlice]:
        return {}

    def _resolved(self, elapsed_years: float, previous_years: float | None) -> ResolvedSlice:
        rows = RowPlan(self.market)
        previous = None if previous_years is None else self._date(previous_years)
        context = CompileContext(self._date(elapsed_years), self.market, rows, previous)
        blocks = tuple(self._blocks(context))
        deposits = tuple(self._deposits(context))
        fx = [FxRow("", "", (), ())]
        for pair in self.conversions:
            factors = fx_factors(self.market, *pair)
            fx.append(
                FxRow(
                    *pair, tuple(rows.factor(key) for key, _ in factors), tuple(sign for _, sign in factors)
                )
            )
        plan = rows.derived_plan()
        pays = previous is not None
        return ResolvedSlice(rows.factor_keys, plan, rows.n_derived, blocks, tuple(fx), pays, deposits)

    def _deposits(self, context: CompileContext) -> Iterator[Deposit]:
        years = context.gap_years
        for currency in dict.fromkeys(item.requirements.currency for item in self.instruments):
            curve = self.market.discount_curves.get(currency)
            if curve is not None and years > 0.0:
                yield Deposit(currency, context.rows.discount(curve, years))

    def _date(self, elapsed_years: float) -> date:
        return self.market.as_of + timedelta(days=round(elapsed_years * DAYS_PER_YEAR))

    def _blocks(self, context: CompileContext) -> Sequence[Block]:
        blocks = []
        tags = [item.tag for item in self.instruments]
        first = 0
        while first < len(tags):
            last = first
            while last < len(tags) and tags[last] == tags[first] and last - first < BLOCK_INSTRUMENTS:
                last += 1
            specs = [item.spec for item in self.instruments[first:last]]
            columns = instrument_type(tags[first]).compile(specs, context)
            blocks.append(Block(tags[first], first, last, columns))
            first = last
        return blocks


def compile_book(portfolios: Sequence[Portfolio], market: MarketSnapshot) -> Book:
    """Return `portfolios` compiled over `market`; one without a currency takes the market's.

    Raises
    ------
    InputError
        With every position that cannot be found, valued, shocked or converted.
    """
    portfolios = [
        replace(portfolio, currency=portfolio.currency or market.currency) for portfolio in portfolios
    ]
    binding = bind(portfolios, market)
    held = tuple(
        BookPortfolio(portfolio, frozen_int(np.asarray(rows, dtype=np.int64)[portfolio.positions.instrument]))
        for portfolio, rows in zip(portfolios, binding.rows, strict=True)
    )
    return Book(binding.market, binding.instruments, held)
