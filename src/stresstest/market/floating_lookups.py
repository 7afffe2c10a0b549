"""What floating legs look up: the curve that projects a currency's rates, rates set before today, rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from stresstest.arrays import frozen, frozen_int
from stresstest.conventions.floating_legs import KEEPS_ACCRUED, KEEPS_ALL, Growth
from stresstest.errors import ProblemList
from stresstest.kernels.discounting import log_discount
from stresstest.kernels.floating import NO_ROW, GrowthColumns
from stresstest.market.curves import interpolation_weights
from stresstest.market.forward_lookups import find_currency_curve
from stresstest.market.snapshot import Curve, MarketSnapshot

OVERNIGHT_YEARS = 1 / 365
"""One day in years of 365 days: the overnight rate is the curve's rate for it."""

OVERNIGHT_CURVES: Mapping[str, str] = {
    "USD": "USD_SOFR",
    "EUR": "EUR_ESTR",
    "GBP": "GBP_SONIA",
    "JPY": "JPY_TONA",
    "CHF": "CHF_SARON",
}
"""Usual name of the curve of each currency's overnight rate."""


class LogDiscountRows(Protocol):
    """Gives the rows of log discount factors in `market.derived`."""

    def log_discount(self, curve: str, years: float) -> int:
        """Return the row of ln D of `curve` to `years`."""


class FloatingPart(NamedTuple):
    """One period to compile: its growth, the log of what is known of it, and the place of its slot 0.

    `slot` is the place in the instrument's state that the period's slot has.
    """

    curve: str
    growth: Growth
    known_log: float
    slot: int


def floating_curve_name(market: MarketSnapshot, currency: str, stated: str | None) -> str | None:
    """Return the curve that projects and discounts floating payments: the stated one or the overnight curve.

    None where the market has no overnight curve of that name: `find_floating_curve` then takes the currency's
    discount curve or its only one.
    """
    usual = OVERNIGHT_CURVES.get(currency)
    return stated or (usual if usual in market.curves else None)


def find_floating_curve(
    market: MarketSnapshot, currency: str, stated: str | None, field: str, problems: ProblemList
) -> Curve | None:
    """Return the curve that projects and discounts floating payments in a currency.

    The stated one; else that of the currency's overnight rate, like `USD_SOFR`; else its discount curve or
    only curve. None where there is none (ST362) or it is of another currency (ST372), with the problem added;
    `field` is what the contract terms call the curve.
    """
    name = floating_curve_name(market, currency, stated)
    return find_currency_curve(market, currency, name, field, problems)


def base_log_discount(market: MarketSnapshot, curve: Curve, years: float) -> float:
    """Return ln D of a curve to `years` at the market's own levels, to the last bit of a kernel's."""
    keys = curve.keys()
    lower, upper, lower_weight, upper_weight = interpolation_weights(curve.years, years)
    low, high = market.levels[keys[lower]], market.levels[keys[upper]]
    return float(log_discount(low, high, lower_weight * years, upper_weight * years))


def growth_columns(parts: Sequence[FloatingPart], rows: LogDiscountRows) -> GrowthColumns:
    """Return the columns of floating periods, in their order; empty arrays for none."""
    overnight, starts, ends = [], [], []
    for part in parts:
        growth = part.growth
        has_rest = growth.start_years != growth.end_years
        overnight.append(rows.log_discount(part.curve, OVERNIGHT_YEARS) if growth.overnight_days else NO_ROW)
        from_today = growth.start_years == 0.0
        starts.append(
            rows.log_discount(part.curve, growth.start_years) if has_rest and not from_today else NO_ROW
        )
        ends.append(rows.log_discount(part.curve, growth.end_years) if has_rest else NO_ROW)
    return GrowthColumns(
        known=frozen([part.known_log for part in parts]),
        carried_slot=frozen_int([part.slot if part.growth.is_carried else NO_ROW for part in parts]),
        overnight_days=frozen([part.growth.overnight_days for part in parts]),
        overnight_row=frozen_int(overnight),
        start_row=frozen_int(starts),
        end_row=frozen_int(ends),
        accrued_slot=frozen_int(
            [part.slot if part.growth.keeps == KEEPS_ACCRUED else NO_ROW for part in parts]
        ),
        whole_slot=frozen_int([part.slot if part.growth.keeps == KEEPS_ALL else NO_ROW for part in parts]),
    )
