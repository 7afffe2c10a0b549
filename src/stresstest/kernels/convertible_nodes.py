"""What happens at the nodes of one date of a convertible bond's lattice, for a block of columns.

The nodes of a column lie side by side and a loop runs over them: its probability and growth are then two
numbers that stay in registers, and the tables of a block in the nearest cache.
"""

from __future__ import annotations

from typing import NamedTuple

from stresstest.arrays import FloatArray
from stresstest.kernels._jit import fma, kernel

LANES = 16
"""Columns whose dates are laid out together, so that what a call of a kernel costs is shared."""
BLOCK = 16
"""Nodes that a loop takes at once: the rest of a short row, one by one, would take as long as the row."""
TIE = 1e-12
"""Part of the shares' value by which they must beat the bond: in a tie a called bond's parts stay."""


class Nodes(NamedTuple):
    """Tables by column and node `(LANES, n_nodes)`, lowest node first; overwritten.

    Attributes
    ----------
    value, tracker
        Where the cash part bears credit risk, what ends as shares and what ends as cash; else the value, and
        its probability to end as shares.
    before
        That probability before exercise.
    power
        Value of the shares relative to the lowest node of the date.
    """

    value: FloatArray
    tracker: FloatArray
    before: FloatArray
    power: FloatArray


class CallTerms(NamedTuple):
    """A call on one date: dirty price and least value of the shares."""

    price: float
    trigger: float


@kernel
def whole_blocks(n_nodes: int) -> int:
    """Return a number of nodes raised to whole blocks; those beyond reach no node of the lattice."""
    return (n_nodes + BLOCK - 1) // BLOCK * BLOCK


@kernel
def called(value: float, conversion: float, price: float) -> float:
    """Return what the issuer leaves who may redeem at `price`, or make the holder convert."""
    offer = conversion if conversion > price else price  # noqa: FURB136 - NaN must pass
    return min(value, offer)


@kernel
def put_back(value: float, price: float) -> float:
    """Return the larger of a value and a put price; NaN where either is."""
    gain = price - value
    kept = value if gain <= 0.0 else gain
    return price if gain > 0.0 else kept


@kernel
def discount_blend(safe: FloatArray, risky: FloatArray, n_nodes: int, nodes: Nodes) -> None:
    """Discount the whole over a step at growths blended by the probability to end as shares."""
    value, before = nodes.value, nodes.before
    for lane in range(safe.shape[0]):
        growth, gap = risky[lane], safe[lane] - risky[lane]
        for node in range(n_nodes):
            value[lane, node] = value[lane, node] / fma(before[lane, node], gap, growth)


@kernel
def remember(n_lanes: int, n_nodes: int, nodes: Nodes) -> None:
    """Keep the probabilities before exercise."""
    tracker, before = nodes.tracker, nodes.before
    for lane in range(n_lanes):
        for node in range(n_nodes):
            before[lane, node] = tracker[lane, node]


@kernel
def average_blend(up: FloatArray, n_nodes: int, nodes: Nodes) -> None:
    """Take values and probabilities of the date before from upper and lower neighbours."""
    value, chance, before = nodes.value, nodes.tracker, nodes.before
    for lane in range(up.shape[0]):
        high, low = up[lane], 1.0 - up[lane]
        for node in range(n_nodes):
            value[lane, node] = fma(high, value[lane, node + 1], low * value[lane, node])
            likely = fma(high, chance[lane, node + 1], low * chance[lane, node])
            chance[lane, node] = likely
            before[lane, node] = likely


@kernel
def call_blend(terms: CallTerms, low: FloatArray, n_nodes: int, nodes: Nodes) -> None:
    """Let the issuer redeem, or force conversion; what is redeemed in cash has no chance of shares."""
    value, chance, power = nodes.value, nodes.tracker, nodes.power
    price, trigger = terms.price, terms.trigger
    for lane in range(low.shape[0]):
        lowest = low[lane]
        for node in range(n_nodes):
            conversion, kept = lowest * power[lane, node], value[lane, node]
            left = called(kept, conversion, price) if conversion >= trigger else kept
            is_cash = (left < kept) & (conversion < price)
            chance[lane, node] = 0.0 if is_cash else chance[lane, node]
            value[lane, node] = left


@kernel
def put_parts(price: FloatArray, n_nodes: int, nodes: Nodes) -> None:
    """Let the holder ask for `price`; what is put ends as cash."""
    stock, cash = nodes.value, nodes.tracker
    for lane in range(price.shape[0]):
        paid = price[lane]
        for node in range(n_nodes):
            is_put = paid > stock[lane, node] + cash[lane, node]
            stock[lane, node] = 0.0 if is_put else stock[lane, node]
            cash[lane, node] = paid if is_put else cash[lane, node]


@kernel
def put_blend(price: FloatArray, n_nodes: int, nodes: Nodes) -> None:
    """Let the holder ask for `price`; what is put has no chance of shares."""
    value, chance = nodes.value, nodes.tracker
    for lane in range(price.shape[0]):
        paid = price[lane]
        for node in range(n_nodes):
            chance[lane, node] = 0.0 if paid > value[lane, node] else chance[lane, node]
            value[lane, node] = put_back(value[lane, node], paid)


@kernel
def pay_nodes(paid: FloatArray, n_nodes: int, table: FloatArray) -> None:
    """Add a payment."""
    for lane in range(paid.shape[0]):
        amount = paid[lane]
        for node in range(n_nodes):
            table[lane, node] = table[lane, node] + amount


@kernel
def is_converted(conversion: float, value: float) -> bool:
    """Tell whether shares are worth more than the bond, by more than the rounding of two equal parts."""
    return conversion - value > TIE * conversion


@kernel
def convert_blend(low: FloatArray, n_nodes: int, nodes: Nodes) -> None:
    """Let the holder convert where that is worth no less; then the chance of shares is 1."""
    value, chance, power = nodes.value, nodes.tracker, nodes.power
    for lane in range(low.shape[0]):
        lowest = low[lane]
        for node in range(n_nodes):
            conversion = lowest * power[lane, node]
            converts = conversion >= value[lane, node]
            value[lane, node] = conversion if converts else value[lane, node]
            chance[lane, node] = 1.0 if converts else chance[lane, node]
