"""The mixture that a scenario set is: weight and severities of each member, the horizon that they share."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.conventions.schedules import add_months
from stresstest.errors import Problem
from stresstest.market.factor_model import TRADING_DAYS
from stresstest.quantity import QuantityError, Tenor, parse_horizon
from stresstest.scenarios.member_set import MemberSet
from stresstest.scenarios.sample_terms import UNSHOCKED, SampleTerms
from stresstest.scenarios.scenario import Scenario

SUM_TOLERANCE = 1e-9
"""Probabilities add to 1 within this."""


def mixture_problems(scenarios: MemberSet) -> Iterator[Problem]:
    """Yield what keeps a set from being sampled: probabilities that do not add up, several horizons."""
    terms = scenarios.sample
    if terms is None:
        return
    if terms.remainder and UNSHOCKED in scenarios.names:
        got = f"a member named {UNSHOCKED!r} beside the remainder of that name"
        yield Problem("ST340", got, "another name", scenarios[UNSHOCKED].at("member"))
    yield from _probability_problems(scenarios, terms)
    if terms.horizon:
        try:
            parse_horizon(terms.horizon)
        except QuantityError as error:
            yield error.problem(scenarios.at("sample"))
    horizons = dict.fromkeys(scenario.horizon for scenario in scenarios)
    if not terms.horizon and len(horizons) != 1:
        listed = ", ".join(f"{scenario.name} {scenario.horizon}" for scenario in scenarios)
        where = scenarios.at("sample")
        yield Problem("ST342", f"members of several horizons ({listed})", "sample.horizon", where)


def _probability_problems(scenarios: MemberSet, terms: SampleTerms) -> Iterator[Problem]:
    stated = [scenario for scenario in scenarios if scenario.probability is not None]
    if not stated:
        if terms.remainder:
            got = "a remainder, and no probability that leaves one"
            yield Problem("ST340", got, "a probability for each member", scenarios.at("remainder"))
        return
    for scenario in scenarios:
        if scenario.probability is None:
            got = f"member {scenario.name!r} without a probability, where others have one"
            yield Problem("ST340", got, "a probability for every member, or for none", scenario.at("member"))
    total = math.fsum(_probability(scenario) for scenario in stated)
    short = len(stated) == len(scenarios) and total < 1.0 - SUM_TOLERANCE and not terms.remainder
    if total > 1.0 + SUM_TOLERANCE or short:
        expected = "100%" if total > 1.0 else "100%, or remainder: unshocked for what is left"
        yield Problem(
            "ST340", f"probabilities that add to {100.0 * total:.9g}%", expected, scenarios.at("members")
        )


def weights(scenarios: MemberSet) -> FloatArray:
    """Return `(n_members,)` the probability of drawing around each member, the remainder last; sum 1.

    Members without probabilities are equally likely.
    """
    terms = scenarios.sample
    if all(scenario.probability is None for scenario in scenarios):
        return frozen(np.full(len(scenarios), 1.0 / len(scenarios)))
    stated = [_probability(scenario) for scenario in scenarios]
    if terms is not None and terms.remainder:
        stated.append(max(1.0 - math.fsum(stated), 0.0))
    total = math.fsum(stated)
    return frozen([probability / total for probability in stated])


def horizon_years(scenarios: MemberSet, terms: SampleTerms) -> float:
    """Return the time over which random parts accrue, in years; a horizon of days counts trading days."""
    horizon = _horizon(scenarios, terms)
    in_days = horizon.text.endswith("d") and horizon.months == 0
    return horizon.days / TRADING_DAYS if in_days else horizon.years


def last_day(scenarios: MemberSet, terms: SampleTerms, as_of: date) -> date:
    """Return the day at the end of the horizon, on which members with later dates are seen."""
    horizon = _horizon(scenarios, terms)
    return add_months(as_of, horizon.months) + timedelta(days=horizon.days)


def _horizon(scenarios: MemberSet, terms: SampleTerms) -> Tenor:
    return parse_horizon(terms.horizon or next(iter(scenarios)).horizon)


def _probability(scenario: Scenario) -> float:
    if scenario.probability is None:
        raise ValueError(f"scenario {scenario.name!r} has no probability")
    return scenario.probability
