"""The document of `diff --json` as a model, for its JSON Schema; it may gain fields, not lose any."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from stresstest.cli.run.part_spec import Part


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


class FileChangePart(Part):
    """An input file that the runs have otherwise."""

    role: str
    """What it was read for: `positions`, `market`, `scenarios`, `policy` or `job`."""
    path: str
    """Where it is, of the later run where both have it."""
    how: Literal["changed", "gone", "new"]
    """Whether both runs read it, or one only."""


class VersionChangePart(Part):
    """What the runs were made with otherwise."""

    name: str
    """`stresstest`, `source_sha256`, `python`, `package numpy`, …."""
    before: str
    """Version of the earlier run; `-` where it was not there."""
    after: str
    """Version of the later run; `-` where it is not there."""


class PositionChangePart(Part):
    """A position of the portfolios that changed most."""

    portfolio: str
    """Portfolio."""
    position: str
    """Id of the position."""
    type: str
    """Its instrument type."""
    scenario: str
    """Scenario."""
    currency: str
    """Currency of the amounts."""
    before: float | None
    """P&L with the earlier inputs; null where the portfolio did not hold it."""
    after: float | None
    """P&L with the later inputs; null where the portfolio does not hold it."""
    change: float
    """After − before, nothing counted as 0."""


class RunBreachPart(Part):
    """A limit that one run only breaches at a level."""

    portfolio: str
    """Portfolio."""
    limit: str | None
    """What the limit is called."""
    covers: str
    """Scenario that the limit is on, or `any`."""
    of: str
    """What its losses are parts of: `base` or `gross`."""
    level: str
    """`hard` or `warning`."""
    scenario: str
    """Worst scenario that it covers."""
    loss: float | None
    """Loss in it as a part of what the limit is of; null where that is 0."""
    max_loss: float
    """Loss from which the level is reached."""


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
    files: list[FileChangePart]
    """Input files that differ."""
    versions: list[VersionChangePart]
    """Program, packages and machine that differ."""
    currency: str
    """Currency in which portfolios are added up and ranked, at the exchange rates of the later run."""
    by: str
    """What `changes` are added up by."""
    changes: list[ChangePart]
    """All changes, the largest first."""
    largest: list[ChangePart]
    """Portfolios that changed most, each in the scenario in which it did."""
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
