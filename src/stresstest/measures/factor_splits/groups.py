"""Risk factors by name, by kind and by group: what a P&L is split by where factors are to blame for it."""

from __future__ import annotations

from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot

FACTOR = "factor"
FACTOR_KIND = "factor_kind"
FACTOR_GROUP = "factor_group"

FACTOR_SPLITS = (FACTOR, FACTOR_KIND, FACTOR_GROUP)
"""What `--by` and `.by()` take beside attributes of positions: each factor, its kind, its group."""


def group_of(key: RiskFactorKey, market: MarketSnapshot) -> str:
    """Return the group of a factor: shares by theme or sector, all other factors by kind.

    Examples
    --------
    >>> from stresstest.market.loading import load_market
    >>> market = load_market(["2025-10-03"])
    >>> group_of(RiskFactorKey("spot", "NVDA"), market)
    'ai_accelerators shares'
    >>> group_of(RiskFactorKey("zero_rate", "USD", "5Y"), market)
    'zero_rate'
    """
    if key.kind != "spot":
        return key.kind
    issuer = market.issuers.get(key.public_name)
    if issuer is None:
        return "shares"
    if issuer.themes:
        return f"{max(issuer.themes, key=lambda theme: issuer.themes[theme])} shares"
    return f"{issuer.attributes.get('sector', 'other')} shares"


def named_group(key: RiskFactorKey, by: str, market: MarketSnapshot) -> str:
    """Return what `key` counts for in a split by `by`; a private copy counts for its public factor."""
    if by == FACTOR:
        return str(key._replace(name=key.public_name))
    return key.kind if by == FACTOR_KIND else group_of(key, market)
