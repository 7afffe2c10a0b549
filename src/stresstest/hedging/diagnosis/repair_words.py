"""Amounts of rules, and their least changes that let a plan exist, in words."""

from __future__ import annotations

import math

from stresstest.hedging.diagnosis.diagnosis import Repair
from stresstest.hedging.policies.measure_keys import Sense, Unit
from stresstest.hedging.policies.policy import Rule


def amount_text(rule: Rule, amount: float, outwards: float = 0.0) -> str:
    """Return an amount of a rule for readers; `outwards` 1 rounds up, −1 down, so that it still works."""
    digits = 2 if rule.definition.unit is Unit.SHARE else 3
    scaled = 100.0 * amount if rule.definition.unit is Unit.SHARE else amount
    if outwards:
        step = 10.0**-digits
        scaled = outwards * math.ceil(outwards * scaled / step - 1e-6) * step
    text = f"{scaled:.{digits}f}".rstrip("0").rstrip(".")
    return f"{text} %" if rule.definition.unit is Unit.SHARE else text


def repair_text(rule: Rule, repair: Repair) -> str:
    """Return a repair as a person would state it: `premium 1.7 % instead of 1 %; in whole lots 1.75 %`."""
    if repair.repaired is None:
        return f"{rule.name} dropped: no amount that it may have is enough"
    outwards = 1.0 if rule.sense is Sense.AT_MOST else -1.0
    new = amount_text(rule, repair.repaired, outwards)
    if repair.in_lots is None:
        lots = "; no whole lots were found near it"
    else:
        other = amount_text(rule, repair.in_lots)
        lots = ", in whole lots too" if other == new else f"; in whole lots {other}"
    return f"{rule.name} {new} instead of {amount_text(rule, repair.amount)}{lots}"
