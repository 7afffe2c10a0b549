"""Data frames at the edge: results as pandas, labelled."""

from __future__ import annotations

from typing import TypeAlias

import pandas as pd

from stresstest.measures.contributions import contributions
from stresstest.measures.paths import value_path
from stresstest.measures.sensitivities import Sensitivities
from stresstest.revaluation.result import PortfolioResult, StressResult
from stresstest.scenarios.columns import ColumnSource

DataFrame: TypeAlias = pd.DataFrame
"""What `.pnl`, `.positions` and `.by()` return."""


def _scenario_columns(result: StressResult | PortfolioResult) -> dict[str, int]:
    """Return the last column of each scenario."""
    return {name: int(result.table.columns_of(name)[-1]) for name in result.table.scenarios}


def pnl_frame(result: StressResult) -> pd.DataFrame:
    """Return P&L by portfolio (rows) and scenario (columns), each portfolio in its own currency."""
    columns = _scenario_columns(result)
    return pd.DataFrame(
        {name: [float(held.pnl[column]) for held in result.portfolios] for name, column in columns.items()},
        index=pd.Index([held.name for held in result.portfolios], name="portfolio"),
    )


def positions_frame(result: StressResult) -> pd.DataFrame:
    """Return base value and P&L by position: index (portfolio, position), a column a scenario."""
    parts = []
    for held in result.portfolios:
        index = pd.MultiIndex.from_product([[held.name], held.position_ids], names=["portfolio", "position"])
        data: dict[str, object] = {"type": held.position_types, "base_value": held.position_value[:, 0]}
        data |= {name: held.position_pnl[:, column] for name, column in _scenario_columns(held).items()}
        parts.append(pd.DataFrame(data, index=index))
    return pd.concat(parts) if parts else pd.DataFrame()


def contributions_frame(result: StressResult, attribute: str) -> pd.DataFrame:
    """Return contributions to base value and P&L: index (portfolio, group), a column a scenario."""
    parts = []
    for held in result.portfolios:
        shares = contributions(held, attribute)
        index = pd.MultiIndex.from_product([[held.name], shares.groups], names=["portfolio", attribute])
        data = {"base_value": shares.base_value}
        data |= {name: shares.pnl[:, column] for name, column in _scenario_columns(held).items()}
        parts.append(pd.DataFrame(data, index=index))
    return pd.concat(parts) if parts else pd.DataFrame()


def paths_frame(result: StressResult, columns: ColumnSource) -> pd.DataFrame:
    """Return values over time: index (portfolio, scenario, date); `value`, `carry`, `shock`, `cash`.

    A row for today and for each step of every scenario that has steps; empty where none has.
    """
    parts = []
    for held in result.portfolios:
        for name in held.table.scenarios:
            path = value_path(held, columns, name)
            if path is not None:
                index = pd.MultiIndex.from_product(
                    [[held.name], [name], list(path.dates)], names=["portfolio", "scenario", "date"]
                )
                data = {"value": path.after, "carry": path.carry, "shock": path.shock, "cash": path.cash}
                parts.append(pd.DataFrame(data, index=index))
    return pd.concat(parts) if parts else pd.DataFrame(columns=["value", "carry", "shock", "cash"])


def sensitivities_frame(found: tuple[Sensitivities, ...]) -> pd.DataFrame:
    """Return sensitivities: index (portfolio, position), a column a sensitivity."""
    parts = [
        pd.DataFrame(
            item.value,
            index=pd.MultiIndex.from_product(
                [[item.portfolio], item.position_ids], names=["portfolio", "position"]
            ),
            columns=pd.Index(item.names),
        )
        for item in found
    ]
    return pd.concat(parts) if parts else pd.DataFrame()
