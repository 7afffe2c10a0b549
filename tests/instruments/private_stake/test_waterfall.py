"""The waterfall: exact against a search over all decisions to convert, complete, monotone."""

from __future__ import annotations

import math

import mpmath as mp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fixtures.forward_market import values
from tests.fixtures.refusals import codes, refused
from tests.instruments.private_stake.companies import STACK, company_market, held
from tests.oracle.private_stake import sale

from stresstest.instruments.private_stake.spec import ShareClassSpec
from stresstest.instruments.private_stake.waterfall import tranches

MARKET = company_market()
NAMES = [item["name"] for item in STACK]


def payoff(stack: list[ShareClassSpec], name: str, equity: float) -> float:
    return math.fsum(slope * max(equity - strike, 0.0) for strike, slope in tranches(stack, name))


@st.composite
def stacks(draw: st.DrawFn) -> list[ShareClassSpec]:
    found = [ShareClassSpec(name="common", shares=draw(st.sampled_from([1.0, 40.0])))]
    for number in range(draw(st.integers(0, 4))):
        terms = {
            "name": f"p{number}",
            "shares": draw(st.sampled_from([2.0, 10.0, 25.0])),
            "invested": draw(st.sampled_from([0.5, 4.0, 30.0])),
            "liquidation_multiple": draw(st.sampled_from([0.5, 1.0, 2.0])),
            "seniority": draw(st.integers(1, 3)),
            "participation": draw(st.sampled_from(["none", "full", "capped"])),
            "conversion": draw(st.sampled_from([1.0, 1.25])),
        }
        if terms["participation"] == "capped":
            terms["cap_multiple"] = draw(st.sampled_from([2.0, 3.0]))
        found.append(ShareClassSpec(**terms))
    return found


@settings(deadline=None)
@given(stacks(), st.floats(0.01, 900.0))
def test_nobody_gains_by_deciding_otherwise(stack: list[ShareClassSpec], equity: float) -> None:
    for item in stack:
        expected = float(sale(stack, mp.mpf(equity), item.name))
        assert payoff(stack, item.name, equity) == pytest.approx(expected, abs=1e-12 * max(equity, 100.0))


@given(stacks(), st.floats(0.0, 900.0), st.floats(0.0, 100.0))
def test_classes_share_all_of_it_and_more_equity_hurts_nobody(
    stack: list[ShareClassSpec], equity: float, more: float
) -> None:
    names = [item.name for item in stack]
    assert math.fsum(payoff(stack, name, equity) for name in names) == pytest.approx(equity, abs=1e-11 * 900)
    for name in names:
        assert payoff(stack, name, equity + more) >= payoff(stack, name, equity) - 1e-10


def test_a_stack_by_hand() -> None:
    """Rank 1 holds 30 and 10, rank 2 then 5, rank 3 then 1; common stock begins at 46."""
    stack = [ShareClassSpec(**item) for item in STACK]
    assert [payoff(stack, name, 20.0) for name in NAMES] == pytest.approx([0.0, 0.0, 0.0, 15.0, 5.0])
    assert [payoff(stack, name, 44.0) for name in NAMES] == pytest.approx([0.0, 0.0, 4.0, 30.0, 10.0])
    # 41 more than the preferences, shared by 60 + 10 + 12: half a unit a share, no cap reached.
    assert [payoff(stack, name, 87.0) for name in NAMES] == pytest.approx([30.0, 6.0, 11.0, 30.0, 10.0])
    # Everybody converts but the seed, which participates on top of its preference: (1000 - 1) / 100 a share.
    assert [payoff(stack, name, 1000.0) for name in NAMES] == pytest.approx(
        [599.4, 100.9, 119.88, 99.9, 79.92]
    )


def test_values_are_the_waterfall_of_the_mark() -> None:
    moves = [{"private_mark/LAB": equity} for equity in (20.0, 87.0, 1000.0)]
    assert values("private_stake", held("b"), MARKET, *moves) == pytest.approx([15e9, 30e9, 99.9e9])
    part = {**held("a", marketability_discount="20%"), "shares": None, "ownership": "1.2%"}
    assert values("private_stake", part, MARKET, *moves) == pytest.approx([0.0, 0.88e9, 9.5904e9])


@settings(deadline=None, max_examples=40)
@given(st.floats(5.0, 2000.0), st.sampled_from(["30%", "70%", "150%"]))
def test_options_until_an_exit_share_all_of_the_equity(equity: float, volatility: str) -> None:
    move = {"private_mark/LAB": equity}
    later = {"exit": {"years": 3.0, "volatility": volatility}}
    prices = [values("private_stake", held(name, **later), MARKET, move)[0] for name in NAMES]
    assert math.fsum(prices) == pytest.approx(1e9 * equity, rel=1e-12)
    assert min(prices) >= 0.0


def test_time_moves_value_from_preferences_to_common_stock() -> None:
    now = values("private_stake", held("common"), MARKET, {"private_mark/LAB": 46.0})
    later = held("common", exit={"years": 3.0, "volatility": "70%"})
    assert now == [0.0]
    assert values("private_stake", later, MARKET, {"private_mark/LAB": 46.0})[0] > 5e9


def test_refusals() -> None:
    assert codes("private_stake", held("b", shares=11.0), MARKET) == ["ST380"]
    assert codes("private_stake", {"issuer": "NOBODY", "ownership": "1%"}, MARKET) == ["ST355"]
    assert "either ownership or shares" in refused("private_stake", {"issuer": "LAB"})
    assert "none of the stack" in refused("private_stake", held("b", share_class="d"))
    assert "the same name" in refused("private_stake", held("b", stack=[*STACK, STACK[3]]))
    assert "shares need a stack" in refused("private_stake", {"issuer": "LAB", "shares": 3.0})
    assert "belong together" in refused("private_stake", {**held("b"), "share_class": None})
    capped = {"name": "x", "shares": 1.0, "invested": 1.0, "participation": "capped"}
    assert "cap_multiple" in refused("private_stake", held("b", stack=[*STACK, capped]))
    low = {**capped, "cap_multiple": 0.5}
    assert "below liquidation_multiple" in refused("private_stake", held("b", stack=[*STACK, low]))
