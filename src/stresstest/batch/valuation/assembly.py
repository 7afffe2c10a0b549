"""A group of portfolios put together from the parts of all valuations: the tables that a run gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from stresstest.arrays import FloatArray
from stresstest.batch.governance.tables import (
    challenger_table,
    judged_table,
    proxy_table,
    reconciliation_table,
    register_table,
)
from stresstest.batch.governance.variants import is_variant
from stresstest.batch.planning.prepared import Group, Prepared
from stresstest.batch.valuation.breaches import breach_table
from stresstest.batch.valuation.failures import Losses, failure_table, losses_of
from stresstest.batch.valuation.measures import measure_table
from stresstest.batch.valuation.parts import GroupColumns, failed_of, scenario_names
from stresstest.batch.valuation.paths import path_table

TABLES = (
    *("pnl", "draws", "measures", "contributions", "breaches", "failures", "paths", "portfolios"),
    *("reconciliation", "proxies", "challengers", "judged", "register"),
)
"""Tables of results, each a folder."""


def assemble_group(prepared: Prepared, group: Group, parts: Sequence[pa.Table]) -> dict[str, pa.Table]:
    """Return the tables of a group by name, see `TABLES`; those that a job does not ask for are left out.

    Parameters
    ----------
    parts
        Of each valuation the rows of the group, in any order; parts of tasks that were set apart are missing
        and their results null.
    """
    named = _named(prepared, group, parts)
    draws = _draws(prepared, group, parts)
    failed = [item for part in parts for item in failed_of(part) if not is_variant(item.result)]
    losses = losses_of(prepared, group, failed)
    found = {
        "portfolios": _portfolios(prepared, group, losses),
        "failures": failure_table(prepared, group, losses),
        "breaches": breach_table(prepared, group, named),
        **_governance(prepared, group, named, losses),
    }
    if prepared.named is not None:
        found["pnl"] = _pnl(prepared, group, named)
        found["paths"] = path_table(prepared, group, named)
        if prepared.job.contributions:
            found["contributions"] = _contributions(prepared, group, named)
    if prepared.sampled:
        found["draws"] = _draw_table(prepared, group, draws)
        found["measures"] = measure_table(prepared, group, draws)
    return found


def _governance(prepared: Prepared, group: Group, named: GroupColumns, losses: Losses) -> dict[str, pa.Table]:
    """Return the tables of governance; the register is of the run, and stands with its first group."""
    job = prepared.job
    found = {"proxies": proxy_table(prepared, group, losses.gross)}
    if job.reconcile is not None or any(prepared.holders.navs):
        found["reconciliation"] = reconciliation_table(prepared, group)
    if job.challenger and prepared.named is not None:
        found["challengers"] = challenger_table(prepared, group, named)
    if job.judgement and prepared.named is not None:
        found["judged"] = judged_table(prepared, group, named)
        if not group.number:
            found["register"] = register_table(prepared)
    return found


def _named(prepared: Prepared, group: Group, parts: Sequence[pa.Table]) -> GroupColumns:
    names = () if prepared.named is None else tuple(scenario_names(prepared.named.table))
    n_portfolios, n_shares = group.last - group.first, group.last_share - group.first_share
    stacked = _side_by_side(names, n_portfolios + n_shares, parts)
    return GroupColumns(names, stacked[:n_portfolios], stacked[n_portfolios:])


def _draws(prepared: Prepared, group: Group, parts: Sequence[pa.Table]) -> GroupColumns:
    names = tuple(f"{sample.name}/{draw}" for sample in prepared.sampled for draw in range(sample.n_draws))
    n_portfolios = group.last - group.first
    return GroupColumns(names, _side_by_side(names, n_portfolios, parts), np.empty((0, len(names))))


def _side_by_side(names: Sequence[str], n_rows: int, parts: Sequence[pa.Table]) -> FloatArray:
    """Return `(n_rows, n_names)` the columns of that name in any part, NaN where there is none."""
    place = {name: column for column, name in enumerate(names)}
    found = np.full((len(names), n_rows), np.nan)
    for part in parts:
        for name, column in zip(part.column_names, part.columns, strict=True):
            if name in place:
                found[place[name]] = column.to_numpy()
    turned: FloatArray = np.ascontiguousarray(found.T)
    return turned


def numbers(values: FloatArray) -> pa.Array:
    """Return numbers as an Arrow array, null where there is none."""
    return pa.array(values, from_pandas=True)


def _head(prepared: Prepared, group: Group) -> dict[str, pa.Array]:
    own = slice(group.first, group.last)
    return {
        "portfolio": pa.array(prepared.holders.names[own], pa.string()),
        "currency": pa.array(prepared.holders.currencies[own], pa.string()),
    }


def _pnl(prepared: Prepared, group: Group, named: GroupColumns) -> pa.Table:
    scenarios = prepared.scenarios
    values = named.of(scenarios)
    columns = {name: numbers(values[:, place]) for place, name in enumerate(scenarios)}
    base = numbers(prepared.row_base.portfolios[group.first : group.last])
    return pa.table({**_head(prepared, group), "base_value": base, **columns})


def _draw_table(prepared: Prepared, group: Group, draws: GroupColumns) -> pa.Table:
    columns = {name: numbers(draws.portfolios[:, place]) for place, name in enumerate(draws.names)}
    return pa.table({"portfolio": _head(prepared, group)["portfolio"], **columns})


def _contributions(prepared: Prepared, group: Group, named: GroupColumns) -> pa.Table:
    own = slice(group.first_share, group.last_share)
    shares = prepared.shares
    holders = prepared.holders.names
    place = {name: column for column, name in enumerate(named.names)}
    columns: Mapping[str, pa.Array] = {
        name: numbers(named.shares[:, place[name]]) for name in prepared.scenarios
    }
    return pa.table(
        {
            "portfolio": pa.array([holders[row] for row in shares.portfolio[own].tolist()], pa.string()),
            "attribute": pa.array(shares.attribute[own], pa.string()),
            "category": pa.array(shares.group[own], pa.string()),
            "base_value": numbers(prepared.row_base.shares[own]),
            **columns,
        }
    )


def _portfolios(prepared: Prepared, group: Group, losses: Losses) -> pa.Table:
    own = slice(group.first, group.last)
    holders = prepared.holders
    base = prepared.row_base.portfolios[own]
    held = np.diff(holders.start)[own]
    refused = holders.n_refused[own]
    nav = np.array([np.nan if one is None else one.value for one in holders.navs[own]])
    return pa.table(
        {
            **_head(prepared, group),
            "n_positions": pa.array(held + refused),
            "n_failed": pa.array(losses.n_failed + refused),
            "base_value": numbers(base),
            "left_out": numbers(losses.left_out),
            "gross_value": numbers(losses.gross),
            "nav": numbers(nav),
            "nav_gap": numbers(base - nav),
            "coverage": numbers(losses.coverage),
        }
    )
