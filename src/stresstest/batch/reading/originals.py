"""The inputs of a run as they are today, and as the run kept them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from stresstest.batch.inputs.archive import require_copies
from stresstest.batch.inputs.loading import JobInputs, load_inputs
from stresstest.batch.inputs.recording import InputFile
from stresstest.batch.jobs.job import load_job
from stresstest.batch.reading.run_folder import RunFolder
from stresstest.errors import InputError, Location, Problem
from stresstest.io.relocation import LIBRARY, place_of_copy, reading_copies
from stresstest.io.resources import shipped_library
from stresstest.market.model_source import MODEL_FILE
from stresstest.market.snapshot import MarketSnapshot

_SHOWN_DIGITS = 12


def original(run: RunFolder, path: str) -> Path:
    """Return where an input of a run is today: shipped files are those of this installation."""
    library = Path(run.library)
    place = place_of_copy(Path(path), library)
    return shipped_library() / Path(path).relative_to(library) if place.parts[0] == LIBRARY else Path(path)


def require_originals(run: RunFolder) -> None:
    """Raise `InputError` (ST765) with every input that is no longer what the run read, hash against hash.

    The run before is none: breaches have their ages from it, and no P&L depends on it.
    """
    files = [file for file in run.inputs if file.role != "previous"]
    problems = [problem for file in files for problem in _changes(file, original(run, file.path))]
    if problems:
        raise InputError(problems)


def require_same_inputs(run: RunFolder, inputs: Iterable[Mapping[str, Any]]) -> None:
    """Raise `InputError` (ST765) with every input, as a manifest lists it, that the run did not read.

    A pattern or a folder may find more files today than it did then.
    """
    known = {str(original(run, file.path)) for file in run.inputs}
    problems = [
        Problem("ST765", f"an input ({item['role']}) that the run did not read", "no other input").at(
            Location(item["path"])
        )
        for item in inputs
        if item["path"] not in known
    ]
    if problems:
        raise InputError(problems)


def require_kept(run: RunFolder) -> None:
    """Raise `InputError` (ST765) with every copy of an input that is missing or changed."""
    hashes = {file.path: file.sha256 for file in run.inputs}
    require_copies(run.copies, hashes, run.path / "inputs")


def archived_inputs(run: RunFolder) -> JobInputs:
    """Return the inputs of a run, read from the copies that it kept.

    Raises
    ------
    InputError
        ST765 where a copy is missing or changed; whatever today's program finds wrong with them.
    """
    require_kept(run)
    with reading_copies(run.path / "inputs", Path(run.library)):
        inputs = load_inputs(load_job(run.job_file))
        return replace(inputs, market=_with_kept_model(inputs.market, run))


def _with_kept_model(market: MarketSnapshot, run: RunFolder) -> MarketSnapshot:
    """Return the market with its factor model read, or without one where the run never asked for it.

    A model is read when it is first asked for: later that would be the file of today, not the copy.
    """
    if any(Path(path).name == MODEL_FILE for path in run.copies):
        _ = market.factor_model
        return market
    return replace(market, factor_model_source=None)


def _changes(file: InputFile, today: Path) -> list[Problem]:
    where = Location(str(today))
    expected = f"SHA-256 {file.sha256[:_SHOWN_DIGITS]}…, as the run read it ({file.role})"
    try:
        content = today.read_bytes()
    except OSError as error:
        return [Problem("ST765", f"an input that is gone ({error.strerror})", expected, where)]
    found = hashlib.sha256(content).hexdigest()
    if found == file.sha256:
        return []
    return [Problem("ST765", f"a changed input: SHA-256 {found[:_SHOWN_DIGITS]}…", expected, where)]
