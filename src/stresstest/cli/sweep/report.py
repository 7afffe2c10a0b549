"""A sweep with what it was asked for, before it becomes a table or a document."""

from __future__ import annotations

from dataclasses import dataclass

from stresstest.measures.sweep import Axis
from stresstest.measures.turning_points import Sweep
from stresstest.scenarios.scenario import Scenario


@dataclass(frozen=True, slots=True, eq=False)
class SweepReport:
    """A sweep with the scenario, the axis and the severity that it ran at."""

    result: Sweep
    scenario: Scenario
    axis: Axis
    severity: float
    market: str

    def at(self, x: float) -> str:
        """Return a value of the axis as people write it."""
        return self.axis.text(x, self.scenario)
