"""What a rule costs: the plan solved again at other amounts of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from stresstest.hedging.comparisons import Yardstick
from stresstest.hedging.policy import Rule

N_POINTS = 8


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
    """Return the frontier of `rule`; `solve` gives the best plan at an amount, None where there is none."""
    points = []
    for amount in sorted({*amounts, rule.amount}):
        found = solve(amount)
        points.append(FrontierPoint(amount, found is not None, found))
    return Frontier(rule, tuple(points))


def amounts_around(rule: Rule) -> tuple[float, ...]:
    """Return amounts worth showing: participation and shares from none to all, budgets up to three times."""
    if rule.measure == "min_participation":
        return (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
    return tuple(rule.amount * part for part in (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0))
