"""The documents of `replay --json` as models, for their JSON Schemas; they may gain fields, not lose any."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from stresstest.cli.run.part_spec import Part


class VersionPart(Part):
    """What a run was made with, and a replay otherwise."""

    name: str
    """`python`, `package numpy`, …."""
    recorded: str
    """Version then; `-` where it was not there."""
    now: str
    """Version now; `-` where it is not there."""


class FirstDifferencePart(Part):
    """The first number that a replay has otherwise."""

    portfolio: str
    """Portfolio."""
    result: str
    """Scenario, draw, `base_value` or `currency`."""
    recorded: float | str | None
    """As recorded; null where it is missing."""
    replayed: float | str | None
    """As replayed."""


class ReplaySpec(Part):
    """Whether a run, done again, gives the same results."""

    document_schema: Annotated[Literal["stresstest/replay/1"], Field(alias="schema")]
    """What the document is, and its version."""
    folder: str
    """Folder of the run."""
    same: bool
    """Whether the digests are the same."""
    recorded_digest: str
    """Digest in the manifest."""
    digest: str
    """Digest of the replay."""
    versions: list[VersionPart]
    """What is another version than then."""
    first_difference: FirstDifferencePart | None
    """Null where the digests are the same."""


class MovedFactorPart(Part):
    """A factor that a position depends on and the scenario moves, in decimals."""

    factor: str
    """Its key."""
    base: float
    """Level without the scenario."""
    level: float
    """Level at its end."""
    reason: str
    """`direct`, `linked`, `network`, `propagated`, the name of an event, …."""
    file: str
    """File that states the move, where the run read it; empty where none does."""
    line: int
    """Line in it; 0 where none does."""
    source: str
    """Where the base level is from."""


class OriginPositionPart(Part):
    """A position of the portfolio."""

    position: str
    """Its id."""
    type: str
    """Its instrument type."""
    quantity: float
    """Units held."""
    base_value: float | None
    """Value without the scenario, in the portfolio's currency."""
    stressed_value: float | None
    """Value at its end."""
    pnl: float | None
    """Stressed − base."""
    factors: list[MovedFactorPart]
    """What moved it."""
    file: str
    """File that it is written in."""
    line: int
    """Line in it; of a table without lines, its row."""


class OriginInputPart(Part):
    """A file that the run read."""

    path: str
    """Where it was."""
    role: str
    """What it was read for."""
    sha256: str
    """Hash of its content."""
    size: int
    """Bytes."""


class OriginSpec(Part):
    """Where one number of a run comes from."""

    document_schema: Annotated[Literal["stresstest/origin/1"], Field(alias="schema")]
    """What the document is, and its version."""
    folder: str
    """Folder of the run."""
    portfolio: str
    """Portfolio."""
    currency: str
    """Currency of the amounts."""
    scenario: str
    """Scenario."""
    source: list[str]
    """Where the scenario says that it is from."""
    file: str
    """File that the scenario is written in."""
    line: int
    """Line in it."""
    base_value: float
    """Of the portfolio."""
    pnl: float
    """Valued anew from the copies of the inputs."""
    recorded_pnl: float
    """As the run recorded it."""
    same: bool
    """Whether the two are the same to the last bit."""
    left_out: float
    """Base value of positions without a value in the scenario."""
    positions: list[OriginPositionPart]
    """The largest |P&L| first."""
    inputs: list[OriginInputPart]
    """Every file that the run read."""
