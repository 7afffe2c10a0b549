"""Scenario set files: what they become, alone and beside other sources, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.fixtures.modelled_markets import with_model
from tests.scenarios.markets import key, small_market

from stresstest.errors import InputError, ProblemList
from stresstest.io.resources import names
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.loading import load_scenarios
from stresstest.scenarios.member_set import MemberSet
from stresstest.scenarios.sample_terms import SampleTerms, SeverityRange
from stresstest.scenarios.sampling import sample_scenarios
from stresstest.scenarios.set_loading import joined

SCENARIO = """\
version: 1
name: {name}
horizon: {horizon}
shocks:
  - select: {{issuer: NVDA}}
    factor: spot
    shift: {shift}
"""
HEAD = "version: 1\nname: outlook\n"
SAMPLE = "sample: {columns: 100, seed: 7, regime: stressed, degrees_of_freedom: 5}\n"


def write(folder: Path, text: str) -> Path:
    """Write three scenarios and a set over them."""
    for name, horizon, shift in (("fall", "1m", "-50%"), ("rise", "1m", "+20%"), ("later", "12m", "-10%")):
        content = SCENARIO.format(name=name, horizon=horizon, shift=shift)
        (folder / f"{name}.yaml").write_text(content, encoding="utf-8")
    path = folder / "outlook.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def problems_of(folder: Path, text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_scenarios([write(folder, text)])
    return [problem.format().removeprefix(f"{folder}/") for problem in caught.value.problems]


def test_a_set_gives_its_members_with_what_it_says_of_them(tmp_path: Path) -> None:
    text = (
        "members:\n"
        "  - {scenario: fall.yaml, probability: 20%, severity: {low: 50%, mode: 100%, high: 150%}}\n"
        "  - {scenario: rise.yaml, probability: 30%, severity: 80%, regime: calm}\n"
        f"remainder: unshocked\n{SAMPLE}"
    )
    found = load_scenarios([write(tmp_path, text)])
    assert isinstance(found, MemberSet)
    assert (found.name, found.names) == ("outlook", ("fall", "rise"))
    assert [scenario.probability for scenario in found] == [0.2, 0.3]
    assert found.severity_of("fall") == SeverityRange(0.5, 1.0, 1.5)
    assert found.severity_of("rise") == SeverityRange.fixed(0.8)
    assert found.regimes == {"rise": "calm"}
    assert found.sample == SampleTerms(100, 7, "stressed", 5, remainder=True)
    columns = sample_scenarios(found, with_model(small_market()))
    assert set(columns.table.scenario) == {"base", "fall", "rise", "unshocked"}


def test_without_a_sample_each_member_is_a_column_at_its_severity(tmp_path: Path) -> None:
    text = "members:\n  - {scenario: fall.yaml, severity: 200%}\n  - {scenario: rise.yaml}\n"
    found = load_scenarios([write(tmp_path, text)])
    columns = compile_scenarios(found, small_market()).columns
    nvda = columns.bind([key("spot/NVDA")]).chunk(0, 0, 3)[0]
    assert nvda / nvda[0] == pytest.approx([1.0, 0.25, 1.2], rel=1e-12)
    doubled = compile_scenarios(found, small_market(), 0.5).columns
    assert doubled.bind([key("spot/NVDA")]).chunk(0, 1, 2)[0] / nvda[0] == pytest.approx([0.5])


def test_sets_join_other_sources_and_keep_severities(tmp_path: Path) -> None:
    path = write(tmp_path, "members:\n  - {scenario: fall.yaml, severity: 200%}\n")
    found = load_scenarios([path, tmp_path / "rise.yaml"])
    assert isinstance(found, MemberSet)
    assert found.names == ("fall", "rise")
    assert (found.severity_of("fall").mode, found.severity_of("rise").mode) == (2.0, 1.0)
    plain = load_scenarios([tmp_path / "fall.yaml", tmp_path / "rise.yaml"])
    assert not isinstance(plain, MemberSet)


def test_a_sampled_set_stands_alone(tmp_path: Path) -> None:
    path = write(tmp_path, "members:\n  - {scenario: fall.yaml}\n" + SAMPLE)
    with pytest.raises(InputError, match="ST344"):
        load_scenarios([path, tmp_path / "rise.yaml"])
    problems = ProblemList()
    alone = load_scenarios([path])
    assert joined([alone], problems) is alone
    assert len(problems) == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "members:\n  - {scenario: fal.yaml}\n",
            ["outlook.yaml:4:16: error[ST100] no file 'fal.yaml'"],
        ),
        (
            "members:\n  - {scenario: ai_capex_colapse}\n",
            ["outlook.yaml:4:16: error[ST322] scenario 'ai_capex_colapse'"],
        ),
        (
            "members:\n  - {scenario: fall.yaml}\n  - {scenario: fall.yaml}\n",
            ["outlook.yaml:5:5: error[ST302] second member 'fall'"],
        ),
        (
            "members:\n  - {scenario: fall.yaml, severity: {low: 50%, mode: 100%, high: 150%}}\n",
            ["outlook.yaml:4:37: error[ST343] a range of severities in a set that is not sampled"],
        ),
        (
            "members:\n  - {scenario: fall.yaml, severity: {low: 50%, mode: 40%, high: 150%}}\n" + SAMPLE,
            ["outlook.yaml:4:37: error[ST345] severities 50"],
        ),
        (
            "members:\n  - {scenario: fall.yaml, severity: -5%}\n",
            ["outlook.yaml:4:37: error[ST345] severity -5"],
        ),
        (
            "members:\n  - {scenario: fall.yaml, severity: 1.5}\n",
            ["outlook.yaml:4:37: error[ST157] "],
        ),
        (
            "members:\n  - {scenario: fall.yaml, probability: 50%}\nremainder: unshocked\n",
            ["outlook.yaml:5:12: error[ST343] a remainder in a set that is not sampled"],
        ),
        (
            "members:\n  - {scenario: fall.yaml, probability: 50%}\n" + SAMPLE,
            ["outlook.yaml:4:3: error[ST340] probabilities that add to 50"],
        ),
        (
            "members:\n  - {scenario: fall.yaml, probability: 50%}\n  - {scenario: rise.yaml}\n" + SAMPLE,
            ["outlook.yaml:5:5: error[ST340] member 'rise' without a probability"],
        ),
        (
            "members:\n  - {scenario: fall.yaml}\n  - {scenario: later.yaml}\n" + SAMPLE,
            ["outlook.yaml:6:9: error[ST342] members of several horizons (fall 1m, later 12m)"],
        ),
        (
            "members: []\n",
            ["outlook.yaml:3:10: error[ST153] nothing in it"],
        ),
        (
            "members:\n  - {scenario: fall.yaml}\nsample: {columns: 0, seed: -1, degrees_of_freedom: 2}\n",
            [f"outlook.yaml:5:{column}: error[ST153] " for column in (19, 28, 52)],
        ),
        (
            "members:\n  - {scenario: fall.yaml}\nsample: {columns: 10, sead: 1, varies: some}\n",
            [
                f"outlook.yaml:5:{place} "
                for place in ("9: error[ST151]", "23: error[ST150]", "40: error[ST154]")
            ],
        ),
    ],
)
def test_what_is_wrong_with_a_set(tmp_path: Path, text: str, expected: list[str]) -> None:
    found = problems_of(tmp_path, text)
    assert len(found) == len(expected), found
    for problem, start in zip(found, expected, strict=True):
        assert problem.startswith(start), problem


def test_a_set_is_no_member(tmp_path: Path) -> None:
    write(tmp_path, "members:\n  - {scenario: fall.yaml}\n").rename(tmp_path / "inner.yaml")
    (problem,) = problems_of(tmp_path, "members:\n  - {scenario: inner.yaml}\n")
    assert problem.startswith("inner.yaml:1:1: error[ST300] this is a scenario set")


@pytest.mark.parametrize("name", [name for name, _ in names("sets")])
def test_every_shipped_set_is_found_by_its_name(name: str) -> None:
    found = load_scenarios([name])
    assert isinstance(found, MemberSet)
    assert found.name == name
    assert found.title
