"""Lines prepared once: shared by severities and stages, made anew where a driver stands elsewhere."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.scenarios.markets import small_market

from stresstest.errors import ProblemList
from stresstest.quantity import parse_shift
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.drivers import NumberDriver
from stresstest.scenarios.findings import Findings
from stresstest.scenarios.moves import Mover, direct_moves
from stresstest.scenarios.prepared import prepared_lines
from stresstest.scenarios.rules import SlopeRule
from stresstest.scenarios.scenario import Scenario, ScenarioSet, Shock

CUT = NumberDriver("cut", 0.5, 0.1, 0.99, "%")
SLOPE = Shock.of("spot", SlopeRule("cut", parse_shift("-1%")), issuer="NVDA")
LINES = (
    SLOPE,
    Shock.of("spot", "-40%", region="US"),
    Shock.of("spot", "-30%", theme=["ai_accelerators", "staples"]),
    Shock.of("zero_rate", {"1Y": "-75bp", "10Y": "+30bp"}, curve="USD", floor="0%"),
    Shock.of("credit_spread", "+50%", issuer="US_B"),
)
SCENARIO = Scenario("cuts", LINES, "12m", drivers=(CUT,), combine="override")


def test_severities_and_stages_share_lines_and_another_driver_value_does_not() -> None:
    directory = FactorDirectory(small_market())
    first = prepared_lines(SCENARIO, directory, 1)
    assert prepared_lines(replace(SCENARIO, name="stage"), directory.at(directory.market.levels), 1) is first
    assert prepared_lines(SCENARIO, directory, 7).lines[0].number == 7
    other = prepared_lines(SCENARIO.with_drivers(cut="20%"), directory, 1)
    assert [line.shift for line in first.lines[1:]] == [line.shift for line in other.lines[1:]]
    assert first.lines[0].shift != other.lines[0].shift


@pytest.mark.parametrize("severity", [0.0, 0.5, 1.0, 1.1])
def test_factors_moved_together_get_the_bits_that_each_gets_alone(severity: float) -> None:
    directory, problems = FactorDirectory(small_market()), ProblemList()
    found = direct_moves(SCENARIO, directory, severity, problems)
    assert not list(problems)
    mover, levels = Mover(SCENARIO.combine, severity, Findings()), directory.market.levels
    alone = {key: mover.move(key, levels[key], hits) for key, hits in found.reach.hits.items()}
    assert found.moves == alone
    assert len(alone) > len(LINES)


def test_a_sound_rule_is_looked_at_again_where_its_driver_stands_elsewhere() -> None:
    directory = FactorDirectory(small_market())
    steep = Shock.of("spot", SlopeRule("cut", parse_shift("-1.5%")), issuer="NVDA")
    sound = Scenario("steep", (steep,), "12m", drivers=(CUT,))
    assert not prepared_lines(sound, directory, 1).problems
    (problem,) = prepared_lines(sound.with_drivers(cut="80%"), directory, 1).problems
    assert problem.code == "ST305"
    beyond = replace(sound, drivers=(replace(CUT, value=2.0),))
    assert prepared_lines(beyond, directory, 1).lines == ()


def test_effects_are_told_once_asked_for() -> None:
    compiled = compile_scenarios(ScenarioSet((SCENARIO,)), small_market())
    assert compiled.effects is compiled.effects
    assert compiled.effects == tuple(compiled.tell())
    assert {effect.line for effect in compiled.effects if effect.reason == "direct"} >= {1, 3, 4, 5}
