"""Convertible bonds as two coupled binomial trees, cash and shares, node by node. Shares no code.

The tree of Leisen and Reimer (1996) in its own form: a step's probability p from d2 and p' from d1, factors
u = p'/p and d = (1 − p')/(1 − p) about the forward. Each node keeps what ends as cash and what ends as
shares, or with `probability` the whole and its chance to end as shares, which is what QuantLib does. Calls
of the former are no matter of nodes: there a fine grid is the judge, to the accuracy of the lattice.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from tests.oracle import convertible_grid, fixed_bond

SIZE_TOLERANCE = 1e-9
CALL_TOLERANCE = 1e-3
GRID = (1000, 500)


@dataclass(frozen=True)
class Terms:
    """Times in years, amounts for face 1; a call is (first, last, price, least value of the shares)."""

    maturity: float
    shares: float
    redemption: float
    steps: int
    coupons: list[tuple[float, float]]
    converts: tuple[float, float]
    calls: list[tuple[float, float, float, float]] = field(default_factory=list)
    puts: list[tuple[float, float]] = field(default_factory=list)
    accrued: Callable[[float], float] = lambda _: 0.0
    by_cash: bool = True


@dataclass(frozen=True)
class Share:
    """Price, dividend yield and vol to maturity."""

    spot: float
    dividend_yield: float
    vol: float


def unit_value(spec: Any, market: Any, level: Any) -> tuple[float, float]:
    """Value of face 1 and the size that its tolerance is relative to; `level(kind, name, tenor)`."""
    issuer, today = market.issuers[spec.issuer], market.as_of
    curve = market.curves[spec.curve or market.discount_curves[issuer.currency]]
    nodes = [
        (years, level("zero_rate", curve.name, tenor))
        for years, tenor in zip(curve.years.tolist(), curve.tenors, strict=True)
    ]
    spread = spec.spread_factor * level("credit_spread", spec.issuer)
    terms = terms_of(spec, today)

    def discount(years: float) -> float:
        return math.exp(-years * fixed_bond.rate(nodes, years))

    def risky(years: float) -> float:
        return discount(years) * math.exp(-years * spread)

    if terms.shares == 0.0:
        share = Share(0.0, 0.0, 0.0)
    else:
        name = spec.issuer.split("#")[0]
        spot, dividend_yield = level("spot", name), level("dividend_yield", name)
        forward = spot * math.exp(-dividend_yield * terms.maturity) / discount(terms.maturity)
        vol = vol_at(market, name, level, (terms.maturity, forward, terms.redemption / terms.shares))
        share = Share(spot, dividend_yield, spec.vol_factor * vol)
    size = 1.0 + terms.shares * share.spot
    if terms.by_cash and terms.calls and share.vol > 0.0:
        expected = convertible_grid.value(terms, share, (discount, risky), GRID)
        return expected, size * CALL_TOLERANCE / SIZE_TOLERANCE
    return value(terms, share, discount, risky), size


def vol_at(market: Any, name: str, level: Any, point: tuple[float, float, float]) -> float:
    """Vol at a maturity beyond the last pillar and a strike: that of the last pillar."""
    years, forward, strike = point
    smile = market.smiles[name]
    if years < smile.years[-1] or smile.stickiness != "moneyness":
        raise NotImplementedError("a maturity among the pillars")
    tenor, pillar = smile.tenors[-1], float(smile.years[-1])
    x = min(max(math.log(strike / forward) / math.sqrt(years), smile.lower), smile.upper)
    if years == pillar:
        x = min(max(math.log(strike / forward) / math.sqrt(pillar), smile.lower), smile.upper)
    a, b, c = (level(kind, name, tenor) for kind in ("implied_vol", "vol_skew", "vol_curvature"))
    return float(a + b * x + c * x * x)


def terms_of(spec: Any, today: date) -> Terms:
    def time(day: date) -> float:
        return (day - today).days / 365

    bond = fixed_bond.Bond(
        spec.coupon, spec.maturity, spec.frequency, spec.day_count, spec.issue_date, None, spec.end_of_month
    )
    periods = [
        (time(start), time(end), spec.coupon * fixed_bond.fraction(bond, start, end))
        for start, end in fixed_bond.periods(bond, today)
        if end > today
    ]

    def accrued(years: float) -> float:
        return sum(
            amount * (years - start) / (end - start) for start, end, amount in periods if start < years < end
        )

    def dirty(day: date, price: float) -> float:
        own = sum(
            spec.coupon * fixed_bond.fraction(bond, start, day)
            for start, end in fixed_bond.periods(bond, today)
            if start < day < end
        )
        return price / 100 + own

    calls = []
    for number, call in enumerate(spec.calls):
        after = (
            spec.calls[number + 1].date.toordinal() - 1
            if number + 1 < len(spec.calls)
            else spec.maturity.toordinal()
        )
        last = min(after, (call.until or spec.maturity).toordinal()) - today.toordinal()
        trigger = 0.0 if call.trigger is None else call.trigger * spec.redemption / 100
        calls.append((time(call.date), last / 365, call.price / 100, trigger))
    start = 0.0 if spec.conversion_start is None else time(spec.conversion_start)
    end = time(spec.conversion_end or spec.maturity)
    return Terms(
        maturity=time(spec.maturity),
        shares=spec.conversion_ratio / 1000 if end >= 0.0 else 0.0,
        redemption=spec.redemption / 100,
        steps=spec.steps + (spec.steps + 1) % 2,
        coupons=[(end, amount) for _, end, amount in periods if amount],
        converts=(start, end),
        calls=[call for call in calls if call[1] >= 0.0],
        puts=[(time(put.date), dirty(put.date, put.price)) for put in spec.puts if put.date >= today],
        accrued=accrued,
        by_cash=spec.credit_on == "cash_part",
    )


def peizer_pratt(z: float, n: int) -> float:
    root = math.sqrt(1 - math.exp(-((z / (n + 1 / 3 + 0.1 / (n + 1))) ** 2) * (n + 1 / 6)))
    return 0.5 + math.copysign(0.5 * root, z)


def value(terms: Terms, share: Share, discount: Any, risky: Any) -> float:
    """Value today of face 1."""
    n, dt = terms.steps, terms.maturity / terms.steps
    up_probability, up, down = 0.5, 1.0, 1.0
    deviation = share.vol * math.sqrt(terms.maturity)
    if terms.shares > 0.0 and deviation > 0.0:
        last = sum(amount for time, amount in terms.coupons if time == terms.maturity)
        strike = (terms.redemption + (last if terms.by_cash else 0.0)) / terms.shares
        forward = share.spot * math.exp(-share.dividend_yield * terms.maturity) / discount(terms.maturity)
        d2 = math.log(forward / strike) / deviation - deviation / 2
        d2 = max(-8.0, min(8.0, d2))
        up_probability, tilted = peizer_pratt(d2, n), peizer_pratt(d2 + deviation, n)
        up, down = tilted / up_probability, (1 - tilted) / (1 - up_probability)
    cash = [terms.redemption] * (n + 1)
    shares = [0.0] * (n + 1)
    chance: list[float] = [0.0] * (n + 1)
    before = chance
    for step in range(n, -1, -1):
        time = terms.maturity if step == n else step * dt
        if step < n:
            after = (step + 1) * dt if step + 1 < n else terms.maturity
            safe, with_spread = discount(after) / discount(time), risky(after) / risky(time)
            if terms.by_cash:
                cash = [with_spread * amount for amount in cash]
                shares = [safe * amount for amount in shares]
            else:
                rates = [c / safe + (1 - c) / with_spread for c in before]
                cash = [0.0] * len(cash)
                shares = [amount / rate for amount, rate in zip(shares, rates, strict=True)]
            cash, shares, chance = (average(row, up_probability) for row in (cash, shares, chance))
            before = list(chance)
        elif not terms.by_cash:
            cash, shares = [0.0] * (n + 1), list(cash)
        forward = share.spot * math.exp(-share.dividend_yield * time) / discount(time)
        for node in range(step + 1):
            worth = terms.shares * forward * up**node * down ** (step - node)
            state = [cash[node], shares[node], chance[node]]
            state = exercise(
                terms,
                (time, step, dt),
                worth,
                state,
                lambda at, now=time: risky(at) / risky(now),
            )
            cash[node], shares[node], chance[node] = state
        if step == n:
            before = list(chance)
    return cash[0] + shares[0]


def average(row: list[float], up: float) -> list[float]:
    return [(1 - up) * low + up * high for low, high in pairwise(row)]


def exercise(
    terms: Terms, at: tuple[float, int, float], worth: float, state: list[float], market: Any
) -> list[float]:
    """Call, put, coupon, conversion at a node; `state` is cash, shares and the chance of shares."""
    (time, step, dt), to_now = at, market
    cash, shares, chance = state
    events = [(when, 1, amount) for when, amount in terms.puts] + [
        (when, 0, amount) for when, amount in terms.coupons
    ]
    own = sorted(event for event in events if min(math.floor(event[0] / dt + 1e-9), terms.steps) == step)[
        ::-1
    ]
    late = [event for event in own if event[0] > time + 1e-9]
    cash, shares, chance = take(terms, late, [cash, shares, chance], to_now)
    for first, last, price, trigger in terms.calls:
        latest = min(math.floor(last / dt + 1e-9), terms.steps - 1)
        earliest = min(max(0, math.ceil(first / dt - 1e-9)), latest)
        offer = max(price + terms.accrued(step * dt), worth)
        if earliest <= step <= latest and worth >= trigger and offer < cash + shares:
            ended_in_cash = worth < price + terms.accrued(step * dt)
            ended = offer if ended_in_cash and terms.by_cash else 0.0
            cash, shares, chance = ended, offer - ended, 0.0 if ended_in_cash else chance
    cash, shares, chance = take(terms, own[len(late) :], [cash, shares, chance], to_now)
    start, end = terms.converts
    if (
        terms.shares > 0.0
        and step >= math.ceil(start / dt - 1e-9)
        and step <= min(math.floor(end / dt + 1e-9), terms.steps)
        and worth >= cash + shares
    ):
        cash, shares, chance = 0.0, worth, 1.0
    return [cash, shares, chance]


def take(
    terms: Terms, events: list[tuple[float, int, float]], state: list[float], to_now: Any
) -> list[float]:
    """Coupons and puts, one after the other, latest first."""
    cash, shares, chance = state
    for when, is_put, amount in events:
        paid = amount * to_now(when)
        if not is_put:
            cash, shares = (cash + paid, shares) if terms.by_cash else (cash, shares + paid)
        elif paid > cash + shares:
            cash, shares, chance = (paid, 0.0, 0.0) if terms.by_cash else (0.0, paid, 0.0)
    return [cash, shares, chance]
