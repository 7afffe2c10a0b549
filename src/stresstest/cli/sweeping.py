"""A sweep from its options to its tables and its JSON document."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

import click
from rich.console import Console

from stresstest import api
from stresstest.cli.documents import driver_texts, notices
from stresstest.cli.json_numbers import number
from stresstest.cli.running import load_inputs
from stresstest.cli.terminal import HEAD, bar, compact, open_console, percent, plain_table, safe, signed_style
from stresstest.errors import InputError, Location, Problem, nearest
from stresstest.kernels._jit import enable_caching
from stresstest.measures.breaches import Breach, Kept
from stresstest.measures.network_holders import with_holders
from stresstest.measures.sweep import SEVERITY, Axis, Sweeper, driver_of
from stresstest.measures.turning_points import Sweep, TurningPoint, sweep
from stresstest.portfolio.model import Limit
from stresstest.quantity import QuantityError, parse_percentage
from stresstest.scenarios.drivers import NumberDriver
from stresstest.scenarios.event import NOTICE
from stresstest.scenarios.member_set import MemberSet
from stresstest.scenarios.scenario import Scenario, ScenarioSet

_BAR = 24


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


@dataclass(frozen=True, slots=True, eq=False)
class SweepReport:
    """A sweep with the scenario, the axis and the severity that it ran at."""

    result: Sweep
    scenario: Scenario
    axis: Axis
    severity: float
    market: str


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
    portfolios, scenarios, market = load_inputs(
        options.portfolios, (options.scenario,), options.markets, options.settings
    )
    scenario = _only(scenarios, options.scenario)
    axis, severity = _axis(scenario, options)
    book = api.compile_portfolios(portfolios, market, ScenarioSet((scenario,)))
    (acting,) = with_holders(ScenarioSet((scenario,)), book)
    result = sweep(Sweeper(book, acting, axis, severity), options.steps)
    return SweepReport(result, scenario, axis, severity, market.name)


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
        raise InputError([Problem("ST410", error.got, "LOW..HIGH, like 0%..200%", where)]) from None
    if found[0] < 0.0:
        raise InputError([Problem("ST410", f"range {text!r}", "severities of 0% or more", where)])
    return found


def sweep_document(report: SweepReport) -> dict[str, Any]:
    """Return the sweep as plain JSON values; P&L is null where the scenario is impossible."""
    result = report.result
    return {
        "schema": "stresstest/sweep/1",
        "scenario": report.scenario.name,
        "market": report.market,
        "horizon": report.scenario.horizon,
        "axis": report.axis.name,
        "severity": None if report.axis.name == SEVERITY else report.severity,
        "drivers": driver_texts(ScenarioSet((report.scenario,))).get(report.scenario.name, {}),
        "notices": notices(ScenarioSet((report.scenario,))),
        "x": result.x.tolist(),
        "portfolios": [_portfolio(result, place) for place in range(len(result.portfolios))],
        "impossible": [{"x": point.x, "reason": point.problem} for point in result.impossible],
    }


def _portfolio(result: Sweep, place: int) -> dict[str, Any]:
    name = result.portfolios[place]
    return {
        "name": name,
        "currency": result.currencies[place],
        "base_value": number(result.base_values[place]),
        "pnl": [number(value) for value in result.pnl[place].tolist()],
        "turning_points": [_turning_point(item) for item in result.turning_points if item.portfolio == name],
        "breaches": [_breach(item) for item in result.breaches if item.portfolio == name],
        "not_crossed": [_kept(item) for item in result.kept if item.portfolio == name],
    }


def _turning_point(item: TurningPoint) -> dict[str, Any]:
    return {
        "x": item.kink.x,
        "kind": "cliff" if item.kink.is_cliff else "kink",
        "jump": number(item.kink.jump),
        "slope_before": number(item.kink.slope_before),
        "slope_after": number(item.kink.slope_after),
        "causes": list(item.causes),
    }


def _breach(item: Breach) -> dict[str, Any]:
    return {
        "limit": item.limit.name,
        "max_loss": item.limit.max_loss,
        "of": item.limit.of,
        "x": item.x,
        "loss": number(item.loss),
        "breached": "above" if item.enters else "below",
    }


def _kept(item: Kept) -> dict[str, Any]:
    return {
        "limit": item.limit.name,
        "max_loss": item.limit.max_loss,
        "of": item.limit.of,
        "breached": item.breached,
        "largest_loss": number(item.largest_loss),
        "x": item.x,
    }


def print_sweep(console: Console, report: SweepReport) -> None:
    """Print each portfolio's curve with its bends, jumps and breaches, then what is impossible."""
    for place in range(len(report.result.portfolios)):
        _print_portfolio(console, report, place)
    result = report.result
    if report.scenario.names_defaults:
        console.print(safe(f"Note: {NOTICE}"))
    if result.impossible:
        first = result.impossible[0]
        span = f"{report.axis.text(first.x, report.scenario)} and at {len(result.impossible) - 1} more points"
        console.print(safe(f"Impossible at {span}: {first.problem}"))


def _print_portfolio(console: Console, report: SweepReport, place: int) -> None:
    result = report.result
    name, base = result.portfolios[place], result.base_values[place]
    title = f"{report.scenario.name} on {name}, base value {base:,.0f} {result.currencies[place]}"
    console.print(safe(title, HEAD))
    table = plain_table([(report.axis.name, "right"), ("P&L", "right"), ("% of base", "right"), ("", "left")])
    values = result.pnl[place].tolist()
    largest = max((abs(value) for value in values if math.isfinite(value)), default=0.0)
    for x, value in zip(result.x.tolist(), values, strict=True):
        at = report.axis.text(x, report.scenario)
        if not math.isfinite(value):
            table.add_row(at, "-", "-", "impossible")
            continue
        share = percent(100.0 * value / abs(base)) if base else "-"
        drawn = bar(value, largest, _BAR, ascii_only=console.options.ascii_only)
        table.add_row(at, safe(compact(value), signed_style(value)), share, drawn)
    console.print(table)
    _print_findings(console, report, place)
    console.print()


def _print_findings(console: Console, report: SweepReport, place: int) -> None:
    name = report.result.portfolios[place]
    for turn in (item for item in report.result.turning_points if item.portfolio == name):
        at, kink = report.axis.text(turn.kink.x, report.scenario), turn.kink
        if kink.is_cliff:
            what = f"cliff at {at}: P&L jumps by {compact(kink.jump)}"
        else:
            before, after = compact(0.01 * kink.slope_before), compact(0.01 * kink.slope_after)
            what = f"kink at {at}: from {before} to {after} a point"
        console.print(safe("; ".join((what, *turn.causes))))
    for item in (item for item in report.result.breaches if item.portfolio == name):
        side = "above" if item.enters else "below"
        at = report.axis.text(item.x, report.scenario)
        console.print(safe(f"{_limit_text(item.limit)} is breached {side} {at}"))
    for kept in (item for item in report.result.kept if item.portfolio == name):
        how = "breached over the whole range" if kept.breached else "not breached over the range"
        loss, at = percent(100.0 * kept.largest_loss), report.axis.text(kept.x, report.scenario)
        seen = f"largest loss {loss.removeprefix('+')} at {at}" if kept.largest_loss > 0.0 else "no loss seen"
        console.print(safe(f"{_limit_text(kept.limit)} is {how}: {seen}"))


def _limit_text(limit: Limit) -> str:
    most = percent(100.0 * limit.max_loss).removeprefix("+")
    return f"limit {limit.name or limit.scenario} ({most} of {limit.of})"
