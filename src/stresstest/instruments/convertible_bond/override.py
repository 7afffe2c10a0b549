"""A convertible bond's own spread, stated or found from its price, in place of its issuer's."""

from __future__ import annotations

from datetime import date

from stresstest.instrument_type import Override, worth_override
from stresstest.instruments.convertible_bond.spec import ConvertibleBondSpec
from stresstest.instruments.convertible_bond.terms import PER_CENT, check_life, leg_of
from stresstest.market.snapshot import MarketSnapshot


def override(
    spec: ConvertibleBondSpec, private_issuer: str, _market: MarketSnapshot, valuation_date: date
) -> Override | None:
    """Return the bond with a credit spread of its own where its holder states that, or a price; it bears one.

    Raises
    ------
    InputError
        A bond with a price is repaid (ST370) or not yet issued (ST371).
    """

    def dirty_price(clean_price: float) -> float:
        check_life(spec, valuation_date)
        return PER_CENT * clean_price + leg_of(spec, valuation_date).accrued_interest(valuation_date)

    return worth_override(spec, private_issuer, dirty_price, spread_factor=1.0)
