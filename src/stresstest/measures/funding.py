"""Funded ratio: what assets are worth for each unit of what is owed, before and under each scenario."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.catalog import instrument_type
from stresstest.revaluation.result import PortfolioResult


@dataclass(frozen=True)
class Funding:
    """Assets and liabilities of one portfolio in every column.

    Attributes
    ----------
    assets
        `(n_columns,)` value of everything but the liabilities, in the portfolio's currency; what has been
        paid to them along a path is gone. NaN where a liability has no value.
    liabilities
        `(n_columns,)` value of what is still owed, positive; NaN where a liability has no value.
    """

    assets: FloatArray
    liabilities: FloatArray

    @cached_property
    def ratio(self) -> FloatArray:
        """`(n_columns,)` assets ÷ liabilities, NaN where nothing is owed any more."""
        owed = np.where(self.liabilities > 0.0, self.liabilities, np.nan)
        return frozen(self.assets / owed)

    @cached_property
    def surplus(self) -> FloatArray:
        """`(n_columns,)` assets − liabilities; negative for a deficit."""
        return frozen(self.assets - self.liabilities)


def funding(result: PortfolioResult) -> Funding | None:
    """Return assets and liabilities; None without liabilities, or where only totals were kept.

    Liabilities are the positions whose instrument type says so (`InstrumentType.is_liability`). Net of what
    others owe under the same type, such as pensions that were bought in.
    """
    owing = {tag: instrument_type(tag).is_liability for tag in dict.fromkeys(result.position_types)}
    owed = np.array([owing[tag] for tag in result.position_types], dtype=np.bool_)
    units = result.units
    if units is None or not owed.any():
        return None
    rows = result.instrument[owed]
    unpaid = units.value[rows] if units.cash is None else units.value[rows] - units.cash[rows]
    scale = result.held.quantity[owed, np.newaxis]
    liabilities = -((scale * unpaid) * units.fx[result.held.fx[owed]]).sum(axis=0)
    return Funding(frozen(result.value + liabilities), frozen(liabilities))
