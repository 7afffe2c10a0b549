"""The value of a private company today, and marks that a holder states instead of the market's."""

from __future__ import annotations

from datetime import date

from stresstest.instrument_type import Override
from stresstest.instruments.private_stake.spec import PrivateStakeSpec
from stresstest.kernels._jit import fma
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot

BILLION = 1e9
"""Marks, preferences, cash and burn are stated in billions."""


def source_key(spec: PrivateStakeSpec) -> RiskFactorKey:
    """Return the factor that moves the equity."""
    if spec.comparable is not None:
        return RiskFactorKey("spot", spec.comparable)
    if spec.multiple is not None:
        return RiskFactorKey("multiple", spec.multiple)
    return mark_key(spec)


def mark_key(spec: PrivateStakeSpec) -> RiskFactorKey:
    """Return the mark of the company."""
    return RiskFactorKey("private_mark", spec.issuer)


def base_equity(spec: PrivateStakeSpec, market: MarketSnapshot) -> float:
    """Return the value of all equity in billions at the market's own levels, to the kernel's last bit."""
    if spec.revenue is not None:
        return max(float(fma(spec.revenue, market.levels[source_key(spec)], -spec.net_debt)), 0.0)
    return market.levels[mark_key(spec)]


def override(
    spec: PrivateStakeSpec, private_issuer: str, market: MarketSnapshot, valuation_date: date
) -> Override | None:
    """Return the stake with a mark of its own where its holder states one; scenarios move it as the other."""
    del market, valuation_date
    if spec.mark is None:
        return None
    terms = spec.model_copy(update={"issuer": private_issuer, "mark": None})
    return Override(terms, {RiskFactorKey("private_mark", private_issuer): spec.mark})
