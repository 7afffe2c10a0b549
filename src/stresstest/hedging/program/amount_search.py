"""The nearest amount of a rule at which trades exist, where it cannot be a variable of the program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from stresstest.hedging.policies.measure_keys import Sense, Unit
from stresstest.hedging.policies.policy import Rule

if TYPE_CHECKING:
    from stresstest.hedging.program.program import HedgeProgram

_WIDTH = 1e-7
_STEPS = {Unit.COUNT: 1.0, Unit.DISTANCE: 0.01}
"""What amounts come in; others in any size."""


def nearest_amount(
    program: HedgeProgram, name: str, amounts: Mapping[str, float], without: frozenset[str]
) -> float | None:
    """Return the amount of rule `name` nearest to its own at which trades exist, or None where none does.

    Rules that say what may be held change at steps, which are tried one after the other. Everything else
    allows more the looser the amount: the border is found by halving.
    """
    rule = program.inputs.policy.rule(name)

    def works(amount: float) -> bool:
        return program.holds(without, {**amounts, name: amount})

    stated = amounts[name]
    if works(stated):
        return stated
    loosens = 1.0 if rule.sense is Sense.AT_MOST else -1.0
    steps = next((built.steps for built in program.rules if built.name == name), ())
    if steps:
        beyond = sorted(
            (step for step in steps if loosens * (step - stated) > 0.0), key=lambda step: loosens * step
        )
        return next((step for step in beyond if works(step)), None)
    return _border(works, stated, furthest(rule), _STEPS.get(rule.definition.unit, 0.0))


def furthest(rule: Rule) -> float:
    """Return the amount of a rule that allows most."""
    measure = rule.definition
    return measure.high if rule.sense is Sense.AT_MOST else measure.low


def _border(works: Callable[[float], bool], tight: float, loose: float, step: float) -> float | None:
    """Return an amount that works, on multiples of `step`, next to one that does not."""
    if not works(loose):
        return None
    while abs(loose - tight) > (step or _WIDTH * max(1.0, abs(tight))) * (1.0 + 1e-9):
        middle = _between(tight, loose, step)
        tight, loose = (tight, middle) if works(middle) else (middle, loose)
    return loose


def _between(tight: float, loose: float, step: float) -> float:
    """Return the middle, or the multiple of the step next to it where that lies between."""
    middle = 0.5 * (tight + loose)
    stepped = round(middle / step) * step if step else middle
    return stepped if min(tight, loose) < stepped < max(tight, loose) else middle
