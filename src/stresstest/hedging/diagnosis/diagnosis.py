"""Why no plan keeps to a policy: a minimal conflict, and the least change of each rule that ends it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from stresstest.hedging.diagnosis.conflicts import minimal_conflict, separate_conflicts

WIDTH = 1e-6
"""A repair is known this well unless its rule says otherwise: the amount works, and the amount less this (of
the larger of 1 and itself) does not."""

_NONE: Mapping[str, float] = {}


class Solvable(Protocol):
    """What a diagnosis asks of a program with named rules."""

    def holds(self, without: frozenset[str], amounts: Mapping[str, float]) -> bool:
        """Tell whether some plan keeps to all rules but those `without`, at `amounts` in place of theirs."""

    def nearest(self, rule: str, without: frozenset[str], amounts: Mapping[str, float]) -> float | None:
        """Return the amount of `rule` nearest to its own at which a plan exists, or None where none does.

        All rules but those `without` are kept, at `amounts` in place of theirs.

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
    width
        How well a repair in any size is sought, as a part of the larger of 1 and the amount.
    """

    name: str
    amount: float
    loosens: float
    furthest: float
    step: float = 0.0
    width: float = WIDTH


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
    reachable
        The nearest amount that works where all other conflicts are settled; None where none does, or where
        what remains without the rule is no conflict apart.
    in_lots
        The nearest amount tried at which trades in whole lots are found; None where none is, or was sought.
    """

    rule: str
    amount: float
    repaired: float | None
    dropped: bool
    further: tuple[str, ...] = ()
    reachable: float | None = None
    in_lots: float | None = None

    @property
    def relative_change(self) -> float:
        """Size of the change relative to the amount as stated; infinite where there is no repair."""
        nearest = self.reachable if self.repaired is None else self.repaired
        return math.inf if nearest is None else abs(nearest - self.amount) / max(abs(self.amount), 1e-12)


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
    other_repairs
        Of each rule of those, what is reachable where all other conflicts are settled.
    together
        Where there are several conflicts, a change of one rule of each that ends all of them: none is larger
        than it must be after those before it. Empty where that is not known.
    unbounded
        Set where the status says so.
    """

    status: str
    conflict: tuple[str, ...] = ()
    repairs: tuple[Repair, ...] = ()
    others: tuple[tuple[str, ...], ...] = ()
    other_repairs: tuple[Repair, ...] = ()
    together: tuple[Repair, ...] = ()
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

    conflicts = separate_conflicts(names, holds) or ((),)
    first, others = conflicts[0], conflicts[1:]
    search = _Search({rule.name: rule for rule in rules}, program, holds)
    repairs = sorted(search.repairs(first, others), key=lambda repair: repair.relative_change)
    if not others:
        return Diagnosis("infeasible", first, tuple(repairs))
    apart = [search.reachable(own, [one for one in conflicts if one != own]) for own in others]
    together = search.together([repairs, *apart])
    flat = tuple(repair for own in apart for repair in own)
    return Diagnosis("infeasible", first, tuple(repairs), others, flat, together)


@dataclass(frozen=True, slots=True)
class _Search:
    """Repairs of rules by name."""

    rules: Mapping[str, StatedRule]
    program: Solvable
    holds: Callable[[frozenset[str]], bool]

    def repairs(self, conflict: tuple[str, ...], others: Sequence[tuple[str, ...]]) -> list[Repair]:
        """Return the change of each rule of `conflict` that ends it alone, or what remains without it."""
        return [self._repair(self.rules[name], others) for name in conflict]

    def reachable(self, conflict: tuple[str, ...], others: Sequence[tuple[str, ...]]) -> list[Repair]:
        """Return the change of each rule of `conflict` that ends it where `others` are settled."""
        return [self._apart(self.rules[name], others) for name in conflict]

    def together(self, repairs: Sequence[Sequence[Repair]]) -> tuple[Repair, ...]:
        """Return a change of the rule of each conflict that has to change least, one after the other."""
        chosen = [min(own, key=lambda repair: repair.relative_change).rule for own in repairs]
        amounts: dict[str, float] = {}
        for place, name in enumerate(chosen):
            found = self._nearest(self.rules[name], frozenset(chosen[place + 1 :]), amounts)
            if found is None:
                return ()
            amounts[name] = found
        return tuple(
            Repair(name, self.rules[name].amount, amount, dropped=True) for name, amount in amounts.items()
        )

    def _repair(self, rule: StatedRule, others: Sequence[tuple[str, ...]]) -> Repair:
        left = [name for name in self.rules if name != rule.name]
        if not self.holds(frozenset(left)):
            further = minimal_conflict(left, self.holds)
            return replace(self._apart(rule, others), further=further)
        found = self._nearest(rule, frozenset(), _NONE)
        return Repair(rule.name, rule.amount, found, dropped=True, reachable=found)

    def _apart(self, rule: StatedRule, others: Sequence[tuple[str, ...]]) -> Repair:
        settled = frozenset(name for conflict in others for name in conflict)
        found = self._nearest(rule, settled, _NONE) if settled else None
        return Repair(rule.name, rule.amount, None, dropped=False, reachable=found)

    def _nearest(
        self, rule: StatedRule, without: frozenset[str], amounts: Mapping[str, float]
    ) -> float | None:
        """Return the nearest amount of `rule` that works without some rules and at `amounts` of others."""

        def works(amount: float) -> bool:
            return self.program.holds(without, {**amounts, rule.name: amount})

        return _proved(rule, self.program.nearest(rule.name, without, amounts), works)


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
    return rule.step or rule.width * max(1.0, abs(rule.amount))


def _stepped(amount: float, rule: StatedRule) -> float:
    """Return `amount`, or the next multiple of the rule's step on the side that allows more."""
    if not rule.step:
        return amount
    return rule.loosens * math.ceil(rule.loosens * amount / rule.step - 1e-9) * rule.step
