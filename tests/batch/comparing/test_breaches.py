"""Breaches of two runs: the same limit at the same level is one, whatever scenario is its worst."""

from __future__ import annotations

from stresstest.batch.comparing.breaches import RunBreach, only_in


def keyed(*breaches: RunBreach) -> dict[tuple[str, ...], RunBreach]:
    return {breach.key: breach for breach in breaches}


def test_another_worst_scenario_is_no_other_breach_and_another_level_is() -> None:
    warned = RunBreach("growth", "committee", "any", "base", "warning", "fall", 0.25, 0.2)
    worse = warned._replace(scenario="crash", loss=0.28)
    hard = RunBreach("growth", "committee", "any", "base", "hard", "crash", 0.35, 0.3)
    assert only_in(keyed(warned), keyed(worse)) == ()
    assert only_in(keyed(hard), keyed(warned)) == (hard,)


def test_limits_without_a_name_are_told_apart_by_what_they_cover() -> None:
    fall, crash = (
        RunBreach("growth", "", name, "base", "hard", name, 0.35, 0.3) for name in ("fall", "crash")
    )
    assert len(keyed(fall, crash)) == 2
    assert only_in(keyed(fall, crash), keyed(fall)) == (crash,)
