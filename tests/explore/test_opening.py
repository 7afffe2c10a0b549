"""What there is to look at, before anything is moved."""

from __future__ import annotations

import json

import pytest

from stresstest.catalog import instrument_types
from stresstest.explore.opening import opening, step_of, template
from stresstest.portfolio.loading import parse_positions


def test_portfolios_scenarios_and_drivers(live):
    found = opening(live)
    assert json.loads(json.dumps(found)) == found
    assert next((one["name"], one["positions"]) for one in found["portfolios"]) == ("ai_growth_fund", 29)
    assert [one["name"] for one in found["scenarios"]] == list(live.scenarios.names)
    capex, network, grind = found["scenarios"]
    assert [driver["name"] for driver in capex["drivers"]] == ["capex_cut", "cause"]
    cut, cause = capex["drivers"]
    assert (cut["points"], cut["low"], cut["high"], cut["step"], cut["unit"]) == (50.0, 0.0, 80.0, 1.0, "%")
    assert cause["value"] in cause["choices"]
    assert network["network"] == "ai_circular_financing"
    assert (grind["over_time"], capex["over_time"]) == (True, False)
    assert found["as_of"] == "2025-10-03"


@pytest.mark.parametrize(
    ("low", "high", "step"), [(0.0, 100.0, 1.0), (0.0, 3.0, 0.05), (-1.0, 1.0, 0.02), (0.0, 1e6, 1e4)]
)
def test_steps_are_round_and_some_hundred(low, high, step):
    assert step_of(low, high) == step
    assert 40 <= (high - low) / step_of(low, high) <= 100


def test_an_example_of_every_type_that_a_shipped_portfolio_holds_can_be_read():
    found = {tag: template(tag) for tag in instrument_types()}
    assert {"equity", "european_option", "fixed_bond", "cash"} <= {tag for tag, text in found.items() if text}
    for tag, text in found.items():
        if text:
            read = parse_positions(f"- {text}", "trade", "book", "USD")
            assert read.instruments[0].tag == tag
            assert read.positions.ids[0].startswith("what-if-")
