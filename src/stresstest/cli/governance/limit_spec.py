"""Limits and reconciliation in the result document as models, for its JSON Schema."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias

from pydantic import Field

from stresstest.cli.run.part_spec import Part

Date: TypeAlias = date


class LimitResult(Part):
    """A limit of the portfolio against the worst of the scenarios that it covers."""

    name: str
    """What the limit is called."""
    scenario: str
    """Scenario that it covers, or `any`."""
    of: Literal["base", "gross"]
    """Denominator."""
    max_loss: float
    """Loss allowed, as a fraction of the denominator."""
    worst_scenario: str
    """Scenario with the largest loss."""
    loss: float | None
    """That loss, as a fraction of the denominator; negative for a gain."""
    breached: bool
    """Whether the loss exceeds the limit."""
    level: Literal["ok", "warning", "hard"] = "ok"
    """`hard` where the loss exceeds the limit, `warning` where it exceeds its warning level."""
    warning: float | None = None
    """Loss from which the limit warns; null where it does not."""
    owner: str = ""
    """Who decides what happens when it is breached."""


class UncheckedLimit(Part):
    """A limit on a scenario that was not run."""

    name: str
    """What the limit is called."""
    scenario: str
    """Scenario that it covers."""


class ValueGapResult(Part):
    """A position whose base value differs from what its holder states."""

    id: str
    """Name of the position."""
    difference: float | None
    """Base value less stated value."""


class NavResult(Part):
    """Base value against the net asset value that the holder states."""

    value: float
    """Stated net asset value."""
    date: Date | None
    """Its date."""
    difference: float | None
    """Base value less net asset value."""
    unexplained: float | None
    """Part of it that no position's difference accounts for."""
    share: float | None = None
    """Difference over net asset value."""
    tolerance: float = 0.01
    """Share up to which it is a match."""
    within: bool = True
    """Whether it is one, every position having a value."""
    days_apart: int | None = None
    """Days from its date to the market's."""
    without_value: list[str] = Field(default_factory=list)
    """Positions that the base value leaves out."""
    positions: list[ValueGapResult]
    """Differences by position, the largest first."""
