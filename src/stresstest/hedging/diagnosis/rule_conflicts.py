"""Diagnosis of a hedge program: its rules as stated amounts, its solves as yes or no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from stresstest.hedging.diagnosis.diagnosis import WIDTH, Diagnosis, StatedRule, Unbounded, diagnose
from stresstest.hedging.diagnosis.whole_lots import SHOWN, with_lots
from stresstest.hedging.policies.measure_keys import Sense, Unit
from stresstest.hedging.policies.policy import Rule
from stresstest.hedging.program.program import HedgeProgram
from stresstest.hedging.program.solution import HedgeSolution
from stresstest.hedging.rules.registry import COUNTED

_TRADED_OFF = {"max_premium": 1, "min_participation": 2, "max_loss": 3}
"""Measures that protection is traded off against: where several conflicts exist, one of these is named."""

_STEPS = {Unit.COUNT: 1.0, Unit.DISTANCE: 0.01}
"""What amounts of repairs come in; others in any size."""

BEFORE_LOTS = (
    "first amounts are exact before lots and before rules on sizes and numbers of trades, second ones keep "
    "to both"
)
UNPROVED = (
    "a search for trades that bear every move within a distance was ended before anything was proved: there "
    "may be a smaller change, or a smaller conflict"
)
WHOLE_LOTS = "with fractions of lots there is a plan, with whole lots there is none"


def unbounded_diagnosis(solution: HedgeSolution) -> Diagnosis:
    """Return which trade has no end."""
    instrument, direction = solution.unbounded or ("", "buy")
    return Diagnosis("unbounded", unbounded=Unbounded(instrument, direction))


@dataclass(frozen=True, slots=True)
class Uncounted:
    """A program without its rules on sizes and numbers of trades, which take long and seldom conflict."""

    program: HedgeProgram
    counted: frozenset[str]

    def holds(self, without: frozenset[str], amounts: Mapping[str, float]) -> bool:
        """Tell whether some trades keep to all other rules but those `without`."""
        return self.program.holds(without | self.counted, amounts)

    def nearest(self, rule: str, without: frozenset[str], amounts: Mapping[str, float]) -> float | None:
        """Return the amount nearest to that of `rule` at which trades keep to all other rules."""
        return self.program.nearest(rule, without | self.counted, amounts)


def infeasible_diagnosis(program: HedgeProgram) -> Diagnosis:
    """Return why no trades keep to every rule: without those on sizes and numbers, where that is enough.

    Every repair is exact for trades of any size; beside it stands one at which whole lots were found, sizes
    and numbers of trades as they are.
    """
    rules = sorted(program.inputs.policy.rules, key=lambda rule: _TRADED_OFF.get(rule.measure, 0))
    width = SHOWN if any(rule.sharpened is not None for rule in program.rules) else WIDTH
    stated = tuple(replace(stated_rule(rule), width=width) for rule in rules)
    counted = frozenset(rule.name for rule in rules if rule.measure in COUNTED)
    apart = Uncounted(program, counted)
    if not apart.holds(frozenset(), {}):
        found = diagnose(tuple(rule for rule in stated if rule.name not in counted), apart)
    elif program.holds():
        return Diagnosis("infeasible", notes=(WHOLE_LOTS,))
    else:
        found = diagnose(stated, program)
    found = with_lots(found, stated, program.holds_in_lots)
    is_repaired = any(repair.repaired is not None for repair in (*found.repairs, *found.together))
    notes = ((BEFORE_LOTS,) if is_repaired else ()) + ((UNPROVED,) if program.unproved else ())
    return replace(found, notes=notes)


def stated_rule(rule: Rule) -> StatedRule:
    """Return a rule as a diagnosis sees it."""
    measure = rule.definition
    at_most = measure.sense is Sense.AT_MOST
    furthest = measure.high if at_most else measure.low
    step = _STEPS.get(measure.unit, 0.0)
    return StatedRule(rule.name, rule.amount, 1.0 if at_most else -1.0, furthest, step)
