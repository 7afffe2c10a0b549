"""Accounts made up for trials of size: positions in a finite universe of instruments, the same for a seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stresstest.arrays import FloatArray, IntArray, frozen, frozen_int
from stresstest.batch.accounts.draws import Draws
from stresstest.batch.accounts.recipes import MANDATES, MAY_SHORT, RECIPES
from stresstest.batch.accounts.universe import Universe, draw_universe
from stresstest.market.snapshot import MarketSnapshot

_SMALLEST, _LARGEST = 0.2, 2.0
"""Quantities as multiples of the ordinary one."""

_MOST_AGREEMENTS = 3
_FOREIGN = 0.2
"""Share of the accounts that report in another currency than the market's."""


@dataclass(frozen=True, slots=True)
class AccountsPlan:
    """How many accounts are made, and of what.

    Attributes
    ----------
    n_accounts, positions_each
        Accounts, and positions of every one.
    n_instruments
        Distinct instruments that all accounts together hold, at most.
    seed
        The same accounts come from the same seed, plan and market.
    """

    n_accounts: int
    positions_each: int = 200
    n_instruments: int = 5_000
    seed: int = 1


@dataclass(frozen=True, slots=True)
class SyntheticAccounts:
    """Positions of accounts, one account after the other.

    Attributes
    ----------
    names, mandates, currencies
        Of each account `(n_accounts,)`.
    instrument, quantity
        Row of the universe, and units held, of each position `(n_accounts × positions_each,)`.
    """

    universe: Universe
    names: tuple[str, ...]
    mandates: tuple[str, ...]
    currencies: tuple[str, ...]
    instrument: IntArray
    quantity: FloatArray

    @property
    def positions_each(self) -> int:
        """Positions of every account."""
        return len(self.instrument) // len(self.names)


def synthetic_accounts(market: MarketSnapshot, plan: AccountsPlan) -> SyntheticAccounts:
    """Return accounts over every instrument type that `market` can value, each run by a mandate.

    Mandates are like those of the shipped portfolios: growth shares, credit, many assets, income, a hedge
    fund with shorts, a lender, assets against liabilities. Nothing that is drawn carries a price of its own,
    so that accounts share instruments and the market values all of them.

    Raises
    ------
    ValueError
        No account, no position, or fewer instruments than there are types.
    """
    if plan.n_accounts < 1 or plan.positions_each < 1:
        raise ValueError("accounts and positions are 1 or more")
    draws = Draws(plan.seed)
    universe = draw_universe(market, plan.n_instruments, draws)
    kinds = list(MANDATES)
    kind = (draws.uniforms(plan.n_accounts) * len(kinds)).astype(np.int64)
    currencies = _currencies(market, draws.uniforms(plan.n_accounts))
    by_position = np.repeat(kind, plan.positions_each)
    instrument = _instruments(universe, by_position, draws)
    quantity = _quantities(universe, instrument, by_position, draws)
    width = len(str(plan.n_accounts))
    names = tuple(f"account_{number:0{width}d}" for number in range(1, plan.n_accounts + 1))
    mandates = tuple(kinds[number] for number in kind.tolist())
    return SyntheticAccounts(universe, names, mandates, currencies, instrument, quantity)


def synthetic_book(market: MarketSnapshot, plan: AccountsPlan) -> SyntheticAccounts:
    """Return one account that holds every instrument of the universe, as often as it has positions for it."""
    draws = Draws(plan.seed)
    universe = draw_universe(market, plan.n_instruments, draws)
    instrument = frozen_int(np.arange(plan.positions_each) % len(universe))
    kind = np.full(plan.positions_each, list(MANDATES).index("multi_asset"))
    quantity = _quantities(universe, instrument, kind, draws)
    return SyntheticAccounts(
        universe, ("large_book",), ("multi_asset",), (market.currency,), instrument, quantity
    )


def _currencies(market: MarketSnapshot, uniform: FloatArray) -> tuple[str, ...]:
    others = sorted(set(market.discount_curves) - {market.currency}) or [market.currency]
    return tuple(
        others[int(number / _FOREIGN * len(others))] if number < _FOREIGN else market.currency
        for number in uniform.tolist()
    )


def _instruments(universe: Universe, kind: IntArray, draws: Draws) -> IntArray:
    """Return the instrument of each position: by the parts of its mandate, even within a type."""
    uniform = draws.uniforms(len(kind))
    chosen = np.empty(len(kind), dtype=np.int64)
    counts = {tag: universe.tags.count(tag) for tag in dict.fromkeys(universe.tags)}
    for number, mandate in enumerate(MANDATES.values()):
        places = np.flatnonzero(kind == number)
        parts = [mandate.parts.get(tag, 0.0) / counts[tag] for tag in universe.tags]
        ends = np.cumsum(parts)
        chosen[places] = np.searchsorted(ends, uniform[places] * ends[-1], side="right")
    return frozen_int(np.minimum(chosen, len(universe) - 1))


def _quantities(universe: Universe, instrument: IntArray, kind: IntArray, draws: Draws) -> FloatArray:
    """Return units held: about an ordinary quantity, whole numbers from ten on, negative where sold short."""
    count = len(instrument)
    size, side = draws.uniforms(count), draws.uniforms(count)
    units = universe.size[instrument] * (_SMALLEST + (_LARGEST - _SMALLEST) * size)
    units = np.maximum(np.where(units >= 10.0, np.rint(units), np.rint(units * 100.0) / 100.0), 0.01)
    agreements = np.array([RECIPES[tag].whole for tag in universe.tags])[instrument]
    units = np.where(agreements, 1.0 + np.floor(size * _MOST_AGREEMENTS), units)
    short = np.array([mandate.short for mandate in MANDATES.values()])[kind]
    may = np.array([tag in MAY_SHORT for tag in universe.tags])[instrument]
    return frozen(np.where(may & (side < short), -units, units))
