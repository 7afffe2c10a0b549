"""Names that risk factors count for in a split."""

from __future__ import annotations

import pytest
from tests.scenarios.markets import key, small_market

from stresstest.measures.factor_splits.groups import FACTOR, FACTOR_GROUP, FACTOR_KIND, named_group


@pytest.mark.parametrize(
    ("text", "by", "name"),
    [
        ("spot/NVDA", FACTOR, "spot/NVDA"),
        ("spot/NVDA#hedge", FACTOR, "spot/NVDA"),
        ("zero_rate/USD/5Y", FACTOR, "zero_rate/USD/5Y"),
        ("spot/NVDA#hedge", FACTOR_KIND, "spot"),
        ("spot/NVDA#hedge", FACTOR_GROUP, "ai_accelerators shares"),
        ("spot/KO", FACTOR_GROUP, "staples shares"),
        ("spot/SPY", FACTOR_GROUP, "other shares"),
        ("spot/NOBODY", FACTOR_GROUP, "shares"),
        ("credit_spread/KO", FACTOR_GROUP, "credit_spread"),
    ],
)
def test_a_factor_counts_for_its_group(text: str, by: str, name: str) -> None:
    assert named_group(key(text), by, small_market()) == name
