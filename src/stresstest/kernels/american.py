"""Early-exercise premiums of American options: the regime of each cell, and the method that serves it.

A call on S at K under r, q is a put on K at S under q, r (R. McDonald, M. Schroder, Journal of Computational
Finance 1/3 (1998) 5): every cell is a put on strike 1 with its time scaled to 1. A first pass over the
columns gives each its regime; each method then runs over the packed cells of its own, and no cell sees its
neighbours.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels._jit import fma, kernel, part
from stresstest.kernels.american_boundary import (
    INVERSE,
    LANES,
    LIMIT,
    MONEYNESS,
    PREMIUM,
    PRICED_SQUARES,
    RATE,
    SQUARES,
    STD_DEV,
    YIELD,
    integrate_premiums,
    perpetual_boundary,
    solve_boundaries,
)
from stresstest.kernels.american_grid import Payments, PutCell, grid_value
from stresstest.kernels.american_pair import pair_premium
from stresstest.kernels.american_pair_boundary import PairTerms, PairWork
from stresstest.kernels.american_pair_tables import PairTables
from stresstest.kernels.american_schemes import Scheme, Schemes
from stresstest.kernels.black import black_price
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log

IMPOSSIBLE, HELD, CERTAIN, SMALL, MIDDLE, LARGE, HARD, PAIR = -1, 0, 1, 2, 3, 4, 5, 6
"""Regimes: no number, never exercised, no volatility, one boundary by four schemes, two boundaries."""

NEGLIGIBLE = 1e-14
"""A premium below this share of the strike is none: it is at most ρ⁺·K + κ⁻·S."""
CERTAIN_BELOW = 1e-8
"""Standard deviation below which the value is that without volatility, within 4e-9 of the strike."""
_VECTOR = 8
"""Numbers that the widest vectors of today's processors hold."""
_FAR = 9.0
_CONVERGED = 5.6
_GAP_WEIGHT = 0.7
"""What ρ − κ counts for beside ρ: on 7,000 random cells form A was good to 1e-7 below 0.8·s."""


class Cells(NamedTuple):
    """Columns of one option as puts on strike 1; each array `(n_columns,)`.

    Attributes
    ----------
    rate, dividend_yield, std_dev, moneyness
        ρ = r·T, κ = q·T, s = σ·√T, ln(S/K), of the put that stands for the option.
    premium
        Early-exercise premium in units of the put's strike, not negative; 0 where the option is best
        exercised, whose value is its exercise value.
    regime
        What was chosen.
    column, lane
        Scratch of the packing: columns of the packed cells, and the lane that has each one's boundary.
    """

    rate: FloatArray
    dividend_yield: FloatArray
    std_dev: FloatArray
    moneyness: FloatArray
    premium: FloatArray
    regime: IntArray
    column: IntArray
    lane: IntArray


class AmericanScratch(NamedTuple):
    """Scratch of the methods: a batch of `american_boundary`, two boundaries, the rows of `american_grid`."""

    work: FloatArray
    pair: PairWork
    grid: FloatArray


@kernel
def useful_time(rate: float, dividend_yield: float, std_dev: float, moneyness: float) -> float:
    """Return the share of the time after which a longer option is worth no more, within 1e-8 of the strike.

    Under the measure of the perpetual put ln S drifts down at m = √(b² + 2ρs²), and what is left to gain
    after a time t is at most N((y − m·t)/(s√t)) of it, y the height of ln S over the perpetual boundary. So
    rates large beside the volatility, which no fixed number of nodes could serve, become ordinary ones over a
    shorter time.
    """
    variance = std_dev * std_dev
    drift = rate - dividend_yield - 0.5 * variance
    pull = math.sqrt(fma(drift, drift, 2.0 * rate * variance))
    if not pull > 0.0:
        return 1.0
    height = moneyness - log(perpetual_boundary(rate, dividend_yield, std_dev))
    height = 0.0 if height < 0.0 else height  # noqa: FURB136 - NaN must pass
    reach = _CONVERGED * std_dev
    root = (reach + math.sqrt(fma(reach, reach, 4.0 * pull * height))) / (2.0 * pull)
    return root * root if root < 1.0 else 1.0


@kernel
def is_number(x: float) -> bool:
    """Tell whether x is finite."""
    return x - x == 0.0


@kernel
def select_regime(rate: float, dividend_yield: float, std_dev: float, moneyness: float) -> int:
    """Return the regime of a put without dividends on dates.

    Never exercised: ρ <= 0 and κ >= ρ, where waiting costs nothing, or a boundary further away than nine
    standard deviations. Two boundaries: κ < ρ < 0.
    """
    if not (is_number(rate) and is_number(dividend_yield) and is_number(moneyness) and std_dev >= 0.0):
        return IMPOSSIBLE
    if std_dev < CERTAIN_BELOW:
        return CERTAIN
    variance = std_dev * std_dev
    is_far = moneyness - abs(rate - dividend_yield) - 1.5 * variance > _FAR * std_dev
    gain = max(rate, 0.0) + max(-dividend_yield, 0.0) * max(1.0, exp(moneyness))
    is_patient = rate <= 0.0 and dividend_yield >= rate and not (rate == 0.0 and dividend_yield < 0.0)
    if is_far or is_patient or gain < NEGLIGIBLE:
        return HELD
    if rate < 0.0:
        return PAIR
    return select_scheme(rate, dividend_yield, std_dev)


@kernel
def select_scheme(rate: float, dividend_yield: float, std_dev: float) -> int:
    """Return the cheapest scheme that is good to 1.7e-7 of the strike, as measured on 7,000 random cells.

    Form A converges ever more slowly as ρ − κ, at a yield below 0, nears the standard deviation.
    """
    ratio = max(rate, abs(dividend_yield), _GAP_WEIGHT * (rate - dividend_yield)) / std_dev
    if ratio < 0.4 and std_dev < 0.4:
        return SMALL
    if ratio < 0.4 and std_dev < 1.0:
        return MIDDLE
    return LARGE if ratio < 0.5 and std_dev < 2.5 else HARD


@kernel
def certain_value(rate: float, dividend_yield: float, moneyness: float) -> float:
    """Return the value without volatility: the most of e^{−ρθ} − e^{w−κθ} over 0 <= θ <= 1, and 0."""
    best = max(0.0, 1.0 - exp(moneyness), exp(-rate) - exp(moneyness - dividend_yield))
    if rate * dividend_yield > 0.0 and rate != dividend_yield:
        time = (log(rate / dividend_yield) - moneyness) / (rate - dividend_yield)
        if 0.0 < time < 1.0:
            best = max(best, exp(-rate * time) - exp(fma(-dividend_yield, time, moneyness)))
    return best


@kernel
def european_put(rate: float, dividend_yield: float, std_dev: float, moneyness: float) -> float:
    """Return the European put on strike 1."""
    forward = fma(1.0, moneyness, rate - dividend_yield)
    return black_price(-1.0, exp(moneyness - dividend_yield), exp(-rate), forward, std_dev)


@kernel
def boundary_limit(rate: float, dividend_yield: float) -> float:
    """Return ln X, X = min(1, ρ/κ): where the boundary begins at expiry, for ρ > 0 or κ < 0."""
    return log(rate / dividend_yield) if dividend_yield > rate else 0.0


@kernel
def _choose(cells: Cells) -> None:
    """Set the regime and, where it has a closed form, the premium of each column; shorten endless options."""
    for j in range(cells.rate.shape[0]):
        rate, dividend_yield = cells.rate[j], cells.dividend_yield[j]
        std_dev, moneyness = cells.std_dev[j], cells.moneyness[j]
        regime = select_regime(rate, dividend_yield, std_dev, moneyness)
        cells.premium[j] = math.nan if regime == IMPOSSIBLE else 0.0
        if regime == CERTAIN:
            held = european_put(rate, dividend_yield, 0.0, moneyness)
            cells.premium[j] = certain_value(rate, dividend_yield, moneyness) - held
        if SMALL <= regime <= HARD:
            share = useful_time(rate, dividend_yield, std_dev, moneyness)
            if share < 1.0:
                whole = european_put(rate, dividend_yield, std_dev, moneyness)
                rate, dividend_yield = rate * share, dividend_yield * share
                std_dev = std_dev * math.sqrt(share)
                cells.rate[j], cells.dividend_yield[j], cells.std_dev[j] = rate, dividend_yield, std_dev
                cells.premium[j] = european_put(rate, dividend_yield, std_dev, moneyness) - whole
                regime = select_scheme(rate, dividend_yield, std_dev)
        cells.regime[j] = regime


@kernel
def _is_like_last(cells: Cells, j: int, work: FloatArray, lane: int) -> bool:
    """Tell whether column j has the boundary of `lane`: same rates and volatility, whatever the spot."""
    return bool(
        work[RATE + lane] == cells.rate[j]
        and work[YIELD + lane] == cells.dividend_yield[j]
        and work[STD_DEV + lane] == cells.std_dev[j]
    )


@kernel
def _pack(cells: Cells, regime: int, first: int, work: FloatArray) -> tuple[int, int, int]:
    """Take cells of a regime from column `first` on, until `LANES` boundaries are full.

    Neighbours that differ in the spot alone share a boundary. Returns boundaries, cells and the next column.
    """
    n_boundaries = 0
    n_cells = 0
    for j in range(first, cells.rate.shape[0]):
        if cells.regime[j] != regime:
            continue
        if n_boundaries == 0 or not _is_like_last(cells, j, work, n_boundaries - 1):
            if n_boundaries == LANES:
                return n_boundaries, n_cells, j
            work[RATE + n_boundaries] = cells.rate[j]
            work[YIELD + n_boundaries] = cells.dividend_yield[j]
            work[STD_DEV + n_boundaries] = cells.std_dev[j]
            work[LIMIT + n_boundaries] = boundary_limit(cells.rate[j], cells.dividend_yield[j])
            n_boundaries += 1
        cells.column[n_cells] = j
        cells.lane[n_cells] = n_boundaries - 1
        n_cells += 1
    return n_boundaries, n_cells, cells.rate.shape[0]


@kernel
def _fill_up(count: int, work: FloatArray) -> int:
    """Repeat the last cell until the count is one of whole vectors; return it. `LANES` is a multiple.

    What is left after whole vectors the compiler takes cell by cell, each at the cost of a vector.
    """
    full = (count + _VECTOR - 1) // _VECTOR * _VECTOR
    for lane in range(count, full):
        for field in (RATE, YIELD, STD_DEV, INVERSE, LIMIT, MONEYNESS):
            work[field + lane] = work[field + count - 1]
    return full


@kernel
def _fill_up_priced(count: int, n_nodes: int, work: FloatArray) -> int:
    """Repeat the last priced cell and its boundary; return the number of lanes."""
    full = _fill_up(count, work)
    for lane in range(count, full):
        for node in range(n_nodes):
            field = PRICED_SQUARES + node * LANES
            work[field + lane] = work[field + count - 1]
    return full


@kernel
def _set_priced(cells: Cells, low: int, count: int, n_nodes: int, work: FloatArray) -> None:
    """Set the fields of the packed cells `low` and on: their terms, and the boundary of each one's lane."""
    for k in range(count):
        j, lane = cells.column[low + k], cells.lane[low + k]
        work[RATE + k] = cells.rate[j]
        work[YIELD + k] = cells.dividend_yield[j]
        work[STD_DEV + k] = cells.std_dev[j]
        work[INVERSE + k] = 1.0 / cells.std_dev[j]
        work[LIMIT + k] = boundary_limit(cells.rate[j], cells.dividend_yield[j])
        work[MONEYNESS + k] = cells.moneyness[j]
        for node in range(n_nodes):
            work[PRICED_SQUARES + node * LANES + k] = work[SQUARES + node * LANES + lane]


@kernel
def _price(cells: Cells, scheme: Scheme, n_cells: int, work: FloatArray) -> None:
    """Set the premiums of the packed cells from the boundaries just solved."""
    n_nodes = scheme.node_root.shape[0]
    for batch in range((n_cells + LANES - 1) // LANES):
        low = batch * LANES
        count = min(LANES, n_cells - low)
        _set_priced(cells, low, count, n_nodes, work)
        integrate_premiums(scheme, _fill_up_priced(count, n_nodes, work), work)
        for k in range(count):
            j = cells.column[low + k]
            premium = cells.premium[j] + work[PREMIUM + k]
            is_exercised = work[MONEYNESS + k] <= work[LIMIT + k] - math.sqrt(work[PRICED_SQUARES + k])
            cells.premium[j] = 0.0 if is_exercised or premium < 0.0 else premium


@part
def _serve(cells: Cells, regime: int, scheme: Scheme, work: FloatArray) -> None:
    """Set the premiums of all cells of one scheme, batch after batch."""
    first = 0
    while first < cells.rate.shape[0]:
        n_boundaries, n_cells, first = _pack(cells, regime, first, work)
        if n_cells > 0:
            solve_boundaries(scheme, _fill_up(n_boundaries, work), work)
            _price(cells, scheme, n_cells, work)


@part
def _serve_pairs(tables: PairTables, cells: Cells, none: Payments, scratch: AmericanScratch) -> None:
    """Set the premiums of the cells with two boundaries; by the grid where these are not found."""
    for j in range(cells.rate.shape[0]):
        if cells.regime[j] == PAIR:
            cell = PutCell(cells.rate[j], cells.dividend_yield[j], cells.std_dev[j], cells.moneyness[j])
            terms = PairTerms(cell.rate, cell.dividend_yield, cell.std_dev)
            premium = pair_premium(terms, cell.moneyness, tables, scratch.pair)
            if not is_number(premium):
                held = european_put(cell.rate, cell.dividend_yield, cell.std_dev, cell.moneyness)
                premium = grid_value(cell, none, scratch.grid) - held
            cells.premium[j] = 0.0 if premium < 0.0 else premium  # noqa: FURB136 - NaN must pass


@part
def fill_premiums(
    schemes: Schemes, pair: PairTables, cells: Cells, none: Payments, scratch: AmericanScratch
) -> None:
    """Set `cells.premium` of every column; columns have no dividends on dates.

    Parameters
    ----------
    schemes, pair
        Tables of `american_schemes.make_schemes` and `american_pair_tables.make_pair_tables`.
    cells
        Terms of the puts, shortened in place where a part of their time is all that matters.
    none
        Empty payments.
    scratch
        Overwritten.
    """
    _choose(cells)
    # A loop, not four calls: a call with a literal number is compiled for that number.
    for number in range(len(schemes)):
        _serve(cells, SMALL + number, schemes[number], scratch.work)
    _serve_pairs(pair, cells, none, scratch)
