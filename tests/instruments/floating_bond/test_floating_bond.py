"""Floating-rate bonds: QuantLib, the oracle, par on a reset, spreads, defaults, paths, refusals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
import QuantLib
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fixtures.forward_market import along_path, spec, values
from tests.fixtures.rate_market import NODE_DAYS, RATES, TODAY, flat, rate_market
from tests.fixtures.refusals import codes, names, refused
from tests.fixtures.unit_values import unit_values
from tests.oracle import floating_bond as oracle
from tests.oracle.quantlib_bonds import CALENDARS, CONVENTIONS, to_quantlib, zero_curve
from tests.oracle.quantlib_swaps import counter, curve, evaluation_date

from stresstest.catalog import instrument_type
from stresstest.instruments.floating_bond.spec import FloatingBondSpec
from stresstest.instruments.floating_bond.z_spread import override, solve_z_spread
from stresstest.market.keys import RiskFactorKey

TAG, MARKET = "floating_bond", rate_market()
NO_SPREAD = {"credit_spread/CRWV": 0.0}
TERMS: dict[str, Any] = {
    "issuer": "CRWV",
    "margin": "0bp",
    "maturity": date(2030, 10, 3),
    "issue_date": TODAY,
}


def random_bonds(count: int, **more: Any) -> list[FloatingBondSpec]:
    """Bonds over margins, frequencies, stubs, day counts, holidays; issued before or on the day."""
    generator = np.random.default_rng(37)
    found = []
    for number in range(count):
        issued = TODAY if number % 7 == 0 else TODAY - timedelta(days=int(generator.integers(1, 700)))
        terms = {
            **TERMS,
            "margin": f"{generator.integers(-20, 600)}bp",
            "maturity": TODAY + timedelta(days=int(generator.integers(30, 11_000))),
            "issue_date": issued,
            "frequency": int(generator.choice([1, 2, 4, 12])),
            "day_count": str(generator.choice(["ACT/360", "ACT/365F", "30E/360", "ACT/ACT ISDA"])),
            "current_rate": f"{generator.uniform(2, 5):.3f}%",
            "calendar": ("weekends_only", "target", "us_federal_reserve")[number % 3],
            "end_of_month": False,
            **more,
        }
        found.append(spec(TAG, **terms))
    return found


def quantlib_value(terms: FloatingBondSpec, projection: Any, discount: Any) -> float:
    schedule = QuantLib.Schedule(
        to_quantlib(terms.issue_date),
        to_quantlib(terms.maturity),
        QuantLib.Period(12 // terms.frequency, QuantLib.Months),
        CALENDARS[terms.calendar],
        CONVENTIONS[terms.business_day_convention],
        CONVENTIONS[terms.business_day_convention],
        QuantLib.DateGeneration.Backward,
        terms.end_of_month,
    )
    dated = terms.model_copy(update={"issue_date": None})
    count = counter(_Dated(dated, terms.issue_date), terms.day_count, terms.frequency)
    index = QuantLib.IborIndex(
        f"FRN{terms.frequency}{terms.day_count}", QuantLib.Period(12 // terms.frequency, QuantLib.Months), 0,
        QuantLib.USDCurrency(), CALENDARS[terms.calendar], CONVENTIONS[terms.business_day_convention], False,
        count, projection,
    )  # fmt: skip
    index.clearFixings()
    bond = QuantLib.FloatingRateBond(
        0, 1.0, schedule, index, count, CONVENTIONS[terms.business_day_convention], 0, [1.0], [terms.margin],
    )  # fmt: skip
    for flow in list(bond.cashflows())[:-1]:
        fixing = QuantLib.as_floating_rate_coupon(flow).fixingDate()
        if fixing <= to_quantlib(TODAY):
            index.addFixing(fixing, terms.current_rate, True)
    bond.setPricingEngine(QuantLib.DiscountingBondEngine(discount))
    return float(bond.NPV())


class _Dated:
    """Terms with a start, as the day counters of swaps want them."""

    def __init__(self, terms: FloatingBondSpec, start: date) -> None:
        self.start, self.maturity, self.end_of_month = start, terms.maturity, terms.end_of_month


def test_values_are_those_of_quantlib() -> None:
    spread = MARKET.levels[RiskFactorKey("credit_spread", "CRWV")]
    specs = random_bonds(200)
    got = unit_values(instrument_type(TAG), specs, MARKET, [{}])[:, 0]
    with evaluation_date():
        projection = curve("USD_SOFR")
        wide = zero_curve(TODAY, NODE_DAYS, [rate + spread for rate in RATES["USD_SOFR"]])
        discount = QuantLib.YieldTermStructureHandle(wide)
        for terms, value in zip(specs, got, strict=True):
            twin = quantlib_value(terms, projection, discount)
            assert value == pytest.approx(twin, abs=1e-11), f"{terms!r}: {value}, {twin}"


def test_values_are_those_of_the_oracle() -> None:
    specs = random_bonds(120) + random_bonds(60, rate="in_arrears", projection_curve="USD")
    specs += random_bonds(60, current_rate=None, issuer="UST")
    specs += [spec(TAG, issuer="MSFT", margin="40bp", maturity=date(2028, 11, 30), frequency=2)]
    got = unit_values(instrument_type(TAG), specs, MARKET, [{}])[:, 0]
    for terms, value in zip(specs, got, strict=True):
        expected, _ = oracle.unit_value(terms, MARKET, lambda *key: MARKET.levels[RiskFactorKey(*key)])
        assert value == pytest.approx(expected, abs=1e-12), terms


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 30),
    st.sampled_from([1, 2, 4, 12]),
    st.floats(-0.02, 0.2),
    st.sampled_from(["in_advance", "in_arrears"]),
)
def test_at_par_on_a_reset_without_margin_and_spread(
    years: int, frequency: int, rate: float, rate_set: str
) -> None:
    terms = {**TERMS, "maturity": date(2025 + years, 10, 3), "frequency": frequency, "rate": rate_set}
    moves = ({**NO_SPREAD}, {**NO_SPREAD, **flat("USD_SOFR", rate)})
    assert values(TAG, terms, MARKET, *moves) == pytest.approx([1.0, 1.0], abs=2e-14 * years)


def test_a_rise_of_rates_hardly_moves_it_and_a_rise_of_spreads_does() -> None:
    up = {key: level + 0.01 for key, level in zip(flat("USD_SOFR", 0), RATES["USD_SOFR"], strict=True)}
    base, rates, spread = values(
        TAG, {**TERMS, "margin": "500bp"}, MARKET, {}, up, {"credit_spread/CRWV": 0.065}
    )
    assert abs(rates - base) < 0.005
    assert base - spread == pytest.approx(0.04, abs=0.005)


def test_the_margin_is_worth_an_annuity() -> None:
    none, some, more = (values(TAG, {**TERMS, "margin": f"{bp}bp"}, MARKET)[0] for bp in (0, 100, 200))
    assert more - some == pytest.approx(some - none, abs=1e-15)


def test_clean_price_and_spread_are_one_thing() -> None:
    terms = {
        **TERMS,
        "margin": "450bp",
        "issue_date": date(2025, 8, 15),
        "maturity": date(2030, 11, 15),
        "current_rate": "4.1%",
    }
    for rate in ("in_advance", "in_arrears"):
        priced = spec(TAG, **terms, rate=rate, clean_price=97.5)
        found = override(priced, "CRWV#p", MARKET, TODAY)
        assert found is not None
        (spread,) = found.levels.values()
        (dirty,) = values(TAG, {**terms, "rate": rate}, MARKET, {"credit_spread/CRWV": spread})
        accrued = (0.041 + 0.045) * 49 / 360
        assert dirty == pytest.approx(0.975 + accrued, abs=1e-13)
        assert solve_z_spread(priced, MARKET, TODAY, 97.5) == spread
    assert override(spec(TAG, **terms), "CRWV#p", MARKET, TODAY) is None
    stated = override(spec(TAG, **terms, z_spread="310bp"), "CRWV#p", MARKET, TODAY)
    assert stated is not None
    assert stated.levels == {RiskFactorKey("credit_spread", "CRWV#p"): 0.031}


DEFAULTABLE = rate_market(default_state__CRWV=0.0, recovery_rate__CRWV__senior_unsecured=0.35)


def test_a_default_leaves_the_recovery() -> None:
    base, gone = values(TAG, TERMS, DEFAULTABLE, {}, {"default_state/CRWV": 1.0})
    assert (base, gone) == (values(TAG, TERMS, MARKET)[0], 0.35)
    assert "default_state/CRWV" in names(TAG, TERMS, DEFAULTABLE)


def test_a_path_sets_pays_and_repays() -> None:
    """Rates of 0 until day 40, 5 % until 120, then 0; a spread of 0: coupons are what was set."""
    terms = {**TERMS, "maturity": date(2026, 10, 3), "margin": "100bp"}
    still = replace(MARKET, levels={**MARKET.levels, RiskFactorKey("credit_spread", "CRWV"): 0.0})
    steps = [(40, flat("USD_SOFR", 0.05)), (120, flat("USD_SOFR", 0.0)), (300, {}), (400, {})]
    worth, cash = along_path(TAG, terms, still, steps)
    second = np.exp(0.05 / 4 * 90 * 4 / 365) - 1.0  # set on day 92 for 90 days
    margins = [0.01 * days / 360 for days in (92, 182, 273, 365)]
    assert cash == pytest.approx(
        [0, 0, margins[0], margins[2] + second, 1.0 + margins[3] + second], abs=1e-13
    )
    assert worth[-1] == cash[-1]
    assert worth[2] == pytest.approx(1.0 + margins[3] + second, abs=1e-13)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 700), st.sampled_from(["in_advance", "in_arrears"]), st.sampled_from([2, 4, 12]))
def test_no_day_makes_value_and_cash_jump(first: int, rate: str, frequency: int) -> None:
    """Rates of 4 % from the first day on: over each of three days only a day's interest is earned."""
    terms = {**TERMS, "margin": "100bp", "maturity": date(2027, 10, 4), "rate": rate, "frequency": frequency}
    still = replace(MARKET, levels={**MARKET.levels, RiskFactorKey("credit_spread", "CRWV"): 0.0})
    steps = [(1, flat("USD_SOFR", 0.04)), *((first + day, {}) for day in (1, 2, 3))]
    worth, cash = along_path(TAG, terms, still, steps)
    # Cash earns nothing here, so that what is reinvested in the bond alone earns: at most 5 % a year.
    assert np.all(abs(np.diff(worth[2:])) <= 0.05 / 360 + 1e-12)
    assert np.all(np.diff(cash) >= 0.0)


def test_what_is_refused() -> None:
    assert codes(TAG, {**TERMS, "issuer": "NONE"}, MARKET) == ["ST355"]
    assert codes(TAG, {**TERMS, "issue_date": date(2020, 10, 3), "maturity": TODAY}, MARKET) == ["ST370"]
    assert codes(TAG, {**TERMS, "issue_date": date(2025, 10, 4)}, MARKET) == ["ST371"]
    assert codes(TAG, {**TERMS, "curve": "SOFR"}, MARKET) == ["ST362"]
    assert codes(TAG, {**TERMS, "currency": "EUR", "curve": "USD"}, MARKET) == ["ST372"]
    levels = {key: level for key, level in MARKET.levels.items() if key.kind != "credit_spread"}
    assert codes(TAG, TERMS, replace(MARKET, levels=levels)) == ["ST357"]
    with pytest.raises(Exception, match="clean price 1e") as caught:
        solve_z_spread(spec(TAG, **TERMS), MARKET, TODAY, 1e60)
    assert caught.value.problems[0].code == "ST373"  # type: ignore[attr-defined]
    assert "both given" in refused(TAG, {**TERMS, "z_spread": "1%", "clean_price": 99.0})
    assert "without issue_date" in refused(
        TAG, {"issuer": "CRWV", "margin": "1bp", "maturity": TODAY, "first_coupon_date": TODAY}
    )
