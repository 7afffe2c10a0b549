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
    """Return the stake with a mark of its own where its holder states one; scenarios move it as the other.

    A mark that the last round implies is solved once, at the market's own levels: it then moves as marks do.
    """
    del valuation_date
    if spec.mark is None:
        return None
    equity = _from_last_round(spec, market) if spec.mark == "last_round" else float(spec.mark)
    if equity is None:
        return None
    own = {"issuer": private_issuer, "mark": None, "round_class": None, "post_money": None}
    return Override(spec.model_copy(update=own), {RiskFactorKey("private_mark", private_issuer): equity})


def _from_last_round(spec: PrivateStakeSpec, market: MarketSnapshot) -> float | None:
    """Return the equity that the last round implies; None where the market lacks what that takes.

    What it lacks is then named with the other things that the stake depends on.
    """
    # Only here: the payoff's kernel brings the compiler along, which reading a portfolio must not.
    from stresstest.instruments.private_stake.backsolve import implied_equity

    issuer = market.issuers.get(spec.issuer)
    curve = None if issuer is None else market.curves.get(market.discount_curves.get(issuer.currency, ""))
    nodes = () if curve is None else curve.keys()
    if curve is None or any(node not in market.levels for node in nodes):
        return None
    post_money = spec.post_money or market.levels.get(mark_key(spec))
    return None if post_money is None else implied_equity(spec, market, post_money)
