"""Small and large synthetic markets for the tests of scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from stresstest.arrays import frozen
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Curve, FactorLink, Issuer, MarketSnapshot

TENORS = ("1M", "1Y", "5Y", "10Y")
YEARS = (1 / 12, 1.0, 5.0, 10.0)


def key(text: str) -> RiskFactorKey:
    return RiskFactorKey.parse(text)


def issuer(id_: str, themes: Mapping[str, float] | None = None, **attributes: str) -> Issuer:
    return Issuer(id_, id_, "equity", "USD", attributes, themes or {})


ISSUERS = (
    issuer(
        "NVDA",
        {"ai_accelerators": 1.0},
        industry="semiconductors",
        sector="information_technology",
        region="US",
        survivor_tier="perhaps",
        rating="AA-",
    ),
    issuer(
        "AMD",
        {"ai_accelerators": 0.5},
        industry="semiconductors",
        sector="information_technology",
        region="US",
        rating="A",
    ),
    issuer(
        "KO",
        {"staples": 1.0},
        industry="consumer_staples",
        sector="consumer_staples",
        region="US",
        rating="A+",
    ),
    replace(
        issuer(
            "SAP", {"software": 0.0}, industry="software", sector="information_technology", region="Europe"
        ),
        currency="EUR",
    ),
    replace(issuer("SPY", region="US"), kind="fund"),
    replace(issuer("US_B", rating="B"), kind="index"),
)

LEVELS = {
    "spot/NVDA": 187.62,
    "spot/AMD": 164.67,
    "spot/KO": 66.3,
    "spot/SAP": 231.0,
    "spot/SPY": 669.21,
    "implied_vol/NVDA/1M": 0.42,
    "implied_vol/NVDA/1Y": 0.45,
    "implied_vol/KO/1M": 0.16,
    "vol_skew/NVDA/1M": -0.08,
    "credit_spread/NVDA": 0.005,
    "credit_spread/AMD": 0.008,
    "credit_spread/KO": 0.007,
    "credit_spread/US_B": 0.0312,
    "zero_rate/USD/1M": 0.0424,
    "zero_rate/USD/1Y": 0.0364,
    "zero_rate/USD/5Y": 0.0372,
    "zero_rate/USD/10Y": 0.0413,
    "zero_rate/EUR/1Y": 0.0195,
    "zero_rate/EUR/10Y": 0.0267,
    "fx_spot/EURUSD": 1.1742,
    "recovery_rate/AMD": 0.4,
    "default_state/AMD": 0.0,
    "rental_rate/H100": 2.2,
    "dividend_yield/KO": 0.0307,
}

SPY_LINK = FactorLink(
    key("spot/SPY"), weights=((key("spot/NVDA"), 0.08), (key("spot/AMD"), 0.01), (key("spot/KO"), 0.02))
)


def small_market() -> MarketSnapshot:
    """Return five shares, a fund that follows three of them, two curves, vols, spreads, and a little more."""
    return MarketSnapshot(
        name="small",
        as_of=date(2025, 10, 3),
        currency="USD",
        levels={key(text): level for text, level in LEVELS.items()},
        issuers={item.id: item for item in ISSUERS},
        curves={
            "USD": Curve("USD", "USD", TENORS, frozen(YEARS)),
            "EUR": Curve("EUR", "EUR", ("1Y", "10Y"), frozen([1.0, 10.0])),
        },
        discount_curves={"USD": "USD", "EUR": "EUR"},
        smiles={},
        links=(SPY_LINK,),
        provenance={},
    )


def with_levels(market: MarketSnapshot, levels: Mapping[str, float], *links: FactorLink) -> MarketSnapshot:
    more = {key(text): level for text, level in levels.items()}
    return replace(market, levels={**market.levels, **more}, links=(*market.links, *links))


def large_market(n_issuers: int = 250) -> MarketSnapshot:
    """Return a market of 12 factors an issuer: 3,000 for 250 issuers."""
    themes = ("ai_accelerators", "staples", "software", "ai_power")
    issuers, levels = {}, {}
    for number in range(n_issuers):
        id_ = f"I{number:03d}"
        attributes = {
            "sector": f"sector_{number % 11}",
            "region": "US" if number % 4 else "Europe",
            "rating": "BBB",
        }
        issuers[id_] = issuer(id_, {themes[number % 4]: 1.0 - (number % 3) / 4}, **attributes)
        levels[key(f"spot/{id_}")] = 50.0 + number
        levels[key(f"credit_spread/{id_}")] = 0.01 + number * 1e-5
        levels[key(f"dividend_yield/{id_}")] = 0.02
        for tenor in ("1M", "3M", "1Y"):
            for kind, level in (("implied_vol", 0.3), ("vol_skew", -0.1), ("vol_curvature", 0.05)):
                levels[RiskFactorKey(kind, id_, tenor)] = level
    return replace(
        small_market(), name="large", levels=levels, issuers=issuers, curves={}, discount_curves={}, links=()
    )
