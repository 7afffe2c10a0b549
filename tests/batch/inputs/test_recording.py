"""Files that a batch reads: path, role, size and hash, each once."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from stresstest.batch.inputs.recording import InputFile, Recorder
from stresstest.errors import InputError
from stresstest.io.files import read_bytes
from stresstest.market.loading import load_market


def test_files_are_recorded_with_their_first_role(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"id\na\n")
    recorder = Recorder()
    with recorder.recording("positions"):
        read_bytes(path, 100, "", "a")
    with recorder.recording("market"):
        read_bytes(path, 100, "", "a")
    expected = InputFile(str(path), "positions", hashlib.sha256(b"id\na\n").hexdigest(), 5)
    assert recorder.files == (expected,)
    assert expected.to_dict()["role"] == "positions"


def test_a_file_that_changes_between_two_reads_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"1")
    recorder = Recorder()
    with recorder.recording("positions"):
        read_bytes(path, 100, "", "a")
        path.write_bytes(b"2")
        with pytest.raises(InputError, match=r"a\.csv.*ST750.*changed meanwhile"):
            read_bytes(path, 100, "", "a")


def test_every_file_of_a_market_is_recorded() -> None:
    recorder = Recorder()
    with recorder.recording("market"):
        market = load_market("2025-10-03")
        assert market.factor_model is not None  # read when it is first asked for
    recorded = {Path(file.path) for file in recorder.files}
    folder = next(path.parent for path in recorded if path.name == "market.yaml")
    assert {file.role for file in recorder.files} == {"market"}
    data = {
        path for path in folder.rglob("*") if path.is_file() and path.suffix in (".yaml", ".csv", ".parquet")
    }
    assert data <= recorded
