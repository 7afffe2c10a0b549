"""Value of fixed-rate bonds: every payment discounted at the zero rate and the issuer's spread."""

from __future__ import annotations

from stresstest.arrays import FloatArray
from stresstest.instruments.fixed_bond.columns import FixedBondColumns, FlowColumns
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.discounting import log_discount
from stresstest.kernels.exponential import exp
from stresstest.kernels.market import MarketRows, Out


@kernel
def spread_discount(log_discount_factor: float, credit_spread: float, years: float) -> float:
    """Return D(t)·e^{−s·t}: the discount factor under a z-spread s, continuously compounded."""
    return exp(fma(-years, credit_spread, log_discount_factor))


@kernel
def _add_flow(flows: FlowColumns, k: int, market: MarketRows, spread: FloatArray, value: FloatArray) -> None:
    amount, years = flows.amount[k], flows.spread_years[k]
    lower_weight, upper_weight = flows.lower_weight_years[k], flows.upper_weight_years[k]
    lower, upper = market.factors[flows.lower_row[k]], market.factors[flows.upper_row[k]]
    for j in range(value.shape[0]):
        discount = log_discount(lower[j], upper[j], lower_weight, upper_weight)
        value[j] = fma(amount, spread_discount(discount, spread[j], years), value[j])


@kernel
def revalue(columns: FixedBondColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the dirty value of one unit of face of every bond, in its currency.

    V = Σ c_k · exp(−t_k·(z(t_k) + s)), payments in the order of their dates.
    """
    for i in range(columns.offsets.shape[0] - 1):
        value = out.value[i]
        spread = market.factors[columns.spread_row[i]]
        for j in range(value.shape[0]):
            value[j] = 0.0
        for k in range(columns.offsets[i], columns.offsets[i + 1]):
            _add_flow(columns.flows, k, market, spread, value)
