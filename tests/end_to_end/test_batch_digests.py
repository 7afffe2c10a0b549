"""The shipped nightly job: the same digest however its tasks are cut, ordered, laid out and carried out."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

from stresstest.batch.jobs.job import load_job
from stresstest.batch.running.memory import private_bytes
from stresstest.batch.running.options import BatchOptions
from stresstest.batch.running.runner import plan_batch, run_batch
from stresstest.io.resources import library_path


@pytest.fixture(scope="module")
def digest(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("nightly")
    return run_batch(load_job("nightly"), folder / "run", BatchOptions(1, "serial")).digest


def rewritten(folder: Path) -> Path:
    """Write the shipped job with its portfolios and scenarios turned round, in groups of three, long."""
    text = (library_path("portfolios") / "jobs" / "nightly.yaml").read_text(encoding="utf-8")
    portfolios = re.findall(r"^  - \w+\n", text, flags=re.MULTILINE)
    assert len(portfolios) > 5
    text = text.replace("".join(portfolios), "".join(reversed(portfolios)))
    scenarios = re.findall(r"^  - (?:library|\{sample).*\n", text, flags=re.MULTILINE)
    text = text.replace("".join(scenarios), "".join(reversed(scenarios)))
    text = text.replace("{layout: wide, group_size: 500}", "{layout: long, group_size: 3}")
    (folder / "nightly.yaml").write_text(text, encoding="utf-8")
    return folder / "nightly.yaml"


def test_order_cut_memory_layout_and_threads_change_no_bit(tmp_path: Path, digest: str) -> None:
    job = load_job(rewritten(tmp_path))
    memory = private_bytes(os.getpid()) + 1_000_000_000  # the suite's own process may hold much already
    outcome = run_batch(job, tmp_path / "run", BatchOptions(3, "threads", memory=memory))
    assert len(outcome.manifest["plan"]["groups"]) == 4
    assert outcome.digest == digest


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")  # distributed warns of ports and files of its own
@pytest.mark.parametrize(
    ("executor", "workers", "memory"),
    [("serial", 7, None), ("threads", 2, None), ("processes", 1, None), ("processes", 4, None),
     ("processes", 3, 3_000_000_000), ("dask", 1, None), ("dask", 3, 3_000_000_000)],
)  # fmt: skip
def test_executors_workers_and_memory_change_no_bit(
    tmp_path: Path, digest: str, executor: Any, workers: int, memory: int | None
) -> None:
    options = BatchOptions(workers, executor, memory, "local" if executor == "dask" else "")
    assert run_batch(load_job("nightly"), tmp_path / "run", options).digest == digest


def test_planning_reads_the_same_files_and_writes_none(tmp_path: Path) -> None:
    job = load_job(rewritten(tmp_path))
    before = sorted(tmp_path.rglob("*"))
    planned = plan_batch(job, BatchOptions(2))
    assert sorted(tmp_path.rglob("*")) == before
    assert {file.role for file in planned.files} == {"job", "positions", "market", "scenarios"}
