"""Funded ratio of a portfolio that holds liabilities: a table worst first, and its part of the document."""

from __future__ import annotations

import math
from typing import Any

from rich.console import Console

from stresstest.cli.run.views import PortfolioView, ScenarioLine
from stresstest.cli.terminal import HEAD, compact, plain_table, safe
from stresstest.measures.funding import Funding


def print_funding(console: Console, view: PortfolioView) -> None:
    """Print assets ÷ liabilities before and under each scenario, the lowest ratio first, if any are owed."""
    found = view.funding
    if found is None:
        return
    currency = view.result.currency
    assets, owed = (compact(float(side[0])).removeprefix("+") for side in (found.assets, found.liabilities))
    console.print()
    console.print(
        safe(f"Funded ratio {_percent(found, 0)}: assets {currency} {assets}, liabilities {owed}", HEAD)
    )
    headers = [("scenario", "left"), ("over", "right"), ("ratio", "right"), ("change", "right")]
    table = plain_table([*headers, ("assets", "right"), ("liabilities", "right")])
    for line in sorted(view.scenarios, key=lambda line: _rank(found, line)):
        sides = (float(side[line.column] - side[0]) for side in (found.assets, found.liabilities))
        moves = [compact(move) if math.isfinite(move) else "-" for move in sides]
        table.add_row(
            safe(line.name), line.horizon, _percent(found, line.column), _points(found, line.column), *moves
        )
    console.print(table)


def funding_document(view: PortfolioView) -> dict[str, Any] | None:
    """Return assets, liabilities and ratio at base and by scenario as plain JSON values; None without any."""
    found = view.funding
    if found is None:
        return None
    by_scenario = {line.name: _sides(found, line.column) for line in view.scenarios}
    return {**_sides(found, 0), "scenarios": by_scenario}


def _sides(found: Funding, column: int) -> dict[str, float | None]:
    sides = {"assets": found.assets, "liabilities": found.liabilities, "ratio": found.ratio}
    values = {name: float(row[column]) for name, row in sides.items()}
    return {name: value if math.isfinite(value) else None for name, value in values.items()}


def _rank(found: Funding, line: ScenarioLine) -> float:
    ratio = float(found.ratio[line.column])
    return ratio if math.isfinite(ratio) else math.inf


def _percent(found: Funding, column: int) -> str:
    ratio = float(found.ratio[column])
    return f"{100.0 * ratio:.1f} %" if math.isfinite(ratio) else "-"


def _points(found: Funding, column: int) -> str:
    change = 100.0 * float(found.ratio[column] - found.ratio[0])
    return f"{change:+.1f} pp" if math.isfinite(change) else "-"
