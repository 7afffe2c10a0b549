"""Amounts of money as people write them."""

from __future__ import annotations

import pytest

from stresstest.io.money import Money, read_money
from stresstest.quantity import QuantityError


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("4_560bn USD", 4.56e12, "USD"),
        ("350m EUR", 3.5e8, "EUR"),
        ("1_250 USD", 1250.0, "USD"),
        ("1.5tn JPY", 1.5e12, "JPY"),
        ("12k GBP", 12e3, "GBP"),
        ("-3bn USD", -3e9, "USD"),
        (" 0 USD ", 0.0, "USD"),
    ],
)
def test_an_amount_has_a_size_and_a_currency(text: str, amount: float, currency: str) -> None:
    assert read_money(text) == Money(pytest.approx(amount, rel=1e-15), currency)


def test_money_stays_money() -> None:
    assert read_money(Money(2.0, "USD")) == Money(2.0, "USD")


@pytest.mark.parametrize(
    "value", [5, 5.0, "5", "5bn", "5 bn", "5b USD", "USD 5bn", "5,0bn USD", "5bn usd", True, None]
)
def test_anything_else_is_refused_with_an_example(value: object) -> None:
    with pytest.raises(QuantityError) as caught:
        read_money(value)
    problem = caught.value.problem()
    assert problem.code in ("ST150", "ST151", "ST152", "ST155")
