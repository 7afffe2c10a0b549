"""A replay gives the digest of its run, refuses changed inputs by name, and names the first other number."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.architecture.source_tree import ROOT
from tests.batch.real_runs import FILES, make_run, record_again

from stresstest.batch.jobs.job import load_job
from stresstest.batch.reading.run_folder import RunFolder, open_run
from stresstest.batch.replay import replay
from stresstest.batch.running.options import BatchOptions
from stresstest.batch.running.runner import run_batch
from stresstest.errors import InputError
from stresstest.io import resources

SERIAL = BatchOptions(executor="serial")


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    return make_run(tmp_path)


def contents(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_a_replay_gives_the_digest_and_leaves_the_run_alone(run: RunFolder) -> None:
    before = contents(run.path)
    found = replay(run, SERIAL, archived=False)
    assert found.same
    assert found.digest == run.digest
    assert found.difference is None
    assert found.versions == {}
    assert contents(run.path) == before


@pytest.mark.parametrize("name", ["prices.csv", "fall.yaml", "accounts/income.yaml", "job.yaml"])
def test_one_changed_byte_is_refused_with_file_and_hashes(run: RunFolder, tmp_path: Path, name: str) -> None:
    file = tmp_path / "job" / name
    old = hashlib.sha256(file.read_bytes()).hexdigest()
    file.write_bytes(file.read_bytes() + b"\n")
    new = hashlib.sha256(file.read_bytes()).hexdigest()
    with pytest.raises(InputError) as caught:
        replay(run, SERIAL, archived=False)
    (problem,) = caught.value.problems
    assert problem.code == "ST765"
    assert problem.location.file.endswith(name)
    assert new[:12] in problem.got
    assert old[:12] in problem.expected


def test_a_changed_shipped_file_is_refused_wherever_the_library_lies_today(
    run: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = tmp_path / "elsewhere" / "_data"
    for folder in ("shocks", "portfolios"):
        shutil.copytree(ROOT / folder, installed / folder)
    monkeypatch.setattr(resources, "_PACKAGE", installed.parent)
    assert replay(run, SERIAL, archived=False).same  # another place, the same files
    levels = installed / "portfolios/markets/2025-10-03/levels.csv"
    levels.write_bytes(levels.read_bytes() + b"\n")
    with pytest.raises(InputError) as caught:
        replay(run, SERIAL, archived=False)
    (problem,) = caught.value.problems
    assert (problem.code, problem.location.file) == ("ST765", str(levels))
    assert replay(run, SERIAL, archived=True).same


def test_an_input_that_only_today_is_there_is_named(run: RunFolder, tmp_path: Path) -> None:
    extra = FILES["accounts/growth.yaml"].replace("name: growth", "name: extra")
    (tmp_path / "job/accounts/extra.yaml").write_text(extra)
    with pytest.raises(InputError, match=r"extra\.yaml.*ST765.* an input \(positions\) that the run did not"):
        replay(run, SERIAL, archived=False)
    assert replay(run, SERIAL, archived=True).same


def test_a_run_is_replayed_after_the_run_before_it_is_gone(run: RunFolder, tmp_path: Path) -> None:
    second = tmp_path / "second"
    run_batch(load_job(run.job_file), second, replace(SERIAL, previous=(str(run.path),)))
    again = open_run(second)
    assert any(file.path.startswith(str(run.path)) for file in again.inputs)
    shutil.rmtree(run.path)
    assert replay(again, SERIAL, archived=False).same


def test_a_missing_input_is_refused_and_the_copies_still_replay(run: RunFolder, tmp_path: Path) -> None:
    for file in (tmp_path / "job").rglob("*"):
        if file.is_file():
            file.unlink()
    with pytest.raises(InputError, match=r"ST765.* an input that is gone"):
        replay(run, SERIAL, archived=False)
    assert replay(run, SERIAL, archived=True).same


def test_a_changed_copy_is_refused(run: RunFolder) -> None:
    copy = next(path for path in (run.path / "inputs").rglob("fall.yaml"))
    copy.write_bytes(copy.read_bytes() + b"\n")
    with pytest.raises(InputError, match=r"ST765.* changed copy of .*fall\.yaml"):
        replay(run, SERIAL, archived=True)


def test_another_digest_comes_with_the_first_number_that_differs(run: RunFolder) -> None:
    file = run.files("pnl")[0]
    table = pq.ParquetFile(file).read().to_pydict()
    row = table["portfolio"].index("income")
    recorded = table["fall"][row] = table["fall"][row] * (1.0 + 2.0**-52)
    pq.write_table(pa.table(table), file)
    record_again(run.path, digest="0" * 64)
    found = replay(open_run(run.path), SERIAL, archived=False)
    assert not found.same
    assert found.difference is not None
    assert (found.difference.portfolio, found.difference.result) == ("income", "fall")
    assert found.difference.recorded == recorded
    assert found.difference.replayed != recorded


def test_results_that_were_changed_by_hand_are_refused(run: RunFolder) -> None:
    file = run.files("pnl")[0]
    file.write_bytes(file.read_bytes() + b"\n")
    with pytest.raises(InputError, match=r"pnl.group=0000.part\.parquet.*ST760.* have changed since"):
        replay(run, SERIAL, archived=False)


def test_another_version_of_a_package_is_named_and_the_digest_is_compared(run: RunFolder) -> None:
    made_with = json.loads(json.dumps(run.manifest["provenance"]))
    made_with["packages"]["numpy"] = "1.0"
    record_again(run.path, provenance=made_with)
    found = replay(open_run(run.path), SERIAL, archived=False)
    assert found.same
    assert found.versions == {"package numpy": ("1.0", np.__version__)}


def test_an_unfinished_run_is_not_replayed(run: RunFolder) -> None:
    (run.path / "manifest.json").unlink()
    with pytest.raises(InputError, match="ST760"):
        replay(open_run(run.path), SERIAL, archived=False)
