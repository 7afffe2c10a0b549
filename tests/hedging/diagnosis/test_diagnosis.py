"""Diagnoses of toy programs whose conflicts and repairs are known by hand."""

from __future__ import annotations

import pytest
from tests.hedging.linear_rules import LinearProgram, LinearRule

from stresstest.hedging.diagnosis.diagnosis import WIDTH, Diagnosis, diagnose

# x: share sold, y: puts bought. Loss 40 − 40 x − 50 y, upside kept 1 − x − 0.2 y.
BYSTANDERS = (
    LinearRule("turnover", (1.0, 0.0), 0.9),
    LinearRule("weights", (0.5, 0.1), 3.0),
    LinearRule("cash", (1.0, 1.0), 0.0, at_most=False),
)
LOSS = LinearRule("halve_it", (40.0, 50.0), 20.0, at_most=False)
UPSIDE = LinearRule("participation", (-1.0, -0.2), -0.4, at_most=False)
PREMIUM = LinearRule("premium", (0.0, 1.0), 0.03)


def diagnosed(*rules: LinearRule, noise: float = 0.0, blind: str = "") -> tuple[Diagnosis, LinearProgram]:
    program = LinearProgram(rules, noise, frozenset({blind}))
    return diagnose(tuple(rule.stated() for rule in rules), program), program


def test_the_known_core_is_found_and_nothing_beside_it() -> None:
    found, program = diagnosed(*BYSTANDERS, LOSS, UPSIDE, PREMIUM)
    assert set(found.conflict) == {"halve_it", "participation", "premium"}
    assert found.others == ()
    for rule in found.conflict:
        assert program.holds(frozenset({rule}), {})


def test_repairs_are_the_least_that_work() -> None:
    found, program = diagnosed(*BYSTANDERS, LOSS, UPSIDE, PREMIUM)
    by_rule = {repair.rule: repair for repair in found.repairs}
    # By hand: x = 0.4 − 0.2 y saves 16 + 42 y; with y = 0.03 that is 17.26.
    assert by_rule["halve_it"].repaired == pytest.approx(17.26, abs=1e-4)
    assert by_rule["premium"].repaired == pytest.approx(4.0 / 42.0, abs=1e-5)
    # y = 0.03 saves 1.5, so that x = 18.5 ÷ 40 is sold: 0.4625 + 0.006 given up.
    assert by_rule["participation"].repaired == pytest.approx(-0.4685, abs=1e-5)
    for name, repair in by_rule.items():
        assert program.holds(frozenset(), {name: repair.repaired})
        stated = {rule.name: rule.stated() for rule in program.rules}[name]
        inside = repair.repaired - stated.loosens * 2.0 * WIDTH * max(1.0, abs(stated.amount))
        assert not program.holds(frozenset(), {name: inside})
    assert [repair.rule for repair in found.repairs] == ["halve_it", "participation", "premium"]


@pytest.mark.parametrize("noise", [-1e-3, -1e-7, 1e-7, 1e-3])
def test_a_solver_that_is_a_little_wrong_changes_no_repair(noise: float) -> None:
    found, _ = diagnosed(*BYSTANDERS, LOSS, UPSIDE, PREMIUM, noise=noise)
    assert {r.rule: r.repaired for r in found.repairs}["premium"] == pytest.approx(4.0 / 42.0, abs=3 * WIDTH)


def test_a_rule_that_no_solver_can_relax_is_repaired_by_search() -> None:
    found, _ = diagnosed(*BYSTANDERS, LOSS, UPSIDE, PREMIUM, blind="premium")
    assert {r.rule: r.repaired for r in found.repairs}["premium"] == pytest.approx(4.0 / 42.0, abs=3 * WIDTH)


def test_amounts_that_come_in_steps_are_repaired_in_steps() -> None:
    rules = (LinearRule("trades", (1.0,), 3.0, step=1.0), LinearRule("need", (1.0,), 4.3, at_most=False))
    found, _ = diagnosed(*rules)
    assert {repair.rule: repair.repaired for repair in found.repairs}["trades"] == 5.0


def test_a_second_conflict_is_told_and_no_single_repair_claimed() -> None:
    apart = (
        LinearRule("low_a", (1.0, 0.0), 1.0),
        LinearRule("high_a", (1.0, 0.0), 2.0, at_most=False),
        LinearRule("low_b", (0.0, 1.0), 1.0),
        LinearRule("high_b", (0.0, 1.0), 2.0, at_most=False),
    )
    found, program = diagnosed(*apart)
    assert {found.conflict, *found.others} == {("low_a", "high_a"), ("low_b", "high_b")}
    assert all(repair.repaired is None and not repair.dropped for repair in found.repairs)
    assert {repair.further for repair in found.repairs} == set(found.others)
    # Lowering a floor from 2 to 1 changes it by half, raising a cap from 1 to 2 by the whole.
    assert [repair.rule for repair in found.together] == [
        name for conflict in (found.conflict, *found.others) for name in conflict if name.startswith("high")
    ]
    ended = {repair.rule: repair.repaired for repair in found.together}
    assert ended == {name: pytest.approx(1.0, abs=3 * WIDTH) for name in ("high_a", "high_b")}
    assert program.holds(frozenset(), ended)
    reachable = {repair.rule: repair.reachable for repair in (*found.repairs, *found.other_repairs)}
    assert reachable == {
        "low_a": pytest.approx(2.0, abs=1e-5),
        "high_a": pytest.approx(1.0, abs=1e-5),
        "low_b": pytest.approx(2.0, abs=1e-5),
        "high_b": pytest.approx(1.0, abs=1e-5),
    }


def test_what_ends_two_conflicts_counts_on_each_other() -> None:
    """The second change starts from the first: both draw on the same 5."""
    shared = (
        LinearRule("room", (1.0, 1.0), 5.0),
        LinearRule("low_a", (1.0, 0.0), 1.0),
        LinearRule("high_a", (1.0, 0.0), 1.5, at_most=False),
        LinearRule("low_b", (0.0, 1.0), 1.0),
        LinearRule("high_b", (0.0, 1.0), 1.5, at_most=False),
    )
    found, program = diagnosed(*shared)
    ended = {repair.rule: repair.repaired for repair in found.together}
    assert program.holds(frozenset(), ended)
    for name, amount in ended.items():
        stated = {rule.name: rule.stated() for rule in program.rules}[name]
        inside = {**ended, name: amount - stated.loosens * 4.0 * WIDTH * max(1.0, abs(stated.amount))}
        assert not program.holds(frozenset(), inside)


def test_overlapping_conflicts_name_what_remains() -> None:
    shared = (
        LinearRule("cap", (1.0,), 1.0),
        LinearRule("floor_one", (1.0,), 2.0, at_most=False),
        LinearRule("floor_two", (1.0,), 3.0, at_most=False),
    )
    found, _ = diagnosed(*shared)
    by_rule = {repair.rule: repair for repair in found.repairs}
    assert found.conflict == ("cap", "floor_two")
    assert by_rule["cap"].repaired == pytest.approx(3.0, abs=1e-5)
    assert (by_rule["floor_two"].repaired, by_rule["floor_two"].further) == (None, ("cap", "floor_one"))


def test_a_repair_beyond_what_the_amount_may_be_is_none() -> None:
    rules = (LinearRule("cap", (1.0,), 1.0), LinearRule("need", (1.0,), 500.0, at_most=False))
    found, _ = diagnosed(*rules)
    by_rule = {repair.rule: repair for repair in found.repairs}
    assert (by_rule["cap"].repaired, by_rule["cap"].dropped) == (None, True)
    assert by_rule["need"].repaired == pytest.approx(1.0, abs=1e-3)
