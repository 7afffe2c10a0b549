"""Files written whole or not at all, and never over another one without leave."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TypeAlias

from stresstest.errors import InputError, Location, Problem, ResourceError

Content: TypeAlias = bytes | Callable[[BinaryIO], None]

TEMPORARY = ".tmp"
"""Suffix of files in the making, whose names begin with a dot; one that is left behind belongs to nobody."""

_GIVEN_OUT = {
    number: meaning
    for name, meaning in (
        ("ENOSPC", "the disk is full; make room"),
        ("EDQUOT", "the quota of the disk is used up; make room"),
        ("EFBIG", "the limit on the size of files is reached; raise it (ulimit -f)"),
        ("EMFILE", "too many files are open; raise the limit (ulimit -n)"),
        ("ENFILE", "too many files are open on this machine"),
        ("EROFS", "the disk can only be read"),
        ("EIO", "the disk fails"),
    )
    if (number := getattr(errno, name, None)) is not None
}


def given_out(error: OSError) -> str:
    """Return which resource of the system has given out, and what to do; nothing where `error` is another.

    Examples
    --------
    >>> given_out(OSError(errno.ENOSPC, "No space left on device")), given_out(FileNotFoundError())
    ('the disk is full; make room', '')
    """
    return _GIVEN_OUT.get(error.errno or 0, "")


def require_free(path: Path, force: bool = False) -> None:
    """Refuse an output path before anything is computed.

    Raises
    ------
    InputError
        ST145 when the file exists and `force` is not given, ST146 when it is no file or has no folder.
    """
    if path.is_dir():
        raise _refused("ST146", "a folder", "the name of a file", path)
    if not path.parent.is_dir():
        raise _refused("ST146", f"no folder {str(path.parent)!r}", "a folder that exists", path)
    if not force and os.path.lexists(path):
        raise _refused("ST145", "a file that exists", "a new name, or --force", path)


def write_atomically(path: Path, content: Content, force: bool = False) -> None:
    """Write a file so that its name holds the old content or the whole new one, whatever happens meanwhile.

    The content goes to a temporary file in the same folder, reaches the disk, and is renamed; on any failure
    the temporary file is removed.

    Parameters
    ----------
    content
        The bytes, or a function that writes them to the open file it is given.
    force
        Replace an existing file.

    Raises
    ------
    InputError
        ST145 when the file exists and `force` is not given, ST146 when it cannot be written there.
    ResourceError
        When the disk is full.
    """
    require_free(path, force)
    with _reported(path), _in_the_making(path, content) as temporary:
        if force:
            temporary.replace(path)
        else:
            _publish_new(temporary, path)


def replace_atomically(path: Path, content: Content) -> None:
    """Write a file in a folder that exists, over what is there, as `write_atomically` does.

    Raises
    ------
    OSError
        As the system gives it; the old content is there then.
    """
    with _in_the_making(path, content) as temporary:
        temporary.replace(path)


@contextmanager
def _in_the_making(path: Path, content: Content) -> Iterator[Path]:
    """Give a temporary file beside `path` that holds `content`, to be renamed inside the block."""
    temporary = path.parent / f".{path.name[:100]}.{secrets.token_hex(8)}{TEMPORARY}"
    try:
        _write_through(temporary, content)
        yield temporary
    finally:
        with suppress(OSError):
            temporary.unlink()
    sync_folder(path.parent)


def _write_through(temporary: Path, content: Content) -> None:
    """Write a new file and wait until it is on the disk."""
    with temporary.open("xb") as stream:
        if callable(content):
            content(stream)
        else:
            stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _publish_new(temporary: Path, path: Path) -> None:
    """Give the temporary file its name, never over a file that another process just made."""
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        raise _refused("ST145", "a file that exists", "a new name, or --force", path) from None
    except OSError:  # a file system without hard links
        require_free(path)
        temporary.replace(path)


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
def _reported(path: Path) -> Iterator[None]:
    """Turn errors of the operating system into ours."""
    try:
        yield
    except OSError as error:
        if meaning := given_out(error):
            raise ResourceError(f"{path}: nothing was written: {meaning}") from error
        reason = error.strerror or type(error).__name__
        raise _refused(
            "ST146", f"cannot be written ({reason})", "a place that can be written", path
        ) from error


def _refused(code: str, got: str, expected: str, path: Path) -> InputError:
    return InputError([Problem(code, got, expected, Location(str(path)))])
