"""Failures of a group as rows, and what they take out of its totals."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from stresstest.arrays import FloatArray, IntArray
from stresstest.batch.planning.prepared import Group, Prepared
from stresstest.batch.valuation.failing import Failed, Failing, why
from stresstest.scenarios.columns import FactorColumns
from stresstest.scenarios.table import ColumnTable


class Row(NamedTuple):
    """A row of the table: `scenario` is empty for a position that has no value in any."""

    portfolio: str
    position: str
    scenario: str
    reason: str
    message: str
    base_value: float | None


class Losses(NamedTuple):
    """What a group lacks.

    `left_out`, `gross`, `coverage` and `n_failed` are `(n_portfolios,)`: base value of the positions that
    lack a value in some result, gross base value, its share with a value in every result, and how many
    lack one.
    `rows` are the failures in the order of portfolios and positions.
    """

    left_out: FloatArray
    gross: FloatArray
    coverage: FloatArray
    n_failed: IntArray
    rows: tuple[Row, ...]


def losses_of(prepared: Prepared, group: Group, failed: Sequence[Failed]) -> Losses:
    """Return what a group lacks, from what its valuations tell of instruments."""
    by_instrument = _by_instrument(prepared, failed)
    holders = prepared.holders
    failing = np.zeros(len(prepared.book.instruments), np.bool_)
    failing[list(by_instrument)] = True
    left, gross, covered, count, rows = [], [], [], [], list[Row]()
    for portfolio in range(group.first, group.last):
        own = holders.positions(portfolio)
        base, lacks = holders.base[own], failing[holders.instrument[own]] | np.isnan(holders.base[own])
        size = np.abs(base[~np.isnan(base)])
        total = math.fsum(size.tolist())
        without = math.fsum(np.abs(base[lacks & ~np.isnan(base)]).tolist())
        left.append(math.fsum(base[lacks & ~np.isnan(base)].tolist()))
        gross.append(total)
        covered.append((total - without) / total if total else float(not lacks.any()))
        count.append(int(np.count_nonzero(lacks)))
        rows += _rows(prepared, portfolio, np.flatnonzero(lacks), by_instrument)
    rows = sorted([*rows, *_refused(prepared, group)], key=lambda row: row[:3])
    return Losses(np.array(left), np.array(gross), np.array(covered), np.array(count, np.int64), tuple(rows))


def failure_table(prepared: Prepared, group: Group, losses: Losses) -> pa.Table:
    """Return the failures of a group; the first has those of portfolios that could not be read as well."""
    rows = list(losses.rows)
    if group.number == 0:
        known = frozenset(prepared.holders.names)
        rows += [_refused_row(item) for item in prepared.refused if item.portfolio not in known]
    kinds = (pa.string(), pa.string(), pa.string(), pa.string(), pa.string(), pa.float64())
    columns = zip(*rows, strict=True) if rows else ([] for _ in kinds)
    arrays = [pa.array(list(column), kind) for column, kind in zip(columns, kinds, strict=True)]
    return pa.table(dict(zip(Row._fields, arrays, strict=True)))


def _by_instrument(prepared: Prepared, failed: Sequence[Failed]) -> dict[int, tuple[Failed, ...]]:
    """Return what failed of each instrument: one entry a named scenario, one a sampled set.

    Of a set it is the first draw, and how many fail, whatever the draws were cut into.
    """
    merged: dict[tuple[int, str], Failed] = {}
    order = {name: place for place, name in enumerate(prepared.scenarios)}
    for item in sorted(failed, key=lambda one: (one.instrument, _place(one.result, order))):
        key = (item.instrument, item.result.split("/", 1)[0])
        first = merged.get(key)
        merged[key] = item if first is None else first._replace(columns=first.columns + item.columns)
    found: dict[int, list[Failed]] = {}
    for item in merged.values():
        found.setdefault(item.instrument, []).append(item)
    for instrument in np.flatnonzero(np.isnan(prepared.base.unit)).tolist():
        found[instrument] = [Failed(instrument, "", 0, *_why_base(prepared, instrument))]
    return {instrument: tuple(items) for instrument, items in found.items()}


def _place(result: str, order: dict[str, int]) -> tuple[int, str, int]:
    """Return the place of a result: named scenarios in their order, then draws by set and number."""
    name, _, draw = result.partition("/")
    return order.get(name, len(order)), name, int(draw or 0)


def _why_base(prepared: Prepared, instrument: int) -> tuple[str, str]:
    base = FactorColumns(ColumnTable.instant(()), prepared.book.market.levels, {})
    return why(prepared.book, base, Failing(instrument, 0, 1))


def _rows(
    prepared: Prepared, portfolio: int, positions: IntArray, failed: dict[int, tuple[Failed, ...]]
) -> Iterator[Row]:
    holders = prepared.holders
    start = int(holders.start[portfolio])
    for position in positions.tolist():
        base = float(holders.base[start + position])
        told = failed.get(int(holders.instrument[start + position]), ())
        for item in told:
            message = item.message
            if item.columns > 1:
                message += f" (and in {item.columns - 1:,} more draws)"
            value = None if np.isnan(base) else base
            yield Row(
                holders.names[portfolio],
                holders.ids[portfolio][position],
                item.result,
                item.reason,
                message,
                value,
            )


def _refused(prepared: Prepared, group: Group) -> Iterator[Row]:
    own = frozenset(prepared.holders.names[group.first : group.last])
    for item in prepared.refused:
        if item.portfolio in own:
            yield _refused_row(item)


def _refused_row(item: tuple[str, str, str, str]) -> Row:
    portfolio, position, reason, message = item
    return Row(portfolio, position, "", reason, message, None)
