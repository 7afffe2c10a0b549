"""Private stakes: who converts is found by trial, break points by drawing lines, prices in 40 digits.

Shares no code with the package: nothing here knows of tranches. In a sale the classes decide in turn
whether to convert, each while it gains by it; what remains after preferences is shared by raising what a
common share gets until the money is gone.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import mpmath as mp
from tests.oracle.european_option import normal
from tests.oracle.forwards import discount, in_digits

SIZE_TOLERANCE = 1e-13
_TINY, _CLOSE = mp.mpf("1e-24"), mp.mpf("1e-18")


def payoffs(stack: Any, equity: Any, converted: frozenset[str] = frozenset()) -> dict[str, Any]:
    """What each class gets of `equity` where the classes `converted` hold common stock."""
    got = {item.name: mp.mpf(0) for item in stack}
    left = mp.mpf(equity)
    kept = [item for item in stack if item.name not in converted and item.invested > 0]
    for rank in sorted({item.seniority for item in kept}):
        claims = {item.name: _preference(item) for item in kept if item.seniority == rank}
        part = min(mp.mpf(1), left / sum(claims.values()))
        for name, claim in claims.items():
            got[name] += part * claim
        left -= part * sum(claims.values())
    common = {item.name: _common(item) for item in stack if item not in kept}
    beside = {item.name: _common(item) for item in kept if item.participation != "none"}
    room = {item.name: _cap(item) - _preference(item) for item in kept if item.participation == "capped"}
    for name, amount in _share_out(left, {**common, **beside}, room).items():
        got[name] += amount
    return got


def _preference(item: Any) -> Any:
    return mp.mpf(item.invested) * mp.mpf(item.liquidation_multiple)


def _cap(item: Any) -> Any:
    return mp.mpf(item.invested) * mp.mpf(item.cap_multiple)


def _common(item: Any) -> Any:
    return mp.mpf(item.shares) * mp.mpf(item.conversion)


def _share_out(money: Any, shares: dict[str, Any], room: dict[str, Any]) -> dict[str, Any]:
    """Divide money by shares, whoever is full dropping out."""
    got = {name: mp.mpf(0) for name in shares}
    open_ = set(shares)
    while open_:
        each = money / sum(shares[name] for name in open_)
        full = {name for name in open_ if name in room and room[name] - got[name] <= each * shares[name]}
        if full:
            each = min((room[name] - got[name]) / shares[name] for name in full)
        for name in open_:
            got[name] += each * shares[name]
        money -= each * sum(shares[name] for name in open_)
        open_ = {name for name in open_ if room.get(name, mp.inf) - got[name] > _TINY} if full else set()
    return got


def sale(stack: Any, equity: Any, held: str) -> Any:
    """What the class `held` gets once nobody gains by changing its mind, whoever gains most going first."""
    converted: frozenset[str] = frozenset()
    while True:
        now = payoffs(stack, equity, converted)
        changes = [converted ^ {item.name} for item in stack if item.invested > 0]
        gains = {
            change: payoffs(stack, equity, change)[name] - now[name]
            for change in changes
            for name in change ^ converted
        }
        best = max(gains, key=lambda change: gains[change], default=converted)
        if gains.get(best, 0) <= _TINY:
            return now[held]
        converted = best


def kinks(payoff: Callable[[Any], Any], low: Any, high: Any) -> list[Any]:
    """Break points of a piecewise linear function: where the lines of both ends meet."""
    step = (high - low) * mp.mpf("1e-12")
    left = (payoff(low + step) - payoff(low)) / step
    right = (payoff(high) - payoff(high - step)) / step
    middle = (low + high) / 2
    straight = abs(payoff(low) + left * (middle - low) - payoff(middle)) < _CLOSE
    if abs(left - right) < mp.mpf("1e-15"):
        if straight or high - low < mp.mpf("1e-9"):
            return []
        return [*kinks(payoff, low, middle), *kinks(payoff, middle, high)]
    meet = (payoff(high) - payoff(low) - right * high + left * low) / (left - right)
    if low < meet < high and abs(payoff(low) + left * (meet - low) - payoff(meet)) < _CLOSE:
        return [meet]
    return [*kinks(payoff, low, middle), *kinks(payoff, middle, high)]


def call(equity: Any, strike: Any, deviation: Any, factor: Any) -> Any:
    """Black's price of a call on equity that pays nothing until then."""
    if equity <= 0:
        return mp.mpf(0)
    d1 = mp.log(equity / (factor * strike)) / deviation + deviation / 2
    return equity * normal(d1) - factor * strike * normal(d1 - deviation)


def at_exit(payoff: Callable[[Any], Any], equity: Any, deviation: Any, factor: Any) -> Any:
    """Value today of a piecewise linear payoff of the equity at an exit: its slopes, as calls."""
    highest = mp.mpf(4000)
    points = [mp.mpf(0), *kinks(payoff, mp.mpf(0), highest), highest]
    value, before = mp.mpf(0), mp.mpf(0)
    for low, high in pairwise(points):
        slope = (payoff(high) - payoff(low)) / (high - low)
        value += (slope - before) * (equity if low == 0 else call(equity, low, deviation, factor))
        before = slope
    return value


def equity_of(spec: Any, market: Any, level: Any) -> Any:
    """Billions."""
    if spec.valuation == "multiple":
        return max(mp.mpf(spec.revenue) * level("multiple", spec.multiple) - mp.mpf(spec.net_debt), mp.mpf(0))
    if spec.valuation == "last_round":
        return mp.mpf(level("private_mark", spec.issuer))
    levels = {str(key): value for key, value in market.levels.items()}
    ratio = mp.mpf(level("spot", spec.comparable)) / mp.mpf(levels[f"spot/{spec.comparable}"])
    return mp.mpf(levels[f"private_mark/{spec.issuer}"]) * ratio ** mp.mpf(spec.comparable_beta)


def end_chance(runway: Any, gap: float) -> Any:
    """Chance that the cash of today is gone before investors return."""
    needed = mp.mpf(gap) * max(mp.mpf(runway.costs) - mp.mpf(runway.revenue), mp.mpf(0))
    if needed <= 0:
        return mp.mpf(0)
    months = 12 * mp.mpf(runway.cash) / needed
    return 1 / (1 + months / (12 * mp.mpf(runway.reopening_years)))


@in_digits
def unit_value(spec: Any, market: Any, level: Any) -> tuple[Any, Any]:
    """Value of one unit today, and the size that its tolerance is relative to."""
    equity, scale = equity_of(spec, market, level), 10**9 * (1 - mp.mpf(spec.marketability_discount))
    part, payoff = _part(spec), _payoff(spec, [*spec.stack])
    value = _value(spec, market, level, (payoff, equity))
    if spec.runway is not None:
        chance = end_chance(spec.runway, level("macro", spec.runway.funding_gap))
        value += chance * (_after(spec, market, level, equity) - value)
    return part * scale * value, part * scale * equity


def _part(spec: Any) -> Any:
    if not spec.stack:
        return mp.mpf(spec.ownership)
    (own,) = (item for item in spec.stack if item.name == spec.share_class)
    if spec.shares is not None:
        return mp.mpf(spec.shares) / mp.mpf(own.shares)
    return mp.mpf(spec.ownership) * sum(_common(item) for item in spec.stack) / _common(own)


def _payoff(spec: Any, stack: Any) -> Callable[[Any], Any]:
    return mp.mpf if not stack else (lambda e: sale(stack, e, spec.share_class))


def _value(spec: Any, market: Any, level: Any, terms: tuple[Any, Any]) -> Any:
    payoff, equity = terms
    if spec.exit is None:
        return payoff(equity)
    curve = market.discount_curves[market.issuers[spec.issuer].currency]
    factor = discount(market, level, curve, mp.mpf(spec.exit.years))
    deviation = mp.mpf(spec.exit.volatility) * mp.sqrt(mp.mpf(spec.exit.years))
    return at_exit(payoff, equity, deviation, factor)


def _after(spec: Any, market: Any, level: Any, equity: Any) -> Any:
    runway, payoff = spec.runway, _payoff(spec, [*spec.stack])
    if runway.liquidation is not None:
        return payoff(equity * mp.mpf(runway.liquidation.recovery))
    if runway.down_round.pay_to_play and spec.stack:
        common = {"invested": 0.0, "participation": "none", "cap_multiple": None}
        held = spec.share_class
        stack = [
            item.model_copy(update=common) if item.name == held else item  # keeps shares and conversion
            for item in spec.stack
        ]
        payoff = _payoff(spec, stack)
    left = equity * (1 - mp.mpf(runway.down_round.discount))
    return (1 - mp.mpf(runway.down_round.dilution)) * _value(spec, market, level, (payoff, left))
