"""P&L split by the stages of scenarios: what lines state, each mechanism of a network, propagation, time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.networks.mechanism import Timescale
from stresstest.networks.registry import all_mechanisms
from stresstest.revaluation.result import PortfolioResult
from stresstest.scenarios.effects import DIRECT, PROPAGATED
from stresstest.scenarios.histories import AGED
from stresstest.scenarios.table import BASE

NETWORK = "network/"
"""What the names of stages of a network begin with: `network/<mechanism>/<round>`."""


_ENDS = {DIRECT: 0, PROPAGATED: 2, AGED: 3}
"""Stages that are no mechanism: what comes before all of them, and what after."""


@dataclass(frozen=True, eq=False)
class StageSplit:
    """A scenario's P&L in parts that add up to it: each is a sum of differences of neighbouring columns.

    Attributes
    ----------
    parts
        Names of stages or of mechanisms, in the order in which they happen (`in_order`).
    pnl
        `(n_parts,)` P&L of each in the portfolio's currency; gain positive.
    positions
        `(n_positions, n_parts)` the same of each position, NaN where it has no value; None where the run kept
        totals only.
    """

    scenario: str
    parts: tuple[str, ...]
    pnl: FloatArray
    positions: FloatArray | None


def mechanism_of(stage: str) -> str:
    """Return what a stage belongs to: a mechanism by its name, any other stage by its own.

    Examples
    --------
    >>> mechanism_of("network/clearing/2"), mechanism_of("direct")
    ('clearing', 'direct')
    """
    return stage.split("/")[1] if stage.startswith(NETWORK) else stage


def in_order(parts: Iterable[str]) -> tuple[str, ...]:
    """Return stages or mechanisms once each in the order in which they happen, whatever scenario has which.

    What lines state, then mechanisms as they run, round by round of their timescale; propagation; time.

    Examples
    --------
    >>> in_order(["aged", "clearing", "direct", "fire_sale", "direct"])
    ('direct', 'fire_sale', 'clearing', 'aged')
    """
    return tuple(sorted(dict.fromkeys(parts), key=_when))


def _when(part: str) -> tuple[int, int, int, int]:
    if part in _ENDS:
        return (_ENDS[part], 0, 0, 0)
    known, name = all_mechanisms(), mechanism_of(part)
    timescale = known[name].timescale if name in known else max(Timescale)
    number = int(part.rsplit("/", 1)[1]) if part.startswith(NETWORK) else 0
    return (1, timescale, number, list(known).index(name) if name in known else len(known))


def stage_split(result: PortfolioResult, scenario: str, *, rounds: bool = False) -> StageSplit:
    """Return the P&L of `result` under `scenario` by what moved it, each stage fully revalued.

    On a path the stages of all dates are added up; what time does by itself is `aged`.

    Parameters
    ----------
    result
        Of columns that hold all stages: `compile_scenarios(..., stages=True)`.
    rounds
        Whether the rounds of a mechanism are parts of their own: `network/clearing/2`.

    Raises
    ------
    KeyError
        When the result has no column of the scenario.
    ValueError
        When it holds the last stage only.
    """
    columns = result.table.columns_of(scenario).tolist()
    if not columns or scenario == BASE:
        raise KeyError(f"no scenario {scenario!r}")
    stages = [result.table.stage[column] for column in columns]
    if DIRECT not in stages:
        raise ValueError(f"the result holds the last stage of {scenario!r} only: ask for stages=True")
    names = stages if rounds else [mechanism_of(stage) for stage in stages]
    parts = in_order(names)
    steps = list(zip(names, [0, *columns], columns, strict=False))
    pnl = [
        sum(
            float(result.pnl[after]) - float(result.pnl[before])
            for name, before, after in steps
            if name == part
        )
        for part in parts
    ]
    positions = None
    if result.units is not None:
        value = result.position_value
        positions = np.zeros((len(value), len(parts)))
        for name, before, after in steps:
            positions[:, parts.index(name)] += value[:, after] - value[:, before]
    return StageSplit(scenario, parts, frozen(pnl), None if positions is None else frozen(positions))
