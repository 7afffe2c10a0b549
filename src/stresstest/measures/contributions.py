"""Additive shares of base value and P&L by any attribute of the positions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.measures.attributes import memberships
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

    Raises
    ------
    InputError
        When no position knows the attribute.
    """
    shares = memberships(result, attribute)
    names = list(dict.fromkeys(name for groups in shares for name, _ in groups))
    place = {name: row for row, name in enumerate(names)}
    base, pnl = np.zeros(len(names)), np.zeros((len(names), result.table.n_columns))
    base_values = np.nan_to_num(result.position_value[:, 0])
    position_pnl = np.nan_to_num(result.position_pnl)
    for position, groups in enumerate(shares):
        for name, share in groups:
            base[place[name]] += share * base_values[position]
            pnl[place[name]] += share * position_pnl[position]
    order = np.argsort(-np.abs(pnl).max(axis=1), kind="stable") if names else np.zeros(0, np.int64)
    return Contributions(attribute, tuple(names[row] for row in order.tolist()), base[order], pnl[order])
