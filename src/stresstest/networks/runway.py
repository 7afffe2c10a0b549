"""How long a firm's money lasts: what it burns, what is paid in, month by month.

Times are years from today, at the end of each month of the horizon; a month that the horizon cuts off is
shorter. Money is cumulative.
"""

from __future__ import annotations

from math import ceil, isnan
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.conventions.day_counts import DAYS_PER_YEAR
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log
from stresstest.networks.mechanism import Surroundings
from stresstest.networks.model import Edge, Node

MONTHS_OF_YEAR = 12.0
_FIRM_STATUSES = ("funded", "committed", "contract")


class Source(NamedTuple):
    """New money that an investor has promised a firm.

    Attributes
    ----------
    investor
        Place of it.
    status
        `firm`, `conditional` (a closing that waits for something) or `loose` (a letter of intent).
    paid_in
        `(n_months,)` money up to each month.
    """

    investor: int
    status: str
    paid_in: FloatArray


def month_ends(years: float) -> FloatArray:
    """Return the ends of the months of a horizon, in years; the last is the horizon."""
    count = max(ceil(years * MONTHS_OF_YEAR - 1e-9), 1)
    ends = np.arange(1, count + 1) / MONTHS_OF_YEAR
    ends[-1] = years
    return ends


def burnt(node: Node, times: FloatArray) -> FloatArray:
    """Return what a firm burns up to each time: b·((1 + g)^t − 1) / ln(1 + g) for growth g a year, or b·t."""
    if node.burn_growth == 0.0:
        return node.burn * times
    rate = float(log(1.0 + node.burn_growth))
    return np.array([node.burn * (float(exp(rate * time)) - 1.0) / rate for time in times.tolist()])


def cash_left(node: Node, years: float) -> float:
    """Return what is left of today's cash after so many years: what pays for burn repays no debt.

    Burn is cut as far as the firm's own number says.
    """
    if node.burn == 0.0:
        return node.cash
    kept = 1.0 if isnan(node.burn_cut) else 1.0 - node.burn_cut
    return max(node.cash - kept * float(burnt(node, np.array([years]))[0]), 0.0)


def sources(surroundings: Surroundings, firm: int, times: FloatArray) -> list[Source]:
    """Return the promises of new money to a firm, in the order of edges.

    An amount with money a year flows evenly from today; one without comes on its last day, else its first,
    else at once.
    """
    network, found = surroundings.network, list[Source]()
    for edge in network.of_type("equity_commitment"):
        if network.index[edge.second] == firm:
            paid_in = _paid_in(edge, surroundings, times)
            found.append(Source(network.index[edge.first], _firmness(edge), paid_in))
    return found


def _firmness(edge: Edge) -> str:
    if edge.status in _FIRM_STATUSES:
        return "firm"
    return "conditional" if edge.status == "conditional" else "loose"


def _paid_in(edge: Edge, surroundings: Surroundings, times: FloatArray) -> FloatArray:
    left = edge.amount - (0.0 if isnan(edge.drawn) else edge.drawn)
    if not isnan(edge.per_year):
        return np.minimum(edge.per_year * times, left)
    day = edge.end or edge.start or surroundings.as_of
    after = (day - surroundings.as_of).days / DAYS_PER_YEAR
    return np.where(times >= after, left, 0.0)


def deepest(lacking: FloatArray) -> FloatArray:
    """Return `(n_columns,)` the most that a path `(n_columns, n_months)` lacks, at least 0."""
    return np.asarray(np.maximum(np.max(lacking, axis=1), 0.0))


def first_month(lacking: FloatArray, times: FloatArray, cash: float) -> FloatArray:
    """Return `(n_columns,)` the month, from today, in which the money ends; NaN where it does not.

    Within a month money is used up evenly; `cash` is that of today.
    """
    short = lacking > 0.0
    place, rows = np.argmax(short, axis=1), np.arange(len(lacking))
    start = np.where(place > 0, times[place - 1], 0.0)
    before = np.where(place > 0, lacking[rows, place - 1], -cash)
    rise = lacking[rows, place] - before
    part = np.where(rise > 0.0, -before / np.where(rise > 0.0, rise, 1.0), 1.0)
    ends = (start + part * (times[place] - start)) * MONTHS_OF_YEAR
    return np.where(np.any(short, axis=1), ends, np.nan)
