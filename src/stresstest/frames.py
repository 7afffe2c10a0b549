"""Data frames at the edge: results as pandas, labelled."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
import pandas as pd

from stresstest.arrays import FloatArray
from stresstest.hedging.plans.plan import HedgePlan
from stresstest.measures.contributions import contributions
from stresstest.measures.paths import value_path
from stresstest.measures.sensitivities import Sensitivities
from stresstest.measures.stages import StageSplit, in_order, stage_split
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


def mechanisms_frame(result: StressResult) -> pd.DataFrame:
    """Return P&L by mechanism: index (portfolio, mechanism), a column a scenario; 0 where it has no part."""
    parts = []
    for held in result.portfolios:
        splits = {name: stage_split(held, name) for name in held.table.scenarios}
        data = {name: pd.Series(split.pnl, index=list(split.parts)) for name, split in splits.items()}
        frame = pd.DataFrame(data, index=in_order(p for split in splits.values() for p in split.parts))
        frame.index = pd.MultiIndex.from_product([[held.name], frame.index], names=["portfolio", "mechanism"])
        parts.append(frame.fillna(0.0))
    return pd.concat(parts) if parts else pd.DataFrame()


def stages_frame(result: StressResult) -> pd.DataFrame:
    """Return P&L by stage: index (portfolio, position, stage), a column a scenario; 0 where there is none."""
    parts = []
    for held in result.portfolios:
        splits = {name: stage_split(held, name, rounds=True) for name in held.table.scenarios}
        stages = in_order(part for split in splits.values() for part in split.parts)
        index = pd.MultiIndex.from_product(
            [[held.name], held.position_ids, stages], names=["portfolio", "position", "stage"]
        )
        data = {name: _by_stage(split, stages).ravel() for name, split in splits.items()}
        parts.append(pd.DataFrame(data, index=index))
    return pd.concat(parts) if parts else pd.DataFrame()


def _by_stage(split: StageSplit, stages: Iterable[str]) -> FloatArray:
    """Return `(n_positions, n_stages)` P&L, 0 in stages that the scenario lacks; no rows for totals only."""
    positions = np.zeros((0, len(split.parts))) if split.positions is None else split.positions
    nothing = np.zeros(len(positions))
    columns = [positions[:, split.parts.index(one)] if one in split.parts else nothing for one in stages]
    return np.stack(columns, axis=1)


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


def trades_frame(plan: HedgePlan) -> pd.DataFrame:
    """Return the trades of a plan: index `instrument`, what each saves in the worst scenario before it."""
    worst = plan.worst.name if plan.worst is not None else ""
    data = {
        "label": [trade.label for trade in plan.trades],
        "action": [trade.action for trade in plan.trades],
        "quantity": [trade.quantity for trade in plan.trades],
        "lots": [trade.lots for trade in plan.trades],
        "value": [trade.value for trade in plan.trades],
        "cost": [trade.cost.total for trade in plan.trades],
        f"saves in {worst}": [trade.saves[worst] for trade in plan.trades],
        "reason": [trade.reason for trade in plan.trades],
    }
    return pd.DataFrame(data, index=pd.Index([trade.id for trade in plan.trades], name="instrument"))


def outcomes_frame(plan: HedgePlan) -> pd.DataFrame:
    """Return the scenarios of a plan: index `scenario`, P&L before and after in the portfolio's currency."""
    data = {
        "horizon": [one.horizon for one in plan.scenarios],
        "role": [one.role for one in plan.scenarios],
        "pnl_before": [one.pnl_before for one in plan.scenarios],
        "pnl_after": [one.pnl_after for one in plan.scenarios],
        "held_out": [one.held_out for one in plan.scenarios],
    }
    return pd.DataFrame(data, index=pd.Index([one.name for one in plan.scenarios], name="scenario"))


def rules_frame(plan: HedgePlan) -> pd.DataFrame:
    """Return the rules of a plan: index `rule`, amount and measured value in the rule's own unit."""
    data = {
        "measure": [reading.rule.measure for reading in plan.rules],
        "amount": [reading.rule.amount for reading in plan.rules],
        "measured": [reading.measured for reading in plan.rules],
        "is_binding": [reading.is_binding for reading in plan.rules],
        "shadow_price": [reading.shadow_price for reading in plan.rules],
        "reason": [reading.rule.reason for reading in plan.rules],
    }
    return pd.DataFrame(data, index=pd.Index([reading.rule.name for reading in plan.rules], name="rule"))
