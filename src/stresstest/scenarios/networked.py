"""Scenarios with what their networks make of them: the moves that a network adds, and its stages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot
from stresstest.networks.cascade import MOST_ROUNDS
from stresstest.networks.oscillation import oscillation
from stresstest.scenarios.effects import DIRECT, ScenarioWarning
from stresstest.scenarios.event import NOTICE
from stresstest.scenarios.moves import DirectMoves, Move
from stresstest.scenarios.network_factors import firm_factors
from stresstest.scenarios.network_moves import NetworkMoves, network_moves

_BASE, _SHOCKED = 0, 1
"""Columns of what a network is asked: without a shock, and the scenario."""

_WITHOUT = (" without any shock", "")


@dataclass(frozen=True, slots=True, eq=False)
class Networked:
    """A scenario after its network.

    Attributes
    ----------
    direct
        What lines state.
    after
        The same with what the network moves, as if it were stated.
    network
        What became of the network; None where the scenario uses none.
    keys
        Factors that the network moves.
    """

    direct: DirectMoves
    after: DirectMoves
    network: NetworkMoves | None = None
    keys: frozenset[RiskFactorKey] = frozenset()

    def own(self) -> frozenset[RiskFactorKey]:
        """Return the factors of the network's firms, moved or not."""
        if self.network is None:
            return frozenset()
        return firm_factors(self.network.use.network, self.network.market.levels)

    def warnings(self) -> Iterator[ScenarioWarning]:
        """Yield what a reader should know of the network."""
        if self.network is None:
            return
        scenario, outcome = self.direct.scenario, self.network.outcome
        failed = self.network.newly_failed(_SHOCKED)
        if failed:
            message = f"its network lets {', '.join(failed)} fail: {NOTICE}"
            yield ScenarioWarning(scenario.name, message, scenario.at("network"))
        column = next((n for n in (_BASE, _SHOCKED) if not outcome.converged[n]), None)
        if column is not None:
            network = self.network.surroundings.network
            turn, size = oscillation(network, outcome, column), outcome.residual[column]
            message = (
                f"network {network.name} does not come to rest{_WITHOUT[column]}: after {MOST_ROUNDS} rounds "
                f"it changes by {size:.2g} along {turn}; "
                "the scenario has failed: what is priced by its firms is left without a value"
            )
            yield ScenarioWarning(scenario.name, message, scenario.at("network"))
        elif self._idle():
            ran = ", ".join(chosen.mechanism.name for chosen in self.network.use.chosen)
            message = f"its network moves no factor: nothing that is stated reaches a firm through {ran}"
            yield ScenarioWarning(scenario.name, message, scenario.at("network"))

    def _idle(self) -> bool:
        """Tell whether a network has something to act on and does nothing; on a path it may wait."""
        asked = self.network is not None and bool(self.network.stated)
        return asked and not self.keys and not self.direct.scenario.goes_on


class StagedMoves(NamedTuple):
    """Name of a stage of a column, and what is stated up to it."""

    stage: str
    moves: DirectMoves


def networked(direct: DirectMoves, market: MarketSnapshot, day: date | None = None) -> Networked:
    """Return what lines state together with what the scenario's network makes of it.

    Parameters
    ----------
    day
        Date of a path; None for a scenario of today.
    """
    if direct.scenario.network is None:
        return Networked(direct, direct)
    stated = {
        key: _column(market.levels[key], move.level)
        for key, move in direct.moves.items()
        if move.level != market.levels[key]
    }
    found = network_moves(direct.scenario, market, stated, 2, day)
    if found is None:
        return Networked(direct, direct)
    levels = found.levels
    return Networked(direct, _with(direct, levels), found, frozenset(levels))


def staged(found: Networked) -> Iterator[StagedMoves]:
    """Yield the stages before propagation: what lines state, then step by step what the network does."""
    quiet = replace(found.direct.scenario, network=None, propagate=None)
    direct = replace(found.direct, scenario=quiet)
    yield StagedMoves(DIRECT, direct)
    if found.network is not None:
        for stage in found.network.stages():
            yield StagedMoves(stage.name, _with(direct, stage.levels))


def _with(direct: DirectMoves, levels: Mapping[RiskFactorKey, FloatArray]) -> DirectMoves:
    """Return the moves with levels of factors in place of those that they have, or added."""
    added = {key: Move(float(row[_SHOCKED]), False, ()) for key, row in levels.items()}
    return replace(direct, moves={**direct.moves, **added})


def _column(base: float, level: float) -> FloatArray:
    return np.array([base, level])
