from __future__ import annotations

from datetime import date

from stresstest.measures.breach_ages import Breach, breach_ages, breaches_of
from stresstest.measures.limits import LimitCheck
from stresstest.portfolio.model import Limit

LIMIT = Limit("any", 0.3, name="committee", warning=0.2, owner="Head of risk")


def run(day: int, loss: float, before: tuple[Breach, ...] = ()) -> tuple[Breach, ...]:
    found = breaches_of("fund", [LimitCheck(LIMIT, "fall", loss)], date(2025, 10, day))
    return breach_ages(before, found)


def ages(breaches: tuple[Breach, ...]) -> tuple[str, int, int, int, int]:
    (one,) = breaches
    assert one.over_since is not None
    return one.level, one.since.day, one.age_runs, one.over_since.day, one.over_runs


def test_a_breach_keeps_its_date_while_it_lasts_and_a_hard_one_is_new_as_such() -> None:
    first = run(1, 0.25)
    second = run(2, 0.28, first)
    third = run(3, 0.31, second)
    fourth = run(4, 0.35, third)
    fifth = run(5, 0.22, fourth)
    assert [ages(one) for one in (first, second, third, fourth, fifth)] == [
        ("warning", 1, 1, 1, 1),
        ("warning", 1, 2, 1, 2),
        ("hard", 3, 1, 1, 3),
        ("hard", 3, 2, 1, 4),
        ("warning", 1, 5, 1, 5),
    ]


def test_a_run_without_it_starts_the_age_again() -> None:
    assert run(2, 0.1, run(1, 0.35)) == ()
    assert ages(run(3, 0.35, run(2, 0.1, run(1, 0.35)))) == ("hard", 3, 1, 3, 1)


def test_breaches_are_the_same_by_portfolio_and_limit_not_by_the_scenario_that_is_worst() -> None:
    (before,) = run(1, 0.35)
    other = Breach(**{**{name: getattr(before, name) for name in before.__slots__}, "scenario": "crash"})
    assert ages(run(2, 0.35, (other,)))[2] == 2
    elsewhere = breaches_of("other", [LimitCheck(LIMIT, "fall", 0.35)], date(2025, 10, 2))
    assert ages(breach_ages((before,), elsewhere))[2] == 1
    assert (before.owner, before.max_loss, before.warning, before.covers) == ("Head of risk", 0.3, 0.2, "any")
