"""A hedge from its options to its tables, its files and its JSON document."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import click

from stresstest import api
from stresstest.api.hedging import Hedge, hedge
from stresstest.cli.exit_codes import ExitCode
from stresstest.cli.hedge.document import HedgeReport, hedge_document
from stresstest.cli.hedge.options import HedgeOptions
from stresstest.cli.standard_input import readable
from stresstest.errors import InputError, ProblemList
from stresstest.hedging.plans.plan import HedgePlan
from stresstest.hedging.policies.policy import Policy
from stresstest.hedging.policies.policy_loading import load_policy
from stresstest.io.outputs import write_atomically
from stresstest.kernels._jit import enable_caching
from stresstest.market.snapshot import MarketSnapshot
from stresstest.portfolio.model import Portfolio
from stresstest.scenarios.scenario import ScenarioSet
from stresstest.scenarios.settings import with_settings

_Loaded = TypeVar("_Loaded")


def run_hedge(options: HedgeOptions) -> int:
    """Plan, write and show; return the exit status."""
    enable_caching()
    report = report_of(options)
    _write(report, options)
    if options.report is not None and report.stress is not None:
        from stresstest.cli.report.reporting import write_page

        write_page(report.stress, [Hedge(report.plan)], Path(options.report), force=options.force)
    if options.as_json:
        click.echo(_json_text(report))
    else:
        _show(report)
    return int(report.exit_code)


def report_of(options: HedgeOptions) -> HedgeReport:
    """Return the whole plan, nothing shown or written.

    Raises
    ------
    InputError
        With everything that is wrong in portfolio, policy, scenarios and market, all at once.
    """
    with readable((options.portfolio, options.policy, *options.shocks)) as sources:
        portfolio, policy, scenarios, market = _loaded(sources, options)
        found = hedge(
            portfolio,
            policy,
            scenarios,
            market,
            budget=options.budget,
            max_loss=options.max_losses,
            frontier=options.frontier,
            challenges=options.challenges,
            nodes=options.nodes,
            time_limit=options.time_limit,
            threads=options.threads,
            limit_place="--max-loss",
        )
    age = (datetime.now(UTC).date() - market.as_of).days
    stress = None if options.report is None else api.stress(portfolio, scenarios, market)
    return HedgeReport(found.plan, age, _exit_code(found), stress)


def _loaded(
    sources: tuple[str, ...], options: HedgeOptions
) -> tuple[Portfolio, Policy, ScenarioSet, MarketSnapshot]:
    """Return everything that files give; what is wrong in any of them comes at once."""
    problems = ProblemList()

    def attempt(load: Callable[[], _Loaded]) -> _Loaded | None:
        try:
            return load()
        except InputError as error:
            problems.extend(error.problems)
            return None

    portfolio = attempt(lambda: api.load_portfolio(sources[0]))
    policy = attempt(lambda: load_policy(sources[1]))
    scenarios = attempt(lambda: with_settings(api.load_scenarios(*sources[2:]), options.settings))
    own = [portfolio] if portfolio is not None else []
    market = attempt(lambda: api.load_market(*options.markets) if options.markets else api.market_of(own))
    problems.raise_if_any()
    assert portfolio is not None  # noqa: S101 - without problems everything is loaded
    assert policy is not None  # noqa: S101
    assert scenarios is not None  # noqa: S101
    assert market is not None  # noqa: S101
    return portfolio, policy, scenarios, market


def _exit_code(found: Hedge) -> ExitCode:
    return ExitCode.HEDGE_INFEASIBLE if found.plan.diagnosis is not None else ExitCode.DONE


def _write(report: HedgeReport, options: HedgeOptions) -> None:
    plan, found = report.plan, Hedge(report.plan)
    if options.output is not None:
        target = Path(options.output)
        if target.suffix.lower() == ".json":
            write_atomically(target, (_json_text(report) + "\n").encode("ascii"), options.force)
        elif plan.has_trades:
            found.write_trades(target, force=options.force)
        else:
            _tell_unwritten(options.output, plan)
    if options.hedged is not None and plan.hedged is not None:
        found.write_portfolio(options.hedged, force=options.force)
    elif options.hedged is not None:
        _tell_unwritten(options.hedged, plan)


def _tell_unwritten(target: str, plan: HedgePlan) -> None:
    """Say on standard error that a file is not written: an old one would be taken for the answer."""
    why = "there is no plan" if plan.diagnosis is not None else "there is nothing to trade"
    click.echo(f"stresstest: note: {target} is not written: {why}", err=True)


def _json_text(report: HedgeReport) -> str:
    return json.dumps(hedge_document(report), allow_nan=False)


def _show(report: HedgeReport) -> None:
    from stresstest.cli.hedge.tables import print_hedge
    from stresstest.cli.terminal import open_console

    print_hedge(open_console(), report)
