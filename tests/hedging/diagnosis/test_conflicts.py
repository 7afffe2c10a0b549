"""Conflicts found by deletion are irreducible, whatever the order and number of rules."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as some

from stresstest.hedging.diagnosis.conflicts import minimal_conflict, separate_conflicts

NAMES = [f"rule_{number:02d}" for number in range(24)]


@settings(max_examples=200)
@given(
    cores=some.lists(some.sets(some.sampled_from(NAMES), min_size=1, max_size=5), min_size=1, max_size=4),
    order=some.permutations(NAMES),
)
def test_a_conflict_is_one_of_the_known_cores_reduced(cores: list[set[str]], order: list[str]) -> None:
    def holds(kept: frozenset[str]) -> bool:
        return not any(core <= kept for core in cores)

    found = set(minimal_conflict(order, holds))
    assert not holds(frozenset(found))
    for rule in found:
        assert holds(frozenset(found - {rule}))
    assert found in cores


def test_rules_written_late_are_named_rather() -> None:
    def holds(kept: frozenset[str]) -> bool:
        return not ({"old", "always"} <= kept or {"added", "always"} <= kept)

    assert minimal_conflict(["old", "always", "added"], holds) == ("always", "added")


def test_an_empty_conflict_when_nothing_can_hold() -> None:
    assert minimal_conflict(NAMES, lambda _: False) == ()
    assert separate_conflicts(NAMES, lambda _: False) == ((),)


def test_few_solves_for_a_small_conflict_among_many_rules() -> None:
    asked = []

    def holds(kept: frozenset[str]) -> bool:
        asked.append(kept)
        return not {NAMES[3], NAMES[17]} <= kept

    minimal_conflict(NAMES, holds)
    assert len(asked) < len(NAMES)


def test_nothing_conflicts_where_all_rules_hold() -> None:
    assert separate_conflicts(NAMES, lambda _: True) == ()
