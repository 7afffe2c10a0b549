"""Gauges of contracts: how far each is beyond a level at which something in it flips, column by column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from stresstest.arrays import BoolArray, FloatArray, IntArray, frozen, frozen_int
from stresstest.kernels.market import MarketRows


class Gauges(NamedTuple):
    """What is measured of the contracts of a block; each array `(n_gauges,)`.

    Attributes
    ----------
    instrument
        Place of the contract in the block.
    trigger
        Place of what flips in `Triggers.kinds` of its type.
    details
        What a reader needs beside the position: `strike 150`.
    columns
        What the type's `measure` reads; `ThresholdColumns` where it names none.
    """

    instrument: IntArray
    trigger: IntArray
    details: tuple[str, ...]
    columns: Any


class Threshold(NamedTuple):
    """A level that one row of the market is compared with.

    Attributes
    ----------
    instrument, trigger, detail
        As of `Gauges`.
    row, is_derived
        Row of `market.derived`, or else of `market.factors`.
    level
        Of the row, in its own unit.
    sign
        1 where the trigger holds above the level, −1 where below.
    """

    instrument: int
    trigger: int
    detail: str
    row: int
    is_derived: bool
    level: float
    sign: float


class ThresholdColumns(NamedTuple):
    """Compiled thresholds, each array `(n_gauges,)`; see `Threshold`."""

    row: IntArray
    is_derived: BoolArray
    level: FloatArray
    sign: FloatArray


def threshold_gauges(thresholds: Sequence[Threshold]) -> Gauges:
    """Return the gauges of thresholds, in their order.

    Examples
    --------
    >>> threshold_gauges([Threshold(0, 0, "strike 150", 3, False, 150.0, -1.0)]).details
    ('strike 150',)
    """
    is_derived = np.array([item.is_derived for item in thresholds], np.bool_)
    is_derived.flags.writeable = False
    return Gauges(
        frozen_int([item.instrument for item in thresholds]),
        frozen_int([item.trigger for item in thresholds]),
        tuple(item.detail for item in thresholds),
        ThresholdColumns(
            frozen_int([item.row for item in thresholds]),
            is_derived,
            frozen([item.level for item in thresholds]),
            frozen([item.sign for item in thresholds]),
        ),
    )


def measure_thresholds(columns: ThresholdColumns, market: MarketRows, value: FloatArray) -> FloatArray:
    """Return `(n_gauges, n_columns)`: above 0 where a row is beyond its level, 0 on it, below 0 before.

    Parameters
    ----------
    value
        Unit values; not read.
    """
    del value
    rows = np.empty((len(columns.row), market.factors.shape[1]))
    rows[columns.is_derived] = market.derived[columns.row[columns.is_derived]]
    rows[~columns.is_derived] = market.factors[columns.row[~columns.is_derived]]
    gauges: FloatArray = columns.sign[:, np.newaxis] * (rows - columns.level[:, np.newaxis])
    return gauges
