"""What a worker process does: take tasks from a pipe until its parent ends or says so."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path

from stresstest.batch.running.executors import Event, Failed, perform
from stresstest.batch.store.folder import Layout

BEGAN = "began"
"""Told before a task is begun: a death after it is the task's."""


def serve(pipe: Connection, root: Path, parent: int) -> None:
    """Do the tasks that come through `pipe` until None does; the first message is the work itself."""
    _mind_the_parent(parent)
    layout = Layout(root)
    try:
        work = pipe.recv()
        while (task := pipe.recv()) is not None:
            pipe.send(BEGAN)
            pipe.send_bytes(_message(perform(layout, work, task)))
    except (EOFError, OSError):
        os._exit(1)  # the parent is gone
    os._exit(0)  # all is written: nothing is left to tear down


def _message(event: Event) -> bytes:
    """Return an event pickled; an error that cannot be built anew at the other end leaves its words only."""
    try:
        message = pickle.dumps(event)
        pickle.loads(message)  # noqa: S301 - our own words, a moment ago
    except Exception:  # classes of errors pickle as they like
        return pickle.dumps(Failed(event.task, getattr(event, "reason", "a record that cannot be sent")))
    return message


def _mind_the_parent(parent: int) -> None:
    """Leave the keyboard's interrupt to the parent, and end when it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
    if sys.platform == "linux":
        _die_with_the_parent()
        if os.getppid() != parent:
            os._exit(1)
    threading.Thread(target=_watch, daemon=True, name="watch of the parent").start()


def _watch() -> None:
    """End when the parent has ended; kernels let go of the interpreter's lock, so this is soon."""
    process = parent_process()
    if process is not None:
        wait([process.sentinel])
        os._exit(1)


def _die_with_the_parent() -> None:
    """Ask the kernel to kill this process together with its parent: nothing writes after a parent's death."""
    import ctypes

    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)
