"""Rows that a batch values: portfolios, and parts of them by an attribute, as net holdings of instruments."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, IntArray, frozen, frozen_int
from stresstest.kernels.holdings import HoldingRows


class Entries(NamedTuple):
    """Holdings before they are netted, `(n_entries,)` each: instrument, row, exchange rate, units held."""

    instrument: IntArray
    row: IntArray
    fx: IntArray
    quantity: FloatArray


class Groups(NamedTuple):
    """Groups that positions belong to, and with what share.

    `position`, `group`, `share` `(n_memberships,)`; `names (n_groups,)`.
    """

    position: IntArray
    group: IntArray
    share: FloatArray
    names: tuple[str, ...]


def net_rows(entries: Entries) -> HoldingRows:
    """Return `entries` in canonical order, by instrument, then by row, one for each pair of the two.

    Quantities of one pair are summed with one rounding (`math.fsum`), so their order does not matter, and
    long and short of one thing cancel exactly.
    """
    order = np.lexsort((entries.row, entries.instrument))
    instrument, row = entries.instrument[order], entries.row[order]
    new = np.ones(len(order), np.bool_)
    new[1:] = (instrument[1:] != instrument[:-1]) | (row[1:] != row[:-1])
    start = np.flatnonzero(new)
    first = order[start]
    quantity = entries.quantity[first].copy()
    count = np.diff(start, append=len(order))
    for place in np.flatnonzero(count > 1).tolist():
        own = order[start[place] : start[place] + count[place]]
        quantity[place] = math.fsum(entries.quantity[own].tolist())
    return HoldingRows(
        frozen_int(instrument[start]),
        frozen_int(row[start]),
        frozen_int(entries.fx[first]),
        frozen(quantity),
    )


@dataclass(frozen=True, slots=True)
class SharedRows:
    """Parts of portfolios: entries of their holdings, and the portfolio and group `(n_rows,)` of each row."""

    entries: Entries
    portfolio: IntArray
    group: tuple[str, ...]


def shared_rows(held: Entries, portfolio: IntArray, groups: Groups) -> SharedRows:
    """Return the rows that `groups` split portfolios into, by portfolio, then by name of the group.

    Parameters
    ----------
    held
        Every position; its `row` is the portfolio.
    portfolio
        `(n_positions,)` portfolio of each position.
    """
    names, size = sorted(groups.names), max(len(groups.names), 1)
    place = {name: number for number, name in enumerate(names)}
    rank = np.array([place[name] for name in groups.names], np.int64)
    key = portfolio[groups.position] * size + rank[groups.group]
    distinct, row = np.unique(key, return_inverse=True)
    entries = Entries(
        held.instrument[groups.position],
        row.astype(np.int64),
        held.fx[groups.position],
        held.quantity[groups.position] * groups.share,
    )
    return SharedRows(
        entries, frozen_int(distinct // size), tuple(names[number] for number in (distinct % size).tolist())
    )


def groups_of_instruments(instrument: IntArray, groups: Mapping[int, Sequence[tuple[str, float]]]) -> Groups:
    """Return the groups of positions from those of their instruments, given for every row that is held."""
    names: dict[str, int] = {}
    rows = np.array(sorted(groups), np.int64)
    flat = [
        (names.setdefault(name, len(names)), share) for row in rows.tolist() for name, share in groups[row]
    ]
    width = np.array([len(groups[row]) for row in rows.tolist()], np.int64)
    start = np.concatenate([[0], np.cumsum(width)])
    place = np.searchsorted(rows, instrument)
    count = width[place]
    position = np.repeat(np.arange(len(instrument)), count)
    offset = np.arange(len(position)) - np.repeat(np.cumsum(count) - count, count)
    chosen = start[place][position] + offset
    group = np.array([number for number, _ in flat], np.int64)
    share = np.array([part for _, part in flat], np.float64)
    return Groups(frozen_int(position), frozen_int(group[chosen]), frozen(share[chosen]), tuple(names))


def groups_of_tags(values: Sequence[str], none: str) -> Groups:
    """Return the groups of positions from one text of each; an empty one belongs to the group `none`."""
    names: dict[str, int] = {}
    group = [names.setdefault(value or none, len(names)) for value in values]
    count = len(group)
    return Groups(frozen_int(np.arange(count)), frozen_int(group), frozen(np.ones(count)), tuple(names))
