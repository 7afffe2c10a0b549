"""Scenarios against a market as columns of levels: every line of every scenario, then the links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from stresstest.errors import InputError, Problem, ProblemList
from stresstest.market.snapshot import MarketSnapshot
from stresstest.scenarios.columns import FactorColumns
from stresstest.scenarios.composition import Composer
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.effects import CompiledScenarios
from stresstest.scenarios.member_set import stated_severity
from stresstest.scenarios.path_table import path_columns
from stresstest.scenarios.paths import Path, PathWalker
from stresstest.scenarios.pipeline import StatedColumns, all_moves
from stresstest.scenarios.scenario import Scenario, ScenarioSet
from stresstest.scenarios.stages import last_stage, stage_levels
from stresstest.scenarios.table import BASE, ColumnTable

__all__ = ["CompiledScenarios", "check", "compile_scenarios", "walked"]

LARGEST_SEVERITY = 100.0
"""Severities above 10,000 % are taken for a slip."""


def compile_scenarios(
    scenarios: ScenarioSet,
    market: MarketSnapshot | FactorDirectory,
    severity: float = 1.0,
    *,
    stages: bool = False,
) -> CompiledScenarios:
    """Return the columns that `scenarios` make of `market`, with an account of every line.

    Each factor moves by the most specific line that reaches it; then every link whose target no line states
    moves its target. At severity 0 nothing moves, to the last bit. A path goes on from there step by step,
    see `PathWalker`.

    Parameters
    ----------
    market
        A directory of one serves many scenarios one after the other: what lines reach is looked up once.
    severity
        Scale of all shifts in the change space: 1 as stated, 0.5 half of it, at least 0. It multiplies the
        severity that a set gives a member, the most likely one of a range.
    stages
        Whether every stage of a scenario gets a column, or only the last: `direct`, one for each step of its
        network, `propagated`.

    Raises
    ------
    InputError
        ST301-ST324 with everything that is wrong in any scenario: lines that reach nothing, collisions,
        units that do not fit, levels outside their domain, implausible sizes; ST450 and ST451 for steps out
        of order or too many dates.
    """
    if not 0.0 <= severity <= LARGEST_SEVERITY:
        raise InputError([_severity_problem(severity)])
    problems = ProblemList()
    severities = [severity * stated_severity(scenarios, name) for name in scenarios.names]
    directory = market if isinstance(market, FactorDirectory) else FactorDirectory(market)
    market = directory.market
    paths = walked(scenarios.scenarios, directory, severities, problems)
    problems.raise_if_any()
    if stages:
        paths = [_with_stages(path, directory) for path in paths]
    if stages or any(scenario.goes_on for scenario in scenarios):
        columns = path_columns(paths, market)
    else:
        table = ColumnTable.instant(scenarios.names, [scenario.probability for scenario in scenarios])
        points = [path.points[0] for path in paths]
        last = (last_stage(point.stated, point.linked, point.column) for point in points)
        table = replace(table, stage=(BASE, *last))
        columns = FactorColumns(table, market.levels, paths[0].points[0].linked.moved if paths else {})
    return _compiled(columns, paths)


def check(
    scenarios: Sequence[Scenario],
    directory: FactorDirectory,
    severities: Sequence[float],
    problems: ProblemList,
) -> None:
    """Add to `problems` what `walked` would, and keep nothing of what moves: there may be many scenarios."""
    n_before, following = len(problems), ProblemList()
    composer = Composer(directory, problems)
    stated = StatedColumns(directory, 1 + len(scenarios), following)
    later = {}
    for column, (scenario, severity) in enumerate(zip(scenarios, severities, strict=True), 1):
        moves = composer.moves(scenario, severity)
        if len(problems) == n_before:
            stated.put(column, moves)
        if scenario.goes_on:
            later[column] = moves
    if len(problems) > n_before:
        return
    linked = stated.linked()
    problems.extend(following)
    if not len(following):
        walker = PathWalker(directory, problems)
        for column, moves in later.items():
            walker.walk(moves, linked, column)


def walked(
    scenarios: Sequence[Scenario],
    directory: FactorDirectory,
    severities: Sequence[float],
    problems: ProblemList,
) -> list[Path]:
    """Return each scenario from today to its last date; add what is wrong to `problems`, and return nothing.

    Parameters
    ----------
    severities
        One of each scenario.
    """
    n_before = len(problems)
    composer = Composer(directory, problems)
    direct = [
        composer.moves(scenario, severity) for scenario, severity in zip(scenarios, severities, strict=True)
    ]
    if len(problems) > n_before:
        return []
    linked = all_moves(direct, directory, problems)
    if len(problems) > n_before:
        return []
    walker = PathWalker(directory, problems)
    paths = [walker.walk(moves, linked, column) for column, moves in enumerate(direct, 1)]
    return paths if len(problems) == n_before else []


def _with_stages(path: Path, directory: FactorDirectory) -> Path:
    points = (
        replace(point, stages=tuple(stage_levels(point.stated, point.linked, point.column, directory)))
        for point in path.points
    )
    return replace(path, points=tuple(points))


def _compiled(columns: FactorColumns, paths: Sequence[Path]) -> CompiledScenarios:
    # Of all scenarios what happens today comes first.
    accounts = [path.accounts[0] for path in paths]
    accounts += [account for path in paths for account in path.accounts[1:]]
    warnings = chain.from_iterable(account.warnings() for account in accounts)
    notes = (note for path in paths for note in path.notes)
    return CompiledScenarios(
        columns,
        tell=lambda: chain.from_iterable(account.effects() for account in accounts),
        warnings=tuple(dict.fromkeys((*warnings, *notes))),
        unmatched=tuple(chain.from_iterable(account.unmatched() for account in accounts)),
        dates={path.scenario.name: tuple(point.day for point in path.points) for path in paths},
        networks={path.scenario.name: found for path in paths if (found := path.points[-1].network)},
        restless=tuple(path.scenario.name for path in paths if _restless(path)),
    )


def _restless(path: Path) -> bool:
    """Tell whether the network of a scenario does not come to rest at some date."""
    networks = (point.network for point in path.points)
    return any(network is not None and not network.converged.all() for network in networks)


def _severity_problem(severity: float) -> Problem:
    """Return the problem with the severity that was likely meant: 50 for 50 %."""
    suggestion = (
        f"{severity:g}%" if severity > LARGEST_SEVERITY and severity <= LARGEST_SEVERITY * 100 else ""
    )
    return Problem(
        "ST319", f"severity {severity:g}", "a number from 0 to 100 (1 is 100 %)", suggestion=suggestion
    )
