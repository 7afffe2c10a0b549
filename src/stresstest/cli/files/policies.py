"""Hedge policies for `validate` and `explain`: checked against market and library, shown rule by rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from stresstest.cli.files.kinds import is_document_of
from stresstest.cli.terminal import ASIDE, HEAD, safe
from stresstest.errors import InputError, ProblemList
from stresstest.hedging.policies.candidates import Candidate
from stresstest.hedging.policies.policy import Policy, Rule, UniverseEntry
from stresstest.hedging.policies.policy_checks import KnownScenarios, policy_problems
from stresstest.hedging.policies.policy_loading import load_policy
from stresstest.hedging.policies.policy_wording import cost_texts, objective_text, rule_text, sell_text
from stresstest.hedging.policies.universe import expand_universe
from stresstest.io.document import read_document
from stresstest.io.resources import names
from stresstest.market.snapshot import MarketSnapshot

_SHOWN = 12


@dataclass(frozen=True, slots=True)
class ExplainedPolicy:
    """A policy against a market: everything that its universe stands for."""

    policy: Policy
    market: str
    candidates: tuple[Candidate, ...]

    def of_line(self, name: str) -> tuple[Candidate, ...]:
        """Return what one line of the universe stands for."""
        return tuple(candidate for candidate in self.candidates if candidate.line == name)


def is_policy(name: str) -> bool:
    """Tell whether `name` is a shipped hedge policy, or a file that looks like one."""
    return is_document_of(name, "hedges", "universe")


def explained_policy(source: str, market: MarketSnapshot) -> ExplainedPolicy:
    """Return the policy of a name or a file with its candidates.

    Raises
    ------
    InputError
        With everything that is wrong in the file, and every name in it that the market, the library or the
        files beside it lack.
    """
    policy = load_policy(source)
    problems = ProblemList()
    problems.extend(policy_problems(policy, market, library_scenarios()))
    candidates: tuple[Candidate, ...] = ()
    try:
        candidates = expand_universe(policy, market, market.as_of)
    except InputError as error:
        problems.extend(error.problems)
    problems.raise_if_any()
    return ExplainedPolicy(policy, market.name, candidates)


def library_scenarios() -> KnownScenarios:
    """Return the scenarios of the library with their horizons, and its sampled sets."""
    horizons = {}
    for name, path in names("shocks"):
        data = read_document(path).data
        horizons[name] = str(data.get("horizon", "")) if isinstance(data, dict) else ""
    return KnownScenarios(horizons, tuple(name for name, path in names("sets") if _is_sampled(path)))


def _is_sampled(path: Path) -> bool:
    data = read_document(path).data
    return isinstance(data, dict) and "sample" in data


def policy_document(found: ExplainedPolicy) -> dict[str, Any]:
    """Return a policy as the JSON document of `explain`."""
    policy = found.policy
    return {
        "schema": "stresstest/explanation/1",
        "policy": policy.name,
        "title": policy.title,
        "horizon": policy.horizon,
        **policy.governance.as_document(),
        "market": found.market,
        "universe": [_entry(entry, found) for entry in policy.universe],
        "sell": sell_text(policy.sell),
        "objective": [
            {"text": objective_text(term), "weight": term.weight, "reason": term.reason}
            for term in policy.objective
        ],
        "costs": [{"text": text, "basis": basis} for text, basis in cost_texts(policy.costs)],
        "rules": [_rule(rule) for rule in policy.rules],
    }


def _entry(entry: UniverseEntry, found: ExplainedPolicy) -> dict[str, Any]:
    instruments = [_instrument(item) for item in found.of_line(entry.name)]
    return {"line": entry.name, "reason": entry.reason, "instruments": instruments}


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "name": rule.name,
        "measure": rule.measure,
        "amount": rule.amount,
        "sense": rule.sense.value,
        "text": rule_text(rule),
        "reason": rule.reason,
        "line": rule.location.line,
    }


def _instrument(candidate: Candidate) -> dict[str, Any]:
    return {
        "id": candidate.id,
        "label": candidate.label,
        "lot_size": candidate.lot_size,
        "cleared": candidate.cleared,
        "seller": candidate.seller,
        "source": candidate.source,
    }


def print_policy(console: Console, found: ExplainedPolicy) -> None:
    """Print a policy: what it tells, what may be bought, what is minimised, what trading costs, each rule."""
    policy = found.policy
    console.print(Text.assemble(safe(policy.name, HEAD), "  ", safe(policy.title)))
    facts = [f"hedge policy over {policy.horizon}", *policy.governance.words(), f"market {found.market}"]
    facts += [f"source {', '.join(policy.source)}"] if policy.source else []
    console.print(safe("; ".join(facts)))
    for paragraph in policy.narrative.strip().split("\n\n"):
        console.print()
        console.print(safe(" ".join(paragraph.split())))
    _print_section(console, "May be bought", [_line(found, row) for row in range(len(policy.universe))])
    _print_section(console, "May be sold", [(sell_text(policy.sell), "")])
    terms = [(objective_text(term), term.reason) for term in policy.objective]
    _print_section(console, "Minimised", terms)
    _print_section(console, "Trading costs", cost_texts(policy.costs))
    rules = [(f"{rule.name}: {rule_text(rule)}", rule.reason) for rule in policy.rules]
    _print_section(console, "Rules", rules)


def _line(found: ExplainedPolicy, row: int) -> tuple[str, str]:
    entry = found.policy.universe[row]
    items = found.of_line(entry.name)
    shown = ", ".join(item.id for item in items[:_SHOWN])
    more = f" and {len(items) - _SHOWN} more" if len(items) > _SHOWN else ""
    return f"{entry.name}: {shown}{more}", entry.reason


def _print_section(console: Console, title: str, rows: Sequence[tuple[str, str]]) -> None:
    console.print()
    console.print(safe(title, HEAD))
    for text, reason in rows:
        console.print(Padding(safe(text), (0, 0, 0, 2)))
        if reason:
            console.print(Padding(safe(" ".join(reason.split()), ASIDE), (0, 0, 0, 6)))
