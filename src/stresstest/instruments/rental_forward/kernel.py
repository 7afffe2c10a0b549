"""Value of GPU rental-rate forwards: every settlement left, at the forward rate, discounted."""

from __future__ import annotations

from stresstest.arrays import FloatArray
from stresstest.instruments.rental_forward.columns import RentalForwardColumns
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.market import MarketRows, Out


@kernel
def settlement(rental_rate: float, agreed_rate: float, hours: float) -> float:
    """Return what renting `hours` at the agreed rate saves against the market's rate."""
    return hours * (rental_rate - agreed_rate)


@kernel
def revalue(columns: RentalForwardColumns, market: MarketRows, state: FloatArray, out: Out) -> None:
    """Write the value for one GPU of every forward, in its currency, and what it has settled into `paid`.

    V = Σ D(t_k)·h_k·(R(t_k) − rate), settlements in the order of their days.
    """
    rows = columns.settlements
    for i in range(columns.rate.shape[0]):
        value, rate = out.value[i], columns.rate[i]
        for j in range(value.shape[0]):
            value[j] = 0.0
        for k in range(columns.offsets[i], columns.offsets[i + 1]):
            hours = rows.hours[k]
            price, discount = market.derived[rows.price_row[k]], market.derived[rows.discount_row[k]]
            for j in range(value.shape[0]):
                value[j] = fma(discount[j], settlement(price[j], rate, hours), value[j])
        if columns.due_hours[i] != 0.0:
            paid, due = out.paid[i], columns.due_hours[i]
            price = market.derived[columns.due_price_row[i]]
            for j in range(paid.shape[0]):
                paid[j] = settlement(price[j], rate, due)
