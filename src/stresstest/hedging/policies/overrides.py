"""What a user asks of a hedge beside its policy: a premium budget, loss limits by scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from stresstest.errors import Location, Problem, ProblemList, nearest
from stresstest.hedging.policies.policy import ANY, WORST, Policy, Rule, RuleTerms
from stresstest.hedging.policies.scenario_names import ON_TOP
from stresstest.scenarios.scenario import ScenarioSet

BUDGET, LIMIT = "premium_budget", "loss_limit"
_ASKED = "asked for beside the policy"


def with_budget(policy: Policy, budget: float) -> Policy:
    """Return `policy` with options for at most `budget` of the base value a year, whatever it says itself."""
    own = next((rule for rule in policy.rules if rule.measure == "max_premium"), None)
    if own is not None:
        return policy.with_rule(replace(own, amount=budget, reason=f"{own.reason} ({_ASKED})"))
    return policy.with_rule(Rule(BUDGET, "max_premium", budget, RuleTerms(), _ASKED))


def with_loss_limits(
    policy: Policy, limits: Mapping[str, float], scenarios: ScenarioSet, place: str = "max_loss"
) -> Policy:
    """Return `policy` with a rule for each scenario of `limits`, as shares of the base value.

    Parameters
    ----------
    scenarios
        Those of the run with those that the policy names.
    place
        What the user wrote the limits in, for messages.

    Raises
    ------
    InputError
        ST493 for a scenario that is unknown or of another horizon than the policy's.
    """
    problems = ProblemList()
    for name, amount in limits.items():
        where = Location(f"{place} {name}={100.0 * amount:g}%")
        problems.extend(_problems(policy, name, scenarios, where))
        terms = RuleTerms(scenario=name)
        own = (rule.name for rule in policy.rules if rule.measure == "max_loss" and rule.terms == terms)
        called = next(own, f"{LIMIT}_{name.replace(ON_TOP, '_and_')}")
        policy = policy.with_rule(Rule(called, "max_loss", amount, terms, _ASKED, where))
    problems.raise_if_any()
    return policy


def _problems(policy: Policy, name: str, scenarios: ScenarioSet, where: Location) -> list[Problem]:
    if name in (ANY, WORST):
        return []
    found = []
    base = name.split(ON_TOP, maxsplit=1)[0]
    for part in name.split(ON_TOP):
        if part not in scenarios.names:
            near = nearest(part, scenarios.names)
            found.append(Problem("ST493", f"scenario {part!r}", "a scenario of the run", where, near))
        elif part == base and scenarios[part].horizon != policy.horizon:
            got = f"scenario {part!r} over {scenarios[part].horizon}"
            expected = f"one over {policy.horizon}, the horizon of policy {policy.name}"
            found.append(Problem("ST493", got, expected, where))
    return found
