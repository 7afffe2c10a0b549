"""A bond's own spread, stated or found from its price, in place of its issuer's."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from stresstest.instrument_type import Override, spread_override
from stresstest.instruments.callable_bond.spec import CallableBondSpec
from stresstest.instruments.callable_bond.terms import PER_CENT, check_life, leg_of
from stresstest.market.snapshot import MarketSnapshot


def override(
    spec: CallableBondSpec, private_issuer: str, _market: MarketSnapshot, valuation_date: date
) -> Override | None:
    """Return the bond with a credit spread of its own where its holder states that or a price.

    The spread of a price, rights and all, is for who can value the bond to find.

    Raises
    ------
    InputError
        A bond with a price is repaid (ST370) or not yet issued (ST371).
    """
    if spec.clean_price is not None:
        check_life(spec, valuation_date)
        worth = PER_CENT * spec.clean_price + leg_of(spec, valuation_date).accrued_interest(valuation_date)
        return replace(spread_override(spec, private_issuer, 0.0), worth=worth)
    if spec.z_spread is None:
        return None
    return spread_override(spec, private_issuer, spec.z_spread)
