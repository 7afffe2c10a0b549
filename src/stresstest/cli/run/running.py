"""A run from its options to its report: load, stress, measure, write, show."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from stresstest import api
from stresstest.cli.breakdowns.factor_document import FactorTables
from stresstest.cli.breakdowns.stage_document import MECHANISM, Stages
from stresstest.cli.exit_codes import ExitCode, gravest
from stresstest.cli.governance.document import GovernanceTables
from stresstest.cli.report.pages import require_page
from stresstest.cli.run.document import RunReport, notices, output_columns, result_document
from stresstest.cli.run.views import PortfolioView, knows, portfolio_view
from stresstest.cli.standard_input import readable
from stresstest.errors import InputError, ProblemList, ResourceError
from stresstest.io.outputs import require_format, require_free, write_atomically, write_table
from stresstest.io.resources import names
from stresstest.kernels._jit import enable_caching
from stresstest.market.snapshot import MarketSnapshot
from stresstest.measures.attributes import require_attribute
from stresstest.measures.factor_splits.delta_gamma import DeltaGamma
from stresstest.measures.factor_splits.groups import FACTOR_GROUP, FACTOR_SPLITS
from stresstest.measures.factor_splits.split import ALONE, SHAPLEY, FactorSplit
from stresstest.measures.limits import HARD, WARNING, require_scenarios
from stresstest.measures.trace import Trace, trace
from stresstest.portfolio.model import Portfolio
from stresstest.scenarios.effects import CompiledScenarios
from stresstest.scenarios.governance_notes import past_notes
from stresstest.scenarios.scenario import ScenarioSet
from stresstest.scenarios.settings import with_settings

if TYPE_CHECKING:
    from rich.console import Console

_Loaded = TypeVar("_Loaded")


@dataclass(frozen=True, slots=True)
class RunOptions:
    """Options of `stresstest run`, named as there."""

    portfolios: tuple[str, ...]
    shocks: tuple[str, ...]
    markets: tuple[str, ...]
    severity: float
    settings: tuple[str, ...]
    attributes: tuple[str, ...]
    positions: bool
    trace: str | None
    as_json: bool
    output: str | None
    force: bool
    fail_on: str | None
    threads: int | None
    memory: int | None
    card: bool = True
    rounds: bool = False
    shapley: bool = False
    delta_gamma: bool = False
    report: str | None = None
    judgement: bool = False
    challenger: bool = False
    proxies: bool = False

    @property
    def by_factors(self) -> tuple[str, ...]:
        """What P&L is split by where factors are meant: as asked, else by group where only a way is."""
        named = tuple(name for name in dict.fromkeys(self.attributes) if name in FACTOR_SPLITS)
        return named or ((FACTOR_GROUP,) if self.shapley or self.delta_gamma else ())

    @property
    def stages(self) -> bool:
        """Whether every stage of a scenario is valued."""
        return self.rounds or MECHANISM in self.attributes


def run(options: RunOptions) -> int:
    """Run, write and show; return the exit status."""
    # Before the market is built: its curves and links call kernels too, and those are to be cached.
    enable_caching()
    target = None if options.output is None else Path(options.output)
    if target is not None:
        require_format(target)
        require_free(target, options.force)
    if options.report is not None:
        require_page(Path(options.report), options.force)
    report = report_of(options)
    if options.report is not None:
        from stresstest.cli.report.reporting import write_page

        page = Path(options.report)
        write_page(report.stress, (), page, force=options.force, judgement=options.judgement)
    if target is not None:
        write_result(report, target, force=options.force)
    if options.as_json:
        click.echo(_json_text(report))
    else:
        _show(report, options)
    return gravest(report.exit_codes)


def write_result(report: RunReport, target: Path, *, force: bool) -> None:
    """Write the document of `--json`, or the table of positions and scenarios, as the suffix says."""
    if target.suffix.lower() == ".json":
        text = _json_text(report) + "\n"
        write_atomically(target, text.encode("ascii"), force)
    else:
        write_table(target, output_columns(report.views, notices(report.stress.scenarios)), force)


def _json_text(report: RunReport) -> str:
    return json.dumps(result_document(report), allow_nan=False)


def report_of(options: RunOptions) -> RunReport:
    """Return the whole result, nothing shown or written.

    Raises
    ------
    InputError
        With everything that is wrong in portfolios, scenarios and market, all at once.
    """
    with readable((*options.portfolios, *options.shocks)) as sources:
        count = len(options.portfolios)
        portfolios, scenarios, market = load_inputs(
            sources[:count], sources[count:], options.markets, options.settings
        )
        stress = api.stress(
            portfolios, scenarios, market, severity=options.severity, resources=_resources(options)
        )
    today = datetime.now(UTC).date()
    stress = _with_notes(stress, past_notes(scenarios, market.as_of, today))
    views = _views(stress, options)
    return RunReport(
        stress=stress,
        views=views,
        severity=options.severity,
        attributes=options.attributes,
        traces=_traces(stress, views, options.trace),
        market_age_days=(today - market.as_of).days,
        exit_codes=_exit_codes(stress.compiled, views, options),
        cards=stress.plausibility() if options.card else (),
        stages=_stages(options),
        factors=_factors(stress, options),
        governance=_governance(stress, options),
    )


def _views(stress: api.Stress, options: RunOptions) -> tuple[PortfolioView, ...]:
    """Return what is shown of each portfolio, once it has all that the options show of it."""
    by_name = {scenario.name: scenario for scenario in stress.scenarios}
    views = tuple(portfolio_view(held, stress.compiled, by_name) for held in stress.result.portfolios)
    _require_positions(views, options)
    _require_attributes(views, options.attributes)
    return views


def _governance(stress: api.Stress, options: RunOptions) -> GovernanceTables:
    return GovernanceTables(
        stress.assessment() if options.judgement else None,
        stress.challenges() if options.challenger else None,
        stress.proxies(),
        options.proxies,
    )


def _with_notes(stress: api.Stress, notes: Iterable[str]) -> api.Stress:
    """Return the result with notes that depend on the day of the run."""
    result = stress.result
    return replace(stress, result=replace(result, warnings=(*result.warnings, *notes)))


def _stages(options: RunOptions) -> Stages:
    return Stages(MECHANISM in options.attributes, options.rounds)


def _factors(stress: api.Stress, options: RunOptions) -> FactorTables:
    """Return the splits by factors, and the derivatives, that are asked for."""
    splits: list[FactorSplit] = []
    derivatives: list[DeltaGamma] = []
    for by in options.by_factors:
        if options.shapley or by in options.attributes:
            splits += stress.factor_splits(by, SHAPLEY if options.shapley else ALONE)
        if options.delta_gamma:
            derivatives += stress.delta_gammas(by)
    return FactorTables(tuple(splits), tuple(derivatives))


def _resources(options: RunOptions) -> api.Resources:
    memory = {} if options.memory is None else {"memory": options.memory}
    return api.Resources(options.threads, stages=options.stages, **memory)


def load_inputs(
    portfolios: tuple[str, ...],
    shocks: tuple[str, ...],
    markets: tuple[str, ...],
    settings: tuple[str, ...] = (),
) -> tuple[tuple[Portfolio, ...], ScenarioSet, MarketSnapshot]:
    """Return portfolios, scenarios and market; everything that is wrong in any of them comes at once."""
    problems = ProblemList()

    def attempt(load: Callable[[], _Loaded]) -> _Loaded | None:
        try:
            return load()
        except InputError as error:
            problems.extend(error.problems)
            return None

    found = attempt(lambda: api.load_portfolios(*portfolios))
    scenarios = attempt(lambda: with_settings(api.load_scenarios(*shocks), settings))
    market = attempt(lambda: api.load_market(*markets) if markets else api.market_of(found or ()))
    if found is not None and scenarios is not None:
        known = (*scenarios.names, *(name for name, _ in names("shocks")))
        limits = tuple(limit for portfolio in found for limit in portfolio.limits)
        attempt(lambda: require_scenarios(limits, known))
    problems.raise_if_any()
    assert found is not None  # noqa: S101 - without problems everything is loaded
    assert scenarios is not None  # noqa: S101
    assert market is not None  # noqa: S101
    return found, scenarios, market


def _require_positions(views: tuple[PortfolioView, ...], options: RunOptions) -> None:
    """Raise `ResourceError` where the run kept totals only and an option shows or writes positions."""
    written = options.output is not None and Path(options.output).suffix.lower() != ".json"
    wanted = {
        "--by": options.attributes,
        "--positions": options.positions,
        "--shapley": options.shapley,
        "--delta-gamma": options.delta_gamma,
        "--trace": options.trace is not None,
        "--output of a table": written,
    }
    asking = [option for option, given in wanted.items() if given]
    if asking and any(view.result.units is None for view in views):
        got = f"{', '.join(asking)}: the run keeps totals only in the memory that it may take"
        raise ResourceError(f"{got}; raise --memory")


def _require_attributes(views: tuple[PortfolioView, ...], attributes: tuple[str, ...]) -> None:
    """Raise `InputError` for an attribute that no portfolio knows."""
    beside = (MECHANISM, *FACTOR_SPLITS)
    for attribute in attributes:
        if attribute not in beside and not any(knows(view, attribute) for view in views):
            require_attribute(views[0].result, attribute, beside)


def _traces(
    stress: api.Stress, views: tuple[PortfolioView, ...], position: str | None
) -> dict[str, tuple[Trace, ...]]:
    """Return the traces of `position` in each portfolio that holds it; an error where none does."""
    if position is None:
        return {}
    holders = [view.result for view in views if position in view.result.position_ids] or [views[0].result]
    return {holder.name: trace(holder, stress.compiled.columns, position) for holder in holders}


def _exit_codes(
    compiled: CompiledScenarios, views: tuple[PortfolioView, ...], options: RunOptions
) -> tuple[ExitCode, ...]:
    """Return what holds. A network that does not come to rest fails its scenario, for any portfolio."""
    codes = []
    if any(view.result.failures for view in views) or compiled.restless:
        codes.append(ExitCode.NOT_VALUED)
    fires = {"limit": (HARD,), "warning": (WARNING, HARD)}.get(options.fail_on or "", ())
    if any(check.level in fires for view in views for check in view.limits):
        codes.append(ExitCode.GATE_FIRED)
    return tuple(codes)


def _show(report: RunReport, options: RunOptions) -> None:
    """Print the tables: each portfolio by itself, then all side by side."""
    from stresstest.cli.breakdowns.network_text import print_networks
    from stresstest.cli.run.matrices import print_summary
    from stresstest.cli.run.plausibility_text import print_cards
    from stresstest.cli.run.tables import print_notes
    from stresstest.cli.terminal import open_console

    console = open_console()
    for view in report.views:
        _show_portfolio(console, view, report, options)
        if len(report.views) > 1:
            console.print()
    if len(report.views) > 1:
        print_summary(console, report)
    print_networks(console, report.stress.compiled)
    print_cards(console, report.cards)
    print_notes(console, report)


def _show_portfolio(console: Console, view: PortfolioView, report: RunReport, options: RunOptions) -> None:
    from stresstest.cli.breakdowns.factor_tables import print_factors
    from stresstest.cli.breakdowns.stage_text import print_stages
    from stresstest.cli.governance.text import print_governance
    from stresstest.cli.run.details import print_positions, print_traces
    from stresstest.cli.run.matrices import print_contributions
    from stresstest.cli.run.tables import print_portfolio

    print_portfolio(console, view, report)
    print_stages(console, view, report.stages)
    print_factors(console, view, report.factors)
    print_governance(console, view, report.governance)
    for attribute in options.attributes:
        if knows(view, attribute):
            print_contributions(console, view, attribute)
    if options.positions:
        print_positions(console, view)
    print_traces(console, view.result.name, report.traces.get(view.result.name, ()))
