"""Folders with the layout of a run, for what only reads them: the numbers are stated, not computed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

TABLES: dict[str, dict[str, list[Any]]] = {
    "pnl": {
        "portfolio": ["first", "second", "third"],
        "currency": ["USD", "USD", "EUR"],
        "base_value": [1000.0, 2000.0, 500.0],
        "fall": [-300.0, -100.5, None],
        "rise": [50.0, 0.0, 25.0],
    },
    "draws": {
        "portfolio": ["first", "second", "third"],
        "mix/1": [1.0, 2.0, 3.0],
        "mix/2": [-1.0, -2.0, -3.0],
    },
}


def write_run(
    folder: Path, tables: dict[str, dict[str, list[Any]]] | None = None, group_size: int = 2
) -> Path:
    """Write `tables` into a run folder, cut into groups of rows, and a plan; return the folder."""
    for name, columns in (TABLES if tables is None else tables).items():
        table = pa.table(columns)
        for group, first in enumerate(range(0, max(table.num_rows, 1), group_size)):
            place = folder / "results" / name / f"group={group:04d}"
            place.mkdir(parents=True)
            pq.write_table(table.slice(first, group_size), place / "part.parquet", compression="zstd")
    (folder / "plan.json").write_text(json.dumps({"version": 1}), encoding="utf-8")
    return folder
