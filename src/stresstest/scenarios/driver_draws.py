"""Drivers with a distribution in a sampled set: each member as a group of variants with drawn drivers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from stresstest.kernels.inverse_normal import fill_uniforms
from stresstest.scenarios.drivers import Driver
from stresstest.scenarios.member_set import MemberSet
from stresstest.scenarios.sample_terms import stream
from stresstest.scenarios.scenario import Scenario

VARIANTS = 32
"""Variants of a member. Each driver takes 32 values, one from each 32nd of its probability."""

_MARK = "~"
"""Stands between the name of a member and the number of a variant; no name that is written holds it."""


def with_driver_draws(scenarios: MemberSet) -> MemberSet:
    """Return the set with every member whose drivers have distributions split into equally likely variants.

    The values of a driver are the middles of 32 parts of equal probability, in an order of its own that the
    seed decides: a Latin hypercube over all drivers of the member (M. D. McKay, R. J. Beckman, W. J. Conover,
    Technometrics 21 (1979) 239). A set without distributions comes back as it is.
    """
    terms = scenarios.sample
    if terms is None or not any(distributed(scenario) for scenario in scenarios):
        return scenarios
    unstated = all(scenario.probability is None for scenario in scenarios)
    members: list[Scenario] = []
    severities, regimes = dict(scenarios.severities), dict(scenarios.regimes)
    for scenario in scenarios:
        probability = 1.0 / len(scenarios) if unstated else scenario.probability
        variants = list(_variants(scenario, terms.seed))
        share = None if probability is None else probability / len(variants)
        members += [replace(variant, probability=share) for variant in variants]
        for variant in variants:
            severities[variant.name] = scenarios.severity_of(scenario.name)
            if scenario.name in scenarios.regimes:
                regimes[variant.name] = scenarios.regimes[scenario.name]
    return replace(scenarios, scenarios=tuple(members), severities=severities, regimes=regimes)


def member_name(variant: str) -> str:
    """Return the name of the member that a variant belongs to."""
    return variant.partition(_MARK)[0]


def distributed(scenario: Scenario) -> dict[str, Driver]:
    """Return by name the drivers that have a distribution, those of included scenarios too."""
    found: dict[str, Driver] = {}
    for item in scenario.include:
        found.update(distributed(item.scenario))
    found.update({driver.name: driver for driver in scenario.drivers if driver.distribution is not None})
    return found


def _variants(scenario: Scenario, seed: int) -> Iterator[Scenario]:
    drivers = distributed(scenario)
    if not drivers:
        yield scenario
        return
    order = {name: _order(seed, f"driver/{scenario.name}/{name}") for name in drivers}
    for number in range(VARIANTS):
        values = {
            name: driver.quantile((order[name][number] + 0.5) / VARIANTS) for name, driver in drivers.items()
        }
        yield replace(scenario.with_drivers(**values), name=f"{scenario.name}{_MARK}{number}")


def _order(seed: int, purpose: str) -> list[int]:
    """Return the numbers below `VARIANTS` in random order."""
    uniform = np.empty(VARIANTS)
    fill_uniforms(seed, stream(purpose), 0, uniform)
    return [int(place) for place in np.argsort(uniform, kind="stable")]
