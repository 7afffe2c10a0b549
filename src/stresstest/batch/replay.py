"""A run done again from what its manifest names, and whether it gives the same results to the last bit."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from stresstest.batch.jobs.job import load_job
from stresstest.batch.reading.cells import cells_of_table
from stresstest.batch.reading.intact import require_intact
from stresstest.batch.reading.originals import (
    original,
    require_kept,
    require_originals,
    require_same_inputs,
)
from stresstest.batch.reading.run_folder import RunFolder, open_run
from stresstest.batch.reading.versions import changed_versions
from stresstest.batch.running.options import BatchOptions
from stresstest.batch.running.runner import run_batch
from stresstest.batch.store.provenance import provenance
from stresstest.io.relocation import reading_copies


@dataclass(frozen=True)
class FirstDifference:
    """The first portfolio, in order of name, and its first result that a replay has otherwise.

    `result` is `base_value`, `currency`, a scenario or a draw; a value is None where it is missing.
    """

    portfolio: str
    result: str
    recorded: float | str | None
    replayed: float | str | None


@dataclass(frozen=True)
class Replayed:
    """What a replay gave.

    Attributes
    ----------
    recorded, digest
        Digests of the run and of its replay.
    versions
        What the run was made with and the replay otherwise, by name: then and now.
    difference
        None where the digests are the same.
    """

    recorded: str
    digest: str
    versions: Mapping[str, tuple[str, str]]
    difference: FirstDifference | None = None

    @property
    def same(self) -> bool:
        """Whether the replay gave the digest of the run."""
        return self.digest == self.recorded


def replay(run: RunFolder, options: BatchOptions, *, archived: bool) -> Replayed:
    """Do a finished run again in a folder of its own, which is removed, and compare the results.

    Parameters
    ----------
    archived
        Read the copies that the run kept instead of the files themselves.

    Raises
    ------
    InputError
        ST760 where the run is unfinished or its results are damaged, ST765 with every input that is no longer
        what the run read.
    ResourceError
        When memory or disk gives out.
    """
    require_intact(run)
    if archived:
        require_kept(run)
    else:
        require_originals(run)
    with tempfile.TemporaryDirectory(prefix="stresstest-replay-") as folder, _inputs(run, archived):
        target = Path(folder, "run")
        outcome = run_batch(load_job(_job_file(run, archived)), target, options)
        same = outcome.digest == run.digest
        if not same and not archived:
            require_same_inputs(run, outcome.manifest["inputs"])
        difference = None if same else first_difference(run, open_run(target))
    return Replayed(
        run.digest, outcome.digest, changed_versions(run.manifest["provenance"], provenance()), difference
    )


def _job_file(run: RunFolder, archived: bool) -> str:
    return run.job_file if archived else str(original(run, run.job_file))


@contextmanager
def _inputs(run: RunFolder, archived: bool) -> Iterator[None]:
    if not archived:
        yield
        return
    with reading_copies(run.path / "inputs", Path(run.library)):
        yield


def first_difference(recorded: RunFolder, replayed: RunFolder) -> FirstDifference | None:
    """Return the first portfolio and result that two runs have otherwise, None where there is none."""
    for table in ("pnl", "draws"):
        found = _difference(recorded, replayed, table)
        if found is not None:
            return found
    return None


def _difference(recorded: RunFolder, replayed: RunFolder, table: str) -> FirstDifference | None:
    sides = [_values(run, table) for run in (recorded, replayed)]
    for portfolio in sorted(sides[0].keys() | sides[1].keys()):
        then, now = (side.get(portfolio, {}) for side in sides)
        for result in dict.fromkeys((*then, *now)):
            if then.get(result) != now.get(result) or (result in then) != (result in now):
                return FirstDifference(portfolio, result, then.get(result), now.get(result))
    return None


def _values(run: RunFolder, table: str) -> dict[str, dict[str, float | str | None]]:
    """Return the results of each portfolio by name; a missing number is None."""
    if not run.files(table):
        return {}
    if table == "draws":
        rows = run.table(table).to_pylist()
        return {row.pop("portfolio"): row for row in rows}
    cells = cells_of_table(run.table(table))
    heads = zip(cells.currencies, cells.base_value.tolist(), strict=True)
    found = {}
    for name, (currency, base), pnl in zip(cells.portfolios, heads, _plain(cells.pnl), strict=True):
        numbers = dict(zip(cells.scenarios, pnl, strict=True))
        found[name] = {"currency": currency, "base_value": base, **numbers}
    return found


def _plain(numbers: np.ndarray[Any, Any]) -> list[list[float | None]]:
    return [[None if number != number else number for number in row] for row in numbers.tolist()]  # noqa: PLR0124
