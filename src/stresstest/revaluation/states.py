"""What path-dependent instruments remember from date to date: barriers touched, variance realised."""

from __future__ import annotations

import numpy as np

from stresstest.arrays import FloatArray, IntArray, frozen_int
from stresstest.catalog import instrument_type
from stresstest.portfolio.book import Block
from stresstest.scenarios.histories import previous_columns
from stresstest.scenarios.table import ColumnTable


def origins(table: ColumnTable) -> IntArray:
    """Return `(n_columns,)` the column of an earlier slice that each column goes on from; 0 in slice 0.

    The columns of one path at one date, as aged and as shocked, go on from the same earlier column.
    """
    previous = previous_columns(table).tolist()
    slices = table.slice.tolist()
    found: list[int] = []
    for column, before in enumerate(previous):
        found.append(before if slices[before] < slices[column] or slices[column] == 0 else found[before])
    return frozen_int(found)


class States:
    """State of every instrument that has one, column by column.

    Today everything starts from zeros. A column of a later date starts from what its path's last column of
    an earlier date left behind. Columns of one slice do not depend on one another, those of a slice need
    the slices before: the engine runs slice after slice where a book has state. Nothing is kept, and it
    takes neither memory nor order, where all columns are of today.

    Parameters
    ----------
    table
        What each column is.
    """

    def __init__(self, table: ColumnTable) -> None:
        self._table = table
        self._origins = origins(table) if table.n_slices > 1 else None
        self._kept: dict[int, FloatArray] = {}

    def start(self, block: Block, place: slice) -> FloatArray:
        """Return `(n_block_instruments, n_state, width)` writable, for the columns `place`.

        Empty where the type has no state.
        """
        n_state, count = instrument_type(block.tag).n_state, block.last - block.first
        if n_state == 0:
            return np.empty((0, 0, 0))
        if self._origins is None or self._table.slice[place.start] == 0:
            return np.zeros((count, n_state, place.stop - place.start))
        return np.ascontiguousarray(self._kept[block.first][:, :, self._origins[place]])

    def keep(self, block: Block, place: slice, state: FloatArray) -> None:
        """Keep what the kernel left in `state` for later dates; chunks of one slice may come in any order."""
        if self._origins is not None and state.size:
            self._kept[block.first][:, :, place] = state

    def prepare(self, blocks: tuple[Block, ...]) -> bool:
        """Make room for the state of `blocks`; tell whether slices must be run in their order."""
        if self._origins is None:
            return False
        for block in blocks:
            n_state = instrument_type(block.tag).n_state
            if n_state:
                shape = (block.last - block.first, n_state, self._table.n_columns)
                self._kept[block.first] = np.zeros(shape)
        return bool(self._kept)
