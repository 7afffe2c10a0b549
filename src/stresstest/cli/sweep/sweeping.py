"""A sweep from its options to its report."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import click

from stresstest import api
from stresstest.cli.run.running import load_inputs
from stresstest.cli.sweep.document import sweep_document
from stresstest.cli.sweep.report import SweepReport
from stresstest.cli.sweep.text import print_sweep
from stresstest.cli.terminal import open_console
from stresstest.errors import InputError, Location, Problem, nearest
from stresstest.kernels._jit import enable_caching
from stresstest.measures.network_holders import with_holders
from stresstest.measures.sweep import SEVERITY, Axis, Sweeper, driver_of
from stresstest.measures.turning_points import sweep
from stresstest.portfolio.model import Portfolio
from stresstest.quantity import QuantityError, parse_percentage
from stresstest.scenarios.drivers import NumberDriver
from stresstest.scenarios.member_set import MemberSet
from stresstest.scenarios.scenario import Scenario, ScenarioSet


@dataclass(frozen=True, slots=True)
class SweepOptions:
    """Options of `stresstest sweep`, named as there."""

    scenario: str
    portfolios: tuple[str, ...]
    markets: tuple[str, ...]
    severity: str | None
    set_range: str | None
    settings: tuple[str, ...]
    steps: int
    as_json: bool
    against: str | None = None


def run_sweep(options: SweepOptions) -> None:
    """Run a sweep and show it."""
    enable_caching()
    report = report_of(options)
    if options.as_json:
        click.echo(json.dumps(sweep_document(report), allow_nan=False))
    else:
        print_sweep(open_console(), report)


def report_of(options: SweepOptions) -> SweepReport:
    """Return the whole sweep, nothing shown.

    Raises
    ------
    InputError
        With everything that is wrong in the inputs, ST410 and ST411 for ranges that cannot be swept.
    """
    compared = () if options.against is None else (options.against,)
    portfolios, scenarios, market = load_inputs(
        (*options.portfolios, *compared), (options.scenario,), options.markets, options.settings
    )
    against = _against(portfolios, options.against)
    scenario = _only(scenarios, options.scenario)
    axis, severity = _axis(scenario, options)
    book = api.compile_portfolios(portfolios, market, ScenarioSet((scenario,)))
    (acting,) = with_holders(ScenarioSet((scenario,)), book)
    result = sweep(Sweeper(book, acting, axis, severity), options.steps, against)
    return SweepReport(result, scenario, axis, severity, market.name)


def _against(portfolios: Sequence[Portfolio], text: str | None) -> str:
    """Return the name of the portfolio that the others are compared with, the last; empty without one."""
    if text is None:
        return ""
    *swept, other = portfolios
    api.require_comparable(swept, other, f"--against {text}")
    return other.name


def _only(scenarios: ScenarioSet, text: str) -> Scenario:
    sampled = isinstance(scenarios, MemberSet) and scenarios.sample is not None
    if len(scenarios) != 1 or sampled:
        what = "a sampled set" if sampled else f"{len(scenarios)} scenarios"
        raise InputError([Problem("ST411", f"{what} to sweep", "one scenario", Location(text))])
    return scenarios.scenarios[0]


def _axis(scenario: Scenario, options: SweepOptions) -> tuple[Axis, float]:
    """Return what is swept, and the severity of its points where that is a driver."""
    if options.set_range is None:
        low, high = _percentages(options.severity or "0%..200%", "--severity")
        return Axis(SEVERITY, low, high), 1.0
    name, _, span = options.set_range.partition("=")
    driver = _driver(scenario, name.strip())
    low, high = _span(driver, span.strip()) if span else (driver.low, driver.high)
    text = options.severity or "100%"
    severity, other = _percentages(f"{text}..{text}" if ".." not in text else text, "--severity")
    if severity != other:
        got = "a range of severities and of a driver"
        raise InputError([Problem("ST411", got, "one range", Location(f"--severity {text}"))])
    return Axis(driver.name, low, high), severity


def _driver(scenario: Scenario, name: str) -> NumberDriver:
    driver = driver_of(scenario, name)
    if driver is not None:
        return driver
    numbers = [known for known in scenario.driver_names if driver_of(scenario, known) is not None]
    expected = f"a number driver of {scenario.name}: {', '.join(numbers)}" if numbers else "--severity"
    got = f"driver {name!r}"
    raise InputError(
        [Problem("ST411", got, expected, Location(f"--set-range {name}"), nearest(name, numbers))]
    )


def _span(driver: NumberDriver, text: str) -> tuple[float, float]:
    low, _, high = text.partition("..")
    where = Location(f"--set-range {driver.name}={text}")
    if not high:
        raise InputError([Problem("ST410", f"range {text!r}", "LOW..HIGH", where)])
    try:
        return driver.read(low.strip()), driver.read(high.strip())
    except QuantityError as error:
        raise InputError([error.problem(where)]) from None


def _percentages(text: str, option: str) -> tuple[float, float]:
    low, _, high = text.partition("..")
    where = Location(f"{option} {text}")
    try:
        found = parse_percentage(low.strip()), parse_percentage(high.strip())
    except QuantityError as error:
        got = error.got if ".." in text else f"range {text!r}"
        raise InputError([Problem("ST410", got, "LOW..HIGH, like 0%..200%", where)]) from None
    if found[0] < 0.0:
        raise InputError([Problem("ST410", f"range {text!r}", "severities of 0% or more", where)])
    return found
