"""Stages of scenarios: levels after the lines, after each step of the network, and after propagation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from stresstest.errors import ProblemList
from stresstest.market.keys import RiskFactorKey
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.effects import DIRECT, PROPAGATED
from stresstest.scenarios.implied import LinkedMoves
from stresstest.scenarios.moves import DirectMoves
from stresstest.scenarios.networked import Networked, staged
from stresstest.scenarios.pipeline import all_moves


class StageLevels(NamedTuple):
    """Name of a stage of a column, and the levels of the factors that have moved by then."""

    stage: str
    levels: Mapping[RiskFactorKey, float]


def stage_levels(
    stated: DirectMoves, linked: LinkedMoves, column: int, directory: FactorDirectory
) -> Iterator[StageLevels]:
    """Yield the stages of a scenario that stands in a column of `linked`, the last one left out.

    Links follow at every stage, so that each is a state of the whole market.

    Parameters
    ----------
    stated
        What its lines say.
    directory
        The market today.
    """
    found = linked.networked.get(column, Networked(stated, stated))
    stages = list(staged(found))
    if stated.scenario.propagate is None:
        stages.pop()
    if not stages:
        return
    moves = all_moves([stage.moves for stage in stages], directory, ProblemList())
    base = directory.market.levels
    for number, stage in enumerate(stages, 1):
        levels = {key: float(row[number]) for key, row in moves.moved.items()}
        yield StageLevels(stage.stage, {key: level for key, level in levels.items() if level != base[key]})


def last_stage(stated: DirectMoves, linked: LinkedMoves, column: int) -> str:
    """Return the stage to which a scenario in a column of `linked` is taken."""
    if stated.scenario.propagate is not None:
        return PROPAGATED
    found = linked.networked.get(column)
    stages = () if found is None or found.network is None else found.network.outcome.stages
    return stages[-1].name if stages else DIRECT
