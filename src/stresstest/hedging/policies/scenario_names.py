"""Scenarios that a policy names: plain ones, `a+b` with `b` on top of `a`, `a@110%` at another severity."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from stresstest.errors import InputError, Problem
from stresstest.hedging.policies.policy import ANY, WORST, Policy
from stresstest.hedging.policies.policy_files import source_of
from stresstest.scenarios.loading import load_scenarios
from stresstest.scenarios.scenario import Include, Scenario, ScenarioSet

ON_TOP, AT = "+", "@"


class ScenarioUse(NamedTuple):
    """A scenario at a severity, as an objective or a rule uses it."""

    name: str
    severity: float = 1.0

    @property
    def column_name(self) -> str:
        """Name of its column: `time_bomb`, `time_bomb@110%`."""
        return self.name if self.severity == 1.0 else f"{self.name}{AT}{100.0 * self.severity:g}%"


def composed(base: Scenario, on_top: Scenario) -> Scenario:
    """Return both at once, named `base+on_top`: where both reach a factor the larger move counts.

    So a refuge that fails in `on_top` fails, and what falls harder in `base` still does: a scenario on top of
    another never takes a part of its losses back because its own are smaller. A network of `base`, or else of
    `on_top`, works on what both state.
    """
    return Scenario(
        f"{base.name}{ON_TOP}{on_top.name}",
        (),
        base.horizon,
        title=f"{base.title or base.name}, with {on_top.title or on_top.name} on top",
        combine="worst_of_factor",
        include=(Include(base), Include(on_top)),
        propagate=base.propagate or on_top.propagate,
        network=base.network or on_top.network,
    )


def plain_names(policy: Policy) -> tuple[str, ...]:
    """Return the names of all scenarios that the objective and the rules of `policy` rest on, parts apart."""
    named = [
        *(name for term in policy.objective for name in term.scenarios),
        *(name for rule in policy.rules for name in (rule.terms.scenario, *rule.terms.with_scenarios)),
    ]
    parts = dict.fromkeys(part for name in named for part in name.split(ON_TOP))
    return tuple(name for name in parts if name and name not in (ANY, WORST))


def with_named(scenarios: ScenarioSet, policy: Policy) -> ScenarioSet:
    """Return the scenarios with those that `policy` names and that are not among them.

    They are looked for beside the policy's file, in the current folder and in the library.

    Raises
    ------
    InputError
        Where there is no scenario of such a name; ST479 where a file of that name holds another.
    """
    missing = [name for name in plain_names(policy) if name not in scenarios.names]
    if not missing:
        return ScenarioSet(tuple(scenarios))
    sources = [source_of(name, policy.location.file) for name in missing]
    found = load_scenarios(sources)
    problems = [
        Problem("ST479", f"file {source} without scenario {name!r}", "the scenario that it is called after")
        for name, source in zip(missing, sources, strict=True)
        if name not in found.names
    ]
    if problems:
        raise InputError(problems)
    return ScenarioSet((*scenarios, *found))


def scenario_called(scenarios: ScenarioSet, name: str) -> Scenario:
    """Return the scenario called `name`, composed where the name says so; raise `KeyError` for none."""
    if name in scenarios.names:
        return scenarios[name]
    base, _, on_top = name.partition(ON_TOP)
    return composed(scenarios[base], scenarios[on_top])


def uses(policy: Policy, of_horizon: tuple[str, ...], worst: str) -> Iterator[tuple[str, ScenarioUse]]:
    """Yield (`objective` or `rule`, use) for each scenario that a term or rule of `policy` rests on.

    Parameters
    ----------
    of_horizon
        Scenarios that `any` stands for.
    worst
        Scenario that `worst` stands for.
    """
    for term in policy.objective:
        for name in term.scenarios:
            for one in resolved(name, of_horizon, worst):
                yield from (("objective", ScenarioUse(one, severity)) for severity in term.severities)
    for rule in policy.rules:
        terms = rule.terms
        for one in resolved(terms.scenario, of_horizon, worst):
            yield from (("rule", ScenarioUse(one, severity)) for severity in terms.severities)
            yield from (("rule", ScenarioUse(f"{one}{ON_TOP}{top}")) for top in terms.with_scenarios)


def resolved(name: str, of_horizon: tuple[str, ...], worst: str) -> tuple[str, ...]:
    """Return the names that `name` stands for: itself, those of the horizon for `any`, one for `worst`."""
    if not name:
        return ()
    if name == ANY:
        return of_horizon
    return (worst,) if name == WORST else (name,)
