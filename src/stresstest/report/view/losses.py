"""Losses by scenario, in a heat map of who loses where, and in the steps of one scenario."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LossLine:
    """One scenario of one portfolio.

    Attributes
    ----------
    pnl, percent
        Gain positive; in the portfolio's currency, and in per cent of `Losses.unit`, None where that is 0.
    milder, harsher
        Per cent at half and at one and a half times the stated size; None where they were not computed, or
        where the scenario is impossible there.
    reach
        Share of gross base value whose factors the scenario moves; None where positions were not kept.
    defaults
        Whether an issuer defaults in it, or can: the standing notice belongs beside its numbers.
    """

    name: str
    title: str
    horizon: str
    pnl: float
    percent: float | None
    milder: float | None = None
    harsher: float | None = None
    reach: float | None = None
    defaults: bool = False
    movers: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Losses:
    """Every scenario of one portfolio, the worst first.

    Attributes
    ----------
    unit
        What per cent are of: `base value`, or `gross value` where that says more.
    """

    portfolio: str
    currency: str
    unit: str
    lines: tuple[LossLine, ...]

    @property
    def worst(self) -> LossLine | None:
        """The scenario with the largest loss; None without scenarios."""
        return self.lines[0] if self.lines else None

    @property
    def banded(self) -> bool:
        """Whether some scenario has a severity band."""
        return any(line.milder is not None or line.harsher is not None for line in self.lines)

    def line(self, name: str) -> LossLine | None:
        """Return the scenario called `name`, or None."""
        return next((line for line in self.lines if line.name == name), None)


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Who loses where: P&L in per cent of the portfolio, rows by scenarios.

    Attributes
    ----------
    rows
        Positions or groups, the largest loss first; the last may add up all others.
    by
        What a row is: `position`, `issuer`, `type`.
    percent
        `(n_rows, n_columns)` in per cent of the portfolio's `unit`; None where there is no value.
    left_out
        Scenarios that are not shown.
    """

    portfolio: str
    unit: str
    by: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    percent: tuple[tuple[float | None, ...], ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class WaterfallStep:
    """One part of a scenario's P&L; `network` tells whether a mechanism of a network makes it."""

    name: str
    pnl: float
    percent: float | None
    network: bool = False


@dataclass(frozen=True, slots=True)
class Waterfall:
    """A scenario's P&L in parts that add up to it, in the order in which they happen.

    Attributes
    ----------
    by
        `mechanism` or `factor group`.
    """

    portfolio: str
    currency: str
    scenario: str
    horizon: str
    unit: str
    by: str
    steps: tuple[WaterfallStep, ...]
    pnl: float
    percent: float | None

    @property
    def through_network(self) -> float:
        """P&L of all mechanisms of the network, in per cent; 0 without a network."""
        return sum(step.percent or 0.0 for step in self.steps if step.network)


@dataclass(frozen=True, slots=True)
class ShareLine:
    """A group's part of base value and of the P&L of one scenario, in per cent of the portfolio."""

    group: str
    base_percent: float | None
    pnl: float
    percent: float | None


@dataclass(frozen=True, slots=True)
class Shares:
    """Contributions to one scenario by an attribute; they add up to its P&L."""

    portfolio: str
    scenario: str
    unit: str
    by: str
    lines: tuple[ShareLine, ...]
    left_out: int = 0
