"""American calls at rates not below 0 on shares that pay dividends on dates, by quadrature date after date.

Such a call is exercised at expiry or just before a dividend only. Its premium over the European call is the
sum over the dates of the value today of what exercise then brings more than holding on,

    G_k(x) = x + D_k − K − V(x, θ_k) for x above B_k,

smooth there, so that Gauss–Legendre quadrature in ln x over the lognormal density, from the exercise point
on, finds it to many digits (A. Andricopoulos, M. Widdicks, P. Duck, D. Newton, Journal of Financial Economics
67 (2003) 447; exact for one dividend: R. Roll, Journal of Financial Economics 5 (1977) 251). V is the
European call and the sum over the dates that come after. Panels are short where V bends, at the exercise
points and the strike, and nowhere longer than the density of the next date lets them be.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.kernels._jit import fma, kernel, part
from stresstest.kernels.american_dated_sums import folded_sum
from stresstest.kernels.american_dated_tables import N_PANEL_NODES as N_PANEL
from stresstest.kernels.american_dated_tables import CallTables
from stresstest.kernels.american_grid import Payments
from stresstest.kernels.black import black_price
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log
from stresstest.kernels.normal import INVERSE_SQRT_2PI, normal_cdf

MOST_NODES = 6144
MOST_DATES = 128
"""Dates at which exercise may pay; with more, or more nodes, the value is left to the grid."""
_REACH = 6.2
"""Half width, in standard deviations, of what is looked at of each date's distribution."""
_PANEL_DEVS = 7.0
_FEATURE_DEVS = 5.0
_MOST_STEPS = 14
_CLOSE = 1e-7


class CallWork(NamedTuple):
    """Scratch: dates at which exercise may pay, their exercise points, nodes and weights.

    Attributes
    ----------
    time, gain, feature
        `(MOST_DATES,)` θ, D − K at it, and ln B.
    node, weight, node_time
        `(MOST_NODES,)` ln x, weight·G·e^{ρθ} and θ of the nodes.
    inverse, drift, term, slope
        `(MOST_NODES,)` of the nodes seen from one date: 1/deviation, mean, and terms of a sum.
    """

    time: FloatArray
    gain: FloatArray
    feature: FloatArray
    node: FloatArray
    weight: FloatArray
    node_time: FloatArray
    inverse: FloatArray
    drift: FloatArray
    term: FloatArray
    slope: FloatArray


class CallTerms(NamedTuple):
    """ρ = r·T >= 0, s = σ·√T > 0, and ln of the spot less the dividends to come over the strike."""

    rate: float
    std_dev: float
    moneyness: float


@kernel
def make_call_work() -> CallWork:
    """Return scratch."""
    dates, nodes = np.empty((3, MOST_DATES + 1)), np.empty((7, MOST_NODES))
    return CallWork(
        dates[0],
        dates[1],
        dates[2],
        nodes[0],
        nodes[1],
        nodes[2],
        nodes[3],
        nodes[4],
        nodes[5],
        nodes[6],
    )


@kernel
def _set_dates(rate: float, payments: Payments, work: CallWork) -> int:
    """Set dates and D − K where a sure exercise beats all later ones; return their number, −1 if too many."""
    paid, best, count = 0.0, -1.0, 0
    for k in range(payments.time.shape[0]):
        growth = exp(rate * payments.time[k])
        paid += payments.amount[k] * growth
        if paid - growth > best:
            if count == MOST_DATES:
                return -1
            best = paid - growth
            work.time[count], work.gain[count] = payments.time[k], best / growth
            count += 1
    return count


@kernel
def _look_from(terms: CallTerms, time: float, n_nodes: int, work: CallWork) -> None:
    """Set what the densities at all nodes, seen from a date, have in common."""
    inverse, drift, times = work.inverse, work.drift, work.node_time
    trend = terms.rate - 0.5 * terms.std_dev * terms.std_dev
    for k in range(n_nodes):
        elapsed = time - times[k]
        scale = 1.0 / (terms.std_dev * math.sqrt(elapsed))
        inverse[k], drift[k] = scale, -trend * elapsed * scale


@kernel
def _later_gains(level: float, n_nodes: int, work: CallWork) -> tuple[float, float]:
    """Return the premium of later exercise at ln x, times e^{ρθ}, and its slope in ln x."""
    node, weight = work.node[:n_nodes], work.weight[:n_nodes]
    inverse, drift = work.inverse[:n_nodes], work.drift[:n_nodes]
    term, slope = work.term, work.slope
    for k in range(n_nodes):
        z = fma(node[k] - level, inverse[k], drift[k])
        term[k] = weight[k] * inverse[k] * exp(-0.5 * z * z)
        slope[k] = term[k] * z * inverse[k]
    return folded_sum(term, n_nodes), folded_sum(slope, n_nodes)


@kernel
def _gain(
    terms: CallTerms, time: float, gain: float, place: tuple[float, int], work: CallWork
) -> tuple[float, float]:
    """Return G at (ln x, number of nodes so far), and its slope in ln x."""
    level, n_nodes = place
    discount, root = exp(-terms.rate * time), terms.std_dev * math.sqrt(time)
    price, forward = exp(level), fma(terms.rate, time, level)
    put = black_price(-1.0, price, discount, forward, root)
    later, slope = _later_gains(level, n_nodes, work)
    put_slope = -price * normal_cdf(-(forward / root + 0.5 * root))
    return gain + discount - put - later * discount, -put_slope - slope * discount


@kernel
def _exercise_point(
    terms: CallTerms, date: int, bounds: tuple[float, float], n_nodes: int, work: CallWork
) -> float:
    """Return ln B between bounds, the lower where there is exercise everywhere, the upper where nowhere.

    G is concave in x: Newton's method in x comes from below without passing the root.
    """
    time, gain, (low, high) = work.time[date], work.gain[date], bounds
    level = max(low, log(-gain)) if gain < 0.0 else low
    for _ in range(_MOST_STEPS):
        value, slope = _gain(terms, time, gain, (level, n_nodes), work)
        if value >= 0.0 or level >= high or not slope > 0.0:
            break
        step = -value / slope
        level += log(1.0 + step)
        if step < _CLOSE:
            break
    return level if level < high else high  # noqa: FURB136 - NaN must pass


@kernel
def _panel_end(terms: CallTerms, date: int, level: float, widest: float, work: CallWork) -> float:
    """Return the end of the panel that begins at ln x: short where V bends, by the later exercise points."""
    width, time = widest, work.time[date]
    for k in range(date + 1):
        # The last is the strike, where the European value bends.
        since = time if k == date else time - work.time[k]
        where = -terms.rate * time if k == date else work.feature[k]
        least = _FEATURE_DEVS * terms.std_dev * math.sqrt(since)
        distance = level - where if level >= where else 0.6 * (where - level)
        width = min(width, max(least, distance))
    return level + width


@kernel
def _add_panel(
    terms: CallTerms, tables: CallTables, date: int, panel: tuple[float, float, int, int], work: CallWork
) -> None:
    """Set nodes and weights of one panel: (begin, end, nodes of later dates, first node)."""
    low, high, n_later, first = panel
    time, gain = work.time[date], work.gain[date]
    growth, half = exp(terms.rate * time), 0.5 * (high - low)
    for k in range(N_PANEL):
        level = fma(half, 1.0 + tables.node[k], low)
        value, _ = _gain(terms, time, gain, (level, n_later), work)
        work.node[first + k], work.node_time[first + k] = level, time
        work.weight[first + k] = INVERSE_SQRT_2PI * half * tables.weight[k] * value * growth


@kernel
def _add_date(
    terms: CallTerms, tables: CallTables, date: int, span: tuple[float, int], work: CallWork
) -> int:
    """Add the nodes of a date, (time of the date before or today, nodes so far); return their number."""
    before, n_nodes = span
    time = work.time[date]
    centre = fma(terms.rate - 0.5 * terms.std_dev * terms.std_dev, 1.0 - time, terms.moneyness)
    reach = _REACH * terms.std_dev * math.sqrt(1.0 - time)
    _look_from(terms, time, n_nodes, work)
    level = _exercise_point(terms, date, (centre - reach, centre + reach), n_nodes, work)
    work.feature[date] = level
    widest, count = _PANEL_DEVS * terms.std_dev * math.sqrt(before - time), n_nodes
    while level < centre + reach:
        if count + N_PANEL > MOST_NODES:
            return -1
        end = min(_panel_end(terms, date, level, widest, work), centre + reach)
        _add_panel(terms, tables, date, (level, end, n_nodes, count), work)
        level, count = end, count + N_PANEL
    return count if level == level else -1  # noqa: PLR0124 - NaN


@part
def dated_call_premium(terms: CallTerms, payments: Payments, tables: CallTables, work: CallWork) -> float:
    """Return the premium of exercise before dividends in units of the strike; NaN where it is not found.

    Parameters
    ----------
    terms
        ρ >= 0 and s > 0.
    payments
        Dividends in units of the strike.
    tables
        Of `make_call_tables`.
    work
        Of `make_call_work`.
    """
    n_dates = _set_dates(terms.rate, payments, work)
    # Not a literal 0, for which all that is called would be compiled once more.
    n_nodes = min(n_dates, 0)
    if n_nodes < 0:
        return math.nan
    work.time[n_dates] = 1.0
    for date in range(n_dates):
        n_nodes = _add_date(terms, tables, date, (work.time[date + 1], n_nodes), work)
        if n_nodes < 0:
            return math.nan
    _look_from(terms, 1.0, n_nodes, work)
    premium, _ = _later_gains(terms.moneyness, n_nodes, work)
    return premium * exp(-terms.rate)
