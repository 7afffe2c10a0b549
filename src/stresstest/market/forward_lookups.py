"""What forwards, futures and currency trades look up: forward curves, pairs, curves, entry prices."""

from __future__ import annotations

from stresstest.errors import InputError, Problem, ProblemList, nearest
from stresstest.kernels.discounting import carried_spot, interpolated_price, log_discount
from stresstest.kernels.exponential import exp
from stresstest.market.curves import interpolation_weights
from stresstest.market.fx import fx_factors
from stresstest.market.keys import RiskFactorKey
from stresstest.market.lookups import check_levels, find_curve, find_issuer, nodes_used
from stresstest.market.price_curves import PriceCurve
from stresstest.market.snapshot import Curve, MarketSnapshot


def find_price_curve(market: MarketSnapshot, kinds: tuple[str, ...], name: str, field: str) -> PriceCurve:
    """Return the forward curve of a name, of the first of `kinds` that has one.

    Raises
    ------
    InputError
        The market has none (ST363); `field` is what the contract terms call it.
    """
    for kind in kinds:
        curve = market.price_curves.get((kind, name))
        if curve is not None:
            return curve
    known = [other for kind, other in market.price_curves if kind in kinds]
    expected = f"a forward curve of market {market.name!r}: {', '.join(known) or 'it has none'}"
    raise InputError(
        [Problem("ST363", f"{field} {name!r}", expected, suggestion=nearest(name, known), field=field)]
    )


def currency_curve_name(market: MarketSnapshot, currency: str, stated: str | None) -> str:
    """Return the curve of a currency: the stated one, its discount curve or its only one; else empty."""
    if stated or currency in market.discount_curves:
        return stated or market.discount_curves[currency]
    of_currency = [name for name, curve in market.curves.items() if curve.currency == currency]
    return of_currency[0] if len(of_currency) == 1 else ""


def find_currency_curve(
    market: MarketSnapshot, currency: str, stated: str | None, field: str, problems: ProblemList
) -> Curve | None:
    """Return the curve of a currency; None where there is none (ST362) or it is of another (ST372).

    The problem is added; `field` is what the contract terms call the curve.
    """
    name = currency_curve_name(market, currency, stated)
    curve = market.curves.get(name)
    if curve is None:
        got = f"{field} {name!r}" if stated else f"no one curve of {currency}"
        expected = f"a curve of market {market.name!r}"
        suggestion = nearest(name, market.curves) if stated else ""
        problems.add(Problem("ST362", got, expected, suggestion=suggestion, field=field))
        return None
    if curve.currency != currency:
        got = f"curve {name!r} of {curve.currency} for payments in {currency}"
        problems.add(Problem("ST372", got, f"a curve of {currency}", field=field))
        return None
    return curve


def rate_factors(
    market: MarketSnapshot, pair: str, problems: ProblemList, field: str = "pair"
) -> tuple[RiskFactorKey, ...]:
    """Return the factors of the exchange rate of a pair like EURUSD; none, with the problem, without one."""
    base, quote = pair[:3], pair[3:]
    if base == quote:
        problems.add(Problem("ST364", f"{field} {pair}", "two different currencies", field=field))
        return ()
    try:
        return tuple(key for key, _ in fx_factors(market, base, quote))
    except InputError:
        middle = market.currency
        legs = " and ".join(
            f"one of fx_spot/{side}{middle} and fx_spot/{middle}{side}"
            for side in (base, quote)
            if side != middle
        )
        got = f"no exchange rate from {base} to {quote} in market {market.name!r}"
        expected = f"fx_spot/{pair}, fx_spot/{quote}{base}, or {legs}"
        problems.add(Problem("ST218", got, expected, field=field))
        return ()


def base_futures_price(market: MarketSnapshot, underlying: str, curve: Curve, years: float) -> float:
    """Return the futures price of a share at the market's own levels, to the last bit of a kernel's."""
    levels, keys = market.levels, curve.keys()
    lower, upper, lower_weight, upper_weight = interpolation_weights(curve.years, years)
    log_factor = log_discount(
        levels[keys[lower]], levels[keys[upper]], lower_weight * years, upper_weight * years
    )
    spot, dividend_yield = (levels[RiskFactorKey(kind, underlying)] for kind in ("spot", "dividend_yield"))
    return float(carried_spot(spot, dividend_yield, years) / exp(log_factor))


def base_forward_price(market: MarketSnapshot, curve: PriceCurve, years: float) -> float:
    """Return the price for delivery in `years` at the market's own levels, to the last bit of a kernel's."""
    lower, upper, lower_weight, upper_weight = curve.nodes(years)
    low, high = market.levels[curve.key(lower)], market.levels[curve.key(upper)]
    return float(interpolated_price(low, high, lower_weight, upper_weight))


def price_currency(market: MarketSnapshot, name: str) -> str:
    """Return the currency of a forward curve: that of the issuer of its name, or else the market's own."""
    issuer = market.issuers.get(name)
    return market.currency if issuer is None else issuer.currency


def share_forward_factors(
    market: MarketSnapshot, underlying: str, stated_curve: str | None, years: float, problems: ProblemList
) -> tuple[RiskFactorKey, ...]:
    """Return what a forward price of a share depends on: spot, dividend yield, zero rates around its day.

    On that day only the spot matters, though the rest must be there. What is missing is added to `problems`.

    Raises
    ------
    InputError
        The underlying is unknown (ST355).
    """
    issuer = find_issuer(market, underlying, "underlying")
    spot = RiskFactorKey("spot", underlying)
    factors = [spot, RiskFactorKey("dividend_yield", underlying)]
    curve = find_curve(market, issuer.currency, stated_curve, problems)
    if curve is not None:
        factors += nodes_used(curve, [years])
    check_levels(market, factors, problems)
    return tuple(factors) if years > 0.0 else (spot,)
