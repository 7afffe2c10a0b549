"""Levels of sampled columns by numpy's functions, one factor and one draw at a time."""

from __future__ import annotations

import math

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.kernels.drawing import ABSOLUTE, INDICATOR, LOG, LOGIT, NON_NEGATIVE, Draws, SampledRows


def level(rows: SampledRows, draws: Draws, row: int, column: int, own_normal: float) -> float:
    member, severity = int(draws.member[column]), float(draws.severity[column])
    stated = not math.isnan(rows.stated[row, member])
    change = max(severity * rows.change[row, member], rows.floor[row, member])
    noise = float(rows.exposures[row] @ draws.shared[:, column])
    noise += rows.own_deviation[row, member] * draws.scale[column] * own_normal
    if stated and not draws.stated_vary:
        noise = 0.0
    noise += float(rows.offset[row, member])
    if rows.space[row] == INDICATOR:
        return switched(rows, row, member, severity)
    return moved(int(rows.space[row]), float(rows.base[row]), (change, noise), stated=stated)


def switched(rows: SampledRows, row: int, member: int, severity: float) -> float:
    stated = float(rows.stated[row, member])
    return float(rows.base[row]) if math.isnan(stated) or severity < 1.0 else stated


def moved(space: int, base: float, steps: tuple[float, float], *, stated: bool) -> float:
    change, noise = steps
    if space == LOG:
        return base * math.exp(change + noise)
    if space == ABSOLUTE:
        return base + change + noise
    if space == NON_NEGATIVE:
        centre = base + change if stated else bent(base, change)
        return bent(centre, noise)
    assert space == LOGIT
    centre = base + change if stated else odds(base, change)
    return odds(centre, noise)


def bent(value: float, change: float) -> float:
    if value <= 0.0:
        return value + max(change, 0.0)
    return value + change if change >= 0.0 else value * math.exp(change / value)


def odds(value: float, change: float) -> float:
    if not 0.0 < value < 1.0:
        return value
    return 1.0 / (1.0 + (1.0 / value - 1.0) * math.exp(-change))


def levels(rows: SampledRows, draws: Draws, normals: FloatArray) -> FloatArray:
    """Return `(n_rows, n_columns)`; `normals` `(n_rows, n_columns)` are what is each row's own."""
    n_rows, n_columns = normals.shape
    return np.array(
        [[level(rows, draws, i, j, float(normals[i, j])) for j in range(n_columns)] for i in range(n_rows)]
    )
