"""Break-points of firms: defaults that claims read, failures in a network, a network that finds no rest."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.market.keys import RiskFactorKey
from stresstest.measures.borders import Border, find_borders
from stresstest.measures.break_points.record import BreakPoint, Flips, GridRun, effects, exact
from stresstest.measures.sweep import Moved
from stresstest.revaluation.result import PortfolioResult

_HALF = 0.5


class _States:
    """Default states that the book reads, less one half."""

    def __init__(self, keys: tuple[RiskFactorKey, ...]) -> None:
        self.keys = keys

    def at(self, moved: Moved) -> FloatArray:
        """Return `(n_keys, n_values)` at the last date, NaN where the scenario is impossible."""
        found = np.full((len(self.keys), len(moved.last)), np.nan)
        bound, table = moved.columns.bind(self.keys), moved.columns.table
        for place, column in enumerate(moved.last.tolist()):
            if column >= 0:
                number = int(table.slice[column])
                within = column - table.slice_bounds(number)[0]
                found[:, place] = bound.chunk(number, within, within + 1)[:, 0] - _HALF
        return found


class DefaultFlips:
    """Where issuers default on claims of the book, by events of the scenario or by its network."""

    def __init__(self, run: GridRun) -> None:
        self._run = run
        keys = tuple(key for key in run.sweeper.book.factor_keys if key.kind == "default_state")
        reading = _States(keys)
        self._keys = keys
        self.flips = Flips(reading, find_borders(run.grid, reading.at(run.moved)) if keys else [])

    def break_points(self) -> Iterator[BreakPoint]:
        """Yield the defaults by portfolio with claims that read them."""
        for border in self.flips.borders:
            for held in self._run.result.portfolios:
                yield from _default(self._run, held, self._keys[border.gauge], border)


class _Flags:
    """What the network of a scenario does to its firms, ±½: whether it finds no rest, then each flag."""

    def __init__(self, count: int) -> None:
        self.count = count

    def at(self, moved: Moved) -> FloatArray:
        """Return `(n_flags, n_values)`, NaN where the scenario is impossible or the network finds no rest."""
        found = np.full((self.count, len(moved.last)), np.nan)
        for place, one in enumerate(moved.networks):
            if one is None:
                continue
            network, column = one
            rests = bool(network.converged[column])
            found[0, place] = _HALF - rests
            if rests:
                found[1:, place] = network.decided()[column] - _HALF
        return found


class NetworkFlips:
    """What the scenario's network does to firms that it does not do in the base."""

    def __init__(self, run: GridRun) -> None:
        self._run = run
        self._words = _flag_words(run.moved)
        reading = _Flags(len(self._words))
        self.flips = Flips(reading, find_borders(run.grid, reading.at(run.moved)))

    def break_points(self) -> Iterator[BreakPoint]:
        """Yield failures of firms, and of the network itself, for each portfolio."""
        for border in self.flips.borders:
            subject, _, what = self._words[border.gauge].partition(" ")
            kind = "firm" if border.gauge else "no_convergence"
            happens = what if border.begins else f"no longer {what}"
            for held in self._run.result.portfolios:
                yield BreakPoint(held.name, kind, happens, subject, exact(border))


def _flag_words(moved: Moved) -> tuple[str, ...]:
    known = [one for one in moved.networks if one is not None]
    if not known:
        return ()
    network = known[0][0]
    name = network.surroundings.network.name
    return (f"{name} does not come to rest: what its firms price has no value", *network.flag_words)


def _default(run: GridRun, held: PortfolioResult, key: RiskFactorKey, border: Border) -> Iterator[BreakPoint]:
    instruments = run.sweeper.book.instruments
    reads = [key in item.requirements.factors for item in instruments]
    rows = [place for place, row in enumerate(held.instrument.tolist()) if reads[row]]
    if not rows:
        return
    what = "defaults" if border.begins else "no longer defaults"
    effect = float(effects(held, run.moved.last[run.moved.last >= 0])[rows].max())
    ids = tuple(held.position_ids[row] for row in rows)
    yield BreakPoint(held.name, "default", what, key.name, exact(border), ids, effect)
