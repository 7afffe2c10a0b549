"""Hedge plans of a run in a few lines: what each saves and costs, and why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from stresstest.batch.hedges.rows import PLANNED
from stresstest.batch.reading.run_folder import RunFolder
from stresstest.batch.reading.text_table import amount, counted, rows_of, share, wrapped

_LISTED = 10
_HEADS = ("portfolio", "plan", "worst before", ">loss", ">after", ">spent", "")


def hedged(run: RunFolder) -> Iterator[str]:
    """Yield the hedges of a run, the largest loss first, or nothing where the job asked for none."""
    if not run.files("hedges"):
        return
    rows = run.table("hedges").to_pylist()
    if not rows:
        yield "Hedge plans: none, as no portfolio breaches a limit"
        return
    planned = sorted((row for row in rows if row["status"] in PLANNED), key=_by_loss)
    asked = f"for {len(planned):,} of {counted(len(rows), 'portfolio')}"
    yield from wrapped(f"Hedge plans of policy {rows[0]['policy']}: {asked}")
    yield from rows_of(_HEADS, [_cells(row) for row in planned[:_LISTED]])
    if len(planned) > _LISTED:
        yield f"  … {len(planned) - _LISTED:,} more hedge plans"
    yield from _without(rows)


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        row["portfolio"],
        row["status"].replace("_", " "),
        row["scenario"] or "",
        _part(row, "loss_before"),
        _part(row, "loss_after"),
        "-" if row["spent"] is None else amount(row["spent"]),
        row["currency"],
    )


def _without(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the portfolios without a plan, each with the first line of why."""
    found = [row for row in rows if row["status"] not in PLANNED]
    for row in found[:_LISTED]:
        why = (row["message"] or "").splitlines()[:1]
        told = f"{row['portfolio']}: {row['status'].replace('_', ' ')}"
        yield from wrapped(f"  {': '.join([told, *why])}", indent=4)
    if len(found) > _LISTED:
        yield f"  … {len(found) - _LISTED:,} more without a plan"


def _by_loss(row: Mapping[str, Any]) -> tuple[float, str]:
    return (-_fraction(row, "loss_before"), row["portfolio"])


def _part(row: Mapping[str, Any], loss: str) -> str:
    return "-" if row[loss] is None else share(_fraction(row, loss))


def _fraction(row: Mapping[str, Any], loss: str) -> float:
    """Return a loss as a part of the base value; nothing counts as 0."""
    return float(row[loss] or 0.0) / abs(float(row["base_value"]))
