"""Distances of a plan: found afresh in its files, those of the rule, and a plan that falls short refused."""

from __future__ import annotations

from functools import cache
from math import inf

import pytest
from tests.hedging.tiny_books import POSITIONS, SCENARIOS, policy_text

import stresstest as st
from stresstest.cli.exit_codes import ExitCode
from stresstest.cli.hedge.distances import distance_sentence
from stresstest.cli.hedge.document import HedgeReport, hedge_document
from stresstest.errors import ModelError
from stresstest.hedging.plans.distances import DistanceChecker, Nearest, largest_shifts
from stresstest.hedging.plans.plan import HedgePlan
from stresstest.hedging.plans.planning import Planner, Request
from stresstest.hedging.policies.policy_loading import parse_policy
from stresstest.reverse.question import Question

FAR = "name: far, min_reverse_distance: 1, loss: 20%, factors: [spot]"


@cache
def planner() -> Planner:
    book = st.build_portfolio({"version": 1, "name": "tiny", "currency": "USD", "positions": POSITIONS})
    market, scenarios = st.load_market("2025-10-03"), st.load_scenarios(*SCENARIOS)
    policy = parse_policy(policy_text(FAR, "name: none, max_premium: 1%"))
    return Planner(Request(book, policy, market, scenarios))


@cache
def plan() -> HedgePlan:
    return planner().plan()


def test_a_plan_says_how_far_the_book_was_and_is() -> None:
    (found,) = plan().distances
    resting = planner().program.resting()
    rule = planner().program.rules[0]
    assert found.rule == "far"
    assert found.question == Question(0.2, "12m", "stressed", ("spot",), answers=1)
    assert found.before.distance == pytest.approx(rule.measured(resting), abs=1e-5)
    reading = next(one for one in plan().rules if one.rule.name == "far")
    assert found.after.distance == pytest.approx(reading.measured, abs=1e-5)
    assert found.after.distance >= 1.0 - 1e-6
    assert found.before.distance < found.after.distance
    assert largest_shifts(found.after)


def test_a_plan_nearer_than_its_rule_allows_is_refused() -> None:
    asked = planner()
    assert plan().trades_portfolio is not None
    checker = asked.checker(plan().trades_portfolio)
    stricter = asked.request.policy.with_amount("far", plan().distances[0].after.distance + 1e-3)
    books = checker._book_after
    with pytest.raises(ModelError, match="rule far asks for a distance of"):
        DistanceChecker(stricter, books, books, asked.inputs.base_value).readings()


def test_the_document_and_the_terminal_say_the_same() -> None:
    (reading,) = plan().distances
    document = hedge_document(HedgeReport(plan(), 0, ExitCode.DONE))
    (shown,) = document["reverse_distances"]
    assert shown["before"] == reading.before.distance
    assert shown["after"] == reading.after.distance
    assert shown["asked"] == 1.0
    assert shown["factors"] == ["spot"]
    text = distance_sentence(reading, has_trades=True)
    assert text.startswith(
        "far: the most plausible move of spot over 12m in regime stressed that costs 20 % lies at distance "
    )
    assert f"{reading.after.distance:.3f} (" in text
    assert text.endswith("after; the rule asks for 1.")


def test_what_no_move_costs_is_infinitely_far() -> None:
    assert largest_shifts(Nearest(inf, {})) == []
