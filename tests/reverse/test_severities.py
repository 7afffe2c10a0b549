from __future__ import annotations

import pytest
from tests.fixtures.books import instrument, portfolio

import stresstest as st
from stresstest.quantity import parse_shift
from stresstest.reverse.severities import MOST_SEVERE, SeverityNeeded
from stresstest.scenarios.drivers import NumberDriver
from stresstest.scenarios.rules import SlopeRule
from stresstest.scenarios.scenario import Scenario, ScenarioSet, Shock

MARKET = st.load_market()
HELD = portfolio(
    [
        ("nvda", instrument("equity", issuer="NVDA"), 100.0),
        ("ko", instrument("equity", issuer="KO"), 200.0),
    ]
)
CUT = NumberDriver("cut", 0.5, 0.0, 0.9, "%")
FALL = Scenario("fall", (Shock.of("spot", "-40%", name="NVDA"),), "12m", title="NVDA falls")
CONSUMERS = Scenario("consumers", (Shock.of("spot", "-60%", name="KO"),), "12m")
DRIVEN = Scenario(
    "driven",
    (Shock.of("spot", SlopeRule("cut", parse_shift("-1%")), name="NVDA"),),
    "12m",
    drivers=(CUT,),
)
RISE = Scenario("rise", (Shock.of("spot", "+40%", name="NVDA"),), "12m")
FAINT = Scenario("faint", (Shock.of("spot", "-1%", name="KO"),), "12m")


def needed(loss: float, *scenarios: Scenario) -> dict[str, SeverityNeeded]:
    found = st.severities(HELD, loss, ScenarioSet(scenarios), MARKET).found
    return {item.scenario: item for item in found.needed}


def share_of(name: str) -> float:
    spots = {row: MARKET.levels[key] for key in MARKET.levels if key.kind == "spot" for row in [key.name]}
    values = {"NVDA": 100.0 * spots["NVDA"], "KO": 200.0 * spots["KO"]}
    return values[name] / sum(values.values())


def test_the_smallest_severity_is_exact() -> None:
    found = needed(0.10, FALL, RISE, FAINT)
    # share · (1 − 0.6^s) = 0.10
    import math

    exact = math.log(1.0 - 0.10 / share_of("NVDA")) / math.log(0.6)
    assert found["fall"].severity == pytest.approx(exact, abs=1e-7)
    run = st.stress(HELD, ScenarioSet((FALL,)), MARKET, severity=found["fall"].severity or 0.0)
    base = float(run.result.portfolios[0].base_value)
    assert -run.to_numpy()[0, 0] / base == pytest.approx(0.10, abs=1e-8)
    assert list(found) == ["fall", "faint", "rise"], "those that reach it first, then by their largest loss"
    assert found["rise"].severity is None
    assert found["rise"].loss == 0.0
    assert found["faint"].at == MOST_SEVERE


def test_a_driver_is_taken_to_where_the_loss_begins_or_ceases() -> None:
    for loss in (0.10, 0.32):
        (driver,) = needed(loss, DRIVEN)["driven"].drivers
        assert driver.own == 0.5
        # −1 % a point of the cut.
        assert driver.needed == pytest.approx(loss / share_of("NVDA"), abs=1e-7)
        assert driver.text.endswith("%")
    (driver,) = needed(0.9, DRIVEN)["driven"].drivers
    assert (driver.needed, driver.text) == (None, "")


def test_a_pair_needs_less_of_both() -> None:
    found = st.severities(HELD, 0.10, ScenarioSet((FALL, CONSUMERS, RISE)), MARKET).found
    assert found.pair is not None
    assert {found.pair.first, found.pair.second} == {"fall", "consumers"}
    alone = min(item.severity for item in found.needed if item.severity is not None)
    assert found.pair.severity < alone
    s = found.pair.severity
    lost = share_of("NVDA") * (1.0 - 0.6**s) + share_of("KO") * (1.0 - 0.4**s)
    assert lost == pytest.approx(0.10, abs=1e-7)
    alike = st.severities(HELD, 0.10, ScenarioSet((FALL, RISE)), MARKET).found
    assert alike.pair is None


def test_a_path_counts_at_its_worst_date() -> None:
    from stresstest.scenarios.scenario import Step

    back = Scenario(
        "back",
        (Shock.of("spot", "-40%", name="NVDA"),),
        "12m",
        timing="path",
        steps=(Step.of("6m", Shock.of("spot", "+66%", name="NVDA")),),
    )
    found = needed(0.10, back)["back"]
    assert found.severity is not None
    assert found.severity < 1.0
    assert found.is_path
