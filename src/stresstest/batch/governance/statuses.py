"""Who answers for the scenarios of a batch: for its manifest, and in words for its summary."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from stresstest.batch.inputs.loading import JobInputs
from stresstest.scenarios.governance import Governance
from stresstest.scenarios.governance_notes import left_out_notes, status_counts
from stresstest.scenarios.member_set import MemberSet
from stresstest.scenarios.scenario import Scenario, ScenarioSet

_NAMED = 5


def scenario_governance(inputs: JobInputs) -> dict[str, Any]:
    """Return who answers for every scenario and sampled set, and how long it holds."""
    named = inputs.named or ()
    return {
        "scenarios": {scenario.name: scenario.governance.as_document() for scenario in named},
        "sets": {drawn.name: drawn.governance.as_document() for drawn in inputs.sampled},
        "left_out": [] if inputs.named is None else [one.name for one in inputs.named.left_out],
    }


def status_texts(inputs: JobInputs) -> Iterator[str]:
    """Yield what a reader should know of who answers for the scenarios, as of the market's date."""
    day = inputs.market.as_of
    if inputs.named is not None:
        counts = status_counts(inputs.named)
        yield "Status of the scenarios: " + ", ".join(f"{count} {name}" for name, count in counts.items())
        yield from _ownerless(tuple(inputs.named))
        yield from left_out_notes(inputs.named)
    for drawn in inputs.sampled:
        words = ", ".join(drawn.governance.words()) or "nobody answers for it"
        yield f"Set {drawn.name}: {words}"
    yield from past_texts(inputs, day)


def past_texts(inputs: JobInputs, day: date) -> Iterator[str]:
    """Yield what no longer holds on a day: named scenarios, sampled sets, and the members of these."""
    told: dict[str, None] = {}
    for scenarios in (inputs.named, *inputs.sampled):
        for name, found in _governed(scenarios or ScenarioSet(())):
            if found.is_past(day):
                told[f"{name}: was valid until {found.valid_until}, and it is {day}"] = None
    yield from told


def _governed(scenarios: ScenarioSet) -> Iterator[tuple[str, Governance]]:
    yield from ((scenario.name, scenario.governance) for scenario in scenarios)
    if isinstance(scenarios, MemberSet) and scenarios.name:
        yield f"set {scenarios.name}", scenarios.governance


def _ownerless(scenarios: tuple[Scenario, ...]) -> Iterator[str]:
    without = [scenario.name for scenario in scenarios if not scenario.governance.owner]
    if without:
        more = f" and {len(without) - _NAMED:,} more" if len(without) > _NAMED else ""
        yield f"Without an owner: {', '.join(without[:_NAMED])}{more}"
