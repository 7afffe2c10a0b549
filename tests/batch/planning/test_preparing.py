"""Batches made ready: the order of portfolios and rows shows in no bit, private levels stay private."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
from tests.batch.jobs_on_disk import (
    CASH,
    MSFT,
    NVDA,
    UNKNOWN,
    account,
    numbers,
    prepared_job,
    run_job,
    tables,
    write_job,
)

from stresstest.errors import InputError
from stresstest.kernels.derived import fill_derived

SAMPLED = """\
version: 1
name: small
portfolios: [accounts/]
market: 2025-10-03
scenarios: [fall.yaml, {sample: ai_burst_12m, columns: 12}]
contributions: [type, desk]
"""
TAGGED = "id: amd, type: equity, issuer: AMD, quantity: 7, tags: {desk: chips}"


def test_order_shows_in_no_bit(tmp_path: Path) -> None:
    one = {"a.yaml": account("one", NVDA, MSFT, TAGGED), "b.yaml": account("two", CASH, NVDA, currency="EUR")}
    other = {
        "z.yaml": account("one", TAGGED, MSFT, NVDA),
        "a.yaml": account("two", NVDA, CASH, currency="EUR"),
    }
    first = run_job(write_job(tmp_path / "first", one, SAMPLED))
    second = run_job(write_job(tmp_path / "second", other, SAMPLED))
    for name in ("pnl", "draws", "contributions", "portfolios", "breaches"):
        assert first[name].to_pydict() == second[name].to_pydict(), name


def test_a_prepared_batch_crosses_a_process_border(tmp_path: Path) -> None:
    prepared = prepared_job(write_job(tmp_path, {"a.yaml": account("one", NVDA, TAGGED)}, SAMPLED))
    again = tables(pickle.loads(pickle.dumps(prepared)))  # noqa: S301 - our own bytes
    for name, table in tables(prepared).items():
        assert again[name].to_pydict() == table.to_pydict()
    assert len(fill_derived.signatures) == 1  # a plan that came back writable would be compiled anew


def test_positions_of_one_instrument_are_netted_and_cancel(tmp_path: Path) -> None:
    short = "id: short, type: equity, issuer: NVDA, quantity: -100"
    found = run_job(write_job(tmp_path, {"a.yaml": account("flat", NVDA, short, CASH)}))
    assert numbers(found["pnl"], ["fall", "rise"]).tolist() == [[0.0, 0.0]]


def test_weights_become_quantities(tmp_path: Path) -> None:
    weights = (
        "id: a, type: equity, issuer: NVDA, weight: 60%",
        "id: b, type: equity, issuer: MSFT, weight: 40%",
    )
    total = "total: {value: 1_000, currency: USD}\n"
    found = run_job(write_job(tmp_path, {"a.yaml": account("weighted", *weights, more=total)}))
    assert found["pnl"]["base_value"].to_pylist() == [pytest.approx(1000.0, rel=1e-14)]
    assert found["pnl"]["fall"].to_pylist() == [pytest.approx(-340.0, rel=1e-12)]


def test_positions_of_one_id_keep_their_own_stated_values(tmp_path: Path) -> None:
    stated = (
        "id: stake, type: equity, issuer: OURS, quantity: 10, stated_value: {}, "
        "stated_date: 2025-10-03, proxy: NVDA"
    )
    files = {"a.yaml": account("one", stated.format(1000)), "b.yaml": account("two", stated.format(3000))}
    found = run_job(write_job(tmp_path, files))
    assert found["pnl"]["base_value"].to_pylist() == [1000.0, 3000.0]
    assert found["pnl"]["fall"].to_pylist() == [pytest.approx(-500.0), pytest.approx(-1500.0)]


def test_a_job_without_a_position_that_is_found_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError) as told:
        prepared_job(write_job(tmp_path, {"a.yaml": account("none", UNKNOWN)}))
    assert [problem.code for problem in told.value.problems] == ["ST251", "ST706"]


@pytest.mark.parametrize(("attribute", "code"), [("desc", "ST707"), ("through:issuer", "ST707")])
def test_an_unknown_attribute_is_an_error_where_it_stands(tmp_path: Path, attribute: str, code: str) -> None:
    job = SAMPLED.replace("desk", attribute)
    with pytest.raises(InputError) as told:
        prepared_job(write_job(tmp_path, {"a.yaml": account("one", TAGGED)}, job))
    problem = told.value.problems[0]
    assert (problem.code, problem.location.line) == (code, 6)
    assert problem.suggestion == ("desk" if attribute == "desc" else "")


def test_a_tag_is_an_attribute_and_what_lacks_it_a_group(tmp_path: Path) -> None:
    found = run_job(write_job(tmp_path, {"a.yaml": account("one", TAGGED, NVDA)}, SAMPLED))
    rows = [row for row in found["contributions"].to_pylist() if row["attribute"] == "desk"]
    assert [row["category"] for row in rows] == ["(none)", "chips"]
    assert np.isfinite([row["fall"] for row in rows]).all()
