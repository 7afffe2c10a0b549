"""A disk of which the n-th step that changes it fails: to open for writing, to sync, to rename, to append."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest


class Faults:
    """Counts the steps and lets one of them fail."""

    def __init__(self, fatal: int, number: int) -> None:
        self.count, self.fatal, self.number = 0, fatal, number

    def wrap(self, real: Callable[..., Any], counts: Callable[..., bool]) -> Callable[..., Any]:
        def step(*arguments: Any, **named: Any) -> Any:
            if counts(*arguments, **named):
                self.count += 1
                if self.count == self.fatal:
                    raise OSError(self.number, os.strerror(self.number))
            return real(*arguments, **named)

        return step


@contextmanager
def failing_step(fatal: int, number: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[Faults]:
    """Let the step number `fatal`, counted from 1, fail with the error `number` inside the block."""
    armed = Faults(fatal, number)
    with monkeypatch.context() as patch:
        patch.setattr(io, "open", armed.wrap(io.open, writes))
        for name in ("fsync", "replace", "write"):
            patch.setattr(os, name, armed.wrap(getattr(os, name), lambda *_, **__: True))
        yield armed


def writes(file: object, mode: str = "r", *_: object, **__: object) -> bool:
    return not {"w", "x", "a"}.isdisjoint(mode)
