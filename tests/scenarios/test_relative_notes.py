from __future__ import annotations

import pytest
from tests.fixtures.books import small_market

from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.scenario import Scenario, ScenarioSet, Shock

MARKET = small_market()


def notes(factor: str, shift: str | dict[str, str], severity: float = 1.0, **select: str) -> list[str]:
    """Return the warnings of a scenario of one line."""
    scenario = Scenario("one", (Shock.of(factor, shift, **select),), "12m")
    return [item.message for item in compile_scenarios(ScenarioSet((scenario,)), MARKET, severity).warnings]


def test_per_cent_of_a_rate_is_told_with_its_size_in_points_and_how_to_write_points() -> None:
    (note,) = notes("zero_rate", "+1%", curve="USD")
    assert note.startswith("shock 1: +1% of zero_rate is relative, as % always is: zero_rate/USD/")
    assert "bp, from 4" in note or "bp, from 3" in note
    assert note.endswith("for points write +100bp, for a ratio x1.01")


def test_the_size_is_that_of_the_factor_that_moves_most() -> None:
    largest = max(level for key, level in MARKET.levels.items() if key.kind == "zero_rate")
    (note,) = notes("zero_rate", "-10%", curve="USD")
    assert f"moves by {-1000.0 * largest:.4g}bp" in note
    (half,) = notes("zero_rate", "-10%", 0.5, curve="USD")
    assert f"moves by {-500.0 * largest:.4g}bp" in half


def test_per_cent_of_a_volatility_is_told_in_vols_and_a_table_with_its_largest() -> None:
    (note,) = notes("implied_vol", {"1M": "+2%", "1Y": "+5%"}, issuer="ACME")
    assert "+5% of implied_vol" in note
    assert "for points write +5vol" in note


@pytest.mark.parametrize(
    ("factor", "shift", "select"),
    [
        ("zero_rate", "+100bp", {"curve": "USD"}),
        ("zero_rate", "x1.01", {"curve": "USD"}),
        ("zero_rate", "=4%", {"curve": "USD"}),
        ("zero_rate", "0%", {"curve": "USD"}),
        ("spot", "-10%", {"issuer": "ACME"}),
    ],
)
def test_what_can_not_be_misread_needs_no_note(factor: str, shift: str, select: dict[str, str]) -> None:
    assert notes(factor, shift, **select) == []


def test_at_no_severity_there_is_nothing_to_tell() -> None:
    assert notes("zero_rate", "+1%", 0.0, curve="USD") == []
