"""Power, havens, endings, supervisory paths and the whole: complete files, sane signs, the map of facts."""

import re
from functools import cache
from itertools import pairwise, takewhile
from pathlib import Path

import numpy as np
import pytest

from stresstest.io.resources import library_path
from stresstest.market.keys import RiskFactorKey
from stresstest.market.loading import load_market
from stresstest.market.ratings import BUCKETS
from stresstest.market.snapshot import MarketSnapshot
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.effects import DIRECT, CompiledScenarios
from stresstest.scenarios.loading import load_scenarios
from stresstest.scenarios.network_factors import with_network_factors
from stresstest.scenarios.numbering import numbered_lines
from stresstest.scenarios.scenario import Scenario, ScenarioSet, Shock

DOCS = Path(__file__).parents[2] / "docs"

# Horizon and per cent moves at the end: about two points around the size that each file was set for.
EXPECTED: dict[str, tuple[str, dict[str, tuple[float, float]]]] = {
    "energy_scarcity": ("12m", {"SPY": (-5, -1), "VST": (14, 16), "XLU": (1, 5), "BE": (14, 16)}),
    "energy_cancelled": ("12m", {"SPY": (-9, -5), "VST": (-41, -39), "XLU": (-13, -8), "OKLO": (-61, -59)}),
    "haven_failure_bonds": ("9m", {"SPY": (-26, -21), "TLT": (-28, -20), "IEF": (-13, -8), "XLE": (20, 30),
                                   "UUP": (6, 11), "GLD": (-13, -11)}),
    "haven_failure_gold": ("3m", {"SPY": (-15, -11), "GLD": (-23, -21), "TLT": (-4, 0), "GDX": (-45, -30)}),
    "haven_failure_dollar": ("3m", {"SPY": (-19, -14), "TLT": (-14, -9), "UUP": (-10, -6), "GLD": (11, 13)}),
    "haven_failure_defensives": ("12m", {"SPY": (-18, -14), "XLP": (-25, -18), "XLU": (-23, -18)}),
    "survivors_and_losers": ("24m", {"SPY": (-25, -18), "QQQ": (-31, -24), "CRWV": (-91, -89)}),
    "soft_landing": ("12m", {"SPY": (-2, 4), "RSP": (5, 9), "SMH": (-13, -6), "TLT": (0, 4)}),
    "inflation_with_burst": ("12m", {"SPY": (-32, -27), "TLT": (-22, -16), "HYG": (-16, -11)}),
    "slow_grind": ("36m", {"SPY": (-34, -29), "QQQ": (-42, -35), "NVDA": (-66, -62), "TLT": (13, 20)}),
    "recovery_path": ("10y", {"SPY": (15, 35), "MSFT": (20, 35), "NBIS": (-98, -95)}),
    "fed_severely_adverse_2024": ("27m", {"SPY": (-39, -34)}),
    "fed_severely_adverse_2025": ("27m", {"SPY": (-34, -30)}),
    "time_bomb": ("12m", {"SPY": (-37, -31), "NVDA": (-77, -68), "BRK-B": (-16, -14), "HYG": (-19, -14)}),
}  # fmt: skip
NAMES = tuple(EXPECTED)
PATHS = ("slow_grind", "recovery_path", "fed_severely_adverse_2024", "fed_severely_adverse_2025")
BY_GRADE = tuple(name for name in NAMES if name not in ("energy_scarcity", "soft_landing", *PATHS))
HAVENS = {"bonds": "TLT", "gold": "GLD", "dollar": "UUP", "defensives": "XLP"}


@cache
def market() -> MarketSnapshot:
    return with_network_factors(load_market(["2025-10-03"]), load_scenarios())


@cache
def scenarios() -> ScenarioSet:
    return load_scenarios([library_path("shocks") / f"{name}.yaml" for name in NAMES])


@cache
def compiled() -> CompiledScenarios:
    return compile_scenarios(scenarios(), market())


def levels(given: CompiledScenarios, scenario: str, key: RiskFactorKey) -> list[float]:
    """Return the levels of a factor after the shocks of each date of a scenario, in order of time."""
    table, row = given.columns.table, given.columns.moved.get(key)
    shocked = [stage == "direct" or stage.startswith("network/") for stage in table.stage]
    columns = [place for place in table.columns_of(scenario) if shocked[place]]
    return [market().levels[key] if row is None else float(row[place]) for place in columns]


def course(scenario: str, issuer: str, given: CompiledScenarios | None = None) -> list[float]:
    """Return the move of a price from today, per cent, at each date of a scenario."""
    key = RiskFactorKey("spot", issuer)
    return [
        100.0 * (level / market().levels[key] - 1.0) for level in levels(given or compiled(), scenario, key)
    ]


def per_cent(scenario: str, issuer: str) -> float:
    return course(scenario, issuer)[-1]


def own_lines(scenario: Scenario) -> tuple[Shock, ...]:
    return (*scenario.shocks, *(shock for step in scenario.steps for shock in step.shocks))


def cited(scenario: Scenario) -> set[str]:
    """Return the facts in the brackets of a scenario's prose."""
    parts = [scenario.narrative, *scenario.not_covered]
    parts += [
        text
        for shock in own_lines(scenario)
        if shock.basis
        for text in (shock.basis.analogue, shock.basis.note)
    ]
    brackets = re.findall(r"\[(A\d[^\]]*)\]", "\n".join(parts))
    return {fact for bracket in brackets for fact in re.findall(r"A\d+", bracket)}


@pytest.mark.parametrize("name", NAMES)
def test_each_states_its_horizon_story_and_limits(name: str) -> None:
    scenario = scenarios()[name]
    assert scenario.horizon == EXPECTED[name][0]
    assert scenario.timing == ("path" if name in PATHS else "instant")
    assert len(scenario.narrative.split()) > 120
    assert "Reading it." in scenario.narrative
    assert "everities of" in scenario.narrative or "severities" in scenario.narrative
    assert scenario.title
    assert scenario.status
    assert scenario.not_covered


@pytest.mark.parametrize("name", NAMES)
def test_every_line_says_what_its_size_rests_on(name: str) -> None:
    for shock in own_lines(scenarios()[name]):
        assert shock.basis is not None, shock.select.text()
        assert shock.basis.analogue, shock.select.text()
        assert shock.basis.note, shock.select.text()


@pytest.mark.parametrize("name", NAMES)
def test_the_facts_listed_are_the_facts_cited(name: str) -> None:
    scenario = scenarios()[name]
    assert cited(scenario) == {fact for fact in scenario.source if re.fullmatch(r"A\d+", fact)}


@pytest.mark.parametrize("name", NAMES)
def test_every_line_decides_some_factor(name: str) -> None:
    scenario = scenarios()[name]
    live = {
        effect.line for effect in compiled().effects if effect.scenario == name and effect.reason == DIRECT
    }
    own = {id(shock) for shock in own_lines(scenario)}
    shocks = [
        (line.number, line.line.shock) for line in numbered_lines(scenario) if id(line.line.shock) in own
    ]
    assert len(shocks) == len(own)
    for number, shock in shocks:
        assert number in live or shock.optional, f"{name}: {shock.select.text()} decides nothing"


@pytest.mark.parametrize("name", NAMES)
def test_no_line_shocks_what_moves_through_links_and_nothing_is_forgotten(name: str) -> None:
    linked = {link.target for link in market().links}
    effects = [effect for effect in compiled().effects if effect.scenario == name]
    assert {effect.factor for effect in effects if effect.line}.isdisjoint(linked)
    reached = {effect.factor for effect in effects}
    kinds = ("spot", "implied_vol", "credit_spread")
    assert [str(key) for key in market().levels if key.kind in kinds and key not in reached | linked] == []


@pytest.mark.parametrize(
    ("name", "issuer", "band"),
    [(name, issuer, band) for name, (_, bands) in EXPECTED.items() for issuer, band in bands.items()],
)
def test_moves_lie_in_their_bands(name: str, issuer: str, band: tuple[float, float]) -> None:
    move = per_cent(name, issuer)
    assert band[0] <= move <= band[1], (
        f"{name}: {issuer} moves {move:.2f} %, expected {band[0]} to {band[1]} %"
    )


def test_only_defaults_and_the_parts_of_the_whole_are_warned_of() -> None:
    texts = compiled().warnings
    assert {warning.scenario for warning in texts} == {"time_bomb", "recovery_path"}
    kinds = ("includes", "worst_of_factor", "hypothetical, not a forecast", "claims on CRWV")
    assert all(any(kind in str(warning) for kind in kinds) for warning in texts)


def test_the_default_of_the_whole_is_the_networks_before_it_is_an_event_and_carries_its_notice() -> None:
    share = RiskFactorKey("spot", "CRWV")
    assert levels(compiled(), "time_bomb", share) == [0.0]
    hypothetical = [warning for warning in compiled().warnings if "hypothetical" in str(warning)]
    assert {"recovery_path", "time_bomb"} <= {warning.scenario for warning in hypothetical}
    recovery = RiskFactorKey("recovery_rate", "CRWV", "senior_unsecured")
    assert levels(compiled(), "time_bomb", recovery) == [0.3]
    alive, failed = (
        compile_scenarios(ScenarioSet((scenarios()["time_bomb"],)), market(), severity)
        for severity in (0.6, 0.9)
    )
    assert levels(alive, "time_bomb", share)[0] > 0.0
    assert levels(failed, "time_bomb", share)[0] == 0.0
    # What the network finds below full severity is near what the event states at it.
    assert levels(failed, "time_bomb", recovery) == [pytest.approx(0.3, abs=0.06)]


@pytest.mark.parametrize("name", BY_GRADE)
def test_credit_is_graded_by_rating(name: str) -> None:
    keys = [RiskFactorKey("credit_spread", f"US_{bucket}") for bucket in BUCKETS[:7]]
    changes = [1e4 * (levels(compiled(), name, key)[-1] - market().levels[key]) for key in keys]
    assert all(lower < upper for lower, upper in pairwise(changes)), changes
    assert 3.4 <= changes[6] / changes[4] <= 5.0, changes


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("fed")])
def test_treasury_and_sofr_move_alike(name: str) -> None:
    curve = market().curves["USD"]
    for key in curve.keys():  # noqa: SIM118 - a curve is no mapping
        swap = RiskFactorKey("zero_rate", "USD_SOFR", key.tenor)
        moves = [levels(compiled(), name, rate)[-1] - market().levels[rate] for rate in (key, swap)]
        assert moves[0] == pytest.approx(moves[1], abs=1e-12), key


@pytest.mark.parametrize("severity", [0.25, 0.5, 1.5, 2.0])
def test_severities_from_a_quarter_to_twice_work(severity: float) -> None:
    nvda = RiskFactorKey("spot", "NVDA")
    moved = levels(compile_scenarios(scenarios(), market(), severity), "energy_cancelled", nvda)[-1]
    assert moved / market().levels[nvda] == pytest.approx(0.75**severity, rel=1e-12)


# --- what the files are for ----------------------------------------------------------------------


@pytest.mark.parametrize("issuer", ["VST", "CEG", "TLN", "OKLO", "BE", "WMB", "EQIX"])
def test_the_two_energy_scenarios_have_opposite_signs_for_power(issuer: str) -> None:
    assert per_cent("energy_scarcity", issuer) > 0.0 > per_cent("energy_cancelled", issuer)


def test_utilities_are_two_animals_in_both() -> None:
    for name in ("energy_scarcity", "energy_cancelled"):
        assert abs(per_cent(name, "DUK")) < 6.0 < abs(per_cent(name, "VST"))


@pytest.mark.parametrize(("variant", "fund"), HAVENS.items())
def test_each_haven_fails_in_its_own_file_by_most(variant: str, fund: str) -> None:
    moves = {other: per_cent(f"haven_failure_{other}", fund) for other in HAVENS}
    assert min(moves, key=moves.__getitem__) == variant, moves
    assert moves[variant] < -6.0
    assert all(per_cent(f"haven_failure_{other}", "SPY") < -10.0 for other in HAVENS)


def test_bills_are_the_common_survivor() -> None:
    assert all(per_cent(f"haven_failure_{variant}", "BIL") > -0.5 for variant in HAVENS)


def test_energy_shares_are_the_refuge_when_bonds_fail() -> None:
    assert per_cent("haven_failure_bonds", "XLE") > 20.0
    assert per_cent("haven_failure_gold", "XLE") < 0.0


def test_a_burst_with_inflation_takes_back_what_rates_give() -> None:
    collapse = compile_scenarios(load_scenarios(["ai_capex_collapse"]), market())
    assert course("ai_capex_collapse", "TLT", collapse)[-1] > 0.0 > per_cent("inflation_with_burst", "TLT")
    assert per_cent("inflation_with_burst", "GLD") > 0.0 > per_cent("haven_failure_bonds", "GLD")


def test_tiers_stand_apart_within_an_industry() -> None:
    name = "survivors_and_losers"
    for better, worse in (
        ("AVGO", "NVDA"),
        ("MSFT", "ORCL"),
        ("CSCO", "ANET"),
        ("EQIX", "DLR"),
        ("DELL", "SMCI"),
    ):
        assert per_cent(name, better) > per_cent(name, worse), (better, worse)
    assert per_cent(name, "MSFT") - per_cent(name, "CRWV") == pytest.approx(65.0)


def test_a_soft_landing_moves_what_is_inside_the_index_and_not_the_index() -> None:
    assert abs(per_cent("soft_landing", "SPY")) < 4.0
    assert per_cent("soft_landing", "US_REST") > 5.0 > -15.0 > per_cent("soft_landing", "NVDA")


def test_the_grind_rises_first_and_ends_lower_than_a_collapse() -> None:
    rise, middle, end = course("slow_grind", "NVDA")
    assert rise == pytest.approx(40.0)
    assert end < -60.0 < middle < rise


def test_supervisory_paths_fall_as_far_and_as_fast_as_stated() -> None:
    spy = course("fed_severely_adverse_2025", "SPY")
    stated = [100.0 * (index / 58399.3 - 1.0) for index in
              (34508.6, 30792.3, 29730.5, 29199.6, 30261.4, 31854.1, 33977.7, 36632.3, 39817.7)]  # fmt: skip
    assert spy == pytest.approx(stated, abs=1.0)
    assert min(course("fed_severely_adverse_2024", "SPY")) == pytest.approx(-55.4, abs=1.0)


def test_supervisory_levels_are_levels() -> None:
    def reached(year: int, *key: str) -> list[float]:
        return levels(compiled(), f"fed_severely_adverse_{year}", RiskFactorKey(*key))

    assert min(reached(2025, "zero_rate", "USD", "3M")) == pytest.approx(0.001)
    assert min(reached(2025, "zero_rate", "USD", "10Y")) == pytest.approx(0.0101, abs=1e-4)
    assert min(reached(2024, "zero_rate", "USD", "10Y")) == pytest.approx(0.0081, abs=1e-4)
    assert max(reached(2025, "credit_spread", "US_BBB")) == pytest.approx(0.050, abs=5e-4)
    assert max(reached(2024, "credit_spread", "US_BBB")) == pytest.approx(0.058, abs=5e-4)
    one_month = np.array(reached(2025, "implied_vol", "SPY", "1M"))
    assert int(one_month.argmax()) == 1


def test_coreweave_defaults_at_the_trough_of_the_recovery_and_stays_there() -> None:
    share = RiskFactorKey("spot", "CRWV")
    assert levels(compiled(), "recovery_path", share)[-1] == 0.0
    mild, spread = scenarios()["recovery_path"], RiskFactorKey("credit_spread", "CRWV")
    below = compile_scenarios(ScenarioSet((mild,)), market(), 0.74)
    assert levels(below, "recovery_path", share)[-1] > 0.0
    assert levels(below, "recovery_path", spread)[0] > market().levels[spread] + 0.15


def test_power_follows_the_halls_that_are_built_or_not() -> None:
    capacity = RiskFactorKey("power_price", "PJM_CAPACITY")
    energy = RiskFactorKey("power_price", "PJM_WEST", "12M")
    signs = {
        "energy_scarcity": 1, "energy_cancelled": -1, "boom_continues": 1, "ai_capex_collapse": -1,
        "inflation_with_burst": 1,
    }  # fmt: skip
    files = load_scenarios(list(signs))
    found = compile_scenarios(files, market())
    for name, sign in signs.items():
        for key in (capacity, energy):
            assert sign * (levels(found, name, key)[-1] / market().levels[key] - 1.0) > 0.02, (name, key)


def test_the_recovery_is_of_the_few_and_its_driver_says_of_how_much() -> None:
    trough, _, end = course("recovery_path", "MSFT")
    assert trough < -45.0 < 0.0 < end
    assert per_cent("recovery_path", "NVDA") < 0.0
    best = scenarios()["recovery_path"].with_drivers(winners="300%")
    given = compile_scenarios(ScenarioSet((best,)), market())
    assert course("recovery_path", "MSFT", given)[-1] == pytest.approx(
        (1.0 + end / 100.0) / 1.6 * 400.0 - 100.0
    )


def test_the_whole_is_the_largest_move_of_its_parts_and_not_their_sum() -> None:
    whole = scenarios()["time_bomb"]
    for issuer in ("NVDA", "VST", "OWL", "KO", "JPM"):
        moves = [
            course(item.scenario.name, issuer, compile_scenarios(
                ScenarioSet((item.scenario,)), market(), item.severity))[-1]
            for item in whole.include
        ]  # fmt: skip
        largest = max(moves, key=lambda move: abs(np.log1p(move / 100.0)))
        if issuer == "NVDA":
            # Parts run networks of their own, the whole runs one: near the largest, and far from the sum.
            assert per_cent("time_bomb", issuer) == pytest.approx(largest, abs=3.0)
            assert sum(moves) < -250.0
        else:
            assert abs(per_cent("time_bomb", issuer)) >= abs(largest) - 1e-9


# --- documentation -------------------------------------------------------------------------------


def table(lines: list[str], header: str) -> tuple[list[str], list[list[str]]]:
    """Return the cells of the header that begins with `header`, and those of the rows below it."""
    start = next(number for number, line in enumerate(lines) if line.startswith(header))
    rows = takewhile(lambda line: line.startswith("|"), lines[start + 2 :])
    cells = [[cell.strip() for cell in row.split("|")[1:-1]] for row in (lines[start], *rows)]
    return cells[0], cells[1:]


def test_the_table_of_implied_moves_is_what_the_engine_gives() -> None:
    header, rows = table((DOCS / "scenarios.md").read_text(encoding="utf-8").splitlines(), "| file | SPY |")
    assert {row[0].strip("`") for row in rows} == set(NAMES)
    for name, *cells in rows:
        for fund, cell in zip(header[1:], cells, strict=True):
            expected = float(cell.replace("−", "-"))
            assert per_cent(name.strip("`"), fund) == pytest.approx(expected, abs=0.1), (name, fund)


def test_the_map_of_facts_is_what_the_files_cite() -> None:
    text = (DOCS / "article-map.md").read_text(encoding="utf-8")
    _, rows = table(text.splitlines(), "| fact |")
    assert [row[0] for row in rows] == [f"A{number}" for number in range(1, 41)]
    mapped = {row[0]: set(re.findall(r"`(\w+)`", row[2])) for row in rows}
    library = load_scenarios()
    for fact, names in mapped.items():
        assert names == {scenario.name for scenario in library if fact in scenario.source}, fact
        assert names or re.search(rf"\b{fact}\b", text.split("## What no scenario models")[1]), (
            f"{fact}: models nothing"
        )
    assert set(library.names) <= set(re.findall(r"`(\w+)`", text))
