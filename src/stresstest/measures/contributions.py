"""Additive shares of base value and P&L by any attribute of the positions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.measures.attributes import THROUGH, issuer_groups, memberships, require_attribute
from stresstest.measures.look_through import gains, holdings_of, split_position
from stresstest.revaluation.result import PortfolioResult


@dataclass(frozen=True)
class Contributions:
    """Contributions of groups; they add up to the portfolio.

    Attributes
    ----------
    groups
        In the order of their largest absolute P&L, the largest first.
    base_value
        `(n_groups,)`.
    pnl
        `(n_groups, n_columns)`; column 0 is the base and 0. Positions that failed in a column are left out.
    """

    attribute: str
    groups: tuple[str, ...]
    base_value: FloatArray
    pnl: FloatArray


def contributions(result: PortfolioResult, attribute: str) -> Contributions:
    """Return the contributions to `result` by `attribute`: a tag, `type`, `issuer`, `theme`, `sector`, ….

    `through:issuer`, `through:theme`, … split positions in funds by what the funds hold.

    Raises
    ------
    InputError
        When no position knows the attribute.
    """
    parts = list(_through(result, attribute) if attribute.startswith(THROUGH) else _whole(result, attribute))
    names = list(dict.fromkeys(name for name, _, _ in parts))
    place = {name: row for row, name in enumerate(names)}
    base, pnl = np.zeros(len(names)), np.zeros((len(names), result.table.n_columns))
    for name, part_base, part_pnl in parts:
        base[place[name]] += part_base
        pnl[place[name]] += part_pnl
    order = np.argsort(-np.abs(pnl).max(axis=1), kind="stable") if names else np.zeros(0, np.int64)
    return Contributions(attribute, tuple(names[row] for row in order.tolist()), base[order], pnl[order])


Part = tuple[str, float, FloatArray]
"""Group, base value and P&L `(n_columns,)` of a part of a position."""


def _whole(result: PortfolioResult, attribute: str) -> Iterator[Part]:
    base_values = np.nan_to_num(result.position_value[:, 0])
    position_pnl = np.nan_to_num(result.position_pnl)
    for position, groups in enumerate(memberships(result, attribute)):
        for name, share in groups:
            yield name, share * float(base_values[position]), share * position_pnl[position]


def _through(result: PortfolioResult, attribute: str) -> Iterator[Part]:
    """Yield the parts of positions, of those in funds by the issuers at the bottom."""
    require_attribute(result, attribute)
    plain = attribute.removeprefix(THROUGH)
    rows = result.instrument.tolist()
    held = {row: holdings_of(result, row) for row in dict.fromkeys(rows)}
    issuers = tuple(dict.fromkeys(name for holdings in held.values() for name in holdings))
    moved = dict(zip(issuers, gains(result, issuers), strict=True)) if issuers else {}
    for position, row in enumerate(rows):
        for issuer, base, pnl in split_position(result, position, held[row], moved):
            for name, share in issuer_groups(result.book.market.issuers.get(issuer), plain):
                yield name, share * base, share * pnl
