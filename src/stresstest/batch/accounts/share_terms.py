"""Terms of shares, funds and what is written on them, drawn from what a market offers.

Every function returns contract terms as a document writes them, and the quantity that is worth, or moves as
much as, about 100,000 units of the market's currency.
"""

from __future__ import annotations

from stresstest.batch.accounts.draws import Draws, month_ahead, third_friday
from stresstest.batch.accounts.offer import Offer
from stresstest.io.spec_values import Values

SIZE = 100_000.0
"""Value of a position of ordinary size, in the market's currency."""

Terms = tuple[Values, float]
"""Contract terms, and the quantity of a position of ordinary size."""

_CONTRACT = 100
_PREMIUM = 10.0
"""Shares that options of ordinary size are on, as a multiple of the shares worth as much."""


def equity(draws: Draws, offer: Offer) -> Terms:
    """Return a share."""
    name = draws.one_of(offer.shares)
    return {"issuer": name}, SIZE / offer.level("spot", name)


def fund(draws: Draws, offer: Offer) -> Terms:
    """Return a fund of the market, or one with holdings of its own and a net asset value."""
    if draws.chance(0.6):
        name = draws.one_of(offer.funds)
        return {"issuer": name}, SIZE / offer.level("spot", name)
    names = sorted({draws.one_of(offer.shares) for _ in range(draws.whole(2, 6))})
    weight = 90 // len(names)
    holdings = [{"issuer": name, "weight": f"{weight}%"} for name in names]
    nav = draws.whole(20, 400) / 2.0
    return {"holdings": holdings, "nav": nav, "expense_ratio": draws.percent(0.0, 1.5, 0.05)}, SIZE / nav


def european_option(draws: Draws, offer: Offer) -> Terms:
    """Return a listed option."""
    name = draws.one_of(offer.optionable)
    spot = offer.level("spot", name)
    return {
        "underlying": name,
        "right": draws.one_of(("call", "put")),
        "strike": draws.price(spot, 0.6, 1.5),
        "expiry": third_friday(offer.as_of, draws.whole(1, 26)),
        "multiplier": _CONTRACT,
    }, _PREMIUM * SIZE / (spot * _CONTRACT)


def american_option(draws: Draws, offer: Offer) -> Terms:
    """Return a listed option that may be exercised early, at times with dividends on dates."""
    terms, size = european_option(draws, offer)
    if draws.chance(0.25) and terms["expiry"] > month_ahead(offer.as_of, 4, 1):
        amount = round(0.004 * offer.level("spot", terms["underlying"]), 2)
        dates = (month_ahead(offer.as_of, 2, 10), month_ahead(offer.as_of, 3, 12))
        terms["dividends"] = [{"date": day, "amount": max(amount, 0.01)} for day in dates]
    return terms, size


def barrier_option(draws: Draws, offer: Offer) -> Terms:
    """Return an option with a barrier that today's price has not touched."""
    terms, size = european_option(draws, offer)
    spot = offer.level("spot", terms["underlying"])
    knock = draws.one_of(("down_in", "down_out", "up_in", "up_out"))
    low, high = (0.55, 0.95) if knock.startswith("down") else (1.05, 1.6)
    terms["strike"] = draws.price(spot, 0.8, 1.2)
    terms["barrier"] = round(spot * (low + (high - low) * draws.uniform()), 2)
    terms["knock"] = knock
    if draws.chance(0.2):
        terms["rebate"] = round(0.02 * spot, 2)
    return terms, size


def digital_option(draws: Draws, offer: Offer) -> Terms:
    """Return an option that pays an amount of money, or a share."""
    terms, size = european_option(draws, offer)
    del terms["multiplier"]
    if draws.chance(0.25):
        return {**terms, "payoff": "asset"}, size * _CONTRACT / _PREMIUM
    amount = 1_000 * draws.whole(1, 50)
    return {**terms, "amount": amount}, SIZE / amount


def equity_forward(draws: Draws, offer: Offer) -> Terms:
    """Return a forward purchase of shares."""
    name = draws.one_of(offer.optionable)
    spot = offer.level("spot", name)
    price = round(spot * (0.9 + 0.2 * draws.uniform()), 2)
    day = month_ahead(offer.as_of, draws.whole(1, 24), draws.whole(1, 28))
    return {"underlying": name, "delivery": day, "price": price}, SIZE / spot


def equity_future(draws: Draws, offer: Offer) -> Terms:
    """Return a future, at times with the price that its gains count from."""
    name = draws.one_of(offer.optionable)
    spot = offer.level("spot", name)
    months = 3 * draws.whole(1, 8) - (offer.as_of.month % 3)
    terms: Values = {"underlying": name, "expiry": third_friday(offer.as_of, months), "multiplier": _CONTRACT}
    if draws.chance(0.7):
        terms["entry_price"] = round(spot * (0.9 + 0.2 * draws.uniform()), 2)
    return terms, SIZE / (spot * _CONTRACT)


def variance_swap(draws: Draws, offer: Offer) -> Terms:
    """Return a swap of variance that begins today."""
    return {
        "underlying": draws.one_of(offer.optionable),
        "strike": draws.percent(15.0, 60.0, 0.5),
        "expiry": third_friday(offer.as_of, draws.whole(2, 24)),
    }, SIZE / 25.0
