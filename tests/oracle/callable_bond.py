"""Callable bonds on the textbook's lattice: state prices, a shift a step, values in money. Shares no code.

The lattice keeps every node, finds the shift φ of each step from state prices and the discount factor of the
next date, and discounts at e^{−(x + φ)·Δt}. Notice is worth what the Gaussian short rate says (Brigo and
Mercurio, equation 3.39). Calls that last from a date on have interest accrued by the straight line.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from tests.oracle import fixed_bond

SIZE_TOLERANCE = 1e-9


class Rights(NamedTuple):
    """Time of decision, 1 for a call and −1 for a put, and (time, amount) of what follows."""

    time: float
    sign: float
    claims: list[tuple[float, float]]


class Coupon(NamedTuple):
    """Times between which interest accrues, and its amount."""

    start: float
    end: float
    amount: float


def unit_value(spec: Any, market: Any, level: Any) -> tuple[float, float]:
    """Dirty value of face 1 and the size that its tolerance is relative to; `level(kind, name, tenor)`."""
    issuer, today = market.issuers[spec.issuer], market.as_of
    currency = spec.currency or issuer.currency
    curve = market.curves[spec.curve or market.discount_curves[currency]]
    nodes = [
        (years, level("zero_rate", curve.name, tenor))
        for years, tenor in zip(curve.years.tolist(), curve.tenors, strict=True)
    ]
    free_of_credit = issuer.kind == "sovereign" and ("credit_spread", spec.issuer, "") not in market.levels
    spread = 0.0 if free_of_credit else level("credit_spread", spec.issuer)
    vol = spec.rate_vol
    if vol is None:
        expiries = market.price_curves["normal_vol", f"{currency}_SWAPTION"]
        _, tenor = min(zip(expiries.years, expiries.tenors, strict=True), key=lambda pair: abs(pair[0] - 5.0))
        vol = level("normal_vol", f"{currency}_SWAPTION", tenor) if spec.calls or spec.puts else 0.0

    def discount(years: float) -> float:
        return math.exp(-years * (fixed_bond.rate(nodes, years) + spread))

    return value(spec, today, discount, vol), 1.0


def value(spec: Any, today: date, discount: Callable[[float], float], vol: float) -> float:
    """Value of face 1 off a function of discount factors."""
    bond = fixed_bond.Bond(
        spec.coupon, spec.maturity, spec.frequency, spec.day_count, spec.issue_date, None, spec.end_of_month
    )
    periods = [(start, end) for start, end in fixed_bond.periods(bond, today) if end > today]
    coupons = [
        Coupon(
            (start - today).days / 365,
            (end - today).days / 365,
            spec.coupon * fixed_bond.fraction(bond, start, end),
        )
        for start, end in periods
    ]
    flows = {coupon.end: coupon.amount for coupon in coupons}
    maturity = max(flows)
    flows[maturity] += 1.0
    dated, lasting = rights(spec, today, coupons)
    dated = [with_day_count(right, bond, spec, today) for right in dated]
    times = grid([*flows, *(right.time for right in dated), *lasting], spec.steps if dated or lasting else 1)
    everything = dated + [
        call_at(spec, time, coupons, price)
        for time in times
        for price in [price_in_force(spec, today, time)]
        if lasting and price is not None and time + spec.notice_days / 365 < maturity - 1e-9
    ]
    return roll_back(times, flows, everything, (spec.mean_reversion, vol), discount)


def rights(spec: Any, today: date, coupons: Any) -> tuple[list[Rights], list[float]]:
    """Rights on single days, and the times from which calls last."""
    notice, found, lasting = timedelta(days=spec.notice_days), [], []
    for sign, listed in ((1.0, spec.calls), (-1.0, spec.puts)):
        for right in listed:
            decision = ((right.date - notice) - today).days / 365
            if sign == 1.0 and spec.call_style == "from_dates":
                lasting.append(max(decision, 0.0))
            elif decision >= 0.0:
                at = (right.date - today).days / 365
                found.append(Rights(decision, sign, claims(decision, at, right.price / 100, coupons)))
    return found, lasting


def with_day_count(right: Rights, bond: fixed_bond.Bond, spec: Any, today: date) -> Rights:
    """The right with the interest that the day count accrues until its day."""
    at, _ = right.claims[-1]
    day = today + timedelta(days=round(365 * at))
    listed = spec.calls if right.sign == 1.0 else spec.puts
    (price,) = (other.price for other in listed if other.date == day)
    accrued = sum(
        spec.coupon * fixed_bond.fraction(bond, start, day)
        for start, end in fixed_bond.periods(bond, today)
        if start < day < end
    )
    return right._replace(claims=[*right.claims[:-1], (at, price / 100 + accrued)])


def claims(decision: float, at: float, price: float, coupons: Any) -> list[tuple[float, float]]:
    """Coupons over the notice, then price and interest accrued."""
    found, accrued = [], 0.0
    for start, end, amount in coupons:
        if decision + 1e-9 < end <= at + 1e-9:
            found.append((end, amount))
        elif start < at < end:
            accrued = amount * (at - start) / (end - start)
    return [*found, (at, price + accrued)]


def price_in_force(spec: Any, today: date, time: float) -> float | None:
    reached = [
        call.price
        for call in spec.calls
        if ((call.date - timedelta(days=spec.notice_days)) - today).days / 365 <= time + 1e-9
    ]
    return reached[-1] / 100 if reached else None


def call_at(spec: Any, time: float, coupons: Any, price: float) -> Rights:
    return Rights(time, 1.0, claims(time, time + spec.notice_days / 365, price, coupons))


def grid(mandatory: list[float], steps: int) -> list[float]:
    ends = sorted({0.0, *mandatory})
    times = [0.0]
    for start, end in pairwise(ends):
        count = max(1, math.floor((end - start) * steps / ends[-1] + 0.5))
        times += [start + (end - start) * n / count for n in range(1, count)] + [end]
    return times


def roll_back(
    times: list[float],
    flows: dict[float, float],
    rights: list[Rights],
    process: tuple[float, float],
    discount: Callable[[float], float],
) -> float:
    """Value today on a lattice without truncation."""
    reversion, vol = process
    layers = [(np.array([0.0]), np.array([1.0]))]
    steps = []
    for now, then in pairwise(times):
        x, prices = layers[-1]
        dt = then - now
        variance = vol**2 * (
            dt if reversion == 0.0 else (1 - math.exp(-2 * reversion * dt)) / (2 * reversion)
        )
        std_dev = math.sqrt(variance)
        if std_dev == 0.0:
            target, weights, following = (
                np.zeros((3, 1), dtype=int),
                np.array([[1.0], [0.0], [0.0]]),
                np.array([0.0]),
            )
        else:
            width = std_dev * math.sqrt(3)
            middle = np.floor(x * math.exp(-reversion * dt) / width + 0.5).astype(int)
            error = x * math.exp(-reversion * dt) - middle * width
            tilt = error * math.sqrt(3) / std_dev
            square = error**2 / variance
            weights = np.array([(1 + square - tilt) / 6, (2 - square) / 3, (1 + square + tilt) / 6])
            low = middle.min() - 1
            following = width * np.arange(low, middle.max() + 2)
            target = np.array([middle - 1, middle, middle + 1]) - low
        shift = math.log(float(prices @ np.exp(-x * dt)) / discount(then)) / dt
        one_step = np.exp(-(x + shift) * dt)
        onward = np.zeros(len(following))
        for way in range(3):
            np.add.at(onward, target[way], weights[way] * prices * one_step)
        steps.append((one_step, target, weights))
        layers.append((following, onward))
    worth = np.zeros(len(layers[-1][0]))
    for number in range(len(times) - 1, -1, -1):
        time, (x, _) = times[number], layers[number]
        if number < len(steps):
            one_step, target, weights = steps[number]
            worth = one_step * (weights * worth[target]).sum(axis=0)
        for right in sorted(rights, key=lambda right: -right.sign):
            if right.time == time:
                strike = sum(
                    amount * bond_price(x, (time, at), process, discount) for at, amount in right.claims
                )
                worth = np.minimum(worth, strike) if right.sign > 0 else np.maximum(worth, strike)
        worth = worth + flows.get(time, 0.0)
    return float(worth[0])


def bond_price(x: Any, span: tuple[float, float], process: tuple[float, float], discount: Any) -> Any:
    """Price at the first time of money paid at the second, by x."""
    (time, at), (reversion, vol) = span, process

    def length(rate: float, years: float) -> float:
        return years if rate == 0.0 else (1 - math.exp(-rate * years)) / rate

    notice, elapsed = length(reversion, at - time), length(reversion, time)
    variance = vol**2 * length(2 * reversion, time)
    forward = discount(at) / discount(time)
    return forward * np.exp(-notice * (x + 0.5 * vol**2 * elapsed**2) - 0.5 * notice**2 * variance)
