"""Programs whose rules have rows without end: rows bound them from outside, cones lead to where they hold.

Rows alone come to the border in hundreds of rounds where there are dozens of trades. The cone of a rule is
the rule itself but for how its worst move bends away with the trades; where its answer is the rule's own, a
single row there makes the bound as tight as it gets (the multiplier's half-space), and to come there takes a
few rounds. Whether any trades exist is asked by the least breach: at its own worst moves it is above 0, which
rows prove, or not, which its trades show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import cvxpy as cp
import numpy as np

from stresstest.arrays import FloatArray
from stresstest.hedging.program.outer_program import BREACH, CutPool, OuterAnswer, OuterProgram, Shape
from stresstest.hedging.program.rule_rows import RuleRows
from stresstest.hedging.program.trade_limits import TradeLimits
from stresstest.hedging.program.turning import Turned, solved_in_turns
from stresstest.hedging.rules.built import ROOM
from stresstest.hedging.tails.solvers import Attempt, SolverSettings

WIDE_ROOM = 1e-7
"""Breach of a row, as a share of the base value, with which trades still show that there are some."""

MOST_ROUNDS = 40
"""Rounds after which a search ends without a proof."""

_OF_AMOUNTS = 2e-5
"""Change of an amount that was freed at which it has settled: a fifth of what is shown of it."""

_STALLED = 0.5
"""Part of the gap before that must be gone for a round without the rows of the outer answer."""


class Asked(NamedTuple):
    """Which rules are left out, and the amounts of the others."""

    without: frozenset[str]
    amounts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Guided:
    """How a search ended.

    Attributes
    ----------
    program
        The last with rows alone: for prices.
    trades
        The best trades `(n_lines,)` that keep to all rules; None where none were found.
    lower_bound
        No trades that keep to all rules have an objective below.
    amount
        Of the rule that was freed.
    """

    program: OuterProgram
    answer: OuterAnswer
    trades: FloatArray | None
    lower_bound: float
    amount: float = np.nan

    @classmethod
    def of(cls, found: Turned) -> Guided:
        """Return what one program found."""
        if not found.answer.is_found:
            return cls(found.program, found.answer, None, found.lower_bound)
        program = found.program
        amount = program.amount() if program.has_amount else np.nan
        return cls(program, found.answer, program.found(), found.lower_bound, amount)


@dataclass(frozen=True, slots=True)
class Deepest:
    """Trades `(n_lines,)` that keep to all rules; where there are none, whether that is proved."""

    trades: FloatArray | None
    is_proved: bool


class GuidedSearch:
    """Solves programs over the rows of rules, more of which are found on the way.

    Attributes
    ----------
    unproved
        Number of searches that ended at their most rounds without a proof.
    """

    def __init__(self, rows: RuleRows, pool: CutPool, settings: SolverSettings) -> None:
        self.rows, self.pool, self.settings = rows, pool, settings
        self.unproved = 0

    def best(self, asked: Asked, shape: Shape) -> Guided:
        """Return the best trades by the objective of `shape` among those that keep to all rules.

        An amount that is freed is sought until it settles; the policy's objective until its bound is reached.
        """
        room = ROOM if shape.objective == "policy" else WIDE_ROOM
        outer, best = Guided.of(self._solved(asked, shape)), None
        if outer.trades is None or not self.rows.sharpened(outer.trades, *asked, room):
            return outer
        attempts, gap = outer.answer.attempts, np.inf
        for _ in range(MOST_ROUNDS):
            inner, before = self._inner(asked, shape, room), (best, gap)
            best = inner if inner is not None else best
            outer = Guided.of(self._solved(asked, shape))
            attempts += outer.answer.attempts
            if outer.trades is None:
                break
            gap = self._gap(best, before[0], outer, shape)
            if best is not None and best.trades is not None and gap <= 0.0:
                if not self.rows.sharpened(best.trades, *asked, room):
                    break
                best, gap = None, np.inf
            elif not gap < _STALLED * before[1] and not self.rows.sharpened(outer.trades, *asked, room):
                best = outer
                break
        return self._ended(outer, best, attempts)

    def _inner(self, asked: Asked, shape: Shape, room: float) -> Guided | None:
        """Return what the guides lead to where it keeps to the rows near those known, which get its worst."""
        inner = Guided.of(self._solved(asked, shape, is_guided=True))
        near = self.deepest(asked).trades if inner.trades is None else inner.trades
        if near is None:
            return None
        is_kept = self.rows.excess(near, *asked) <= room
        return inner if is_kept and inner.trades is not None else None

    def _gap(self, best: Guided | None, before: Guided | None, outer: Guided, shape: Shape) -> float:
        """Return what is missing to an end: to the bound, or for an amount to that of the round before."""
        if best is None:
            return np.inf
        if shape.objective == "policy":
            allowed = 0.5 * self.settings.gap * abs(best.answer.objective)
            return best.answer.objective - outer.lower_bound - allowed
        if before is None:
            return np.inf
        return abs(best.answer.objective - before.answer.objective) - _OF_AMOUNTS

    def _ended(self, outer: Guided, best: Guided | None, attempts: tuple[Attempt, ...]) -> Guided:
        if best is None:
            status = outer.answer.status if outer.trades is None else cp.SOLVER_ERROR
            self.unproved += outer.trades is not None
            answer = replace(outer.answer, status=status, attempts=attempts)
            return replace(outer, answer=answer, trades=None)
        answer = replace(best.answer, attempts=attempts)
        return replace(best, program=outer.program, answer=answer, lower_bound=outer.lower_bound)

    def deepest(self, asked: Asked, limits: TradeLimits | None = None) -> Deepest:
        """Return trades that break rows without end least, as soon as they break none or none can.

        Parameters
        ----------
        limits
            Of the trades; default: those of the rules.
        """
        shape = Shape(BREACH)
        self._seed(asked)
        least, bound = np.inf, -np.inf
        for _ in range(MOST_ROUNDS):
            outer, before = Guided.of(self._solved(asked, shape, limits)), bound
            if outer.trades is None:
                return Deepest(None, outer.answer.status == cp.INFEASIBLE)
            if (bound := outer.lower_bound) > WIDE_ROOM:
                return Deepest(None, is_proved=True)
            is_slow = least - bound > _STALLED * (least - before)
            if is_slow and not self.rows.sharpened(outer.trades, *asked, WIDE_ROOM):
                return Deepest(outer.trades, is_proved=True)
            inner = Guided.of(self._solved(asked, shape, limits, is_guided=True))
            trades = outer.trades if inner.trades is None else inner.trades
            excess = self.rows.excess(trades, *asked)
            if excess <= WIDE_ROOM and not self.rows.sharpened(trades, *asked, WIDE_ROOM):
                return Deepest(trades, is_proved=True)
            least = min(least, max(excess, WIDE_ROOM))
        self.unproved += 1
        return Deepest(None, is_proved=False)

    def _seed(self, asked: Asked) -> None:
        """Let each rule have a row, without which nothing bounds how well it is kept."""
        owners = self.rows.of(*asked).owners
        if not all(rule.name in owners for rule in self.rows.open_ended(asked.without)):
            self.rows.excess(self.rows.nothing, *asked)

    def _solved(
        self, asked: Asked, shape: Shape, limits: TradeLimits | None = None, *, is_guided: bool = False
    ) -> Turned:
        rows = self.rows.guided(*asked) if is_guided else self.rows.of(*asked)
        most = self.rows.limits(*asked) if limits is None else limits
        return solved_in_turns(rows, most, shape, self.pool, self.settings)


def _better(one: Guided | None, other: Guided) -> Guided:
    return other if one is None or other.answer.objective < one.answer.objective else one
