"""What a result document says of stages of scenarios and of their networks."""

from __future__ import annotations

from stresstest.cli.run.part_spec import Part


class StagePart(Part):
    """What one stage or mechanism makes of a P&L."""

    part: str
    """`direct`, a mechanism, `network/<mechanism>/<round>`, `propagated` or `aged`."""
    pnl: float | None
    """P&L in the portfolio's currency; gain positive."""


class StagesResult(Part):
    """P&L of one scenario by stages; the parts add up."""

    scenario: str
    """Name of the scenario."""
    parts: list[StagePart]
    """In the order in which they happened."""
    positions: dict[str, dict[str, float | None]]
    """By position, the same by part; empty where the run kept totals only."""


class FirmResult(Part):
    """A firm of a network under a scenario."""

    id: str
    """Name within the network."""
    title: str
    """Name for tables."""
    equity_before: float
    """Value of its shares without the shock, in the network's currency."""
    equity_change: float | None
    """Relative change; null where it had no value."""
    debt_worth: float | None
    """What one unit of its debt is worth, in [0, 1]."""
    failed_month: float | None
    """Month in which it runs out of money; null where it does not."""
    earnings_ratio: float | None
    """Earnings after over before; null where no orders were capitalised."""
    multiple_ratio: float | None
    """Price of a dollar of earnings, after over before; null likewise."""
    price_stated: bool = False
    """Whether positions do not feel the change, since a line states the price."""
    direct_change: float | None = None
    """Relative change before any mechanism, by what lines state."""
    outcome: float | None = None
    """Relative change that happened, of a firm of a past network; null where none is stated."""
    doubt: float | None = None
    """Probability that its money ends within the horizon, beyond that without the shock; 1 where it does."""


class RunRiskResult(Part):
    """A firm whose creditors could get less, all consistently: if all of them run."""

    id: str
    """Name within the network."""
    gap: float | None
    """How much less the least solution pays, per unit of debt; null where it was not found."""


class NetworkResult(Part):
    """What became of a scenario's network, where the scenario ends."""

    scenario: str
    """Name of the scenario."""
    network: str
    """Name of the network."""
    mechanisms: list[str]
    """In the order in which they ran."""
    rounds: dict[str, int]
    """By timescale."""
    residual: float | None
    """Largest relative change of the last round."""
    converged: bool
    """Whether every timescale came to rest; if not, the scenario has failed."""
    run_risks: list[RunRiskResult]
    """Firms for whose debts clearing has several solutions; the P&L is that of the greatest."""
    firms: list[FirmResult]
    """Those that change."""
    unpriced: list[str]
    """Those of them that the market has no price of: their losses reach no position."""
