"""Inputs of a job from real files: rows in any order are one job, and what is wrong with some is told of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from tests.batch.jobs_on_disk import CASH, MSFT, NVDA, account, run_job, write_job

import stresstest as st
from stresstest.batch.accounts.columns import write_accounts
from stresstest.batch.accounts.synthetic import AccountsPlan, synthetic_accounts
from stresstest.batch.inputs.loading import load_inputs
from stresstest.batch.jobs.job import load_job
from stresstest.batch.running.options import BatchOptions
from stresstest.batch.running.runner import run_batch
from stresstest.errors import InputError

EVERY_TYPE = """\
version: 1
name: every_type
portfolios: [{}]
market: 2025-10-03
scenarios: [ai_capex_collapse, slow_grind, {{sample: ai_burst_12m, columns: 20}}]
contributions: [type, currency]
output: {{group_size: 7}}
"""

COLLAPSE = """\
version: 1
name: fall
horizon: 1m
shocks:
  - {select: {issuer: NVDA}, factor: spot, shift: -96%}
"""

# In the fall NVDA is worth less than the dividends that the option's terms name: it has no value there.
OPTION = (
    "id: put, type: american_option, underlying: NVDA, right: put, strike: 160, expiry: 2027-09-17, "
    "multiplier: 100, quantity: 2, dividends: [{date: 2025-12-10, amount: 9}]"
)
EXPIRED = (
    "id: old, type: european_option, underlying: NVDA, right: put, strike: 160, expiry: 2025-09-19, "
    "multiplier: 100, quantity: 5"
)
UNPRICED = "id: private, type: equity, issuer: OPENAI, quantity: 5"
ROWS = (
    "portfolio,id,type,issuer,currency,quantity\n"
    "mixed,a,equity,NVDA,,10\nmixed,b,equity,NOSUCH,,10\nmixed,c,equity,MSFT,,ten\nmixed,d,cash,,USD,100\n"
    "lost,a,equity,NOSUCH,,1\n"
)


@pytest.fixture(scope="module")
def digests(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Digests of runs of the same accounts, their rows in other orders and another kind of file."""
    folder = tmp_path_factory.mktemp("orders")
    whole = folder / "whole.parquet"
    write_accounts(whole, synthetic_accounts(st.load_market(), AccountsPlan(20, 30, 120, seed=5)))
    table = pq.read_table(whole)
    order = np.random.default_rng(8).permutation(table.num_rows)
    pq.write_table(table.take(pa.array(order)), folder / "shuffled.parquet")
    plain = pa.table({name: _decoded(table[name]) for name in table.column_names})
    pyarrow.csv.write_csv(plain, folder / "text.csv")
    files = ("whole.parquet", "shuffled.parquet", "text.csv")
    return {file: _digest(folder, file) for file in files}


def _decoded(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column


def _digest(folder: Path, file: str) -> str:
    job = folder / f"{file}.yaml"
    job.write_text(EVERY_TYPE.format(file), encoding="utf-8")
    return run_batch(load_job(job), folder / f"run_{file}", BatchOptions(1, "serial")).digest


@pytest.mark.parametrize("file", ["shuffled.parquet", "text.csv"])
def test_rows_in_any_order_and_file_give_the_same_digest(digests: dict[str, str], file: str) -> None:
    assert len(digests["whole.parquet"]) == 64
    assert digests[file] == digests["whole.parquet"]


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[dict[str, Any]]]]:
    """A job of which files, positions and cells fail, and the rows of its tables."""
    folder = tmp_path_factory.mktemp("faulty")
    files = {
        "good.yaml": account("good", NVDA, MSFT),
        "part.yaml": account("part", NVDA, EXPIRED, UNPRICED, OPTION),
        "torn.yaml": "positions: [",
        "table.csv": ROWS,
        "weights.yaml": account("weights", "id: w, type: equity, issuer: NVDA, weight: 50%"),
    }
    job = write_job(folder, files)
    (folder / "fall.yaml").write_text(COLLAPSE, encoding="utf-8")
    (folder / "accounts" / "junk.parquet").write_bytes(b"PAR1 but nothing more")
    (folder / "accounts" / "latin.csv").write_bytes("portfolio,id\ncafé,a\n".encode("latin-1"))
    return folder, {name: table.to_pylist() for name, table in run_job(job).items()}


def test_what_cannot_be_used_is_a_row_with_its_place(faulty: Any) -> None:
    folder, found = faulty
    rows = {(row["portfolio"], row["position"], row["scenario"]): row for row in found["failures"]}
    files = folder / "accounts"
    expected = {
        (str(files / "torn.yaml"), "", ""): "torn.yaml:2:1:",
        (str(files / "junk.parquet"), "", ""): "junk.parquet",
        (str(files / "latin.csv"), "", ""): "latin.csv",
        ("part", "old", ""): "part.yaml:6:",
        ("part", "private", ""): "part.yaml:7:",
        ("part", "put", "fall"): "american_option has no finite value",
        ("mixed", "b", ""): "table.csv:3:",
        ("mixed", "c", ""): "table.csv:4:",
        ("lost", "a", ""): "table.csv:6:",
        (str(files / "weights.yaml"), "", ""): "weights.yaml:",
    }
    assert rows.keys() == expected.keys()
    for key, place in expected.items():
        assert place in rows[key]["message"], (key, rows[key])
        assert rows[key]["reason"].startswith("ST") or key == ("part", "put", "fall")


def test_the_rest_is_valued_and_totals_say_what_they_leave_out(faulty: Any, tmp_path: Path) -> None:
    _, found = faulty
    assert [row["portfolio"] for row in found["pnl"]] == ["good", "mixed", "part"]
    portfolios = {row["portfolio"]: row for row in found["portfolios"]}
    counts = {name: (row["n_positions"], row["n_failed"]) for name, row in portfolios.items()}
    assert counts == {"good": (2, 0), "mixed": (4, 2), "part": (4, 3)}
    put = next(row["base_value"] for row in found["failures"] if row["position"] == "put")
    part = portfolios["part"]
    assert put > 0.0
    assert part["left_out"] == put
    assert part["coverage"] == pytest.approx(1.0 - put / part["gross_value"], rel=1e-14)
    alone = run_job(write_job(tmp_path / "alone", {"a.yaml": account("part", NVDA)}))
    rise = {row["portfolio"]: row["rise"] for row in found["pnl"]}
    assert rise["part"] == alone["pnl"]["rise"][0].as_py()


def test_a_cell_without_a_value_is_left_out_of_its_column_only(faulty: Any) -> None:
    _, found = faulty
    pnl = {row["portfolio"]: row for row in found["pnl"]}
    price = next(row["base_value"] for row in found["portfolios"] if row["portfolio"] == "mixed") - 100.0
    assert pnl["part"]["fall"] == pytest.approx(-0.96 * 10 * price, rel=1e-12)
    assert pnl["mixed"]["fall"] == pytest.approx(-0.96 * price, rel=1e-12)


def test_a_job_without_a_usable_portfolio_tells_all_of_it(tmp_path: Path) -> None:
    job = write_job(tmp_path, {"torn.yaml": "positions: [", "list.yaml": "- 1\n"})
    with pytest.raises(InputError) as told:
        load_inputs(load_job(job))
    assert told.value.problems[-1].code == "ST706"
    assert {Path(problem.location.file).name for problem in told.value.problems} == {
        "torn.yaml",
        "list.yaml",
        "job.yaml",
    }


def test_a_name_that_stands_twice_is_refused_the_second_time(tmp_path: Path) -> None:
    inputs = load_inputs(
        load_job(write_job(tmp_path, {"a.yaml": account("one", CASH), "b.yaml": account("one", NVDA)}))
    )
    assert [portfolio.file for portfolio in inputs.portfolios] == [str(tmp_path / "accounts" / "a.yaml")]
    assert [item.problems[0].code for item in inputs.refused] == ["ST702"]
