"""Value of fixed-rate bonds: every payment discounted at the zero rate and the issuer's spread."""

from __future__ import annotations

from stresstest.arrays import FloatArray
from stresstest.instruments.fixed_bond.columns import FixedBondColumns
from stresstest.kernels._jit import kernel
from stresstest.kernels.dated_flows import FlowTerms, add_flow
from stresstest.kernels.default import Claim, apply_default
from stresstest.kernels.market import MarketRows, Out
from stresstest.kernels.rows import NO_ROW


@kernel
def revalue(columns: FixedBondColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the dirty value of one unit of face of every bond, in its currency.

    V = Σ c_k · exp(−t_k·(z(t_k) + s)), payments in the order of their dates; those that were due since the
    step before go into `paid`. Where the issuer's default state is 1, recovery takes the place of both.
    """
    flows = columns.flows
    for i in range(columns.offsets.shape[0] - 1):
        value = out.value[i]
        spread = market.factors[columns.spread_row[i]]
        for j in range(value.shape[0]):
            value[j] = 0.0
        for k in range(columns.offsets[i], columns.offsets[i + 1]):
            terms = FlowTerms(
                flows.amount[k],
                flows.lower_weight_years[k],
                flows.upper_weight_years[k],
                flows.spread_years[k],
            )
            lower_rate = market.factors[flows.lower_row[k]]
            upper_rate = market.factors[flows.upper_row[k]]
            add_flow(terms, lower_rate, upper_rate, spread, value)
        if columns.paid[i] != 0.0:
            paid = out.paid[i]
            for j in range(paid.shape[0]):
                paid[j] = columns.paid[i]
        if columns.default_row[i] != NO_ROW:
            claim = Claim(columns.outstanding[i], columns.repaid[i])
            state, recovery = market.factors[columns.default_row[i]], market.factors[columns.recovery_row[i]]
            apply_default(claim, state, recovery, out.value[i], out.paid[i])
