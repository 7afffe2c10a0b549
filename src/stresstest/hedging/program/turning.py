"""Cones that only imply their rules, turned to where the trades are until that is of no more use."""

from __future__ import annotations

from dataclasses import dataclass, replace

from stresstest.hedging.program.outer_program import CutPool, OuterAnswer, OuterProgram, Shape
from stresstest.hedging.program.trade_limits import TradeLimits
from stresstest.hedging.program.trade_rows import TradeRows
from stresstest.hedging.tails.solvers import SolverSettings

_MOST_TURNS = 4
_GAIN = 1e-6
"""Relative gain of a turn below which there is no other."""


@dataclass(frozen=True, slots=True)
class Turned:
    """The best program found, with its answer, which records the calls of all; and a bound for every turn."""

    program: OuterProgram
    answer: OuterAnswer
    lower_bound: float


def solved_in_turns(
    rows: TradeRows, limits: TradeLimits, shape: Shape, pool: CutPool, settings: SolverSettings
) -> Turned:
    """Solve a convex program; where such a cone takes part, again from each answer while that gains.

    The first turn is the rule's own. Where it allows nothing, the next starts from the trades that are best
    without the rule. The bound is that without such cones, if any took part.
    """
    program, answer = _solved(rows, limits, shape, pool, settings)
    if not program.is_turnable:
        return Turned(program, answer, answer.lower_bound)
    free, bound = _solved(rows, limits, replace(shape, is_relaxed=True), pool, settings)
    attempts = answer.attempts + bound.attempts
    if not answer.is_found and not bound.is_found:
        return Turned(program, replace(answer, attempts=attempts), bound.lower_bound)
    at = program.found() if answer.is_found else free.found()
    for _ in range(_MOST_TURNS):
        other, turned = _solved(rows.turned(at), limits, shape, pool, settings)
        attempts += turned.attempts
        if not turned.is_found:
            break
        gain = answer.objective - turned.objective if answer.is_found else abs(turned.objective)
        if not answer.is_found or gain > 0.0:
            program, answer, at = other, turned, other.found()
        if gain <= _GAIN * abs(turned.objective):
            break
    return Turned(program, replace(answer, attempts=attempts), bound.lower_bound)


def _solved(
    rows: TradeRows, limits: TradeLimits, shape: Shape, pool: CutPool, settings: SolverSettings
) -> tuple[OuterProgram, OuterAnswer]:
    """Solve with impact as it is, which takes one round; short of an optimum, with tangents."""
    program = OuterProgram(rows, limits, shape, pool)
    answer = program.solve(settings)
    gap = abs(answer.objective - answer.lower_bound)
    if not shape.has_impact or (answer.is_found and gap <= settings.gap * abs(answer.objective)):
        return program, answer
    program = OuterProgram(rows, limits, replace(shape, is_cut=True), pool)
    found = program.solve(settings)
    return program, replace(found, attempts=answer.attempts + found.attempts)
