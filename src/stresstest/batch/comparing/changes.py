"""Rows of a comparison: cells, and cells added up."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.batch.comparing.comparison import Comparison
from stresstest.batch.comparing.split import STEPS

BY = ("scenario", "portfolio", "currency")
"""What changes can be added up by."""

Row = dict[str, Any]
"""Names, then `before`, `after`, `change` and a number for each step."""


def largest_cells(found: Comparison, count: int) -> list[Row]:
    """Return the portfolios and scenarios that changed most."""
    return [cell(found, row, column) for row, column in found.split.largest(count)]


def changes_by(found: Comparison, by: str) -> list[Row]:
    """Return the changes by one of `BY`, the largest first.

    Amounts of different currencies are not added up: a row is of one currency. A portfolio meets one scenario
    at a time: its row is the scenario in which it changed most.
    """
    if by == "portfolio":
        return _by_portfolio(found)
    rows = _totals(found)
    if by == "currency":  # its scenario of the largest change, for the same reason
        rows = [max(group, key=lambda row: abs(row["change"])) for group in _groups(rows, "currency")]
    return sorted(rows, key=lambda row: (-abs(row["change"]), row["scenario"], row["currency"]))


def cell(found: Comparison, row: int, column: int) -> Row:
    """Return one portfolio in one scenario."""
    split = found.split
    portfolio = split.portfolios[row]
    names = {"portfolio": portfolio, "scenario": split.scenarios[column]}
    return _row({**names, "currency": found.currencies[portfolio]}, _numbers(found)[:, row, column].tolist())


def _by_portfolio(found: Comparison) -> list[Row]:
    size = np.nan_to_num(np.abs(found.split.change))
    rows = [cell(found, row, int(line.argmax())) for row, line in enumerate(size) if line.any()]
    return sorted(rows, key=lambda row: (-abs(row["change"]), row["portfolio"]))


def _totals(found: Comparison) -> list[Row]:
    """Return scenarios by currency; each sum is rounded once, so that no order of portfolios matters."""
    split = found.split
    currencies = np.array([found.currencies[name] for name in split.portfolios], dtype=object)
    numbers = _numbers(found)
    rows = []
    for currency in sorted(set(found.currencies.values())):
        held = numbers[:, currencies == currency]
        for column, scenario in enumerate(split.scenarios):
            cells = held[:, :, column]
            cells = cells[:, ~np.isnan(cells).any(axis=0)]
            sums = [math.fsum(line) for line in cells.tolist()]
            if any(cells[2].tolist()):
                rows.append(_row({"scenario": scenario, "currency": currency}, sums))
    return rows


def _groups(rows: list[Row], name: str) -> list[list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[name], []).append(row)
    return list(groups.values())


def _numbers(found: Comparison) -> FloatArray:
    """Return `(3 + n_steps, n_portfolios, n_scenarios)` before, after, change, parts."""
    split = found.split
    return np.concatenate([np.array([split.before, split.after, split.change]), split.parts])


def _row(names: Mapping[str, str], numbers: list[float]) -> Row:
    return {**names, **dict(zip(("before", "after", "change", *STEPS), numbers, strict=True))}
