"""Files of a run folder: under their name lies nothing or the whole content, after any crash."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stresstest.errors import ResourceError
from stresstest.io.atomic_file import given_out, replace_atomically


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole, through a temporary one that reaches the disk before it takes the name.

    The folder is made where it is missing. What was under the name before is replaced in one step.

    Raises
    ------
    ResourceError
        When disk, quota, limit or folder give out; nothing is left behind.
    """
    with resources_reported(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_atomically(path, content)


@contextmanager
def resources_reported(path: Path) -> Iterator[None]:
    """Turn what the system refuses inside a run folder into a `ResourceError` that names `path`.

    Whatever it is, a full disk, a folder that was removed or may no longer be written: it would end every
    other task as well, and once it is mended the run goes on.
    """
    try:
        yield
    except OSError as error:
        meaning = given_out(error) or f"it cannot be written ({error.strerror or type(error).__name__})"
        raise ResourceError(f"{path}: {meaning}") from error
