"""Whether the results in a folder are those that the run wrote."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from stresstest.batch.reading.run_folder import RunFolder, require_finished
from stresstest.errors import InputError, Location, Problem

_RESULTS = "results/"


def require_intact(run: RunFolder) -> None:
    """Refuse a run that is unfinished, or whose results are not what its manifest says.

    Raises
    ------
    InputError
        ST760 with every file of results that is missing, changed, or of another run.
    """
    require_finished(run)
    wrote = {
        part["path"]: part["sha256"] for part in run.manifest["parts"] if part["path"].startswith(_RESULTS)
    }
    problems = [problem for path, sha256 in wrote.items() for problem in _damage(run.path / path, sha256)]
    problems += [
        Problem("ST760", "results that the run did not write", _EXPECTED, _at(file))
        for file in sorted((run.path / _RESULTS).rglob("part.parquet"))
        if file.relative_to(run.path).as_posix() not in wrote
    ]
    if problems:
        raise InputError(problems)


_EXPECTED = "the results as the run wrote them (manifest.json has their hashes)"


def _damage(file: Path, sha256: str) -> Iterator[Problem]:
    try:
        content = file.read_bytes()
    except OSError as error:
        yield Problem("ST760", f"results that are gone ({error.strerror})", _EXPECTED, _at(file))
        return
    if hashlib.sha256(content).hexdigest() != sha256:
        yield Problem("ST760", "results that have changed since", _EXPECTED, _at(file))


def _at(file: Path) -> Location:
    return Location(str(file))
