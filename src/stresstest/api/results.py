"""The facade that holds a result: views of it as data frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from stresstest.quantity import parse_horizon
from stresstest.revaluation.result import PortfolioResult, StressResult
from stresstest.scenarios.direct import CompiledScenarios
from stresstest.scenarios.scenario import ScenarioSet

if TYPE_CHECKING:
    from os import PathLike

    from stresstest.api.hedging import Hedge
    from stresstest.api.reporting import StressPlots
    from stresstest.arrays import FloatArray
    from stresstest.frames import DataFrame
    from stresstest.measures.challenge import Challenge
    from stresstest.measures.factor_splits.delta_gamma import DeltaGamma
    from stresstest.measures.factor_splits.split import FactorSplit
    from stresstest.measures.judgements.assessment import Assessment
    from stresstest.measures.judgements.register import RegisteredNumber
    from stresstest.measures.plausibility import Plausibility
    from stresstest.measures.proxies import ProxiedPosition
    from stresstest.measures.sensitivities import Sensitivities
    from stresstest.measures.tail import TailMeasures
    from stresstest.scenarios.entropy_pooling import PooledProbabilities
    from stresstest.scenarios.views import View


class Worst(NamedTuple):
    """A portfolio's worst scenario: P&L in the portfolio's currency, and per cent of |base value| or None."""

    portfolio: str
    scenario: str
    pnl: float
    pnl_percent: float | None


@dataclass(frozen=True)
class Stress:
    """A result with what produced it, and views of it as data frames.

    Attributes
    ----------
    result
        Numbers as arrays.
    compiled
        Columns of factor levels and the effect of each line of each scenario.
    scenarios
        As written; a set that is sampled has each member as it is most likely.
    sampled
        Result of the draws where the scenarios are a set that is sampled, else None.
    pooled
        Probabilities after views on the draws, or None.
    severity
        Scale of every scenario; 1 is as written.
    """

    result: StressResult
    compiled: CompiledScenarios
    scenarios: ScenarioSet
    sampled: StressResult | None = None
    pooled: PooledProbabilities | None = None
    severity: float = 1.0

    @property
    def pnl(self) -> DataFrame:
        """P&L by portfolio and scenario, each portfolio in its own currency; gain positive."""
        from stresstest.frames import pnl_frame

        return pnl_frame(self.result)

    @property
    def positions(self) -> DataFrame:
        """Base value and P&L of every position."""
        from stresstest.frames import positions_frame

        return positions_frame(self.result)

    @property
    def over_time(self) -> DataFrame:
        """Value, carry, shock and cash by portfolio, scenario and date, of the scenarios that have steps."""
        from stresstest.frames import paths_frame

        return paths_frame(self.result, self.compiled.columns)

    def by(self, attribute: str, *, method: str = "alone") -> DataFrame:
        """Return contributions by a tag, `type`, `issuer`, `theme`, `sector`, `rating`, …; they add up.

        By `mechanism` those of what lines state, of each mechanism of a network, of propagation and of time.
        By `factor`, `factor_kind` or `factor_group` those of risk factors: with `method="alone"` each alone
        and what they do together apart, with `method="shapley"` their Shapley values.

        Raises
        ------
        InputError
            When no position knows the attribute; for another method, or one for anything but factors.
        ValueError
            By `mechanism`, when the result was not made with `Resources(stages=True)`.
        """
        from stresstest.frames import contributions_frame, factors_frame, mechanisms_frame
        from stresstest.measures.factor_splits.groups import FACTOR_SPLITS
        from stresstest.measures.factor_splits.split import ALONE, require_factor_split

        if attribute in FACTOR_SPLITS or method != ALONE:
            require_factor_split(attribute, method)
            return factors_frame(self.factor_splits(attribute, method))
        return (
            mechanisms_frame(self.result)
            if attribute == "mechanism"
            else contributions_frame(self.result, attribute)
        )

    def factor_splits(self, by: str = "factor_group", method: str = "alone") -> tuple[FactorSplit, ...]:
        """Return every portfolio's P&L in every scenario by risk factors, position by position too.

        Raises
        ------
        InputError
            For another split or method.
        """
        from stresstest.measures.factor_splits.split import factor_splits

        return factor_splits(self.result, self.compiled.columns, by, method)

    def delta_gammas(self, by: str = "factor_group") -> tuple[DeltaGamma, ...]:
        """Return every portfolio's P&L in every scenario by derivatives along its moves, and in full.

        Raises
        ------
        InputError
            For another split.
        """
        from stresstest.measures.factor_splits.delta_gamma import delta_gamma

        return delta_gamma(self.result, self.compiled.columns, by)

    def delta_gamma(self, by: str = "factor_group") -> DataFrame:
        """Return `delta`, `gamma`, `full` and `unexplained` by portfolio, scenario and group; they add up.

        Raises
        ------
        InputError
            For another split.
        """
        from stresstest.frames import delta_gamma_frame

        return delta_gamma_frame(self.delta_gammas(by), by)

    @property
    def stages(self) -> DataFrame:
        """P&L of every position by stage, round by round: index (portfolio, position, stage).

        Raises
        ------
        ValueError
            When the result was not made with `Resources(stages=True)`.
        """
        from stresstest.frames import stages_frame

        return stages_frame(self.result)

    def worst(self) -> tuple[Worst, ...]:
        """Return the worst scenario of each portfolio."""
        return tuple(_worst(held) for held in self.result.portfolios)

    def tails(self, confidence_level: float = 0.95) -> tuple[TailMeasures, ...]:
        """Return value at risk, expected shortfall and worst loss of each portfolio over the draws.

        Raises
        ------
        ValueError
            When the scenarios were not sampled.
        """
        from stresstest.measures.tail import tail_measures

        return tuple(tail_measures(held, confidence_level) for held in self._draws().portfolios)

    def with_views(self, views: Sequence[View]) -> Stress:
        """Return the same with the draws reweighted so that `views` hold, as near as can be to before.

        Raises
        ------
        InputError
            For views that do not fit the sample, that it cannot reach, or that contradict one another.
        ValueError
            When the scenarios were not sampled.
        """
        from stresstest.scenarios.entropy_pooling import pool_views

        drawn = self._draws()
        pooled = pool_views(views, drawn.table.probability[1:])
        table = pooled.reweighted(drawn.table)
        portfolios = tuple(replace(held, table=table) for held in drawn.portfolios)
        return replace(self, sampled=replace(drawn, table=table, portfolios=portfolios), pooled=pooled)

    def _draws(self) -> StressResult:
        if self.sampled is None:
            raise ValueError("the scenarios were not sampled: a set says how under `sample`")
        return self.sampled

    def assessment(self, size: float = 0.1) -> Assessment:
        """Return what the P&L rests on: every number, the judged share of losses, what moves the worst most.

        Parameters
        ----------
        size
            Part of its size, or of a driver's range, by which each judged number is moved.

        Raises
        ------
        ValueError
            For a size outside (0, 1).
        """
        from stresstest.measures.judgements.assessment import assess

        return assess(self.result.book, self.scenarios.scenarios, self._severities(), size)

    def judgements(self) -> tuple[RegisteredNumber, ...]:
        """Return every number that the scenarios rest on, with its class, author, analogue and place."""
        from stresstest.measures.judgements.register import register

        return register(self.scenarios)

    def challenges(self, regime: str = "stressed") -> tuple[Challenge, ...]:
        """Return every portfolio in each scenario with a network beside the factor model in its place."""
        from stresstest.measures.challenge import challenges

        return challenges(self.result.book, self.scenarios.scenarios, self._severities(), regime)

    def proxies(self) -> tuple[ProxiedPosition, ...]:
        """Return the positions of all portfolios that no market price values, the largest share first."""
        from stresstest.measures.proxies import proxy_register

        return proxy_register(self.result.portfolios)

    def _severities(self) -> list[float]:
        from stresstest.scenarios.member_set import stated_severity

        return [self.severity * stated_severity(self.scenarios, name) for name in self.scenarios.names]

    def to_numpy(self) -> FloatArray:
        """Return `(n_portfolios, n_scenarios)` P&L."""
        return self.result.to_numpy()

    def sensitivities(self) -> tuple[Sensitivities, ...]:
        """Return Greeks, rate and credit sensitivities of every position, by bumping."""
        from stresstest.measures.sensitivities import sensitivities

        return sensitivities(self.result.book)

    def plausibility(self) -> tuple[Plausibility, ...]:
        """Return how plausible each scenario is beside history; empty without a factor model."""
        from stresstest.measures.plausibility import plausibility, stated_levels

        market = self.result.book.market
        stated = stated_levels(self.compiled.effects)
        found = (
            plausibility(
                scenario.name,
                parse_horizon(scenario.horizon).years,
                stated.get(scenario.name, {}),
                market,
            )
            for scenario in self.scenarios
        )
        return tuple(card for card in found if card is not None)

    @property
    def plot(self) -> StressPlots:
        """Pictures as matplotlib axes: `bars`, `heatmap`, `waterfall`, `severity`, `path`, `network`."""
        from stresstest.api.reporting import StressPlots

        return StressPlots(self)

    def report(
        self,
        path: str | PathLike[str],
        hedges: Sequence[Hedge] = (),
        *,
        title: str = "",
        judgement: bool = False,
        force: bool = False,
    ) -> None:
        """Write one HTML file that needs nothing else: the answer, losses and why, hedges, evidence.

        Parameters
        ----------
        judgement
            Whether the judged numbers of each portfolio's worst scenario are moved one by one where they are
            more than a hundred too, as with a network; that may take a minute.

        Raises
        ------
        InputError
            For a file that exists, unless `force`, or a place that cannot be written.
        """
        from stresstest.api.reporting import report_view_of, write_report

        write_report(report_view_of(self, hedges, title, judgement=judgement), path, force=force)

    def _repr_html_(self) -> str:
        from stresstest.api.reporting import stress_fragment

        return stress_fragment(self)


def pnl_percent(held: PortfolioResult, column: int) -> float | None:
    """Return P&L in per cent of |base value|, or None where that is 0."""
    from stresstest.measures.percentages import percent_of_base

    return percent_of_base(held, float(held.pnl[column]))


def _worst(held: PortfolioResult) -> Worst:
    columns = {name: int(held.table.columns_of(name)[-1]) for name in held.table.scenarios}
    name = min(columns, key=lambda scenario: float(held.pnl[columns[scenario]]))
    return Worst(held.name, name, float(held.pnl[columns[name]]), pnl_percent(held, columns[name]))
