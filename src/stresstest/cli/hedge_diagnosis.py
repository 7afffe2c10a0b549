"""Why a policy has no plan, in its own words, and what would end that."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from stresstest.cli.hedge_words import repair_text, rule_text
from stresstest.cli.terminal import ALARM, ASIDE, HEAD
from stresstest.cli.wrapping import paragraph
from stresstest.hedging.diagnosis.diagnosis import Diagnosis
from stresstest.hedging.plans.plan import HedgePlan
from stresstest.hedging.policies.policy import BUILT_IN_RULES


def print_diagnosis(console: Console, plan: HedgePlan) -> None:
    """Print the conflict and its repairs, or the trade that has no end."""
    found = plan.diagnosis
    assert found is not None  # noqa: S101 - the caller has a diagnosis
    if found.unbounded is not None:
        name, direction = found.unbounded.instrument, found.unbounded.direction
        paragraph(console, f"UNBOUNDED: no rule limits how much {name} to {direction},", style=ALARM)
        paragraph(console, "and more of it makes the objective better without end. Cap it by a rule.")
    elif not found.conflict and found.notes:
        paragraph(console, f"INFEASIBLE: {'; '.join(found.notes)}.", style=ALARM)
    elif not found.conflict:
        rules = ", ".join(BUILT_IN_RULES)
        paragraph(console, f"INFEASIBLE: even without any rule of the policy ({rules} remain).", style=ALARM)
    else:
        _print_conflict(console, plan, found)
    console.print()


def _print_conflict(console: Console, plan: HedgePlan, found: Diagnosis) -> None:
    rules = {rule.name: rule for rule in plan.policy.rules}
    count = len(found.conflict)
    text = "one rule cannot hold" if count == 1 else f"these {count} rules cannot hold together"
    more = "" if count == 1 else "; any one of them left out, the others can"
    paragraph(console, f"INFEASIBLE: {text}{more}.", style=ALARM)
    for name in found.conflict:
        paragraph(console, rule_text(rules[name]), 2)
        if rules[name].reason:
            paragraph(console, rules[name].reason, 4, ASIDE)
    enough = [repair for repair in found.repairs if repair.dropped]
    if enough:
        console.print(Text("Each of these alone ends it, the smallest change first", HEAD))
    for repair in enough:
        paragraph(console, repair_text(rules[repair.rule], repair), 2)
    for repair in (one for one in found.repairs if not one.dropped):
        paragraph(console, f"Not enough: {repair_text(rules[repair.rule], repair)}.", style=ASIDE)
    for note in found.notes:
        paragraph(console, f"{note[0].upper()}{note[1:]}.", style=ASIDE)
    for other in found.others:
        if len(other) == 1:
            paragraph(console, f"Beside that, {rule_text(rules[other[0]])} cannot hold either.")
        else:
            paragraph(console, f"Beside that, these conflict as well: {', '.join(other)}.")
