"""What players do to one unit of what is held: each alone, or by Shapley values of every reader's game."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, IntArray, frozen_int
from stresstest.measures.factor_splits.batches import Batch
from stresstest.measures.factor_splits.moves import ScenarioMove
from stresstest.measures.factor_splits.readers import colours
from stresstest.measures.factor_splits.shapley import MOST_PLAYERS, coalitions, shapley_values


@dataclass(frozen=True, eq=False)
class ReaderParts:
    """What makes the change of value of each reader in one scenario; NaN where it is not known.

    Attributes
    ----------
    time
        `(n_readers,)` what time does with every factor at its base.
    gain
        `(n_entries,)` what players do, see `Batch.entries`.
    merged
        `(n_readers,)` what the smaller players of a reader do together where it reads too many.
    """

    time: FloatArray
    gain: FloatArray
    merged: FloatArray

    @classmethod
    def nothing(cls, batch: Batch) -> ReaderParts:
        """Return zeros, to be filled."""
        n_readers, n_entries = len(batch.readers.reads), len(batch.entries[0])
        return cls(np.zeros(n_readers), np.zeros(n_entries), np.zeros(n_readers))


Parts = Mapping[ScenarioMove, ReaderParts]


def alone_parts(batch: Batch) -> Parts:
    """Return what each player does alone, time and everything else as without it, by scenario."""
    found = {move: ReaderParts.nothing(batch) for move in batch.moves}
    reader, player = batch.entries
    for rows, colour in batch.classes():
        n_colours = int(colour.max(initial=-1)) + 1
        singles = np.zeros((1 + n_colours, len(batch.groups)))
        singles[1 + colour, np.arange(len(colour))] = 1.0
        own = np.flatnonzero(np.isin(reader, rows))
        place = np.searchsorted(rows, reader[own])
        for move, base, value in batch.values(rows, [singles] * len(batch.moves)):
            found[move].time[rows] = value[:, 0] - base
            found[move].gain[own] = value[place, 1 + colour[player[own]]] - value[place, 0]
    return found


class _Game(NamedTuple):
    """Readers whose games have one form.

    Attributes
    ----------
    slot
        `(n_players,)` place of each player in the game, −1 where it is not in it.
    n_slots
        Places; the last is shared by several where `merges`.
    """

    rows: IntArray
    slot: IntArray
    n_slots: int
    merges: bool


def shapley_parts(batch: Batch) -> Parts:
    """Return the Shapley value of each player for each reader, by scenario.

    Only players that a reader reads are in its game, at most `MOST_PLAYERS`: of one that reads more, those
    that do least alone play as one.
    """
    found = {move: ReaderParts.nothing(batch) for move in batch.moves}
    reader, player = batch.entries
    for game in (*_small_games(batch), *_large_games(batch)):
        scale = np.zeros((1 << game.n_slots, len(batch.groups)))
        inside = game.slot >= 0
        scale[:, inside] = coalitions(game.n_slots)[:, game.slot[inside]]
        own = np.flatnonzero(np.isin(reader, game.rows))
        place, slot = np.searchsorted(game.rows, reader[own]), game.slot[player[own]]
        single = (slot < game.n_slots - 1) | (not game.merges)
        for move, base, worth in batch.values(game.rows, [scale] * len(batch.moves)):
            value = shapley_values(worth)
            found[move].time[game.rows] = worth[:, 0] - base
            found[move].gain[own] = np.where(single, value[place, slot], 0.0) if game.n_slots else 0.0
            if game.merges:
                found[move].merged[game.rows] = value[:, -1]
    return found


def _small_games(batch: Batch) -> Iterator[_Game]:
    """Yield the games of readers that read few players: of one form where they read the same colours."""
    small = [read if len(read) <= MOST_PLAYERS else frozenset[int]() for read in batch.readers.reads]
    colour = colours(small, len(batch.groups))
    forms: dict[tuple[int, ...], list[int]] = {}
    for row, read in enumerate(batch.readers.reads):
        if (read or batch.goes_on) and len(read) <= MOST_PLAYERS:
            forms.setdefault(tuple(sorted(colour[list(read)].tolist())), []).append(row)
    for form, rows in forms.items():
        slot = np.full(len(batch.groups), -1)
        for place, one in enumerate(form):
            slot[colour == one] = place
        yield _Game(frozen_int(rows), frozen_int(slot), len(form), merges=False)


def _large_games(batch: Batch) -> Iterator[_Game]:
    """Yield the games of readers that read too many players, the same players one game."""
    forms: dict[frozenset[int], list[int]] = {}
    for row, read in enumerate(batch.readers.reads):
        if len(read) > MOST_PLAYERS:
            forms.setdefault(read, []).append(row)
    if not forms:
        return
    reader, player = batch.entries
    gains = [np.abs(np.nan_to_num(part.gain)) for part in alone_parts(batch).values()]
    for read, rows in forms.items():
        size = np.zeros(len(batch.groups))
        for gain in gains:
            for row in rows:
                own = slice(*np.searchsorted(reader, [row, row + 1]))
                size[player[own]] += gain[own] / max(float(gain[own].sum()), np.finfo(float).tiny)
        order = sorted(read, key=lambda one: (-float(size[one]), one))
        slot = np.full(len(batch.groups), -1)
        slot[order] = np.minimum(np.arange(len(order)), MOST_PLAYERS - 1)
        yield _Game(frozen_int(rows), frozen_int(slot), MOST_PLAYERS, merges=True)
