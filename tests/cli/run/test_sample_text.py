"""The sample of a run on the terminal, as JSON, and through the library."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import stresstest as st
from stresstest.cli.app import run_command
from stresstest.cli.run.sample_text import sample_document, sample_texts
from stresstest.errors import InputError
from stresstest.measures.tail import expected_shortfall
from stresstest.scenarios.views import mean_view, probability_view

SET = """\
version: 1
name: small
members:
  - {scenario: ai_capex_collapse, probability: 40%, severity: {low: 50%, mode: 100%, high: 120%}}
remainder: unshocked
sample: {columns: 2_000, seed: 7, regime: calm, degrees_of_freedom: 5, varies: all, horizon: 1m}
"""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sets") / "small.yaml"
    file.write_text(SET, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def stress(path: Path):
    return st.stress(st.load_portfolio("balanced_60_40"), st.load_scenarios(path))


def test_a_run_shows_the_members_and_the_sample(path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert run_command(["run", "balanced_60_40", "--shocks", str(path)]) == 0
    shown = capfd.readouterr().out
    assert "ai_capex_collapse" in shown
    assert "Sample of 2,000 draws (seed 7, Student t 5), losses positive" in shown
    assert "expected shortfall 99 %" in shown


def test_json_holds_the_tails(path: Path, stress, capfd: pytest.CaptureFixture[str]) -> None:
    assert run_command(["run", "balanced_60_40", "--shocks", str(path), "--json"]) == 0
    document = json.loads(capfd.readouterr().out)
    (portfolio,) = document["portfolios"]
    assert portfolio["sample"] == sample_document(stress, 0)
    levels = [tail["confidence_level"] for tail in portfolio["sample"]["tails"]]
    assert levels == [0.95, 0.99]


def test_tails_of_the_library(stress) -> None:
    (tail,) = stress.tails(0.95)
    (held,) = stress.sampled.portfolios
    assert held.table.n_columns == 2_001
    assert tail.expected_shortfall == expected_shortfall(-held.pnl[1:], 0.95)
    # The set as most likely: one column, the scenario as `run` gives it without a set.
    alone = st.stress(st.load_portfolio("balanced_60_40"), st.load_scenarios("ai_capex_collapse"))
    assert stress.to_numpy().tolist() == alone.to_numpy().tolist()


def test_views_reweight_the_draws(stress) -> None:
    (held,) = stress.sampled.portfolios
    collapse = np.array([name == "ai_capex_collapse" for name in held.table.scenario[1:]])
    views = [probability_view("collapse", collapse, "==", 0.1), mean_view("pnl", held.pnl[1:], ">=", 0.0)]
    pooled = stress.with_views(views)
    assert pooled.pooled.effective_number < 2_000.0
    assert pooled.tails(0.95)[0].expected_shortfall < stress.tails(0.95)[0].expected_shortfall
    assert not pooled.tails(0.95)[0].equal_probabilities
    probability = pooled.sampled.table.probability[1:]
    assert probability[collapse].sum() == pytest.approx(0.1, abs=1e-9)
    with pytest.raises(InputError, match="ST347"):
        stress.with_views([mean_view("pnl", held.pnl[1:], ">=", 1e12)])


def test_without_a_sample_there_is_none() -> None:
    plain = st.stress(st.load_portfolio("balanced_60_40"), st.load_scenarios("ai_capex_collapse"))
    assert plain.sampled is None
    assert sample_texts(plain, 0) == []
    assert sample_document(plain, 0) is None
    with pytest.raises(ValueError, match="not sampled"):
        plain.tails()


def test_a_set_is_listed_and_validated(capfd: pytest.CaptureFixture[str]) -> None:
    assert run_command(["list", "sets", "--json"]) == 0
    assert "ai_outlook" in [entry["name"] for entry in json.loads(capfd.readouterr().out)["sets"]]
    assert run_command(["validate", "ai_outlook"]) == 0
    assert "ai_outlook.yaml" in capfd.readouterr().out
    assert run_command(["schema", "scenario_set"]) == 0
    assert capfd.readouterr().out == Path("docs/schemas/scenario_set.json").read_text(encoding="utf-8")
