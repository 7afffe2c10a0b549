"""Bytes and text of a user's file: regular files only, limited in size, UTF-8, without control characters."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from stresstest.errors import InputError, Location, Problem
from stresstest.io.observing import tell
from stresstest.io.relocation import relocated

MEBIBYTE = 1 << 20
MAX_PROBLEMS = 200
"""Problems of one kind that are listed; one further line says that there are more."""

_UTF8_MARK = b"\xef\xbb\xbf"
_OTHER_MARKS = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
# What YAML 1.2 does not call printable, and U+FEFF inside the text; CSV has no use for them either.
_PRINTABLE_ASCII = b"\t\n\r" + bytes(range(0x20, 0x7F))
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")


def read_bytes(path: Path, max_bytes: int, advice: str, file: str) -> bytes:
    """Return the content of a regular file of at most `max_bytes`; `file` is what problems call it.

    Raises
    ------
    InputError
        ST100-ST104 when the file is missing, unreadable, no regular file, too large (with `advice`) or empty.
    """
    path = relocated(path)
    try:
        status = path.stat()
        _require_regular(status, file)
        if status.st_size > max_bytes:
            raise _refused("ST103", *_too_large(status.st_size, max_bytes, advice), file)
        content = path.read_bytes()
    except FileNotFoundError:
        raise _refused("ST100", "no such file", "a file that exists", file) from None
    except (OSError, ValueError) as error:
        raise _unreadable(error, file) from None
    tell(path, content)
    require_size(content, file, max_bytes, advice)
    return content


def read_start(path: Path, n_bytes: int, file: str) -> bytes:
    """Return the first bytes of a regular file that is not empty; `file` is what problems call it.

    Raises
    ------
    InputError
        ST100-ST102, ST104 when the file is missing, unreadable, no regular file or empty.
    """
    path = relocated(path)
    try:
        _require_regular(path.stat(), file)
        with path.open("rb") as stream:
            content = stream.read(n_bytes)
    except FileNotFoundError:
        raise _refused("ST100", "no such file", "a file that exists", file) from None
    except (OSError, ValueError) as error:
        raise _unreadable(error, file) from None
    if not content:
        raise _refused("ST104", "empty file", "a file with content", file)
    return content


def _require_regular(status: os.stat_result, file: str) -> None:
    if not stat.S_ISREG(status.st_mode):
        kind = "a folder" if stat.S_ISDIR(status.st_mode) else "a pipe or a device"
        raise _refused("ST102", kind, "a regular file", file)


def _unreadable(error: Exception, file: str) -> InputError:
    reason = getattr(error, "strerror", None) or str(error)
    return _refused("ST101", f"file that cannot be read ({reason})", "a readable file", file)


def require_size(content: bytes, file: str, max_bytes: int, advice: str) -> None:
    """Refuse content that is empty or over `max_bytes`."""
    if not content:
        raise _refused("ST104", "empty file", "a file with content", file)
    if len(content) > max_bytes:
        raise _refused("ST103", *_too_large(len(content), max_bytes, advice), file)


def decode_text(content: bytes, file: str) -> str:
    """Return UTF-8 bytes as text without a byte-order mark.

    Raises
    ------
    InputError
        ST105 for another encoding, ST106 with every NUL and control character.
    """
    for mark, encoding in _OTHER_MARKS.items():
        if content.startswith(mark):
            raise _refused("ST105", f"text in {encoding}", "UTF-8 text", file)
    content = content.removeprefix(_UTF8_MARK)
    if content.isascii() and not content.translate(None, _PRINTABLE_ASCII):
        return content.decode("ascii")  # thirty times faster than the search for controls
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        got = f"byte 0x{content[error.start]:02x} that is not UTF-8"
        raise InputError([Problem("ST105", got, "UTF-8 text", position(before, len(before), file))]) from None
    require_printable(text, file)
    return text


def checked_utf8(content: bytes, file: str) -> bytes:
    """Return the bytes of UTF-8 text without a byte-order mark, after the checks of `decode_text`."""
    decode_text(content, file)
    return content.removeprefix(_UTF8_MARK)


def require_printable(text: str, file: str) -> None:
    """Refuse text that holds a NUL or another control character, naming each place."""
    if _CONTROL.search(text) is None:
        return
    problems: list[Problem] = []
    for match in _CONTROL.finditer(text):
        if len(problems) == MAX_PROBLEMS:
            problems.append(Problem("ST123", "more control characters", location=Location(file)))
            break
        name = "NUL character" if match[0] == "\0" else f"control character U+{ord(match[0]):04X}"
        problems.append(Problem("ST106", name, "printable text", position(text, match.start(), file)))
    raise InputError(problems)


def position(text: str, offset: int, file: str) -> Location:
    """Return line and column, counted from 1, of the character at `offset`."""
    line_start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    breaks = text.count("\n", 0, offset) + text.count("\r", 0, offset) - text.count("\r\n", 0, offset)
    return Location(file, breaks + 1, offset - line_start + 1)


def _too_large(size: int, max_bytes: int, advice: str) -> tuple[str, str]:
    return f"file of {size / MEBIBYTE:,.1f} MiB", f"at most {max_bytes // MEBIBYTE} MiB{advice}"


def _refused(code: str, got: str, expected: str, file: str) -> InputError:
    return InputError([Problem(code, got, expected, Location(file))])
