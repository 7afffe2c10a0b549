"""What a reader should know of who answers for scenarios, beside what compiled ones warn of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date

from stresstest.scenarios.governance import STATUSES, Governance
from stresstest.scenarios.member_set import MemberSet
from stresstest.scenarios.scenario import ScenarioSet

UNSTATED = "unstated"
"""Status of what states none."""


def left_out_notes(scenarios: ScenarioSet) -> Iterator[str]:
    """Yield a note on the retired scenarios that were left out of a library or a folder."""
    if scenarios.left_out:
        names = ", ".join(scenario.name for scenario in scenarios.left_out)
        yield f"retired and left out: {names}; asked for by name, they run"


def past_notes(scenarios: ScenarioSet, as_of: date, today: date) -> Iterator[str]:
    """Yield a note for each scenario, and the set, that holds on the market's date and no more today.

    Compiled scenarios warn of what is past on the market's date already; of a set nobody else does.
    """
    for scenario in scenarios:
        if not scenario.governance.is_past(as_of):
            yield from _past(scenario.name, scenario.governance, today)
    if isinstance(scenarios, MemberSet):
        yield from _past(f"set {scenarios.name}", scenarios.governance, max(as_of, today))


def _past(name: str, found: Governance, day: date) -> Iterator[str]:
    if found.is_past(day):
        yield f"{name}: was valid until {found.valid_until}, and it is {day}"


def status_counts(scenarios: ScenarioSet) -> dict[str, int]:
    """Return how many scenarios have each status, in the order of review; `unstated` last."""
    counts = Counter(scenario.status or UNSTATED for scenario in scenarios)
    return {status: counts[status] for status in (*STATUSES, UNSTATED) if counts[status]}
