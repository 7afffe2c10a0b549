"""Outputs: whole or not at all, never over another file without leave, harmless, and read back the same."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import BinaryIO

import numpy as np
import openpyxl
import pytest

from stresstest.errors import InputError, ProblemList, ResourceError
from stresstest.io.outputs import csv_text, require_free, write_atomically, write_table
from stresstest.io.tables import read_table

COLUMNS = {
    "id": ["=cmd()", "NVDA", None],
    "pnl": np.array([-1.5, np.nan, 0.1 + 0.2]),
    "count": np.array([1, 2, 3]),
    "flag": [True, False, None],
}
FORMATS = [".csv", ".parquet", ".json", ".xlsx"]


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def code_of(error: pytest.ExceptionInfo[InputError]) -> str:
    (problem,) = error.value.problems
    return problem.code


def test_bytes_and_functions_are_written(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a", b"one")
    write_atomically(tmp_path / "b", lambda stream: stream.write(b"two") and None)
    assert [(tmp_path / name).read_bytes() for name in "ab"] == [b"one", b"two"]
    assert left_in(tmp_path) == ["a", "b"]


def test_permissions_follow_the_umask(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"")
    write_atomically(tmp_path / "a", b"")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_an_existing_file_needs_force(tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_bytes(b"old")
    with pytest.raises(InputError) as caught:
        write_atomically(target, b"new")
    assert code_of(caught) == "ST145"
    assert target.read_bytes() == b"old"
    write_atomically(target, b"new", force=True)
    assert target.read_bytes() == b"new"
    assert left_in(tmp_path) == ["a"]


def test_a_dangling_link_is_a_file_that_exists(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "nowhere")
    with pytest.raises(InputError):
        write_atomically(tmp_path / "a", b"new")


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    for target in (tmp_path, tmp_path / "none" / "a", Path("/proc/a")):
        with pytest.raises(InputError) as caught:
            write_atomically(target, b"new")
        assert code_of(caught) == "ST146"
    with pytest.raises(InputError):
        require_free(tmp_path / "none" / "a")


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, MemoryError])
def test_nothing_is_left_behind_on_failure(tmp_path: Path, error: type[BaseException]) -> None:
    def broken(stream: BinaryIO) -> None:
        stream.write(b"half")
        raise error

    target = tmp_path / "a"
    target.write_bytes(b"old")
    with pytest.raises(error):
        write_atomically(target, broken, force=True)
    assert left_in(tmp_path) == ["a"]
    assert target.read_bytes() == b"old"


def test_a_full_disk_is_a_resource_that_gave_out(tmp_path: Path) -> None:
    def full(stream: BinaryIO) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(ResourceError, match="nothing was written: the disk is full; make room"):
        write_atomically(tmp_path / "a", full)
    assert left_in(tmp_path) == []


def test_a_file_system_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(self: Path, target: Path) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refused)
    write_atomically(tmp_path / "a", b"one")
    with pytest.raises(InputError):
        write_atomically(tmp_path / "a", b"two")
    assert (tmp_path / "a").read_bytes() == b"one"
    assert left_in(tmp_path) == ["a"]


def test_a_file_made_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    target = tmp_path / "a"

    def slow(stream: BinaryIO) -> None:
        target.write_bytes(b"other")
        stream.write(b"mine")

    with pytest.raises(InputError) as caught:
        write_atomically(target, slow)
    assert code_of(caught) == "ST145"
    assert target.read_bytes() == b"other"
    assert left_in(tmp_path) == ["a"]


def test_of_many_writers_one_wins(tmp_path: Path) -> None:
    outcomes: list[int | str] = []

    def write(number: int) -> None:
        try:
            write_atomically(tmp_path / "a", bytes([number]) * 1000)
            outcomes.append(number)
        except InputError:
            outcomes.append("refused")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = [outcome for outcome in outcomes if outcome != "refused"]
    assert (tmp_path / "a").read_bytes() == bytes([int(winner)]) * 1000


WRITER = """
import pathlib, sys
from stresstest.io.outputs import write_atomically
target = pathlib.Path(sys.argv[1])
print("ready", flush=True)
for number in range(1_000_000):
    write_atomically(target, bytes([number % 256]) * 1_000_000, force=True)
"""


def test_a_killed_writer_leaves_old_or_new(tmp_path: Path) -> None:
    for round_number in range(4):
        target = tmp_path / "a"
        with subprocess.Popen([sys.executable, "-c", WRITER, str(target)], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.1 + 0.013 * round_number)
            process.kill()
        if target.exists():
            content = target.read_bytes()
            assert len(content) == 1_000_000
            assert len(set(content)) == 1


@pytest.mark.parametrize("suffix", FORMATS)
def test_tables_are_written_whole(tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"a{suffix}"
    write_table(target, COLUMNS)
    with pytest.raises(InputError):
        write_table(target, COLUMNS)
    write_table(target, COLUMNS, force=True)
    assert left_in(tmp_path) == [target.name]
    if suffix != ".json":
        numbers = read_table(target).numbers("pnl", ProblemList(), required=False)
        assert numbers[0] == -1.5
        assert np.isnan(numbers[1])
        assert numbers[2] == pytest.approx(0.3, rel=1e-15 if suffix != ".xlsx" else 1e-14)


def test_csv_is_exact_and_harmless(tmp_path: Path) -> None:
    assert csv_text(COLUMNS) == (
        "id,pnl,count,flag\n'=cmd(),-1.5,1,true\nNVDA,,2,false\n,0.30000000000000004,3,\n"
    )
    write_table(tmp_path / "a.csv", COLUMNS)
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == csv_text(COLUMNS)


def test_json_holds_no_nan(tmp_path: Path) -> None:
    write_table(tmp_path / "a.json", {**COLUMNS, "x": [np.float64("inf"), np.int64(3), "é\x1b"]})
    text = (tmp_path / "a.json").read_text(encoding="ascii")
    rows = json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} in JSON"))
    assert [row["pnl"] for row in rows] == [-1.5, None, 0.1 + 0.2]
    assert [row["x"] for row in rows] == [None, 3, "é\x1b"]


def test_excel_holds_no_formula(tmp_path: Path) -> None:
    write_table(tmp_path / "a.xlsx", {"=1+1": ["=cmd()", "+x", "\x1b[31m", "-5"], "n": [1.0, None, 2.0, 3.0]})
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert [row[0].value for row in sheet.iter_rows()] == ["'=1+1", "'=cmd()", "'+x", "\\x1b[31m", "-5"]


def test_formats_and_lengths_are_checked_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        write_table(tmp_path / "a.txt", COLUMNS)
    assert code_of(caught) == "ST147"
    for suffix in FORMATS:
        with pytest.raises(ValueError, match="columns of different lengths"):
            write_table(tmp_path / f"a{suffix}", {"a": [1], "b": [1, 2]})
    assert left_in(tmp_path) == []


def test_excel_without_its_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(InputError, match=r"pip install 'stresstest\[xlsx\]'"):
        write_table(tmp_path / "a.xlsx", COLUMNS)


def test_content_reaches_the_disk_before_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    real_sync, real_link = os.fsync, os.link
    monkeypatch.setattr(os, "fsync", lambda descriptor: (order.append("sync"), real_sync(descriptor))[1])
    monkeypatch.setattr(os, "link", lambda *names: (order.append("name"), real_link(*names))[1])
    write_atomically(tmp_path / "a", b"one")
    assert order == ["sync", "name", "sync"]
