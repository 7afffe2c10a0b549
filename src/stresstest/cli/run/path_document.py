"""A portfolio along a path as plain JSON values."""

from __future__ import annotations

import math
from typing import Any

from stresstest.measures.paths import ValuePath


def path_document(path: ValuePath) -> dict[str, Any]:
    """Return values over time; a number that is not finite is null."""
    fall, wet, cash = path.drawdown, path.under_water, path.lowest_cash
    return {
        "points": _points(path),
        "drawdown": {
            "amount": _number(fall.amount),
            "percent": fall.percent,
            "peak": fall.peak.isoformat(),
            "trough": fall.trough.isoformat(),
        },
        "under_water": {
            "days": wet.days,
            "start": wet.start.isoformat(),
            "recovered": None if wet.recovered is None else wet.recovered.isoformat(),
        },
        "lowest_cash": None if cash is None else {"amount": _number(cash[0]), "date": cash[1].isoformat()},
    }


def _points(path: ValuePath) -> list[dict[str, Any]]:
    cash = [None] * len(path.dates) if path.cash is None else path.cash.tolist()
    rows = zip(path.dates, path.after.tolist(), path.carry.tolist(), path.shock.tolist(), cash, strict=True)
    names = ("value", "carry", "shock", "cash")
    return [
        {"date": day.isoformat(), **dict(zip(names, map(_number, figures), strict=True))}
        for day, *figures in rows
    ]


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)
