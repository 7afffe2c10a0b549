from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stresstest.errors import InputError, Location
from stresstest.io import resources
from stresstest.quantity import parse_shift
from stresstest.scenarios.basis import Basis
from stresstest.scenarios.loading import load_scenarios, parse_scenario
from stresstest.scenarios.tenors import TenorTable

FULL = """\
version: 1
name: rates_up
title: Rates rise
narrative: |
  Bonds are sold.
source: [A1, "https://example.org/paper"]
horizon: 3m
timing: instant
status: draft
tags: [rates, bonds]
combine: compound
probability: 2.5%
not_covered: foreign curves
shocks:
  - select: {curve: USD, tenor: [5Y, 10Y]}
    factor: zero_rate
    shift: {5Y: +100bp, 10Y: +150bp}
    floor: 0.1%
    source: A7
    basis: {class: judgement, analogue: "2022", note: half of it}
  - {select: {issuer: SPY}, factor: spot, shift: x0.9, optional: true, floor: 5}
"""
MINIMAL = (
    "version: 1\nname: {name}\nhorizon: 1d\nshocks: [{{select: {{issuer: A}}, factor: spot, shift: -1%}}]\n"
)


def written(folder: Path, name: str, suffix: str = ".yaml") -> Path:
    path = folder / f"{name}{suffix}"
    path.write_text(MINIMAL.format(name=name), encoding="utf-8")
    return path


def errors(text: str) -> list[str]:
    with pytest.raises(InputError) as error:
        parse_scenario(text, "s.yaml")
    return [problem.format() for problem in error.value.problems]


def test_every_field_of_a_file_is_read() -> None:
    scenario = parse_scenario(FULL, "rates.yaml")
    assert (scenario.name, scenario.title, scenario.narrative) == (
        "rates_up",
        "Rates rise",
        "Bonds are sold.\n",
    )
    assert scenario.source == ("A1", "https://example.org/paper")
    assert (scenario.horizon, scenario.timing, scenario.status) == ("3m", "instant", "draft")
    assert (scenario.tags, scenario.combine) == (("rates", "bonds"), "compound")
    assert (scenario.probability, scenario.not_covered) == (0.025, ("foreign curves",))
    curve, fund = scenario.shocks
    assert curve.select.terms == (("curve", ("USD",)), ("tenor", ("5Y", "10Y")))
    assert curve.shift == TenorTable.of({"5Y": "+100bp", "10Y": "+150bp"})
    assert curve.floor == parse_shift("=0.1%")
    assert curve.source == ("A7",)
    assert curve.basis == Basis("judgement", "2022", "half of it")
    assert not curve.optional
    assert fund.shift == parse_shift("x0.9")
    assert fund.floor == parse_shift("=5")
    assert fund.optional


def test_every_part_knows_where_it_was_written() -> None:
    scenario = parse_scenario(FULL, "rates.yaml")
    curve, fund = scenario.shocks
    assert scenario.location == Location("rates.yaml", 2, 7)
    assert scenario.at("combine") == Location("rates.yaml", 11, 10)
    assert scenario.at("title") == scenario.location
    assert curve.location == Location("rates.yaml", 15, 5)
    assert curve.at("select.tenor") == Location("rates.yaml", 15, 33)
    assert curve.at("shift.10Y") == Location("rates.yaml", 17, 30)
    assert curve.at("shift.30Y") == curve.at("shift") == Location("rates.yaml", 17, 12)
    assert fund.at("floor").line == 21
    assert fund.at("nothing") == fund.location


def test_only_a_few_fields_are_mandatory() -> None:
    scenario = parse_scenario(MINIMAL.format(name="small"))
    assert (scenario.timing, scenario.combine, scenario.probability) == ("instant", "error", None)
    assert errors("shocks: []\n") == [
        "s.yaml:1:1: error[ST151] missing field 'version'; expected version: Version of the file format; "
        "did you mean 'version: 1'?",
        "s.yaml:1:1: error[ST151] missing field 'name'; expected name: snake_case name, unique in a run",
        "s.yaml:1:1: error[ST151] missing field 'horizon'; expected horizon: Time over which the moves "
        "happen: 1d, 3m, 12m",
        "s.yaml:1:9: error[ST153] nothing in it; expected at least one entry",
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (
            "shift: -0.2",
            "10: error[ST158] shock -0.2 without a unit; expected a shift with its sign and unit",
        ),
        ("shift: -20", "10: error[ST158] shock -20 without a unit"),
        ("shift: 20%", "10: error[ST158] shock '20%' without a sign; expected +20% or -20%"),
        ("shift: -20bps", "10: error[ST158] text '-20bps'"),
        ("shift: {1Q: -20bp}", "15: error[ST160] text '1Q'"),
        ("shift: {1Y: -20}", "15: error[ST158] shock -20 without a unit"),
        ("shift: {}", "10: error[ST153]"),
        ("shift: {1Y: -20bp, 12M: -30bp}", "10: error[ST307] tenors 1Y and 12M"),
        (
            "shift: {1Y: -20bp, 2Y: -30%}",
            "10: error[ST306] a table of mixed shifts: -20bp at 1Y is in points, -30% at 2Y is relative",
        ),
        ("shift: [-20%]", "10: error[ST158] a list"),
        ("shift: true", "10: error[ST158] true"),
    ],
)
def test_a_shift_that_cannot_be_read_says_why(line: str, message: str) -> None:
    start = MINIMAL.format(name="a").split("shocks")[0]
    text = f"{start}shocks:\n- select: {{curve: USD}}\n  factor: zero_rate\n  {line}\n"
    (problem,) = errors(text)
    assert problem.startswith(f"s.yaml:7:{message}")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("horizon: 1d", "horizon: 12", "error[ST161] number 12; expected a horizon"),
        ("horizon: 1d", "horizon: 12M", "did you mean '12m'?"),
        (
            "horizon: 1d",
            "horizon: 1d\ntiming: gradual",
            "error[ST154] text 'gradual'; expected one of instant, linear, path",
        ),
        ("horizon: 1d", "horizon: 1d\nprobability: 0.05", "error[ST157] number 0.05"),
        ("horizon: 1d", "horizon: 1d\ncombine: overide", "did you mean 'override'?"),
        ("horizon: 1d", "horizon: 1d\nstatus: final", "expected one of draft, challenged, approved, retired"),
        ("horizon: 1d", "horizon: 1d\nnetwork: {}", "error[ST151] missing field 'name'"),
        ("horizon: 1d", "horizon: 1d\npropagate: {}", "neither of regime and window; expected one of them"),
        ("horizon: 1d", "horizon: 1d\npropagate: {window: [2022-01-03]}", "error[ST153]"),
        ("horizon: 1d", "horizon: 1d\npropagate: {regimen: calm}", "did you mean 'regime'?"),
        ("version: 1", "version: 2", "s.yaml:1:10: error[ST154] number 2; expected 1"),
        ("version: 1", 'version: "1"', "error[ST154] text '1'"),
        ("name: a", "name: Crash-2", "error[ST163] text 'Crash-2'"),
        ("issuer: A", "isuer: A", "error[ST150] unknown field 'isuer'"),
        ("{issuer: A}", "{}", "error[ST325] a selector without attributes"),
        ("issuer: A", "issuer: []", "error[ST153]"),
        ("issuer: A", "issuer: 7203", "did you mean '\"7203\"'?"),
        ("issuer: A", "issuer: true", "error[ST152] true"),
        ("issuer: A", "tenor: 5X", "error[ST160] text '5X'"),
        ("factor: spot", "factor: [spot]", "error[ST152] a list"),
        ("shift: -1%", "shift: -1%, floor: abc", "error[ST159] text 'abc'"),
        ("shift: -1%", "shift: -1%, floor: true", "error[ST159] true"),
        ("shift: -1%", "shift: -1%, optional: yes", "did you mean 'true'?"),
        (
            "shift: -1%",
            "shift: -1%, basis: {class: guess}",
            "expected one of documented, computed, judgement, unverified",
        ),
        ("shift: -1%", "shift: -1%, basis: {analogue: '1929'}", "missing field 'class'"),
        ("shift: -1%", "shfit: -1%", "did you mean 'shift'?"),
    ],
)
def test_a_field_that_does_not_fit_says_why(old: str, new: str, message: str) -> None:
    text = MINIMAL.format(name="a")
    assert old in text
    found = errors(text.replace(old, new, 1))
    assert any(message in problem for problem in found), found
    assert all(problem.startswith("s.yaml:") for problem in found)


def test_all_problems_of_a_file_are_told_at_once() -> None:
    text = (
        FULL.replace("3m", "3q")
        .replace("+100bp", "100bp")
        .replace("issuer: SPY", "isuer: SPY")
        .replace("x0.9", "0.9")
    )
    assert [problem.split(":")[1] for problem in errors(text)] == ["7", "17", "21", "21"]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("version: 1\npositions: []\n", "a portfolio"),
        ("version: 1\nissuers: issuers.csv\n", "a market"),
        ("members: [a]\n", "a scenario set"),
        ("nodes: []\n", "a network"),
        ("universe: []\n", "a hedge policy"),
        ("portfolios: []\n", "a batch job"),
    ],
)
def test_a_file_of_another_kind_is_named(text: str, what: str) -> None:
    assert errors(text) == [f"s.yaml:1:1: error[ST300] this is {what}; expected a scenario, which has shocks"]


def test_a_document_that_is_no_mapping_is_refused() -> None:
    (found,) = errors("- 1\n")
    assert found.startswith("s.yaml:1:1: error[ST152] a list; expected a mapping with version, name, title, ")


@given(st.text())
def test_any_text_gives_a_scenario_or_input_error(text: str) -> None:
    with pytest.raises(InputError):
        parse_scenario(text)


@given(
    st.text(max_size=20), st.sampled_from(["horizon", "name", "factor", "issuer", "shift", "floor", "class"])
)
def test_any_field_gives_a_scenario_or_input_error(value: str, field: str) -> None:
    values = {
        "horizon": "1d",
        "name": "a",
        "factor": "spot",
        "issuer": "A",
        "shift": "-1%",
        "floor": "5",
        "class": "judgement",
    }
    values = {name: repr(text) for name, text in values.items()} | {field: repr(value)}
    text = (
        f"version: 1\nname: {values['name']}\nhorizon: {values['horizon']}\nshocks:\n"
        f"- {{select: {{issuer: {values['issuer']}}}, factor: {values['factor']}, shift: {values['shift']}, "
        f"floor: {values['floor']}, basis: {{class: {values['class']}}}}}\n"
    )
    try:
        assert parse_scenario(text).shocks
    except InputError as error:
        assert error.problems


def test_files_folders_and_names_come_in_their_order(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    written(folder, "zulu")
    written(folder, "alpha", ".yml")
    (folder / "notes.txt").write_text("no scenario", encoding="utf-8")
    (folder / "networks").mkdir()
    single = written(tmp_path, "single")
    shipped = resources.names("shocks")[0][0]
    loaded = load_scenarios([str(single), folder, shipped])
    assert loaded.names == ("single", "alpha", "zulu", shipped)
    assert loaded["alpha"].location.file == str(folder / "alpha.yml")


def test_without_sources_the_whole_library_is_loaded() -> None:
    assert len(load_scenarios()) == len(resources.names("shocks"))


def test_every_source_that_names_nothing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    shipped = resources.names("shocks")[0][0]
    with pytest.raises(InputError) as error:
        load_scenarios([shipped[:-1], "mine", "./mine", "missing.yaml", tmp_path / "mine"])
    found = [(problem.code, problem.suggestion) for problem in error.value.problems]
    assert found == [("ST322", shipped), ("ST322", "./mine"), ("ST323", ""), ("ST323", ""), ("ST100", "")]


def test_problems_of_all_files_are_told_together(tmp_path: Path) -> None:
    good = written(tmp_path, "good")
    bad = written(tmp_path, "bad")
    bad.write_text(bad.read_text(encoding="utf-8").replace("-1%", "1"), encoding="utf-8")
    broken = written(tmp_path, "broken")
    broken.write_text("version: [1\n", encoding="utf-8")
    again = tmp_path / "again.yaml"
    again.write_text(good.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(InputError) as error:
        load_scenarios([good, bad, broken, again])
    codes = [problem.code for problem in error.value.problems]
    assert codes[0] == "ST158"
    assert codes[-1] == "ST302"
    assert "ST110" in codes
    assert f"the other is in {good}" in error.value.problems[-1].got


def test_a_name_finds_the_file_here_that_holds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shocks").mkdir()
    (tmp_path / "shocks" / "other_name.yaml").write_text("version: 1\nname: ours  # mine\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_scenarios(["ours"])
    (problem,) = caught.value.problems
    assert problem.got == "scenario 'ours', which is in shocks/other_name.yaml"
    assert problem.suggestion == "shocks/other_name.yaml"
