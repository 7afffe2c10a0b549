"""Files that a policy names: beside it first, then in the current folder, then in the library."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.hedging.tiny_books import policy_text

import stresstest as st
from stresstest.errors import InputError
from stresstest.hedging.inputs.input_building import sampled_set
from stresstest.hedging.policies.policy_checks import KnownScenarios, policy_problems
from stresstest.hedging.policies.policy_files import find_policy, source_of
from stresstest.hedging.policies.policy_loading import load_policy
from stresstest.hedging.policies.scenario_names import with_named
from stresstest.io.resources import library_path

SET = """\
version: 1
name: ours
members:
  - {scenario: time_bomb, probability: 40%}
  - {scenario: boom_continues, probability: 60%}
sample: {columns: N, seed: 1, regime: calm, degrees_of_freedom: 5, varies: all, horizon: 3m}
"""
SCENARIO = """\
version: 1
name: NAME
title: Ours
narrative: Ours.
horizon: 12m
timing: instant
shocks:
  - {select: {issuer: NVDA}, factor: spot, shift: -50%, basis: {class: judgement, note: ours}}
"""


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Return the folder of a policy and, another one, the current folder."""
    beside, here = tmp_path / "desk", tmp_path / "here"
    beside.mkdir()
    here.mkdir()
    monkeypatch.chdir(here)
    return beside, here


@pytest.mark.parametrize("name", ["ours", "ours.yaml"])
def test_beside_the_policy_comes_before_the_current_folder(name: str, folders: tuple[Path, Path]) -> None:
    beside, here = folders
    file = str(beside / "policy.yaml")
    assert source_of(name, file) == (name if name == "ours" else Path(name))
    (here / "ours.yaml").write_text("", encoding="utf-8")
    assert Path(source_of(name, file)).resolve() == here / "ours.yaml"
    (beside / "ours.yaml").write_text("", encoding="utf-8")
    assert source_of(name, file) == beside / "ours.yaml"


def test_a_shipped_policy_takes_the_librarys(folders: tuple[Path, Path]) -> None:
    """Else files that lie about would change what `buffett` is."""
    (folders[1] / "ai_burst_12m.yaml").write_text("", encoding="utf-8")
    assert source_of("ai_burst_12m", str(find_policy("buffett"))) == "ai_burst_12m"
    assert find_policy("buffett").parent == library_path("hedges")


def test_a_set_beside_the_policy_is_drawn_from(folders: tuple[Path, Path]) -> None:
    beside, here = folders
    (beside / "ours.yaml").write_text(SET.replace("N", "30"), encoding="utf-8")
    (here / "ours.yaml").write_text(SET.replace("N", "20"), encoding="utf-8")
    text = policy_text().replace(
        "{minimise: cost, weight: 1}", "{minimise: expected_shortfall, set: ours, confidence_level: 90%}"
    )
    (beside / "policy.yaml").write_text(text, encoding="utf-8")
    policy = load_policy(beside / "policy.yaml")
    sample = sampled_set(policy.objective[1]).sample
    assert sample is not None
    assert sample.columns == 30
    known = KnownScenarios(dict.fromkeys(("time_bomb", "ai_capex_collapse"), "12m"))
    assert not list(policy_problems(policy, st.load_market("2025-10-03"), known))
    (beside / "ours.yaml").unlink()
    (here / "ours.yaml").unlink()
    found = [problem.format() for problem in policy_problems(policy, st.load_market("2025-10-03"), known)]
    assert len(found) == 1
    assert "set 'ours'; expected a sampled set of the library, or a file beside the policy" in found[0]


def test_a_scenario_beside_the_policy_is_run(folders: tuple[Path, Path]) -> None:
    beside, _ = folders
    text = policy_text("name: r, max_loss: 50%, scenario: our_fall")
    (beside / "policy.yaml").write_text(text, encoding="utf-8")
    (beside / "our_fall.yaml").write_text(SCENARIO.replace("NAME", "our_fall"), encoding="utf-8")
    policy = load_policy(beside / "policy.yaml")
    found = with_named(st.load_scenarios("time_bomb", "ai_capex_collapse"), policy)
    assert found["our_fall"].horizon == "12m"
    known = KnownScenarios(dict.fromkeys(("time_bomb", "ai_capex_collapse"), "12m"))
    assert not list(policy_problems(policy, st.load_market("2025-10-03"), known))
    (beside / "our_fall.yaml").write_text(SCENARIO.replace("NAME", "another"), encoding="utf-8")
    with pytest.raises(InputError, match="without scenario 'our_fall'"):
        with_named(st.load_scenarios("time_bomb", "ai_capex_collapse"), policy)
