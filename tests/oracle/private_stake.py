"""Private stakes: who converts is found by trial, break points by halving, prices in 40 digits.

Shares no code with the package: nothing here knows of tranches. In a sale the classes decide in turn
whether to convert, each while it gains by it; what remains after preferences is shared by raising what a
common share gets until the money is gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

import mpmath as mp
from tests.oracle.european_option import normal
from tests.oracle.forwards import discount, in_digits

SIZE_TOLERANCE = 1e-13
_TINY, _NARROW = mp.mpf("1e-24"), mp.mpf("1e-22")
_HIGHEST = mp.mpf(4000)


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


def settled(stack: Any, equity: Any) -> tuple[dict[str, Any], frozenset[str]]:
    """What each class gets, and who converts, once nobody gains by changing its mind: most to gain first."""
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
            return now, converted
        converted = best


def sale(stack: Any, equity: Any, held: str) -> Any:
    """What the class `held` gets."""
    return settled(stack, equity)[0][held]


def _regime(stack: Any, equity: Any) -> tuple[int, int, int]:
    """How many classes have their preference, are at their cap, and convert: none falls as equity rises."""
    got, converted = settled(stack, equity)
    kept = [item for item in stack if item.invested > 0]
    paid = [item for item in kept if item.name in converted or got[item.name] >= _preference(item)]
    capped = [item for item in kept if item.participation == "capped"]
    full = [item for item in capped if item.name in converted or got[item.name] >= _cap(item)]
    return len(paid), len(full), len(converted)


@cache
def break_points(stack: tuple[Any, ...]) -> tuple[Any, ...]:
    """Equity at which the regime changes, by halving to 22 decimals; payoffs are straight in between."""
    ends = (mp.mpf(0), _regime(stack, mp.mpf(0))), (_HIGHEST, _regime(stack, _HIGHEST))
    return tuple(_changes(stack, *ends))


def _changes(stack: Any, low: tuple[Any, Any], high: tuple[Any, Any]) -> Iterator[Any]:
    if low[1] == high[1]:
        return
    middle = (low[0] + high[0]) / 2
    if high[0] - low[0] < _NARROW:
        yield middle
        return
    between = middle, _regime(stack, middle)
    yield from _changes(stack, low, between)
    yield from _changes(stack, between, high)


def call(equity: Any, strike: Any, deviation: Any, factor: Any) -> Any:
    """Black's price of a call on equity that pays nothing until then."""
    if equity <= 0:
        return mp.mpf(0)
    d1 = mp.log(equity / (factor * strike)) / deviation + deviation / 2
    return equity * normal(d1) - factor * strike * normal(d1 - deviation)


def calls(stack: Any, held: str) -> list[tuple[Any, Any]]:
    """The payoff of a class as calls on the equity: strike, the first 0, and change of slope."""
    points = [mp.mpf(0), *break_points(tuple(stack)), _HIGHEST]
    found, before = [], mp.mpf(0)
    for low, high in pairwise(points):
        slope = (sale(stack, high, held) - sale(stack, low, held)) / (high - low)
        found.append((low, slope - before))
        before = slope
    return found


def at_exit(found: list[tuple[Any, Any]], equity: Any, deviation: Any, factor: Any) -> Any:
    """Value today of calls on the equity at an exit."""
    return sum(
        slope * (equity if strike == 0 else call(equity, strike, deviation, factor))
        for strike, slope in found
    )


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
    part = _part(spec)
    value = _value(spec, market, level, (spec.stack, equity))
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


def _value(spec: Any, market: Any, level: Any, terms: tuple[Any, Any]) -> Any:
    stack, equity = terms
    if not stack:
        return equity
    if spec.exit is None:
        return sale(stack, equity, spec.share_class)
    curve = market.discount_curves[market.issuers[spec.issuer].currency]
    factor = discount(market, level, curve, mp.mpf(spec.exit.years))
    deviation = mp.mpf(spec.exit.volatility) * mp.sqrt(mp.mpf(spec.exit.years))
    return at_exit(calls(stack, spec.share_class), equity, deviation, factor)


def _after(spec: Any, market: Any, level: Any, equity: Any) -> Any:
    runway, stack = spec.runway, spec.stack
    if runway.liquidation is not None:
        left = equity * mp.mpf(runway.liquidation.recovery)
        return sale(stack, left, spec.share_class) if stack else left
    if runway.down_round.pay_to_play and spec.stack:
        common = {"invested": 0.0, "participation": "none", "cap_multiple": None}
        held = spec.share_class
        stack = tuple(
            item.model_copy(update=common) if item.name == held else item  # keeps shares and conversion
            for item in stack
        )
    left = equity * (1 - mp.mpf(runway.down_round.discount))
    return (1 - mp.mpf(runway.down_round.dilution)) * _value(spec, market, level, (stack, left))
