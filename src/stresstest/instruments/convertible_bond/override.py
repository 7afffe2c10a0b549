"""A convertible bond's own spread in place of its issuer's."""

from __future__ import annotations

from datetime import date

from stresstest.instrument_type import Override
from stresstest.instruments.convertible_bond.spec import ConvertibleBondSpec
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot


def override(
    spec: ConvertibleBondSpec, private_issuer: str, _market: MarketSnapshot, _valuation_date: date
) -> Override | None:
    """Return the bond with a credit spread of its own, of which it bears one, where its holder states one."""
    if spec.z_spread is None:
        return None
    terms = spec.model_copy(update={"issuer": private_issuer, "z_spread": None, "spread_factor": 1.0})
    return Override(terms, {RiskFactorKey("credit_spread", private_issuer): spec.z_spread})
