"""Value of liabilities: every payment owed, discounted, and what was paid since the step before."""

from __future__ import annotations

from stresstest.arrays import FloatArray
from stresstest.instruments.liability.columns import FIXED, LOG_INDEX, LOG_RATE, DueColumns, LiabilityColumns
from stresstest.kernels._jit import kernel
from stresstest.kernels.dated_flows import (
    FlowTerms,
    GrowthTerms,
    IndexedRates,
    add_flow,
    add_indexed_flow,
    index_growth,
    take_realised,
)
from stresstest.kernels.market import MarketRows, Out


@kernel
def _flow_terms(columns: LiabilityColumns, k: int) -> FlowTerms:
    discount = columns.discount
    return FlowTerms(
        columns.amount[k],
        discount.lower_weight_years[k],
        discount.upper_weight_years[k],
        discount.spread_years[k],
    )


@kernel
def _add_fixed(columns: LiabilityColumns, i: int, market: MarketRows, value: FloatArray) -> None:
    discount, spread = columns.discount, market.factors[columns.spread_row[i]]
    for k in range(columns.offsets[i], columns.offsets[i + 1]):
        lower_rate = market.factors[discount.lower_row[k]]
        upper_rate = market.factors[discount.upper_row[k]]
        add_flow(_flow_terms(columns, k), lower_rate, upper_rate, spread, value)


@kernel
def _add_linked(
    columns: LiabilityColumns, i: int, market: MarketRows, log_index: FloatArray, value: FloatArray
) -> None:
    discount, growth = columns.discount, columns.growth
    spread = market.factors[columns.spread_row[i]]
    for k in range(columns.offsets[i], columns.offsets[i + 1]):
        growth_terms = GrowthTerms(growth.lower_weight[k], growth.upper_weight[k], growth.years[k], 0.0)
        rates = IndexedRates(
            market.factors[discount.lower_row[k]],
            market.factors[discount.upper_row[k]],
            spread,
            market.factors[growth.lower_row[k]],
            market.factors[growth.upper_row[k]],
            log_index,
        )
        add_indexed_flow(_flow_terms(columns, k), growth_terms, rates, value)


@kernel
def _pay_fixed(due: DueColumns, i: int, paid: FloatArray) -> None:
    for k in range(due.offsets[i], due.offsets[i + 1]):
        amount = due.amount[k]
        for j in range(paid.shape[0]):
            paid[j] += amount


@kernel
def _pay_linked(
    due: DueColumns, i: int, log_rate: FloatArray, log_index: FloatArray, paid: FloatArray
) -> None:
    for k in range(due.offsets[i], due.offsets[i + 1]):
        amount, years = due.amount[k], due.years[k]
        for j in range(paid.shape[0]):
            paid[j] += amount * index_growth(log_rate[j], years, log_index[j])


@kernel
def revalue(columns: LiabilityColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the value of one unit of every liability, negative, in its currency.

    V = −Σ a_k · I(t_k) · exp(−t_k·(z(t_k) + s)) with I the growth of prices, 1 for fixed payments. What fell
    due since the step before goes into `paid`, negative, at the prices of its day; then the state takes in
    the prices of the valuation date.
    """
    for i in range(columns.offsets.shape[0] - 1):
        value, paid = out.value[i], out.paid[i]
        for j in range(value.shape[0]):
            value[j] = 0.0
        if columns.inflation_row[i] == FIXED:
            _pay_fixed(columns.due, i, paid)
            _add_fixed(columns, i, market, value)
        else:
            inflation = market.factors[columns.inflation_row[i]]
            log_index, log_rate = state[i, LOG_INDEX], state[i, LOG_RATE]
            _pay_linked(columns.due, i, log_rate, log_index, paid)
            take_realised(inflation, columns.gap_years[i], log_index, log_rate)
            _add_linked(columns, i, market, log_index, value)
