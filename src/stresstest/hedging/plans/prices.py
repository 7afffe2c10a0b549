"""What rules really cost a plan: solved again one step looser, and without those that forbid outright.

A multiplier is a slope at one point. It overstates a whole step, because less and less is gained, and where a
plan sits in a corner it may stand for nothing at all. Both are settled by solving again.
"""

from __future__ import annotations

from dataclasses import replace

from stresstest.hedging.plans.plan import RuleReading
from stresstest.hedging.policies.measure_keys import Sense
from stresstest.hedging.policies.policy import Rule
from stresstest.hedging.program.amount_search import furthest
from stresstest.hedging.program.program import HedgeProgram
from stresstest.hedging.rules.built import BuiltRule

WORTH_SAYING = 1e-6
"""Change of the objective, as a share of the base value, below which a rule holds nothing back."""


def loosened(rule: Rule) -> float:
    """Return the amount one step looser, or the loosest there is if that is nearer."""
    step, end = rule.definition.step, furthest(rule)
    if rule.sense is Sense.AT_MOST:
        return min(rule.amount + step, end)
    return max(rule.amount - step, end)


def settled(readings: tuple[RuleReading, ...], program: HedgeProgram) -> tuple[RuleReading, ...]:
    """Return the readings with what a step of each priced rule is worth, and a forbidding rule as a whole.

    A rule binds where that is worth something, whatever its multiplier says.

    Parameters
    ----------
    program
        That of the plan; it is solved without lots and counts.
    """
    best = program.solve(integers=False)
    if not best.is_found:
        return readings
    built = {rule.name: rule for rule in program.rules}
    return tuple(
        _settled(reading, built.get(reading.rule.name), program, best.objective) for reading in readings
    )


def _settled(
    reading: RuleReading, built: BuiltRule | None, program: HedgeProgram, objective: float
) -> RuleReading:
    name = reading.rule.name
    if built is not None and built.forbidden is not None:
        if not built.forbidden(reading.rule.amount).any():
            return replace(reading, is_binding=False)
        change = _change(program, objective, without=name)
        binds = change < -WORTH_SAYING
        return replace(reading, is_binding=binds, change_without=change if binds else None)
    if not reading.is_binding or reading.shadow_price is None:
        return reading
    change = _change(program, objective, name=name, amount=loosened(reading.rule))
    if change >= -WORTH_SAYING:
        return replace(reading, is_binding=False, shadow_price=None)
    return replace(reading, step_change=change)


def _change(
    program: HedgeProgram, objective: float, *, without: str = "", name: str = "", amount: float = 0.0
) -> float:
    """Return the change of the objective in a program with one rule loosened or left out; 0 for no answer."""
    left_out = (without,) if without else ()
    found = program.solve({name: amount} if name else {}, without=left_out, integers=False)
    return found.objective - objective if found.is_found else 0.0
