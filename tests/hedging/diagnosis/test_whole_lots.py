"""Repairs in whole lots: the first amount tried at which they are found, or none."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from stresstest.hedging.diagnosis.diagnosis import Diagnosis, Repair, StatedRule
from stresstest.hedging.diagnosis.whole_lots import with_lots

RULES = (
    StatedRule("premium", 0.01, 1.0, 1.0),
    StatedRule("participation", 0.6, -1.0, 0.0),
    StatedRule("trades", 5.0, 1.0, 1e6, step=1.0),
)


def repaired(rule: str, amount: float, to: float) -> Repair:
    return Repair(rule, amount, to, dropped=True)


@pytest.mark.parametrize(
    ("repair", "works_from", "expected"),
    [
        (repaired("premium", 0.01, 0.021127), 0.0212, 0.0212),
        (repaired("premium", 0.01, 0.021127), 0.0215, 0.0217),
        (repaired("participation", 0.6, 0.313877), 0.3138, 0.3138),
        (repaired("participation", 0.6, 0.313877), 0.3130, 0.3128),
        (repaired("trades", 5.0, 7.0), 8.0, 8.0),
    ],
)
def test_the_first_amount_that_works_is_taken(repair: Repair, works_from: float, expected: float) -> None:
    loosens = next(rule.loosens for rule in RULES if rule.name == repair.rule)

    def holds(amounts: Mapping[str, float]) -> bool:
        return loosens * (amounts[repair.rule] - works_from) > -1e-12

    found = with_lots(Diagnosis("infeasible", (repair.rule,), (repair,)), RULES, holds)
    assert found.repairs[0].in_lots == pytest.approx(expected, abs=1e-12)


def test_none_is_claimed_where_none_is_found() -> None:
    found = Diagnosis(
        "infeasible",
        ("premium",),
        (repaired("premium", 0.01, 0.02), Repair("trades", 5.0, None, dropped=True)),
    )
    tried = with_lots(found, RULES, lambda amounts: len(amounts) > 1)
    assert [one.in_lots for one in tried.repairs] == [None, None]


def test_changes_made_together_are_tried_together() -> None:
    both = (repaired("premium", 0.01, 0.02), repaired("participation", 0.6, 0.3))
    asked: list[dict[str, float]] = []

    def holds(amounts: Mapping[str, float]) -> bool:
        asked.append(dict(amounts))
        return amounts["premium"] >= 0.02049

    found = with_lots(Diagnosis("infeasible", together=both), RULES, holds)
    assert all(amounts.keys() == {"premium", "participation"} for amounts in asked)
    assert [one.in_lots for one in found.together] == [pytest.approx(0.0205), pytest.approx(0.2995)]
