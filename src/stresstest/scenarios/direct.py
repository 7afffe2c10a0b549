"""Direct shocks: every line of every scenario against a market, then the links, as columns of levels."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.errors import InputError, Problem, ProblemList
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot
from stresstest.scenarios.account import Account
from stresstest.scenarios.columns import FactorColumns
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.effects import CompiledScenarios
from stresstest.scenarios.implied import follow_links, linked_problems
from stresstest.scenarios.member_set import stated_severity
from stresstest.scenarios.moves import DirectMoves, direct_moves
from stresstest.scenarios.scenario import ScenarioSet
from stresstest.scenarios.table import ColumnTable

__all__ = ["CompiledScenarios", "compile_scenarios"]

LARGEST_SEVERITY = 100.0
"""Severities above 10,000 % are taken for a slip."""


def compile_scenarios(
    scenarios: ScenarioSet, market: MarketSnapshot, severity: float = 1.0
) -> CompiledScenarios:
    """Return the columns that `scenarios` make of `market`, with an account of every line.

    Each factor moves by the most specific line that reaches it; then every link whose target no line states
    moves its target. At severity 0 nothing moves, to the last bit.

    Parameters
    ----------
    severity
        Scale of all shifts in the change space: 1 as stated, 0.5 half of it, at least 0. It multiplies the
        severity that a set gives a member, the most likely one of a range.

    Raises
    ------
    InputError
        ST301-ST324 with everything that is wrong in any scenario: lines that reach nothing, collisions,
        units that do not fit, levels outside their domain, implausible sizes.
    """
    if not 0.0 <= severity <= LARGEST_SEVERITY:
        raise InputError([_severity_problem(severity)])
    problems = ProblemList()
    directory = FactorDirectory(market)
    direct = [
        direct_moves(scenario, directory, severity * stated_severity(scenarios, scenario.name), problems)
        for scenario in scenarios
    ]
    problems.raise_if_any()
    table = ColumnTable.instant(scenarios.names, [scenario.probability for scenario in scenarios])
    stated = _stated_columns(direct)
    linked = follow_links(directory, _rows(direct, market, table.n_columns), stated, table.n_columns)
    linked_problems(directory, linked, table.scenario).raise_if_any()
    accounts = [Account(directory, moves, linked, column) for column, moves in enumerate(direct, 1)]
    return CompiledScenarios(
        FactorColumns(table, market.levels, linked.moved),
        effects=tuple(chain.from_iterable(account.effects() for account in accounts)),
        warnings=tuple(chain.from_iterable(account.warnings() for account in accounts)),
        unmatched=tuple(chain.from_iterable(account.unmatched() for account in accounts)),
    )


def _severity_problem(severity: float) -> Problem:
    """Return the problem with the severity that was likely meant: 50 for 50 %."""
    suggestion = (
        f"{severity:g}%" if severity > LARGEST_SEVERITY and severity <= LARGEST_SEVERITY * 100 else ""
    )
    return Problem(
        "ST319", f"severity {severity:g}", "a number from 0 to 100 (1 is 100 %)", suggestion=suggestion
    )


def _stated_columns(direct: Sequence[DirectMoves]) -> dict[RiskFactorKey, set[int]]:
    """Return for each factor the columns in which a line states its level."""
    stated: dict[RiskFactorKey, set[int]] = {}
    for column, moves in enumerate(direct, 1):
        for key in moves.moves:
            stated.setdefault(key, set()).add(column)
    return stated


def _rows(
    direct: Sequence[DirectMoves], market: MarketSnapshot, n_columns: int
) -> dict[RiskFactorKey, FloatArray]:
    """Return `(n_columns,)` levels of each factor that some line moves away from its base."""
    rows: dict[RiskFactorKey, FloatArray] = {}
    for column, moves in enumerate(direct, 1):
        for key, move in moves.moves.items():
            base = market.levels[key]
            if move.level == base:
                continue
            if key not in rows:
                rows[key] = np.full(n_columns, base)
            rows[key][column] = move.level
    return rows
