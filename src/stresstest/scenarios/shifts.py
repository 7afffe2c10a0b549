"""Arithmetic of a shift on one factor: the level that it states, scaled in the change space."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log
from stresstest.market.factor_kinds import ChangeSpace, Domain, FactorKind
from stresstest.quantity import Shift, ShiftType

_BISECTIONS = 80


class ShiftedLevel(NamedTuple):
    """Level after a shift; `floored` where the line's floor stopped it."""

    level: float
    floored: bool


class PlainStep(NamedTuple):
    """A shift that takes every base to base · `ratio`, or to base + `change` where that is given.

    From `low` to `high` the level is inside the domain, and no floor stops it.
    """

    ratio: float
    change: float | None
    low: float
    high: float


_LOWEST = {Domain.POSITIVE: 5e-324, Domain.REAL: -sys.float_info.max}
_HIGHEST = {Domain.UNIT_INTERVAL: 1.0}


class DomainError(ValueError):
    """A shift took a level out of its kind's domain.

    Attributes
    ----------
    level
        The level that was reached: outside the domain, or NaN where the change space has no such point.
    largest_scale
        Largest scale that stays in the domain; 0 where no scale above 0 does.
    """

    def __init__(self, level: float, largest_scale: float) -> None:
        self.level = level
        self.largest_scale = largest_scale
        super().__init__(f"level {level!r} is outside the domain; scales up to {largest_scale!r} work")


def stated_level(base: float, shift: Shift) -> float:
    """Return the level that `shift` states for a factor at `base`, whatever its domain.

    Examples
    --------
    >>> stated_level(200.0, Shift(ShiftType.RELATIVE, -0.6, "%"))
    80.0
    """
    if shift.shift_type is ShiftType.RELATIVE:
        return base * (1.0 + shift.amount)
    if shift.shift_type is ShiftType.ABSOLUTE:
        return base + shift.amount
    return shift.amount


def scaled_level(space: ChangeSpace, base: float, shift: Shift, scale: float) -> float:
    """Return the level at `scale` times the stated change, without a look at the domain.

    In log space the change is a power of the stated ratio: base · (stated ÷ base)^scale. Everywhere else it
    is linear: base + scale · change; a logit kind too, since its amounts are written in points. Scale 0
    gives exactly `base` and scale 1 exactly the stated level. NaN where log space has no such ratio.
    """
    if scale == 0.0:
        return base
    if scale == 1.0:
        return stated_level(base, shift)
    relative = shift.shift_type is ShiftType.RELATIVE
    if space is ChangeSpace.LOG:
        ratio = 1.0 + shift.amount if relative else stated_level(base, shift) / base
        return base * _power(ratio, scale)
    if relative:
        return base * (1.0 + scale * shift.amount)
    change = shift.amount if shift.shift_type is ShiftType.ABSOLUTE else shift.amount - base
    return base + scale * change


def shifted_level(
    kind: FactorKind, base: float, shift: Shift, scale: float, floor: float | None = None
) -> ShiftedLevel:
    """Return the level of a factor of `kind` at `base` after `scale` times `shift`.

    Parameters
    ----------
    base, floor
        In decimals, inside the domain of `kind`.
    shift
        What is stated at scale 1, amounts in decimals.
    scale
        Severity times exposure, at least 0.
    floor
        Level that a fall stops at. It never lifts a factor: one that already lies below stays where it is. A
        stated level that log space cannot reach is replaced by the floor before it is scaled.

    Raises
    ------
    DomainError
        When the level lies outside the domain and no floor stops it.

    Examples
    --------
    >>> from stresstest.market.factor_kinds import FACTOR_KINDS
    >>> shifted_level(FACTOR_KINDS["spot"], 100.0, Shift(ShiftType.RELATIVE, -0.6, "%"), 1.0)
    ShiftedLevel(level=40.0, floored=False)
    """
    space = kind.change_space
    if scale == 0.0:
        return ShiftedLevel(base, False)
    if floor is not None and space is ChangeSpace.LOG and stated_level(base, shift) <= 0.0:
        shift = Shift(ShiftType.EQUAL_TO, min(floor, base), shift.unit)
        return ShiftedLevel(max(scaled_level(space, base, shift, scale), min(floor, base)), True)
    level = scaled_level(space, base, shift, scale)
    if floor is not None and level < floor and level < base:
        return ShiftedLevel(min(floor, base), True)
    if not kind.domain.holds(level):
        largest = largest_inside(kind, lambda part: scaled_level(space, base, shift, part), scale)
        raise DomainError(level, largest)
    return ShiftedLevel(level, False)


def plain_step(kind: FactorKind, shift: Shift, scale: float, floor: float | None) -> PlainStep | None:
    """Return what `shifted_level` does to every base alike, or None where it has to look at the base.

    Examples
    --------
    >>> from stresstest.market.factor_kinds import FACTOR_KINDS
    >>> plain_step(FACTOR_KINDS["credit_spread"], Shift(ShiftType.RELATIVE, 0.5, "%"), 0.5, None).ratio
    1.25
    """
    in_log, by = kind.change_space is ChangeSpace.LOG, shift.shift_type
    if scale == 0.0 or by is ShiftType.EQUAL_TO or kind.domain is Domain.INDICATOR:
        return None
    if in_log and (by is ShiftType.ABSOLUTE or shift.amount <= -1.0):
        return None
    low = max(_LOWEST.get(kind.domain, 0.0), -math.inf if floor is None else floor)
    high = _HIGHEST.get(kind.domain, sys.float_info.max)
    if by is ShiftType.ABSOLUTE:
        return PlainStep(1.0, scale * shift.amount, low, high)
    if in_log and scale != 1.0:
        return PlainStep(_power(1.0 + shift.amount, scale), None, low, high)
    return PlainStep(1.0 + scale * shift.amount, None, low, high)


def change_size(kind: FactorKind, base: float, level: float) -> float:
    """Return the size of a move: |log(level ÷ base)| for kinds of log space, else |level − base|."""
    if kind.change_space is ChangeSpace.LOG:
        return abs(float(log(level / base))) if level > 0.0 else math.inf
    return abs(level - base)


def is_implausible(kind: FactorKind, base: float, level: float) -> bool:
    """Tell whether a stated level is so far from `base` that it is surely a slip of the pen."""
    if kind.change_space is ChangeSpace.LOG:
        return level > kind.implausible * base
    return abs(level - base) > kind.implausible


def is_plausible_at_any_base(kind: FactorKind, shift: Shift) -> bool:
    """Tell whether no base makes `shift` implausible: a small ratio in log space, else a small change."""
    in_log = kind.change_space is ChangeSpace.LOG
    by_itself = ShiftType.RELATIVE if in_log else ShiftType.ABSOLUTE
    limit = 0.5 * kind.implausible
    return shift.shift_type is by_itself and abs(shift.amount) <= limit


def largest_inside(kind: FactorKind, path: Callable[[float], float], outside: float) -> float:
    """Return the largest number below `outside` at which `path` still is in the domain of `kind`, or 0.

    A path of levels is monotone, so bisection finds where it leaves. An indicator has no points between 0
    and 1: only the stated level itself, at 1, is left to try.
    """
    if kind.domain is Domain.INDICATOR:
        return 1.0 if outside > 1.0 and kind.domain.holds(path(1.0)) else 0.0
    inside = 0.0
    for _ in range(_BISECTIONS):
        middle = 0.5 * (inside + outside)
        if kind.domain.holds(path(middle)):
            inside = middle
        else:
            outside = middle
    return inside


@lru_cache(maxsize=4096)
def _power(ratio: float, scale: float) -> float:
    """Return ratio^scale, kept because a line gives many factors one ratio: 40 µs each in plain Python."""
    if not ratio > 0.0:
        return math.nan
    return float(exp(scale * float(log(ratio))))
