"""Repairs in whole lots: the amount that is exact for any fraction of a lot may need a little more room."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from stresstest.hedging.diagnosis.diagnosis import Diagnosis, Repair, StatedRule

_TRIES = (0, 1, 2, 5, 10, 20, 50, 100)
"""Digits of the last place shown by which an amount is loosened until whole lots are found."""

SHOWN = 1e-4
"""Last place of an amount that is shown, in units of the amount: a hundredth of a point of a share."""


def with_lots(
    found: Diagnosis, rules: Sequence[StatedRule], holds: Callable[[Mapping[str, float]], bool]
) -> Diagnosis:
    """Return a diagnosis with, of each repair and of those that end several conflicts, one in whole lots.

    Parameters
    ----------
    rules
        Those of the diagnosis.
    holds
        Tells whether trades in whole lots are found at amounts in place of the rules' own.
    """
    by_name = {rule.name: rule for rule in rules}

    def one(repair: Repair) -> Repair:
        return _in_lots((repair,), by_name, holds)[0] if repair.repaired is not None else repair

    repairs = tuple(one(repair) for repair in found.repairs)
    return replace(found, repairs=repairs, together=_in_lots(found.together, by_name, holds))


def _in_lots(
    repairs: tuple[Repair, ...],
    rules: Mapping[str, StatedRule],
    holds: Callable[[Mapping[str, float]], bool],
) -> tuple[Repair, ...]:
    """Return repairs that are made at once, all loosened alike until whole lots are found."""
    for tries in _TRIES if repairs else ():
        amounts = {
            one.rule: _loosened(one.repaired, rules[one.rule], tries)
            for one in repairs
            if one.repaired is not None
        }
        if holds(amounts):
            return tuple(replace(one, in_lots=amounts[one.rule]) for one in repairs)
    return repairs


def _loosened(amount: float, rule: StatedRule, digits: int) -> float:
    """Return an amount rounded to what is shown on the side that allows more, and `digits` further."""
    place = rule.step or SHOWN
    rounded = math.ceil(rule.loosens * amount / place - 1e-6) + digits
    loosest = rule.loosens * rule.furthest
    return rule.loosens * min(rounded * place, loosest)
