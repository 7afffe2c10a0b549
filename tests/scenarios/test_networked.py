from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from tests.fixtures.scenario_networks import use_of
from tests.scenarios.markets import key, small_market

from stresstest.networks.cascade import Chosen
from stresstest.networks.mechanism import Mechanism, Surroundings, Timescale
from stresstest.networks.state import State
from stresstest.scenarios.direct import CompiledScenarios, compile_scenarios
from stresstest.scenarios.eventful import with_event_factors
from stresstest.scenarios.scenario import Include, Scenario, ScenarioSet, Shock, Step

CUT = Scenario("cut", (Shock.of("capex", "-100%", issuer="AMD"),), "12m", network=use_of())


def compiled(*scenarios: Scenario, stages: bool = False, severity: float = 1.0) -> CompiledScenarios:
    found = ScenarioSet(scenarios)
    return compile_scenarios(found, with_event_factors(small_market(), found), severity, stages=stages)


def levels(found: CompiledScenarios, text: str) -> list[float]:
    row = []
    bound = found.columns.bind([key(text)])
    for number in range(found.columns.table.n_slices):
        low, high = found.columns.table.slice_bounds(number)
        row += bound.chunk(number, 0, high - low)[0].tolist()
    return row


def test_a_network_moves_what_no_line_states() -> None:
    found = compiled(CUT)
    base, shocked = levels(found, "spot/NVDA")
    assert shocked < 0.8 * base
    (moved,) = [effect for effect in found.effects if str(effect.factor) == "spot/NVDA"]
    assert (moved.reason, moved.line, moved.level) == ("network", 0, shocked)


def test_funds_follow_what_a_network_moves() -> None:
    base, shocked = levels(compiled(CUT), "spot/SPY")
    assert shocked < base
    effects = {str(effect.factor): effect.reason for effect in compiled(CUT).effects}
    assert effects["spot/SPY"] == "linked"


def test_at_severity_0_nothing_moves() -> None:
    found = compiled(CUT, severity=0.0)
    assert levels(found, "spot/NVDA") == [187.62, 187.62]


def test_stages_end_at_the_bits_of_the_scenario() -> None:
    plain, staged = compiled(CUT), compiled(CUT, stages=True)
    table = staged.columns.table
    assert table.stage[1] == "direct"
    assert table.stage[-1] == plain.columns.table.stage[-1] != "direct"
    for text in ("spot/NVDA", "spot/AMD", "spot/SPY", "credit_spread/AMD"):
        assert levels(staged, text)[-1] == levels(plain, text)[-1]
    assert levels(staged, "spot/NVDA")[1] == 187.62


def test_a_scenario_without_a_network_has_one_stage() -> None:
    fall = Scenario("fall", (Shock.of("spot", "-10%", issuer="NVDA"),), "12m")
    assert compiled(fall, stages=True).columns.table.stage == ("base", "direct")


def test_a_path_takes_the_stages_of_the_date_before_back() -> None:
    cut = Shock.of("capex", "-50%", issuer="AMD")
    path = replace(CUT, timing="path", steps=(Step.of("6m", cut), Step.of("12m", cut)), shocks=())
    staged, plain = compiled(path, stages=True), compiled(path)
    stages = staged.columns.table.stage
    assert stages.count("aged") == 2
    second = stages.index("aged", stages.index("aged") + 1)
    # First what the network did by the sixth month is undone; then the lines; then all of it anew.
    undone = stages[second + 1 : stages.index("direct", second)]
    first = stages[stages.index("direct") + 1 : second]
    assert list(undone) == list(first)[::-1]
    assert levels(staged, "spot/NVDA")[-1] == levels(plain, "spot/NVDA")[-1]
    assert levels(staged, "spot/NVDA")[stages.index("direct", second)] == 187.62


def test_a_part_s_own_network_does_not_run_and_a_warning_says_so() -> None:
    whole = Scenario("whole", (), "12m", include=(Include(CUT),))
    found = compiled(whole)
    assert levels(found, "spot/NVDA") == [187.62, 187.62]
    assert any("network" in warning.message for warning in found.warnings)
    own = replace(whole, network=use_of())
    assert levels(compiled(own), "spot/NVDA") == levels(compiled(CUT), "spot/NVDA")


def swings(surroundings: Surroundings, state: State, settings: Mapping[str, float]) -> State:
    """Cut and restore the first firm's orders for ever, where anything is cut."""
    del surroundings, settings
    cut = state.purchases_cut.copy()
    cut[1:, 0] = np.where(cut[1:, 1] > 0.0, 1.0 - cut[1:, 0], cut[1:, 0])
    return replace(state, purchases_cut=cut)


def test_a_network_that_does_not_come_to_rest_fails_its_scenario_alone() -> None:
    mechanism = Mechanism("swings", "", Timescale.INSTANT, (), swings, "none")
    endless = replace(CUT, name="endless", network=use_of(chosen=(Chosen(mechanism, {}), *use_of().chosen)))
    found = compiled(endless, CUT)
    row = levels(found, "spot/NVDA")
    assert np.isnan(row[1])
    assert row[2] == levels(compiled(CUT), "spot/NVDA")[1]
    (warning,) = [warning for warning in found.warnings if "come to rest" in warning.message]
    assert warning.scenario == "endless"
    assert "NVDA" in warning.message


def test_no_price_of_a_firm_is_known_where_others_do_not_come_to_rest() -> None:
    mechanism = Mechanism("swings", "", Timescale.INSTANT, (), swings, "none")
    alone = replace(CUT, name="alone", network=use_of(chosen=(Chosen(mechanism, {}),)))
    found = compiled(alone)
    assert np.isnan(levels(found, "spot/NVDA")[1])


def turns(surroundings: Surroundings, state: State, settings: Mapping[str, float]) -> State:
    """Cut and restore the first firm's orders for ever, shock or none."""
    del surroundings, settings
    return replace(state, purchases_cut=1.0 - state.purchases_cut)


def test_a_network_that_moves_without_any_shock_fails_its_scenario() -> None:
    mechanism = Mechanism("turns", "", Timescale.INSTANT, (), turns, "none")
    found = compiled(replace(CUT, name="alone", network=use_of(chosen=(Chosen(mechanism, {}),))), CUT)
    assert found.restless == ("alone",)
    assert np.isnan(levels(found, "spot/NVDA")[1])
    (warning,) = [warning for warning in found.warnings if "come to rest" in warning.message]
    assert "without any shock" in warning.message


def test_a_path_fails_where_its_network_does_not_come_to_rest_on_the_way() -> None:
    mechanism = Mechanism("swings", "", Timescale.INSTANT, (), swings, "none")
    back = Step.of("12m", Shock.of("capex", "x2", issuer="AMD"))
    cut = Shock.of("capex", "-50%", issuer="AMD")
    path = Scenario(
        "path", (cut,), "12m", timing="path", steps=(back,), network=use_of(chosen=(Chosen(mechanism, {}),))
    )
    assert compiled(path).restless == ("path",)


def test_a_network_that_nothing_reaches_is_told() -> None:
    sales = next(chosen for chosen in use_of().chosen if chosen.mechanism.name == "fire_sale")
    found = compiled(replace(CUT, network=use_of(chosen=(sales,))))
    (warning,) = found.warnings
    assert warning.message == (
        "its network moves no factor: nothing that is stated reaches a firm through fire_sale"
    )
    assert not compiled(CUT).warnings
    assert not compiled(replace(CUT, network=use_of(chosen=(sales,))), severity=0.0).warnings
