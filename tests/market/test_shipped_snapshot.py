"""The shipped market: vintage, coverage, and funds that move as their holdings do."""

import csv
from datetime import date
from functools import cache
from math import log
from pathlib import Path

import numpy as np
import pytest

from stresstest.errors import InputError
from stresstest.io.resources import find_in_library
from stresstest.market.arbitrage import butterfly_density
from stresstest.market.identifiers import resolve_issuer
from stresstest.market.keys import RiskFactorKey
from stresstest.market.links import linked_level
from stresstest.market.loading import load_market
from stresstest.market.snapshot import MarketSnapshot

NAME = "2025-10-03"
AS_OF = date(2025, 10, 3)
DATED = ("levels", "attributes", "themes", "exposures", "smiles", "rolls")
CLASSES = {"documented", "computed", "judgement", "unverified"}

INDUSTRY_MOVES = {
    "semiconductors": -0.55,
    "semiconductor_manufacturing": -0.48,
    "networking": -0.58,
    "servers": -0.50,
    "power_equipment": -0.45,
    "merchant_power": -0.45,
    "nuclear": -0.70,
    "regulated_utilities": 0.03,
    "ai_cloud": -0.80,
    "software": -0.20,
    "data_centre_reit": -0.30,
    "private_credit": -0.35,
    "bdc": -0.18,
    "banks": -0.15,
    "payments": -0.08,
    "ratings_and_exchanges": -0.08,
    "insurance": -0.08,
    "diversified_financials": -0.08,
    "conglomerate": -0.06,
    "consumer_staples": 0.03,
    "health_care": 0.02,
    "health_services": 0.02,
    "oil_and_gas": -0.12,
}
"""Moves by industry where the hyperscalers halve AI capex; the rest of the market falls 14 %."""
ISSUER_MOVES = {
    "NVDA": -0.60, "MSFT": -0.22, "GOOGL": -0.22, "META": -0.20, "AMZN": -0.22, "AAPL": -0.10, "TSLA": -0.35,
    "ORCL": -0.50, "AXP": -0.15, "MCO": -0.15, "MU": -0.48,
}  # fmt: skip
REST = -0.14


@cache
def market() -> MarketSnapshot:
    return load_market([NAME])


def folder() -> Path:
    found = find_in_library("markets", NAME)
    assert found is not None
    return found if found.is_dir() else found.parent


def table(name: str) -> list[dict[str, str]]:
    with (folder() / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def spot(name: str) -> RiskFactorKey:
    return RiskFactorKey("spot", name)


def moves(shocked: dict[RiskFactorKey, float]) -> dict[str, float]:
    """Return the relative move of every link target under the shocked levels."""
    base, levels = market().levels, dict(shocked)
    for link in market().links:
        levels[link.target] = linked_level(link, base, levels)
    return {link.target.name: levels[link.target] / base[link.target] - 1.0 for link in market().links}


def parallel_shift(size: float) -> dict[RiskFactorKey, float]:
    return {key: market().levels[key] + size for key in market().curves["USD"].keys()}  # noqa: SIM118


@pytest.mark.parametrize("name", DATED)
def test_no_datum_is_later_than_the_snapshot(name):
    rows = table(name)
    assert rows
    late = [row for row in rows if date.fromisoformat(row["date"]) > AS_OF]
    assert not late


@pytest.mark.parametrize("name", DATED)
def test_every_row_has_a_class_and_a_source(name):
    assert not [row for row in table(name) if row["class"] not in CLASSES or not row["source"]]


def test_a_later_datum_is_refused(tmp_path):
    assert max(evidence.as_of for evidence in market().provenance.values()) <= AS_OF
    for file in folder().iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    levels = tmp_path / "levels.csv"
    text = levels.read_text(encoding="utf-8").replace(
        "spot/NVDA,187.62,2025-10-03", "spot/NVDA,187.62,2025-10-04"
    )
    levels.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="ST204"):
        load_market([tmp_path])


def test_at_least_110_issuers_and_funds_are_priced():
    priced = [
        issuer.id
        for issuer in market().issuers.values()
        if issuer.kind in ("equity", "fund") and spot(issuer.id) in market().levels
    ]
    assert len(priced) >= 110


def test_nothing_is_remarked_about_the_surfaces():
    assert market().notes == ()


def test_every_surface_of_a_share_or_fund_has_a_dividend_yield_and_a_price():
    shares = [
        name
        for name in market().smiles
        if name in market().issuers and market().issuers[name].kind in ("equity", "fund")
    ]
    assert len(shares) == 139
    missing = [
        name
        for name in shares
        if spot(name) not in market().levels or RiskFactorKey("dividend_yield", name) not in market().levels
    ]
    assert not missing


def test_every_priced_share_and_fund_has_a_dividend_yield():
    missing = [
        issuer.id
        for issuer in market().issuers.values()
        if issuer.kind in ("equity", "fund")
        and spot(issuer.id) in market().levels
        and RiskFactorKey("dividend_yield", issuer.id) not in market().levels
    ]
    assert not missing


def test_surfaces_have_no_butterfly_of_negative_price():
    for smile in market().smiles.values():
        kinds = ("implied_vol", "vol_skew", "vol_curvature")
        pillars = np.array(
            [
                [years, *(market().levels[RiskFactorKey(kind, smile.underlying, tenor)] for kind in kinds)]
                for tenor, years in zip(smile.tenors, smile.years, strict=True)
            ]
        )
        x = np.broadcast_to(np.linspace(smile.lower, smile.upper, 201), (len(smile.tenors), 201))
        assert (butterfly_density(pillars, x) >= 0.0).all(), smile.underlying
        vol, skew, curvature = pillars[:, 1:].T
        slope_at = [skew + 2.0 * curvature * bound for bound in (smile.lower, smile.upper)]
        # Beyond its bounds the vol is flat: a slope that falls there would be a negative atom of density.
        assert (slope_at[0] > -1e-4).all(), smile.underlying
        assert (slope_at[1] < 1e-4).all(), smile.underlying
        assert (vol > 0.0).all()


def test_implied_vols_follow_their_rule():
    levels = market().levels
    spy = [levels[RiskFactorKey("implied_vol", "SPY", tenor)] for tenor in ("1M", "3M", "12M")]
    assert spy == pytest.approx([0.14, 0.155, 0.18])
    assert levels[RiskFactorKey("implied_vol", "CRWV", "3M")] == 1.0
    five_percent_lower = log(0.95)
    for tenor, years, points in (("3M", 0.25, 0.011), ("12M", 1.0, 0.007)):
        slope = levels[RiskFactorKey("vol_skew", "SPY", tenor)]
        assert slope * five_percent_lower / years**0.5 == pytest.approx(points, abs=2e-4)


@pytest.mark.parametrize(
    ("fund", "lowest", "highest"),
    [
        ("TLT", -0.165, -0.135),
        ("IEF", -0.080, -0.065),
        ("AGG", -0.065, -0.052),
        ("LQD", -0.090, -0.065),
        ("HYG", -0.035, -0.022),
        ("SHY", -0.022, -0.015),
        ("BIL", -0.003, -0.0005),
    ],
)
def test_bond_funds_fall_when_rates_rise(fund, lowest, highest):
    assert lowest < moves(parallel_shift(0.01))[fund] < highest
    assert moves(parallel_shift(-0.01))[fund] > 0.0


def test_credit_funds_fall_when_spreads_widen_and_treasury_funds_do_not():
    keys = [
        RiskFactorKey("credit_spread", f"US_{rating}")
        for rating in ("AAA", "AA", "A", "BBB", "BB", "B", "CCC")
    ]
    moved = moves({key: market().levels[key] + 0.01 for key in keys})
    assert -0.085 < moved["LQD"] < -0.07
    assert -0.040 < moved["HYG"] < -0.025
    assert -0.040 < moved["BKLN"] < -0.02
    assert moved["TLT"] == moved["IEF"] == 0.0


def test_funds_of_one_thing_follow_it():
    gold = spot("XAU")
    moved = moves({gold: market().levels[gold] * 0.9})
    assert moved["GLD"] == pytest.approx(-0.1, abs=1e-12)
    euro = RiskFactorKey("fx_spot", "EURUSD")
    moved = moves({euro: market().levels[euro] * 1.1})
    assert moved["FXE"] == pytest.approx(0.1, abs=1e-12)
    assert moved["UUP"] == pytest.approx(1.1**-0.576 - 1.0, abs=1e-12)


def test_share_classes_of_one_firm_move_together():
    moved = moves({spot(name): market().levels[spot(name)] * 0.8 for name in ("GOOGL", "BRK-B")})
    assert moved["GOOG"] == pytest.approx(-0.2, abs=1e-12)
    assert moved["BRK-A"] == pytest.approx(-0.2, abs=1e-12)


def test_weights_of_every_constituent_fund_add_to_one():
    funds = [link for link in market().links if link.weights and link.target.kind == "spot"]
    assert {link.target.name for link in funds} >= {"SPY", "QQQ", "DIA", "RSP", "SMH", "XLK", "XLU", "XLF"}
    for link in funds:
        assert sum(weight for _, weight in link.weights) == pytest.approx(1.0, abs=1e-6), link.target


def test_the_dow_weights_are_those_of_its_closes():
    dow = next(link for link in market().links if link.target == spot("DIA"))
    total = sum(market().levels[key] for key, _ in dow.weights)
    assert len(dow.weights) == 30
    for key, weight in dow.weights:
        assert weight == pytest.approx(market().levels[key] / total, abs=2e-6)
    # Published: index 46,758.28 on the day, divisor 0.16268413125742.
    assert total / 0.16268413125742 == pytest.approx(46_758.28, rel=1e-4)


def capex_collapse() -> dict[str, float]:
    targets = {link.target for link in market().links}
    shocked: dict[RiskFactorKey, float] = {}
    for issuer in market().issuers.values():
        key = spot(issuer.id)
        if issuer.kind not in ("equity", "index") or key not in market().levels or key in targets:
            continue
        move = ISSUER_MOVES.get(issuer.id, INDUSTRY_MOVES.get(issuer.attributes.get("industry", ""), REST))
        shocked[key] = market().levels[key] * (1.0 + move)
    return moves(shocked)


def test_indices_fall_by_what_their_names_imply_in_a_capex_collapse():
    moved = capex_collapse()
    assert moved["SPY"] == pytest.approx(-0.20, abs=0.02)
    assert moved["QQQ"] == pytest.approx(-0.26, abs=0.02)
    assert moved["SMH"] < moved["XLK"] < moved["QQQ"] < moved["SPY"] < moved["RSP"] < moved["XLP"]


def test_names_of_the_article_carry_their_themes_and_tiers():
    issuers = market().issuers
    assert issuers["NVDA"].themes["ai_accelerators"] == 1.0
    assert issuers["VRT"].themes["ai_power"] == 1.0
    assert issuers["CRWV"].themes["ai_cloud"] == 1.0
    assert issuers["AAPL"].themes["ai_exposure"] == 0.2
    assert {issuers[name].themes["ai_exposure"] for name in ("AMZN", "MSFT", "GOOGL", "META")} == {0.5}
    assert {issuers[name].attributes["survivor_tier"] for name in ("MSFT", "META", "GOOGL")} == {"survives"}
    assert issuers["NVDA"].attributes["survivor_tier"] == "perhaps"
    documented = {
        row["issuer"]
        for row in table("attributes")
        if row["attribute"] == "survivor_tier" and row["class"] == "documented"
    }
    assert documented == {"MSFT", "META", "GOOGL", "GOOG", "NVDA", "ANTHROPIC", "MISTRAL"}


@pytest.mark.parametrize(
    ("text", "issuer"),
    [("037833100", "AAPL"), ("23331A109", "DHI"), ("829933100", "SIRI"), ("US67066G1040", "NVDA")],
)
def test_holdings_are_found_by_their_identifiers(text, issuer):
    found = resolve_issuer(market(), text)
    assert found is not None
    assert found.id == issuer


def test_themes_name_only_shares_that_move_on_their_own():
    targets = {link.target.name for link in market().links}
    themed = {row["issuer"] for row in table("themes")}
    assert themed <= set(market().issuers)
    assert themed & targets == {"GOOG"}


@pytest.mark.parametrize(
    ("source", "ratio", "target", "expected"),
    [
        ("spot/WTI", 0.6, "commodity_forward/WTI/1M", 60.88 * 0.6**0.97),
        ("spot/WTI", 0.6, "commodity_forward/WTI/24M", 61.2 * 0.6**0.5),
        ("spot/XAU", 1.1, "commodity_forward/XAU/12M", 4019.3 * 1.1),
        ("power_price/PJM_CAPACITY", 1.5, "power_price/PJM_WEST/12M", 56 * 1.175),
        ("implied_vol/FXE/3M", 2.0, "implied_vol/EURUSD/3M", 0.1416),
    ],
)
def test_forwards_and_currency_vols_follow(source: str, ratio: float, target: str, expected: float) -> None:
    key, moved = RiskFactorKey.parse(target), RiskFactorKey.parse(source)
    (link,) = (link for link in market().links if link.target == key)
    level = linked_level(link, market().levels, {moved: market().levels[moved] * ratio})
    assert level == pytest.approx(expected, rel=1e-12)


def test_forward_curves_are_there_and_every_currency_has_its_discount_curve() -> None:
    assert set(market().price_curves) == {
        ("commodity_forward", "WTI"),
        ("commodity_forward", "XAU"),
        ("power_price", "PJM_CAPACITY"),
        ("power_price", "PJM_WEST"),
        ("rental_rate", "H100"),
        *(("rental_rate", gpu) for gpu in ("A100", "H200", "B200")),
        ("inflation", "USD"),
        ("normal_vol", "USD_SWAPTION"),
    }
    assert market().discount_curves == {name: name for name in ("USD", "EUR", "GBP", "JPY")}
    assert {"EUR", "GBP", "JPY"} <= set(market().curves)
