"""Amounts are rounded to the side on which they work."""

from __future__ import annotations

from stresstest.hedging.diagnosis.diagnosis import Repair
from stresstest.hedging.diagnosis.repair_words import amount_text, repair_text
from stresstest.hedging.policies.policy import Rule

CAP = Rule("cap", "max_weight", 0.05)
FLOOR = Rule("floor", "min_participation", 0.6)


def test_amounts_are_rounded_outwards() -> None:
    assert amount_text(CAP, 0.051231) == "5.12 %"
    assert amount_text(CAP, 0.051231, 1.0) == "5.13 %"
    assert amount_text(FLOOR, 0.149778, -1.0) == "14.97 %"


def test_a_repair_says_what_whole_lots_need() -> None:
    assert repair_text(CAP, Repair("cap", 0.05, 0.06, dropped=True)) == (
        "cap 6 % instead of 5 %; no whole lots were found near it"
    )
    assert repair_text(FLOOR, Repair("floor", 0.6, 0.5, dropped=True, in_lots=0.45)) == (
        "floor 50 % instead of 60 %; in whole lots 45 %"
    )
    assert repair_text(CAP, Repair("cap", 0.05, None, dropped=True)).startswith("cap dropped")
