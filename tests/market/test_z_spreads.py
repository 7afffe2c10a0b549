"""The spread that a price implies."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.market.root_search import NoRootError
from stresstest.market.z_spreads import Payments


@given(
    st.lists(
        st.tuples(st.floats(0.01, 40.0), st.floats(0.001, 2.0), st.floats(-2.0, 0.1)), min_size=1, max_size=8
    ),
    st.floats(-0.2, 3.0),
)
def test_the_spread_gives_the_price_back(flows: list[tuple[float, float, float]], spread: float) -> None:
    payments = Payments(*(list(column) for column in zip(*flows, strict=True)))
    price = math.fsum(amount * math.exp(log_d - years * spread) for years, amount, log_d in flows)
    found = payments.spread_at(price)
    again = math.fsum(amount * math.exp(log_d - years * found) for years, amount, log_d in flows)
    assert again == pytest.approx(price, rel=1e-12)


def test_a_price_beyond_all_spreads_has_none() -> None:
    with pytest.raises(NoRootError):
        Payments([1.0], [1.0], [0.0]).spread_at(1e60)
