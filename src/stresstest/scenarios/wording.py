"""Levels, shifts and severities as people write them."""

from __future__ import annotations

import math
from pathlib import Path

from stresstest.errors import Location
from stresstest.market.factor_kinds import UNIT_SIZES, ChangeSpace, FactorKind
from stresstest.quantity import Shift, ShiftType

_PERCENT_KINDS = ("zero_rate", "par_yield", "dividend_yield", "inflation")
_SIZES = {**UNIT_SIZES, "%": 1e-2, "": 1.0}


def level_text(kind: FactorKind, level: float) -> str:
    """Return a level in its market's units: `187.62`, `4.24%`, `280bp`, `18vol`.

    Examples
    --------
    >>> from stresstest.market.factor_kinds import FACTOR_KINDS
    >>> level_text(FACTOR_KINDS["zero_rate"], 0.0424), level_text(FACTOR_KINDS["credit_spread"], 0.028)
    ('4.24%', '280bp')
    """
    unit = kind.units[0]
    if kind.name in _PERCENT_KINDS or unit == "pp":
        unit = "%"
    return f"{level:.6g}" if unit == "abs" else f"{level / _SIZES[unit]:.6g}{unit}"


def change_text(kind: FactorKind, base: float, level: float) -> str:
    """Return a move: per cent of the base for kinds of log space, else in the kind's points."""
    if kind.change_space is ChangeSpace.LOG:
        return f"{100.0 * (level / base - 1.0):+.4g}%"
    unit = kind.units[0]
    return f"{(level - base) / _SIZES[unit]:+.4g}{unit}"


def shift_text(shift: Shift) -> str:
    """Return a shift as it is written: `-60%`, `+150bp`, `x0.4`, `=4.5%`.

    Examples
    --------
    >>> shift_text(Shift(ShiftType.RELATIVE, -0.6, "x"))
    'x0.4'
    """
    if shift.unit == "x":
        return f"x{1.0 + shift.amount:.10g}"
    number = shift.amount / _SIZES[shift.unit]
    sign = "=" if shift.shift_type is ShiftType.EQUAL_TO else "+" if number >= 0.0 else ""
    return f"{sign}{number:.10g}{shift.unit}"


def place_text(location: Location) -> str:
    """Return a place as prose names it: `my_scenario.yaml:12`; nothing for what no file holds.

    Examples
    --------
    >>> place_text(Location("shocks/ours.yaml", 12, 5))
    'ours.yaml:12'
    """
    return f"{Path(location.file).name}:{location.line}" if location.line else ""


def title_text(number: int, location: Location, noun: str = "shock") -> str:
    """Return what messages call a line: `shock 3 (my_scenario.yaml:12)`."""
    place = place_text(location)
    return f"{noun} {number} ({place})" if place else f"{noun} {number}"


def severity_text(severity: float) -> str:
    """Return a severity that is not above `severity`, in per cent with one decimal.

    Examples
    --------
    >>> severity_text(2.0 / 3.0)
    '66.6%'
    """
    return f"{math.floor(severity * 1000.0) / 10.0:.10g}%"
