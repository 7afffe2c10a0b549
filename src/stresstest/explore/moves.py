"""A scenario as somebody has moved it, and the columns that it makes of a market."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from stresstest.explore.recent import Recent
from stresstest.market.snapshot import MarketSnapshot
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.effects import CompiledScenarios
from stresstest.scenarios.scenario import Scenario, ScenarioSet

KEPT = 128
"""Scenarios whose columns are kept: the library at two positions of its sliders."""

_MOST_PREPARED = 256


@dataclass(frozen=True, slots=True)
class Move:
    """A scenario with its drivers set, at a severity.

    Attributes
    ----------
    scenario
        With the drivers as they stand.
    settings
        Drivers that were moved, as written: `(capex_cut, 65%)`.
    severity
        Scale of all shifts, 1 as written.
    stages
        Whether every stage is wanted: what lines state, each mechanism of the network, propagation.
    """

    scenario: Scenario
    settings: tuple[tuple[str, str], ...] = ()
    severity: float = 1.0
    stages: bool = False

    @property
    def key(self) -> tuple[str, tuple[tuple[str, str], ...], float, bool]:
        """What distinguishes it from other moves of a set of scenarios."""
        return self.scenario.name, self.settings, self.severity, self.stages


class CompiledMoves:
    """Columns of moves over one market; what lines reach is looked up once for all of them.

    Parameters
    ----------
    market
        The book's, with the factors that are private to its positions.
    """

    def __init__(self, market: MarketSnapshot) -> None:
        self.market = market
        self._directory = FactorDirectory(market)
        self._kept: Recent[Hashable, CompiledScenarios] = Recent(KEPT)

    def of(self, move: Move, acting: Hashable = None) -> CompiledScenarios:
        """Return the columns of `move`: column 0 the base, then those of its scenario.

        Parameters
        ----------
        acting
            What distinguishes the portfolios that act in its network, where they do.

        Raises
        ------
        InputError
            Where the scenario is impossible at this move.
        """
        return self._kept.get((move.key, acting), lambda: self._compiled(move))

    def _compiled(self, move: Move) -> CompiledScenarios:
        # Each value of a driver leaves lines behind in the directory: they are dropped before they are many.
        if len(self._directory.prepared) > _MOST_PREPARED:
            self._directory.prepared.clear()
        some = ScenarioSet((move.scenario,))
        return compile_scenarios(some, self._directory, move.severity, stages=move.stages)
