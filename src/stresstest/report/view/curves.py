"""Curves: the loss as a function of severity with what flips along it, and a portfolio over time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Break:
    """Something that flips along the severity, or several of a kind.

    Attributes
    ----------
    at
        Severity in per cent.
    percent
        P&L there, in per cent of the curve's unit.
    bends
        Whether the P&L has a kink or jump there.
    """

    at: float
    kind: str
    what: str
    who: str
    percent: float | None
    count: int = 1
    bends: bool = True


@dataclass(frozen=True, slots=True)
class SeverityCurve:
    """P&L of one portfolio under one scenario by severity.

    Attributes
    ----------
    severity
        In per cent of the stated size.
    percent
        P&L in per cent of `unit`; None where the scenario is impossible.
    limits
        Loss limits that count for the scenario: name and P&L in per cent.
    searched
        Whether break-points were looked for; of paths they are not.
    """

    portfolio: str
    scenario: str
    horizon: str
    unit: str
    severity: tuple[float, ...]
    percent: tuple[float | None, ...]
    breaks: tuple[Break, ...] = ()
    limits: tuple[tuple[str, float], ...] = ()
    unlisted: int = 0
    searched: bool = True


@dataclass(frozen=True, slots=True)
class PathPoint:
    """A portfolio at one date of a path: just before its shocks and after them, in its currency."""

    day: date
    before: float
    after: float
    cash: float | None = None


@dataclass(frozen=True, slots=True)
class PathCurve:
    """One portfolio along one path.

    Attributes
    ----------
    drawdown, drawdown_percent
        Deepest fall below an earlier high, positive.
    under_water_days
        Longest time below an earlier high; `recovered` None where the path ends before.
    """

    portfolio: str
    currency: str
    scenario: str
    horizon: str
    points: tuple[PathPoint, ...]
    drawdown: float
    drawdown_percent: float | None
    peak: date
    trough: date
    under_water_days: int
    recovered: date | None
    lowest_cash: float | None
    lowest_cash_day: date | None
