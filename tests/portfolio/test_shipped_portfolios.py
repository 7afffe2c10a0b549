"""The shipped portfolios: real terms, every instrument type, and base values that add up."""

import csv
from collections import defaultdict
from datetime import date, timedelta
from functools import cache
from math import fsum
from pathlib import Path

import numpy as np
import pytest
from tests.fixtures.shipped import portfolios_by_market, portfolios_of_default_market

from stresstest.api import Stress, load_market, load_scenarios, stress
from stresstest.catalog import instrument_types
from stresstest.io.resources import library_path, names
from stresstest.portfolio.loading import load_portfolio
from stresstest.portfolio.model import Portfolio
from stresstest.revaluation.result import PortfolioResult

NAMES = tuple(name for name, _ in names("portfolios"))
FILED_TOTAL = 257_521_776_925
MARKET_DATE = date(2025, 10, 3)
HOLIDAYS = {date(2026, 6, 19)}


@cache
def portfolio(name: str) -> Portfolio:
    return load_portfolio(name)


@cache
def run(market: str) -> Stress:
    held = [portfolio(name) for name in portfolios_by_market()[market]]
    return stress(held, load_scenarios(), load_market(market))


def result(name: str) -> PortfolioResult:
    held = run(portfolio(name).market or "2025-10-03").result.portfolios
    return next(one for one in held if one.name == name)


def rows_of_the_filing() -> list[dict[str, str]]:
    path = library_path("portfolios") / "berkshire_13f_2025q2.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def specs(name: str, tag: str) -> list[tuple[str, object, float]]:
    """Return id, spec and quantity of the positions of a type."""
    positions, instruments = portfolio(name).positions, portfolio(name).instruments
    rows = zip(positions.ids, positions.instrument.tolist(), positions.quantity.tolist(), strict=True)
    return [
        (id_, instruments[row].spec, quantity) for id_, row, quantity in rows if instruments[row].tag == tag
    ]


def test_the_default_market_is_the_snapshot_and_an_extension_must_be_named() -> None:
    assert load_market().name == "2025-10-03"
    assert set(portfolios_by_market()) == {"2025-10-03", "hyperion"}
    assert len(portfolios_of_default_market()) == 11


def test_each_priced_type_of_the_first_catalogue_stands_in_a_shipped_portfolio() -> None:
    used = {instrument.tag for name in NAMES for instrument in portfolio(name).instruments}
    assert {"cash", "equity", "fund", "european_option", "fixed_bond"} <= used <= set(instrument_types())


@pytest.mark.parametrize("name", NAMES)
def test_every_position_has_a_value_in_every_scenario(name: str) -> None:
    held = result(name)
    assert held.failures == ()
    assert np.isfinite(held.position_value).all()


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("ai_growth_fund", 230e6, 250e6),
        ("ai_long_short", 48e6, 57e6),
        ("balanced_60_40", 98e6, 103e6),
        ("euro_endowment", 18e6, 19.5e6),
        ("market_neutral", 50e6, 55e6),
    ],
)
def test_base_values_are_of_the_size_intended(name: str, low: float, high: float) -> None:
    assert low <= result(name).base_value <= high


def test_the_portfolio_by_weights_is_worth_its_total() -> None:
    held = result("quality_income")
    assert held.base_value == pytest.approx(100e6, rel=1e-12)
    assert held.position_ids[-1] == "remainder"
    assert held.position_value[-1, 0] == pytest.approx(3e6, rel=1e-9)


def test_the_balanced_mandate_is_about_sixty_to_forty() -> None:
    held = result("balanced_60_40")
    shares: defaultdict[str, float] = defaultdict(float)
    blocks = portfolio("balanced_60_40").positions.tags["block"]
    for block, value in zip(blocks, held.position_value[:, 0].tolist(), strict=True):
        shares[block] += value / held.base_value
    assert 0.57 <= shares["equity"] <= 0.63
    assert 0.33 <= shares["bonds"] <= 0.40


@pytest.mark.parametrize("name", ["ai_growth_fund", "ai_long_short", "euro_endowment"])
def test_options_expire_on_third_fridays(name: str) -> None:
    options = specs(name, "european_option")
    assert options
    for id_, spec, _ in options:
        expiry = spec.expiry
        assert expiry > MARKET_DATE, id_
        friday = expiry + timedelta(days=1) if expiry + timedelta(days=1) in HOLIDAYS else expiry
        assert friday.weekday() == 4, id_
        assert 15 <= friday.day <= 21, id_


def test_written_calls_of_the_growth_fund_are_covered_by_shares() -> None:
    shares = {spec.issuer: quantity for _, spec, quantity in specs("ai_growth_fund", "equity")}
    written = [
        (spec, quantity) for _, spec, quantity in specs("ai_growth_fund", "european_option") if quantity < 0
    ]
    assert written
    for spec, quantity in written:
        assert spec.right == "call"
        assert -quantity * spec.multiplier <= shares[spec.underlying]


def test_protective_puts_pay_where_the_fund_loses() -> None:
    held = result("ai_growth_fund")
    column = held.table.scenario.index("ai_capex_collapse")
    for id_, pnl in zip(held.position_ids, held.position_pnl[:, column].tolist(), strict=True):
        if "-put-" in id_ or "-call-" in id_:
            assert pnl > 0.0, id_


def test_the_long_short_book_is_short_and_loses_in_the_boom() -> None:
    held = result("ai_long_short")
    short = [quantity for _, _, quantity in specs("ai_long_short", "equity") if quantity < 0]
    assert len(short) >= 5
    assert held.pnl[held.table.scenario.index("boom_continues")] < 0.0
    assert held.pnl[held.table.scenario.index("ai_capex_collapse")] > 0.0


def test_the_market_neutral_book_holds_american_options_on_third_fridays() -> None:
    options = specs("market_neutral", "american_option")
    assert {spec.right for _, spec, _ in options} == {"call", "put"}
    assert sum(bool(spec.dividends) for _, spec, _ in options) == 2
    for id_, spec, _ in options:
        friday = (
            spec.expiry + timedelta(days=1) if spec.expiry + timedelta(days=1) in HOLIDAYS else spec.expiry
        )
        assert friday.weekday() == 4, id_
        assert 15 <= friday.day <= 21, id_


def test_the_market_neutral_book_gains_where_capex_falls_and_loses_in_the_boom() -> None:
    held = result("market_neutral")
    longs = sum(v for v in held.position_value[:13, 0].tolist() if v > 0.0)
    shorts = -sum(v for v in held.position_value[:13, 0].tolist() if v < 0.0)
    # Shorts move more than longs: three quarters of them, so that the boom costs what the limit allows.
    assert 1.2 < longs / shorts < 1.5
    assert held.pnl[held.table.scenario.index("boom_continues")] < 0.0
    assert held.pnl[held.table.scenario.index("ai_capex_collapse")] > 0.0


def test_the_vehicle_and_its_tenant_hold_one_deal_from_both_sides() -> None:
    vehicle, tenant = result("hyperion_spv"), result("hyperion_tenant")

    def held(book: PortfolioResult, position: str) -> np.ndarray:
        return book.position_value[book.position_ids.index(position)]

    assert held(vehicle, "notes")[0] == pytest.approx(-27.3e9, rel=1e-4)
    rents = held(vehicle, "rents")
    assert rents / 0.8 == pytest.approx(-held(tenant, "lease"), rel=1e-14)
    assert held(tenant, "fifth-of-rents") / 0.2 == pytest.approx(rents / 0.8, rel=1e-14)
    (lease,) = (spec for _, spec, _ in specs("hyperion_spv", "lease"))
    # Level payments over forty half-years at 3.29 % each; 80 % of the rents are to meet them.
    service = 2 * 27.3e9 * 0.0329 / (1.0 - 1.0329**-40)
    assert 1.0 < 12 * 0.8 * lease.rent / service < 1.1
    assert [item.guaranteed for item in lease.renewals][-1] == 0.0


def test_the_guarantee_makes_up_for_most_of_what_the_campus_loses(tmp_path: Path) -> None:
    fall = tmp_path / "fall.yaml"
    fall.write_text(
        "version: 1\nname: fall\nhorizon: 1d\nshocks:\n"
        "  - {select: {issuer: HYPERION_CAMPUS}, factor: spot, shift: -42%}\n"
    )
    found = stress(portfolio("hyperion_spv"), load_scenarios(fall), load_market("hyperion"))
    (book,) = found.result.portfolios
    pnl = dict(zip(book.position_ids, book.position_pnl[:, -1].tolist(), strict=True))
    assert pnl["notes"] == pnl["building"] == 0.0
    assert 0.6 < pnl["rents"] / -pnl["campus"] < 0.75


def test_the_endowment_reports_in_euros() -> None:
    held = result("euro_endowment")
    rate = load_market("2025-10-03").levels
    eurusd = next(level for key, level in rate.items() if str(key) == "fx_spot/EURUSD")
    cash = held.position_value[held.position_ids.index("cash-usd"), 0]
    assert held.currency == "EUR"
    assert cash == pytest.approx(400_000 / eurusd, rel=1e-14)


def test_the_filing_has_its_rows_and_its_total() -> None:
    rows = rows_of_the_filing()
    assert len(rows) == 41
    assert sum(int(row["stated_value"]) for row in rows) == FILED_TOTAL
    assert {row["stated_date"] for row in rows} == {"2025-06-30"}
    assert any(row["issuer"].startswith("0") for row in rows)


def test_unpriced_rows_of_the_filing_are_rolled_and_shocked_through_their_proxies() -> None:
    held = result("berkshire_13f_2025q2")
    proxied = {record.position: record for record in held.proxied}
    assert len(proxied) == 14
    share = fsum(record.stated_value for record in proxied.values()) / FILED_TOTAL
    assert share == pytest.approx(0.0254, abs=5e-5)
    for id_, record in proxied.items():
        values = held.position_value[held.position_ids.index(id_)]
        assert record.roll is not None, id_
        assert values[0] == pytest.approx(record.stated_value * (1.0 + record.roll), rel=1e-12)
        assert (values[1:] != values[0]).any(), id_


def test_the_note_beside_the_filing_names_the_proxies_that_it_uses() -> None:
    note = (library_path("portfolios") / "README.md").read_text(encoding="utf-8")
    stated = {row["id"]: row["proxy"] for row in rows_of_the_filing() if row["proxy"]}
    described = {}
    for line in note.splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if len(cells) == 3 and cells[1].isupper():
            described.update({id_.strip(" `"): cells[1] for id_ in cells[0].split(",")})
    assert described == stated


def test_limits_name_scenarios_of_the_library() -> None:
    known = set(load_scenarios().names) | {"any"}
    for name in NAMES:
        for limit in portfolio(name).limits:
            assert limit.scenario in known
            assert 0.0 < limit.max_loss < 1.0


@pytest.mark.parametrize("name", [name for name in NAMES if name != "berkshire_13f_2025q2"])
def test_files_say_what_they_are(name: str) -> None:
    assert portfolio(name).title
    assert portfolio(name).notes
    assert portfolio(name).source
