from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import stresstest
from stresstest.market.factor_kinds import FACTOR_KINDS
from stresstest.market.keys import RiskFactorKey
from stresstest.quantity import parse_shift
from stresstest.reverse.scenario_text import scenario_text, shift_of
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.loading import parse_scenario
from stresstest.scenarios.scenario import ScenarioSet
from stresstest.scenarios.shifts import stated_level

MARKET = stresstest.load_market()
HEAD = {"name": "found", "title": "What: costs", "horizon": "12m"}


@given(
    st.sampled_from(["spot", "zero_rate", "credit_spread", "implied_vol", "fx_spot"]),
    st.floats(0.01, 500.0),
    st.floats(-0.9, 3.0),
)
def test_a_shift_leads_to_the_level_it_was_made_of(kind: str, base: float, change: float) -> None:
    key = RiskFactorKey(kind, "X")
    level = base * (1.0 + change)
    shift = parse_shift(shift_of(key, base, level))
    assert stated_level(base, shift) == pytest.approx(level, rel=1e-12, abs=1e-14)
    assert shift.unit in ("%", *FACTOR_KINDS[kind].units)


def test_the_document_states_every_level() -> None:
    keys = [key for key in MARKET.levels if str(key).startswith(("zero_rate/USD/", "implied_vol/NVDA/"))]
    keys += [RiskFactorKey("spot", "NVDA"), RiskFactorKey("credit_spread", "ORCL")]
    random = np.random.default_rng(1)
    levels = {key: (MARKET.levels[key], MARKET.levels[key] * (1.0 + 0.2 * random.normal())) for key in keys}
    text = scenario_text(HEAD, ["One paragraph.", "Another: with a colon."], levels, MARKET.levels)
    scenario = parse_scenario(text, "found.yaml")
    assert scenario.title == "What: costs"
    assert scenario.narrative.split("\n\n")[0] == "One paragraph."
    assert len(scenario.shocks) == 4, "a table for the curve and one for the vols"
    columns = compile_scenarios(ScenarioSet((scenario,)), MARKET).columns
    for key, (_, level) in levels.items():
        assert columns.moved[key][1] == pytest.approx(level, rel=1e-12)


def test_part_of_a_curve_is_stated_tenor_by_tenor_and_what_stands_still_not_at_all() -> None:
    first, second = RiskFactorKey("zero_rate", "USD", "1Y"), RiskFactorKey("zero_rate", "USD", "5Y")
    still = RiskFactorKey("spot", "NVDA")
    base = MARKET.levels
    levels = {
        first: (base[first], base[first] + 0.01),
        second: (base[second], base[second] - 0.01),
        still: (base[still], base[still]),
    }
    scenario = parse_scenario(scenario_text(HEAD, ["Text."], levels, base), "found.yaml")
    assert [shock.select.text() for shock in scenario.shocks] == [
        "curve USD, tenor 1Y",
        "curve USD, tenor 5Y",
    ]
    columns = compile_scenarios(ScenarioSet((scenario,)), MARKET).columns
    others = {key for key in columns.moved if key.kind == "zero_rate" and key.name == "USD"}
    assert others == {first, second}
