"""Terms of cash, swaps, currencies, commodities and obligations; sizes as in `share_terms`."""

from __future__ import annotations

from stresstest.batch.accounts.draws import Draws, month_ahead, third_friday
from stresstest.batch.accounts.offer import DOLLAR_LIKE, Offer
from stresstest.batch.accounts.share_terms import SIZE, Terms
from stresstest.conventions.schedules import add_months
from stresstest.io.spec_values import Values

_UNITS = {"WTI": 1_000, "XAU": 100}


def _size(currency: str) -> float:
    return SIZE * DOLLAR_LIKE.get(currency, 1.0)


def cash(draws: Draws, offer: Offer) -> Terms:
    """Return money of a currency."""
    currency = draws.one_of(offer.currencies)
    return {"currency": currency}, _size(currency)


def _leg(draws: Draws, offer: Offer) -> Values:
    start = month_ahead(offer.as_of, draws.whole(-18, 6), draws.whole(1, 28))
    return {
        "side": draws.one_of(("pay_fixed", "receive_fixed")),
        "currency": draws.one_of(offer.currencies),
        "fixed_rate": draws.percent(1.5, 5.0, 0.05),
        "start": start,
        "maturity": add_months(start, 12 * draws.whole(3, 30)),
    }


def interest_rate_swap(draws: Draws, offer: Offer) -> Terms:
    """Return a swap of fixed against floating interest."""
    terms = _leg(draws, offer)
    frequency = draws.one_of((1, 2))
    legs = {"fixed_frequency": frequency, "fixed_day_count": "30/360", "floating_frequency": 4}
    return {**terms, **legs}, 10.0 * _size(str(terms["currency"]))


def ois(draws: Draws, offer: Offer) -> Terms:
    """Return a swap of fixed against compounded overnight interest."""
    terms = _leg(draws, offer)
    return terms, 10.0 * _size(str(terms["currency"]))


def swaption(draws: Draws, offer: Offer) -> Terms:
    """Return the right to enter a swap."""
    expiry = month_ahead(offer.as_of, draws.whole(2, 96), draws.whole(1, 28))
    return {
        "right": draws.one_of(("payer", "receiver")),
        "currency": draws.one_of(offer.swaption_currencies),
        "strike": draws.percent(2.5, 5.5, 0.05),
        "expiry": expiry,
        "maturity": add_months(expiry, 12 * draws.whole(1, 20)),
    }, 10.0 * SIZE


def fx_forward(draws: Draws, offer: Offer) -> Terms:
    """Return a purchase or sale of a currency ahead."""
    pair = draws.one_of(offer.pairs)
    rate = float(f"{offer.level('fx_spot', pair) * (0.92 + 0.16 * draws.uniform()):.5g}")
    day = month_ahead(offer.as_of, draws.whole(1, 24), draws.whole(1, 28))
    return {"pair": pair, "rate": rate, "delivery": day}, _size(pair[:3])


def fx_option(draws: Draws, offer: Offer) -> Terms:
    """Return an option on a currency."""
    pair = draws.one_of(offer.pairs_with_vols)
    strike = float(f"{offer.level('fx_spot', pair) * (0.85 + 0.3 * draws.uniform()):.4g}")
    day = month_ahead(offer.as_of, draws.whole(1, 24), draws.whole(1, 28))
    right = draws.one_of(("call", "put"))
    return {"pair": pair, "right": right, "strike": strike, "expiry": day}, 10.0 * _size(pair[:3])


def commodity_future(draws: Draws, offer: Offer) -> Terms:
    """Return a future on a commodity or on power, with the price that its gains count from."""
    name = draws.one_of(offer.commodities)
    forward, unit = offer.forward(name), _UNITS.get(name, 1_000)
    return {
        "commodity": name,
        "expiry": month_ahead(offer.as_of, draws.whole(1, 22), draws.whole(15, 28)),
        "multiplier": unit,
        "entry_price": round(forward * (0.85 + 0.3 * draws.uniform()), 1),
    }, SIZE / (forward * unit)


def commodity_option(draws: Draws, offer: Offer) -> Terms:
    """Return an option on a future."""
    name = draws.one_of(offer.commodities_with_vols)
    forward, unit = offer.forward(name), _UNITS.get(name, 1_000)
    return {
        "commodity": name,
        "right": draws.one_of(("call", "put")),
        "strike": draws.price(forward, 0.7, 1.4),
        "expiry": third_friday(offer.as_of, draws.whole(1, 20)),
        "multiplier": unit,
    }, SIZE / (forward * unit)


def rental_forward(draws: Draws, offer: Offer) -> Terms:
    """Return a rental of GPUs agreed ahead."""
    gpu = draws.one_of(offer.gpus)
    rental = offer.level("rental_rate", gpu)
    start = month_ahead(offer.as_of, draws.whole(1, 9), draws.whole(1, 28))
    return {
        "gpu": gpu,
        "rate": round(rental * (0.7 + 0.5 * draws.uniform()), 2),
        "start": start,
        "end": add_months(start, draws.whole(3, 12)),
        "utilisation": draws.percent(60.0, 100.0, 5.0),
    }, SIZE / (rental * 4_000.0)


def liability(draws: Draws, offer: Offer) -> Terms:
    """Return payments owed, by rule or one by one."""
    currency = draws.one_of(offer.currencies)
    amount = 1_000 * draws.whole(2, 40)
    if draws.chance(0.5):
        days = [month_ahead(offer.as_of, 12 * year + 3, 28) for year in range(draws.whole(1, 8))]
        return {"currency": currency, "payments": [{"date": day, "amount": amount} for day in days]}, 1.0
    first = month_ahead(offer.as_of, draws.whole(1, 60), 28)
    profile = {
        "first_payment": first,
        "last_payment": add_months(first, 12 * draws.whole(5, 35)),
        "yearly_amount": amount,
        "growth": draws.percent(-4.0, 3.0, 0.5),
        "frequency": draws.one_of((1, 4, 12)),
    }
    linked = currency in offer.inflation_currencies and draws.chance(0.3)
    return {"currency": currency, "profile": profile, **({"inflation_linked": True} if linked else {})}, 1.0


def lease(draws: Draws, offer: Offer) -> Terms:
    """Return a lease let or taken, at times with an option to renew it."""
    terms: Values = {
        "issuer": draws.one_of(offer.debtors),
        "side": draws.one_of(("receivable", "obligation")),
        "rent": 500 * draws.whole(2, 40),
        "start": month_ahead(offer.as_of, -draws.whole(0, 24), 1),
        "term_months": 12 * draws.whole(3, 15),
        "escalator": draws.percent(0.0, 4.0, 0.5),
    }
    if draws.chance(0.3):
        terms["renewals"] = [{"months": 60, "probability": draws.percent(20.0, 80.0, 10.0)}]
    return terms, 1.0


def private_stake(draws: Draws, offer: Offer) -> Terms:
    """Return a part of a private company, at its mark or moved as a listed one."""
    issuer = draws.one_of(offer.private)
    part = draws.whole(1, 400)
    terms: Values = {"issuer": issuer, "ownership": f"{part / 1e7:.7f}".rstrip("0") + "%"}
    if draws.chance(0.4):
        comparable = draws.one_of(offer.shares)
        beta = draws.whole(5, 15) / 10.0
        terms |= {"valuation": "comparable", "comparable": comparable, "comparable_beta": beta}
    if draws.chance(0.5):
        terms["marketability_discount"] = draws.percent(5.0, 30.0, 5.0)
    return terms, 1.0
