"""Valuations: the numbers of `stress`, whatever a batch is cut into."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from tests.batch.jobs_on_disk import CASH, MSFT, NVDA, account, numbers, prepared_job, tables, write_job

import stresstest as st
from stresstest.api.verbs import compile_portfolios
from stresstest.batch.inputs.loading import JobInputs, load_inputs
from stresstest.batch.jobs.job import load_job
from stresstest.batch.planning.plan import Task
from stresstest.batch.planning.planning import plan_of
from stresstest.batch.planning.prepared import Prepared
from stresstest.batch.planning.preparing import prepare
from stresstest.batch.valuation.failing import Failed
from stresstest.batch.valuation.parts import failed_of
from stresstest.batch.valuation.task import value_task
from stresstest.revaluation.totals import stress_totals
from stresstest.scenarios.sampling import sample_scenarios

N_DRAWS = 150


@pytest.fixture(scope="module")
def inputs() -> JobInputs:
    job = load_job("nightly")
    return load_inputs(replace(job, samples=(replace(job.samples[0], columns=N_DRAWS),)))


@pytest.fixture(scope="module")
def nightly(inputs: JobInputs) -> Prepared:
    return prepare(inputs)


@pytest.fixture(scope="module")
def found(nightly: Prepared) -> dict[str, pa.Table]:
    return tables(nightly)


def test_named_scenarios_have_the_bits_of_stress(
    inputs: JobInputs, nightly: Prepared, found: dict[str, pa.Table]
) -> None:
    result = st.stress(inputs.portfolios, st.load_scenarios(), inputs.market)
    assert found["pnl"]["portfolio"].to_pylist() == [one.name for one in result.result.portfolios]
    base = [one.base_value for one in result.result.portfolios]
    assert found["pnl"]["base_value"].to_pylist() == base
    expected = result.result.to_numpy()
    assert nightly.scenarios == result.result.table.scenarios
    assert np.array_equal(numbers(found["pnl"], nightly.scenarios), expected)


def test_draws_have_the_bits_of_stress(inputs: JobInputs, found: dict[str, pa.Table]) -> None:
    drawn = inputs.sampled[0]
    book = compile_portfolios(inputs.portfolios, inputs.market, drawn)
    expected = stress_totals(book, sample_scenarios(drawn, book.market)).to_numpy()
    table = found["draws"]
    assert table.column_names == ["portfolio", *(f"ai_burst_12m/{draw}" for draw in range(N_DRAWS))]
    assert np.array_equal(numbers(table, table.column_names[1:]), expected)


def test_the_cut_changes_no_bit(nightly: Prepared, found: dict[str, pa.Table]) -> None:
    n_portfolios = len(nightly.holders)
    alone = [value_task(nightly, Task("one", "value", scenarios=(name,))) for name in nightly.scenarios]
    pnl = np.column_stack(
        [part[name].to_numpy() for part, name in zip(alone, nightly.scenarios, strict=True)]
    )
    assert np.array_equal(pnl[:n_portfolios], numbers(found["pnl"], nightly.scenarios))
    split = found["contributions"]
    assert np.array_equal(pnl[n_portfolios:], numbers(split, nightly.scenarios))
    for low, high in ((0, 1), (1, 38), (38, N_DRAWS)):
        part = value_task(nightly, Task("some", "value", "ai_burst_12m", low=low, high=high))
        names = [f"ai_burst_12m/{draw}" for draw in range(low, high)]
        assert part.column_names == names
        assert np.array_equal(numbers(part, names), numbers(found["draws"], names))


def test_rows_stand_group_by_group(nightly: Prepared, found: dict[str, pa.Table]) -> None:
    job = replace(nightly.job, output=replace(nightly.job.output, group_size=4))
    small = replace(nightly, job=job)
    assert [group.last - group.first for group in small.groups] == [4, 4, 3]
    again = tables(small)
    assert again.keys() == found.keys()
    for name, table in again.items():
        assert table.to_pydict() == found[name].to_pydict(), name


def test_a_part_has_no_contributions_of_draws(nightly: Prepared) -> None:
    plan = plan_of(nightly, 8 * 1024**3, 2)
    for task in plan.values:
        part = value_task(nightly, task)
        assert sum(nightly.row_groups(shares=not task.set)) == part.num_rows
        assert failed_of(part) == []


def test_what_lacks_a_value_is_told_of_and_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"a.yaml": account("one", NVDA, MSFT), "b.yaml": account("two", MSFT, CASH)}
    prepared = prepared_job(write_job(tmp_path, files))
    nvda = next(row for row, item in enumerate(prepared.book.instruments) if item.issuer == "NVDA")
    _without_value(monkeypatch, nvda)
    part = value_task(prepared, Task("all", "value", scenarios=("fall", "rise")))
    message = "equity has no finite value under the factors of this column"
    assert failed_of(part) == [Failed(nvda, "fall", 1, "not_finite", message)]
    monkeypatch.undo()
    whole = value_task(prepared, Task("all", "value", scenarios=("fall", "rise")))
    assert part["fall"][0].as_py() == pytest.approx(0.1 * 30 * _price(prepared, "MSFT"), rel=1e-12)
    assert part["rise"].to_pylist() == whole["rise"].to_pylist()
    assert part["fall"][1].as_py() == whole["fall"][1].as_py()


def _price(prepared: Prepared, issuer: str) -> float:
    return next(
        float(prepared.base.unit[row])
        for row, item in enumerate(prepared.book.instruments)
        if item.issuer == issuer
    )


def _without_value(monkeypatch: pytest.MonkeyPatch, instrument: int) -> None:
    """Take the value of an instrument away in the first scenario."""
    from stresstest.batch.valuation import task as module

    original = module._chunk_values

    def lacking(*given: Any) -> Iterator[Any]:
        for block, units, fx in original(*given):
            changed = units.copy()
            if block.first <= instrument < block.last:
                changed[instrument - block.first, 1] = np.nan
            yield block, changed, fx

    monkeypatch.setattr(module, "_chunk_values", lacking)
