"""What changed between two runs, as one JSON document."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from stresstest.batch.comparing.breaches import RunBreach
from stresstest.batch.comparing.changes import Row, changes_by, largest_cells
from stresstest.batch.comparing.comparison import Comparison
from stresstest.batch.comparing.positions import PositionChange

SCHEMA = "stresstest/diff/1"


def diff_document(
    found: Comparison, by: str, positions: Sequence[PositionChange], count: int
) -> dict[str, Any]:
    """Return the document of `diff --json`: changes by `by`, the `count` portfolios that changed most."""
    return {
        "schema": SCHEMA,
        "before": {"folder": str(found.before.path), "digest": found.before.digest},
        "after": {"folder": str(found.after.path), "digest": found.after.digest},
        "empty": found.empty,
        "changed": list(found.changed),
        "files": [asdict(item) for item in found.files],
        "versions": [
            {"name": name, "before": then, "after": now} for name, (then, now) in found.versions.items()
        ],
        "currency": found.currency,
        "by": by,
        "changes": [_plain(row) for row in changes_by(found, by)],
        "largest": [_plain(row) for row in largest_cells(found, count)],
        "positions": [asdict(item) for item in positions],
        "largest_gap": found.split.largest_gap,
        "cells_without_value": found.split.unvalued,
        "portfolios_gone": list(found.portfolios_gone),
        "portfolios_new": list(found.portfolios_new),
        "scenarios_gone": list(found.scenarios_gone),
        "scenarios_new": list(found.scenarios_new),
        "breaches_gone": [_breach(breach) for breach in found.breaches_gone],
        "breaches_new": [_breach(breach) for breach in found.breaches_new],
        "notes": list(found.notes),
    }


def _plain(row: Row) -> Row:
    """Return a row with null for what is no number."""
    return {
        key: None if isinstance(cell, float) and not math.isfinite(cell) else cell
        for key, cell in row.items()
    }


def _breach(breach: RunBreach) -> dict[str, Any]:
    """Return a breach; a loss on a denominator of 0 is infinite, and null."""
    return _plain(breach._asdict())
