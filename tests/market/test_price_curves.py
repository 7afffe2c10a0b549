"""Forward curves of prices as the factors make them."""

from __future__ import annotations

from stresstest.market.keys import RiskFactorKey
from stresstest.market.price_curves import price_curves

KEYS = [RiskFactorKey("rental_rate", "H100", tenor) for tenor in ("12M", "", "1Y", "3M", "never")] + [
    RiskFactorKey("spot", "WTI"),
    RiskFactorKey("commodity_forward", "WTI", "3M"),
]
CURVES = price_curves(KEYS)


def test_nodes_stand_in_the_order_of_delivery() -> None:
    rental = CURVES["rental_rate", "H100"]
    # 12M and 1Y are one time: the first counts. What is no tenor is no node.
    assert rental.tenors == ("", "3M", "12M")
    assert rental.years == (0.0, 0.25, 1.0)
    assert set(CURVES) == {("rental_rate", "H100"), ("commodity_forward", "WTI")}


def test_prices_are_linear_between_nodes_and_flat_outside() -> None:
    rental = CURVES["rental_rate", "H100"]
    lower, upper, lower_weight, upper_weight = rental.nodes(0.625)
    assert (rental.key(lower).tenor, rental.key(upper).tenor) == ("3M", "12M")
    assert (lower_weight, upper_weight) == (0.5, 0.5)
    assert rental.nodes(7.0) == (2, 2, 1.0, 0.0)
    assert CURVES["commodity_forward", "WTI"].nodes(0.01) == (0, 0, 1.0, 0.0)


def test_the_factors_used_are_those_with_weight() -> None:
    rental = CURVES["rental_rate", "H100"]
    assert [key.tenor for key in rental.keys_used([0.0])] == [""]
    assert [key.tenor for key in rental.keys_used([0.5, 0.1])] == ["", "3M", "12M"]
