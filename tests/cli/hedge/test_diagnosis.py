"""Diagnoses in words: conflicts, repairs that are enough and those that are not, trades without end."""

from __future__ import annotations

import io
from dataclasses import replace

from rich.console import Console
from tests.hedging.small_hedges import plan

from stresstest.cli.hedge.diagnosis import print_diagnosis
from stresstest.hedging.diagnosis.diagnosis import Diagnosis, Repair, Unbounded


def printed(found: Diagnosis) -> str:
    stream = io.StringIO()
    print_diagnosis(Console(file=stream, width=80), replace(plan(), diagnosis=found))
    return " ".join(stream.getvalue().split())


def test_a_trade_without_end_is_named_with_its_direction() -> None:
    text = printed(Diagnosis("unbounded", unbounded=Unbounded("spy-put-500", "buy")))
    assert text.startswith("UNBOUNDED: no rule limits how much spy-put-500 to buy, and more of it")


def test_repairs_round_to_the_side_that_works() -> None:
    found = Diagnosis(
        "infeasible",
        ("premium", "participation"),
        (
            Repair("premium", 0.01, 0.021127, dropped=True, in_lots=0.0215),
            Repair("participation", 0.6, 0.313877, dropped=True, in_lots=0.3138),
        ),
    )
    text = printed(found)
    assert "these 2 rules cannot hold together; any one of them left out, the others can." in text
    assert "premium 2.12 % instead of 1 %; in whole lots 2.15 %" in text
    assert "participation 31.38 % instead of 60 %, in whole lots too" in text
    assert "All other rules kept, the nearest that trades reach is 2.12 %." in text


def test_what_is_not_enough_says_what_remains() -> None:
    found = Diagnosis(
        "infeasible",
        ("premium", "participation"),
        (
            Repair("premium", 0.01, None, dropped=True),
            Repair("participation", 0.6, None, dropped=False, further=("premium", "turnover")),
        ),
        (("gold_cap", "trade_count"),),
    )
    text = printed(found)
    assert "premium dropped: no amount that it may have is enough" in text
    assert "No amount of it is enough: premium, turnover still conflict." in text
    assert "Beside that, these 2 rules cannot hold together" in text
    assert "gold_cap: max_weight 5% of asset class gold" in text


def test_a_rule_that_cannot_hold_by_itself_is_told_in_the_singular() -> None:
    found = Diagnosis(
        "infeasible",
        ("premium",),
        (Repair("premium", 0.01, None, dropped=False, further=("gold_cap",)),),
        (("gold_cap",),),
    )
    text = printed(found)
    assert "INFEASIBLE: one rule cannot hold." in text
    assert "No amount of it is enough: gold_cap cannot hold either." in text
    assert "Beside that, one rule cannot hold either. gold_cap: max_weight 5% of asset class gold" in text


def test_each_rule_says_what_the_book_has_what_is_asked_and_what_can_be_reached() -> None:
    found = Diagnosis(
        "infeasible",
        ("premium",),
        (Repair("premium", 0.01, None, dropped=False, further=("gold_cap",), reachable=0.0234),),
        (("gold_cap",),),
        (Repair("gold_cap", 0.05, None, dropped=False, reachable=0.0712),),
        (
            Repair("premium", 0.01, 0.0234, dropped=True, in_lots=0.0236),
            Repair("gold_cap", 0.05, 0.0712, dropped=True, in_lots=0.0714),
        ),
    )
    text = printed(found)
    measured = {reading.rule.name: f"{100.0 * reading.measured:.2f}" for reading in plan().rules}
    assert f"The book has {measured['premium'].rstrip('0').rstrip('.')} %" in text
    assert "The rule asks for at most 1 %." in text
    assert "The other conflicts aside, the nearest that trades reach is 2.34 %." in text
    assert "The other conflicts aside, the nearest that trades reach is 7.12 %." in text
    together = text.index("These together end it")
    assert "premium 2.34 % instead of 1 %; in whole lots 2.36 %" in text[together:]
    assert "gold_cap 7.12 % instead of 5 %; in whole lots 7.14 %" in text[together:]


def test_rules_that_no_policy_can_drop_may_conflict_by_themselves() -> None:
    assert "no_leverage" in printed(Diagnosis("infeasible"))
