"""One process a run folder: the lock of the operating system, and who holds it.

The lock is the one of the system (`flock`): taking it is one step, and it ends with its holder, however that
ends. What stands in the file is for people, and for machines that do not share their locks.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from stresstest.batch.store.atomic import resources_reported
from stresstest.errors import ResourceError

_ATTEMPTS, _PAUSE_SECONDS = 10, 0.02


class LockHeldError(ResourceError):
    """Another process works on the run."""


@dataclass(frozen=True)
class Holder:
    """The process that works on a run: number, host, and since when (UTC)."""

    pid: int
    host: str
    since: str

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host} since {self.since}"


@contextmanager
def locked(path: Path) -> Iterator[Holder]:
    """Hold the lock file `path` inside the block.

    A lock whose holder has died on this host is taken over.

    Raises
    ------
    LockHeldError
        Where another process holds it, or one on another host did not give it back.
    """
    holder = Holder(os.getpid(), socket.gethostname(), datetime.now(UTC).isoformat(timespec="seconds"))
    with resources_reported(path):
        number = _taken(path)
    try:
        with resources_reported(path):
            _require_given_back(path, number, holder)
            _name(number, holder)
        yield holder
    finally:
        _give_back(path, number, holder)


def holder_of(path: Path) -> Holder | None:
    """Return who holds the lock file, or held it when it died; None where nobody does."""
    try:
        return _holder(path.read_bytes())
    except OSError:
        return None


def require_nobody(path: Path) -> None:
    """Refuse a folder where another process works now.

    Raises
    ------
    LockHeldError
        With that process.
    """
    if is_held(path):
        raise LockHeldError(_held(path, holder_of(path)))


def is_held(path: Path) -> bool:
    """Tell whether a process that lives holds the lock file."""
    try:
        number = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        return not _try_lock(number)
    finally:
        os.close(number)


def _taken(path: Path) -> int:
    """Return the descriptor of the lock file, locked.

    The file may be removed by its holder between our opening and locking it: then it is opened anew. One
    that is just being named or given up is asked for a few times more.
    """
    for attempt in range(_ATTEMPTS):
        number = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        if _try_lock(number):
            if _is_same(path, number):
                return number
            os.close(number)
            continue
        os.close(number)
        found = holder_of(path)
        if found is not None and attempt:
            break
        time.sleep(_PAUSE_SECONDS)
    raise LockHeldError(_held(path, holder_of(path)))


def _is_same(path: Path, number: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(number))
    except FileNotFoundError:
        return False


def _require_given_back(path: Path, number: int, own: Holder) -> None:
    """Refuse a lock that a process of another host did not give back: whether it lives cannot be seen."""
    before = _holder(os.pread(number, 4096, 0) if hasattr(os, "pread") else b"")
    if before is not None and before.host != own.host:
        gone = f"; where that process is gone, remove {path} and resume"
        raise LockHeldError(_held(path, before) + gone)


def _name(number: int, holder: Holder) -> None:
    os.ftruncate(number, 0)
    os.lseek(number, 0, os.SEEK_SET)
    os.write(number, json.dumps(asdict(holder)).encode() + b"\n")


def _give_back(path: Path, number: int, own: Holder) -> None:
    """Remove the file while it is still locked, where it is ours, so that nobody locks a name in vain."""
    with suppress(OSError):
        if _holder(path.read_bytes()) in (own, None) and _is_same(path, number):
            path.unlink()
    os.close(number)


def _holder(content: bytes) -> Holder | None:
    try:
        return Holder(**json.loads(content))
    except (ValueError, TypeError):
        return None


def _held(path: Path, holder: Holder | None) -> str:
    who = "another process" if holder is None else str(holder)
    return f"{path.parent}: {who} works on this run; wait for it, or take another folder"


if sys.platform == "win32":
    import msvcrt

    def _try_lock(number: int) -> bool:
        os.lseek(number, 1 << 30, os.SEEK_SET)  # beyond the text, which others may read meanwhile
        try:
            msvcrt.locking(number, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(number: int) -> bool:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
