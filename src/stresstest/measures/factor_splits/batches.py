"""Scenarios of one timeline together: their players, who reads them, and values while only some move."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from stresstest.arrays import FloatArray, IntArray, frozen_int
from stresstest.market.keys import RiskFactorKey
from stresstest.measures.factor_splits.groups import named_group
from stresstest.measures.factor_splits.moves import MoveColumns, ScenarioMove, directory_of, scenario_move
from stresstest.measures.factor_splits.readers import Readers, colours, readers
from stresstest.revaluation.result import StressResult
from stresstest.scenarios.columns import FactorColumns
from stresstest.scenarios.directory import FactorDirectory

MOST_CELLS = 2**24
"""Values held at a time: 128 MiB."""

MOST_COLUMNS = 2**15
"""Columns made at a time, unless one variant of a path has more: levels of 500 factors take 128 MiB."""

_WIDE = 24
"""Players beyond which a reader, a fund over an index, gets columns apart from those who read few."""


@dataclass(frozen=True, eq=False)
class Batch:
    """Scenarios of one timeline.

    Attributes
    ----------
    groups
        `(n_players,)` names of the players: factors, kinds or groups that some scenario moves.
    player
        Number of the player of each factor that moves by itself.
    threads
        Threads to value with.
    """

    directory: FactorDirectory
    moves: tuple[ScenarioMove, ...]
    groups: tuple[str, ...]
    player: dict[RiskFactorKey, int]
    readers: Readers
    threads: int | None = None

    @property
    def goes_on(self) -> bool:
        """Whether its scenarios end after today."""
        return self.moves[0].goes_on

    @cached_property
    def entries(self) -> tuple[IntArray, IntArray]:
        """`(n_entries,)` reader and player of every pair of which the one reads the other."""
        pairs = [(row, one) for row, read in enumerate(self.readers.reads) for one in sorted(read)]
        return frozen_int([row for row, _ in pairs]), frozen_int([one for _, one in pairs])

    def classes(self) -> Iterator[tuple[IntArray, IntArray]]:
        """Yield readers and colours of players: those who read few players first, then those who read many.

        Who reads nothing is in no class, but on paths, where time passes for all.
        """
        counts = np.array([len(read) for read in self.readers.reads])
        least = 0 if self.goes_on else 1
        for low, high in ((least, _WIDE), (_WIDE + 1, len(self.groups))):
            rows = np.flatnonzero((counts >= low) & (counts <= high))
            if len(rows):
                read = [self.readers.reads[row] for row in rows.tolist()]
                yield frozen_int(rows), colours(read, len(self.groups))

    def values(
        self, rows: IntArray, scales: Sequence[FloatArray]
    ) -> Iterator[tuple[ScenarioMove, FloatArray, FloatArray]]:
        """Yield each move with `(n_rows,)` base values and `(n_rows, n_variants)` values at its end.

        Parameters
        ----------
        scales
            By move, `(n_variants, n_players)`: see `MoveColumns`.
        """
        wanted = frozenset(self.readers.factors(rows))
        directory = directory_of(self.directory, wanted)
        behind = wanted.union(*(link.sources() for link in directory.links))
        player = {key: one for key, one in self.player.items() if key in behind}
        steps, n_variants = len(self.moves[0].steps), len(scales[0])
        at_once = max(MOST_COLUMNS // (n_variants * steps), 1)
        size = min(max(MOST_COLUMNS // steps, 1), n_variants)
        for first in range(0, len(self.moves), at_once):
            moves = self.moves[first : first + at_once]
            own = scales[first : first + at_once]
            found = [np.empty((len(rows), n_variants)) for _ in moves]
            for low in range(0, n_variants, size):
                part = MoveColumns(directory, moves, player, [scale[low : low + size] for scale in own])
                value = self._valued(rows, part.columns())
                for out, final in zip(found, part.final, strict=True):
                    out[:, low : low + size] = value[:, final]
            for move, out in zip(moves, found, strict=True):
                yield move, value[:, 0], out

    def _valued(self, rows: IntArray, columns: FactorColumns) -> FloatArray:
        size = max(MOST_CELLS // columns.n_columns, 1)
        parts = [
            self.readers.values(rows[first : first + size], columns, self.threads)
            for first in range(0, len(rows), size)
        ]
        return np.concatenate(parts)


def batches(
    result: StressResult, columns: FactorColumns, by: str, threads: int | None = None
) -> Iterator[Batch]:
    """Yield the scenarios of `result` by timeline: those of today first, then paths, alike ones together.

    Parameters
    ----------
    columns
        Of the run.
    by
        `factor`, `factor_kind` or `factor_group`.
    """
    directory = FactorDirectory(result.book.market)
    timelines: dict[object, list[ScenarioMove]] = {}
    for name in result.table.scenarios:
        move = scenario_move(columns, directory, name)
        timelines.setdefault(move.steps, []).append(move)
    for moves in timelines.values():
        keys = dict.fromkeys(key for move in moves for key in move.levels)
        names = {key: named_group(key, by, directory.market) for key in keys}
        groups = tuple(dict.fromkeys(names.values()))
        number = {name: place for place, name in enumerate(groups)}
        player = {key: number[name] for key, name in names.items()}
        held = readers(result.portfolios, directory, moves, player)
        yield Batch(directory, tuple(moves), groups, player, held, threads)
