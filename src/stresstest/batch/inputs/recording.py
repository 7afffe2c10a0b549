"""Which files a batch read: path, what they were read for, size and hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from stresstest.errors import InputError, Location, Problem
from stresstest.io.observing import observed
from stresstest.io.relocation import absolute

Role: TypeAlias = Literal["job", "positions", "market", "scenarios", "policy", "previous"]


@dataclass(frozen=True)
class InputFile:
    """A file that was read.

    Attributes
    ----------
    path
        Absolute path.
    role
        What it was read for first.
    sha256
        Hash of its content, in hexadecimal digits.
    size
        Bytes.
    """

    path: str
    role: Role
    sha256: str
    size: int

    def to_dict(self) -> dict[str, Any]:
        """Return the file as the manifest lists it."""
        return asdict(self)


class Recorder:
    """Collects the files that are read while it records.

    Examples
    --------
    >>> recorder = Recorder()
    >>> with recorder.recording("market"):
    ...     pass  # read files
    >>> recorder.files
    ()
    """

    def __init__(self) -> None:
        self._files: dict[str, InputFile] = {}

    @contextmanager
    def recording(self, role: Role) -> Iterator[None]:
        """Record the files that are read inside the block; one read again keeps its first role.

        Raises
        ------
        InputError
            ST750 where a file that is read again has another content.
        """

        def note(path: Path, content: bytes) -> None:
            name = str(absolute(path))
            found = InputFile(name, role, hashlib.sha256(content).hexdigest(), len(content))
            before = self._files.setdefault(name, found)
            if before.sha256 != found.sha256:
                raise changed(name, "the same content as before")

        with observed(note):
            yield

    @property
    def files(self) -> tuple[InputFile, ...]:
        """The files that were read, by path."""
        return tuple(self._files[path] for path in sorted(self._files))


def changed(path: str, expected: str) -> InputError:
    """Return the error that an input changed while a batch was reading it (ST750)."""
    return InputError([Problem("ST750", "a file that changed meanwhile", expected, Location(path))])
