"""Scenarios that propagate: what moves, what stays, through links, along paths, and what is refused."""

from __future__ import annotations

import doctest
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from tests.fixtures.random_models import random_model
from tests.scenarios.markets import key

from stresstest.errors import InputError
from stresstest.market.factor_model import FactorModel
from stresstest.market.keys import RiskFactorKey
from stresstest.market.loading import load_market
from stresstest.market.snapshot import FactorLink, Issuer, MarketSnapshot
from stresstest.scenarios.direct import CompiledScenarios, compile_scenarios
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.effects import PROPAGATED
from stresstest.scenarios.propagated import change_of, level_after, members_of, propagated_levels
from stresstest.scenarios.propagation import conditional_mean
from stresstest.scenarios.scenario import Propagation, Scenario, ScenarioSet, Shock, Step

ROOT = Path(__file__).parents[2]
A, B, C, RATE = key("spot/A"), key("spot/B"), key("spot/C"), key("zero_rate/USD/5Y")
INDEX, PRIVATE = key("spot/INDEX"), key("spot/B#mine")
LEVELS = {A: 100.0, B: 50.0, C: 20.0, RATE: 0.04, INDEX: 300.0, PRIVATE: 55.0, key("dividend_yield/A"): 0.02}
MODEL = replace(random_model(4, 2, seed=3, keys=(A, B, C, RATE)), provenance={})
STRESSED = Propagation("stressed")


def market(model: FactorModel | None = MODEL) -> MarketSnapshot:
    names = ("A", "B", "C", "INDEX")
    return MarketSnapshot(
        "made up",
        date(2025, 10, 3),
        "USD",
        LEVELS,
        {name: Issuer(name, name, "equity", "USD") for name in names},
        {},
        {},
        {},
        (FactorLink(INDEX, weights=((A, 0.5), (B, 0.3), (C, 0.2))),),
        {},
        factor_model_source=None if model is None else lambda: model,
    )


def compiled(
    *shocks: Shock,
    propagate: Propagation | None = STRESSED,
    severity: float = 1.0,
    steps: Sequence[Step] = (),
) -> CompiledScenarios:
    timing = "path" if steps else "instant"
    scenario = Scenario("s", shocks, "3m", timing=timing, steps=tuple(steps), propagate=propagate)
    return compile_scenarios(ScenarioSet((scenario,)), market(), severity)


def level(found: CompiledScenarios, factor: RiskFactorKey, column: int = 1) -> float:
    row = found.columns.moved.get(factor)
    return LEVELS[factor] if row is None else float(row[column])


def test_factors_move_by_the_conditional_mean() -> None:
    found = compiled(Shock.of("spot", "-30%", issuer="A"))
    expected = conditional_mean(MODEL, "stressed", {A: float(np.log(0.7))}, [B, C, RATE])
    assert level(found, A) == 70.0
    assert level(found, B) == pytest.approx(50.0 * np.exp(expected[B]), rel=1e-12)
    assert level(found, C) == pytest.approx(20.0 * np.exp(expected[C]), rel=1e-12)
    assert level(found, RATE) == pytest.approx(0.04 + expected[RATE], rel=1e-12)


def test_links_follow_what_was_propagated() -> None:
    found = compiled(Shock.of("spot", "-30%", issuer="A"))
    parts = ((A, 0.5), (B, 0.3), (C, 0.2))
    implied = 300.0 * sum(weight * level(found, factor) / LEVELS[factor] for factor, weight in parts)
    assert level(found, INDEX) == pytest.approx(implied, rel=1e-12)


def test_a_private_copy_moves_as_its_public_factor() -> None:
    found = compiled(Shock.of("spot", "-30%", issuer="A"))
    assert level(found, PRIVATE) / 55.0 == pytest.approx(level(found, B) / 50.0, rel=1e-12)


def test_without_the_field_nothing_else_moves() -> None:
    found = compiled(Shock.of("spot", "-30%", issuer="A"), propagate=None)
    assert set(found.columns.moved) == {A, INDEX}
    assert found.columns.table.stage == ("base", "direct")


def test_the_stage_and_the_effects_say_propagated() -> None:
    found = compiled(Shock.of("spot", "-30%", issuer="A"))
    assert found.columns.table.stage == ("base", "propagated")
    reasons = {effect.factor: (effect.reason, effect.line) for effect in found.effects}
    assert reasons[A] == ("direct", 1)
    assert reasons[B] == reasons[PRIVATE] == (PROPAGATED, 0)
    assert reasons[INDEX] == ("linked", 0)


def test_stating_everything_propagates_nothing() -> None:
    lines = (
        Shock.of("spot", "-30%", issuer=["A", "B", "C"]),
        Shock.of("zero_rate", "+50bp", name="USD"),
    )
    found = compiled(*lines)
    assert found.columns.moved.keys() == compiled(*lines, propagate=None).columns.moved.keys()
    assert not [effect for effect in found.effects if effect.reason == PROPAGATED]


@pytest.mark.parametrize("shift", ["+0%", "x1"])
def test_a_shift_of_nothing_moves_nothing(shift: str) -> None:
    assert compiled(Shock.of("spot", shift, issuer="A")).columns.moved == {}


def test_at_severity_zero_nothing_moves() -> None:
    assert compiled(Shock.of("spot", "-30%", issuer="A"), severity=0.0).columns.moved == {}


def test_a_stated_index_moves_its_members_so_that_they_imply_it() -> None:
    found = compiled(Shock.of("spot", "-1%", issuer="INDEX"))
    assert level(found, INDEX) == 297.0
    (effect,) = [effect for effect in found.effects if effect.factor == INDEX]
    # First order: what the members imply differs by the square of the move.
    assert effect.implied == pytest.approx(297.0, abs=300.0 * 0.01**2)


def test_members_of_nested_links_are_counted_once() -> None:
    outer, inner = key("spot/OUTER"), key("spot/INNER")
    links = {
        inner: FactorLink(inner, weights=((A, 0.6), (B, 0.4)), durations=((RATE, 2.0),)),
        outer: FactorLink(outer, weights=((A, 0.5),), betas=((inner, 0.5),)),
    }
    found = members_of(links[outer], links)
    assert found == pytest.approx({A: 0.8, B: 0.2, RATE: -1.0})


def test_a_path_propagates_at_every_step() -> None:
    later = Step.of("3m", Shock.of("spot", "-10%", issuer="A"))
    found = compiled(Shock.of("spot", "-30%", issuer="A"), steps=[later])
    stages = found.columns.table.stage
    assert stages == ("base", "propagated", "aged", "propagated")
    expected = conditional_mean(MODEL, "stressed", {A: float(np.log(0.63))}, [B])
    assert level(found, A, 3) == pytest.approx(63.0)
    assert level(found, B, 2) == level(found, B, 1)
    assert level(found, B, 3) == pytest.approx(50.0 * np.exp(expected[B]), rel=1e-9)


def test_leaving_the_domain_is_warned_of() -> None:
    vol = key("implied_vol/A/3M")
    loud = random_model(2, 1, keys=(A, vol))
    model = replace(
        loud, exposures=np.array([[1.0], [10.0]]), idiosyncratic_vol={n: [0.01, 0.01] for n in loud.regimes}
    )
    moved = replace(market(model), levels={**LEVELS, vol: 0.3})
    scenario = Scenario("s", (Shock.of("spot", "-50%", issuer="A"),), "3m", propagate=STRESSED)
    found = compile_scenarios(ScenarioSet((scenario,)), moved)
    assert float(found.columns.moved[vol][1]) < 0.0
    (warning,) = found.warnings
    assert "implied_vol/A/3M out of their domain" in str(warning)


@pytest.mark.parametrize(
    ("propagation", "message"),
    [
        (Propagation("stresed"), "did you mean 'stressed'"),
        (
            Propagation(window=(date(2020, 1, 1), date(2020, 2, 1))),
            r"one of \[2022-01-03, 2022-10-12\]",
        ),
    ],
)
def test_a_regime_that_the_market_lacks_is_refused(propagation: Propagation, message: str) -> None:
    with pytest.raises(InputError, match=f"ST326.*{message}"):
        compiled(Shock.of("spot", "-30%", issuer="A"), propagate=propagation)


def test_a_window_names_the_regime_that_is_made_of_it() -> None:
    window = Propagation(window=(date(2022, 1, 3), date(2022, 10, 12)))
    found = compiled(Shock.of("spot", "-30%", issuer="A"), propagate=window)
    assert level(found, B) == level(
        compiled(Shock.of("spot", "-30%", issuer="A"), propagate=Propagation("calm")), B
    )


def test_a_market_without_a_model_is_refused() -> None:
    scenario = Scenario("s", (Shock.of("spot", "-30%", issuer="A"),), "3m", propagate=STRESSED)
    with pytest.raises(InputError, match="ST327"):
        compile_scenarios(ScenarioSet((scenario,)), market(None))


def test_changes_and_levels_are_inverse() -> None:
    for factor, base, level in ((A, 100.0, 63.0), (RATE, 0.04, -0.01)):
        change = change_of(factor, base, level)
        assert change is not None
        assert level_after(factor, base, change) == pytest.approx(level, rel=1e-14)
        assert level_after(factor, base, 0.0) == base
    assert change_of(A, 100.0, 0.0) is None


def test_a_worthless_share_tells_nothing_of_the_others() -> None:
    found = propagated_levels(FactorDirectory(market()), MODEL, "calm", {A: 0.0})
    assert found[B] == LEVELS[B]


@pytest.mark.parametrize(
    ("factor", "low", "high"),
    [
        ("spot/NVDA", -0.40, -0.22),
        ("spot/KO", -0.15, -0.04),
        ("spot/JPM", -0.35, -0.18),
        ("credit_spread/US_B", 0.015, 0.05),
        ("zero_rate/USD/2Y", -0.01, 0.0),
        ("implied_vol/SPY/1M", 0.07, 0.30),
    ],
)
def test_a_fall_of_the_index_looks_like_one(factor: str, low: float, high: float) -> None:
    shipped = load_market("2025-10-03")
    scenario = Scenario("s", (Shock.of("spot", "-20%", issuer="SPY"),), "3m", propagate=STRESSED)
    found = compile_scenarios(ScenarioSet((scenario,)), shipped)
    row = found.columns.moved[key(factor)]
    change = row[1] / row[0] - 1.0 if factor.startswith("spot") else row[1] - row[0]
    assert low < change < high
    assert not found.warnings  # the members imply the stated index within two points


def test_the_examples_of_the_docs_run() -> None:
    found = doctest.testfile(str(ROOT / "docs" / "propagation.md"), module_relative=False)
    assert found.attempted >= 10
    assert found.failed == 0
