"""The folder of a batch, finished or not: its manifest, its plan, its tables of results."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from os import PathLike
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds

from stresstest.batch.inputs.recording import InputFile
from stresstest.errors import InputError, Location, Problem, nearest

MANIFEST, PLAN = "manifest.json", "plan.json"

TABLES = {
    "pnl": "a portfolio, with its P&L at the end of each named scenario, in its currency",
    "measures": "a portfolio, sampled set and measure over its draws",
    "contributions": "a portfolio, attribute and category, with its share of the P&L in each named scenario",
    "breaches": "a limit that the loss in its worst scenario has passed, hard or as a warning",
    "failures": "a position or scenario without a value, with the reason",
    "paths": "a portfolio, path and date, with the value before and after its shocks",
    "portfolios": "a portfolio, with base value, net asset value, coverage, what is left out",
    "draws": "a portfolio, with its P&L in each draw of a sampled set",
    "reconciliation": "a portfolio with a stated net asset value, beside its base value",
    "proxies": "a position that the market alone does not value, and what it follows",
    "challengers": "a portfolio and scenario with a network: P&L with it and by the factor model alone",
    "judged": "a portfolio and scenario: P&L by what it rests on, and its judged share",
    "hedges": "a portfolio that is hedged: status of its plan, largest loss before and after, what it costs",
    "hedge_trades": "a trade of a hedge plan",
    "register": "a number that the scenarios rest on: class, author, date, analogue, place",
}
"""Tables of results and what a row of each is."""

KEYS = {
    "pnl": ("portfolio", "currency", "base_value"),
    "draws": ("portfolio",),
    "contributions": ("portfolio", "attribute", "category", "base_value"),
}
"""Columns of the wide tables that are no result."""


@dataclass(frozen=True)
class RunFolder:
    """A batch on disk.

    Attributes
    ----------
    path
        The folder.
    plan
        What was to be done.
    manifest
        What was done; empty while the run is unfinished.
    """

    path: Path
    plan: Mapping[str, Any] = field(default_factory=dict)
    manifest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def finished(self) -> bool:
        """Whether the run has committed: its manifest is there."""
        return bool(self.manifest)

    @property
    def inputs(self) -> tuple[InputFile, ...]:
        """Files that the run read."""
        names = [item.name for item in fields(InputFile)]
        return tuple(InputFile(**{name: item[name] for name in names}) for item in self.manifest["inputs"])

    @property
    def configuration(self) -> Mapping[str, Any]:
        """The job as it was resolved."""
        found: Mapping[str, Any] = self.manifest["configuration"]
        return found

    @property
    def copies(self) -> Mapping[str, str]:
        """Place of the copy of each input in `inputs/`, by its path."""
        found: Mapping[str, str] = self.manifest["copies"]
        return found

    def original_of(self, path: str) -> str:
        """Return the path of the input that `path` is the copy of; `path` itself where it is none."""
        folder = os.path.abspath(self.path / "inputs")  # noqa: PTH100 - links stay as they are named
        if not path.startswith(folder):
            return path
        place = path[len(folder) :].replace(os.sep, "/").lstrip("/")
        return next((original for original, copy in self.copies.items() if copy == place), path)

    @property
    def library(self) -> str:
        """Folder of the shipped files when the run was made."""
        return str(self.manifest["library"])

    @property
    def job_file(self) -> str:
        """Path of the job."""
        return str(self.manifest["job"])

    @property
    def digest(self) -> str:
        """Digest of the results."""
        return str(self.manifest["digest"])

    @property
    def currency(self) -> str:
        """Currency of totals over portfolios."""
        return str(self.manifest["currency"])

    @property
    def rates(self) -> Mapping[str, float]:
        """Base price of one unit of each currency of a portfolio, in `currency`."""
        found: Mapping[str, float] = self.manifest["rates"]
        return found

    def files(self, table: str) -> list[Path]:
        """Return the files of a table of results, by group; none where the run has no such table."""
        return sorted((self.path / "results" / table).glob("group=*/part.parquet"))

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that the run has, in the order of `TABLES`."""
        return tuple(name for name in TABLES if self.files(name))

    def dataset(self, table: str) -> ds.Dataset:
        """Return a table of results, all groups, read when it is asked for rows.

        Raises
        ------
        InputError
            ST761 where the run has no such table.
        """
        files = self.files(table)
        if not files:
            known = self.tables
            expected = f"one of {', '.join(known)}" if known else "a run with results"
            problem = Problem(
                "ST761", f"table {table!r}", expected, Location(str(self.path)), nearest(table, known)
            )
            raise InputError([problem])
        # The folder's name is no column: the groups are there for the reader of files only.
        return ds.dataset([str(file) for file in files], format="parquet", partitioning=None)

    def table(self, table: str, columns: list[str] | None = None) -> pa.Table:
        """Return a table of results, or some columns of it; one without rows where the run has none."""
        if not self.files(table):
            return pa.table({name: pa.array([], pa.null()) for name in columns or ()})
        return self.dataset(table).to_table(columns=columns, use_threads=False)

    def results(self, table: str = "pnl") -> list[str]:
        """Return the names of the results that a wide table holds: scenarios, or draws."""
        if not self.files(table):
            return []
        return [name for name in self.dataset(table).schema.names if name not in KEYS[table]]


def open_run(path: str | PathLike[str]) -> RunFolder:
    """Return the run in the folder `path`, finished or not.

    Raises
    ------
    InputError
        ST760 when it is no folder of a run, or its manifest or plan is damaged.
    """
    folder = Path(path)
    found = {name: folder / name for name in (PLAN, MANIFEST) if (folder / name).is_file()}
    if not found:
        got = "a folder that is no run" if folder.is_dir() else "no such folder"
        raise _no_run(folder, got, "a folder that `stresstest batch JOB -o DIR` wrote")
    documents = {name: _document(file) for name, file in found.items()}
    return RunFolder(folder, documents.get(PLAN, {}), documents.get(MANIFEST, {}))


def require_finished(run: RunFolder) -> None:
    """Raise `InputError` (ST760) where a run has not committed."""
    if not run.finished:
        raise _no_run(run.path, "an unfinished run", f"a finished one; `stresstest resume {run.path}`")


def _document(file: Path) -> Mapping[str, Any]:
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _no_run(file, f"a damaged document ({error})", "the file as the run wrote it") from None
    if not isinstance(document, dict) or not document:
        raise _no_run(file, "a document that is no mapping", "the file as the run wrote it")
    return document


def _no_run(path: Path, got: str, expected: str) -> InputError:
    return InputError([Problem("ST760", got, expected, Location(str(path)))])
