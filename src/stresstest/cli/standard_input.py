"""`-` as a file: standard input kept in a temporary file while it is read, and called `-` in messages."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from stresstest.errors import InputError, Problem

MARK = "-"
_NAME = "standard_input"


@contextmanager
def readable(sources: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Give `sources` with `-` replaced by a file that holds standard input.

    Text whose first line has commas and no colon is a CSV table, any other a YAML document.

    Raises
    ------
    InputError
        When `-` stands twice: standard input can be read once. Problems of the file name it `-`.
    """
    if MARK not in sources:
        yield tuple(sources)
        return
    if list(sources).count(MARK) > 1:
        raise InputError([Problem("ST400", "'-' stands twice", "standard input once")])
    with TemporaryDirectory() as folder:
        content = sys.stdin.buffer.read()
        path = Path(folder) / (_NAME + _suffix(content))
        path.write_bytes(content)
        try:
            yield tuple(str(path) if source == MARK else source for source in sources)
        except InputError as error:
            raise InputError(_renamed(problem, str(path)) for problem in error.problems) from None


def _suffix(content: bytes) -> str:
    first = content.lstrip().split(b"\n", 1)[0]
    return ".csv" if b"," in first and b":" not in first else ".yaml"


def _renamed(problem: Problem, path: str) -> Problem:
    if problem.location.file != path:
        return problem
    return problem.at(replace(problem.location, file=MARK))
