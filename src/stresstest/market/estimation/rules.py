"""Rows of a factor model that no price history gives by itself: rates, spreads, vols, exchange rates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import sqrt

from stresstest.market.estimation.definitions import EQUITY_FACTORS
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Issuer, MarketSnapshot

SHORT_RATES = {0.25: 0.35, 0.5: 0.55, 1.0: 0.8, 2.0: 1.0}
"""Part of a change of the 2-year yield that shorter maturities (years) take; linear between, flat below."""

RATE_POINTS = (2.0, 10.0, 25.0)
"""Maturities, in years, that the three Treasury funds stand for."""

CREDIT_GRADES = {"BB": 0.596, "B": 1.072, "CCC": 2.68}
"""Change of a rating's spread for 1 of the high-yield index: 1 : 1.8 : 4.5 at weights 54, 34.5, 11.5 %."""

INVESTMENT_GRADE = ("AAA", "AA", "A", "BBB")
INVESTMENT_GRADE_SPREAD = 0.0075
"""Spread of the investment-grade index; ratings move in proportion to their own (duration times spread)."""

SPREAD_TO_EQUITY = 0.5
"""Relative widening of an issuer's spread for a log fall of 1 in what moves its share beyond the market."""

LARGEST_RATIO = 4.0
"""Largest multiple of its rating's moves that an issuer's spread takes."""

VOL_TO_FUTURES = 2.0
"""Relative change of a one-month at-the-money vol for a log return of 1 of the one-month VIX futures."""

NAME_VOL_SHARE = 0.6
"""Part of an index's relative change that the vol of a single name takes."""

VOL_TO_EQUITY = 1.0
"""Relative rise of a name's one-month vol for a log fall of 1 in what moves its share beyond the market."""

FX_BETAS = {
    "EURUSD": -1.0,
    "GBPUSD": -0.85,
    "USDJPY": 1.0,
    "USDCHF": 0.9,
    "USDSEK": 1.15,
    "USDCAD": 0.55,
    "USDCNY": 0.3,
    "USDTWD": 0.4,
    "USDKRW": 0.8,
}
"""Log change for 1 of the dollar index, where the history has no fund of the currency."""

Exposures = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Rule:
    """Exposures of one key by a rule.

    Attributes
    ----------
    exposures
        By systematic factor, in the key's change space.
    own_vol
        Standard deviation of its own part per square root of a year, at the vol of the regression's years.
    note
        The rule in words.
    """

    key: RiskFactorKey
    exposures: Exposures
    own_vol: float
    note: str


def rate_weights(years: float) -> tuple[float, float, float]:
    """Return the parts that the 2-, 10- and 25-year yields have in the change of a rate.

    Examples
    --------
    >>> rate_weights(6.0), rate_weights(30.0)
    ((0.5, 0.5, 0.0), (0.0, 0.0, 1.0))
    """
    short, middle, long = RATE_POINTS
    if years <= short:
        return _between(SHORT_RATES, years), 0.0, 0.0
    if years <= middle:
        part = (years - short) / (middle - short)
        return 1.0 - part, part, 0.0
    part = min((years - middle) / (long - middle), 1.0)
    return 0.0, 1.0 - part, part


def _between(points: Mapping[float, float], at: float) -> float:
    known = sorted(points)
    if at <= known[0]:
        return points[known[0]]
    high = next((place for place, point in enumerate(known) if point >= at), len(known) - 1)
    low, top = known[high - 1], known[high]
    return points[low] + (points[top] - points[low]) * (at - low) / (top - low)


def rate_rules(market: MarketSnapshot) -> Iterator[Rule]:
    """Yield the nodes of every curve of the market's currency.

    With level y₁₀, slope y₃₀ − y₂ and curvature 2 y₁₀ − y₂ − y₃₀ the 2-year yield is level − (curvature +
    slope) ÷ 2 and the long one level − (curvature − slope) ÷ 2.
    """
    for curve in market.curves.values():
        if curve.currency != market.currency:
            continue
        own = 0.0015 if market.discount_curves.get(curve.currency) == curve.name else 0.0025
        for key, years in zip(curve.keys(), curve.years.tolist(), strict=True):
            short, middle, long = rate_weights(years)
            exposures = {
                "rates_level": short + middle + long,
                "rates_slope": 0.5 * (long - short),
                "rates_curvature": -0.5 * (long + short),
            }
            note = f"linear between the yields of 2, 10 and 25 years; own part {own * 1e4:g} bp a year"
            yield Rule(key, exposures, own, note)


def index_spread(rating: str, level: float) -> Exposures:
    """Return the exposures of the spread of a rating bucket; `level` is its spread."""
    if rating in CREDIT_GRADES:
        return {"credit_high_yield": CREDIT_GRADES[rating]}
    return {"credit_investment_grade": level / INVESTMENT_GRADE_SPREAD}


def spread_rules(market: MarketSnapshot, equity: Mapping[str, Exposures]) -> Iterator[Rule]:
    """Yield the spreads of ratings and issuers.

    An issuer's moves with its rating's in proportion to the two spreads (Ben Dor et al., "DTS (Duration Times
    Spread)", Journal of Portfolio Management 33(2), 2007), and with what moves its share beyond the market.

    Parameters
    ----------
    equity
        Exposures of shares by issuer.
    """
    by_rating = {
        issuer.attributes["rating"].rstrip("+-"): market.levels[key]
        for key, issuer in _spreads(market)
        if issuer.kind == "index" and "rating" in issuer.attributes
    }
    for key, issuer in _spreads(market):
        level, bucket = market.levels[key], issuer.attributes.get("rating", "").rstrip("+-")
        index_level = by_rating.get(bucket)
        if index_level is None or not index_level > 0.0:
            continue
        index = index_spread(bucket, index_level)
        if issuer.kind == "index":
            yield Rule(key, index, 0.15 * index_level, f"spread of rating {bucket}, by the index's")
            continue
        ratio = min(level / index_level, LARGEST_RATIO)
        exposures = {name: ratio * value for name, value in index.items()}
        for name, exposure in _thematic(equity.get(issuer.id, {})):
            exposures[name] = -SPREAD_TO_EQUITY * level * exposure
        note = (
            f"{ratio:.2f} times rating {bucket}; {SPREAD_TO_EQUITY:g} of its share's moves beyond the market"
        )
        yield Rule(key, exposures, 0.30 * abs(level), note)


def _spreads(market: MarketSnapshot) -> Iterator[tuple[RiskFactorKey, Issuer]]:
    for key in market.levels:
        issuer = market.issuers.get(key.public_name)
        if key.kind == "credit_spread" and issuer is not None:
            yield key, issuer


def _thematic(exposures: Exposures) -> Iterator[tuple[str, float]]:
    """Yield the exposures of a share to the equity factors other than the market."""
    for name, exposure in exposures.items():
        if name in EQUITY_FACTORS[1:]:
            yield name, exposure


def vol_rules(market: MarketSnapshot, equity: Mapping[str, Exposures]) -> Iterator[Rule]:
    """Yield the at-the-money vols of every surface.

    An index's one-month vol changes relatively by `VOL_TO_FUTURES` times the return of the VIX futures; other
    maturities by √(1 month ÷ T), the decay of a shock to a mean-reverting variance; single names by a part of
    it, and by their own share.
    """
    for smile in market.smiles.values():
        issuer = market.issuers.get(smile.underlying)
        own = equity.get(smile.underlying, {}) if issuer is not None and issuer.kind == "equity" else None
        for tenor, years in zip(smile.tenors, smile.years.tolist(), strict=True):
            key = RiskFactorKey("implied_vol", smile.underlying, tenor)
            if key in market.levels:
                scale = market.levels[key] * min(sqrt(1.0 / (12.0 * years)), 1.0)
                yield _vol_rule(key, scale, own)


def _vol_rule(key: RiskFactorKey, scale: float, equity: Exposures | None) -> Rule:
    """Return the rule of one at-the-money vol; `equity` are the exposures of a single name's share."""
    share = VOL_TO_FUTURES * (1.0 if equity is None else NAME_VOL_SHARE)
    exposures = {"volatility": scale * share}
    for name, exposure in _thematic(equity or {}):
        exposures[name] = -VOL_TO_EQUITY * scale * exposure
    return Rule(key, exposures, 0.5 * scale, f"{share:g} times VIX futures, by √(1 month ÷ {key.tenor})")


def fx_rules(market: MarketSnapshot) -> Iterator[Rule]:
    """Yield the exchange rates that have a beta to the dollar."""
    for key in market.levels:
        if key.kind == "fx_spot" and key.name in FX_BETAS:
            beta = FX_BETAS[key.name]
            yield Rule(key, {"dollar": beta}, 0.05, f"beta {beta:g} to the dollar index")
