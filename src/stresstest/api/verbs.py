"""The verbs of the library: load, compile, revalue, stress."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from os import PathLike
from typing import TYPE_CHECKING

from stresstest.api.results import Stress
from stresstest.errors import InputError, Location, Problem
from stresstest.io.resources import default_market
from stresstest.market.loading import load_market as _load_market
from stresstest.market.snapshot import MarketSnapshot
from stresstest.measures.network_holders import with_holders
from stresstest.measures.notices import option_notices
from stresstest.portfolio.book import Book, compile_book
from stresstest.portfolio.doubts import doubtful_terms
from stresstest.portfolio.loading import build_portfolio, load_portfolio, load_portfolios
from stresstest.portfolio.model import Portfolio
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.result import StressResult
from stresstest.revaluation.totals import apply_holdings, stress_totals
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.eventful import with_event_factors
from stresstest.scenarios.governance_notes import left_out_notes
from stresstest.scenarios.loading import load_scenarios as _load_scenarios
from stresstest.scenarios.scenario import ScenarioSet

if TYPE_CHECKING:
    from stresstest.scenarios.columns import ColumnSource

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
    "market_of",
    "revalue",
    "stress",
]

Source = str | PathLike[str]

SAMPLE_MEMORY = 64 * 1024**2
"""Bytes that unit values of a sample may take; beyond it totals are kept, chunk by chunk."""


@dataclass(frozen=True, slots=True)
class Resources:
    """What a run may use, and keeps.

    Attributes
    ----------
    threads
        Threads; None: one a core.
    memory
        Bytes that unit values may take; a larger run keeps totals only and has no positions.
    stages
        Whether every stage of a scenario is valued and not only the last, so that `by("mechanism")` can split
        the P&L.
    """

    threads: int | None = None
    memory: int = 2 * 1024**3
    stages: bool = False


def load_market(*sources: Source) -> MarketSnapshot:
    """Return the market of `sources`, later ones layered over earlier ones; without any, the newest shipped.

    Raises
    ------
    InputError
        With everything that is wrong in the files.
    """
    return _load_market([str(source) for source in sources] or default_market())


def load_scenarios(*sources: Source) -> ScenarioSet:
    """Return the scenarios of `sources` (names, files, folders); without any, the whole shipped library."""
    return _load_scenarios([str(source) for source in sources])


def market_of(portfolios: Sequence[Portfolio]) -> MarketSnapshot:
    """Return the market that the portfolios name; the newest shipped where none does.

    Raises
    ------
    InputError
        When portfolios name different markets: one run has one market; or one that is not found.
    """
    # The first portfolio of a market stands for all of it.
    named = {portfolio.market: portfolio for portfolio in reversed(portfolios) if portfolio.market}
    if len(named) > 1:
        markets = ", ".join(f"{market} ({first.name})" for market, first in reversed(named.items()))
        raise InputError([Problem("ST265", f"portfolios of markets {markets}", "one market, or --market")])
    try:
        return load_market(*named)
    except InputError as error:
        where = Location(next((portfolio.file for portfolio in named.values()), ""))
        raise InputError(
            [problem if problem.location.file else problem.at(where) for problem in error.problems]
        ) from error


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
        Threads and memory to use, and whether to keep every stage; the numbers do not depend on it, bit for
        bit.

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
    scenarios = with_holders(scenarios, book)
    use = resources or Resources()
    compiled = compile_scenarios(scenarios, book.market, severity, stages=use.stages)
    columns = compiled.columns
    result = _valued(book, columns, use)
    notices = option_notices(book, scenarios.scenarios, columns)
    doubtful = [text for held in several for text in doubtful_terms(held, book.market.as_of)]
    told = (*map(str, compiled.warnings), *left_out_notes(scenarios))
    warnings = (*book.market.notes, *doubtful, *told, *notices)
    sampled = _sampled(book, scenarios, severity, use)
    return Stress(replace(result, warnings=warnings), compiled, scenarios, sampled, severity=severity)


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


def _several(portfolios: Portfolio | Sequence[Portfolio]) -> Sequence[Portfolio]:
    return [portfolios] if isinstance(portfolios, Portfolio) else portfolios
