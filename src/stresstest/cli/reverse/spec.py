"""The document of `reverse --json` as a model, for its JSON Schema; it may gain fields, not lose any."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, RootModel

Probability: TypeAlias = Annotated[float, Field(ge=0.0, le=1.0)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="allow", use_attribute_docstrings=True, allow_inf_nan=False)


class RegimeDistanceShown(_Part):
    """How far a move is from one regime."""

    regime: str
    """Name in the market's factor model."""
    distance: float
    """Mahalanobis distance of all factors together, in standard deviations."""
    percentile: Probability
    """Of a chi-square variable with one degree of freedom a factor: it compares, it does not predict."""
    systematic_distance: float
    """Distance of the systematic factors alone, at their mean given the move."""
    systematic_percentile: Probability
    """Its percentile."""


class DriverShown(_Part):
    """What one driver does in an answer."""

    driver: str
    """A systematic factor, or the own moves of a group of factors."""
    loss: float
    """To first order at the answer, in the portfolio's currency."""
    deviations: float | None
    """How far a systematic factor moves, in its standard deviations over the horizon; null for own moves."""


class MoveShown(_Part):
    """One factor of an answer."""

    factor: str
    """As in `explain`."""
    base: float
    """Level today."""
    level: float
    """Level after."""
    change: float
    """In the kind's change space: a log return for prices."""
    deviations: float
    """Change in standard deviations over the horizon."""
    cost: float
    """Derivative of the loss times the change."""
    marginal: float
    """What one standard deviation up costs at the answer."""


class PositionShown(_Part):
    """One position at an answer."""

    id: str
    """As in the portfolio."""
    type: str
    """Tag of its type."""
    pnl: float | None
    """In the portfolio's currency, gain positive; null without a value."""
    distance_gained: float | None
    """How much farther the answer lies without the position, to first order."""


class AnswerShown(_Part):
    """One move that costs the loss, or the one that costs most where nothing does."""

    name: str
    """Of its scenario."""
    title: str
    """In words."""
    lead: str
    """Driver that costs most."""
    held: list[str]
    """Drivers that stand still, since they led answers before."""
    distance: float
    """In the regime asked for, in standard deviations."""
    tail_probability: Probability
    """What a Gaussian of that regime has beyond the plane that touches the answer."""
    loss: float
    """Under full revaluation, in the portfolio's currency."""
    loss_percent: float
    """Of the absolute base value."""
    regimes: list[RegimeDistanceShown]
    """One a regime of the market."""
    beyond_history: list[str]
    """Factors that go beyond the largest move seen over such a horizon, the farthest first."""
    drivers: list[DriverShown]
    """The costliest first."""
    moves: list[MoveShown]
    """The costliest first."""
    positions: list[PositionShown]
    """In the portfolio's order."""
    scenario: str
    """A scenario file: run, it costs `loss`."""


class FactorAnswersSpec(_Part):
    """What `reverse --space factors --json` prints."""

    schema_: Annotated[Literal["stresstest/reverse/1"], Field(alias="schema")]
    """Name and version of this document."""
    space: Literal["factors"]
    """Where was looked."""
    portfolio: str
    """Name."""
    currency: str
    """Of every amount."""
    base_value: float
    """Value today."""
    gross_value: float
    """Sum of the absolute values of the positions."""
    loss: float
    """Amount that was asked for."""
    loss_percent: float
    """The same, of the absolute base value."""
    horizon: str
    """Time over which factors move."""
    regime: str
    """State of the market that says what is plausible."""
    factors: list[str]
    """What may move; empty for everything."""
    n_factors: int
    """How many factors that is."""
    unknown_factors: list[str]
    """Factors that the portfolio depends on and the market's model knows nothing of: they stand still."""
    reached: bool
    """Whether anything costs so much."""
    answers: list[AnswerShown]
    """By distance."""
    largest: AnswerShown | None
    """Where nothing costs so much, what costs most."""


class DriverNeededShown(_Part):
    """Where a driver alone makes a scenario begin, or cease, to cost the loss."""

    driver: str
    """Name."""
    own: float
    """Its value in the scenario, in decimals."""
    needed: float | None
    """The nearest value at which the loss is just made; null where its range makes no difference."""
    text: str
    """`needed` as people write it; empty for null."""


class SeverityNeededShown(_Part):
    """How severe a scenario must be."""

    scenario: str
    """Name."""
    title: str
    """In words."""
    horizon: str
    """Its own."""
    severity: float | None
    """The smallest that costs the loss, 1 as written; null where none does."""
    loss: float
    """There, or the largest that was found; at the worst date of a path."""
    at: float
    """Severity of `loss`."""
    drivers: list[DriverNeededShown]
    """Its number drivers, at severity 1."""
    problem: str
    """Why it could not be valued; empty where it could."""
    is_path: bool
    """Whether it has several dates: the worst one counts."""


class PairShown(_Part):
    """Two scenarios at one severity, the larger move of each factor."""

    first: str
    """Name."""
    second: str
    """Name."""
    severity: float
    """Of both."""


class ScenarioAnswersSpec(_Part):
    """What `reverse --space scenarios --json` prints."""

    schema_: Annotated[Literal["stresstest/reverse/1"], Field(alias="schema")]
    """Name and version of this document."""
    space: Literal["scenarios"]
    """Where was looked."""
    portfolio: str
    """Name."""
    currency: str
    """Of every amount."""
    base_value: float
    """Value today."""
    loss: float
    """Amount that was asked for."""
    loss_percent: float
    """The same, of the absolute base value."""
    reached: bool
    """Whether any scenario costs so much."""
    scenarios: list[SeverityNeededShown]
    """The least severe first."""
    pair: PairShown | None
    """The pair that needs least; null where no pair needs less than its scenarios alone."""


class ReverseSpec(
    RootModel[Annotated[FactorAnswersSpec | ScenarioAnswersSpec, Field(discriminator="space")]]
):
    """What `reverse --json` prints."""
