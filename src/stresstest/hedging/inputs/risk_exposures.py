"""What lines are exposed to: prices by delta, names through funds, systematic factors, income."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.hedging.inputs.lines import Line
from stresstest.hedging.policies.traits import look_through
from stresstest.market.factor_model import TRADING_DAYS, FactorModel
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot


@dataclass(frozen=True, eq=False)
class RiskExposures:
    """Exposures of one unit of every line, in the portfolio's currency.

    Attributes
    ----------
    delta
        `(n_lines,)` change of value for the issuer's price up by all of itself.
    factors
        `(n_lines, n_factors)` change of value per unit of each systematic factor; no columns without a model.
    names
        `(n_names,)` issuers that lines hold directly or through funds.
    name_delta
        `(n_names, n_lines)` delta by issuer, funds through what they hold.
    carry
        `(n_lines,)` income a year if nothing moves, but for what is set aside to hold a swap that is bought.
    later
        `(n_lines,)` worth of a unit at the policy's horizon with all that it paid, if nothing moves.
    cash_carry
        The same of one unit of the portfolio's currency.
    market
        With the factor model, by regime.
    """

    delta: FloatArray
    factors: FloatArray
    names: tuple[str, ...]
    name_delta: FloatArray
    carry: FloatArray
    later: FloatArray
    cash_carry: float
    market: MarketSnapshot

    @property
    def model(self) -> FactorModel | None:
        """The market's factor model."""
        return self.market.factor_model

    def own_vol(self, regime: str) -> FloatArray:
        """Return `(n_names,)` vol a year of each issuer's own part; 0 where the model does not know it."""
        return own_vols(self.names, self.model, regime)


def own_vols(names: Sequence[str], model: FactorModel | None, regime: str) -> FloatArray:
    """Return `(n_names,)` vol a year of the own part of each issuer's price in a regime; 0 where unknown."""
    if model is None:
        return np.zeros(len(names))
    rows = [model.rows.get(RiskFactorKey("spot", name), -1) for name in names]
    vols = model.idiosyncratic_vol[regime]
    return frozen([0.0 if row < 0 else float(vols[row]) for row in rows])


def name_deltas(
    lines: Sequence[Line], delta: FloatArray, market: MarketSnapshot
) -> tuple[tuple[str, ...], FloatArray]:
    """Return the issuers behind `lines`, by name, and `(n_names, n_lines)` delta to each."""
    inside = [look_through(line.issuer, market) if line.issuer else {} for line in lines]
    names = tuple(sorted({name for row in inside for name in row}))
    place = {name: row for row, name in enumerate(names)}
    table = np.zeros((len(names), len(lines)))
    for column, row in enumerate(inside):
        for name, weight in row.items():
            table[place[name], column] = weight * delta[column]
    return names, frozen(table)


def daily_vols(lines: Sequence[Line], market: MarketSnapshot, regime: str = "calm") -> FloatArray:
    """Return `(n_lines,)` standard deviation a day of the price that a line's impact scales with.

    Realised over two years where the market states it, else by the factor model; 0 where neither knows it,
    as for bills, whose prices hardly move.
    """
    model = market.factor_model
    yearly = {name: _yearly_vol(name, market, model, regime) for name in {line.issuer for line in lines}}
    return frozen([yearly[line.issuer] / np.sqrt(TRADING_DAYS) for line in lines])


def _yearly_vol(issuer: str, market: MarketSnapshot, model: FactorModel | None, regime: str) -> float:
    known = market.issuers.get(issuer)
    stated = known.attributes.get("realised_vol_2y", "") if known else ""
    if stated:
        return float(stated.rstrip("%")) / 100.0
    if model is None or known is None:
        return 0.0
    inside = look_through(issuer, market)
    rows = {name: model.rows.get(RiskFactorKey("spot", name), -1) for name in inside}
    weights = {row: inside[name] for name, row in rows.items() if row >= 0}
    if not weights:
        return 0.0
    weight = np.array(list(weights.values()))
    picked = list(weights)
    exposure = (model.exposures[picked] * weight[:, np.newaxis]).sum(axis=0)
    own = ((model.idiosyncratic_vol[regime][picked] * weight) ** 2).sum()
    return float(np.sqrt(exposure @ model.covariance[regime] @ exposure + own))
