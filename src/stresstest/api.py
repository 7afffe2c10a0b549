"""The verbs of the library: load, compile, revalue, stress; and the facade that holds a result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from os import PathLike
from typing import TYPE_CHECKING, NamedTuple

from stresstest.errors import InputError, Problem
from stresstest.io.resources import names
from stresstest.market.loading import load_market as _load_market
from stresstest.market.snapshot import MarketSnapshot
from stresstest.measures.notices import option_notices
from stresstest.portfolio.book import Book, compile_book
from stresstest.portfolio.loading import build_portfolio, load_portfolio, load_portfolios
from stresstest.portfolio.model import Portfolio
from stresstest.quantity import parse_horizon
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.result import PortfolioResult, StressResult
from stresstest.revaluation.totals import apply_holdings, stress_totals
from stresstest.scenarios.direct import CompiledScenarios, compile_scenarios
from stresstest.scenarios.eventful import with_event_factors
from stresstest.scenarios.loading import load_scenarios as _load_scenarios
from stresstest.scenarios.scenario import Scenario, ScenarioSet

if TYPE_CHECKING:
    from stresstest.arrays import FloatArray
    from stresstest.frames import DataFrame
    from stresstest.measures.plausibility import Plausibility
    from stresstest.measures.sensitivities import Sensitivities
    from stresstest.measures.tail import TailMeasures
    from stresstest.measures.turning_points import Sweep
    from stresstest.scenarios.columns import ColumnSource
    from stresstest.scenarios.entropy_pooling import PooledProbabilities
    from stresstest.scenarios.views import View

__all__ = [
    "Book",
    "Portfolio",
    "Resources",
    "Stress",
    "apply_holdings",
    "build_portfolio",
    "compile_portfolios",
    "load_market",
    "load_portfolio",
    "load_portfolios",
    "load_scenarios",
    "revalue",
    "stress",
    "sweep",
]

Source = str | PathLike[str]

SAMPLE_MEMORY = 64 * 1024**2
"""Bytes that unit values of a sample may take; beyond it totals are kept, chunk by chunk."""


@dataclass(frozen=True, slots=True)
class Resources:
    """What a run may use.

    Attributes
    ----------
    threads
        Threads; None: one a core.
    memory
        Bytes that unit values may take; a larger run keeps totals only and has no positions.
    """

    threads: int | None = None
    memory: int = 2 * 1024**3


def load_market(*sources: Source) -> MarketSnapshot:
    """Return the market of `sources`, later ones layered over earlier ones; without any, the newest shipped.

    Raises
    ------
    InputError
        With everything that is wrong in the files.
    """
    newest = [name for name, _ in names("markets")][-1:]
    return _load_market([str(source) for source in sources] or newest)


def load_scenarios(*sources: Source) -> ScenarioSet:
    """Return the scenarios of `sources` (names, files, folders); without any, the whole shipped library."""
    return _load_scenarios([str(source) for source in sources])


def market_of(portfolios: Sequence[Portfolio]) -> MarketSnapshot:
    """Return the market that the portfolios name; the newest shipped where none does.

    Raises
    ------
    InputError
        When portfolios name different markets: one run has one market.
    """
    named = dict.fromkeys(portfolio.market for portfolio in portfolios if portfolio.market)
    if len(named) > 1:
        raise InputError(
            [Problem("ST265", f"portfolios of markets {', '.join(named)}", "one market, or --market")]
        )
    return load_market(*named)


def compile_portfolios(
    portfolios: Portfolio | Sequence[Portfolio],
    market: MarketSnapshot,
    scenarios: ScenarioSet | None = None,
) -> Book:
    """Return one or more portfolios compiled over `market`: the book that everything else reads.

    With `scenarios` claims on the issuers that default in one of them depend on default and recovery.
    """
    prepared = market if scenarios is None else with_event_factors(market, scenarios)
    return compile_book(_several(portfolios), prepared)


def stress(
    portfolios: Portfolio | Sequence[Portfolio],
    scenarios: ScenarioSet,
    market: MarketSnapshot | None = None,
    *,
    severity: float = 1.0,
    resources: Resources | None = None,
) -> Stress:
    """Return `portfolios` fully revalued under `scenarios`.

    Parameters
    ----------
    portfolios
        One or more.
    scenarios
        As `load_scenarios` gives them, or built in Python.
    market
        Default: the market that the portfolios name, else the newest shipped.
    severity
        Scales every scenario in each factor's change space; 1 is as written.
    resources
        Threads and memory to use; the numbers do not depend on them, bit for bit.

    Raises
    ------
    InputError
        With everything that is wrong between portfolios, scenarios and market.

    Examples
    --------
    >>> import stresstest as st
    >>> result = st.stress(st.load_portfolio("ai_growth_fund"), st.load_scenarios("ai_capex_collapse"))
    >>> float(result.pnl.loc["ai_growth_fund", "ai_capex_collapse"]) < 0
    True
    """
    several = _several(portfolios)
    book = compile_portfolios(several, market or market_of(several), scenarios)
    compiled = compile_scenarios(scenarios, book.market, severity)
    columns = compiled.columns
    use = resources or Resources()
    result = _valued(book, columns, use)
    notices = option_notices(book, scenarios.scenarios, columns)
    warnings = (*book.market.notes, *map(str, compiled.warnings), *notices)
    sampled = _sampled(book, scenarios, severity, use)
    return Stress(replace(result, warnings=warnings), compiled, scenarios, sampled)


def _valued(book: Book, columns: ColumnSource, use: Resources) -> StressResult:
    """Return the result with positions where their values fit into memory, else totals only."""
    if len(book.instruments) * columns.n_columns * 8 <= use.memory:
        return apply_holdings(book, revalue(book, columns, threads=use.threads))
    return stress_totals(book, columns, threads=use.threads)


def _sampled(book: Book, scenarios: ScenarioSet, severity: float, use: Resources) -> StressResult | None:
    """Return the result of the draws where the scenarios are a set that is sampled."""
    from stresstest.scenarios.member_set import MemberSet

    if not isinstance(scenarios, MemberSet) or scenarios.sample is None:
        return None
    from stresstest.scenarios.sampling import sample_scenarios

    columns = sample_scenarios(scenarios, book.market, severity)
    return _valued(book, columns, replace(use, memory=min(use.memory, SAMPLE_MEMORY)))


def sweep(
    portfolios: Portfolio | Sequence[Portfolio],
    scenario: Scenario,
    market: MarketSnapshot | None = None,
    *,
    over: tuple[str, float, float] = ("severity", 0.0, 2.0),
    steps: int = 40,
) -> Sweep:
    """Return the P&L of `portfolios` under `scenario` over a range, with its kinks and limit breaches.

    Parameters
    ----------
    over
        `severity` or the name of a number driver, and the range in decimals.
    steps
        Number of steps of the grid.

    Raises
    ------
    InputError
        With everything that is wrong between portfolios, scenario and market.
    """
    from stresstest.measures.sweep import Axis, Sweeper
    from stresstest.measures.turning_points import sweep as swept

    several = _several(portfolios)
    book = compile_portfolios(several, market or market_of(several), ScenarioSet((scenario,)))
    return swept(Sweeper(book, scenario, Axis(*over)), steps)


def _several(portfolios: Portfolio | Sequence[Portfolio]) -> Sequence[Portfolio]:
    return [portfolios] if isinstance(portfolios, Portfolio) else portfolios


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
    """

    result: StressResult
    compiled: CompiledScenarios
    scenarios: ScenarioSet
    sampled: StressResult | None = None
    pooled: PooledProbabilities | None = None

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

    def by(self, attribute: str) -> DataFrame:
        """Return contributions by a tag, `type`, `issuer`, `theme`, `sector`, `rating`, …; they add up."""
        from stresstest.frames import contributions_frame

        return contributions_frame(self.result, attribute)

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
        found = (
            plausibility(
                scenario.name,
                parse_horizon(scenario.horizon).years,
                stated_levels(self.compiled.effects, scenario.name),
                market,
            )
            for scenario in self.scenarios
        )
        return tuple(card for card in found if card is not None)

    def _repr_html_(self) -> str:
        from stresstest.io.sanitise import html_text

        def cells(tag: str, values: Sequence[str]) -> str:
            return "<tr>" + "".join(f"<{tag}>{html_text(value)}</{tag}>" for value in values) + "</tr>"

        names = self.result.table.scenarios
        head = cells("th", ["portfolio", "base value", *names])
        rows = [
            cells(
                "td",
                [
                    held.name,
                    f"{held.base_value:,.0f} {held.currency}",
                    *(_percent_text(held, int(held.table.columns_of(name)[-1])) for name in names),
                ],
            )
            for held in self.result.portfolios
        ]
        return f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"


def pnl_percent(held: PortfolioResult, column: int) -> float | None:
    """Return P&L in per cent of |base value|, or None where that is 0."""
    return 100.0 * float(held.pnl[column]) / abs(held.base_value) if held.base_value else None


def _percent_text(held: PortfolioResult, column: int) -> str:
    percent = pnl_percent(held, column)
    return f"{held.pnl[column]:+,.0f}" if percent is None else f"{percent:+.1f} %"


def _worst(held: PortfolioResult) -> Worst:
    columns = {name: int(held.table.columns_of(name)[-1]) for name in held.table.scenarios}
    name = min(columns, key=lambda scenario: float(held.pnl[columns[scenario]]))
    return Worst(held.name, name, float(held.pnl[columns[name]]), pnl_percent(held, columns[name]))
