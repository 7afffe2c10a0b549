"""Markets from folders: what each file gives, and how layers go over one another."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.market.market_folders import SMALL, add_rows, market_folder, problems_of, small_market

from stresstest.market.keys import RiskFactorKey
from stresstest.market.loading import load_market
from stresstest.market.snapshot import Provenance


def level(text: str) -> float:
    return small_market().levels[RiskFactorKey.parse(text)]


@pytest.mark.parametrize(
    ("factor", "value"),
    [
        ("spot/ACME", 187.62),
        ("dividend_yield/ACME", 0.0085),
        ("credit_spread/BOLT", 0.014),
        ("private_mark/LABS", 150e9),
        ("fx_spot/EURUSD", 1.0825),
        ("zero_rate/EUR/10Y", 0.027),
        ("implied_vol/ACME/3M", 0.42),
        ("vol_skew/ACME/3M", -0.10),
        ("vol_curvature/ACME/1Y", 0.0),
    ],
)
def test_levels_are_decimals_of_what_is_written(factor: str, value: float) -> None:
    assert level(factor) == value


def test_the_market_says_what_it_is() -> None:
    market = small_market()
    assert (market.name, market.as_of, market.currency) == ("small", date(2025, 3, 31), "USD")
    assert market.title == "A small made-up market"
    assert market.discount_curves == {"USD": "USD", "EUR": "EUR"}
    assert market.notes == ()


def test_issuers_carry_attributes_themes_and_identifiers() -> None:
    market = small_market()
    acme = market.issuers["ACME"]
    assert (acme.name, acme.kind, acme.currency) == ("Acme Chips", "equity", "USD")
    assert acme.attributes == {
        "sector": "information_technology",
        "industry": "semiconductors",
        "region": "US",
        "rating": "BBB+",
        "survivor_tier": "perhaps",
        "leverage": "0.4",
    }
    assert acme.themes == {"ai_accelerators": 1.0}
    assert market.issuers["BOLT"].themes == {"ai_power": 0.25}
    assert market.issuers["INDX"].ids == {"isin": "US0378331005"}
    assert "sector" not in market.issuers["INDX"].attributes


def test_every_level_has_its_evidence() -> None:
    market = small_market()
    assert set(market.provenance) == set(market.levels)
    assert market.provenance[RiskFactorKey("spot", "BOLT")] == Provenance(
        "documented", "made_up", date(2025, 3, 28), "holiday on the day itself"
    )
    assert market.evidence.attributes["ACME", "leverage"].as_of == date(2024, 12, 31)
    assert market.evidence.themes["BOLT", "ai_power"].note == "a quarter of its load"
    target, source = RiskFactorKey("spot", "BOND"), RiskFactorKey("credit_spread", "US_B")
    assert market.evidence.exposures[target, source].note == "a tenth of the fund"
    assert market.evidence.rolls["INDX", date(2024, 12, 31)].basis_class == "computed"


def test_rolls_and_context_stand_beside_the_levels() -> None:
    market = small_market()
    assert market.rolls == {("INDX", date(2024, 12, 31)): -0.043, ("ACME", date(2024, 12, 31)): 0.125}
    assert market.context["FEAR"].value == 0.185


def test_rated_issuers_without_a_spread_take_that_of_their_bucket() -> None:
    market = small_market()
    spreads = {key.name: value for key, value in market.levels.items() if key.kind == "credit_spread"}
    assert spreads == {"BOLT": 0.014, "ACME": 0.012, "US_B": 0.035, "LABS": 0.09}
    assert market.provenance[RiskFactorKey("credit_spread", "ACME")].note == "spread of rating BBB"


def test_links_come_in_order_with_terms_sorted_by_factor() -> None:
    index, bond = small_market().links
    assert str(index.target) == "spot/INDX"
    assert [(str(key), weight) for key, weight in index.weights] == [("spot/ACME", 0.4), ("spot/BOLT", 0.2)]
    assert [(str(key), beta) for key, beta in bond.betas] == [("spot/INDX", 0.05)]
    assert [str(key) for key, _ in bond.durations] == ["credit_spread/US_B", "zero_rate/USD/5Y"]


def test_surfaces_are_sorted_by_expiry() -> None:
    smile = small_market().smiles["ACME"]
    assert smile.tenors == ("1M", "3M", "1Y")
    assert smile.years.tolist() == [1 / 12, 0.25, 1.0]
    assert (smile.lower, smile.upper, smile.stickiness) == (-1.0, 0.5, "moneyness")


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    folder = market_folder(tmp_path, name="small")
    for table in folder.glob("*.csv"):
        header, *rows = table.read_text(encoding="utf-8").splitlines()
        table.write_text("\n".join([header, *reversed(rows)]) + "\n", encoding="utf-8")
    market, shuffled = small_market(), load_market(folder)
    assert shuffled.levels == market.levels
    assert shuffled.issuers == market.issuers
    assert sorted(shuffled.links, key=str) == sorted(market.links, key=str)


def test_a_market_is_found_by_folder_by_file_and_by_name() -> None:
    assert (
        load_market([SMALL]).levels
        == load_market(str(SMALL)).levels
        == load_market(SMALL / "market.yaml").levels
    )
    assert load_market("2025-10-03").name == "2025-10-03"


def test_a_later_folder_adds_and_replaces(tmp_path: Path) -> None:
    folder = market_folder(
        tmp_path,
        ("levels.csv", "spot/ACME,187.62", "spot/ACME,200"),
        ("attributes.csv", "ACME,rating,BBB+", "ACME,rating,B-"),
        ("exposures.csv", "spot/INDX,weight,spot/BOLT,0.2,2025-03-31,documented,made_up,\n", ""),
        ("market.yaml", "as_of: 2025-03-31", "as_of: 2025-03-31  # the same day"),
    )
    market = load_market([SMALL, folder])
    assert market.name == "small + edited"
    assert market.levels[RiskFactorKey("spot", "ACME")] == 200.0
    assert market.levels[RiskFactorKey("credit_spread", "ACME")] == 0.035
    assert [str(key) for key, _ in market.links[0].weights] == ["spot/ACME"]


def test_an_older_layer_is_remarked_on_and_a_younger_one_refused(tmp_path: Path) -> None:
    older = market_folder(tmp_path, ("market.yaml", "as_of: 2025-03-31", "as_of: 2025-04-01"), name="younger")
    market = load_market([older, SMALL])
    assert market.as_of == date(2025, 4, 1)
    assert market.notes == ("layer small is of 2025-03-31, the market of 2025-04-01",)
    (problem, *_) = problems_of(SMALL, older)
    assert problem.code == "ST204"
    assert problem.got == "a layer of 2025-04-01 over a market of 2025-03-31"


def extension(tmp_path: Path, extends: str, as_of: str = "2025-04-10", name: str = "deal") -> Path:
    """Return a folder that extends another, with one issuer and its spread."""
    folder = tmp_path / name
    folder.mkdir()
    (folder / "market.yaml").write_text(
        f"version: 1\ntitle: A deal\nas_of: {as_of}\nextends: {extends}\nissuers: issuers.csv\n"
        "levels: levels.csv\nsources: {release: A release}\n",
        encoding="utf-8",
    )
    (folder / "issuers.csv").write_text(
        "issuer,name,kind,currency,class,source\nDEAL,The deal,private,USD,documented,release\n",
        encoding="utf-8",
    )
    (folder / "levels.csv").write_text(
        "factor,value,date,class,source,note\ncredit_spread/DEAL,200bp,2025-04-09,documented,release,\n",
        encoding="utf-8",
    )
    return folder


def test_an_extension_lies_over_its_snapshot_and_is_of_its_own_date(tmp_path: Path) -> None:
    market_folder(tmp_path, name="snapshot")
    market = load_market(extension(tmp_path, "snapshot"))
    assert (market.name, market.as_of, market.title) == ("deal", date(2025, 4, 10), "A deal")
    below = small_market().levels
    assert market.levels == {**below, RiskFactorKey("credit_spread", "DEAL"): 0.02}
    assert market.notes == ("layer snapshot is of 2025-03-31, the market of 2025-04-10",)
    assert market.provenance[RiskFactorKey("spot", "ACME")].as_of == date(2025, 3, 31)


def test_an_extension_may_extend_a_shipped_market(tmp_path: Path) -> None:
    market = load_market(extension(tmp_path, '"2025-10-03"', "2025-10-10"))
    assert RiskFactorKey("spot", "NVDA") in market.levels
    assert market.issuers["DEAL"].kind == "private"


def test_what_an_extension_may_not_be(tmp_path: Path) -> None:
    (problem, *_) = problems_of(extension(tmp_path, '"2025-10-04"'))
    assert (problem.code, problem.suggestion) == ("ST223", "2025-10-03")
    assert problem.location.line == 4
    assert "ST223" in [problem.code for problem in problems_of(extension(tmp_path, "own", name="own"))]
    for name in ("..", ".", "../deal"):
        folder = extension(tmp_path, name, name=f"bad{len(name)}")
        assert "ST223" in [problem.code for problem in problems_of(folder)]
    market_folder(tmp_path, name="snapshot")
    over = extension(tmp_path, "snapshot", name="over")
    (problem, *_) = problems_of(SMALL, over)
    assert (problem.code, problem.expected) == ("ST223", "it first: --market over")
    (problem, *_) = problems_of(extension(tmp_path, "over", name="twice"))
    assert (problem.code, problem.expected) == ("ST223", "it first: --market over")
    (problem, *_) = problems_of(extension(tmp_path, "snapshot", "2025-03-30", "early"))
    assert problem.code == "ST204"


def test_the_first_market_that_is_no_market_is_an_error(tmp_path: Path) -> None:
    assert [problem.code for problem in problems_of()] == ["ST221"]
    unknown = problems_of("2025-10-04")
    assert [(problem.code, problem.suggestion) for problem in unknown] == [("ST200", "2025-10-03")]
    assert [problem.code for problem in problems_of(tmp_path / "absent")] == ["ST200"]
    assert [problem.code for problem in problems_of(tmp_path)] == ["ST100"]


def test_a_private_company_needs_no_price(tmp_path: Path) -> None:
    folder = add_rows(tmp_path, "issuers.csv", "HOPE,Hope,private,USD,,,,,,,,judgement,made_up")
    assert "HOPE" in load_market(folder).issuers
