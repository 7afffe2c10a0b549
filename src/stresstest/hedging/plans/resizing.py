"""Scenarios at another size: all shocks, or those that rest mostly on judgement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from stresstest.scenarios.scenario import Include, Scenario, ScenarioSet

JUDGEMENT = "judgement"


def resized(scenarios: ScenarioSet, severity: float, chosen: Callable[[Scenario], bool]) -> ScenarioSet:
    """Return `scenarios` with the chosen ones at `severity`, under the names that they have.

    Paths stay as they are: their dates are part of what they say.

    Examples
    --------
    >>> from stresstest.scenarios.scenario import Shock
    >>> crash = Scenario("crash", (Shock.of("spot", "-20%", region="US"),), horizon="1m")
    >>> half = resized(ScenarioSet((crash,)), 0.5, lambda scenario: True)
    >>> half["crash"].include[0].severity
    0.5
    """
    return ScenarioSet(
        tuple(
            _at(scenario, severity) if chosen(scenario) and scenario.timing == "instant" else scenario
            for scenario in scenarios
        )
    )


def rests_on_judgement(scenario: Scenario) -> bool:
    """Tell whether more than half of the lines of a scenario, its parts included, are of judgement."""
    lines = [line.shock for line in scenario.lines]
    judged = [line for line in lines if getattr(getattr(line, "basis", None), "basis_class", "") == JUDGEMENT]
    return 2 * len(judged) > len(lines)


def _at(scenario: Scenario, severity: float) -> Scenario:
    return replace(
        Scenario(scenario.name, (), scenario.horizon, title=scenario.title, combine="override"),
        include=(Include(scenario, severity),),
        propagate=scenario.propagate,
        probability=scenario.probability,
    )
