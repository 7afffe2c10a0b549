"""Limits along a sweep: found together, told where they are never crossed."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from tests.fixtures.books import instrument, portfolio, small_market

import stresstest as st
from stresstest.api import Swept
from stresstest.portfolio.model import Limit, Portfolio
from stresstest.scenarios.scenario import Scenario, Shock

MARKET = small_market()
SHARES = portfolio([("acme", instrument("equity", issuer="ACME"), 100.0)])
FALL = Scenario("fall", (Shock.of("spot", "-50%", issuer="ACME"),), "12m")


def limited(*most: float) -> Portfolio:
    limits = tuple(Limit("any", loss, "base", f"at_{place}") for place, loss in enumerate(most))
    return replace(SHARES, limits=limits)


def swept(held: Portfolio, scenario: Scenario = FALL, high: float = 2.0) -> Swept:
    return st.sweep(held, scenario, MARKET, over=("severity", 0.0, high), steps=20)


def test_several_limits_are_found_at_once_each_exactly() -> None:
    found = swept(limited(0.3, 0.6, 0.1))
    assert [item.limit.name for item in found.breaches] == ["at_2", "at_0", "at_1"]
    for item in found.breaches:
        exact = math.log(1.0 - item.limit.max_loss) / math.log(0.5)
        assert item.x == pytest.approx(exact, abs=3e-8)
        assert item.loss > item.limit.max_loss
    assert found.kept == ()


def test_a_limit_that_is_never_breached_is_told_with_the_largest_loss() -> None:
    found = swept(limited(0.9, 0.3))
    (kept,) = found.kept
    assert (kept.limit.name, kept.breached, kept.x) == ("at_0", False, 2.0)
    assert kept.largest_loss == pytest.approx(0.75, abs=1e-12)


def test_a_limit_that_is_breached_everywhere_is_told_so() -> None:
    gain = Scenario("gain", (Shock.of("spot", "+10%", issuer="ACME"),), "12m")
    short = replace(limited(0.0), limits=(Limit("any", -0.5, "base", "gain"),))
    found = swept(short, gain)
    (kept,) = found.kept
    assert (found.breaches, kept.breached) == ((), True)
    assert kept.largest_loss == 0.0


def test_where_nothing_is_lost_the_largest_loss_is_none() -> None:
    gain = Scenario("gain", (Shock.of("spot", "+10%", issuer="ACME"),), "12m")
    (kept,) = swept(limited(0.3), gain).kept
    assert (kept.largest_loss, kept.x, kept.breached) == (0.0, 0.0, False)
