"""What trades cost: spread, square-root impact, fees, rolls, tax on the lots that are sold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.hedging.inputs.lines import Line


class LotTable(NamedTuple):
    """Tax lots of the held lines, line by line, those of least gain first.

    Attributes
    ----------
    line
        `(n_lots,)` held line of each lot.
    size
        `(n_lots,)` units, as a share of the base value.
    gain
        `(n_lots,)` taxable gain per unit of value sold; negative for a loss.
    """

    line: FloatArray
    size: FloatArray
    gain: FloatArray


class CostShares(NamedTuple):
    """Cost of trades as shares of the base value."""

    spread: float
    impact: float
    tax: float
    fees: float
    rolls: float

    @property
    def trading(self) -> float:
        """Everything but the rolls."""
        return self.spread + self.impact + self.tax + self.fees


@dataclass(frozen=True, eq=False)
class TradeCosts:
    """Costs per line; a line of held positions is traded by reducing it, a candidate by buying it.

    Attributes
    ----------
    spread, fee
        `(n_lines,)` half spread and fee for one unit of value traded.
    impact
        `(n_lines,)` k in k · x^1.5, x the value traded; all as shares of the base value.
    roll_share
        `(n_candidates,)` cost of the rolls within the horizon, for one unit of value bought; of a swap what
        it costs to hold over the horizon if nothing moves.
    premium
        `(n_candidates,)` premium a year at the ask for one unit of value bought: of options with their rolls,
        of a swap its half spread and what it costs to hold.
    size
        `(n_lines,)` what turnover and least trades count for one unit traded: its value, of a swap its
        notional, of a forward or future what it is on.
    set_aside
        `(n_candidates,)` cash that must stay for one unit of value bought: margin of swaps.
    daily_volume
        `(n_lines,)` usual daily volume as a share of the base value; infinite where it is not known.
    lots
        Of the held lines that have any.
    tax_rate
        Of realised gains, net of realised losses of the same plan; losses beyond them earn nothing.
    """

    spread: FloatArray
    fee: FloatArray
    impact: FloatArray
    roll_share: FloatArray
    premium: FloatArray
    size: FloatArray
    set_aside: FloatArray
    daily_volume: FloatArray
    lots: LotTable
    tax_rate: float

    def of(self, sell: FloatArray, buy: FloatArray) -> CostShares:
        """Return what trades cost exactly.

        Parameters
        ----------
        sell, buy
            `(n_held,)` and `(n_candidates,)` value traded as shares of the base value.
        """
        traded = np.concatenate([sell, buy])
        impact = float((self.impact * traded * np.sqrt(np.maximum(traded, 0.0))).sum())
        gain = sum(self.gain(line, float(amount)) for line, amount in enumerate(sell.tolist()))
        return CostShares(
            spread=float((self.spread * traded).sum()),
            impact=impact,
            tax=self.tax_rate * max(gain, 0.0),
            fees=float((self.fee * traded).sum()),
            rolls=float((self.roll_share * buy).sum()),
        )

    def gain(self, line: int, sold: float) -> float:
        """Return the taxable gain of reducing held line `line` by `sold`, lots of least gain first."""
        own = self.lots.line == line
        size, gain = self.lots.size[own], self.lots.gain[own]
        before = np.cumsum(size) - size
        return float((np.clip(sold - before, 0.0, size) * gain).sum())

    def pieces(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return line, intercept and slope of each piece of the gains, which are the largest piece each.

        Lots are sold in the order of rising gain, so the gain is convex in the amount sold: the largest of
        the lines through its pieces.
        """
        line, size, gain = self.lots
        intercept = np.zeros(len(line))
        for place in range(1, len(line)):
            if line[place] == line[place - 1]:
                sold = size[:place][line[:place] == line[place]].sum()
                intercept[place] = intercept[place - 1] + (gain[place - 1] - gain[place]) * sold
        return line, intercept, gain


def lot_table(held: Sequence[Line], price: FloatArray, scale: FloatArray, nav: float) -> LotTable:
    """Return the lots of `held`, least gain first; what a position's lots leave out sells first and untaxed.

    Parameters
    ----------
    price
        `(n_held,)` mid price of a unit in the instrument's own currency, that of the lots' prices.
    scale
        `(n_held,)` value of a unit in the portfolio's currency.
    nav
        Base value of the portfolio.
    """
    rows: list[tuple[float, float, float]] = []
    for place, line in enumerate(held):
        if not line.lots:
            continue
        lots = [
            (line.sign * (price[place] - lot.price) / abs(price[place]), lot.quantity) for lot in line.lots
        ]
        left = abs(line.quantity) - sum(quantity for _, quantity in lots)
        if left > 0.0:
            lots.append((0.0, left))
        rows += [(float(place), units * scale[place] / nav, gain) for gain, units in sorted(lots)]
    table = np.array(rows).reshape(len(rows), 3)
    return LotTable(frozen(table[:, 0]), frozen(table[:, 1]), frozen(table[:, 2]))
