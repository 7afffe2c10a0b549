"""The scenarios of financing, crowds and gaps: complete files, sane signs, drivers that do what they say."""

import re
from dataclasses import replace
from functools import cache
from itertools import pairwise, takewhile
from pathlib import Path

import pytest

from stresstest.io.resources import library_path
from stresstest.market.keys import RiskFactorKey
from stresstest.market.loading import load_market
from stresstest.market.ratings import BUCKETS
from stresstest.market.snapshot import MarketSnapshot
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.drivers import ChoiceDriver
from stresstest.scenarios.effects import DIRECT, CompiledScenarios
from stresstest.scenarios.event import NOTICE
from stresstest.scenarios.loading import load_scenarios
from stresstest.scenarios.network_factors import with_network_factors
from stresstest.scenarios.scenario import Scenario, ScenarioSet

# Horizon and per cent moves: two to three points around the size that each file was set for.
EXPECTED: dict[str, tuple[str, dict[str, tuple[float, float]]]] = {
    "circular_financing_unwind": ("6m", {"SPY": (-12, -8), "QQQ": (-16, -12), "META": (-6.1, -5.9)}),
    "openai_funding_stop": ("12m", {"SPY": (-9, -5), "QQQ": (-11, -7), "META": (0, 0), "CRWV": (-78, -68)}),
    "gpu_collateral_spiral": ("12m", {"SPY": (-8, -4), "BIZD": (-25, -17), "MSFT": (-6, -3)}),
    "hidden_leverage": ("6m", {"SPY": (-6, -3), "LQD": (-4, -1), "META": (-16, -14), "OWL": (-31, -29)}),
    "write_down_wave": ("3m", {"SPY": (-8, -5), "QQQ": (-11, -7), "KO": (0.5, 1.5), "HYG": (-2, 0)}),
    "concentration_unwind": ("1m", {"SPY": (-15, -11), "RSP": (-10, -6), "KO": (-2, 0), "GLD": (-3, -1)}),
    "sudden_gap": ("1d", {"SPY": (-13, -9), "QQQ": (-15, -11), "GLD": (-4, -2), "TLT": (1, 4)}),
    "private_marks_catch_up": ("12m", {"SPY": (-7, -4), "BKLN": (-10, -5), "BIZD": (-25, -17)}),
    "levered_etf_day": ("1d", {"SMH": (-12, -10.5), "SPY": (-6, -3), "KO": (-1, 0)}),
    "export_stop": ("6m", {"SPY": (-15, -10), "TXN": (-23, -21), "AAPL": (-23, -21), "GLD": (5, 7)}),
}  # fmt: skip
NAMES = tuple(EXPECTED)
NETWORKED = (
    "circular_financing_unwind", "openai_funding_stop", "gpu_collateral_spiral", "hidden_leverage",
    "concentration_unwind",
)  # fmt: skip

# Settings of a driver at which nothing is left of the scenario.
NOTHING = {
    "ai_capex_collapse": {"capex_cut": "0%"},
    "gpu_collateral_spiral": {"rental_fall": "0%"},
    "ai_capex_collapse_network": {"capex_cut": "0%"},
    "write_down_wave": {"chip_life": "6"},
    "private_marks_catch_up": {"caught_up": "0%"},
    "levered_etf_day": {"first_fall": "0%"},
}
CREDIT_INDICES = tuple(RiskFactorKey("credit_spread", f"US_{bucket}") for bucket in BUCKETS[:7])


@cache
def market() -> MarketSnapshot:
    networked = [shipped(name) for name in (*NETWORKED, "ai_capex_collapse_network")]
    return with_network_factors(load_market(["2025-10-03"]), networked)


def shipped(name: str) -> Scenario:
    return load_scenarios([library_path("shocks") / f"{name}.yaml"])[name]


@cache
def scenarios() -> ScenarioSet:
    return ScenarioSet(tuple(shipped(name) for name in NAMES))


@cache
def compiled() -> CompiledScenarios:
    return compile_scenarios(scenarios(), market())


def level(given: CompiledScenarios, scenario: str, key: RiskFactorKey) -> float:
    row = given.columns.moved.get(key)
    return market().levels[key] if row is None else float(row[given.columns.table.scenario.index(scenario)])


def per_cent(given: CompiledScenarios, scenario: str, issuer: str) -> float:
    key = RiskFactorKey("spot", issuer)
    return 100.0 * (level(given, scenario, key) / market().levels[key] - 1.0)


def beyond_floors(given: CompiledScenarios) -> list[str]:
    """Return the warnings but those of a floor, and that firms of a network fail.

    Of new money no more can stop than all.
    """
    expected = ("floor 0 stops", NOTICE)
    return [text for text in map(str, given.warnings) if not any(part in text for part in expected)]


def with_drivers(name: str, **values: str) -> CompiledScenarios:
    return compile_scenarios(ScenarioSet((shipped(name).with_drivers(**values),)), market())


@pytest.mark.parametrize("name", NAMES)
def test_each_file_is_complete(name: str) -> None:
    scenario = scenarios()[name]
    assert scenario.horizon == EXPECTED[name][0]
    assert scenario.title
    assert scenario.status
    assert scenario.not_covered
    assert len(scenario.narrative.split()) > 120
    for part in ("Trigger.", "Transmission.", "Markets.", "Reading it."):
        assert part in scenario.narrative
    for shock in scenario.shocks:
        assert shock.basis is not None, shock.select.text()
        assert shock.basis.analogue, shock.select.text()
        assert shock.basis.note, shock.select.text()


@pytest.mark.parametrize("name", NAMES)
def test_the_facts_listed_are_the_facts_cited(name: str) -> None:
    scenario = scenarios()[name]
    bases = [shock.basis for shock in scenario.shocks if shock.basis]
    text = "\n".join([scenario.narrative, *scenario.not_covered, *(f"{b.analogue} {b.note}" for b in bases)])
    brackets = re.findall(r"\[(A\d[^\]]*)\]", text)
    assert {fact for bracket in brackets for fact in re.findall(r"A\d+", bracket)} == set(scenario.source)
    assert ("not_in_article" in scenario.tags) == (name == "export_stop")


def test_they_compile_without_a_warning() -> None:
    told = [str(warning) for warning in compiled().warnings if NOTICE not in str(warning)]
    assert told == []


@pytest.mark.parametrize("name", NAMES)
def test_lines_reach_everything_but_what_is_linked(name: str) -> None:
    effects = [effect for effect in compiled().effects if effect.scenario == name]
    linked = {link.target for link in market().links}
    live = {effect.line for effect in effects if effect.reason == DIRECT}
    dead = [
        shock.select.text()
        for number, shock in enumerate(scenarios()[name].shocks, start=1)
        if number not in live and not shock.optional
    ]
    assert dead == []
    assert linked.isdisjoint({effect.factor for effect in effects if effect.line})
    reached = {effect.factor for effect in effects} | linked
    kinds = {"spot", "implied_vol", "credit_spread", "private_mark", "rental_rate"}
    assert [str(key) for key in market().levels if key.kind in kinds and key not in reached] == []


@pytest.mark.parametrize(
    ("name", "issuer", "band"),
    [(name, issuer, band) for name, (_, bands) in EXPECTED.items() for issuer, band in bands.items()],
)
def test_moves_lie_in_their_bands(name: str, issuer: str, band: tuple[float, float]) -> None:
    move = per_cent(compiled(), name, issuer)
    assert band[0] <= move <= band[1], f"{name}: {issuer} moves {move:.2f} %"


@pytest.mark.parametrize("name", NAMES)
def test_credit_is_graded_by_rating(name: str) -> None:
    changes = [level(compiled(), name, key) - market().levels[key] for key in CREDIT_INDICES]
    assert all(0.0 < lower <= upper for lower, upper in pairwise(changes)), changes
    assert 3.5 <= changes[6] / changes[4] <= 5.1


@pytest.mark.parametrize("name", NAMES)
def test_treasury_and_swap_rates_move_alike_and_down(name: str) -> None:
    nodes = market().curves["USD"].keys()
    for key in nodes:
        swap = RiskFactorKey("zero_rate", "USD_SOFR", key.tenor)
        moves = [level(compiled(), name, rate) - market().levels[rate] for rate in (key, swap)]
        assert moves[0] == pytest.approx(moves[1], abs=1e-12)
        assert -0.005 < moves[0] < 0.0


@pytest.mark.parametrize("severity", [0.25, 0.5, 1.5, 2.0])
def test_every_severity_from_a_quarter_to_two_works(severity: float) -> None:
    given = compile_scenarios(scenarios(), market(), severity)
    assert beyond_floors(given) == []
    for name in NAMES:
        if name in NETWORKED:
            continue
        expected = 100.0 * ((1.0 + per_cent(compiled(), name, "NVDA") / 100.0) ** severity - 1.0)
        assert per_cent(given, name, "NVDA") == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("name", NOTHING)
def test_a_driver_at_its_quiet_end_leaves_nothing(name: str) -> None:
    given = with_drivers(name, **NOTHING[name])
    moved = [str(key) for key, row in given.columns.moved.items() if row[1] != row[0]]
    assert moved == []


@pytest.mark.parametrize(
    "name", [*NAMES, "ai_capex_collapse", "ai_capex_collapse_network", "deepseek_cost_shock"]
)
def test_drivers_work_at_both_ends_of_their_range(name: str) -> None:
    scenario = shipped(name)
    for driver in scenario.drivers:
        ends = (
            driver.choices
            if isinstance(driver, ChoiceDriver)
            else (driver.text(driver.low), driver.text(driver.high))
        )
        settings = {"setting": "severe"} if name == "deepseek_cost_shock" else {}
        for end in ends:
            changed = replace(scenario.with_drivers(**{**settings, driver.name: end}), name=f"{name}_set")
            assert beyond_floors(compile_scenarios(ScenarioSet((changed,)), market(), 2.0)) == []


def test_a_larger_cut_costs_suppliers_more() -> None:
    moves = [
        per_cent(with_drivers("ai_capex_collapse", capex_cut=cut), "ai_capex_collapse", "NVDA")
        for cut in ("10%", "30%", "50%", "65%", "80%")
    ]
    assert all(milder > harder for milder, harder in pairwise(moves)), moves
    assert moves[2] == pytest.approx(-60.0)


def test_the_cause_turns_the_sign_for_those_who_spend() -> None:
    name = "ai_capex_collapse"
    kind, failed = with_drivers(name, cause="discipline"), with_drivers(name, cause="demand_failure")
    for issuer in ("MSFT", "GOOGL", "AMZN", "META", "AAPL"):
        assert per_cent(failed, name, issuer) < 0.0 < per_cent(kind, name, issuer), issuer
    for issuer in ("NVDA", "ANET", "VRT", "VST", "CRWV", "ORCL", "SPY"):
        assert per_cent(failed, name, issuer) < per_cent(kind, name, issuer) < 0.0, issuer


def test_elastic_demand_turns_the_sign_for_the_users_of_ai() -> None:
    name = "deepseek_cost_shock"
    stiff = with_drivers(name, setting="severe", demand_elasticity="0")
    elastic = with_drivers(name, setting="severe", demand_elasticity="2")
    for issuer in ("MSFT", "GOOGL", "META", "AMZN", "PLTR", "CRM"):
        assert per_cent(stiff, name, issuer) < 0.0 < per_cent(elastic, name, issuer), issuer
    assert per_cent(stiff, name, "NVDA") == per_cent(elastic, name, "NVDA") < -35.0


def test_the_severe_setting_follows_the_fall_in_cost() -> None:
    name = "deepseek_cost_shock"
    moves = [
        per_cent(with_drivers(name, setting="severe", cost_change=change), name, "NVDA")
        for change in ("0%", "-50%", "-90%", "-99%")
    ]
    assert moves[0] == pytest.approx(0.0)
    assert moves[2] == pytest.approx(-40.0, abs=0.05)
    assert moves[3] == pytest.approx(-64.0, abs=0.1)
    spread = RiskFactorKey("credit_spread", "US_B")
    severe = with_drivers(name, setting="severe")
    assert level(severe, name, spread) - market().levels[spread] == pytest.approx(0.0065)


def test_equity_on_pledged_chips_is_an_option() -> None:
    name = "gpu_collateral_spiral"
    steps = [with_drivers(name, rental_fall=fall) for fall in ("0%", "10%", "30%", "50%", "80%")]
    losses = [-per_cent(given, name, "CRWV") for given in steps]
    first_third, rest = losses[2] - losses[0], losses[4] - losses[2]
    assert first_third > rest > 0.0
    spread = RiskFactorKey("credit_spread", "CRWV")
    # At 80 % it is in default, and what its claims recover stands in place of a spread.
    assert all(level(low, name, spread) < level(high, name, spread) for low, high in pairwise(steps[:4]))
    assert level(steps[4], name, RiskFactorKey("default_state", "CRWV")) == 1.0


def test_shorter_lives_cost_in_proportion_to_the_yearly_charge() -> None:
    name = "write_down_wave"
    moves = {life: per_cent(with_drivers(name, chip_life=life), name, "META") for life in "234"}
    assert moves["2"] < moves["3"] < moves["4"] < 0.0
    assert (1.0 + moves["4"] / 100.0) ** 2 == pytest.approx(1.0 + moves["3"] / 100.0, abs=0.005)
    assert (1.0 + moves["3"] / 100.0) ** 2 == pytest.approx(1.0 + moves["2"] / 100.0, abs=0.005)


def test_the_export_stop_is_widest_where_the_cost_shock_is_narrowest() -> None:
    shock = with_drivers("deepseek_cost_shock", setting="historic")
    for issuer in ("TXN", "QCOM", "AAPL"):
        assert per_cent(shock, "deepseek_cost_shock", issuer) > -1.0
        assert per_cent(compiled(), "export_stop", issuer) < -20.0
    rental = RiskFactorKey("rental_rate", "H100")
    assert level(compiled(), "export_stop", rental) > market().levels[rental]


def test_the_table_of_the_documentation_is_what_the_engine_gives() -> None:
    lines = (Path(__file__).parents[2] / "docs" / "scenarios.md").read_text(encoding="utf-8").splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("| scenario | SPY |"))
    funds = [cell.strip() for cell in lines[start].split("|")[2:-1]]
    rows = list(takewhile(lambda line: line.startswith("|"), lines[start + 2 :]))
    assert len(rows) == len(NAMES)
    for row in rows:
        name, *cells = [cell.strip() for cell in row.split("|")[1:-1]]
        for fund, cell in zip(funds, cells, strict=True):
            move = per_cent(compiled(), name.strip("`"), fund)
            assert move == pytest.approx(float(cell.replace("−", "-")), abs=0.1), (name, fund)
