"""Slow, obvious credit default swap by the ISDA standard model. Shares no code with the package.

Dates are walked day by day, the curve node by node; the integrals are the model's closed forms in `math`, a
series where forward and hazard rate nearly cancel; the hazard rate is found by bisection.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

SIZE_TOLERANCE = 2e-12
ONE_DAY = timedelta(days=1)
RECOVERY = {"secured": 0.7, "senior_unsecured": 0.4, "subordinated": 0.2}

Discount = Callable[[float], float]
"""Discount factor to a number of days."""


def next_weekday(day: date) -> date:
    while day.weekday() >= 5:
        day += ONE_DAY
    return day


def quarter_days(until: date) -> list[date]:
    """The twentieth of every third month from long ago up to `until`."""
    days, year = [], until.year - 60
    while year <= until.year:
        days += [date(year, month, 20) for month in (3, 6, 9, 12)]
        year += 1
    return [day for day in days if day <= until]


def settlement_days(today: date) -> int:
    """Days to cash settlement: three weekdays on."""
    day, left = today, 3
    while left:
        day += ONE_DAY
        left -= day.weekday() < 5
    return (day - today).days


def curve(nodes: Sequence[tuple[float, float]]) -> Discount:
    """Discount factors off (years, zero rate) nodes: linear between them, flat outside."""

    def discount(days: float) -> float:
        years = days / 365
        rate = nodes[0][1] if years < nodes[0][0] else nodes[-1][1]
        for (before, low), (after, high) in pairwise(nodes):
            if before <= years <= after:
                rate = (low * (after - years) + high * (years - before)) / (after - before)
        return math.exp(-rate * years)

    return discount


def decay(x: float) -> tuple[float, float]:
    """Integrals of e^{−xu} and u·e^{−xu} over u from 0 to 1."""
    if abs(x) > 1e-2:
        return -math.expm1(-x) / x, (1.0 - math.exp(-x) * (1.0 + x)) / (x * x)
    terms = [(-x) ** k / math.factorial(k) for k in range(12)]
    plain = math.fsum(term / (k + 1) for k, term in enumerate(terms))
    return plain, math.fsum(term / (k + 2) for k, term in enumerate(terms))


class Contract:
    """Both legs on one unit of notional, by hazard rate."""

    def __init__(self, today: date, maturity: date, discount: Discount, node_days: Sequence[float]) -> None:
        self.discount = discount
        ends = quarter_days(maturity)
        periods = []
        for before, after in pairwise(ends):
            start, end = next_weekday(before), next_weekday(after)
            last = maturity + ONE_DAY if after == maturity else end
            if last > today + ONE_DAY:
                periods.append(((start - today).days, (last - today).days, (end - today).days))
        self.periods = periods
        self.node_days = node_days
        self.settlement = discount(settlement_days(today))
        self.accrued = max(0, 1 - periods[0][0]) / 360 if periods else 0.0

    def legs(self, hazard: float) -> tuple[float, float]:
        """Protection on a loss of 1; premium of 1 a year with accrued."""
        protection = premium = 0.0
        for start, end, payment in self.periods:
            first, last = start - 1.0, end - 1.0
            begin = max(first, 0.0)
            cuts = sorted({begin, last, *(day for day in self.node_days if begin < day < last)})
            for low, high in pairwise(cuts):
                lost, late = self._interval(hazard, low, high)
                protection += lost
                premium += 365 / 360 * ((low - first + 0.5) / 365 * lost + late)
            premium += (end - start) / 360 * self.discount(payment) * math.exp(-hazard * last / 365)
        return protection, premium

    def _interval(self, hazard: float, low: float, high: float) -> tuple[float, float]:
        years = (high - low) / 365
        before, after = self.discount(low), self.discount(high)
        x = math.log(before / after) + hazard * years
        plain, late = decay(x)
        size = hazard * years * before * math.exp(-hazard * low / 365)
        return size * plain, size * years * late

    def hazard(self, spread: float, recovery: float) -> float:
        """The flat hazard rate at which `spread` is fair, by bisection."""

        def gap(rate: float) -> float:
            protection, premium = self.legs(rate)
            return (1.0 - recovery) * protection - spread * (premium - self.accrued * self.settlement)

        low, high = -0.4, 1.0
        while gap(high) < 0.0:
            high *= 2.0
        for _ in range(200):
            middle = 0.5 * (low + high)
            if gap(middle) < 0.0:
                low = middle
            else:
                high = middle
        return 0.5 * (low + high)

    def value(self, spread: float, coupon: float, recovery: float) -> float:
        """Value to the buyer of protection, accrued premium included."""
        protection, premium = self.legs(self.hazard(spread, recovery))
        return (1.0 - recovery) * protection - coupon * premium


def nodes_of(spec: Any, currency: str, market: Any, level: Any) -> list[tuple[float, float]]:
    """Nodes of the curve that discounts: stated, overnight, or the currency's."""
    overnight = {"USD": "USD_SOFR", "EUR": "EUR_ESTR"}.get(currency, "")
    name = spec.curve or (overnight if overnight in market.curves else "")
    found = market.curves[name or market.discount_curves[currency]]
    return [
        (years, level("zero_rate", found.name, tenor))
        for years, tenor in zip(found.years.tolist(), found.tenors, strict=True)
    ]


def quoted_spread(issuer: str, market: Any, level: Any) -> float:
    """The public spread and, where a position has one, its own basis."""
    basis = level("basis", issuer) if ("basis", issuer, "") in market.levels else 0.0
    return level("credit_spread", issuer.partition("#")[0]) + basis


def unit_value(spec: Any, market: Any, level: Any) -> tuple[float, float]:
    """Value of protection on 1 and the size that its tolerance is relative to."""
    nodes = nodes_of(spec, spec.currency or market.issuers[spec.issuer].currency, market, level)
    maturity = spec.maturity
    if maturity is None:
        day, months = spec.trade_date, int(spec.tenor.text[:-1]) * (12 if spec.tenor.text[-1] == "Y" else 1)
        roll = (day.month, day.day)
        year = day.year - (roll < (3, 20))
        first = 12 * year + (6 if (3, 20) <= roll < (9, 20) else 12) - 1 + months
        maturity = date(first // 12, first % 12 + 1, 20)
    contract = Contract(market.as_of, maturity, curve(nodes), [365 * years for years, _ in nodes])
    recovery = RECOVERY[spec.seniority] if spec.recovery is None else spec.recovery
    public = spec.issuer.partition("#")[0]
    if spec.recovery is None and ("recovery_rate", public, spec.seniority) in market.levels:
        recovery = level("recovery_rate", public, spec.seniority)
    return contract.value(quoted_spread(spec.issuer, market, level), spec.coupon, recovery), 1.0
