"""Loans against GPUs, payment by payment in 40 digits: each failure's money added up from its own cash flows.

The package goes backwards once and forwards once; here what a failure leaves is summed anew at every payment.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import mpmath as mp
from tests.oracle.floating_credit import (
    DAYS,
    Payment,
    basis_of,
    curve_name,
    growth,
    period_ends,
    public,
    refuse_holidays,
)
from tests.oracle.forwards import discount, in_digits, price_for, years_between

from stresstest.market.keys import RiskFactorKey

SIZE_TOLERANCE = 2e-13


@dataclass
class World:
    """The loan, the market and one column of it."""

    spec: Any
    market: Any
    level: Any

    def factor(self, day: date, rate: Any) -> mp.mpf:
        """Discount factor of the curve and a rate to a day, 1 for the past."""
        years = max(years_between(self.market.as_of, day), mp.mpf(0))
        if years == 0:
            return mp.mpf(1)
        curve = curve_name(self.spec, self.market)
        return discount(self.market, self.level, curve, years) * mp.exp(-rate * years)

    def price(self, gpu: str, day: date) -> mp.mpf:
        years = max(years_between(self.market.as_of, day), mp.mpf(0))
        return price_for(self.market, self.level, ("rental_rate", gpu), years)

    def hazard(self, name: str) -> mp.mpf:
        return mp.mpf(self.level("credit_spread", public(name))) / mp.mpf(0.6)

    def defaulted(self, name: str) -> mp.mpf:
        key = RiskFactorKey("default_state", public(name))
        return mp.mpf(self.level("default_state", public(name))) if key in self.market.levels else mp.mpf(0)

    def recovery(self) -> mp.mpf:
        key = RiskFactorKey("recovery_rate", self.spec.customer, "senior_unsecured")
        if key not in self.market.levels:
            return mp.mpf(0.4)
        return mp.mpf(self.level("recovery_rate", self.spec.customer, "senior_unsecured"))


def chips_worth(world: World, on: date, sold: date) -> mp.mpf:
    """Price of all chips on `sold`, for one unit of face."""
    spec, total = world.spec, mp.mpf(0)
    for lot in spec.collateral:

        def left(day: date, lot: Any = lot) -> mp.mpf:
            age = mp.mpf((day - lot.in_service).days) / 365
            return min(max(1 - age / mp.mpf(lot.life_years), mp.mpf(0)), mp.mpf(1))

        base = mp.mpf(world.market.levels[RiskFactorKey("rental_rate", lot.gpu)])
        money = mp.mpf(lot.count) * mp.mpf(lot.value) / mp.mpf(spec.facility)
        total += money * left(sold) / left(world.market.as_of) * world.price(lot.gpu, sold) / base
    return total


def sale(world: World, begins: date, basis: mp.mpf) -> mp.mpf:
    """Today's value of what a forced sale brings that begins on a day."""
    half = timedelta(days=round(0.5 * world.spec.sale_months * 365 / 12))
    worth = chips_worth(world, begins, begins + half) * (1 - mp.mpf(world.spec.sale_haircut))
    return worth * world.factor(begins + half, basis)


def hours(spec: Any, first: date, last: date) -> tuple[int, int]:
    """Days under the contract and after it, counted one by one."""
    days = [first + timedelta(days=n) for n in range((last - first).days)]
    under = sum(day < spec.contract_end for day in days)
    return under, len(days) - under


def money(world: World, kind: str, item: Payment) -> mp.mpf:
    """Cash of a period, for one unit of face: contract, cost, rent of the contract's hours, of the others."""
    spec, total = world.spec, mp.mpf(0)
    under, after = hours(spec, item.start, item.end)
    for lot in spec.collateral:
        gpus = 24 * mp.mpf(lot.count) / mp.mpf(spec.facility)
        rent = world.price(lot.gpu, item.end)
        total += (
            gpus
            * {
                "contract": under * mp.mpf(lot.contract_rate),
                "contract_cost": under * mp.mpf(spec.operating_cost),
                "contract_market": under * rent,
                "market": after * rent,
                "market_cost": after * mp.mpf(spec.operating_cost),
            }[kind]
        )
    return total


def after_sponsor(world: World, ahead: list[Payment], on: date, rates: tuple[Any, Any]) -> mp.mpf:
    """What another operator of the GPUs brings from `on`, discounted to it."""
    spec, (basis, hazard) = world.spec, rates
    share, let = mp.mpf(spec.contract_kept), mp.mpf(spec.utilisation)
    total, lost = mp.mpf(0), mp.mpf(0)
    for place, item in enumerate(ahead):
        revenue = share * money(world, "contract", item)
        revenue += (1 - share) * let * money(world, "contract_market", item)
        factor = world.factor(item.end, basis + hazard)
        total += max(revenue - money(world, "contract_cost", item), mp.mpf(0)) * factor
        if place == 0:
            days = (item.end - item.start).days
            lost = mp.mpf(spec.step_in_months) / 12 * revenue * factor * 365 / days
    own = world.factor(on, basis)
    late = sale(world, max(on, spec.contract_end), basis) / own
    return max(total - lost, mp.mpf(0)) / world.factor(on, basis + hazard) + late


def after_shortfall(world: World, ahead: list[Payment], on: date, rates: tuple[Any, Any]) -> mp.mpf:
    basis, hazard = rates
    left = [
        max(money(world, "contract", item) - money(world, "contract_cost", item), mp.mpf(0))
        * world.factor(item.end, basis + hazard)
        for item in ahead
    ]
    late = sale(world, max(on, world.spec.contract_end), basis) / world.factor(on, basis)
    return mp.fsum(left) / world.factor(on, basis + hazard) + late


def after_customer(world: World, on: date, basis: Any) -> mp.mpf:
    spec = world.spec
    days = min(max((spec.contract_end - on).days, 0), mp.mpf(spec.damages_months) * 365 / 12)
    a_day = 24 * sum(mp.mpf(lot.count) * mp.mpf(lot.contract_rate) for lot in spec.collateral)
    claim = days * a_day / mp.mpf(spec.facility)
    return sale(world, on, basis) / world.factor(on, basis) + world.recovery() * claim


def waterfall(world: World, periods: list[Payment], rates: tuple[Any, Any]) -> Callable[[int, Any], Any]:
    """Return the function from a payment's number, balance and sweep to cash, balance and sweep."""
    spec = world.spec
    floor = mp.mpf("-inf") if spec.floor is None else mp.mpf(spec.floor)

    def pay(number: int, standing: tuple[Any, bool]) -> tuple[Any, Any, bool]:
        item, (balance, swept) = periods[number], standing
        fraction = mp.mpf((item.end - item.start).days) / DAYS[spec.day_count]
        curve = curve_name(spec, world.market)
        rate = (growth(spec, world.market, world.level, curve, item) - 1) / fraction
        interest = balance * fraction * (max(rate, floor) + mp.mpf(spec.margin))
        last = number == len(periods) - 1
        part = balance if last and spec.balloon == 0 else (1 - mp.mpf(spec.balloon)) / len(periods)
        planned = min(balance, part)
        let = mp.mpf(spec.utilisation) * money(world, "market", item) - money(world, "market_cost", item)
        cash = money(world, "contract", item) - money(world, "contract_cost", item) + max(let, mp.mpf(0))
        cash, due = max(cash, mp.mpf(0)), interest + planned
        worth = chips_worth(world, item.end, item.end)
        over = spec.max_ltv is not None and balance > spec.max_ltv * worth
        swept = swept or cash < spec.min_dscr * due or over
        left = after_shortfall(world, periods[number + 1 :], item.end, rates)
        if cash < due:
            return cash + min(balance + interest - cash, left), mp.mpf(0), swept
        extra = min(balance - planned, mp.mpf(spec.sweep) * (cash - due)) if swept else mp.mpf(0)
        rest = balance - planned - extra
        if not last or rest <= 0:
            return due + extra, rest, swept
        repaid = rest if rest <= mp.mpf(spec.advance_rate) * worth else min(rest, left)
        return due + extra + repaid, mp.mpf(0), swept

    return pay


@in_digits
def unit_value(spec: Any, market: Any, level: Any) -> tuple[Any, Any]:
    """Value of face 1, and the size that its tolerance is relative to."""
    refuse_holidays(spec)
    world, today = World(spec, market, level), market.as_of
    basis = basis_of(spec, market, level)
    sponsor, customer = world.hazard(spec.issuer), world.hazard(spec.customer)
    rates, total = (basis, customer), basis + sponsor + customer
    ends = period_ends(spec, today, None)
    periods = [
        Payment(first, last, mp.mpf(0), mp.mpf(0), mp.mpf(0))
        for first, last in pairwise(ends)
        if last > today
    ]
    pay = waterfall(world, periods, rates)
    value, balance, swept, before, on = mp.mpf(0), mp.mpf(1), False, mp.mpf(0), today
    for number, item in enumerate(periods):
        if balance == 0:
            break
        years = years_between(today, item.end)
        default = (mp.exp(-total * before) - mp.exp(-total * years)) / total
        middle = discount(market, level, curve_name(spec, market), (before + years) / 2)
        lost = customer * min(balance, after_customer(world, on, basis))
        lost += sponsor * min(balance, after_sponsor(world, periods[number:], on, rates))
        value += middle * default * lost
        cash, balance, swept = pay(number, (balance, swept))
        value += discount(market, level, curve_name(spec, market), years) * mp.exp(-total * years) * cash
        before, on = years, item.end
    failed, broken = world.defaulted(spec.customer), world.defaulted(spec.issuer)
    value = (1 - broken) * value + broken * min(1, after_sponsor(world, periods, today, rates))
    return (1 - failed) * value + failed * min(1, after_customer(world, today, basis)), 1
