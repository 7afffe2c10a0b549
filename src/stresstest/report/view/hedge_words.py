"""Rules and prices of a hedge in words: what a portfolio manager would say."""

from __future__ import annotations

import math

from stresstest.hedging.diagnosis.diagnosis import Repair
from stresstest.hedging.diagnosis.repair_words import amount_text
from stresstest.hedging.plans.plan import HedgePlan, RuleReading
from stresstest.hedging.policies.measure_keys import Sense, Unit
from stresstest.hedging.policies.policy import Rule
from stresstest.hedging.policies.policy_wording import distance_text

_ONE = {
    Unit.SHARE: "one point",
    Unit.NUMBER: "one",
    Unit.COUNT: "one",
    Unit.DAYS: "one day",
    Unit.YEARS: "one year",
    Unit.DISTANCE: "a tenth",
}
_TENTH = {
    Unit.SHARE: "0.1 points",
    Unit.NUMBER: "0.1",
    Unit.COUNT: "0.1",
    Unit.DAYS: "0.1 days",
    Unit.YEARS: "0.1 years",
    Unit.DISTANCE: "0.01",
}
_UNEVEN = 0.1
"""Relative difference of a whole step from its slope at the plan from which on both are told."""


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
    parts += [distance_text(terms)] if terms.loss else []
    return f"{rule.name}: {' '.join(parts)}"


def shadow_text(reading: RuleReading) -> str:
    """Return what one more of a binding rule's amount is worth, in points of the objective.

    Where the plan was solved again, that of a whole step, and the slope at the plan where it is another;
    otherwise the slope for the tenth of a step over which it is one.
    """
    rule, price = reading.rule, reading.shadow_price
    if reading.change_without is not None:
        return f"left out, it takes {_points(-100.0 * reading.change_without)} off the objective"
    if price is None:
        return "more trades would be made without it; whole trades have no price"
    unit = _ONE[rule.definition.unit]
    more = "more" if rule.sense is Sense.AT_MOST else "less"
    slope = abs(price) * rule.definition.step * 100.0
    if reading.step_change is None:
        return f"{_TENTH[rule.definition.unit]} {more} takes {_points(0.1 * slope)} off the objective"
    points = -100.0 * reading.step_change
    text = f"{unit} {more} takes {_points(points)} off the objective"
    if abs(slope - points) > _UNEVEN * points:
        text += f", at first at a rate of {slope:.2f}"
    return text


def _points(points: float) -> str:
    text = f"{points:.2f}" if points >= 0.005 else "less than 0.01"
    return f"{text} points" if text != "1.00" else "1 point"


def book_text(reading: RuleReading) -> str:
    """Return what the book has of a rule, and what the rule asks."""
    rule = reading.rule
    asked = f"The rule asks for {rule.sense.value} {amount_text(rule, rule.amount)}."
    if not math.isfinite(reading.measured):
        return f"The book as it is has nothing that the rule measures. {asked}"
    kept = "" if reading.was_broken else ", and keeps it"
    return f"The book has {amount_text(rule, reading.measured)}{kept}. {asked}"


def reachable_text(rule: Rule, repair: Repair) -> str:
    """Return the nearest amount of a rule that trades reach, and under which condition."""
    outwards = 1.0 if rule.sense is Sense.AT_MOST else -1.0
    if repair.repaired is not None:
        nearest = amount_text(rule, repair.repaired, outwards)
        return f"All other rules kept, the nearest that trades reach is {nearest}."
    if repair.dropped:
        return "No amount that it may have is enough; without the rule there is a plan."
    if repair.reachable is not None:
        nearest = amount_text(rule, repair.reachable, outwards)
        return f"The other conflicts aside, the nearest that trades reach is {nearest}."
    if len(repair.further) == 1:
        return f"No amount of it is enough: {repair.further[0]} cannot hold either."
    if repair.further:
        return f"No amount of it is enough: {', '.join(repair.further)} still conflict."
    return "No amount of it is enough."


def no_trade_text(plan: HedgePlan) -> str:
    """Return that nothing is to be done, with how far the book stays inside its loss limits."""
    worst = plan.worst
    parts = ["No trade: the book as it is keeps every rule, and no trade that they allow helps the objective"]
    if worst is not None:
        loss = -plan.percent(worst.pnl_before)
        parts.append(f"its worst {plan.policy.horizon} loss is {loss:.1f} % ({worst.name})")
    for reading in (one for one in plan.rules if one.rule.measure == "max_loss"):
        rule = reading.rule
        most, found = amount_text(rule, rule.amount), amount_text(rule, reading.measured)
        parts.append(f"{rule.name} allows {most}, and the largest loss that it counts is {found}")
    for reading in (one for one in plan.rules if one.rule.measure == "min_reverse_distance"):
        least, found = amount_text(reading.rule, reading.rule.amount), far_text(reading.measured)
        parts.append(f"{reading.rule.name} asks for a distance of {least}, and the book has {found}")
    return f"{'; '.join(parts)}."


def far_text(distance: float) -> str:
    """Return a distance for readers; of an infinite one that no move costs as much."""
    return f"{distance:.3f}" if math.isfinite(distance) else "none that costs as much"


def upside_text(plan: HedgePlan) -> str:
    """Return what is left of the boom: before and after in per cent, the part kept of a large gain."""
    found = plan.yardstick
    if found is None or math.isnan(found.boom_after):
        return ""
    before, after = 100.0 * found.boom_before, 100.0 * found.boom_after
    kept = f", {100.0 * found.participation:.1f} % of it kept" if found.is_material else ""
    return f"; in {found.boom} {before:+.1f} % becomes {after:+.1f} %{kept}"


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
