"""The challenger of a scenario with a network: the same lines, the factor model in the network's place."""

from __future__ import annotations

from dataclasses import replace

from stresstest.scenarios.scenario import Propagation, Scenario

REGIME = "stressed"
"""Regime of the factor model unless asked otherwise."""


def challenger_of(scenario: Scenario, regime: str = REGIME) -> Scenario:
    """Return the scenario without its network, its lines propagated by the factor model instead.

    Lines on what only networks read, such as capital expenditure or funding, stay and move nothing. A
    scenario that propagates beside its network keeps the regime that it names; the firms of the network are
    then propagated to like all others. One without a network is its own challenger.

    Examples
    --------
    >>> from stresstest.scenarios.scenario import Shock
    >>> plain = Scenario("fall", (Shock.of("spot", "-20%", region="US"),), "1m")
    >>> challenger_of(plain) is plain
    True
    """
    if scenario.network is None:
        return scenario
    return replace(scenario, network=None, propagate=scenario.propagate or Propagation(regime))
