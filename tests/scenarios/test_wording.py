from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.market.factor_kinds import FACTOR_KINDS
from stresstest.quantity import parse_percentage, parse_shift
from stresstest.scenarios.wording import change_text, level_text, severity_text, shift_text


@pytest.mark.parametrize(
    ("kind", "level", "text"),
    [
        ("spot", 187.62, "187.62"),
        ("zero_rate", 0.0424, "4.24%"),
        ("credit_spread", 0.0312, "312bp"),
        ("implied_vol", 0.18, "18vol"),
        ("recovery_rate", 0.4, "40%"),
        ("vol_skew", -0.08, "-0.08"),
        ("dividend_yield", 0.0307, "3.07%"),
    ],
)
def test_levels_read_as_their_market_quotes_them(kind: str, level: float, text: str) -> None:
    assert level_text(FACTOR_KINDS[kind], level) == text


@pytest.mark.parametrize(
    ("kind", "base", "level", "text"),
    [
        ("spot", 100.0, 80.0, "-20%"),
        ("zero_rate", 0.04, 0.055, "+150bp"),
        ("implied_vol", 0.2, 0.25, "+5vol"),
        ("recovery_rate", 0.4, 0.3, "-10pp"),
        ("vol_skew", 0.0, 0.1, "+0.1abs"),
    ],
)
def test_changes_read_as_shifts(kind: str, base: float, level: float, text: str) -> None:
    assert change_text(FACTOR_KINDS[kind], base, level) == text


@pytest.mark.parametrize(
    "text", ["-60%", "+150bp", "x0.4", "=120", "=4.5%", "=-25bp", "+5vol", "-2pp", "+0.1abs", "x12"]
)
def test_a_shift_reads_as_it_was_written(text: str) -> None:
    assert shift_text(parse_shift(text)) == text


@given(st.floats(0.0, 1e3))
def test_a_severity_is_never_named_above_itself(severity: float) -> None:
    named = parse_percentage(severity_text(severity))
    assert named <= severity * (1.0 + 1e-15)
    assert severity - named < 0.00101
