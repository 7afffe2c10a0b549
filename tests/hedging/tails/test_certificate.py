"""The proof is worth something only where it fails for what is wrong."""

from __future__ import annotations

import numpy as np
import pytest
from tests.fixtures.tail_problems import allocation, heavy_tails

from stresstest.hedging.tails.certificate import (
    Multipliers,
    certify,
    limit_breach,
    lower_bound,
    proves_infeasible,
)
from stresstest.hedging.tails.cuts import minimise_shortfall
from stresstest.hedging.tails.program import LinearLimits

PROGRAM = allocation(heavy_tails(6, 500))
ANSWER = minimise_shortfall(PROGRAM)


def test_the_answer_is_proven() -> None:
    assert certify(PROGRAM, ANSWER.variables, ANSWER.multipliers).proves(1e-8)


@pytest.mark.parametrize("moved", [1e-4, 1e-2])
def test_another_point_is_not(moved: float) -> None:
    other = (1.0 - moved) * ANSWER.variables + moved * np.eye(6)[5]
    certificate = certify(PROGRAM, other, ANSWER.multipliers)
    assert certificate.violation <= 1e-12
    assert certificate.gap > 1e-8
    assert not certificate.proves(1e-8)


def test_a_better_looking_point_outside_the_limits_is_not() -> None:
    certificate = certify(PROGRAM, 0.99 * ANSWER.variables, ANSWER.multipliers)
    assert certificate.objective < ANSWER.certificate.objective
    assert certificate.violation == pytest.approx(0.01)
    assert not certificate.proves(1.0)


def test_forged_shares_are_seen() -> None:
    (share,) = ANSWER.multipliers.shares
    worst = int(np.argmax(PROGRAM.terms[0].losses(ANSWER.quantities)))
    over = share.copy()
    over[worst] += 0.5
    below = share.copy()
    below[worst] -= 2.0 * below[worst]
    for forged in (over, over / over.sum(), below):
        multipliers = ANSWER.multipliers._replace(shares=(forged,))
        assert not certify(PROGRAM, ANSWER.variables, multipliers).proves(1.0)


def test_any_shares_and_prices_bound_from_below() -> None:
    generator = np.random.default_rng(0)
    caps = PROGRAM.terms[0].weight_caps
    for _ in range(50):
        share = np.zeros(500)
        share[generator.choice(500, 25, replace=False)] = caps[0]
        share = share / share.sum()
        bound = lower_bound(PROGRAM, Multipliers((share,), generator.normal(size=1)))
        assert bound <= ANSWER.certificate.objective + 1e-12


def test_a_price_on_an_end_at_infinity_proves_nothing() -> None:
    limits = LinearLimits.of(np.zeros(1), np.ones(1), [(np.ones(1), -np.inf, 1.0)])
    program = allocation(heavy_tails(1, 10))
    program = type(program)(program.terms, limits, np.zeros(1))
    share = program.terms[0].weight_caps / program.terms[0].weight_caps.sum()
    assert lower_bound(program, Multipliers((share,), np.array([1.0]))) == -np.inf


@pytest.mark.parametrize(
    ("variables", "breach"),
    [([0.5, 0.5], 0.0), ([1.5, -0.5], 0.5), ([0.5, 0.4], 0.1), ([np.nan, 1.0], np.inf)],
)
def test_breaches_of_limits(variables: list[float], breach: float) -> None:
    limits = LinearLimits.of(np.zeros(2), np.ones(2), [(np.ones(2), 1.0, 1.0)])
    assert limit_breach(limits, np.array(variables)) == pytest.approx(breach)


@pytest.mark.parametrize(
    ("ray", "proves"), [([1.0, -1.0], True), ([1.0, 0.0], False), ([0.0, 0.0], False), ([-1.0, 1.0], False)]
)
def test_a_contradiction_must_be_one(ray: list[float], proves: bool) -> None:
    rows = [(np.ones(2), 3.0, np.inf), (np.ones(2), -np.inf, 1.0)]
    limits = LinearLimits.of(np.full(2, -np.inf), np.full(2, np.inf), rows)
    assert proves_infeasible(limits, np.array(ray)) is proves
