"""How far a book is from a loss: the distance of the most plausible move of its risk factors that costs it.

No move within a distance d of today may cost more than the loss. Under any one move the hedged book's loss is
linear in the trades, whatever the instruments do: each move is a row like that of a scenario, exact under
full revaluation. There is a row for each of the moves within d, and the worst of them for a book is found by
going uphill; rows are added until a plan bears them all. So the rule is convex, and its rows bound every plan
from outside (semi-infinite programming by cutting planes: J. E. Kelley, Journal of SIAM 8 (1960) 703; A.
Mutapcic, S. Boyd, Optimization Methods and Software 24 (2009) 381, for the robust case).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import Any

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.errors import InputError
from stresstest.hedging.inputs.effects import EffectReader
from stresstest.hedging.inputs.input_building import cash_row_of
from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.inputs.move_effects import MoveEffects
from stresstest.hedging.policies.policy import Rule
from stresstest.hedging.program.trade_state import TradeState, pnl_after
from stresstest.hedging.rules.built import ROOM, Builder, BuiltRule, Cone
from stresstest.reverse.question import Question
from stresstest.reverse.search import Search
from stresstest.reverse.ways import all_ways
from stresstest.reverse.worst_move import WorstMove, worst_move

_CLOSER = 1e-7
"""Loss above the rule's within a distance that shows it to be no distance from the loss."""

_PLENTY, _PART, _MOST_CLIMBS = 0.01, 0.1, 8
"""Loss above the rule's, as a share of the base value, at which a hill need not be climbed further; below it,
the part of what is above or below the rule's loss that is still worth climbing; and how often that is asked.
"""

_ALIKE, _NEARLY, _MOST_HILLS = 0.9, 0.02, 4
"""Cosine above which two directions are on one hill, part of the base value by which a hill may cost less
than the highest to matter still, and how many hills guide at once."""


def min_reverse_distance(rule: Rule, inputs: HedgeInputs) -> BuiltRule:
    """Return the floor under the distance of the most plausible move that costs the rule's loss."""
    rows = DistanceRows(rule, inputs)
    return BuiltRule(
        rule,
        rows.measured,
        rows.linear,
        is_affine=False,
        sharpened=rows.sharpened,
        guides=rows.guides,
    )


def question_of(rule: Rule, horizon: str) -> Question:
    """Return what a rule on a distance asks: where the nearest move is that costs its loss.

    Parameters
    ----------
    horizon
        Of the policy, for a rule that states none.
    """
    terms = rule.terms
    return Question(terms.loss, terms.horizon or horizon, terms.regime, terms.factors, answers=1)


@dataclass(frozen=True, eq=False)
class StateLoss:
    """Loss of a hedged book under moves, every cost paid, as a share of the base value."""

    inputs: HedgeInputs
    moves: MoveEffects
    state: TradeState

    def __call__(self, moves: Sequence[FloatArray] | FloatArray) -> FloatArray:
        """Return `(n_moves,)` losses of moves `(n,)`."""
        found: FloatArray = -pnl_after(self.inputs, self.moves.of(moves), self.state)
        return found

    def gradient(self, move: FloatArray) -> tuple[float, FloatArray]:
        """Return the loss at a move, and `(n,)` its derivative."""
        slopes = self.moves.slopes(move)
        change = self.state.after - self.inputs.held_shares
        along = slopes.before / self.inputs.nav + change @ self.inputs.per_scale(slopes.unit)
        at = pnl_after(self.inputs, slopes.effects, self.state)
        return -float(at[0]), frozen(-along)


class DistanceRows:
    """Rows of a rule on a distance, found as they are needed."""

    def __init__(self, rule: Rule, inputs: HedgeInputs) -> None:
        self.rule, self.inputs = rule, inputs
        self._middle: TradeState | None = None
        self._borne: tuple[float, float, bytes, float] | None = None
        self._hills: list[FloatArray] = []

    @cached_property
    def moves(self) -> MoveEffects:
        """Effects of the moves that the rule is about."""
        inputs = self.inputs
        reader = EffectReader(inputs.book, inputs.lines, cash_row_of(inputs.book))
        question = question_of(self.rule, inputs.policy.horizon)
        try:
            return inputs.moves.of(reader, inputs.unit_value, question)
        except InputError as error:
            where = self.rule.places.get("factors", self.rule.location)
            raise InputError([problem.at(where) for problem in error.problems]) from error

    def linear(self, state: TradeState, amount: Any) -> list[Any]:
        """Return how much more than the rule's loss each known move costs at a distance of `amount`."""
        effects = self.moves.at(float(amount))
        if effects is None:
            return []
        return [-pnl_after(self.inputs, effects, state) - self.rule.terms.loss]

    def sharpened(self, state: TradeState, amount: float, room: float) -> bool:
        """Add the worst move for a book where it costs too much, and that for the middle of those before.

        The middle of the books asked about lies deeper inside what they are cut to, and its row cuts deeper:
        about half as many are needed.
        """
        if self._borne == (asked := (amount, room, state.after.tobytes(), float(state.cost))):
            return False
        if not self._cut(state, amount, room):
            self._borne = asked
            return False
        if room < 0.0:
            return True
        before = self._middle
        self._middle = state
        if before is not None:
            self._middle = TradeState(
                *(0.5 * (one + other) for one, other in zip(before, state, strict=True))
            )
            self._cut(self._middle, amount, room)
        return True

    def guides(self, state: TradeState, amount: Any) -> list[Cone]:
        """Return the rule with the loss made linear in the moves at those last seen to cost most.

        The most that L + gᵀ(z − z*) comes to within the distance d is L − gᵀz* + d·|g|, a cone in the trades.
        Where z* is the worst move of a book, value and slope by the trades are those of the rule itself.
        """
        return [self._guide(hill, state, float(amount)) for hill in self._hills]

    def _guide(self, hill: FloatArray, state: TradeState, amount: float) -> Cone:
        place, loss = amount * hill, self._loss(state)
        at, gradient = loss.gradient(self.moves.space.move(place))
        pulled = self.moves.space.pull(gradient)
        return Cone(amount * pulled, self.rule.terms.loss - at + float(pulled @ place))

    def measured(self, state: TradeState) -> float:
        """Return the distance of the most plausible move that costs the loss; infinite where none does."""
        loss, space, amount = self._loss(state), self.moves.space, self.rule.amount
        if float(loss(np.zeros((1, len(space.keys))))[0]) >= self.rule.terms.loss:
            return 0.0
        target = self.rule.terms.loss
        search, start = Search(loss, space, target, 1.0), amount * self._likely(state, amount)[0]
        found = search.design_point(start)
        found = found if found.reached else search.everywhere()
        while found.reached:
            closer = worst_move(loss, space, found.length, self._starts(found.coordinates), target + _CLOSER)
            if closer.loss <= target + _CLOSER:
                return found.length
            other = search.design_point(closer.coordinates)
            if not other.reached or other.length >= found.length:
                return found.length
            found = other
        return inf

    def _starts(self, ended: FloatArray) -> FloatArray:
        """Return directions to look into: where a search ended, those known, and all kinds of others."""
        length = float(np.sqrt(ended @ ended))
        known = [ended / length] if length > 0.0 else []
        return frozen(np.concatenate([np.array([*known, *self.moves.directions]), self._ways]))

    def _loss(self, state: TradeState) -> StateLoss:
        return StateLoss(self.inputs, self.moves, state)

    def _cut(self, state: TradeState, amount: float, room: float) -> bool:
        """Add the direction of the worst move within `amount` where it costs more than the rule's loss."""
        loss, space = self._loss(state), self.moves.space
        most = self.rule.terms.loss + max(room, 0.0)
        found = self._climbed(loss, amount, self._likely(state, amount), most)
        if found.loss <= most and room >= 0.0:
            found = worst_move(loss, space, amount, self._starts(found.coordinates), most)
            if found.loss <= most:
                return False
        new = frozen(found.coordinates / (amount or 1.0))
        if room < 0.0 or not self._hills:
            self._turn_to(new, loss, amount)
        self.moves.directions.append(new)
        return True

    def _climbed(self, loss: StateLoss, amount: float, start: FloatArray, most: float) -> WorstMove:
        """Return where a hill is as high as it matters, by how far it is above or below `most`."""
        space = self.moves.space
        found = worst_move(loss, space, amount, start, most + _PLENTY)
        for _ in range(_MOST_CLIMBS):
            enough = found.loss + _PART * abs(found.loss - most) + ROOM
            if found.loss > most + _PLENTY:
                break
            start = frozen(found.coordinates[np.newaxis, :] / (amount or 1.0))
            found = worst_move(loss, space, amount, start, enough)
            if found.loss <= enough:
                break
        return found

    def _turn_to(self, new: FloatArray, loss: StateLoss, amount: float) -> None:
        """Take a direction for a hill, in place of those like it and of those that are none any more."""
        others = [hill for hill in self._hills if float(hill @ new) < _ALIKE * _length(hill) * _length(new)]
        if others:
            costs = loss(self.moves.space.move(amount * np.array([new, *others])))
            others = [
                hill
                for hill, cost in zip(others, costs[1:].tolist(), strict=True)
                if cost > costs[0] - _NEARLY
            ]
        self._hills = [*others, new][-_MOST_HILLS:]

    def _likely(self, state: TradeState, amount: float) -> FloatArray:
        """Return `(1, m + n)` the known direction that costs most, or the steepest way up from base."""
        rows = self.linear(state, amount)
        if rows:
            return frozen(self.moves.directions[int(np.argmax(rows[0]))][np.newaxis, :])
        space = self.moves.space
        pulled = space.pull(self._loss(state).gradient(np.zeros(len(space.keys)))[1])
        return frozen((pulled / max(float(np.sqrt(pulled @ pulled)), 1e-300))[np.newaxis, :])

    @cached_property
    def _ways(self) -> FloatArray:
        return all_ways(self.moves.space)


def _length(coordinates: FloatArray) -> float:
    return float(np.sqrt(coordinates @ coordinates))


MEASURES: Mapping[str, Builder] = {"min_reverse_distance": min_reverse_distance}
