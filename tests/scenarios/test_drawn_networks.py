"""Networks of sampled members: each draw is what the scenario gives at the severity of the draw."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.fixtures.modelled_markets import with_model
from tests.fixtures.scenario_networks import use_of
from tests.scenarios.markets import key, small_market

from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.eventful import with_event_factors
from stresstest.scenarios.member_set import MemberSet
from stresstest.scenarios.sample_terms import SampleTerms, SeverityRange
from stresstest.scenarios.sampling import SampledColumns, sample_scenarios
from stresstest.scenarios.scenario import Scenario, ScenarioSet, Shock

CUT = Scenario(
    "cut",
    (Shock.of("capex", "-90%", issuer="AMD"), Shock.of("funding", "-90%", issuer="LAB")),
    "12m",
    probability=0.5,
    network=use_of(),
)
FALL = Scenario("fall", (Shock.of("spot", "-10%", issuer="KO"),), "12m", probability=0.5)
FIRMS = ("spot/NVDA", "spot/AMD", "spot/SPY", "credit_spread/AMD", "default_state/AMD")
MARKET = with_event_factors(with_model(small_market()), ScenarioSet((CUT, FALL)))


def sampled(**changes: object) -> SampledColumns:
    terms = replace(SampleTerms(400, 7, "stressed"), **changes)  # type: ignore[arg-type]
    severities = {"cut": SeverityRange(0.1, 0.6, 1.1)}
    return sample_scenarios(MemberSet((CUT, FALL), severities=severities, sample=terms), MARKET)


def test_firms_stand_where_the_scenario_puts_them_at_the_severity_of_the_draw() -> None:
    columns = sampled()
    bound = columns.bind([key(text) for text in FIRMS])
    drawn = bound.chunk(0, 0, columns.n_columns)
    own = [column for column, name in enumerate(columns.table.scenario) if name == "cut"]
    assert len(own) > 100
    for column in own[:25]:
        severity = float(columns.mixture.severity[column - 1])
        alone = compile_scenarios(ScenarioSet((CUT,)), MARKET, severity).columns
        expected = alone.bind([key(text) for text in FIRMS]).chunk(0, 1, 2)[:, 0]
        # The fund also follows names that the network does not move, which vary.
        same = [place for place, text in enumerate(FIRMS) if text != "spot/SPY"]
        assert drawn[same, column] == pytest.approx(expected[same], rel=1e-12)
        assert drawn[2, column] != expected[2]


def test_losses_are_not_linear_in_severity() -> None:
    columns = sampled()
    row = columns.bind([key("spot/NVDA")]).chunk(0, 1, columns.n_columns)[0]
    own = np.array(columns.table.scenario[1:]) == "cut"
    loss, severity = 1.0 - row[own] / MARKET.levels[key("spot/NVDA")], columns.mixture.severity[own]
    slopes = loss / severity
    assert slopes.max() > 1.2 * slopes.min() > 0.0


def test_other_members_do_not_feel_the_network() -> None:
    columns = sampled(varies="unstated")
    row = columns.bind([key("spot/KO")]).chunk(0, 0, columns.n_columns)[0]
    fall = np.array(columns.table.scenario) == "fall"
    assert row[fall] == pytest.approx(0.9 * row[0])


def test_a_draw_has_the_same_bits_in_any_chunk() -> None:
    columns = sampled(varies="all")
    bound = columns.bind([key(text) for text in FIRMS])
    whole = bound.chunk(0, 0, columns.n_columns)
    for low, high in ((0, 1), (1, 2), (37, 91), (390, 401)):
        assert np.array_equal(bound.chunk(0, low, high), whole[:, low:high])


def test_without_a_model_the_network_acts_alike() -> None:
    columns = sampled(regime="")
    drawn = columns.bind([key("spot/NVDA"), key("spot/SPY")]).chunk(0, 0, columns.n_columns)
    column = columns.table.scenario.index("cut")
    alone = compile_scenarios(
        ScenarioSet((CUT,)), MARKET, float(columns.mixture.severity[column - 1])
    ).columns
    expected = alone.bind([key("spot/NVDA"), key("spot/SPY")]).chunk(0, 1, 2)[:, 0]
    assert drawn[:, column] == pytest.approx(expected, rel=1e-12)
