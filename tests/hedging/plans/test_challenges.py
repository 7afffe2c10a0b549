"""Each reason to reject a plan, made true and made false."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from stresstest.hedging.plans.challenges import Challenge, Evidence, challenges
from stresstest.hedging.plans.comparisons import Comparison, Yardstick
from stresstest.hedging.plans.plan import PlannedTrade, ScenarioOutcome, TradeCost

WORST = ScenarioOutcome("crash", "12m", "objective", -50.0, -20.0)
OTHER = ScenarioOutcome("rates", "12m", "held_out", -30.0, -22.0)
HAVEN = ScenarioOutcome("crash+haven_failure_bonds", "12m", "rule", -55.0, -30.0)


def bought(name: str, saves: float, *, seller: str = "", spread: float = 1.0) -> PlannedTrade:
    cost = TradeCost(spread=spread)
    return PlannedTrade(
        name, name, "buy", 1.0, 1.0, 10.0, cost, 1.0, "why", "", seller, {"crash": saves}, {"crash": 0.0}
    )


GOOD = Evidence(
    trades=(bought("put", 5.0), bought("bill", 1.0, seller="UST")),
    outcomes=(WORST, OTHER, HAVEN),
    worst=WORST,
    new_worst=OTHER,
    base=100.0,
    days_at_half_volume={"put": 3.0, "bill": math.nan},
    expiries={"put": "2026-09-18"},
    weights={
        "as_written": {"put": 0.1, "nvda": -0.2},
        "halved": {"put": 0.02},
        "smaller": {"put": 0.09, "nvda": -0.2},
        "larger": {"put": 0.11, "nvda": -0.21},
    },
    plan=Yardstick(0.02, 0.22, "rates", 0.5),
    comparisons=(Comparison("pro_rata_same_upside", "selling half", Yardstick(0.01, 0.25, "crash", 0.5)),),
)


def answer(evidence: Evidence, name: str) -> Challenge:
    return next(one for one in challenges(evidence) if one.name == name)


def test_a_good_plan_passes_all() -> None:
    assert [one.passed for one in challenges(GOOD)] == [True] * 8


@pytest.mark.parametrize(
    ("name", "changed", "says"),
    [
        ("priced_at_the_ask", {"trades": (bought("put", 5.0, spread=0.0),)}, "without a spread: put"),
        ("no_single_source", {"trades": (bought("put", 8.0),)}, "27 % of what is saved in crash"),
        (
            "no_single_source",
            {"trades": (bought("a", 4.0, seller="X"), bought("b", 4.0, seller="X"))},
            "largest: seller X, 27 %",
        ),
        ("haven_failure", {"outcomes": (replace(HAVEN, pnl_after=-56.0),)}, "-55.0 % before, -56.0 % after"),
        (
            "worst_falls",
            {"new_worst": replace(OTHER, pnl_after=-50.0)},
            "new worst rates: 50.0 % before, 50.0 %",
        ),
        ("worst_falls", {"new_worst": replace(OTHER, pnl_after=-31.0)}, "31.0 % after"),
        ("tradable", {"days_at_half_volume": {"put": 10.1}}, "slowest: put in 10.1 days"),
        (
            "no_flips",
            {"weights": {**GOOD.weights, "halved": {"nvda": 0.01}}},
            "turned around: nvda",
        ),
        (
            "stable_weights",
            {"weights": {**GOOD.weights, "larger": {"put": 0.14, "nvda": -0.2}}},
            "largest: put by 4.0 points",
        ),
        (
            "stable_weights",
            {"weights": {"as_written": {}, "larger": {}}},
            "with smaller shocks no plan exists",
        ),
        ("beats_pro_rata", {"plan": replace(GOOD.plan, worst_loss=0.26)}, "worst loss 26.0 % against 25.0 %"),
    ],
)
def test_a_bad_plan_fails(name: str, changed: dict[str, object], says: str) -> None:
    found = answer(replace(GOOD, **changed), name)
    assert found.passed is False
    assert says in found.finding


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("haven_failure", {"outcomes": (WORST,)}),
        ("tradable", {"days_at_half_volume": {}}),
        ("no_flips", {"weights": {"as_written": {}}}),
        ("beats_pro_rata", {"comparisons": ()}),
    ],
)
def test_what_cannot_be_asked_is_not_passed(name: str, changed: dict[str, object]) -> None:
    assert answer(replace(GOOD, **changed), name).passed is None


def test_sales_rely_on_nobody() -> None:
    sale = replace(bought("nvda", 29.0), action="sell")
    found = answer(replace(GOOD, trades=(sale,)), "no_single_source")
    assert found.passed is True
    assert "largest: nothing bought" in found.finding or "what is sold" in found.finding


def test_a_clearing_house_is_no_one_seller() -> None:
    pair = (bought("a", 7.0, seller="House"), bought("b", 7.0, seller="House"))
    assert answer(replace(GOOD, trades=pair), "no_single_source").passed is False
    cleared = tuple(replace(trade, is_cleared=True) for trade in pair)
    found = answer(replace(GOOD, trades=cleared, expiries={}), "no_single_source")
    assert found.passed is True
    assert "what House clears counts for no one seller" in found.finding


def test_readers_are_told_names_with_ids() -> None:
    names = {"put": "A put (put)", "nvda": "Nvidia (nvda)"}
    trades = (replace(bought("put", 5.0), label="A put"),)
    evidence = replace(GOOD, trades=trades, names=names)
    assert "A put (put), 17 %" in answer(evidence, "no_single_source").finding
    assert answer(evidence, "tradable").finding.startswith("slowest: A put (put) in")
    assert answer(evidence, "stable_weights").finding.startswith("largest: A put (put) by")
