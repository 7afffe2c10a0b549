"""Data frames at the edge: results as pandas, labelled."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
import pandas as pd

from stresstest.arrays import FloatArray
from stresstest.hedging.plans.plan import HedgePlan
from stresstest.measures.contributions import contributions
from stresstest.measures.factor_splits.delta_gamma import DeltaGamma
from stresstest.measures.factor_splits.split import INTERACTION, MERGED, FactorSplit
from stresstest.measures.paths import value_path
from stresstest.measures.sensitivities import Sensitivities
from stresstest.measures.stages import StageSplit, in_order, stage_split
from stresstest.measures.turning_points import Sweep
from stresstest.revaluation.result import PortfolioResult, StressResult
from stresstest.reverse.result import ReverseStress
from stresstest.reverse.severities import Severities
from stresstest.scenarios.columns import ColumnSource
from stresstest.scenarios.histories import AGED

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


def factors_frame(splits: tuple[FactorSplit, ...]) -> pd.DataFrame:
    """Return P&L by factors: index (portfolio, part), a column a scenario; 0 where it has no such part."""
    parts = []
    for name in dict.fromkeys(split.portfolio for split in splits):
        own = [split for split in splits if split.portfolio == name]
        data = {split.scenario: pd.Series(split.pnl, index=list(split.parts)) for split in own}
        groups = dict.fromkeys(group for split in own for group in split.groups)
        rest = [part for part in (MERGED, AGED, INTERACTION) if any(part in split.parts for split in own)]
        frame = pd.DataFrame(data, index=[*groups, *rest]).fillna(0.0)
        frame.index = pd.MultiIndex.from_product([[name], frame.index], names=["portfolio", own[0].by])
        parts.append(frame)
    return pd.concat(parts) if parts else pd.DataFrame()


def delta_gamma_frame(found: tuple[DeltaGamma, ...], by: str) -> pd.DataFrame:
    """Return derivatives beside full P&L: index (portfolio, scenario, part), the rest of each at the end."""
    names = ["delta", "gamma", "full"]
    parts = []
    for one in found:
        rows = [*zip(one.delta, one.gamma, one.full, strict=True), (0.0, one.cross_gamma, one.interaction)]
        rows += [(one.aged, 0.0, one.aged)] if one.on is not None else []
        labels = [*one.groups, INTERACTION, *([AGED] if one.on is not None else [])]
        index = pd.MultiIndex.from_product(
            [[one.portfolio], [one.scenario], labels], names=["portfolio", "scenario", by]
        )
        parts.append(pd.DataFrame(rows, index=index, columns=pd.Index(names)))
    frame = pd.concat(parts) if parts else pd.DataFrame(columns=names)
    return frame.assign(unexplained=frame["full"] - frame["delta"] - frame["gamma"])


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


def answers_frame(found: ReverseStress) -> pd.DataFrame:
    """Return the answers of a reverse stress: index `answer`, what each driver costs of the loss."""
    answers = found.answers
    drivers = list(dict.fromkeys(driver for answer in answers for driver in answer.parts))
    data: dict[str, object] = {
        "lead": [answer.lead for answer in answers],
        "distance": [answer.distance for answer in answers],
        "tail_probability": [answer.tail_probability for answer in answers],
        "loss": [answer.loss for answer in answers],
    }
    data |= {driver: [answer.parts.get(driver, 0.0) for answer in answers] for driver in drivers}
    return pd.DataFrame(data, index=pd.Index([answer.scenario.name for answer in answers], name="answer"))


def factor_moves_frame(found: ReverseStress) -> pd.DataFrame:
    """Return the moves of all answers: index (answer, factor)."""
    columns = ("base", "level", "change", "deviations", "cost", "marginal")
    every = [(answer.scenario.name, move) for answer in found.answers for move in answer.moves]
    index = pd.MultiIndex.from_tuples(
        [(name, str(move.factor)) for name, move in every], names=["answer", "factor"]
    )
    return pd.DataFrame({column: [getattr(move, column) for _, move in every] for column in columns}, index)


def answer_positions_frame(found: ReverseStress) -> pd.DataFrame:
    """Return P&L by position (rows) and answer (columns)."""
    data: dict[str, object] = {"type": found.position_types}
    data |= {answer.scenario.name: answer.pnl for answer in found.answers}
    return pd.DataFrame(data, index=pd.Index(found.positions, name="position"))


def severities_frame(found: Severities) -> pd.DataFrame:
    """Return how severe each scenario must be: index `scenario`; NaN where none is enough."""
    needed = found.needed
    data = {
        "horizon": [item.horizon for item in needed],
        "severity": [np.nan if item.severity is None else item.severity for item in needed],
        "loss": [item.loss for item in needed],
        "at": [item.at for item in needed],
        "problem": [item.problem for item in needed],
    }
    return pd.DataFrame(data, index=pd.Index([item.scenario for item in needed], name="scenario"))


def sweep_frame(found: Sweep, axis: str) -> pd.DataFrame:
    """Return P&L by value of the axis (rows) and portfolio, each portfolio in its own currency."""
    return pd.DataFrame(found.pnl.T, index=pd.Index(found.x, name=axis), columns=list(found.portfolios))


def break_points_frame(found: Sweep) -> pd.DataFrame:
    """Return break-points in order of the axis, a row each."""
    columns = ("portfolio", "x", "kind", "subject", "what", "positions", "loss", "effect", "bends")
    rows = [[getattr(item, name) for name in columns] for item in found.break_points]
    return pd.DataFrame(rows, columns=list(columns))
