"""Governance in the result document as models, for its JSON Schema."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias

from pydantic import Field

from stresstest.cli.run.part_spec import Part

Date: TypeAlias = date


class GovernanceResult(Part):
    """Who answers for a scenario; null for what its file does not state."""

    status: Literal["draft", "challenged", "approved", "retired"] | None
    """How far it has been reviewed."""
    owner: str | None
    """Who keeps it."""
    approver: str | None
    """Who approved it."""
    approved_on: Date | None
    """Day of the approval."""
    valid_until: Date | None
    """Last day on which it holds."""


class ProxyResult(Part):
    """A position that no market price values."""

    portfolio: str
    """Name of the portfolio."""
    position: str
    """Name of the position."""
    how: Literal["stated value", "own level"]
    """Valued as its holder states it, or through a price, spread or volatility of its own."""
    issuer: str
    """What it holds."""
    follows: str
    """Issuer whose moves it takes; empty where it is shocked by its own attributes."""
    base_value: float | None
    """In the portfolio's currency; null where positions were not kept."""
    share: float | None
    """|Base value| over gross value of the portfolio."""
    stated_value: float | None
    """Value as its holder states it, in `currency`; null of an own level."""
    currency: str
    """Currency of the stated value; empty of an own level."""
    stated_on: Date | None
    """Date of the stated value; null of an own level."""
    age_days: int | None
    """Days from then to the market's date."""
    roll: float | None
    """Return of what it follows over these days; null where the market states none."""


class ChallengeResult(Part):
    """A portfolio in a scenario with a network, beside its challenger."""

    portfolio: str
    """Name of the portfolio."""
    scenario: str
    """Name of the scenario."""
    currency: str
    """Currency of the amounts."""
    regime: str
    """Regime of the factor model in the challenger."""
    pnl: float | None
    """P&L with the network."""
    lines_pnl: float | None
    """P&L of the lines alone."""
    challenger_pnl: float | None
    """P&L with the factor model in the network's place."""
    difference: float | None
    """P&L with the network less that of the challenger."""
    reason: str
    """Why there are no numbers; empty where there are."""


class RegisteredResult(Part):
    """One number that a scenario rests on."""

    scenario: str
    """Scenario of the run."""
    written_in: str
    """Scenario or network that states it."""
    kind: Literal["line", "event", "driver", "network setting", "network edge", "network firm"]
    """What it is."""
    text: str
    """The number in words."""
    class_: Literal["documented", "computed", "judgement", "unverified", "unstated"] = Field(alias="class")
    """What it rests on."""
    author: str
    """Who judged it; empty where that is not stated."""
    date: Date | None
    """When; null where that is not stated."""
    analogue: str
    """The episode that it is modelled on."""
    note: str
    """Why this size."""
    source: list[str]
    """Article facts, URLs or papers."""
    file: str
    """File that states it."""
    line: int
    """Line of that file."""


class JudgedShareResult(Part):
    """A portfolio's P&L in a scenario by what it rests on."""

    portfolio: str
    """Name of the portfolio."""
    scenario: str
    """Name of the scenario."""
    currency: str
    """Currency of the amounts."""
    pnl: float | None
    """P&L of the whole scenario."""
    by_class: dict[str, float | None]
    """By class, the firmest first; the parts add up to the P&L."""
    judged: float | None
    """P&L that rests on judgement."""
    share: float | None
    """Part of a loss that does; null for a gain."""
    reason: str
    """Why there are no numbers; empty where there are."""


class InputMoveResult(Part):
    """What is done to a number, and what follows."""

    to: str
    """What is done."""
    pnl_change: float | None
    """Change of the P&L, in the portfolio's currency."""


class MovedNumberResult(Part):
    """A judged number with its moves."""

    kind: str
    """What it is."""
    text: str
    """The number in words."""
    class_: str = Field(alias="class")
    """What it rests on."""
    written_in: str
    """Scenario or network that states it."""
    author: str
    """Who judged it."""
    date: Date | None
    """When."""
    file: str
    """File that states it."""
    line: int
    """Line of that file."""
    moves: list[InputMoveResult]
    """Up and down, or each other choice."""


class MovedScenarioResult(Part):
    """Every judged number of a scenario, moved."""

    scenario: str
    """Name of the scenario."""
    size: float
    """Part of its size, or of a driver's range, by which a number is moved."""
    pnl: dict[str, float | None]
    """By portfolio, the P&L as stated."""
    numbers_moved: int
    """How many numbers were moved."""
    numbers_not_moved: list[dict[str, str]]
    """Those that could not be, with why."""
    top: dict[str, list[MovedNumberResult]]
    """By portfolio, the ten that move its P&L most."""


class JudgementResult(Part):
    """What a run rests on."""

    register_: list[RegisteredResult] = Field(alias="register")
    """Every number of every scenario."""
    shares: list[JudgedShareResult]
    """Of every portfolio in every scenario."""
    moved: list[MovedScenarioResult]
    """Of the scenarios that are the worst of some portfolio."""
