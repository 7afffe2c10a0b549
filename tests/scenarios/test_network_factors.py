from __future__ import annotations

from tests.fixtures.scenario_networks import small_network, use_of
from tests.scenarios.markets import key, small_market

from stresstest.scenarios.network_factors import firm_factors, uses_of, with_network_factors
from stresstest.scenarios.scenario import Include, Scenario, Shock

CUT = Scenario("cut", (Shock.of("capex", "-50%", issuer="AMD"),), "12m", network=use_of())


def test_without_a_network_the_market_is_itself() -> None:
    market = small_market()
    assert with_network_factors(market, [Scenario("calm", (), "12m")]) is market


def test_firms_bring_the_factors_that_shock_them() -> None:
    market = with_network_factors(small_market(), [CUT])
    assert market.levels[key("capex/AMD")] == 30.0
    assert market.levels[key("revenue/OUTSIDE")] == 5.0
    assert market.levels[key("funding/LAB")] == 1.0
    assert market.levels[key("default_state/LAB")] == 0.0
    assert "network small" in market.provenance[key("capex/AMD")].source


def test_what_the_market_states_itself_stays() -> None:
    assert with_network_factors(small_market(), [CUT]).levels[key("recovery_rate/AMD")] == 0.4


def test_networks_of_parts_count() -> None:
    whole = Scenario("whole", (), "12m", include=(Include(CUT),))
    assert [use.network.name for use in uses_of(whole)] == ["small"]
    assert key("capex/AMD") in with_network_factors(small_market(), [whole]).levels


def test_the_factors_of_firms_are_theirs_and_private_copies() -> None:
    keys = [
        key(text) for text in ("spot/NVDA", "spot/NVDA#mine", "spot/KO", "implied_vol/NVDA/1M", "capex/AMD")
    ]
    found = firm_factors(small_network(), keys)
    assert found == {key("spot/NVDA"), key("spot/NVDA#mine"), key("capex/AMD")}
