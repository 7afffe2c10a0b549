"""Leases: against QuantLib, renewals, guarantees, ageing, re-letting after a default, refusals."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from typing import Any

import mpmath as mp
import pytest
import QuantLib
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fixtures.forward_market import TODAY, along_path, day, forward_market, spec, values
from tests.fixtures.refusals import codes, names, refused
from tests.oracle.lease import expected_shortfall, schedule
from tests.oracle.quantlib_bonds import to_quantlib

from stresstest.instruments.lease.terms import endings, rents
from stresstest.market.keys import RiskFactorKey

MARKET = forward_market(**{"credit_spread__ACME": 0.03})
TERMS: dict[str, Any] = {"issuer": "ACME", "rent": 10.0, "start": day(-100), "term_months": 48}
DEFAULT = {"default_state/ACME": 1.0}
GUARANTEE = {"amount": 100.0, "asset_value": 150.0, "depreciation": "20%"}


def may_default() -> Any:
    added = {"default_state/ACME": 0.0, "recovery_rate/ACME/senior_unsecured": 0.4}
    levels = {RiskFactorKey.parse(text): level for text, level in added.items()}
    return replace(MARKET, levels={**MARKET.levels, **levels})


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from([1, 2, 4, 12]),
    st.sampled_from(["advance", "arrears"]),
    st.integers(0, 400),
    st.sampled_from(["0%", "3%", "-1%"]),
)
def test_rents_are_worth_quantlibs_cash_flows(frequency: int, timing: str, age: int, escalator: str) -> None:
    terms = {**TERMS, "start": day(-age), "frequency": frequency, "timing": timing, "escalator": escalator}
    QuantLib.Settings.instance().evaluationDate = to_quantlib(TODAY)
    dates = [to_quantlib(TODAY), *(to_quantlib(day(365 * n)) for n in (1, 2, 30))]
    zero = QuantLib.ZeroCurve(dates, [0.066, 0.066, 0.064, 0.064], QuantLib.Actual365Fixed())
    handle = QuantLib.YieldTermStructureHandle(zero)
    leg = [QuantLib.SimpleCashFlow(float(rent), to_quantlib(due)) for due, rent, *_ in schedule(spec("lease", **terms)) if rent]  # fmt: skip  # noqa: E501
    expected = QuantLib.CashFlows.npv(leg, handle, False)
    (value,) = values("lease", terms, MARKET)
    assert value == pytest.approx(expected, rel=1e-12)
    assert values("lease", {**terms, "side": "obligation"}, MARKET) == [-value]


@given(st.lists(st.sampled_from([0.0, 0.3, 1.0]), max_size=3), st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_chances_of_all_ends_add_to_one(chances: list[float], start: date) -> None:
    options = [{"months": 12, "probability": f"{100 * chance}%"} for chance in chances]
    terms = spec("lease", **{**TERMS, "start": start, "renewals": options})
    assert math.fsum(end.chance for end in endings(terms)) == pytest.approx(1.0)
    walked = [(due, float(rent)) for due, rent, *_ in schedule(terms) if rent]
    assert [(due, pytest.approx(amount)) for due, amount, _ in rents(terms) if amount] == walked


def test_a_certain_renewal_is_a_longer_term() -> None:
    certain = {**TERMS, "term_months": 24, "renewals": [{"months": 24, "probability": "100%"}]}
    assert values("lease", certain, MARKET) == pytest.approx(values("lease", TERMS, MARKET), rel=1e-15)
    half = {**certain, "renewals": [{"months": 24, "probability": "50%", "rent_change": "-20%"}]}
    short = values("lease", {**TERMS, "term_months": 24}, MARKET)[0]
    longer = values("lease", TERMS, MARKET)[0]
    assert values("lease", half, MARKET)[0] == pytest.approx(short + 0.4 * (longer - short), rel=1e-13)


def test_a_guarantee_pays_what_the_asset_lacks() -> None:
    plain = values("lease", TERMS, MARKET)[0]
    terms = {**TERMS, "guarantee": GUARANTEE, "asset_issuer": "ACME"}
    moves = [{"spot/ACME": level * 187.62} for level in (4.0, 1.0, 0.5, 0.0)]
    found = [value - plain for value in values("lease", terms, MARKET, *moves)]
    end = (date(2029, 6, 25) - TODAY).days / 365
    factor = math.exp(-(0.034 + 0.03) * end)
    short = [max(100.0 - part * 150.0 * 0.8**end, 0.0) * factor for part in (4.0, 1.0, 0.5, 0.0)]
    assert found == pytest.approx(short, abs=1e-11)
    capped = {**terms, "guarantee": {**GUARANTEE, "cap": 5.0}}
    assert values("lease", capped, MARKET, moves[-1])[0] - plain == pytest.approx(5.0 * factor)
    assert "rental_rate/H100/12M" in names("lease", {**terms, "asset_issuer": None, "rental": "H100"}, MARKET)
    assert values("lease", {**TERMS, "guarantee": {**GUARANTEE, "amount": 1.0}}, MARKET) == [plain]


@pytest.mark.parametrize("volatility", ["10%", "35%", "120%"])
@pytest.mark.parametrize("part", [0.2, 1.0, 3.0])
@pytest.mark.parametrize("cap", [None, 15.0, 100.0, 300.0])
def test_a_guarantee_with_a_volatility_is_the_mean_of_what_is_paid(volatility, part, cap) -> None:
    plain = values("lease", TERMS, MARKET)[0]
    guarantee = {**GUARANTEE, "cap": cap, "volatility": volatility}
    terms = {**TERMS, "guarantee": guarantee, "asset_issuer": "ACME"}
    (found,) = values("lease", terms, MARKET, {"spot/ACME": part * 187.62})
    end = (date(2029, 6, 25) - TODAY).days / 365
    factor = math.exp(-(0.034 + 0.03) * end)
    with mp.workdps(30):
        asset = mp.mpf(part * 150.0 * 0.8**end)
        mean = expected_shortfall(spec("lease", **terms).guarantee, mp.mpf(100), asset, end)
    assert (found - plain) / factor == pytest.approx(float(mean), abs=1e-10)


def test_a_volatility_adds_time_value_that_is_gone_at_the_end() -> None:
    still, moving = GUARANTEE, {**GUARANTEE, "volatility": "30%"}
    terms = {**TERMS, "asset_issuer": "ACME"}
    steps = [(700, {"credit_spread/ACME": 0.0}), (1300, {}), (2000, {})]
    intrinsic, _ = along_path("lease", {**terms, "guarantee": still}, MARKET, steps)
    option, _ = along_path("lease", {**terms, "guarantee": moving}, MARKET, steps)
    added = [b - a for a, b in zip(intrinsic, option, strict=True)]
    assert added[1] > added[2] > 0.0
    assert added[3] == pytest.approx(0.0, abs=1e-12)
    (zero,) = values("lease", {**terms, "guarantee": {**GUARANTEE, "volatility": "0%"}}, MARKET)
    assert zero == values("lease", {**terms, "guarantee": GUARANTEE}, MARKET)[0]
    assert "less than or equal to 2" in refused(
        "lease", {**terms, "guarantee": {**still, "volatility": "300%"}}
    )


def test_a_renewal_may_state_what_is_guaranteed_at_its_end() -> None:
    renewals = [
        {"months": 12, "probability": "75%", "guaranteed": 60.0},
        {"months": 12, "probability": "40%"},
    ]
    none = [{**renewals[0], "guaranteed": 0.0}, renewals[1]]
    terms = {**TERMS, "guarantee": {**GUARANTEE, "cap": 50.0}, "asset_issuer": "ACME"}
    plain = [{"months": 12, "probability": "75%"}, renewals[1]]
    rents_alone = values("lease", {**TERMS, "renewals": plain}, MARKET)[0]
    fall = {"spot/ACME": 0.3 * 187.62}
    ends = [(date(2029 + n, 6, 25), chance) for n, chance in enumerate((0.25, 0.45, 0.3))]
    for options, promised in ((renewals, (100.0, 60.0, 60.0)), (none, (100.0, 0.0, 0.0))):
        expected = 0.0
        for (end, chance), amount in zip(ends, promised, strict=True):
            years = (end - TODAY).days / 365
            short = max(amount - 0.3 * 150.0 * 0.8**years, 0.0)
            expected += chance * min(short, 50.0) * math.exp(-(0.034 + 0.03) * years)
        (found,) = values("lease", {**terms, "renewals": options}, MARKET, fall)
        assert found - rents_alone == pytest.approx(expected, abs=1e-11)
    unguaranteed = refused("lease", {**TERMS, "renewals": renewals})
    assert "the lease has no guarantee" in unguaranteed


def test_every_rent_is_paid_once() -> None:
    terms = {**TERMS, "renewals": [{"months": 12, "probability": "25%"}], "guarantee": GUARANTEE}
    worth, cash = along_path(
        "lease", terms, MARKET, [(300, {"credit_spread/ACME": 0.0}), (1400, {}), (2000, {})]
    )
    ends = [(date(2029, 6, 25), 0.75), (date(2030, 6, 25), 0.25)]
    due = sum(p * max(100 - 150 * 0.8 ** ((d - TODAY).days / 365), 0) for d, p in ends)
    total = 10.0 * (44 + 12 * 0.25) + due
    assert worth[1:] == pytest.approx([total] * 3, rel=1e-12)
    assert cash[3] == pytest.approx(total, rel=1e-12)
    assert cash[1] == pytest.approx(100.0)


def test_after_a_default_the_next_tenant_pays_after_a_vacancy() -> None:
    market = may_default()
    terms = {**TERMS, "start": day(-1), "term_months": 24, "vacancy_months": 6.0, "reletting": "70%"}
    terms["renewals"] = [{"months": 240, "probability": "90%"}]
    market = replace(
        market, levels={**market.levels, **{k: 0.0 for k in market.levels if k.kind == "zero_rate"}}
    )
    moves = [{}, DEFAULT, {**DEFAULT, "recovery_rate/ACME/senior_unsecured": 0.0}]
    pays, found, lost = values("lease", terms, market, *moves)
    assert found < pays
    # 23 rents are left, 6 of them within six months; no renewal, no spread.
    assert lost == pytest.approx(10.0 * 0.7 * 17)
    assert found == pytest.approx(10.0 * (6 * 0.4 + 17 * (0.7 + 0.4 * 0.3)))
    owed = values("lease", {**terms, "side": "obligation"}, market, DEFAULT)
    assert owed == pytest.approx([-10.0 * (6 * 0.4 + 17 * 0.4 * 0.3)])
    worth, cash = along_path("lease", terms, market, [(10, DEFAULT), (100, {}), (400, {}), (900, {})])
    assert worth[1:] == pytest.approx([found] * 4)
    assert cash[-1] == pytest.approx(found)


def test_the_next_tenant_pays_the_markets_rent() -> None:
    terms = {**TERMS, "rental": "H100", "vacancy_months": 0.0, "reletting": "100%"}
    half = {"rental_rate/H100": 0.85, "rental_rate/H100/12M": 0.7}
    gone = {**DEFAULT, "recovery_rate/ACME/senior_unsecured": 0.0}
    full, fallen = values("lease", terms, may_default(), gone, {**gone, **half})
    assert fallen == pytest.approx(full / 2)
    assert "rental_rate/H100" not in names("lease", terms, MARKET)
    assert "rental_rate/H100" in names("lease", terms, may_default())


def test_refusals() -> None:
    assert codes("lease", {**TERMS, "start": day(-2000)}, MARKET) == ["ST381"]
    assert codes("lease", {**TERMS, "issuer": "ACNE"}, MARKET) == ["ST355"]
    assert codes("lease", {**TERMS, "issuer": "OIL"}, MARKET) == ["ST357"]
    assert codes("lease", {**TERMS, "rental": "H200", "guarantee": GUARANTEE}, MARKET) == ["ST363"]
    assert codes("lease", {**TERMS, "guarantee": GUARANTEE, "asset_issuer": "ACNE"}, MARKET) == ["ST355"]
    assert codes("lease", {**TERMS, "currency": "EUR", "curve": "USD"}, MARKET) == ["ST372"]
    odd = {**TERMS, "frequency": 4, "renewals": [{"months": 10, "probability": "50%"}]}
    assert "renewals[0].months 10 is no whole number" in refused("lease", odd)
    both = {**TERMS, "rental": "H100", "asset_issuer": "ACME"}
    assert "follows one of them" in refused("lease", both)
    assert "less than or equal to 1" in refused(
        "lease", {**TERMS, "renewals": [{"months": 12, "probability": "101%"}]}
    )
