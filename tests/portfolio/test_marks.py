"""A bond with rights and a stated price: its spread is that at which its own model gives the price."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.fixtures.unit_values import unit_values
from tests.instruments.callable_bond import bonds
from tests.instruments.convertible_bond import convertibles

from stresstest.catalog import instrument_type
from stresstest.errors import InputError
from stresstest.market.keys import RiskFactorKey
from stresstest.portfolio.marks import marked_levels

CALLABLE = (bonds.TAG, bonds.bond(calls=bonds.CALLS, steps=40), bonds.market())
CALLS = ({"date": convertibles.day(400), "price": 102.0},)
CONVERTIBLE = (
    convertibles.TAG,
    convertibles.bond(calls=CALLS, steps=51, coupon="2%", maturity=date(2031, 5, 1), spread_factor=1.5),
    convertibles.market(),
)


def marked(tag: str, spec: Any, market: Any, price: float) -> tuple[float, float]:
    """Return the spread solved, and the value of the overridden bond at it."""
    type_ = instrument_type(tag)
    assert type_.override is not None
    issuer = replace(market.issuers[spec.issuer], id=f"{spec.issuer}#mark", ids={})
    stated = spec.model_copy(update={"clean_price": price})
    override = type_.override(stated, issuer.id, market, market.as_of)
    assert override is not None
    levels = marked_levels(type_, override, issuer, market)
    extended = replace(
        market, levels={**market.levels, **levels}, issuers={**market.issuers, issuer.id: issuer}
    )
    value = unit_values(type_, [override.spec], extended, [{}])[0, 0]
    return levels[RiskFactorKey("credit_spread", issuer.id)], value


def accrued(tag: str, spec: Any, market: Any) -> float:
    base = spec.coupon * {"callable_bond": 0.5, "convertible_bond": 1.0}[tag]
    if tag == "callable_bond":
        # 30/360 from the first of June, or December, before.
        today = market.as_of
        start = max(day for day in (date(today.year - 1, 12, 1), date(today.year, 6, 1)) if day <= today)
        days = 360 * (today.year - start.year) + 30 * (today.month - start.month) + today.day - start.day
        return base * days / 180
    return base * (market.as_of - date(2027, 5, 1)).days / 365


@pytest.mark.parametrize(
    ("setting", "price"), [(CALLABLE, 62.0), (CALLABLE, 99.25), (CONVERTIBLE, 95.0), (CONVERTIBLE, 99.25)]
)
def test_the_bond_is_worth_its_price_and_the_interest(setting: tuple[str, Any, Any], price: float) -> None:
    tag, spec, market = setting
    spread, value = marked(tag, spec, market, price)
    assert value == pytest.approx(price / 100 + accrued(tag, spec, market), abs=1e-12)
    assert -0.05 < spread < 1.0


@pytest.mark.parametrize("setting", [CALLABLE, CONVERTIBLE], ids=["callable", "convertible"])
def test_a_price_made_at_a_spread_gives_it_back(setting: tuple[str, Any, Any]) -> None:
    tag, spec, market = setting
    type_, factor = instrument_type(tag), getattr(spec, "spread_factor", 1.0)
    value = unit_values(type_, [spec], market, [{RiskFactorKey("credit_spread", spec.issuer): 0.05}])[0, 0]
    spread, _ = marked(tag, spec, market, 100.0 * (value - accrued(tag, spec, market)))
    assert spread == pytest.approx(0.05 * factor, abs=1e-10)


def test_a_price_that_no_spread_gives_is_refused() -> None:
    with pytest.raises(InputError, match=r"ST373.*a price that some z-spread gives"):
        marked(*CALLABLE, price=240.0)
    with pytest.raises(InputError, match="ST373"):
        marked(*CONVERTIBLE, price=40.0)
