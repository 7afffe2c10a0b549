"""Why a policy has no plan, in its own words, and what would end that."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from stresstest.cli.terminal import ALARM, ASIDE, HEAD
from stresstest.cli.wrapping import paragraph
from stresstest.hedging.diagnosis.diagnosis import Diagnosis, Repair
from stresstest.hedging.diagnosis.repair_words import repair_text
from stresstest.hedging.plans.plan import HedgePlan
from stresstest.hedging.policies.policy import BUILT_IN_RULES
from stresstest.report.view.hedge_words import book_text, reachable_text, rule_text


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
        _print_conflicts(console, plan, found)
        _print_repairs(console, plan, found)
    console.print()


def _print_conflicts(console: Console, plan: HedgePlan, found: Diagnosis) -> None:
    paragraph(console, f"INFEASIBLE: {_conflict_text(found.conflict)}.", style=ALARM)
    repairs = {repair.rule: repair for repair in (*found.repairs, *found.other_repairs)}
    _print_rules(console, plan, found.conflict, repairs)
    for other in found.others:
        paragraph(console, f"Beside that, {_conflict_text(other, either=True)}.", style=ALARM)
        _print_rules(console, plan, other, repairs)


def _conflict_text(conflict: Sequence[str], *, either: bool = False) -> str:
    if len(conflict) == 1:
        return "one rule cannot hold" + (" either" if either else "")
    return f"these {len(conflict)} rules cannot hold together; any one of them left out, the others can"


def _print_rules(
    console: Console, plan: HedgePlan, conflict: Sequence[str], repairs: dict[str, Repair]
) -> None:
    """Print each rule of a conflict: what the book has, what is asked and why, what can be reached."""
    readings = {reading.rule.name: reading for reading in plan.rules}
    for name in conflict:
        rule = plan.policy.rule(name)
        paragraph(console, rule_text(rule), 2)
        sentences = [book_text(readings[name])] if name in readings else []
        sentences += [reachable_text(rule, repairs[name])] if name in repairs else []
        if sentences:
            paragraph(console, " ".join(sentences), 4)
        if rule.reason:
            paragraph(console, rule.reason, 4, ASIDE)


def _print_repairs(console: Console, plan: HedgePlan, found: Diagnosis) -> None:
    alone = [repair for repair in found.repairs if repair.dropped]
    if alone:
        console.print(Text("Each of these alone ends it, the smallest change first", HEAD))
    for repair in alone:
        paragraph(console, repair_text(plan.policy.rule(repair.rule), repair), 2)
    if found.together and not alone:
        console.print(Text("These together end it", HEAD))
        for repair in found.together:
            paragraph(console, repair_text(plan.policy.rule(repair.rule), repair), 2)
    for note in found.notes:
        paragraph(console, f"{note[0].upper()}{note[1:]}.", style=ASIDE)
