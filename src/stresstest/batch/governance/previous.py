"""Breaches of earlier runs, read as inputs: kept with the run, so that a resumed one has the same ages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from stresstest.batch.jobs.job import Job
from stresstest.batch.store.tables import decode_table
from stresstest.errors import InputError, Location, Problem
from stresstest.io.files import read_bytes
from stresstest.io.relocation import relocated
from stresstest.measures.breach_ages import Breach, breach_ages
from stresstest.measures.limits import ANY

_MOST_BYTES = 256 * 1024**2
_TOO_LARGE = "a folder that `stresstest batch` wrote"
_PARTS = "results/breaches"


def previous_breaches(job: Job) -> tuple[Breach, ...]:
    """Return the breaches of the last of the earlier runs that a job names, with their ages.

    The runs are named in their order. What a run says of ages it has from the runs that it knew; one that
    knew none continues the run that is named before it.

    Raises
    ------
    InputError
        ST760 for a folder that is no finished run.
    """
    known: tuple[Breach, ...] = ()
    for source in job.previous:
        found = tuple(_breaches(job.folder / source))
        fresh = all(breach.age_runs == breach.over_runs == 1 for breach in found)
        known = breach_ages(known, found) if fresh else found
    return known


def _breaches(folder: Path) -> Iterator[Breach]:
    manifest = _manifest(folder)
    day = str(manifest["configuration"]["market_as_of"])
    for path in sorted(relocated(folder / _PARTS).glob("group=*/part.parquet")):
        part = folder / _PARTS / path.parent.name / path.name
        try:
            rows = decode_table(read_bytes(part, _MOST_BYTES, _TOO_LARGE, str(part))).to_pylist()
        except (OSError, pa.ArrowException) as error:
            raise _no_run(part, f"a damaged table ({error})") from None
        yield from (_breach(row, date.fromisoformat(day)) for row in rows)


def _breach(row: dict[str, Any], day: date) -> Breach:
    since = row.get("since") or day
    texts = {name: row[name] for name in ("portfolio", "limit", "of", "owner", "level", "scenario")}
    return Breach(
        **texts,
        covers=row.get("covers") or ANY,
        loss=row["loss"],
        max_loss=row["max_loss"],
        warning=None,
        since=since,
        age_runs=row.get("age_runs") or 1,
        over_since=row.get("over_since") or since,
        over_runs=row.get("over_runs") or 1,
    )


def _manifest(folder: Path) -> dict[str, Any]:
    file = folder / "manifest.json"
    try:
        document = json.loads(read_bytes(file, _MOST_BYTES, _TOO_LARGE, str(file)))
    except InputError:
        raise _no_run(folder, "no folder of a finished run") from None
    except ValueError as error:
        raise _no_run(file, f"a damaged document ({error})") from None
    if not isinstance(document, dict) or "configuration" not in document:
        raise _no_run(file, "a document that is no manifest")
    return document


def _no_run(path: Path, got: str) -> InputError:
    expected = "a finished run, whose breaches are followed"
    return InputError([Problem("ST760", got, expected, Location(str(path)))])
