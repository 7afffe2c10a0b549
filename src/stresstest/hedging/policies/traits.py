"""What instruments are: their issuer's attributes, their asset class, themes through what funds hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from stresstest.catalog import instrument_type
from stresstest.conventions.day_counts import act_365f_years
from stresstest.errors import InputError, Problem
from stresstest.hedging.policies.selection import Traits
from stresstest.market.identifiers import resolve_issuer
from stresstest.market.keys import RiskFactorKey
from stresstest.market.ratings import rating_bucket
from stresstest.market.snapshot import FactorLink, Issuer, MarketSnapshot
from stresstest.quantity import QuantityError, parse_level

_BONDS = ("zero_bond", "fixed_bond")
_CREDIT_SWAPS = ("cds", "cds_index")
_OF_ISSUER = ("sector", "industry", "region", "survivor_tier")
_DEPTH = 16

MOST_OF_ONE_SECTOR = 2.0 / 3.0
"""Of a fund's holdings, for it to count as broad: the Nasdaq-100 does, a chip fund does not."""


def traits_of(tag: str, spec: Any, market: MarketSnapshot) -> Traits:
    """Return what an instrument is in a market; an issuer that the market lacks leaves only the type.

    An option has the attributes and themes of its underlying; its asset class is `option`.
    """
    field = instrument_type(tag).issuer_field
    named = getattr(spec, field) if field else ""
    issuer = resolve_issuer(market, named.split("#", 1)[0]) if named else None
    values = {"type": tag, "asset_class": asset_class_of(tag, issuer), "instrument": _name(spec, named)}
    currency = getattr(spec, "currency", None) or (issuer.currency if issuer else "")
    if currency:
        values["currency"] = currency
    if issuer is None:
        return Traits(values, {}, _years(spec, market.as_of))
    values |= {"issuer": issuer.id, "kind": issuer.kind, "group": issuer.attributes.get("group", issuer.id)}
    values |= {name: issuer.attributes[name] for name in _OF_ISSUER if name in issuer.attributes}
    bucket = rating_bucket(issuer.attributes.get("rating", ""))
    if bucket:
        values["rating"] = bucket
    return Traits(values, theme_exposures(issuer.id, market), _years(spec, market.as_of))


def number_of(issuer: str, attribute: str, market: MarketSnapshot) -> float | None:
    """Return an attribute of an issuer as a number, or None where it has none.

    Raises
    ------
    InputError
        ST479 where it holds text.
    """
    known = market.issuers.get(issuer)
    text = None if known is None else known.attributes.get(attribute)
    if text is None:
        return None
    if not is_number(text):
        got = f"{attribute} {text!r} of {issuer}"
        raise InputError([Problem("ST479", got, f"a number in market {market.name!r}")])
    return parse_level(text)


def is_number(text: str) -> bool:
    """Tell whether the value of an attribute is a number, with or without a unit."""
    try:
        parse_level(text)
    except QuantityError:
        return False
    return True


def asset_class_of(tag: str, issuer: Issuer | None) -> str:
    """Return what kind of asset an instrument of type `tag` is: its type decides, then its issuer."""
    if tag == "cash" or tag.endswith("_option"):
        return "cash" if tag == "cash" else "option"
    if tag in _CREDIT_SWAPS:
        return "credit_swap"
    if tag in _BONDS:
        return "government_bond" if issuer is not None and issuer.kind == "sovereign" else "credit"
    if issuer is None:
        return "other"
    rated_index = issuer.kind == "index" and "rating" in issuer.attributes
    of_kind = "equity" if issuer.kind in ("equity", "index") and not rated_index else "other"
    return issuer.attributes.get("asset_class", "credit" if rated_index else of_kind)


def _name(spec: Any, issuer: str) -> str:
    """Return what tells an instrument from others of its type: `UST 2026-10-01`, `SPY put 570 2026-09-18`."""
    parts = [
        issuer,
        *(getattr(spec, field, None) for field in ("right", "strike", "coupon", "maturity", "expiry")),
    ]
    return " ".join(f"{part:g}" if isinstance(part, float) else str(part) for part in parts if part)


def _years(spec: Any, today: date) -> float:
    day = getattr(spec, "maturity", None) or getattr(spec, "expiry", None)
    return max(0.0, act_365f_years(today, day)) if isinstance(day, date) else 0.0


def theme_exposures(issuer: str, market: MarketSnapshot) -> dict[str, float]:
    """Return the exposure in (0, 1] of an issuer by theme, a fund's by what it holds.

    An exposure that the market states for the fund itself comes first.
    """
    found: dict[str, float] = {}
    for name, weight in look_through(issuer, market).items():
        held = market.issuers.get(name)
        for theme, exposure in (held.themes if held else {}).items():
            found[theme] = found.get(theme, 0.0) + weight * exposure
    own = market.issuers[issuer].themes if issuer in market.issuers else {}
    return {theme: min(exposure, 1.0) for theme, exposure in {**found, **own}.items() if exposure > 0.0}


def is_broad(issuer: str, market: MarketSnapshot) -> bool:
    """Tell whether `issuer` is an index or a fund of shares of which no sector is more than two thirds.

    What it holds without a known sector is left out.
    """
    known = market.issuers.get(issuer)
    if known is None or known.kind not in ("fund", "index") or asset_class_of("fund", known) != "equity":
        return False
    sectors: dict[str, float] = {}
    for name, weight in look_through(issuer, market).items():
        sector = market.issuers[name].attributes.get("sector", "") if name in market.issuers else ""
        if sector:
            sectors[sector] = sectors.get(sector, 0.0) + weight
    return 0.0 < max(sectors.values(), default=0.0) <= MOST_OF_ONE_SECTOR * sum(sectors.values())


def look_through(issuer: str, market: MarketSnapshot) -> dict[str, float]:
    """Return what a share of `issuer` moves with, by issuer: itself, or a fund's constituents by weight.

    Where the market links a fund by betas instead of weights, betas stand in for them; durations and what
    has no issuer are left out. A fund with neither, and what is no fund, is 1 of itself.
    """
    links = {link.target: link for link in market.links}
    return _opened(issuer, links, _DEPTH)


def _opened(issuer: str, links: Mapping[RiskFactorKey, FactorLink], depth: int) -> dict[str, float]:
    link = links.get(RiskFactorKey("spot", issuer))
    terms = [] if link is None else [*link.weights, *link.betas]
    inside = [(key.name, weight) for key, weight in terms if key.kind == "spot"]
    if not inside or depth == 0:
        return {issuer: 1.0}
    found: dict[str, float] = {}
    for name, weight in inside:
        for leaf, share in _opened(name, links, depth - 1).items():
            found[leaf] = found.get(leaf, 0.0) + weight * share
    return found
