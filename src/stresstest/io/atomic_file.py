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

_OUT_OF_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}


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
    temporary = path.parent / f".{path.name[:100]}.{secrets.token_hex(8)}.tmp"
    with _reported(path):
        try:
            _write_through(temporary, content)
            _publish(temporary, path, force)
        finally:
            with suppress(FileNotFoundError):
                temporary.unlink()


def _write_through(temporary: Path, content: Content) -> None:
    """Write a new file and wait until it is on the disk."""
    with temporary.open("xb") as stream:
        if callable(content):
            content(stream)
        else:
            stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _publish(temporary: Path, path: Path, force: bool) -> None:
    """Give the temporary file its name; without `force` never over a file that another process just made."""
    if force:
        temporary.replace(path)
    else:
        try:
            path.hardlink_to(temporary)
        except FileExistsError:
            raise _refused("ST145", "a file that exists", "a new name, or --force", path) from None
        except OSError:  # a file system without hard links
            require_free(path)
            temporary.replace(path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@contextmanager
def _reported(path: Path) -> Iterator[None]:
    """Turn errors of the operating system into ours."""
    try:
        yield
    except OSError as error:
        if error.errno in _OUT_OF_SPACE:
            raise ResourceError(f"{path}: {error.strerror}; nothing was left behind") from error
        reason = error.strerror or type(error).__name__
        raise _refused(
            "ST146", f"cannot be written ({reason})", "a place that can be written", path
        ) from error


def _refused(code: str, got: str, expected: str, path: Path) -> InputError:
    return InputError([Problem(code, got, expected, Location(str(path)))])
