"""Who is told of every file that is read: a batch keeps what its inputs were, with their hashes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TypeAlias

Observer: TypeAlias = Callable[[Path, bytes], None]
"""Takes the path of a file as it was opened, and its content."""

_OBSERVER: ContextVar[Observer | None] = ContextVar("observer of files", default=None)


@contextmanager
def observed(observer: Observer) -> Iterator[None]:
    """Tell `observer` of every file that is read inside the block, in this thread or task alone."""
    token = _OBSERVER.set(observer)
    try:
        yield
    finally:
        _OBSERVER.reset(token)


def tell(path: Path, content: bytes) -> None:
    """Tell the observer, where there is one, that a file was read."""
    observer = _OBSERVER.get()
    if observer is not None:
        observer(path, content)
