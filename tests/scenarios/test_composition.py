"""Scenarios that include others: one move for each factor, circles and conflicts refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.scenarios.markets import LEVELS, key, small_market

from stresstest.errors import InputError
from stresstest.market.keys import RiskFactorKey
from stresstest.market.loading import load_market
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.effects import CompiledScenarios
from stresstest.scenarios.governance import Validity
from stresstest.scenarios.loading import load_scenarios
from stresstest.scenarios.scenario import Include, Scenario, ScenarioSet, Shock

MARKET = small_market()
FALL = Scenario(
    "fall",
    (
        Shock.of("spot", "-40%", issuer="NVDA"),
        Shock.of("spot", "-10%", region="US"),
        Shock.of("zero_rate", "-50bp", curve="USD"),
    ),
    "12m",
)
RISE = Scenario(
    "rise",
    (Shock.of("spot", "+5%", issuer="NVDA"), Shock.of("zero_rate", "+100bp", curve="USD")),
    "12m",
)


def combined(
    combine: str, *shocks: Shock, parts: tuple[Include, ...] = (Include(FALL), Include(RISE))
) -> Scenario:
    return Scenario("both", shocks, "12m", combine=combine, include=parts)


def compiled(scenario: Scenario, severity: float = 1.0) -> CompiledScenarios:
    return compile_scenarios(ScenarioSet((scenario,)), MARKET, severity)


def level(scenario: Scenario, factor: str, severity: float = 1.0) -> float:
    moved = compiled(scenario, severity).columns.moved
    return float(moved[key(factor)][1]) if key(factor) in moved else LEVELS[factor]


def errors(scenario: Scenario) -> list[str]:
    with pytest.raises(InputError) as error:
        compiled(scenario)
    return [problem.format() for problem in error.value.problems]


@pytest.mark.parametrize(
    ("combine", "nvda", "rate"),
    [
        ("override", 187.62 * 1.05, 0.0364 + 0.01),
        ("worst_of_factor", 187.62 * 0.6, 0.0364 + 0.01),
        ("compound", 187.62 * 0.6 * 1.05, 0.0364 + 0.005),
    ],
)
def test_parts_combine_factor_by_factor(combine: str, nvda: float, rate: float) -> None:
    scenario = combined(combine)
    assert level(scenario, "spot/NVDA") == pytest.approx(nvda, rel=1e-14)
    assert level(scenario, "zero_rate/USD/1Y") == pytest.approx(rate, rel=1e-14)
    assert level(scenario, "spot/KO") == pytest.approx(66.3 * 0.9, rel=1e-15)


def test_ranks_hold_within_a_part_only() -> None:
    """The broad line of one part counts against the narrow one of another: only the sizes are compared."""
    broad = Scenario("broad", (Shock.of("spot", "-60%", region="US"),), "12m")
    scenario = combined("worst_of_factor", parts=(Include(FALL), Include(broad)))
    assert level(scenario, "spot/NVDA") == pytest.approx(187.62 * 0.4, rel=1e-15)


def test_own_lines_are_the_last_part() -> None:
    own = Shock.of("spot", "-1%", issuer="NVDA")
    assert level(combined("override", own), "spot/NVDA") == pytest.approx(187.62 * 0.99, rel=1e-15)
    assert level(combined("worst_of_factor", own), "spot/NVDA") == pytest.approx(187.62 * 0.6, rel=1e-15)


def test_links_follow_the_joined_moves_once() -> None:
    scenario = combined("worst_of_factor")
    implied = 669.21 * (1.0 + 0.08 * -0.4 + 0.01 * -0.1 + 0.02 * -0.1)
    assert level(scenario, "spot/SPY") == pytest.approx(implied, rel=1e-14)


def test_the_severity_of_a_part_is_that_of_a_run() -> None:
    scenario = combined("worst_of_factor", parts=(Include(FALL, 0.8),))
    assert level(scenario, "spot/NVDA") == level(FALL, "spot/NVDA", 0.8)
    assert level(scenario, "spot/NVDA", 0.5) == level(FALL, "spot/NVDA", 0.4)
    nested = Scenario("outer", (), "12m", include=(Include(scenario, 0.5),))
    assert level(nested, "spot/NVDA") == level(FALL, "spot/NVDA", 0.4)


def test_at_severity_zero_nothing_moves() -> None:
    for combine in ("override", "worst_of_factor", "compound", "error"):
        assert not compiled(combined(combine), 0.0).columns.moved


def test_one_part_alone_is_that_part_bit_for_bit() -> None:
    alone, part = compiled(combined("error", parts=(Include(FALL),))), compiled(FALL)
    assert {factor: row.tolist() for factor, row in alone.columns.moved.items()} == {
        factor: row.tolist() for factor, row in part.columns.moved.items()
    }


CALM = Scenario("calm", (Shock.of("spot", "-7%", issuer="NVDA"),), "12m")


@given(st.permutations([FALL, RISE, CALM]))
def test_the_order_of_parts_shows_in_no_bit_of_what_is_compounded(parts: list[Scenario]) -> None:
    found = level(combined("compound", parts=tuple(map(Include, parts))), "spot/NVDA")
    assert found == level(combined("compound", parts=tuple(map(Include, (FALL, RISE, CALM)))), "spot/NVDA")


def test_a_long_only_loss_stays_below_everything() -> None:
    """Two falls of 60 % are one of 60 % under `worst_of_factor`, never one of 120 %."""
    fall = Scenario("deep", (Shock.of("spot", "-60%", issuer="NVDA"),), "12m")
    other = Scenario("deeper", (Shock.of("spot", "-70%", issuer="NVDA"),), "12m")
    parts = (Include(fall), Include(other))
    assert level(combined("worst_of_factor", parts=parts), "spot/NVDA") == pytest.approx(187.62 * 0.3)
    assert level(combined("compound", parts=parts), "spot/NVDA") == pytest.approx(187.62 * 0.12)


def test_parts_that_clash_name_both_lines() -> None:
    first, second = errors(combined("error"))
    assert "error[ST336] shock 1 and shock 4 take spot/NVDA to 112.572 and 197.001" in first
    assert "shock 3 and shock 5 take zero_rate/USD/1M (and 3 more) to 3.74% and 5.24%" in second
    assert "combine: override, compound or worst_of_factor" in second


def test_parts_that_agree_do_not_clash() -> None:
    same = Scenario("same", (Shock.of("spot", "-40%", issuer="NVDA"),), "12m")
    scenario = combined("error", parts=(Include(FALL), Include(same)))
    assert level(scenario, "spot/NVDA") == pytest.approx(187.62 * 0.6, rel=1e-15)


def test_what_cannot_be_compounded_is_a_problem() -> None:
    first = Scenario("first", (Shock.of("recovery_rate", "-30pp", issuer="AMD"),), "12m")
    other = Scenario("other", (Shock.of("recovery_rate", "-20pp", issuer="AMD"),), "12m")
    (problem,) = errors(combined("compound", parts=(Include(first), Include(other))))
    assert "error[ST315] shock 1 and shock 2 together take recovery_rate/AMD from 40% to -10%" in problem


def test_the_account_tells_every_line_under_one_numbering() -> None:
    found = compiled(combined("worst_of_factor", Shock.of("spot", "-1%", issuer="NVDA")))
    reasons = {effect.line: effect.reason for effect in found.effects if effect.factor == key("spot/NVDA")}
    assert reasons == {
        1: "direct",
        2: "overruled by shock 1",
        4: "overruled by shock 1",
        6: "overruled by shock 1",
    }
    assert any("only the largest of several moves counts for" in str(item) for item in found.warnings)


def test_compounded_lines_are_named_as_combined() -> None:
    found = compiled(combined("compound"))
    reasons = [effect.reason for effect in found.effects if effect.factor == key("spot/NVDA")]
    assert reasons == ["combined with shock 4", "overruled by shock 4", "combined with shock 1"]


def test_another_horizon_is_warned_of() -> None:
    day = Scenario("day", (Shock.of("spot", "-10%", issuer="NVDA"),), "1d")
    (warning,) = compiled(combined("error", parts=(Include(day),))).warnings
    assert "includes day, whose sizes are for 1d, over a horizon of 12m" in str(warning)


def test_a_scenario_is_not_for_a_market_before_its_time() -> None:
    late = Scenario("late", FALL.shocks, "12m", valid_from=Validity(date(2025, 12, 1)))
    (problem,) = errors(late)
    assert problem == (
        "error[ST337] scenario late, valid from 2025-12-01, on market small of 2025-10-03; "
        "expected a market of 2025-12-01 or later"
    )
    assert errors(combined("error", parts=(Include(late),))) == [problem]
    warned = Scenario("late", FALL.shocks, "12m", valid_from=Validity(date(2025, 12, 1), refuse=False))
    (warning,) = compiled(warned).warnings
    assert "it may rest on what was not known then" in warning.message
    today = Scenario("today", FALL.shocks, "12m", valid_from=Validity(date(2025, 10, 3)))
    assert compiled(today).warnings == ()


# --- files ------------------------------------------------------------------------------------------------

CHIPS = """\
version: 1
name: chips
horizon: 12m
drivers: {cut: {value: 50%, range: [10%, 80%]}}
shocks:
  - {select: {issuer: NVDA}, factor: spot, shift: {driver: cut, slope: -1%}}
"""
RATES = """\
version: 1
name: rates
horizon: 12m
shocks:
  - {select: {curve: USD}, factor: zero_rate, shift: +100bp}
  - {select: {issuer: NVDA}, factor: spot, shift: -10%}
"""
BOTH = """\
version: 1
name: both
horizon: 12m
combine: worst_of_factor
valid_from: 2025-01-01
include:
  - chips.yaml
  - {scenario: rates.yaml, severity: 50%}
"""


def write(folder: Path, **files: str) -> Path:
    for name, text in {"chips": CHIPS, "rates": RATES, "both": BOTH, **files}.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder / "both.yaml"


def file_errors(folder: Path, **files: str) -> list[str]:
    path = write(folder, **files)
    with pytest.raises(InputError) as error:
        compile_scenarios(load_scenarios([path]), MARKET)
    return [problem.format().replace(f"{folder}/", "") for problem in error.value.problems]


def test_files_include_files_beside_them(tmp_path: Path) -> None:
    (scenario,) = load_scenarios([write(tmp_path)])
    assert [item.scenario.name for item in scenario.include] == ["chips", "rates"]
    assert scenario.include[1].severity == 0.5
    assert scenario.include[1].location.line == 8
    assert scenario.valid_from == Validity(date(2025, 1, 1))
    assert scenario.driver_names == ("cut",)
    assert level(scenario, "spot/NVDA") == pytest.approx(187.62 * 0.5, rel=1e-15)
    assert level(scenario.with_drivers(cut="80%"), "spot/NVDA") == pytest.approx(187.62 * 0.2)


def test_files_include_scenarios_of_the_library_and_set_drivers(tmp_path: Path) -> None:
    path = write(tmp_path, both=BOTH.replace("- chips.yaml", "- {scenario: chips.yaml, drivers: {cut: 20%}}"))
    (scenario,) = load_scenarios([path])
    assert level(scenario, "spot/NVDA") == pytest.approx(187.62 * 0.8, rel=1e-15)
    library = write(tmp_path, both=BOTH.replace("- chips.yaml", "- deepseek_cost_shock"))
    (scenario,) = load_scenarios([library])
    assert scenario.include[0].scenario.name == "deepseek_cost_shock"


def test_clashes_name_file_and_line_of_both(tmp_path: Path) -> None:
    (problem,) = file_errors(tmp_path, both=BOTH.replace("worst_of_factor", "error"))
    assert problem.startswith(
        "both.yaml:7:3: error[ST336] shock 1 (chips.yaml:6) and shock 3 (rates.yaml:6) take spot/NVDA to"
    )


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (
            {"chips": BOTH.replace("both", "chips").replace("chips.yaml", "both.yaml")},
            "chips.yaml:7:5: error[ST334] includes in a circle (both.yaml:7, chips.yaml:7)",
        ),
        (
            {"both": BOTH.replace("chips.yaml", "both.yaml")},
            "both.yaml:7:5: error[ST334] includes in a circle (both.yaml:7)",
        ),
        (
            {"both": BOTH.replace("rates.yaml", "chips.yaml")},
            "both.yaml:8:5: error[ST335] chips.yaml included a second time, after both.yaml:7",
        ),
        ({"both": BOTH.replace("- chips.yaml", "- chips")}, "both.yaml:7:5: error[ST322] scenario 'chips'"),
        (
            {"both": BOTH.replace("chips.yaml", "chip.yaml")},
            "both.yaml:7:5: error[ST100] no file 'chip.yaml'",
        ),
        ({"chips": CHIPS.replace("-1%", "1%")}, "chips.yaml:6:72: error[ST158] shock '1%' without a sign"),
        (
            {"both": BOTH.replace("- chips.yaml", "- {scenario: chips.yaml, drivers: {cut: 90%}}")},
            "both.yaml:7:43: error[ST330] driver cut at 90%",
        ),
        (
            {"both": BOTH.replace("- chips.yaml", "- {scenario: chips.yaml, drivers: {cat: 20%}}")},
            "both.yaml:7:38: error[ST328] driver 'cat' of scenario chips",
        ),
        ({"both": BOTH.replace("severity: 50%", "severity: 0.5")}, "error[ST157]"),
        ({"both": BOTH.replace("severity: 50%", "severity: -50%")}, "error[ST153]"),
        ({"both": BOTH.replace("2025-01-01", "{date: 2025-01-01, before: ignore}")}, "one of refuse, warn"),
        ({"both": BOTH.replace("2025-01-01", "soon")}, "error[ST156]"),
        ({"both": BOTH[: BOTH.index("  - chips")].replace("include:", "include: []")}, "at least one entry"),
        ({"both": BOTH[: BOTH.index("include:")]}, "error[ST153] a scenario without lines"),
        (
            {"rates": "version: 1\nname: p\npositions: []\n"},
            "rates.yaml:1:1: error[ST300] this is a portfolio",
        ),
    ],
)
def test_what_cannot_be_included(tmp_path: Path, files: dict[str, str], expected: str) -> None:
    found = file_errors(tmp_path, **files)
    assert any(expected in problem for problem in found), found
    assert len(found) == 1, found


def test_a_file_included_twice_through_others_is_read_and_told_once(tmp_path: Path) -> None:
    left = BOTH.replace("both", "left").replace("  - {scenario: rates.yaml, severity: 50%}\n", "")
    both = BOTH.replace("rates.yaml", "left.yaml")
    assert len(file_errors(tmp_path, both=both, left=left, chips=CHIPS.replace("-1%", "-1"))) == 1


WIDER = """\
version: 1
name: wider
horizon: 6m
shocks:
  - {select: {issuer: ORCL}, factor: credit_spread, shift: +SIZEbp}
"""
DOWNGRADED = """\
version: 1
name: whole
horizon: 6m
combine: COMBINE
include: [wider.yaml]
events:
  - {event: downgrade, select: {issuer: ORCL}, notches: 2}
"""


@pytest.mark.parametrize(
    ("combine", "size"), [("compound", 25), ("worst_of_factor", 300), ("worst_of_factor", 1)]
)
def test_a_downgrade_combines_with_what_parts_do(tmp_path: Path, combine: str, size: int) -> None:
    market = load_market("2025-10-03")
    spread = RiskFactorKey("credit_spread", "ORCL")
    alone = DOWNGRADED.replace("include: [wider.yaml]\n", "").replace("name: whole", "name: alone")
    texts = {"wider": WIDER.replace("SIZE", str(size)), "whole": DOWNGRADED, "alone": alone}
    for name, text in texts.items():
        (tmp_path / f"{name}.yaml").write_text(text.replace("COMBINE", combine), encoding="utf-8")
    paths = [tmp_path / f"{name}.yaml" for name in texts]
    levels = compile_scenarios(load_scenarios(paths), market).columns.moved[spread]
    base, line, whole, event = levels.tolist()
    assert event > base
    joined = base + (line - base) + (event - base) if combine == "compound" else max(line, event)
    assert whole == pytest.approx(joined, abs=1e-15)
