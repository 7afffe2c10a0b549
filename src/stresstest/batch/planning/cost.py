"""Predicted time and memory of a valuation, from a table of measured times by instrument type."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Costs:
    """Seconds and bytes that the parts of a batch are predicted to take.

    Attributes
    ----------
    column_seconds
        Of all instruments and holdings in one column, on one thread.
    task_seconds
        Of a task beside its columns.
    column_bytes
        Of one column while a task runs: levels, derived rows, values of portfolios.
    shared_bytes
        Of what every process holds.
    """

    column_seconds: float
    task_seconds: float
    column_bytes: int
    shared_bytes: int
