"""A user's own table over a market: what it adds, what it replaces, what it leaves."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.market.market_folders import SMALL, lines_of, overlay, problems_of, small_market

from stresstest.market.identifiers import resolve_issuer
from stresstest.market.keys import RiskFactorKey
from stresstest.market.loading import load_market
from stresstest.market.snapshot import FactorLink


def spot(name: str) -> RiskFactorKey:
    return RiskFactorKey("spot", name)


def test_a_price_replaces_and_leaves_the_rest(tmp_path: Path) -> None:
    market = load_market([SMALL, overlay(tmp_path, "issuer,close", "ACME,201.5")])
    base = small_market()
    assert market.name == "small + mine.csv"
    assert market.levels == {**base.levels, spot("ACME"): 201.5}
    assert market.issuers == base.issuers
    assert market.links == base.links


def test_a_user_s_number_is_unverified_and_names_its_file(tmp_path: Path) -> None:
    market = load_market([SMALL, overlay(tmp_path, "issuer,close", "ACME,201.5")])
    evidence = market.provenance[spot("ACME")]
    assert (evidence.basis_class, evidence.source, evidence.as_of) == (
        "unverified",
        "mine.csv",
        date(2025, 3, 31),
    )


def test_a_user_s_evidence_is_kept(tmp_path: Path) -> None:
    table = overlay(
        tmp_path, "issuer,close,date,class,source,note", "ACME,201.5,2025-03-28,documented,my broker,closing"
    )
    evidence = load_market([SMALL, table]).provenance[spot("ACME")]
    assert (evidence.basis_class, evidence.source, evidence.note) == ("documented", "my broker", "closing")
    assert evidence.as_of == date(2025, 3, 28)


def test_a_new_issuer_brings_all_that_is_known_of_it(tmp_path: Path) -> None:
    table = overlay(
        tmp_path,
        "issuer,close,name,currency,sector,industry,region,rating,survivor_tier,dividend_yield,implied_vol,"
        "themes,isin",
        "VOLT,12.5,Volt plc,EUR,utilities,merchant_power,Europe,B+,far_worse,1.2%,55vol,"
        "ai_power=1;nuclear=0.5,US0846707026",
    )
    market = load_market([SMALL, table])
    volt = market.issuers["VOLT"]
    assert (volt.name, volt.kind, volt.currency) == ("Volt plc", "equity", "EUR")
    assert volt.attributes == {
        "sector": "utilities",
        "industry": "merchant_power",
        "region": "Europe",
        "rating": "B+",
        "survivor_tier": "far_worse",
    }
    assert volt.themes == {"ai_power": 1.0, "nuclear": 0.5}
    assert resolve_issuer(market, "US0846707026") == volt
    assert market.levels[spot("VOLT")] == 12.5
    assert market.levels[RiskFactorKey("dividend_yield", "VOLT")] == 0.012
    assert market.levels[RiskFactorKey("credit_spread", "VOLT")] == 0.035


def test_a_single_vol_is_a_surface_without_smile(tmp_path: Path) -> None:
    market = load_market([SMALL, overlay(tmp_path, "issuer,close,implied_vol", "ACME,,33vol")])
    smile = market.smiles["ACME"]
    assert (smile.tenors, smile.lower, smile.upper) == (("1Y",), 0.0, 0.0)
    keys = smile.keys()
    assert [market.levels[key] for key in keys] == [0.33, 0.0, 0.0]
    assert RiskFactorKey("implied_vol", "ACME", "1M") not in market.levels


def test_an_issuer_without_currency_is_in_the_market_s(tmp_path: Path) -> None:
    market = load_market([SMALL, overlay(tmp_path, "issuer,close", "VOLT,12.5")])
    assert market.issuers["VOLT"].currency == "USD"


def test_a_price_with_a_proxy_moves_with_it(tmp_path: Path) -> None:
    market = load_market([SMALL, overlay(tmp_path, "issuer,close,proxy", "VOLT,12.5,INDX")])
    assert FactorLink(spot("VOLT"), betas=((spot("INDX"), 1.0),)) in market.links
    targets = [link.target for link in market.links]
    assert targets.index(spot("INDX")) < targets.index(spot("VOLT"))
    assert market.issuers["VOLT"].attributes["proxy"] == "INDX"


def test_a_proxy_may_be_priced_by_the_same_table(tmp_path: Path) -> None:
    market = load_market([SMALL, overlay(tmp_path, "issuer,close,proxy", "VOLT,12.5,JOLT", "JOLT,3,")])
    assert any(link.target == spot("VOLT") for link in market.links)


def test_a_proxy_without_a_price_waits_for_a_stated_value(tmp_path: Path) -> None:
    market = load_market([SMALL, overlay(tmp_path, "issuer,close,proxy", "VOLT,,INDX")])
    assert market.issuers["VOLT"].attributes["proxy"] == "INDX"
    assert spot("VOLT") not in market.levels
    assert all(link.target != spot("VOLT") for link in market.links)


def test_themes_replace_those_of_the_market(tmp_path: Path) -> None:
    market = load_market([SMALL, overlay(tmp_path, "issuer,close,themes", "ACME,,ai_power=0.3;nuclear=0")])
    assert market.issuers["ACME"].themes == {"ai_power": 0.3}


def test_a_later_table_goes_over_an_earlier_one(tmp_path: Path) -> None:
    first = overlay(tmp_path, "issuer,close,rating", "VOLT,12.5,BBB", name="first.csv")
    second = overlay(tmp_path, "issuer,close,rating", "VOLT,13.5,", name="second.csv")
    market = load_market([SMALL, first, second])
    assert market.levels[spot("VOLT")] == 13.5
    assert market.issuers["VOLT"].attributes["rating"] == "BBB"


def test_a_table_in_its_own_order_of_columns_with_byte_order_mark(tmp_path: Path) -> None:
    table = overlay(tmp_path, "\ufeffclose,issuer", "201.5,ACME")
    assert load_market([SMALL, table]).levels[spot("ACME")] == 201.5


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["issuer,close", "ACME,-1"], "mine.csv:2:6 ST203 spot -1"),
        (["issuer,close", 'ACME,"1,5"'], "mine.csv:2:6 ST159 text '1,5'"),
        (["issuer,close", ",1"], "mine.csv:2:1 ST165 blank issuer"),
        (["issuer,close", "ACME,1", "ACME,2"], "mine.csv:3:1 ST207 ACME is stated again, after line 2"),
        (["issuer,price", "ACME,1"], "mine.csv:1:1 ST140 header without 'close'"),
        (["issuer,close,colour", "ACME,1,red"], "mine.csv:1:14 ST219 column 'colour'"),
        (["issuer,close,date", "ACME,1,2025-04-01"], "mine.csv:2:8 ST204 datum of 2025-04-01"),
        (["issuer,close,class", "ACME,1,sure"], "mine.csv:2:8 ST206 class 'sure'"),
        (["issuer,close,themes", "ACME,1,nuclear"], "mine.csv:2:8 ST213 theme 'nuclear'"),
        (["issuer,close,themes", "ACME,1,nuclear=2"], "mine.csv:2:8 ST213 exposure 2 to theme 'nuclear'"),
        (["issuer,close,proxy", "VOLT,1,NONE"], "mine.csv:2:8 ST220 proxy 'NONE' of VOLT"),
        (["issuer,close,proxy", "VOLT,1,VOLT"], "mine.csv:2:8 ST220 proxy 'VOLT' of VOLT"),
        (
            ["issuer,close,proxy", "V,1,J", "J,2,V"],
            "mine.csv:2:1 ST211 links in a cycle: spot/V → spot/J → spot/V",
        ),
        (["issuer,close,isin", "VOLT,1,US67066G1040"], "mine.csv:2:8 ST209 isin 'US67066G1040' of VOLT"),
        (["issuer,close,implied_vol", "ACME,1,0.3"], "mine.csv:2:8 ST203 implied_vol 0.3 without a unit"),
        (["issuer,close,implied_vol", "ACME,1,0vol"], "mine.csv:2:8 ST214 volatility 0 of ACME 1Y at x = 0"),
        (["issuer,close,rating", "ACME,1,junk"], "mine.csv:2:8 ST222 rating 'junk'"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, lines: list[str], expected: str) -> None:
    told = lines_of(SMALL, overlay(tmp_path, *lines))
    assert any(line.startswith(expected) for line in told), "\n".join(told)


def test_a_table_alone_is_no_market(tmp_path: Path) -> None:
    (problem,) = problems_of(overlay(tmp_path, "issuer,close", "ACME,1"))
    assert problem.code == "ST221"


def test_a_wrong_table_is_told_row_by_row_and_suggestions_end(tmp_path: Path) -> None:
    rows = [f"V{number},1,INDEX" for number in range(200)]
    problems = problems_of(SMALL, overlay(tmp_path, "issuer,close,proxy", *rows))
    assert [problem.location.line for problem in problems] == list(range(2, 202))
    assert {problem.code for problem in problems} == {"ST220"}
    assert problems[0].suggestion == "INDX"
    assert problems[-1].suggestion == ""


def test_a_price_is_for_the_issuer_that_an_identifier_names(tmp_path: Path) -> None:
    isin = small_market().issuers["ACME"].ids["isin"]
    market = load_market([SMALL, overlay(tmp_path, "issuer,close", f"{isin},201.5")])
    assert market.levels[spot("ACME")] == 201.5
    assert set(market.issuers) == set(small_market().issuers)


def test_one_issuer_by_two_names_is_stated_twice(tmp_path: Path) -> None:
    isin = small_market().issuers["ACME"].ids["isin"]
    table = overlay(tmp_path, "issuer,close", "ACME,1", f"{isin},2")
    assert lines_of(SMALL, table) == ["mine.csv:3:1 ST207 ACME is stated again, after line 2"]


def test_an_issuer_in_another_case_is_no_new_one(tmp_path: Path) -> None:
    (problem,) = problems_of(SMALL, overlay(tmp_path, "issuer,close", "acme,201.5"))
    assert (problem.code, problem.suggestion) == ("ST201", "ACME")


@pytest.mark.parametrize(
    ("column", "text", "meant"),
    [
        ("implied_vol", "0.45", "45vol"),
        ("implied_vol", "45", "45vol"),
        ("dividend_yield", "0.03", "3%"),
        ("dividend_yield", "3", "3%"),
    ],
)
def test_a_level_without_its_unit_suggests_a_likely_one(
    column: str, text: str, meant: str, tmp_path: Path
) -> None:
    (problem,) = problems_of(SMALL, overlay(tmp_path, f"issuer,close,{column}", f"ACME,1,{text}"))
    assert (problem.code, problem.suggestion) == ("ST203", meant)
