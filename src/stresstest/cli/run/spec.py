"""The document of `run --json` as a model, for its JSON Schema; it may gain fields, never lose one."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from stresstest.cli.breakdowns.factor_spec import DeltaGammaResult, FactorSplitResult
from stresstest.cli.breakdowns.stage_spec import NetworkResult, StagesResult
from stresstest.cli.governance.limit_spec import LimitResult, NavResult, UncheckedLimit
from stresstest.cli.governance.spec import (
    ChallengeResult,
    GovernanceResult,
    JudgementResult,
    ProxyResult,
)
from stresstest.cli.run.part_spec import Part

Date: TypeAlias = date


class PathPointResult(Part):
    """A portfolio at one date of a path, after the shocks of that date."""

    date: Date
    """The date."""
    value: float | None
    """Value, cash received since today included, in the portfolio's currency."""
    carry: float | None
    """P&L of time alone since the date before: coupons, interest, roll-down, time value."""
    shock: float | None
    """P&L of the shocks of the date."""
    cash: float | None
    """Money held and received since today; null where positions were not kept."""


class DrawdownResult(Part):
    """Deepest fall below an earlier high."""

    amount: float | None
    """High less low, in the portfolio's currency."""
    percent: float | None
    """In per cent of the high; null where that is not above 0."""
    peak: Date
    """Date of the high, the last time that it stood."""
    trough: Date
    """Date of the low."""


class UnderWaterResult(Part):
    """Longest time below an earlier high."""

    days: int
    """Length in days."""
    start: Date
    """Date of the high."""
    recovered: Date | None
    """Date on which it is reached again; null where that is not before the end of the path."""


class LowestCashResult(Part):
    """Least money along a path."""

    amount: float | None
    """Money held and received, in the portfolio's currency."""
    date: Date
    """Date of the step."""


class PathResult(Part):
    """A portfolio from date to date."""

    points: list[PathPointResult]
    """Today, then each step."""
    drawdown: DrawdownResult
    """Deepest fall below an earlier high."""
    under_water: UnderWaterResult
    """Longest time below an earlier high."""
    lowest_cash: LowestCashResult | None
    """Least money; null where positions were not kept."""


class ScenarioResult(Part):
    """One scenario of one portfolio."""

    name: str
    """Name of the scenario."""
    title: str = ""
    """Title as written, or empty."""
    horizon: str = ""
    """Time over which its moves happen: `12m`."""
    stressed_value: float | None
    """Value under the scenario, in the portfolio's currency; positions without a value left out."""
    pnl: float | None
    """Stressed − base value of the positions that have both; gain positive."""
    pnl_percent: float | None
    """P&L in per cent of |base value|; null where that is 0."""
    pnl_percent_of_gross: float | None = None
    """P&L in per cent of gross value, which says more where the base value is small or negative."""
    path: PathResult | None = None
    """Of a scenario with steps, values over time; the figures above are those of the last step."""


class PositionResult(Part):
    """One position of one portfolio."""

    id: str
    """Name of the position."""
    type: str
    """Instrument type."""
    base_value: float | None
    """Value before any shock, in the portfolio's currency."""
    pnl: dict[str, float | None]
    """P&L by scenario; null where the position could not be valued."""


class ProxiedPosition(Part):
    """A position that the market does not price."""

    id: str
    """Name of the position."""
    issuer: str
    """What it holds."""
    proxy: str
    """Issuer whose moves it follows; empty where it is shocked by its own attributes."""
    stated_value: float
    """Value as its holder states it, in `currency`."""
    stated_date: date
    """Date of the stated value."""
    currency: str
    """Currency of the stated value."""
    roll: float | None
    """Return of the proxy from the stated date to the market's; null where the market states none."""


class CoverageResult(Part):
    """What the shocks reach, and what was not priced by the market."""

    reached: dict[str, float | None]
    """By scenario, the share of gross base value that it moves; null where positions were not kept."""
    unreached: dict[str, list[str]]
    """By scenario, the positions that it leaves alone, the largest first."""
    reached_positions: dict[str, int | None] = Field(default_factory=dict)
    """By scenario, the number of positions that it moves; null where positions were not kept."""
    reached_exposure: dict[str, float | None] = Field(default_factory=dict)
    """By scenario, the share of exposure that it moves: the largest value of a position, of either sign, in
    any scenario of the run, so that a swap at par counts."""
    proxied: list[ProxiedPosition]
    """Positions valued as stated and moved through a proxy."""
    reconciliation_gap: float
    """Largest difference of a total from the sum of its positions, as a share of gross value."""


class FailureResult(Part):
    """A position that could not be valued in a scenario."""

    id: str
    """Name of the position."""
    scenario: str
    """Name of the scenario, or `base`."""
    reason: Literal["not_finite", "factor_outside_domain"]
    """Why."""
    message: str
    """In words."""
    base_value: float | None
    """Base value that the total leaves out."""


class TailResult(Part):
    """Tail of the losses over the draws of a sample, in the portfolio's currency; losses are positive."""

    confidence_level: float
    """Such as 0.95."""
    value_at_risk: float
    """Smallest loss that is not exceeded with this probability."""
    expected_shortfall: float
    """Mean of the losses beyond, the draw at the border with its fraction."""
    worst_loss: float
    """Largest loss of any draw."""
    effective_columns: float
    """How many equally likely draws the shortfall rests on."""


class SampleResult(Part):
    """Draws of a sampled scenario set."""

    columns: int
    """Number of draws."""
    incomplete_columns: int
    """Draws that leave out positions that they could not value."""
    tails: list[TailResult]
    """By confidence level."""


class FundingSides(Part):
    """What is held against what is owed."""

    assets: float | None
    """Value of everything but the liabilities, in the portfolio's currency."""
    liabilities: float | None
    """Value of what is owed, positive."""
    ratio: float | None
    """Assets ÷ liabilities as a fraction; null where nothing is owed."""


class FundingResult(FundingSides):
    """Funded ratio of a portfolio that holds liabilities."""

    scenarios: dict[str, FundingSides]
    """The same under each scenario."""


class MarginSides(Part):
    """Equity and maintenance margin; null where a position has no value."""

    equity: float | None
    """Value of the account."""
    required: float | None
    """Equity that the broker asks for."""
    call: float | None
    """What must be paid in: required less equity, at least 0."""


class MarginResult(MarginSides):
    """Maintenance margin of a portfolio that states one."""

    scenarios: dict[str, MarginSides]
    """The same under each scenario."""


class PortfolioResultSpec(Part):
    """One portfolio in every scenario."""

    name: str
    """Name of the portfolio."""
    title: str
    """One line on it."""
    currency: str
    """Currency of its values."""
    base_value: float | None
    """Value before any shock."""
    gross_value: float | None
    """Sum of the absolute base values of the positions."""
    scenarios: list[ScenarioResult]
    """In the order of the run."""
    positions: list[PositionResult]
    """In the order written; empty where the run kept totals only."""
    coverage: CoverageResult
    """What the shocks reach."""
    failures: list[FailureResult]
    """What could not be valued."""
    limits: list[LimitResult]
    """Limits of the portfolio."""
    nav: NavResult | None = None
    """Base value against the stated net asset value; null where none is stated."""
    limits_not_checked: list[UncheckedLimit] = Field(default_factory=list)
    """Limits on scenarios that were not run."""
    funded_ratio: FundingResult | None = None
    """Assets against liabilities before and under each scenario; absent where the portfolio owes none."""
    margin: MarginResult | None = None
    """Equity against the maintenance margin; absent where the portfolio states none."""
    sample: SampleResult | None = None
    """Draws, where the scenarios were a set that is sampled."""
    stages: list[StagesResult] = Field(default_factory=list)
    """P&L by mechanism or round by round, where it was asked for."""
    factors: list[FactorSplitResult] = Field(default_factory=list)
    """P&L by risk factors, where it was asked for."""
    delta_gamma: list[DeltaGammaResult] = Field(default_factory=list)
    """P&L by delta and gamma of risk factors, where it was asked for."""


class RegimeDistanceResult(Part):
    """Distance of a scenario from one regime of history."""

    regime: str
    """Name of the regime."""
    distance: float
    """Mahalanobis distance of all stated changes."""
    statements: int
    """Number of stated changes that the factor model knows."""
    percentile: float
    """Probability that a Gaussian of the regime stays nearer; it compares, it does not predict."""
    systematic_distance: float
    """The same of the systematic factors alone."""
    systematic_percentile: float
    """Its percentile."""


class StatedChangeResult(Part):
    """One stated change beside history."""

    factor: str
    """Risk factor."""
    change: float
    """Change: of the log for prices, in decimals for rates, spreads and volatilities."""
    deviations: dict[str, float]
    """Change in standard deviations over the horizon, by regime."""
    expected: dict[str, float]
    """Mean given all other stated changes, by regime."""
    contradicted_by: list[str]
    """Regimes whose history has the other sign."""
    extrapolation: float | None
    """Size over the largest move seen; null without a history."""


class PlausibilityResult(Part):
    """A scenario beside history."""

    scenario: str
    """Name of the scenario."""
    horizon_years: float
    """Its horizon."""
    distances: list[RegimeDistanceResult]
    """One a regime."""
    largest: list[StatedChangeResult]
    """The largest changes in standard deviations, at most ten."""
    contradicted: list[StatedChangeResult]
    """Changes whose sign history contradicts."""
    extrapolated: list[StatedChangeResult]
    """Changes beyond the largest seen, at most ten, the farthest first."""
    n_extrapolated: int
    """How many changes are beyond the largest seen."""
    without_data: list[str]
    """Factors that the model knows nothing of."""


class ResultSpec(Part):
    """Result of a run."""

    schema_: Annotated[Literal["stresstest/result/1"], Field(alias="schema")]
    """Name and version of the format."""
    as_of: Date
    """Date of the market."""
    market: str
    """Name of the market, layers joined by ` + `."""
    market_age_days: int
    """Days from the market's date to the run."""
    currency: str
    """Currency of totals over portfolios."""
    severity: float
    """Scale of every shock; 1 is as written."""
    base_value: float | None
    """Base value of all portfolios together, in `currency`."""
    portfolios: list[PortfolioResultSpec]
    """In the order of the command line."""
    warnings: list[str]
    """What a reader of the numbers must know."""
    exit_codes: list[int]
    """Every exit code that holds; the process ends with the gravest."""
    drivers: dict[str, dict[str, str]] = Field(default_factory=dict)
    """By scenario, what its drivers were set to."""
    notices: dict[str, str] = Field(default_factory=dict)
    """By scenario, what must stand beside its numbers: that a default is no forecast."""
    plausibility: list[PlausibilityResult] = Field(default_factory=list)
    """Each scenario beside history; empty without a factor model or with `--no-card`."""
    governance: dict[str, GovernanceResult] = Field(default_factory=dict)
    """By scenario, who answers for it."""
    left_out: list[str] = Field(default_factory=list)
    """Retired scenarios of a library or folder that were not run."""
    proxies: list[ProxyResult] = Field(default_factory=list)
    """Positions that no market price values."""
    challenger: list[ChallengeResult] | None = None
    """Networks beside the factor model alone, with `--challenger`."""
    judgement: JudgementResult | None = None
    """What losses rest on, with `--judgement`."""
    networks: list[NetworkResult] = Field(default_factory=list)
    """What became of the network of each scenario that has one."""
