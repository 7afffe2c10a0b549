"""One process a folder: the second is told who holds it; a dead holder's lock is taken over."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from stresstest.batch.store.lock import LockHeldError, holder_of, is_held, locked

HOLD = """
import sys
from pathlib import Path
from stresstest.batch.store.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


def holding(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_the_lock_names_its_holder_and_is_gone_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with locked(path) as holder:
        assert holder_of(path) == holder
        assert holder.pid == os.getpid()
        assert is_held(path)
    assert not path.exists()
    assert holder_of(path) is None


def test_the_second_process_is_told_who_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    process = holding(path)
    try:
        with (
            pytest.raises(LockHeldError, match=f"process {process.pid} on {socket.gethostname()} since"),
            locked(path),
        ):
            pass
    finally:
        process.communicate("\n", timeout=30)
    with locked(path):
        pass


def test_the_lock_of_a_killed_process_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    process = holding(path)
    process.kill()
    process.communicate(timeout=30)
    before = holder_of(path)
    assert before is not None
    assert before.pid == process.pid
    assert not is_held(path)
    with locked(path) as holder:
        assert holder.pid == os.getpid()


def test_a_lock_of_another_host_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.write_text(json.dumps({"pid": 7, "host": "elsewhere", "since": "2026-01-01T00:00:00+00:00"}))
    with pytest.raises(LockHeldError, match=r"process 7 on elsewhere since .*remove .*lock"), locked(path):
        pass
    assert path.exists()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": 1}'])
def test_a_lock_with_torn_text_is_taken(tmp_path: Path, content: str) -> None:
    path = tmp_path / "lock"
    path.write_text(content)
    with locked(path) as holder:
        assert holder_of(path) == holder


def test_of_many_that_race_one_holds_it_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    inside: list[int] = []
    seen: list[int] = []

    def race(number: int) -> None:
        for _ in range(40):
            try:
                with locked(path):
                    inside.append(number)
                    seen.append(len(inside))
                    inside.remove(number)
            except LockHeldError:
                continue

    threads = [threading.Thread(target=race, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen
    assert set(seen) == {1}
    assert not path.exists()
