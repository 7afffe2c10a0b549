"""Value of inflation-linked bonds: every payment grown with prices, then discounted at nominal rates."""

from __future__ import annotations

from stresstest.arrays import FloatArray
from stresstest.instruments.inflation_bond.columns import (
    LOG_INDEX,
    LOG_RATE,
    DueColumns,
    InflationBondColumns,
)
from stresstest.kernels._jit import kernel
from stresstest.kernels.dated_flows import (
    FlowTerms,
    GrowthTerms,
    IndexedRates,
    add_indexed_flow,
    index_growth,
    take_realised,
)
from stresstest.kernels.default import Claim, apply_default
from stresstest.kernels.market import MarketRows, Out
from stresstest.kernels.rows import NO_ROW


@kernel
def _pay(due: DueColumns, i: int, log_rate: FloatArray, log_index: FloatArray, paid: FloatArray) -> None:
    for k in range(due.offsets[i], due.offsets[i + 1]):
        amount, years, floor = due.amount[k], due.years[k], due.floor[k]
        for j in range(paid.shape[0]):
            paid[j] += amount * max(index_growth(log_rate[j], years, log_index[j]), floor)


@kernel
def _add_flows(
    columns: InflationBondColumns, i: int, market: MarketRows, log_index: FloatArray, value: FloatArray
) -> None:
    discount, growth = columns.discount, columns.growth
    spread = market.factors[columns.spread_row[i]]
    for k in range(columns.offsets[i], columns.offsets[i + 1]):
        terms = FlowTerms(
            columns.amount[k],
            discount.lower_weight_years[k],
            discount.upper_weight_years[k],
            discount.spread_years[k],
        )
        growth_terms = GrowthTerms(
            growth.lower_weight[k], growth.upper_weight[k], growth.years[k], columns.floor[k]
        )
        rates = IndexedRates(
            market.factors[discount.lower_row[k]],
            market.factors[discount.upper_row[k]],
            spread,
            market.factors[growth.lower_row[k]],
            market.factors[growth.upper_row[k]],
            log_index,
        )
        add_indexed_flow(terms, growth_terms, rates, value)


@kernel
def revalue(columns: InflationBondColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the dirty value of one unit of real face of every bond, in its currency.

    V = Σ c_k · I_k · exp(−t_k·(z(t_k) + s)) + max(I_n, 1) · exp(−t_n·(z(t_n) + s)), I_k the index ratio of a
    payment. What fell due since the step before goes into `paid` at the prices of its day; then the state
    takes in the prices of the valuation date. Where the issuer's default state is 1, recovery of the
    indexed face takes the place of both.
    """
    for i in range(columns.offsets.shape[0] - 1):
        value, paid = out.value[i], out.paid[i]
        log_index, log_rate = state[i, LOG_INDEX], state[i, LOG_RATE]
        _pay(columns.due, i, log_rate, log_index, paid)
        take_realised(
            market.factors[columns.inflation_row[i]], columns.realised_years[i], log_index, log_rate
        )
        for j in range(value.shape[0]):
            value[j] = 0.0
        _add_flows(columns, i, market, log_index, value)
        if columns.default_row[i] != NO_ROW:
            claim = Claim(columns.open_claim[i], columns.ended_claim[i])
            defaulted, recovery = (
                market.factors[columns.default_row[i]],
                market.factors[columns.recovery_row[i]],
            )
            apply_default(claim, defaulted, recovery, value, paid)
