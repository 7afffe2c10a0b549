"""Kills runs and their workers at random, seeded moments, and goes on with them until they end."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

Command = Callable[[Path], Sequence[str]]
"""Gives the command line that begins the run in a folder or goes on with it."""

_SHARE_BY_CLOCK = 0.3
_LOG_BYTES = 1200
"""What a run or two of a small job writes into its log: kills by the log hit tasks, however slow they are."""


@dataclass
class Kills:
    """What was killed: whole runs and single workers; and how many runs came to their end."""

    parents: int = 0
    workers: int = 0
    ended: int = 0

    @property
    def total(self) -> int:
        return self.parents + self.workers


def children(process: int) -> list[int]:
    """Return the worker processes of a process: those that multiprocessing has started for work."""
    try:
        text = Path(f"/proc/{process}/task/{process}/children").read_text()
    except OSError:
        return []
    return [child for child in map(int, text.split()) if b"spawn_main" in command_line(child)]


def command_line(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def kill_and_resume(
    folders: Callable[[int], Path], command: Command, check: Callable[[Path], None], wanted: int, seed: int
) -> Kills:
    """Kill until `wanted` kills have hit; each run goes on to its end, is checked, and the next begins.

    A start that nothing of was killed brings a run to its end, whatever had been set apart before.
    """
    chance, kills = random.Random(seed), Kills()  # noqa: S311 - a seed, so that a failure can be repeated
    while kills.total < wanted:
        root, before = folders(kills.ended), -1
        while not run_once(root, command(root), chance, kills, wanted):
            assert kills.total > before, f"{root} does not come to its end"
            before = kills.total
        kills.ended += 1
        check(root)
    return kills


def run_once(root: Path, command: Sequence[str], chance: random.Random, kills: Kills, wanted: int) -> bool:
    """Start the run, kill something of it now and then; tell whether it is finished and complete."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while kills.total < wanted:
        is_due = moment(root / "log.jsonl", chance)
        while not is_due() and process.poll() is None:
            time.sleep(0.003)
        if process.poll() is not None:
            break
        workers = children(process.pid)
        if workers and chance.random() < 0.5:
            with suppress(ProcessLookupError):
                os.kill(chance.choice(workers), signal.SIGKILL)
                kills.workers += 1
        else:
            process.kill()
            kills.parents += 1
            process.communicate()
            return False
    _, errors = process.communicate(timeout=300)
    assert process.returncode in (0, 3), (process.returncode, errors.decode())
    return bool(json.loads((root / "manifest.json").read_bytes())["complete"])


def moment(log: Path, chance: random.Random) -> Callable[[], bool]:
    """Return a random moment: a time from now on, or soon after the log has grown by a random amount."""
    if chance.random() < _SHARE_BY_CLOCK:
        deadline = time.monotonic() + chance.uniform(0.1, 3.0)
        return lambda: time.monotonic() >= deadline
    size = size_of(log) + chance.randrange(1, _LOG_BYTES)
    pause, reached = chance.uniform(0.0, 0.2), list[float]()

    def is_due() -> bool:
        if not reached and size_of(log) >= size:
            reached.append(time.monotonic())
        return bool(reached) and time.monotonic() >= reached[0] + pause

    return is_due


def size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
