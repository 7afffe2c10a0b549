"""What crosses to another process with the work of a batch, and what does not."""

from __future__ import annotations

import pickle
from pathlib import Path

import pyarrow as pa
import pytest
from tests.batch.jobs_on_disk import MSFT, NVDA, account, prepared_job, write_job

from stresstest.batch.running import batch_work
from stresstest.batch.running.batch_work import BatchWork, long_table


def test_another_process_reads_the_kernels_that_ours_has_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = BatchWork(prepared_job(write_job(tmp_path, {"a.yaml": account("a", NVDA, MSFT)})), (), tmp_path)
    work._seen["parts/x"] = (1, 2)
    content = pickle.dumps(work)
    enabled: list[bool] = []
    monkeypatch.setattr(batch_work, "enable_caching", lambda: enabled.append(True))
    arrived = pickle.loads(content)  # noqa: S301 - our own
    assert enabled == [True]
    assert arrived.root == tmp_path
    assert arrived._seen == {}


def test_a_long_table_has_a_row_a_result() -> None:
    wide = pa.table({"portfolio": ["a", "b"], "currency": ["USD", "EUR"], "x": [1.0, 2.0], "y": [3.0, None]})
    rows = long_table("pnl", wide).to_pylist()
    assert [(row["portfolio"], row["scenario"], row["pnl"]) for row in rows] == [
        ("a", "x", 1.0),
        ("a", "y", 3.0),
        ("b", "x", 2.0),
        ("b", "y", None),
    ]
    assert long_table("measures", wide) is wide
