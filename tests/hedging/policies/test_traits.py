"""What instruments are: asset classes, groups, themes through funds."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import pytest

from stresstest.catalog import instrument_type
from stresstest.errors import InputError
from stresstest.hedging.policies.selection import Selection, Traits
from stresstest.hedging.policies.traits import is_broad, look_through, number_of, theme_exposures, traits_of
from stresstest.market.loading import load_market

MARKET = load_market("2025-10-03")


def traits(tag: str, **fields: Any) -> Traits:
    return traits_of(tag, instrument_type(tag).spec(**fields), MARKET)


@pytest.mark.parametrize(
    ("tag", "fields", "asset_class"),
    [
        ("cash", {"currency": "EUR"}, "cash"),
        ("equity", {"issuer": "KO"}, "equity"),
        ("fund", {"issuer": "SPY"}, "equity"),
        ("fund", {"issuer": "GLD"}, "gold"),
        ("fund", {"issuer": "TLT"}, "government_bond"),
        ("fund", {"issuer": "HYG"}, "credit"),
        ("zero_bond", {"issuer": "UST", "maturity": date(2026, 4, 2)}, "government_bond"),
        ("zero_bond", {"issuer": "ORCL", "maturity": date(2026, 3, 27)}, "credit"),
        ("european_option",
         {"underlying": "GLD", "right": "put", "strike": 300.0, "expiry": date(2026, 4, 17)}, "option"),
    ],
)  # fmt: skip
def test_asset_classes(tag: str, fields: dict[str, Any], asset_class: str) -> None:
    assert traits(tag, **fields).values["asset_class"] == asset_class


def test_every_fund_of_the_market_has_an_asset_class() -> None:
    funds = [issuer for issuer in MARKET.issuers.values() if issuer.kind == "fund"]
    assert len(funds) > 50
    assert [fund.id for fund in funds if "asset_class" not in fund.attributes] == []


def test_share_classes_are_one_group_and_any_identifier_finds_the_issuer() -> None:
    assert {traits("equity", issuer=name).values["group"] for name in ("GOOG", "GOOGL")} == {"alphabet"}
    assert traits("equity", issuer="KO").values["group"] == "KO"
    isin = MARKET.issuers["NVDA"].ids["isin"]
    assert traits("equity", issuer=isin).values["issuer"] == "NVDA"
    assert traits("equity", issuer="KO").values["rating"] == "A"


def test_an_option_has_what_its_underlying_has() -> None:
    put = traits("european_option", underlying="NVDA", right="put", strike=150.0, expiry=date(2026, 4, 17))
    assert put.values["sector"] == "information_technology"
    assert put.themes["ai_exposure"] == 1.0
    assert put.maturity_years == pytest.approx(196 / 365)
    assert put.values["instrument"] == "NVDA put 150 2026-04-17"


def test_a_fund_is_what_it_holds() -> None:
    inside = look_through("SPY", MARKET)
    assert math.fsum(inside.values()) == pytest.approx(1.0, abs=1e-9)
    assert inside["NVDA"] == pytest.approx(0.079881, abs=1e-9)
    by_hand = math.fsum(
        weight * MARKET.issuers[name].themes.get("ai_exposure", 0.0) for name, weight in inside.items()
    )
    assert theme_exposures("SPY", MARKET)["ai_exposure"] == pytest.approx(by_hand, rel=1e-12)
    assert theme_exposures("XLP", MARKET).get("ai_exposure", 0.0) == 0.0
    assert look_through("KO", MARKET) == {"KO": 1.0}


@pytest.mark.parametrize(
    ("name", "expected"),
    [("SPY", True), ("QQQ", True), ("IWM", True), ("SMH", False), ("XLI", False), ("TLT", False),
     ("GLD", False), ("NVDA", False), ("nobody", False)],
)  # fmt: skip
def test_broad_funds_are_told_from_sector_funds(name: str, expected: bool) -> None:
    assert is_broad(name, MARKET) is expected


def test_numbers_of_issuers() -> None:
    assert number_of("KO", "moat_score", MARKET) == 95.0
    assert number_of("KO", "nothing", MARKET) is None
    assert number_of("nobody", "moat_score", MARKET) is None
    with pytest.raises(InputError, match="ST479"):
        number_of("KO", "sector", MARKET)


def test_what_can_be_bought_has_scores_and_balance_sheets_follow_their_rule() -> None:
    scored = {name: issuer for name, issuer in MARKET.issuers.items() if "moat_score" in issuer.attributes}
    moats = {name for name, issuer in MARKET.issuers.items() if issuer.themes.get("durable_moat", 0.0) >= 0.7}
    assert moats <= set(scored)
    base = {"AAA": 100, "AA": 90, "A": 75, "BBB": 55, "BB": 30, "B": 15, "CCC": 5}
    for name, issuer in scored.items():
        rating = issuer.attributes["rating"]
        notch = 5 * (rating.endswith("+") - rating.endswith("-"))
        debt = 10 * max(0.0, float(issuer.attributes.get("leverage", 0.0)) - 2.0)
        expected = base[rating.rstrip("+-")] + notch - round(debt)
        assert number_of(name, "balance_sheet_score", MARKET) == expected, name
        assert 0.0 <= (number_of(name, "moat_score", MARKET) or 0.0) <= 100.0


def test_selections_take_all_terms_together() -> None:
    bond = traits("zero_bond", issuer="UST", maturity=date(2035, 8, 15))
    assert Selection((("asset_class", ("government_bond", "credit")),), longer_than_years=3.0).matches(bond)
    assert not Selection((("asset_class", ("government_bond",)),), longer_than_years=10.0).matches(bond)
    share = traits("equity", issuer="NVDA")
    assert Selection(themes=("ai_exposure",), min_exposure=0.5).matches(share)
    assert not Selection(themes=("durable_moat",)).matches(share)
    assert not Selection(themes=("ai_exposure",), excluded=("NVDA",)).matches(share)


def test_an_issuer_that_the_market_lacks_leaves_the_type() -> None:
    assert traits("equity", issuer="NOBODY").values == {
        "type": "equity", "asset_class": "other", "instrument": "NOBODY",
    }  # fmt: skip
