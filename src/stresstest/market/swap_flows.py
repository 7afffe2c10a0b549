"""From the terms of an interest-rate swap and a date to what is left to pay, and the factors that move it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from stresstest.conventions.day_counts import act_365f_years
from stresstest.conventions.floating_legs import (
    KEEPS_NOTHING,
    FloatingPeriod,
    Growth,
    ValuationDates,
)
from stresstest.conventions.swaps import SwapTerms
from stresstest.errors import InputError, Problem
from stresstest.kernels.exponential import exp
from stresstest.market.floating_lookups import FloatingPart, FloatingRates, RateCurves, telescopes
from stresstest.market.keys import RiskFactorKey
from stresstest.market.lookups import nodes_used
from stresstest.market.snapshot import MarketSnapshot


class PeriodFlow(NamedTuple):
    """Floating interest that is no difference of two discount factors.

    Attributes
    ----------
    part
        Where its growth comes from.
    notional
        Above 0 where the interest is received; 0 where the strip holds its value, and a path only remembers
        it.
    margin_amount
        Margin times year fraction.
    pay_years
        Time to the payment; None where it was paid since the step before.
    """

    part: FloatingPart
    notional: float
    margin_amount: float
    pay_years: float | None


class SwapFlows(NamedTuple):
    """A swap on one unit of notional, on a valuation date.

    Attributes
    ----------
    curves
        That project and discount it.
    constant
        Value of what is due on the valuation date, at the start of a leg that begins on it.
    strip
        Money by time in years, first to last, none of it 0: worth Σ amount · D.
    periods
        Floating interest beyond that.
    paid
        Known money since the step before.
    standing_years
        Term of the rate that is in force until the next date of a path.
    """

    curves: RateCurves
    constant: float
    strip: tuple[tuple[float, float], ...]
    periods: tuple[PeriodFlow, ...]
    paid: float
    standing_years: float

    def factors(self) -> tuple[RiskFactorKey, ...]:
        """Return the zero rates that move the value today."""
        valued = [flow for flow in self.periods if flow.notional != 0.0]
        pay_years = [flow.pay_years for flow in valued if flow.pay_years is not None]
        projected = [
            years
            for flow in valued
            for years in (flow.part.growth.start_years, flow.part.growth.end_years)
            if flow.part.growth.start_years != flow.part.growth.end_years and years > 0.0
        ]
        discounted = [*(years for years, _ in self.strip), *pay_years]
        projection, discount = self.curves
        if projection.name == discount.name:
            return nodes_used(discount, [*discounted, *projected])
        return (*nodes_used(discount, discounted), *nodes_used(projection, projected))


class _Ledger:
    """Collects the payments of one swap."""

    def __init__(self, dates: ValuationDates) -> None:
        self.dates = dates
        self.constant = self.paid = 0.0
        self.by_years: defaultdict[float, float] = defaultdict(float)
        self.periods: list[PeriodFlow] = []

    def pay(self, payment_date: date, amount: float) -> None:
        """Add known money due on a day, wherever that lies."""
        if payment_date > self.dates.valuation:
            self.at(act_365f_years(self.dates.valuation, payment_date), amount)
        elif self.dates.previous is not None and payment_date > self.dates.previous:
            self.paid += amount

    def add(self, period: FloatingPeriod, flow: PeriodFlow) -> None:
        """Add the interest of a period, paid since the step before or still due."""
        due = period.payment_date > self.dates.valuation
        years = act_365f_years(self.dates.valuation, period.payment_date) if due else None
        self.periods.append(flow._replace(pay_years=years))

    def at(self, years: float, amount: float) -> None:
        """Add money in `years`, worth its amount where that is now."""
        if years == 0.0:
            self.constant += amount
        else:
            self.by_years[years] += amount

    def strip(self) -> tuple[tuple[float, float], ...]:
        """Return the money to come by its time, what cancels left out."""
        return tuple((years, amount) for years, amount in sorted(self.by_years.items()) if amount != 0.0)


def swap_flows(
    terms: SwapTerms, curves: RateCurves, market: MarketSnapshot, dates: ValuationDates
) -> SwapFlows:
    """Return what is left of a swap on the valuation date, and what it paid since the step before.

    A floating period that pays at its end, discounted on the curve that projects it, is worth D(start) −
    D(end): the sum over a leg telescopes, and only its ends remain.
    """
    ledger = _Ledger(dates)
    received = 1.0 if terms.receives_fixed else -1.0
    for flow in terms.fixed.coupons():
        ledger.pay(flow.payment_date, received * flow.amount)
    rates = FloatingRates(terms.floating, terms.setting, terms.current_rate, curves.projection, market, dates)
    for period in terms.floating.unpaid(dates.previous or dates.valuation):
        part, margin_amount = rates.part(period), terms.margin * period.year_fraction
        if _is_past(part.growth):
            ledger.pay(period.payment_date, -received * (exp(part.known_log) - 1.0 + margin_amount))
        elif telescopes(period, part.growth, curves, dates):
            ledger.at(part.growth.start_years, -received)
            ledger.at(part.growth.end_years, received)
            ledger.at(part.growth.end_years, -received * margin_amount)
            if part.growth.keeps != KEEPS_NOTHING:
                ledger.add(period, PeriodFlow(part, 0.0, 0.0, None))
        else:
            ledger.add(period, PeriodFlow(part, -received, margin_amount, None))
    left = ledger.constant, ledger.strip(), tuple(ledger.periods), ledger.paid
    return SwapFlows(curves, *left, rates.standing_years())


def swap_factors(terms: SwapTerms, curves: RateCurves, market: MarketSnapshot) -> tuple[RiskFactorKey, ...]:
    """Return the zero rates that move a swap today.

    Raises
    ------
    InputError
        Its last payment is made (ST360).
    """
    if terms.last_payment <= market.as_of:
        got = f"swap whose last payment was due on {terms.last_payment}"
        raise InputError([Problem("ST360", got, f"a payment after {market.as_of}", field="maturity")])
    return swap_flows(terms, curves, market, ValuationDates(market.as_of, None, market.as_of)).factors()


def _is_past(growth: Growth) -> bool:
    """Tell whether the whole interest of a period is known, and no path needs to remember it."""
    whole = growth.start_years == growth.end_years and growth.keeps == KEEPS_NOTHING
    return growth.is_known and whole
