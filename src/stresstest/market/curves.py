"""Zero curves: rates linear between nodes, flat outside, continuously compounded.

Every time is in years of 365 days from the valuation date (ACT/365F); a node lies at the length of its tenor.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log
from stresstest.market.root_search import NoRootError, decreasing_root

_LARGEST_RATE = 1.0
# Tenors come as months ÷ 12; a period more or less is far beyond this part of one.
_PERIOD_TOLERANCE = 1e-9


class NodeWeights(NamedTuple):
    """Rate at a time as `lower_weight · rate[lower] + upper_weight · rate[upper]`; the weights add to 1.

    On a node and outside the nodes `upper` equals `lower` and its weight is 0: no other node matters.
    """

    lower: int
    upper: int
    lower_weight: float
    upper_weight: float


def interpolation_weights(node_years: Sequence[float] | FloatArray, years: float) -> NodeWeights:
    """Return the nodes that bracket `years` and their weights: linear between nodes, flat outside.

    Parameters
    ----------
    node_years
        Times of the nodes `(n_nodes,)`, in years, strictly ascending, at least one.
    years
        Time asked for, in years; any finite number.

    Examples
    --------
    >>> interpolation_weights([1.0, 2.0, 5.0], 4.25)
    NodeWeights(lower=1, upper=2, lower_weight=0.25, upper_weight=0.75)
    >>> interpolation_weights([1.0, 2.0, 5.0], 30.0)
    NodeWeights(lower=2, upper=2, lower_weight=1.0, upper_weight=0.0)
    """
    nodes = node_years.tolist() if isinstance(node_years, np.ndarray) else node_years
    upper = bisect_left(nodes, years)
    if upper == len(nodes):
        return NodeWeights(upper - 1, upper - 1, 1.0, 0.0)
    if upper == 0 or nodes[upper] == years:
        return NodeWeights(upper, upper, 1.0, 0.0)
    start, end = float(nodes[upper - 1]), float(nodes[upper])
    upper_weight = (years - start) / (end - start)
    return NodeWeights(upper - 1, upper, 1.0 - upper_weight, upper_weight)


def zero_rate(node_years: Sequence[float] | FloatArray, zero_rates: Sequence[float], years: float) -> float:
    """Return the zero rate at `years`, continuously compounded."""
    nodes = interpolation_weights(node_years, years)
    return nodes.lower_weight * zero_rates[nodes.lower] + nodes.upper_weight * zero_rates[nodes.upper]


def discount_factor(
    node_years: Sequence[float] | FloatArray, zero_rates: Sequence[float], years: float
) -> float:
    """Return the value today of one unit of money paid in `years`."""
    return float(exp(-years * zero_rate(node_years, zero_rates, years)))


class ParYieldError(ValueError):
    """A par yield from which no zero rate follows; `node` is its position."""

    def __init__(self, node: int, message: str) -> None:
        super().__init__(message)
        self.node = node


def zero_rates_from_par_yields(
    node_years: Sequence[float] | FloatArray,
    par_yields: Sequence[float] | FloatArray,
    frequency: int = 2,
) -> FloatArray:
    """Bootstrap zero rates at the tenors of par yields.

    Up to one coupon period a yield is a bond-equivalent bill rate, D = 1 / (1 + y·t): exactly the par bond
    with one coupon. Beyond, the bond that pays y / frequency at every whole number of periods and 1 at its
    maturity is worth 1, all its coupons discounted on the curve that is being built.

    Parameters
    ----------
    node_years
        Tenors `(n_nodes,)` in years, strictly ascending; those over one coupon period are whole numbers of
        periods.
    par_yields
        Yields `(n_nodes,)` as decimals, compounded `frequency` times a year.
    frequency
        Coupons a year; 2 is the bond-equivalent basis of the US Treasury's par yields.

    Returns
    -------
    FloatArray
        Zero rates `(n_nodes,)`, continuously compounded, read-only.

    Raises
    ------
    ParYieldError
        A tenor or yield that gives no zero rate between −100 % and 100 %.

    References
    ----------
    P. S. Hagan and G. West, Interpolation Methods for Curve Construction, Applied Mathematical Finance 13
    (2006) 89: bootstrap with the interpolation that is used afterwards (here linear in the zero rate).

    Examples
    --------
    >>> zero_rates_from_par_yields([0.5, 1.0], [0.04, 0.04]).round(6).tolist()
    [0.039605, 0.039605]
    """
    years = [float(value) for value in node_years]
    rates: list[float] = []
    annuity = 0.0
    for node, par_yield in enumerate(map(float, par_yields)):
        times = _new_coupon_times(years, node, frequency)
        if years[node] * frequency <= 1.0:
            rate = _bill_rate(years[node], par_yield)
        else:
            bond = _par_bond(years[: node + 1], rates, par_yield / frequency, times)
            rate = _par_bond_rate(bond._replace(known_value=annuity * par_yield / frequency), par_yield)
        if not abs(rate) <= _LARGEST_RATE:
            raise ParYieldError(node, f"no zero rate of {years[node]:g} years between -100 % and 100 %")
        rates.append(rate)
        annuity += sum(discount_factor(years[: node + 1], rates, time) for time in times)
    return frozen(rates)


def _new_coupon_times(years: Sequence[float], node: int, frequency: int) -> list[float]:
    """Return the coupon times after the node before `node` and up to it, in years."""
    previous = years[node - 1] if node else 0.0
    if not years[node] > previous:
        raise ParYieldError(node, f"tenor of {years[node]:g} years is not after the one before it")
    periods = years[node] * frequency
    if periods > 1.0 and abs(periods - round(periods)) > _PERIOD_TOLERANCE:
        raise ParYieldError(node, f"tenor of {years[node]:g} years is not a whole number of coupon periods")
    first = int(previous * frequency + _PERIOD_TOLERANCE) + 1
    last = int(periods + _PERIOD_TOLERANCE)
    return [index / frequency for index in range(first, last + 1)]


def _bill_rate(years: float, bill_yield: float) -> float:
    interest = bill_yield * years
    growth = 1.0 + interest
    if not 0.0 < growth < float("inf"):
        return float("nan")
    # What the rounding of 1 + y·t cut off would be some 1e-15 of a rate at one month.
    return (float(log(growth)) + (interest - (growth - 1.0)) / growth) / years


def _par_bond_rate(bond: _ParBond, start: float) -> float:
    try:
        return decreasing_root(bond.value_over_par, start, (-_LARGEST_RATE, _LARGEST_RATE))
    except NoRootError:
        return float("nan")


class _ParBond(NamedTuple):
    """Bond on a curve that is known up to the node before the bond's maturity.

    Attributes
    ----------
    known_value
        Value of the coupons on the known part of the curve.
    amounts, log_discounts, rate_years
        Of the payments beyond it: money, log discount factor where the unknown rate is 0, and the years that
        multiply the unknown rate.
    """

    known_value: float
    amounts: list[float]
    log_discounts: list[float]
    rate_years: list[float]

    def value_over_par(self, rate: float) -> tuple[float, float]:
        """Return value less 1, and its slope, where the zero rate at maturity is `rate`."""
        value, slope = self.known_value - 1.0, 0.0
        for amount, log_discount, years in zip(*self[1:], strict=True):
            discounted = amount * float(exp(log_discount - years * rate))
            value += discounted
            slope -= years * discounted
        return value, slope


def _par_bond(
    years: Sequence[float], rates: Sequence[float], coupon: float, times: Sequence[float]
) -> _ParBond:
    """Return the bond that pays `coupon` at `times` and 1 at the last; the rate at its maturity is open."""
    open_node = len(rates)
    log_discounts, rate_years = [], []
    for time in times:
        nodes = interpolation_weights(years, time)
        known = nodes.lower_weight * rates[nodes.lower] if nodes.lower < open_node else 0.0
        weight = nodes.upper_weight if nodes.lower < open_node else 1.0
        log_discounts.append(-time * known)
        rate_years.append(time * weight)
    amounts = [coupon] * (len(times) - 1) + [1.0 + coupon]
    return _ParBond(0.0, amounts, log_discounts, rate_years)
