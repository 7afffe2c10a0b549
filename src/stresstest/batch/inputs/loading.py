"""Inputs of a job: portfolios as far as they can be read, market, scenarios; every file known by its hash."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from stresstest.batch.accounts.reading import has_accounts, read_accounts
from stresstest.batch.governance.previous import previous_breaches
from stresstest.batch.inputs.recording import InputFile, Recorder
from stresstest.batch.inputs.scenario_sources import NamedSets, load_sets
from stresstest.batch.jobs.job import Job
from stresstest.batch.jobs.sources import portfolio_files
from stresstest.errors import InputError, Location, Problem, ProblemList, nearest
from stresstest.io.resources import default_market
from stresstest.market.loading import load_market
from stresstest.market.snapshot import MarketSnapshot
from stresstest.measures.breach_ages import Breach
from stresstest.portfolio.loading import TABLE_SUFFIXES, load_portfolio
from stresstest.portfolio.model import Portfolio
from stresstest.scenarios.member_set import MemberSet
from stresstest.scenarios.scenario import ScenarioSet

if TYPE_CHECKING:
    from stresstest.batch.hedges.orders import HedgeOrder

_Loaded = TypeVar("_Loaded")


@dataclass(frozen=True, slots=True)
class Refusal:
    """What could not be read, and why: a portfolio, by its file where it has no name yet, or a position."""

    portfolio: str
    problems: tuple[Problem, ...]
    position: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """What a portfolio may be called: as it is, and after its file where it could not be read."""
        return (self.portfolio, Path(self.portfolio).stem)


@dataclass(frozen=True)
class JobInputs:
    """All that a job reads.

    Attributes
    ----------
    job
        What was asked for.
    market
        Of all portfolios.
    portfolios
        In order of name.
    named
        Scenarios that are written down, None where the job has none.
    sampled
        Sets that are drawn from, with the number of draws and the seed of the job.
    files
        Every file that was read, by path; empty where nothing was recorded.
    refused
        Portfolios that could not be read: rows of the results, not an end.
    previous
        Breaches of the run before, with their ages.
    hedge
        What hedges rest on, None where the job asks for none.
    """

    job: Job
    market: MarketSnapshot
    portfolios: tuple[Portfolio, ...]
    named: ScenarioSet | None
    sampled: tuple[MemberSet, ...]
    files: tuple[InputFile, ...] = ()
    refused: tuple[Refusal, ...] = ()
    previous: tuple[Breach, ...] = ()
    hedge: HedgeOrder | None = None


def load_inputs(job: Job, recorder: Recorder | None = None) -> JobInputs:
    """Return the inputs of a job.

    Parameters
    ----------
    recorder
        Takes the files that are read; one that has recorded the job's own file lists that too.

    Raises
    ------
    InputError
        With everything that is wrong in market and scenarios, sources that find nothing, and ST706 where no
        portfolio can be used. A portfolio that cannot be read is refused, and the rest goes on.
    """
    recorder = recorder or Recorder()
    problems = ProblemList()
    with recorder.recording("positions"):
        portfolios, refused = _portfolios(job, problems)
    with recorder.recording("scenarios"):
        sets = load_sets(job, problems)
    with recorder.recording("market"):
        market = _attempt(lambda: _market(job, portfolios), problems)
    with recorder.recording("previous"):
        previous = _attempt(lambda: previous_breaches(job), problems) or ()
    if job.hedge is not None and portfolios:
        problems.extend(_unknown_hedged(job, portfolios, refused))
    hedge = _attempt(lambda: _hedge(job, market, sets, recorder), problems)
    if not portfolios and not len(problems):
        problems.extend(_unusable(job, refused))
    problems.raise_if_any()
    if market is None:
        raise ValueError("a job without problems has no market")
    found = _inputs(job, market, (portfolios, refused), sets, recorder.files)
    return replace(found, previous=previous, hedge=hedge)


def _hedge(job: Job, market: MarketSnapshot | None, sets: NamedSets, recorder: Recorder) -> HedgeOrder | None:
    if job.hedge is None or market is None:
        return None
    # Here, so that a job without hedges loads no reader of policies.
    from stresstest.batch.hedges.orders import hedge_order

    return hedge_order(job, job.hedge, market, sets.named, recorder)


def _unknown_hedged(job: Job, portfolios: Sequence[Portfolio], refused: Sequence[Refusal]) -> list[Problem]:
    """Return a problem for each portfolio to hedge that the job lacks; one that cannot be read is there."""
    unread = (name for item in refused if not item.position for name in item.names)
    known = {*(portfolio.name for portfolio in portfolios), *unread}
    return [
        Problem(
            "ST708",
            f"portfolio {name!r} to hedge",
            "a portfolio of the job, or breaching",
            job.at(f"hedge.portfolios.{name}"),
            nearest(name, known),
        )
        for name in (job.hedge.portfolios if job.hedge else ())
        if name not in known
    ]


def _inputs(
    job: Job,
    market: MarketSnapshot,
    found: tuple[tuple[Portfolio, ...], tuple[Refusal, ...]],
    sets: NamedSets,
    files: tuple[InputFile, ...],
) -> JobInputs:
    portfolios = tuple(
        replace(portfolio, currency=portfolio.currency or market.currency) for portfolio in found[0]
    )
    return JobInputs(job, market, portfolios, sets.named, sets.sampled, files, found[1])


def _portfolios(job: Job, problems: ProblemList) -> tuple[tuple[Portfolio, ...], tuple[Refusal, ...]]:
    """Return the portfolios that can be read, by name, and those that cannot; one name is taken once."""
    loaded: dict[str, Portfolio] = {}
    refused: list[Refusal] = []
    for file in portfolio_files(job, problems):
        portfolios, bad = _read(file)
        refused += bad
        for portfolio in portfolios:
            first = loaded.setdefault(portfolio.name, portfolio)
            if first is not portfolio:
                got = f"portfolio name {portfolio.name!r} stands twice, first in {first.file}"
                problem = Problem("ST702", got, "a unique name", Location(portfolio.file))
                refused.append(Refusal(portfolio.name, (problem,)))
    order = sorted(loaded)
    return tuple(loaded[name] for name in order), tuple(
        sorted(refused, key=lambda item: (item.portfolio, item.position))
    )


def _read(file: Path) -> tuple[Sequence[Portfolio], list[Refusal]]:
    """Return the portfolios of a file: one, or those of a table of accounts."""
    try:
        if file.suffix.lower() in TABLE_SUFFIXES and has_accounts(file):
            table = read_accounts(file, str(file))
            return table.portfolios, [
                Refusal(item.portfolio, item.problems, item.position) for item in table.refused
            ]
        return [load_portfolio(file)], []
    except InputError as error:
        return [], [Refusal(str(file), error.problems)]


def _market(job: Job, portfolios: Sequence[Portfolio]) -> MarketSnapshot:
    """Return the market of the job, or the one that its portfolios name, or the newest shipped."""
    if job.market:
        return _stated_market(job)
    named = {portfolio.market: portfolio for portfolio in reversed(portfolios) if portfolio.market}
    if len(named) > 1:
        markets = ", ".join(f"{market} ({first.name})" for market, first in reversed(named.items()))
        raise InputError(
            [
                Problem(
                    "ST265", f"portfolios of markets {markets}", "one market: market: …", Location(job.file)
                )
            ]
        )
    return load_market(tuple(named) or default_market())


def _stated_market(job: Job) -> MarketSnapshot:
    """Return the market that the job names; what is wrong with a name is wrong there."""
    try:
        return load_market([_market_source(job, source) for source in job.market])
    except InputError as error:
        where = job.at("market")
        raise InputError(
            [item if item.location.file else item.at(where) for item in error.problems]
        ) from None


def _market_source(job: Job, source: str) -> str:
    """Return a source of the market with its path counted from the job's folder; names stay."""
    path = job.path(source)
    return str(path) if path.exists() and ("/" in source or path.is_file()) else source


def _attempt(load: Callable[[], _Loaded], problems: ProblemList) -> _Loaded | None:
    try:
        return load()
    except InputError as error:
        problems.extend(error.problems)
        return None


def _unusable(job: Job, refused: Sequence[Refusal]) -> list[Problem]:
    """Return why no portfolio can be used: what is wrong with each, or that there is none."""
    found = [problem for item in refused for problem in item.problems]
    got = f"a job of which none of {len(refused):,} portfolios can be read"
    return [*found, Problem("ST706", got, "at least one", Location(job.file))]
