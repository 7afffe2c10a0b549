"""P&L by risk factors as plain JSON values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from stresstest.cli.json_numbers import number
from stresstest.measures.factor_splits.delta_gamma import DeltaGamma
from stresstest.measures.factor_splits.split import FactorSplit
from stresstest.revaluation.result import PortfolioResult


@dataclass(frozen=True, slots=True)
class FactorTables:
    """What a run was asked to tell of risk factors, of all portfolios and scenarios."""

    splits: tuple[FactorSplit, ...]
    derivatives: tuple[DeltaGamma, ...]


NO_FACTOR_TABLES = FactorTables((), ())
"""Nothing was asked."""


def factor_documents(result: PortfolioResult, tables: FactorTables) -> dict[str, Any]:
    """Return the splits and derivatives of a portfolio, under their names; nothing where none was asked."""
    splits = [_split(result, one) for one in tables.splits if one.portfolio == result.name]
    derivatives = [_derivatives(one) for one in tables.derivatives if one.portfolio == result.name]
    document: dict[str, Any] = {"factors": splits, "delta_gamma": derivatives}
    return {name: found for name, found in document.items() if found}


def _split(result: PortfolioResult, split: FactorSplit) -> dict[str, Any]:
    return {
        "scenario": split.scenario,
        "by": split.by,
        "method": split.method,
        "on": None if split.on is None else split.on.isoformat(),
        "pnl": number(split.total),
        "parts": [
            {"part": part, "pnl": number(pnl)} for part, pnl in zip(split.parts, split.pnl, strict=True)
        ],
        "positions": {
            position: {part: number(pnl) for part, pnl in zip(split.parts, row, strict=True) if pnl != 0.0}
            for position, row in zip(result.position_ids, split.positions.tolist(), strict=True)
        },
        "merged": list(split.merged),
        "unsplit": list(split.unsplit),
    }


def _derivatives(found: DeltaGamma) -> dict[str, Any]:
    rows = zip(found.groups, found.delta.tolist(), found.gamma.tolist(), found.full.tolist(), strict=True)
    return {
        "scenario": found.scenario,
        "by": found.by,
        "on": None if found.on is None else found.on.isoformat(),
        "pnl": number(found.total),
        "groups": [
            {"group": group, "delta": number(delta), "gamma": number(gamma), "full": number(full)}
            for group, delta, gamma, full in rows
        ],
        "cross_gamma": number(found.cross_gamma),
        "interaction": number(found.interaction),
        "aged": number(found.aged),
        "estimate": number(found.estimate),
        "unexplained": number(found.unexplained),
    }
