"""Par-yield shocks: the zero curve after them reprices par bonds, untouched nodes keep their bits."""

from __future__ import annotations

import math
from datetime import date

import pytest
from tests.fixtures.books import instrument, portfolio

import stresstest as st
from stresstest.errors import InputError
from stresstest.market.curves import discount_factor
from stresstest.market.keys import RiskFactorKey
from stresstest.market.loading import load_market
from stresstest.market.snapshot import MarketSnapshot
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.effects import CompiledScenarios
from stresstest.scenarios.scenario import Scenario, ScenarioSet, Shock, Step

MARKET_FILE = """\
version: 1
issuers: issuers.csv
levels: levels.csv
as_of: 2025-10-03
currency: USD
title: Two curves
sources: {treasury: test}
curves:
  USD:
    currency: USD
    discount: true
    par_yields: {6M: 3.8%, 1Y: 3.6%, 2Y: 3.5%, 5Y: 3.7%, 10Y: 4.1%}
    frequency: 2
    date: 2025-10-03
    class: documented
    source: treasury
  USD_SOFR:
    currency: USD
    basis_to: USD
    basis: {1Y: +5bp, 10Y: -20bp}
    date: 2025-10-03
    class: judgement
    source: treasury
  FLAT:
    currency: EUR
    zero_rates: {1Y: 2%}
    date: 2025-10-03
    class: judgement
    source: treasury
"""
YEARS = [0.5, 1.0, 2.0, 5.0, 10.0]
TENORS = ["6M", "1Y", "2Y", "5Y", "10Y"]


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> MarketSnapshot:
    folder = tmp_path_factory.mktemp("market")
    (folder / "market.yaml").write_text(MARKET_FILE, encoding="utf-8")
    issuers = "issuer,name,kind,currency,sector,industry,region,isin,cusip,figi,lei,class,source\n"
    (folder / "issuers.csv").write_text(
        issuers + "UST,Treasury,sovereign,USD,,,US,,,,,documented,treasury\n", encoding="utf-8"
    )
    (folder / "levels.csv").write_text("factor,value,date,class,source,note\n", encoding="utf-8")
    return load_market([str(folder)])


def key(kind: str, tenor: str, curve: str = "USD") -> RiskFactorKey:
    return RiskFactorKey(kind, curve, tenor)


def compiled(
    market: MarketSnapshot, *shocks: Shock, severity: float = 1.0, **more: object
) -> CompiledScenarios:
    scenario = Scenario("rates", shocks, "12m", **more)  # type: ignore[arg-type]
    return compile_scenarios(ScenarioSet((scenario,)), market, severity)


def rates(
    market: MarketSnapshot, found: CompiledScenarios, column: int = 1, curve: str = "USD"
) -> list[float]:
    keys = market.curves[curve].keys()
    rows = found.columns.moved
    return [float(rows[item][column]) if item in rows else market.levels[item] for item in keys]


def par_bond(zero_rates: list[float], par_yield: float, years: float) -> float:
    coupons = [
        par_yield / 2 * discount_factor(YEARS, zero_rates, k / 2) for k in range(1, round(2 * years) + 1)
    ]
    return math.fsum([*coupons, discount_factor(YEARS, zero_rates, years)])


def test_quotes_are_factors_of_the_market(market: MarketSnapshot) -> None:
    assert market.levels[key("par_yield", "10Y")] == 0.041
    assert market.provenance[key("par_yield", "10Y")].basis_class == "documented"
    assert market.quotes["USD"].frequency == 2
    assert market.quotes["USD_SOFR"].over == "USD"
    assert set(market.quotes) == {"USD", "USD_SOFR"}


@pytest.mark.parametrize("severity", [0.5, 1.0, 2.0])
def test_bonds_at_the_shocked_yields_are_worth_par(market: MarketSnapshot, severity: float) -> None:
    shock = Shock.of("par_yield", {"1Y": "-90bp", "10Y": "-40bp"}, curve="USD")
    found = compiled(market, shock, severity=severity)
    zero = rates(market, found)
    for tenor, years in zip(TENORS, YEARS, strict=True):
        quote = float(found.columns.moved[key("par_yield", tenor)][1])
        assert par_bond(zero, quote, years) == pytest.approx(1.0, abs=1e-12)
    short = float(found.columns.moved[key("par_yield", "6M")][1])
    assert short == pytest.approx(0.038 - 0.009 * severity, abs=1e-15)


def test_a_zero_shift_is_not_a_par_shift(market: MarketSnapshot) -> None:
    par = rates(market, compiled(market, Shock.of("par_yield", "+200bp", curve="USD")))
    zero = rates(market, compiled(market, Shock.of("zero_rate", "+200bp", curve="USD")))
    assert par[0] == pytest.approx(zero[0], abs=1e-3)
    assert abs(par[-1] - zero[-1]) > 1e-4


def test_nodes_before_the_first_shocked_quote_keep_their_bits(market: MarketSnapshot) -> None:
    found = compiled(market, Shock.of("par_yield", "+50bp", curve="USD", tenor="5Y"))
    moved = {item.tenor for item in found.columns.moved if item.kind == "zero_rate" and item.name == "USD"}
    assert moved == {"5Y", "10Y"}


def test_severity_zero_moves_nothing(market: MarketSnapshot) -> None:
    assert not compiled(market, Shock.of("par_yield", "+50bp", curve="USD"), severity=0.0).columns.moved


def test_a_curve_over_it_keeps_its_basis_unless_a_line_moves_it(market: MarketSnapshot) -> None:
    shock = Shock.of("par_yield", "+100bp", curve="USD")
    found = compiled(market, shock)
    treasury, sofr = rates(market, found), rates(market, found, curve="USD_SOFR")
    assert sofr == pytest.approx([treasury[1] + 0.0005, treasury[4] - 0.0020], abs=1e-16)
    own = Shock.of("zero_rate", "+10bp", curve="USD_SOFR")
    found = compiled(market, shock, own)
    base = list(map(market.levels.__getitem__, market.curves["USD_SOFR"].keys()))
    assert rates(market, found, curve="USD_SOFR") == pytest.approx([rate + 0.001 for rate in base], abs=1e-16)


def test_the_account_names_the_line_of_the_quotes(market: MarketSnapshot) -> None:
    found = compiled(market, Shock.of("par_yield", "+100bp", curve="USD"))
    reasons = {str(effect.factor): (effect.line, effect.reason) for effect in found.effects}
    assert reasons["par_yield/USD/10Y"] == (1, "direct")
    assert reasons["zero_rate/USD/10Y"] == (1, "par_yield")
    assert reasons["zero_rate/USD_SOFR/10Y"] == (1, "par_yield")


def test_a_floor_holds_a_quote(market: MarketSnapshot) -> None:
    found = compiled(market, Shock.of("par_yield", "-500bp", floor="0.1%", curve="USD"))
    assert {float(found.columns.moved[key("par_yield", tenor)][1]) for tenor in TENORS} == {0.001}


def test_a_path_states_quotes_by_level(market: MarketSnapshot) -> None:
    steps = (
        Step.of("3m", Shock.of("par_yield", {"6M": "=0.1%", "10Y": "=0.8%"}, curve="USD")),
        Step.of("6m", Shock.of("par_yield", {"6M": "=0.1%", "10Y": "=1.5%"}, curve="USD")),
    )
    found = compiled(market, timing="path", steps=steps)
    table = found.columns.table
    for number, ten_years in ((1, 0.008), (2, 0.015)):
        column = table.slice_bounds(number)[1] - 1
        assert found.columns.moved[key("par_yield", "10Y")][column] == pytest.approx(ten_years, abs=1e-15)
        zero = rates(market, found, column)
        assert par_bond(zero, ten_years, 10.0) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize(
    ("shocks", "words"),
    [
        (
            (
                Shock.of("par_yield", "+50bp", curve="USD"),
                Shock.of("zero_rate", "-10bp", curve="USD", tenor="1Y"),
            ),
            "ST339.*shock 1 moves par yields and shock 2 zero rates of curve USD",
        ),
        ((Shock.of("par_yield", "+50bp", curve="USD_SOFR"),), "ST310.*curve 'USD_SOFR'"),
        ((Shock.of("par_yield", "+50bp", curve="FLAT"),), "ST310.*curve 'FLAT'"),
        ((Shock.of("par_yield", "=100%", curve="USD", tenor="10Y"),), "ST316"),
        ((Shock.of("par_yield", "-50%", currency="EUR"),), "ST310"),
        ((Shock.of("par_yield", "+5vol", curve="USD"),), "ST304"),
        (
            (
                Shock.of("par_yield", "-1900bp", curve="USD", tenor="5Y"),
                Shock.of("par_yield", "+1900bp", curve="USD", tenor="10Y"),
            ),
            "ST339.*shock 2 takes par_yield/USD/10Y to 23.1%",
        ),
    ],
)
def test_what_cannot_be_shocked(market: MarketSnapshot, shocks: tuple[Shock, ...], words: str) -> None:
    with pytest.raises(InputError, match=words):
        compiled(market, *shocks)


def test_the_shipped_curve_is_built_from_the_quotes_it_keeps() -> None:
    market = st.load_market()
    found = compiled(market, Shock.of("par_yield", "+1e-9bp", curve="USD"))
    keys = market.curves["USD"].keys()
    for item in keys:
        assert found.columns.moved[item][1] == pytest.approx(market.levels[item], abs=1e-12)


def test_a_treasury_at_par_stays_at_par(market: MarketSnapshot) -> None:
    """A ten-year bond issued at the shocked par yield is worth its face: full revaluation of the quote."""
    terms = {"issuer": "UST", "coupon": "6.1%", "maturity": date(2035, 10, 3), "frequency": 2}
    bond = instrument("fixed_bond", **terms, day_count="ACT/ACT ICMA", issue_date=date(2025, 10, 3))
    shock = Shock.of("par_yield", "+200bp", curve="USD")
    stress = st.stress(
        portfolio([("bond", bond, 100.0)]), ScenarioSet((Scenario("up", (shock,), "1d"),)), market
    )
    value = float(stress.result.portfolios[0].value[1])
    assert value == pytest.approx(100.0, abs=0.03)  # Actual days against whole periods of the bootstrap.
