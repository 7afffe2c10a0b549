"""Maintenance margin of an account: a line, a line a call, and its part of the document."""

from __future__ import annotations

import math
from typing import Any

from rich.console import Console

from stresstest.cli.run.views import PortfolioView
from stresstest.cli.terminal import ALARM, HEAD, compact, safe
from stresstest.measures.margin import Margin


def print_margin(console: Console, view: PortfolioView) -> None:
    """Print equity and maintenance margin today, and each scenario that ends in a margin call."""
    found = view.margin
    if found is None:
        return
    currency = view.result.currency
    console.print()
    console.print(safe(f"Equity {currency} {_amount(found.equity[0])}, {_required(found, 0)}", HEAD))
    for line in sorted(view.scenarios, key=lambda line: -_call(found, line.column)):
        if _call(found, line.column) > 0.0:
            equity = _amount(found.equity[line.column])
            text = f"MARGIN CALL {line.name}: equity {equity}, {_required(found, line.column)}"
            console.print(safe(f"{text}: {_amount(found.call[line.column])} to pay in", ALARM))


def margin_document(view: PortfolioView) -> dict[str, Any] | None:
    """Return equity, requirement and call at base and by scenario as plain JSON values; None without any."""
    found = view.margin
    if found is None:
        return None
    by_scenario = {line.name: _sides(found, line.column) for line in view.scenarios}
    return {**_sides(found, 0), "scenarios": by_scenario}


def _sides(found: Margin, column: int) -> dict[str, float | None]:
    sides = {"equity": found.equity, "required": found.required, "call": found.call}
    values = {name: float(row[column]) for name, row in sides.items()}
    return {name: value if math.isfinite(value) else None for name, value in values.items()}


def _call(found: Margin, column: int) -> float:
    call = float(found.call[column])
    return call if math.isfinite(call) else 0.0


def _required(found: Margin, column: int) -> str:
    return f"maintenance margin {_amount(found.required[column])}"


def _amount(value: float) -> str:
    return compact(float(value)).removeprefix("+") if math.isfinite(value) else "-"
