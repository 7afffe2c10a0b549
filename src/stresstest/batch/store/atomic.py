"""Files of a run folder: under their name lies nothing or the whole content, after any crash."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from stresstest.errors import ResourceError

TEMPORARY = ".tmp"
"""Suffix of files in the making; one that is left behind belongs to nobody and is swept."""

_OUT_OF_SPACE = {
    number: meaning
    for name, meaning in (
        ("ENOSPC", "the disk is full"),
        ("EDQUOT", "the quota of the disk is used up"),
        ("EFBIG", "the limit on the size of files is reached"),
        ("EMFILE", "too many files are open"),
        ("ENFILE", "too many files are open"),
        ("EROFS", "the disk can only be read"),
        ("EIO", "the disk fails"),
    )
    if (number := getattr(errno, name, None)) is not None
}


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole, through a temporary one that reaches the disk before it takes the name.

    The folder is made where it is missing. What was under the name before is replaced in one step.

    Raises
    ------
    ResourceError
        When disk, quota or limit give out; nothing is left behind.
    """
    temporary = path.parent / f".{path.name[:100]}.{secrets.token_hex(8)}{TEMPORARY}"
    with resources_reported(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with temporary.open("xb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(path)
        finally:
            with suppress(OSError):
                temporary.unlink()
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Let the names in a folder reach the disk, where the system can do that."""
    if os.name != "posix":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


@contextmanager
def resources_reported(path: Path) -> Iterator[None]:
    """Turn what the operating system refuses for want of room into a `ResourceError` that names `path`."""
    try:
        yield
    except OSError as error:
        meaning = out_of_space(error)
        if not meaning:
            raise
        raise ResourceError(f"{path}: {meaning}; what is finished is kept, nothing was torn") from error


def out_of_space(error: OSError) -> str:
    """Return what has given out, or nothing where `error` has another reason."""
    return _OUT_OF_SPACE.get(error.errno or 0, "")
