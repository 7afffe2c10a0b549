"""Rows of a comparison: cells, and cells added up."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from stresstest.arrays import BoolArray, FloatArray
from stresstest.batch.comparing.comparison import Comparison
from stresstest.batch.comparing.split import STEPS

BY = ("scenario", "portfolio", "currency")
"""What changes can be added up by."""

Row = dict[str, Any]
"""Names, then `before`, `after`, `change` and a number for each step."""


def largest_cells(found: Comparison, count: int) -> list[Row]:
    """Return the portfolios that changed most, each in the scenario in which it did."""
    return [cell(found, row, column) for row, column in found.largest(count)]


def changes_by(found: Comparison, by: str) -> list[Row]:
    """Return the changes by one of `BY`, the largest first.

    Scenarios are added up over all portfolios, in one currency; currencies over their portfolios, in their
    own. A portfolio and a currency meet one scenario at a time: the row is of that in which it changed most.
    """
    if by == "portfolio":
        return largest_cells(found, len(found.split.portfolios))
    if by == "scenario":
        rows = _totals(found, np.ones(len(found.rates), dtype=bool), found.currency)
        return sorted(rows, key=lambda row: (-abs(row["change"]), row["scenario"]))
    return _by_currency(found)


def cell(found: Comparison, row: int, column: int) -> Row:
    """Return one portfolio in one scenario."""
    split = found.split
    portfolio = split.portfolios[row]
    names = {"portfolio": portfolio, "scenario": split.scenarios[column]}
    return _row({**names, "currency": found.currencies[portfolio]}, _numbers(found)[:, row, column].tolist())


def _by_currency(found: Comparison) -> list[Row]:
    held = np.array([found.currencies[name] for name in found.split.portfolios], dtype=object)
    largest = []
    for currency in sorted(set(held.tolist())):
        rows = _totals(found, held == currency, currency)
        rate = float(found.rates[held == currency][0])
        if rows:
            row = max(rows, key=lambda row: abs(row["change"]))
            largest.append((-abs(row["change"] * rate), currency, row))
    return [row for *_, row in sorted(largest, key=lambda item: item[:2])]


def _totals(found: Comparison, held: BoolArray, currency: str) -> list[Row]:
    """Return the scenarios in which any of the portfolios `held` `(n_portfolios,)` changed, added up.

    Each sum is rounded once, so that no order of portfolios matters.
    """
    rates = np.ones(len(held)) if currency != found.currency else found.rates
    numbers = _numbers(found)[:, held] * rates[held, np.newaxis]
    rows = []
    for column, scenario in enumerate(found.split.scenarios):
        cells = numbers[:, :, column]
        cells = cells[:, ~np.isnan(cells).any(axis=0)]
        if any(cells[2].tolist()):
            sums = [math.fsum(line) for line in cells.tolist()]
            rows.append(_row({"scenario": scenario, "currency": currency}, sums))
    return rows


def _numbers(found: Comparison) -> FloatArray:
    """Return `(3 + n_steps, n_portfolios, n_scenarios)` before, after, change, parts."""
    split = found.split
    return np.concatenate([np.array([split.before, split.after, split.change]), split.parts])


def _row(names: Mapping[str, str], numbers: list[float]) -> Row:
    return {**names, **dict(zip(("before", "after", "change", *STEPS), numbers, strict=True))}
