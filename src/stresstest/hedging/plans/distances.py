"""How far a book is from a loss before and after a plan, looked for afresh in the books that files give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import inf, isfinite

import numpy as np

from stresstest.errors import InputError, ModelError
from stresstest.hedging.policies.policy import Policy
from stresstest.hedging.rules.reverse_distance import question_of
from stresstest.portfolio.book import Book
from stresstest.reverse.question import Question, pose

MEASURE = "min_reverse_distance"
TOLERANCE = 1e-6
"""Distance by which a plan may fall short of what its rule asks."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """The most plausible move that costs a loss.

    Attributes
    ----------
    distance
        Mahalanobis distance; infinite where no move costs that much.
    shifts
        By systematic factor of the model, in its standard deviations over the horizon.
    """

    distance: float
    shifts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class DistanceReading:
    """Distance of a book from the loss of one rule, without and with the plan.

    Attributes
    ----------
    question
        Loss, horizon, regime and factors.
    asked
        Least distance that the rule allows.
    """

    rule: str
    question: Question
    asked: float
    before: Nearest
    after: Nearest


@dataclass(frozen=True, eq=False)
class DistanceChecker:
    """Finds the nearest causes of a policy's losses in books compiled by themselves.

    Attributes
    ----------
    before, after
        The book as it is, and as its files give it after the plan.
    base_value
        Of the book as it is: what losses are shares of.
    """

    policy: Policy
    before: Book
    after: Book
    base_value: float

    def readings(self) -> tuple[DistanceReading, ...]:
        """Return the distances of all rules.

        Raises
        ------
        ModelError
            Where the hedged book is nearer to a loss than its rule allows: such a plan is refused.
        """
        found = tuple(self._readings())
        for reading in found:
            if reading.after.distance < reading.asked - TOLERANCE:
                raise ModelError(
                    f"the plan is refused: rule {reading.rule} asks for a distance of {reading.asked:.9g}, "
                    f"and in its trades file a move at {reading.after.distance:.9g} costs as much"
                )
        return found

    def _readings(self) -> Iterator[DistanceReading]:
        for rule in (rule for rule in self.policy.rules if rule.measure == MEASURE):
            question = question_of(rule, self.policy.horizon)
            sides = [self.nearest(book, question) for book in (self.before, self.after)]
            yield DistanceReading(rule.name, question, rule.amount, *sides)

    def nearest(self, book: Book, question: Question) -> Nearest:
        """Return the nearest cause of a loss against the base value of the book as it is."""
        try:
            target = pose(book, question).target
        except InputError as error:
            if any(problem.code != "ST521" for problem in error.problems):
                raise
            return Nearest(inf, {})
        nothing = target.loss.positions([np.zeros(len(target.space.keys))])
        paid = self.base_value - float(nothing.value[0] + nothing.left_out[0])
        amount = question.loss * abs(self.base_value) - paid
        if amount <= 0.0:
            return Nearest(0.0, {})
        found = replace(target, amount=amount, scale=abs(self.base_value)).answer(thorough=True)
        return Nearest(found.distance, dict(found.shifts)) if found.point.reached else Nearest(inf, {})


def largest_shifts(found: Nearest, count: int = 3) -> list[tuple[str, float]]:
    """Return the systematic factors that move most, each with its standard deviations."""
    if not isfinite(found.distance):
        return []
    return sorted(found.shifts.items(), key=lambda item: -abs(item[1]))[:count]
