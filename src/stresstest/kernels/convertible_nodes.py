"""What happens at the nodes of one date of a convertible bond's lattice, for a block of columns."""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray
from stresstest.kernels._jit import fma, kernel

LANES = 64
"""Columns that go through a lattice together, so that its three tables of nodes stay in the cache."""


class Lanes(NamedTuple):
    """A block of neighbouring columns: all factors, the first column, and the block's rows of `ShareRows`."""

    factors: FloatArray
    start: int
    spread: FloatArray
    log_spot: FloatArray
    dividend_yield: FloatArray
    std_dev: FloatArray


class ConvertibleScratch(NamedTuple):
    """Overwritten.

    Attributes
    ----------
    value, tracker, before
        By node `(n_nodes, LANES)`: value; its cash part, or its probability to end as shares; that
        probability before exercise.
    up, log_up, log_down
        By column: probability of a step up, logs of the factors by which the share moves about its forward.
    safe, risky
        Discount factors to a date without and with the spread, and growth since the date before.
    conversion, ratio, paid
        Value of the shares at a node, its ratio to the node below, discounted payment.
    """

    value: FloatArray
    tracker: FloatArray
    before: FloatArray
    up: FloatArray
    log_up: FloatArray
    log_down: FloatArray
    safe: FloatArray
    risky: FloatArray
    safe_growth: FloatArray
    risky_growth: FloatArray
    conversion: FloatArray
    ratio: FloatArray
    paid: FloatArray


@kernel
def blended_growth(probability: float, safe: float, risky: float) -> float:
    """Return growth over a step of what ends as shares with a probability, as cash with the rest."""
    return fma(probability, safe, (1.0 - probability) * risky)


@kernel
def allowance(conversion: float, trigger: float, width: float) -> float:
    """Return 1 where the shares are worth the trigger, 0 where not.

    Over a `width`, the part of the stretch about the node that lies beyond the trigger: with all or nothing
    the value would jump with the distance from the trigger to the nearest node.
    """
    if not width > 0.0:
        return 1.0 if conversion >= trigger else 0.0
    share = (conversion - trigger) / width + 0.5
    return 0.0 if share < 0.0 else (min(share, 1.0))


@kernel
def called(value: float, conversion: float, price: float) -> float:
    """Return what the issuer leaves who may redeem at `price`, or make the holder convert."""
    offer = conversion if conversion > price else price  # noqa: FURB136 - NaN must pass
    return min(value, offer)


@kernel
def mixed(first: float, second: float, share: float) -> float:
    """Return `first` with the share, `second` with the rest; exactly one of them at a share of 1 or 0."""
    return first if share == 1.0 else (second if share == 0.0 else fma(share, first - second, second))


@kernel
def put_back(value: float, price: float) -> float:
    """Return the larger of a value and a put price; NaN where either is."""
    gain = price - value
    kept = value if gain <= 0.0 else gain
    return price if gain > 0.0 else kept


@kernel
def discount_parts(n_nodes: int, lanes: Lanes, scratch: ConvertibleScratch) -> None:
    """Discount the cash part with the spread and the rest without, over a step."""
    safe, risky, width = scratch.safe_growth, scratch.risky_growth, lanes.spread.shape[0]
    for node in range(n_nodes):
        value, cash = scratch.value[node], scratch.tracker[node]
        for j in range(width):
            shares = value[j] - cash[j]
            cash[j] = cash[j] / risky[j]
            value[j] = shares / safe[j] + cash[j]


@kernel
def discount_blend(n_nodes: int, lanes: Lanes, scratch: ConvertibleScratch) -> None:
    """Discount the whole over a step, by its probability to end as shares before exercise."""
    safe, risky, width = scratch.safe_growth, scratch.risky_growth, lanes.spread.shape[0]
    for node in range(n_nodes):
        value, before = scratch.value[node], scratch.before[node]
        for j in range(width):
            value[j] = value[j] / blended_growth(before[j], safe[j], risky[j])


@kernel
def average_nodes(n_nodes: int, lanes: Lanes, scratch: ConvertibleScratch) -> None:
    """Take values and trackers of the upper and the lower neighbour to the date before."""
    up, width = scratch.up, lanes.spread.shape[0]
    for node in range(n_nodes):
        low, high = scratch.value[node], scratch.value[node + 1]
        for j in range(width):
            low[j] = fma(up[j], high[j], (1.0 - up[j]) * low[j])
        lower, upper, before = scratch.tracker[node], scratch.tracker[node + 1], scratch.before[node]
        for j in range(width):
            lower[j] = fma(up[j], upper[j], (1.0 - up[j]) * lower[j])
            before[j] = lower[j]


@kernel
def call_nodes(
    terms: tuple[float, float, float, float], n_nodes: int, lanes: Lanes, scratch: ConvertibleScratch
) -> None:
    """Let the issuer redeem at a price above a trigger; what is redeemed in cash ends as cash."""
    (price, trigger, by_cash, part), conversion, ratio = terms, scratch.conversion, scratch.ratio
    for node in range(n_nodes):
        value, tracker = scratch.value[node], scratch.tracker[node]
        for j in range(lanes.spread.shape[0]):
            left, width = called(value[j], conversion[j], price), by_cash * (ratio[j] - 1.0) * conversion[j]
            in_shares = allowance(conversion[j], price, width)
            ended = by_cash * left * (1.0 - in_shares) if by_cash == 1.0 else tracker[j] * in_shares
            share = part * allowance(conversion[j], trigger, width)
            tracker[j] = mixed(ended, tracker[j], share) if left < value[j] else tracker[j]
            value[j] = mixed(left, value[j], share)
            conversion[j] = conversion[j] * ratio[j]


@kernel
def put_nodes(by_cash: float, n_nodes: int, lanes: Lanes, scratch: ConvertibleScratch) -> None:
    """Let the holder ask for `paid`; what is put ends as cash."""
    price = scratch.paid
    for node in range(n_nodes):
        value, tracker = scratch.value[node], scratch.tracker[node]
        for j in range(lanes.spread.shape[0]):
            tracker[j] = by_cash * price[j] if price[j] > value[j] else tracker[j]
            value[j] = put_back(value[j], price[j])


@kernel
def pay_nodes(by_cash: float, n_nodes: int, lanes: Lanes, scratch: ConvertibleScratch) -> None:
    """Add `paid`, which is cash."""
    paid = scratch.paid
    for node in range(n_nodes):
        value, tracker = scratch.value[node], scratch.tracker[node]
        for j in range(lanes.spread.shape[0]):
            value[j] = value[j] + paid[j]
            tracker[j] = fma(by_cash, paid[j], tracker[j])


@kernel
def convert_nodes(by_cash: float, n_nodes: int, lanes: Lanes, scratch: ConvertibleScratch) -> None:
    """Let the holder convert where that is worth no less."""
    conversion, ratio, as_shares = scratch.conversion, scratch.ratio, 1.0 - by_cash
    for node in range(n_nodes):
        value, tracker = scratch.value[node], scratch.tracker[node]
        for j in range(lanes.spread.shape[0]):
            converts = conversion[j] >= value[j]
            tracker[j] = as_shares if converts else tracker[j]
            value[j] = conversion[j] if converts else value[j]
            conversion[j] = conversion[j] * ratio[j]
