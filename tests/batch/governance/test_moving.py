"""What moves the total loss of a batch most is what single runs find, added up over portfolios."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.batch.governance.governed_job import write_governed

import stresstest as st
from stresstest.batch.governance.moving import moved_total
from stresstest.batch.inputs.loading import JobInputs, load_inputs
from stresstest.batch.jobs.job import load_job
from stresstest.batch.planning.prepared import Prepared
from stresstest.batch.planning.preparing import prepare

SHORT = (
    "scenarios: [cut.yaml, old.yaml, openai_funding_stop, slow_grind]",
    "scenarios: [cut.yaml, old.yaml]",
)
EURO = (
    "  - {id: nowhere, type: equity, issuer: NOSUCH, quantity: 5}\n",
    "  - {id: nvda, type: equity, issuer: NVDA, quantity: 1_000}\n",
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    contributions = ("reconcile:", "contributions: [type]\nreconcile:")
    return write_governed(tmp_path_factory.mktemp("moving"), SHORT, EURO, contributions).parent


@pytest.fixture(scope="module")
def batch(folder: Path) -> tuple[JobInputs, Prepared]:
    inputs = load_inputs(load_job(folder / "job.yaml"))
    return inputs, prepare(inputs)


def test_changes_of_the_total_are_those_of_single_runs_in_one_currency(
    folder: Path, batch: tuple[JobInputs, Prepared]
) -> None:
    stress = st.stress(
        st.load_portfolios(folder / "fund.yaml", folder / "quiet.yaml"),
        st.load_scenarios(folder / "cut.yaml"),
        st.load_market("2025-10-03"),
    )
    (single,) = stress.assessment().moved
    per_unit = {"USD": 1.0, "EUR": 1.1747}
    found = moved_total(*batch, {"cut": -2.0, "old": -1.0}, per_unit)
    assert found is not None
    rates = [per_unit[currency] for currency in single.currencies]
    (item,), (top,) = single.moved, found.top
    for move, told in zip(item.moves, top.moves, strict=True):
        expected = sum(rate * change for rate, change in zip(rates, move.change, strict=True))
        assert told.label == move.label
        assert told.change == (pytest.approx(expected, rel=1e-12),)
    assert (found.scenario, found.currency, found.n_moved, found.n_unmoved) == ("cut", "USD", 1, 0)
    document = found.as_document()
    assert document["top"][0]["author"] == "Market risk"
    assert document["top"][0]["change"] == top.largest(0).change[0] > 0.0


def test_it_is_of_the_scenario_with_the_largest_total_loss_if_any(batch: tuple[JobInputs, Prepared]) -> None:
    rates = {"USD": 1.0, "EUR": 1.2}
    found = moved_total(*batch, {"cut": -1.0, "old": -2.0}, rates)
    assert found is not None
    assert found.scenario == "old"
    assert moved_total(*batch, {"cut": 1.0, "old": 0.0}, rates) is None
    assert moved_total(*batch, {}, rates) is None
