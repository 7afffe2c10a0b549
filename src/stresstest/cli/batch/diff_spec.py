"""The document of `diff --json` as a model, for its JSON Schema; it may gain fields, not lose any."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from stresstest.cli.result_part_spec import Part


class ComparedRunPart(Part):
    """One of the runs."""

    folder: str
    """Its folder."""
    digest: str
    """Digest of its results."""


class ChangePart(Part):
    """A change and where it comes from; the parts, in their order, add up to it."""

    portfolio: str | None = None
    """Portfolio; absent where portfolios are added up."""
    scenario: str
    """Scenario."""
    currency: str
    """Currency of the amounts."""
    before: float | None
    """P&L in the earlier run; gain positive."""
    after: float | None
    """P&L in the later run."""
    change: float | None
    """After − before."""
    positions: float | None
    """Part of the change of positions."""
    market: float | None
    """Part of the change of the market, at the later positions."""
    scenarios: float | None
    """Part of the change of scenario definitions, at the later positions and market."""
    model: float | None
    """Part of the change of the program and its packages."""


class PositionChangePart(Part):
    """A position in the cells that changed most."""

    portfolio: str
    """Portfolio."""
    position: str
    """Id of the position."""
    scenario: str
    """Scenario."""
    before: float | None
    """P&L with the earlier inputs; null where the portfolio did not hold it."""
    after: float | None
    """P&L with the later inputs; null where the portfolio does not hold it."""
    change: float
    """After − before, nothing counted as 0."""


class RunBreachPart(Part):
    """A limit that one run only breaches."""

    portfolio: str
    """Portfolio."""
    limit: str | None
    """What the limit is called."""
    scenario: str
    """Scenario."""
    level: str
    """`hard` or `warning`."""


class DiffSpec(Part):
    """What changed between two runs of a batch."""

    document_schema: Annotated[Literal["stresstest/diff/1"], Field(alias="schema")]
    """What the document is, and its version."""
    before: ComparedRunPart
    """The earlier run."""
    after: ComparedRunPart
    """The later run."""
    empty: bool
    """Whether nothing changed."""
    changed: list[Literal["positions", "market", "scenarios", "model"]]
    """Inputs that differ; the parts of all others are exactly 0."""
    by: str
    """What `changes` are added up by."""
    changes: list[ChangePart]
    """All changes, the largest first."""
    largest: list[ChangePart]
    """Portfolios and scenarios that changed most."""
    positions: list[PositionChangePart]
    """Positions that changed most in these."""
    largest_gap: float
    """Largest |change − sum of its parts|, over all portfolios and scenarios."""
    cells_without_value: int
    """Portfolios and scenarios that lack a value in one of the runs."""
    portfolios_gone: list[str]
    """In the earlier run only."""
    portfolios_new: list[str]
    """In the later run only."""
    scenarios_gone: list[str]
    """In the earlier run only."""
    scenarios_new: list[str]
    """In the later run only."""
    breaches_gone: list[RunBreachPart]
    """In the earlier run only."""
    breaches_new: list[RunBreachPart]
    """In the later run only."""
    notes: list[str]
    """What a reader must know of the split."""
