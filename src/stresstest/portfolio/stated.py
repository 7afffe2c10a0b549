"""Positions without a price: valued as their holder states, shocked through a proxy or attributes."""

from __future__ import annotations

from dataclasses import dataclass

from stresstest.errors import Problem
from stresstest.market.identifiers import resolve_issuer
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Issuer, MarketSnapshot, Provenance
from stresstest.portfolio.model import Instrument, StatedValue
from stresstest.portfolio.private import PrivateMarket, Proxied


@dataclass(frozen=True, slots=True)
class UnpricedPosition:
    """An instrument that the market does not price, and who holds it.

    Attributes
    ----------
    kind
        Kind of the factor that the stated value stands in for.
    named
        How the position names its issuer.
    issuer
        The market's issuer of that name where it has one, without a price.
    """

    position: str
    kind: str
    named: str
    issuer: Issuer | None
    instrument: Instrument


def unpriced_problem(unpriced: UnpricedPosition, market: MarketSnapshot) -> Problem | None:
    """Return why the position cannot be valued or shocked, or None where it can."""
    who = f"position {unpriced.position!r}"
    stated = unpriced.instrument.stated
    if stated is None:
        return Problem(
            "ST252",
            f"{who}: {unpriced.named!r} has neither a price in market {market.name!r} nor a stated value",
            "a priced issuer, or stated_value and stated_date with a proxy",
        )
    proxy = proxy_name(unpriced.instrument, unpriced.issuer)
    if not proxy and (unpriced.issuer is None or not (unpriced.issuer.attributes or unpriced.issuer.themes)):
        return Problem(
            "ST253", f"{who}: nothing to shock {unpriced.named!r} by", "a proxy, or an issuer with attributes"
        )
    if stated.quantity == 0.0 or not stated.value / stated.quantity > 0.0:
        return Problem(
            "ST254",
            f"{who}: stated value {stated.value:g} for quantity {stated.quantity:g}",
            "a stated value with the sign of the quantity",
        )
    return None


def add_stated(
    unpriced: UnpricedPosition, proxy: Issuer | None, private: PrivateMarket
) -> tuple[str, Proxied]:
    """Add the private issuer of an unpriced position to the market; return its name and the record of it."""
    stated = unpriced.instrument.stated
    if stated is None:
        raise ValueError(f"{unpriced.position}: no stated value")
    market = private.market
    base = unpriced.issuer or Issuer(unpriced.named, unpriced.named, "equity", market.currency)
    issuer = _private_issuer(unpriced, base, proxy)
    roll = _roll(market, proxy, stated)
    level = stated.value / stated.quantity * (1.0 + (roll or 0.0))
    note = f"stated by the holder on {stated.date.isoformat()}"
    if proxy is not None:
        note += (
            f", rolled by {proxy.id} {roll:+.2%}"
            if roll is not None
            else f", not rolled: no return of {proxy.id}"
        )
    target = RiskFactorKey(unpriced.kind, issuer.id)
    provenance = Provenance("judgement", "stated value of the position", market.as_of, note)
    private.add(issuer, {target: level}, provenance)
    if proxy is not None:
        private.link(target, RiskFactorKey(unpriced.kind, proxy.id))
    proxy_id = proxy.id if proxy is not None else ""
    record = Proxied(
        unpriced.position, unpriced.named, proxy_id, stated.value, stated.date, issuer.currency, roll
    )
    return issuer.id, record


def _private_issuer(unpriced: UnpricedPosition, base: Issuer, proxy: Issuer | None) -> Issuer:
    """Return the issuer with its own attributes, and those of its proxy where it has none of that name."""
    attributes = {**(proxy.attributes if proxy else {}), **base.attributes}
    currency = base.currency if unpriced.issuer is not None or proxy is None else proxy.currency
    themes = base.themes or (proxy.themes if proxy else {})
    return Issuer(f"{base.id}#{unpriced.position}", base.name, base.kind, currency, attributes, themes)


def _roll(market: MarketSnapshot, proxy: Issuer | None, stated: StatedValue) -> float | None:
    if stated.date >= market.as_of:
        return 0.0
    return None if proxy is None else market.rolls.get((proxy.id, stated.date))


def proxy_name(instrument: Instrument, issuer: Issuer | None) -> str:
    """Return the proxy that the position names, or else the one that the market names for its issuer."""
    return instrument.proxy or (issuer.attributes.get("proxy", "") if issuer else "")


def proxy_of(name: str, kind: str, market: MarketSnapshot) -> Issuer | None:
    """Return the issuer called `name`, if the market prices it."""
    proxy = resolve_issuer(market, name) if name else None
    if proxy is None or RiskFactorKey(kind, proxy.id) not in market.levels:
        return None
    return proxy
