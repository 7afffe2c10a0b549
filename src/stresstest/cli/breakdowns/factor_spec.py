"""What a result document says of P&L by risk factors."""

from __future__ import annotations

from typing import Literal

from stresstest.cli.run.part_spec import Part


class FactorPart(Part):
    """What a factor, kind or group makes of a P&L, or all of them together, or time."""

    part: str
    """A group; `smaller together`, `aged` or `interaction`."""
    pnl: float | None
    """P&L in the portfolio's currency; gain positive."""


class FactorSplitResult(Part):
    """P&L of one scenario by risk factors; the parts add up to it."""

    scenario: str
    """Name of the scenario."""
    by: Literal["factor", "factor_kind", "factor_group"]
    """What it is split by."""
    method: Literal["alone", "shapley"]
    """Each alone with what they do together apart, or Shapley values."""
    on: str | None
    """Date that it is valued on, the end of a path; null for a scenario of today."""
    pnl: float | None
    """P&L of the scenario."""
    parts: list[FactorPart]
    """Groups by size, then what is none's alone."""
    positions: dict[str, dict[str, float | None]]
    """By position the same by part, parts of 0 left out; null where it has no value."""
    merged: list[str]
    """Positions that depend on more than twelve groups, the smaller of which play as one."""
    unsplit: list[str]
    """Positions without a value under some factors alone: what is missing is in `interaction`."""


class DerivativesResult(Part):
    """A group by derivatives along its move, and in full, each alone."""

    group: str
    """Factor, kind or group."""
    delta: float | None
    """First derivative times move."""
    gamma: float | None
    """Half the second derivative times the square of the move."""
    full: float | None
    """P&L fully revalued."""


class DeltaGammaResult(Part):
    """P&L of one scenario by delta and gamma of risk factors, beside full revaluation."""

    scenario: str
    """Name of the scenario."""
    by: Literal["factor", "factor_kind", "factor_group"]
    """What it is split by."""
    on: str | None
    """Date that it is valued on, the end of a path; null for a scenario of today."""
    pnl: float | None
    """P&L of the scenario."""
    groups: list[DerivativesResult]
    """By size of full P&L."""
    cross_gamma: float | None
    """Gamma of the joint move beyond the sum of the groups' own."""
    interaction: float | None
    """Full P&L of the joint move beyond that sum."""
    aged: float | None
    """P&L of time alone."""
    estimate: float | None
    """Delta, gamma, cross gamma and time."""
    unexplained: float | None
    """P&L less the estimate."""
