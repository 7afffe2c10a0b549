"""Breaches of limits across runs: since when each stands, and for how many runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from stresstest.measures.limits import HARD, OK, LimitCheck


class BreachKey(NamedTuple):
    """What makes two breaches of two runs the same: the portfolio, and the limit by name, scope and base."""

    portfolio: str
    limit: str
    covers: str
    of: str


@dataclass(frozen=True, slots=True)
class Breach:
    """A loss beyond the warning or the hard level of a limit in one run.

    Attributes
    ----------
    covers
        Scenario that the limit is on, or `any`.
    scenario
        Worst scenario that it covers.
    loss, max_loss, warning
        As parts of the denominator; a loss is infinite where that is 0.
    level
        `warning` or `hard`.
    since, age_runs
        Date of the first of the runs, without a break up to this one, at this level or a graver one, and
        their number: 1 for a breach that is new.
    over_since, over_runs
        The same at either level: a hard breach was perhaps a warning before.
    """

    portfolio: str
    limit: str
    covers: str
    of: str
    owner: str
    level: str
    scenario: str
    loss: float
    max_loss: float
    warning: float | None
    since: date
    age_runs: int = 1
    over_since: date | None = None
    over_runs: int = 1

    @property
    def key(self) -> BreachKey:
        """What it is found by in another run."""
        return BreachKey(self.portfolio, self.limit, self.covers, self.of)


def breaches_of(portfolio: str, checks: Iterable[LimitCheck], day: date) -> tuple[Breach, ...]:
    """Return the breaches among the checks of a portfolio's limits, new on `day`, the date of the run."""
    return tuple(
        Breach(
            *(portfolio, check.limit.name, check.limit.scenario, check.limit.of, check.limit.owner),
            *(check.level, check.scenario, check.loss, check.limit.max_loss, check.limit.warning),
            since=day,
            over_since=day,
        )
        for check in checks
        if check.level != OK
    )


def breach_ages(previous: Iterable[Breach], current: Iterable[Breach]) -> tuple[Breach, ...]:
    """Return the current breaches with their ages, from those of the run before.

    A breach goes on from the one of the run before of its `key`. A hard one that was a warning is new as a
    hard breach and not as one over the limit's warning; a warning that was hard has been over it all along.
    What is not in `previous` is new, so one run without a breach starts its age again.

    Parameters
    ----------
    previous
        Breaches of the run before, with their ages.
    current
        As `breaches_of` gives them.
    """
    known = {breach.key: breach for breach in previous}
    return tuple(_aged(breach, known.get(breach.key)) for breach in current)


def _aged(breach: Breach, before: Breach | None) -> Breach:
    if before is None:
        return breach
    over_since, over_runs = before.over_since or before.since, before.over_runs + 1
    if breach.level != HARD:
        since, age_runs = over_since, over_runs
    elif before.level == HARD:
        since, age_runs = before.since, before.age_runs + 1
    else:
        since, age_runs = breach.since, 1
    return replace(breach, since=since, age_runs=age_runs, over_since=over_since, over_runs=over_runs)
