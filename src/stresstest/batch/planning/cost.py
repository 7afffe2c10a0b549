"""Predicted time and memory of a valuation, from measured times by instrument type.

The table was measured on one core of a Zen 5 processor over the instruments of the shipped portfolios, each
type by itself in 512 columns; machines differ, and so do contracts of one type, so a prediction is good to a
factor of two or so, and the shares of tasks to much less. It is a table and no probe so that one plan comes
out of the same inputs everywhere.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from stresstest.batch.planning.prepared import Prepared

NANOSECONDS = {
    "american_option": 2500.0,
    "barrier_option": 60.0,
    "callable_bond": 3000.0,
    "convertible_bond": 3000.0,
    "swaption": 100.0,
    "variance_swap": 1500.0,
}
"""Time of one unit value by type; of a type that is not here `_OTHERS`."""

_OTHERS = 20.0
_HOLDING = 0.4
"""Nanoseconds of one holding in one column."""

_ROW = 5.0
"""Nanoseconds of one factor or derived row in one column."""

_RESOLVING = 150e-6
"""Seconds to resolve one instrument at one more date."""

_TASK = 0.02
"""Seconds of a task beside its columns."""

_INSTRUMENT_BYTES, _POSITION_BYTES = 4_000, 120
"""Memory of one instrument with its terms and columns, and of one position."""

_READ_BYTES = 400
"""Memory of one position as it was read, ids and tags among it, beside what workers hold of it."""

_PROCESS_BYTES, _TYPE_BYTES = 120 * 1024**2, 6 * 1024**2
"""Memory of a process that values nothing yet, and of the compiled kernels of one instrument type."""


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds and bytes that the parts of a batch are predicted to take.

    Attributes
    ----------
    column_seconds
        Of all instruments and portfolios in one column, on one thread.
    share_seconds
        Of the contributions in one column.
    date_seconds
        Of resolving the book at one more date.
    task_seconds
        Of a task beside its columns.
    column_bytes
        Of one column of draws while a task runs: levels, derived rows, portfolios.
    path_bytes
        Of one column of a path, for which the values of all instruments are kept.
    shared_bytes
        Of what every process holds.
    reader_bytes
        Of what the process that reads the inputs holds besides.
    """

    column_seconds: float
    share_seconds: float
    date_seconds: float
    task_seconds: float
    column_bytes: int
    path_bytes: int
    shared_bytes: int
    reader_bytes: int

    def held_bytes(self, workers: int) -> int:
        """Return what all processes hold beside tasks: workers, and one that hands out their tasks."""
        processes = 1 if workers == 1 else 1 + workers
        return self.reader_bytes + processes * self.shared_bytes


def costs_of(prepared: Prepared) -> Costs:
    """Return what the parts of a batch are predicted to take."""
    book, today = prepared.book, prepared.book.resolve()
    n_rows = len(today.factor_keys) + today.n_derived
    tags = Counter(item.tag for item in book.instruments)
    values = sum(count * NANOSECONDS.get(tag, _OTHERS) for tag, count in tags.items())
    n_held, n_shares = len(prepared.portfolio_rows.quantity), len(prepared.share_rows.quantity)
    n_portfolios, n_parts = len(prepared.holders), len(prepared.shares.portfolio)
    # Totals, what they leave out, P&L and the table of the part.
    column_bytes = 8 * (2 * n_rows + 4 * n_portfolios)
    return Costs(
        column_seconds=1e-9 * (values + _ROW * n_rows + _HOLDING * n_held),
        share_seconds=1e-9 * _HOLDING * n_shares,
        date_seconds=_RESOLVING * len(book.instruments),
        task_seconds=_TASK,
        column_bytes=column_bytes,
        # Values, what is paid and what has accumulated; contributions have columns of named scenarios only.
        path_bytes=column_bytes + 8 * (3 * len(book.instruments) + 4 * n_parts),
        shared_bytes=_INSTRUMENT_BYTES * len(book.instruments)
        + _POSITION_BYTES * (len(prepared.holders.instrument) + n_held + n_shares)
        + _PROCESS_BYTES
        + _TYPE_BYTES * len(tags),
        reader_bytes=_READ_BYTES * len(prepared.holders.instrument),
    )
