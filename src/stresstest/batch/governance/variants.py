"""Variants of scenarios that a batch values beside them: challengers, and what is left without judgement.

They are columns like any other, valued in the same tasks by the same code, and stand in tables of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from stresstest.batch.jobs.job import Job
from stresstest.errors import InputError
from stresstest.market.snapshot import MarketSnapshot
from stresstest.measures.challenge import lines_alone
from stresstest.measures.judgements.shares import LAYERS, layered
from stresstest.scenarios.challenger import challenger_of
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.effects import CompiledScenarios
from stresstest.scenarios.member_set import MemberSet
from stresstest.scenarios.scenario import Scenario, ScenarioSet

MARK = "~"
"""Between the name of a scenario and that of its variant; no name that is written down holds it."""

LINES, FACTOR_MODEL = "lines", "factor_model"
"""Variants of a scenario with a network: its lines alone, and its challenger."""


def variant_name(scenario: str, variant: str) -> str:
    """Return the name of a variant's column.

    Examples
    --------
    >>> variant_name("time_bomb", FACTOR_MODEL)
    'time_bomb~factor_model'
    """
    return f"{scenario}{MARK}{variant}"


def is_variant(name: str) -> bool:
    """Tell whether a name, of a scenario or of a result of it, is that of a variant."""
    return MARK in name


def variants_of(scenario: Scenario, job: Job) -> Iterator[Scenario]:
    """Yield the variants of a scenario that a job asks for, each under its own name."""
    if job.challenger and scenario.network is not None:
        for variant, found in ((LINES, lines_alone(scenario)), (FACTOR_MODEL, challenger_of(scenario))):
            yield replace(found, name=variant_name(scenario.name, variant))
    if job.judgement:
        layers = dict(layers_of(scenario))
        yield from (replace(layer, name=name) for name, layer in layers.items() if is_variant(name))


def layers_of(scenario: Scenario) -> list[tuple[str, Scenario]]:
    """Return the scenario up to each of `LAYERS`, by the name of the column that values it.

    A layer that is the whole scenario, or the same as the one before it, has no column of its own.
    """
    layers: list[tuple[str, Scenario]] = []
    for layer, found in zip(LAYERS, layered(scenario), strict=True):
        name = variant_name(scenario.name, layer)
        if found == scenario:
            name = scenario.name
        elif layers and layers[-1][1] == found:
            name = layers[-1][0]
        layers.append((name, found))
    return layers


def compile_with_variants(
    scenarios: ScenarioSet, job: Job, market: MarketSnapshot
) -> tuple[CompiledScenarios, dict[str, str]]:
    """Return scenarios and their variants compiled, and why some have no variants, by scenario.

    Raises
    ------
    InputError
        With everything that is wrong with the scenarios themselves.
    """
    variants = {scenario.name: tuple(variants_of(scenario, job)) for scenario in scenarios}
    if not any(variants.values()):
        return compile_scenarios(scenarios, market, job.severity), {}
    try:
        return compile_scenarios(_joined(scenarios, variants), market, job.severity), {}
    except InputError:
        compile_scenarios(scenarios, market, job.severity)
    reasons = {name: reason for name, own in variants.items() if (reason := _reason(own, job, market))}
    left = {name: own for name, own in variants.items() if name not in reasons}
    return compile_scenarios(_joined(scenarios, left), market, job.severity), reasons


def _reason(variants: tuple[Scenario, ...], job: Job, market: MarketSnapshot) -> str:
    """Return why variants cannot be compiled, or nothing."""
    try:
        compile_scenarios(ScenarioSet(variants), market, job.severity)
    except InputError as error:
        return error.problems[0].got
    return ""


def _joined(scenarios: ScenarioSet, variants: dict[str, tuple[Scenario, ...]]) -> ScenarioSet:
    """Return the scenarios, then all variants, each at the severity of its scenario."""
    added = tuple(variant for own in variants.values() for variant in own)
    if not isinstance(scenarios, MemberSet):
        return ScenarioSet((*scenarios, *added))
    severities = dict(scenarios.severities)
    for name, own in variants.items():
        severities |= {variant.name: scenarios.severity_of(name) for variant in own}
    return MemberSet((*scenarios, *added), severities=severities)
