"""Rules, prices and repairs of a hedge in words: what a portfolio manager would say."""

from __future__ import annotations

import math

from stresstest.hedging.diagnosis.diagnosis import Repair
from stresstest.hedging.plans.plan import HedgePlan, RuleReading
from stresstest.hedging.policies.measure_keys import Sense, Unit
from stresstest.hedging.policies.policy import Rule
from stresstest.hedging.rules.registry import COUNTED

_ONE = {
    Unit.SHARE: "one point",
    Unit.NUMBER: "one",
    Unit.COUNT: "one",
    Unit.DAYS: "one day",
    Unit.YEARS: "one year",
}
_SCALE = {Unit.SHARE: 0.01}


def rule_text(rule: Rule) -> str:
    """Return a rule in the policy's own words: `participation: min_participation 45% in boom_continues`."""
    terms = rule.terms
    parts = [f"{rule.measure} {rule.amount_text()}"]
    parts += [f"by {terms.by}"] if terms.by else []
    parts += [f"of {terms.select.text()}"] if terms.select is not None else []
    parts += [f"to {terms.theme}"] if terms.theme else []
    parts += [f"of {terms.of}"] if terms.of not in ("", "base") else []
    parts += [f"in {terms.scenario}"] if terms.scenario else []
    parts += [f"with {', '.join(terms.with_scenarios)}"] if terms.with_scenarios else []
    return f"{rule.name}: {' '.join(parts)}"


def amount_text(rule: Rule, amount: float, outwards: float = 0.0) -> str:
    """Return an amount of a rule for readers; `outwards` 1 rounds up, −1 down, so that it still works."""
    digits = 2 if rule.definition.unit is Unit.SHARE else 3
    scaled = 100.0 * amount if rule.definition.unit is Unit.SHARE else amount
    if outwards:
        step = 10.0**-digits
        scaled = outwards * math.ceil(outwards * scaled / step - 1e-6) * step
    text = f"{scaled:.{digits}f}".rstrip("0").rstrip(".")
    return f"{text} %" if rule.definition.unit is Unit.SHARE else text


def is_counted(rule: Rule) -> bool:
    """Tell whether a rule is on sizes or numbers of trades, which have no prices."""
    return rule.measure in COUNTED


def step_of(rule: Rule) -> float:
    """Return what people call one more of an amount: a point of a share, else one."""
    return _SCALE.get(rule.definition.unit, 1.0)


def shadow_text(reading: RuleReading) -> str:
    """Return what one more of a binding rule's amount is worth, in points of the objective."""
    rule, price = reading.rule, reading.shadow_price
    if price is None:
        return "at its limit; whole trades have no price"
    unit = rule.definition.unit
    points = abs(price) * step_of(rule) * 100.0
    more = "more" if rule.sense is Sense.AT_MOST else "less"
    helps = price < 0.0 if rule.sense is Sense.AT_MOST else price > 0.0
    verb = "takes" if helps else "adds"
    side = "off" if helps else "to"
    return f"{_ONE[unit]} {more} {verb} {_points(points)} {side} the objective"


def _points(points: float) -> str:
    text = f"{points:.2f}" if points >= 0.005 else f"{points:.1e}"
    return f"{text} points" if text != "1.00" else "1 point"


def repair_text(rule: Rule, repair: Repair) -> str:
    """Return a repair as a person would state it: `premium 1.7 % instead of 1 %`."""
    if repair.repaired is not None:
        outwards = 1.0 if rule.sense is Sense.AT_MOST else -1.0
        new = amount_text(rule, repair.repaired, outwards)
        return f"{rule.name} {new} instead of {amount_text(rule, repair.amount)}"
    if repair.dropped:
        return f"{rule.name} dropped: no amount that it may have is enough"
    if len(repair.further) == 1:
        return f"{rule.name} alone does not end it: {repair.further[0]} cannot hold either"
    return f"{rule.name} alone does not end it: {', '.join(repair.further)} still conflict"


def objective_text(plan: HedgePlan) -> str:
    """Return what the policy minimises, in words."""
    parts = []
    for term in plan.policy.objective:
        what = term.minimise.replace("_", " ")
        if term.scenarios:
            what += f" over {', '.join(term.scenarios)}"
        if term.scenario_set:
            level = (
                f" at {100.0 * term.confidence_level:g} %" if term.minimise == "expected_shortfall" else ""
            )
            what += f"{level} over {term.scenario_set}"
        parts.append(what if term.weight == 1.0 else f"{term.weight:g} × {what}")
    return " + ".join(parts)
