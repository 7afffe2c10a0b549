"""The shipped replays: complete, by role, and near to what the funds of the time did."""

from __future__ import annotations

import re
from functools import cache

import pytest

from stresstest.market.keys import RiskFactorKey
from stresstest.market.loading import load_market
from stresstest.market.ratings import BUCKETS
from stresstest.market.snapshot import MarketSnapshot
from stresstest.quantity import parse_horizon
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.effects import DIRECT, CompiledScenarios
from stresstest.scenarios.loading import load_scenarios
from stresstest.scenarios.scenario import ScenarioSet

NAMES = ("replay_gfc_2007_2009", "replay_covid_2020", "replay_rates_2022", "replay_tariffs_2025")

# Total return of the window in per cent, and how far in points the constituents and durations of today may be
# from it: indices have changed, coupons are left out, and the long bond fund had convexity.
FUNDS = {
    "replay_gfc_2007_2009": {
        "SPY": (-55.2, 7), "QQQ": (-51.6, 4), "RSP": (-59.2, 9), "XLF": (-81.6, 24), "XLU": (-42.5, 5),
        "XLP": (-28.5, 9), "SMH": (-58.5, 6), "TLT": (25.1, 6), "IEF": (20.2, 7), "HYG": (-32.9, 3),
        "GLD": (23.9, 0.1),
    },
    "replay_covid_2020": {
        "SPY": (-33.7, 3), "QQQ": (-27.9, 3.5), "RSP": (-39.0, 3), "XLF": (-42.8, 4), "XLU": (-35.4, 2),
        "XLP": (-24.2, 3), "SMH": (-31.2, 4), "TLT": (14.2, 3), "IEF": (6.4, 1.5), "HYG": (-21.9, 5),
        "GLD": (-3.6, 0.1),
    },
    "replay_rates_2022": {
        "SPY": (-24.5, 7), "QQQ": (-34.3, 3), "RSP": (-20.3, 3), "XLF": (-22.3, 4), "XLU": (-11.3, 2),
        "XLP": (-10.6, 4), "XLE": (44.5, 17), "SMH": (-44.4, 7), "TLT": (-29.3, 3), "IEF": (-15.4, 2),
        "HYG": (-14.6, 4), "GLD": (-7.3, 0.1),
    },
    "replay_tariffs_2025": {
        "SPY": (-18.8, 4), "QQQ": (-22.8, 3), "RSP": (-16.0, 3), "XLF": (-15.5, 3.5), "XLU": (-8.3, 3),
        "XLP": (-5.9, 2), "SMH": (-30.1, 3), "TLT": (0.8, 2.5), "IEF": (2.7, 1), "HYG": (-4.1, 2.5),
        "GLD": (1.6, 0.1),
    },
}  # fmt: skip


@cache
def market() -> MarketSnapshot:
    return load_market(["2025-10-03"])


@cache
def scenarios() -> ScenarioSet:
    return load_scenarios(NAMES)


@cache
def compiled() -> CompiledScenarios:
    return compile_scenarios(scenarios(), market())


def change(name: str, key: RiskFactorKey) -> float:
    row = compiled().columns.moved.get(key)
    return 0.0 if row is None else float(row[1 + NAMES.index(name)]) - market().levels[key]


@pytest.mark.parametrize("name", NAMES)
def test_each_tells_its_story_and_what_every_size_rests_on(name: str) -> None:
    scenario = scenarios()[name]
    assert parse_horizon(scenario.horizon)
    assert {"replay", "by_role"} <= set(scenario.tags)
    assert scenario.not_covered
    assert "Reading it." in scenario.narrative
    cited = set(re.findall(r"A\d+", " ".join(re.findall(r"\[(A\d[^\]]*)\]", scenario.narrative))))
    assert cited == set(scenario.source)
    for shock in scenario.shocks:
        assert shock.basis is not None
        assert shock.basis.analogue
        assert shock.basis.note


@pytest.mark.parametrize("name", NAMES)
def test_no_line_names_a_listed_company_or_shocks_what_moves_through_links(name: str) -> None:
    listed = {issuer.id for issuer in market().issuers.values() if issuer.kind == "equity"}
    for shock in scenarios()[name].shocks:
        if shock.factor == "spot":
            named = {value for kind, values in shock.select.terms if kind == "issuer" for value in values}
            assert named.isdisjoint(listed)
    linked = {link.target for link in market().links}
    reached = {effect.factor for effect in compiled().effects if effect.scenario == name and effect.line}
    assert reached.isdisjoint(linked)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_with_a_price_a_spread_or_a_volatility_is_forgotten(name: str) -> None:
    linked = {link.target for link in market().links}
    reached = {effect.factor for effect in compiled().effects if effect.scenario == name} | linked
    kinds = ("spot", "implied_vol", "credit_spread")
    assert [str(key) for key in market().levels if key.kind in kinds and key not in reached] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_line_decides_some_factor(name: str) -> None:
    live = {
        effect.line for effect in compiled().effects if effect.scenario == name and effect.reason == DIRECT
    }
    for number, shock in enumerate(scenarios()[name].shocks, start=1):
        assert number in live or shock.optional, shock.select.text()


@pytest.mark.parametrize(("name", "fund"), [(name, fund) for name, funds in FUNDS.items() for fund in funds])
def test_funds_of_today_do_about_what_they_did(name: str, fund: str) -> None:
    then, apart = FUNDS[name][fund]
    key = RiskFactorKey("spot", fund)
    now = 100.0 * change(name, key) / market().levels[key]
    assert abs(now - then) <= apart, f"{name}: {fund} {now:.1f} %, then {then} %"


@pytest.mark.parametrize("name", NAMES)
def test_credit_is_graded(name: str) -> None:
    moves = [change(name, RiskFactorKey("credit_spread", f"US_{bucket}")) for bucket in BUCKETS[:7]]
    assert moves == sorted(moves)
    assert moves[0] > 0.0
    assert 3.5 <= moves[6] / moves[4] <= 5.0


def test_bonds_and_shares_fall_together_in_one_of_them() -> None:
    together = [
        name
        for name in NAMES
        if max(change(name, RiskFactorKey("spot", fund)) for fund in ("SPY", "TLT", "AGG", "GLD")) < 0.0
    ]
    assert together == ["replay_rates_2022"]


@pytest.mark.parametrize("severity", [0.5, 1.5])
def test_severities_work(severity: float) -> None:
    compile_scenarios(scenarios(), market(), severity)
