"""The document of `sweep --json` as a model, for its JSON Schema; it may gain fields, not lose any."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from stresstest.cli.run.part_spec import Part


class TurningPointPart(Part):
    """A point at which the curve of P&L is not smooth."""

    x: float
    """Value of the axis, in decimals."""
    kind: Literal["kink", "cliff"]
    """A bend, or a jump."""
    jump: float | None
    """Change of P&L across it; 0 for a bend."""
    slope_before: float | None
    """P&L for one unit of the axis, 100 % of severity, below it."""
    slope_after: float | None
    """And above it."""
    causes: list[str]
    """What changes there, in words."""


class BreachPart(Part):
    """Where a limit begins or ceases to be breached."""

    limit: str
    """What the limit is called."""
    max_loss: float
    """Largest loss allowed, as a part of what it is of."""
    of: Literal["base", "gross"]
    """Denominator."""
    x: float
    """First value beyond the border."""
    loss: float | None
    """There, as a part of the denominator."""
    breached: Literal["above", "below"]
    """On which side of `x` the limit is breached."""


class NotCrossedPart(Part):
    """A limit that every value of the axis keeps, or none does."""

    limit: str
    """What the limit is called."""
    max_loss: float
    """Largest loss allowed, as a part of what it is of."""
    of: Literal["base", "gross"]
    """Denominator."""
    breached: bool
    """Whether every value breaches it."""
    largest_loss: float | None
    """Largest loss seen, as a part of the denominator."""
    x: float
    """Where that was."""


class BreakPointPart(Part):
    """Something that holds on one side of a value of the axis only."""

    x: float
    """First value beyond, to a part in a hundred million of the range."""
    kind: str
    """What flips: `strike`, `barrier`, `exercise`, `loan_to_value`, `debt_service`, `payment_default`,
    `firm`, `default`, `limit`, `margin_call`, `deficit`, `hedge`, `comparison`, `no_convergence`, or what
    else a type of instruments names."""
    what: str
    """What happens as the axis rises past `x`."""
    subject: str
    """To whom or what: terms of a contract, a firm, an issuer, a limit."""
    positions: list[str]
    """That flip; empty where no position does."""
    effect: float | None
    """Largest |P&L| of these positions on the axis, as a part of gross value; null where none flips."""
    bends: bool
    """Whether the P&L may have a kink or a jump there."""
    loss: float | None
    """−P&L of the portfolio at `x`, in its currency."""
    loss_percent: float | None
    """The same in per cent of |base value|; null where that is 0."""


class NotListedPart(Part):
    """Break-points that are counted only: of little effect, or too many of a kind."""

    kind: str
    """As of break-points."""
    what: str
    """As of break-points."""
    count: int
    """How many."""


class SweptPortfolioPart(Part):
    """A portfolio along the axis."""

    name: str
    """Name of the portfolio."""
    currency: str
    """Currency of every amount."""
    base_value: float | None
    """Value without any shock."""
    pnl: list[float | None]
    """P&L at each `x`; null where the scenario is impossible."""
    turning_points: list[TurningPointPart]
    """Kinks and cliffs, in order."""
    breaches: list[BreachPart]
    """Limits that are crossed, in order."""
    not_crossed: list[NotCrossedPart]
    """Limits that are not."""
    break_points: list[BreakPointPart]
    """Everything that flips, in order of the axis."""
    not_listed: list[NotListedPart]
    """What else flips, counted."""


class ImpossiblePart(Part):
    """A value of the axis at which the scenario cannot be."""

    x: float
    """Value of the axis."""
    reason: str
    """Why."""


class SweepSpec(Part):
    """P&L of portfolios under one scenario over a range of its severity or of a driver."""

    document_schema: Annotated[Literal["stresstest/sweep/1"], Field(alias="schema")]
    """What the document is, and its version."""
    scenario: str
    """Name of the scenario."""
    market: str
    """Name of the market."""
    horizon: str
    """Horizon of the scenario."""
    axis: str
    """`severity`, or the driver that is swept."""
    severity: float | None
    """Severity of every point where a driver is swept."""
    drivers: dict[str, str]
    """Settings of the drivers."""
    notices: dict[str, str]
    """What a reader must know, by scenario."""
    against: str | None
    """Portfolio, among the others below, that they are compared with."""
    x: list[float]
    """Values of the axis, in decimals."""
    portfolios: list[SweptPortfolioPart]
    """In the order given."""
    impossible: list[ImpossiblePart]
    """Where the scenario cannot be."""
