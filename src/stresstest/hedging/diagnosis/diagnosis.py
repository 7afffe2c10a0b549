"""Why no plan keeps to a policy: a minimal conflict, and the least change of each rule that ends it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from stresstest.hedging.diagnosis.conflicts import minimal_conflict, separate_conflicts

WIDTH = 1e-6
"""A repair is known this well: the amount works, and the amount less this (of the larger of 1 and itself)
does not."""

_NONE: Mapping[str, float] = {}


class Solvable(Protocol):
    """What a diagnosis asks of a program with named rules."""

    def holds(self, without: frozenset[str], amounts: Mapping[str, float]) -> bool:
        """Tell whether some plan keeps to all rules but those `without`, at `amounts` in place of theirs."""

    def nearest(self, rule: str, without: frozenset[str]) -> float | None:
        """Return the amount of `rule` nearest to its own at which a plan exists, or None where none does.

        It may be known to the tolerance of a solver only.
        """


@dataclass(frozen=True, slots=True)
class StatedRule:
    """A rule as the diagnosis sees it: its amount, on which side repairs lie, and in which steps.

    Attributes
    ----------
    loosens
        1.0 where a larger amount allows more, −1.0 where a smaller one does.
    furthest
        The amount that allows most.
    step
        Amounts come in multiples of this; 0: in any size.
    """

    name: str
    amount: float
    loosens: float
    furthest: float
    step: float = 0.0


@dataclass(frozen=True, slots=True)
class Repair:
    """The least change of one rule that lets a plan exist.

    Attributes
    ----------
    amount
        As stated.
    repaired
        The nearest amount that works; None where no amount of this rule alone does.
    dropped
        Whether leaving the rule out lets a plan exist.
    further
        The conflict that remains without the rule; empty where none does.
    """

    rule: str
    amount: float
    repaired: float | None
    dropped: bool
    further: tuple[str, ...] = ()

    @property
    def relative_change(self) -> float:
        """Size of the change relative to the amount as stated; infinite where there is no repair."""
        if self.repaired is None:
            return math.inf
        return abs(self.repaired - self.amount) / max(abs(self.amount), 1e-12)


@dataclass(frozen=True, slots=True)
class Unbounded:
    """A trade that can grow without end and improves the objective all the while."""

    instrument: str
    direction: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why there is no plan.

    Attributes
    ----------
    status
        `infeasible` or `unbounded`.
    conflict
        Rules that cannot hold together though all but any one can; empty where the rules that no policy can
        drop already conflict.
    repairs
        Of each rule of the conflict, the smallest relative change first.
    others
        Further conflicts that share no rule with the first.
    unbounded
        Set where the status says so.
    """

    status: str
    conflict: tuple[str, ...] = ()
    repairs: tuple[Repair, ...] = ()
    others: tuple[tuple[str, ...], ...] = ()
    unbounded: Unbounded | None = None
    notes: tuple[str, ...] = field(default=())


def diagnose(rules: tuple[StatedRule, ...], program: Solvable) -> Diagnosis:
    """Return why `rules` cannot hold together; they must not.

    Every repair is proved by solving: at the repaired amount there is a plan, just short of it there is none.
    """
    names = [rule.name for rule in rules]
    everything = frozenset(names)

    def holds(kept: frozenset[str]) -> bool:
        return program.holds(everything - kept, _NONE)

    first, *others = separate_conflicts(names, holds) or ((),)
    by_name = {rule.name: rule for rule in rules}
    repairs = [_repair(by_name[name], names, program, holds) for name in first]
    repairs.sort(key=lambda repair: repair.relative_change)
    return Diagnosis("infeasible", first, tuple(repairs), tuple(others))


def _repair(
    rule: StatedRule, names: list[str], program: Solvable, holds: Callable[[frozenset[str]], bool]
) -> Repair:
    others = [name for name in names if name != rule.name]
    if not holds(frozenset(others)):
        return Repair(rule.name, rule.amount, None, dropped=False, further=minimal_conflict(others, holds))

    def works(amount: float) -> bool:
        return program.holds(frozenset(), {rule.name: amount})

    found = _proved(rule, program.nearest(rule.name, frozenset()), works)
    return Repair(rule.name, rule.amount, found, dropped=True)


def _proved(rule: StatedRule, estimate: float | None, works: Callable[[float], bool]) -> float | None:
    """Return the least changed amount that works, starting from what a solver makes of it."""
    tight, loose = rule.amount, _first_working(rule, rule.amount if estimate is None else estimate, works)
    if loose is None:
        return None
    inside = loose - rule.loosens * _width(rule)
    if rule.loosens * (inside - tight) > 0.0:
        if not works(inside):
            return loose
        loose = inside
    while abs(loose - tight) > _width(rule) * (1.0 + 1e-9):
        middle = _stepped(0.5 * (tight + loose), rule)
        if middle == loose:
            middle = loose - rule.loosens * rule.step
        if works(middle):
            loose = middle
        else:
            tight = middle
    return loose


def _first_working(rule: StatedRule, estimate: float, works: Callable[[float], bool]) -> float | None:
    """Return an amount that works, sought from `estimate` outwards in growing steps."""
    gap = 0.5 * _width(rule)
    while True:
        amount = _stepped(estimate + rule.loosens * gap, rule)
        if rule.loosens * (rule.furthest - amount) <= 0.0:
            return rule.furthest if works(rule.furthest) else None
        if works(amount):
            return amount
        gap *= 8.0


def _width(rule: StatedRule) -> float:
    return rule.step or WIDTH * max(1.0, abs(rule.amount))


def _stepped(amount: float, rule: StatedRule) -> float:
    """Return `amount`, or the next multiple of the rule's step on the side that allows more."""
    if not rule.step:
        return amount
    return rule.loosens * math.ceil(rule.loosens * amount / rule.step - 1e-9) * rule.step
