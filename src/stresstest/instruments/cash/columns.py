"""Columns of cash."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray


class CashColumns(NamedTuple):
    """Compiled cash: `unit_value (n_instruments,)` in the own currency, always 1."""

    unit_value: FloatArray
