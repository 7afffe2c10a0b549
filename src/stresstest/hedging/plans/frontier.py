"""What a rule costs: the plan solved again at other amounts of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from stresstest.hedging.plans.comparisons import Yardstick
from stresstest.hedging.policies.measure_keys import Sense
from stresstest.hedging.policies.policy import Rule

COST = "cost_ceiling"


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """The best plan at one amount of a rule; without numbers where there is none."""

    amount: float
    is_plan: bool
    found: Yardstick | None


@dataclass(frozen=True, slots=True)
class Frontier:
    """Best plans over a range of amounts of one rule, all other rules kept.

    Attributes
    ----------
    points
        In order of the amount; that of the plan is among them.
    """

    rule: Rule
    points: tuple[FrontierPoint, ...]


def frontier(rule: Rule, amounts: Sequence[float], solve: Callable[[float], Yardstick | None]) -> Frontier:
    """Return the frontier of `rule`, from amounts that allow much to the first at which there is no plan.

    Parameters
    ----------
    solve
        Gives the best plan at an amount, None where there is none.
    """
    points: list[FrontierPoint] = []
    strict = rule.sense is Sense.AT_LEAST
    for amount in sorted({*amounts, rule.amount}, reverse=not strict):
        found = solve(amount)
        points.append(FrontierPoint(amount, found is not None, found))
        if found is None and (amount > rule.amount if strict else amount < rule.amount):
            break
    return Frontier(rule, tuple(sorted(points, key=lambda point: point.amount)))


def amounts_around(rule: Rule) -> tuple[float, ...]:
    """Return amounts worth showing: of participation from a fifth to all, of a budget a quarter to thrice."""
    if rule.measure == "min_participation":
        return (0.2, 0.3, 0.4, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9, 1.0)
    return tuple(rule.amount * part for part in (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0))


def cost_rule(cost: float) -> tuple[Rule, tuple[float, ...]]:
    """Return a ceiling on cost at what a plan costs, as a share of the base value, and amounts below it."""
    rule = Rule(COST, "max_cost", cost, reason="what the plan costs")
    return rule, tuple(cost * part for part in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0))
