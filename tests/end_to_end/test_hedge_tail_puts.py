"""What one per cent of puts saves, and that it hangs on the wing of the surface: the table of the page."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest
from tests.cli.runner import ROOT

import stresstest as st
from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.policies.policy_loading import load_policy
from stresstest.hedging.program.program import HedgeProgram
from stresstest.hedging.program.trade_state import pnl_after
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot

NAMES = ("time_bomb", "ai_capex_collapse", "boom_continues", "inflation_with_burst")
PAGE = (ROOT / "docs" / "hedge-policies.md").read_text(encoding="utf-8")
STRIKE = math.log(0.75)


def dearer(market: MarketSnapshot, points: float) -> MarketSnapshot:
    """Return the market with strikes at 75 % dearer by so many vol points in every smile that has a skew."""
    levels = dict(market.levels)
    for smile in market.smiles.values():
        for tenor, years in zip(smile.tenors, smile.years.tolist(), strict=True):
            if levels[RiskFactorKey("vol_skew", smile.underlying, tenor)] != 0.0:
                key = RiskFactorKey("vol_curvature", smile.underlying, tenor)
                levels[key] += 0.01 * points * years / STRIKE**2
    return replace(market, levels=levels)


def saved(market: MarketSnapshot) -> dict[str, float]:
    """Return what the plan without lots saves, in per cent of the base value."""
    policy = load_policy("tail_puts")
    inputs = HedgeInputs.of(st.load_portfolio("ai_growth_fund"), policy, market, st.load_scenarios(*NAMES))
    state = HedgeProgram(inputs).solve(integers=False).state
    assert state is not None
    change = pnl_after(inputs, inputs.scenarios, state) - inputs.scenarios.before / inputs.nav
    return dict(zip(inputs.scenarios.names, (100.0 * change).tolist(), strict=True))


@pytest.mark.parametrize(
    ("points", "row"), [(0.0, "as shipped"), (1.0, "strikes at 75 % dearer by 1 vol point")]
)
def test_what_the_page_says_is_saved(points: float, row: str) -> None:
    found = saved(dearer(st.load_market("2025-10-03"), points))
    stated = re.search(rf"^\| {row}.*? \| ([\d.]+) \| ([\d.]+) \|$", PAGE, re.MULTILINE)
    assert stated is not None
    assert found["time_bomb"] == pytest.approx(float(stated[1]), abs=0.06)
    assert found["ai_capex_collapse"] == pytest.approx(float(stated[2]), abs=0.06)


def test_the_wing_is_what_the_page_says() -> None:
    """Total variance is linear in time between pillars: a third of the way from three months to twelve."""
    levels, vols = st.load_market("2025-10-03").levels, []
    for tenor, years in (("3M", 0.25), ("12M", 1.0)):
        x = STRIKE / math.sqrt(years)
        level, skew, curvature = (
            levels[RiskFactorKey(kind, "SPY", tenor)] for kind in ("implied_vol", "vol_skew", "vol_curvature")
        )
        vols.append(level + skew * x + curvature * x * x)
    variance = (2.0 / 3.0 * 0.25 * vols[0] ** 2 + 1.0 / 3.0 * vols[1] ** 2) / 0.5
    assert 100.0 * math.sqrt(variance) == pytest.approx(21.4, abs=0.05)
