"""American puts with two exercise boundaries: q < r < 0.

Waiting earns on the strike at a negative rate, but the price falls behind by more: the put is exercised
between Y(θ) and B(θ), θ the time to expiry, from B = K and Y = K·r/q at expiry on, and never again once the
boundaries have met (A. Battauz, M. De Donno, A. Sbuelz, Management Science 61 (2015) 1094). As long as both
are there each is independent of the other, for a path that begins beyond one reaches it first (L. Andersen,
M. Lake, Wilmott 111 (2021) 68): with x = ln B(θ)/K, v = θ − u and d± of x − ln B(u)/K over v,

    call(x, θ) = ∫ρ·e^{−ρv}·N(d−) − κ·e^{x−κv}·N(d+) du,
    0 = ∫ρ·e^{−ρv}·N(−d−) − κ·e^{y−κv}·N(−d+) du

for y = ln Y(θ)/K. They are solved panel after panel of time, each on Chebyshev points, until they cross, or
stand still; the premium is the integral over the time in which there is an exercise region.
"""

from __future__ import annotations

import math

from stresstest.kernels._jit import fma, kernel, part
from stresstest.kernels.american_boundary import square_root_of
from stresstest.kernels.american_pair_boundary import (
    LOWER,
    MOST_PANELS,
    UPPER,
    PairTerms,
    PairWork,
    boundary_at,
    set_points,
    solve_side,
)
from stresstest.kernels.american_pair_tables import N_ENDS, N_NODES, N_PAST, PairTables
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log
from stresstest.kernels.normal import normal_cdf

_PANELS, _END = 3, 4
_NEGLIGIBLE = 1e-12
"""A premium below this share of the strike is none."""
_SLOPE = 0.6388
"""Of the lower boundary at expiry, in standard deviations: 0.4517·√2."""
_MEETING_SHARE = 0.8
_SHORT = 3e-8
"""A premium below this while the boundaries bend: then they are taken for those of the perpetual put."""
_LONGEST = 4.0
"""The boundaries meet before this multiple of the first guess."""
_TURNS = 6.0
_SETTLED = 32.0
_BEYOND = 1.3
_MOST_HALVINGS = 12
_LEAST_LENGTH = 1e-3
_STEPS = 60
_PANEL_DEVS = 2.5
_SURE_DEVS = 9.0


@kernel
def first_depth(terms: PairTerms, time: float) -> float:
    """Return a first ln K/B(θ), for short times: that of `american_boundary.starting_depth`."""
    rate, gap = terms.rate * time, (terms.rate - terms.dividend_yield) * time
    variance = terms.std_dev * terms.std_dev * time
    below = variance / fma(gap, gap, 1.5e-3 * rate * rate)
    inside = log(1.0 + 2.15 * math.sqrt(below) + 0.051 * below) + 0.29
    return math.sqrt(variance * inside)


@kernel
def meeting_time(terms: PairTerms) -> float:
    """Return a first guess of the time at which the boundaries meet, at most 1."""
    room, low, high = log(terms.dividend_yield / terms.rate), 0.0, 1.0
    for _ in range(_STEPS):
        middle = 0.5 * (low + high) if low > 1e-6 * high else high * 0.1
        if first_depth(terms, middle) + _SLOPE * terms.std_dev * math.sqrt(middle) > room:
            high = middle
        else:
            low = middle
    return high


@kernel
def _scales(terms: PairTerms) -> tuple[float, float]:
    """Return the time in which the upper boundary bends, and that after which both stand still."""
    rate, dev = terms.rate, terms.std_dev
    drift = (rate - terms.dividend_yield) / dev - 0.5 * dev
    decay = 0.5 * fma(drift, drift, 2.0 * rate)
    bend = (rate - terms.dividend_yield) / dev
    return _TURNS / (bend * bend), (_SETTLED / decay if drift > 0.0 and decay > 0.0 else math.inf)


@kernel
def _perpetual(terms: PairTerms) -> tuple[float, float]:
    """Return ln B and ln Y of the perpetual put; NaN where it is never exercised.

    B = m/(m − 1) with the lower root of s²m²/2 + bm = ρ, b = ρ − κ − s²/2, Y the same with the upper root.
    """
    variance = terms.std_dev * terms.std_dev
    drift = terms.rate - terms.dividend_yield - 0.5 * variance
    square = fma(drift, drift, 2.0 * terms.rate * variance)
    if not (drift > 0.0 and square > 0.0):
        return math.nan, math.nan
    pull = drift + math.sqrt(square)
    return -log(1.0 + variance / pull), -log(1.0 - 0.5 * pull / terms.rate)


@kernel
def _bounded(way: float, most: float) -> float:
    """Return a way that bends towards its end; as it is where there is none."""
    return most * (1.0 - exp(-way / most)) if most > 0.0 else way


@kernel
def _set_first_values(terms: PairTerms, tables: PairTables, work: PairWork) -> None:
    """Set first values at the nodes of the first panel."""
    lowest = log(terms.rate / terms.dividend_yield)
    work.base[UPPER, 0], work.base[LOWER, 0] = 0.0, lowest
    upper, lower = _perpetual(terms)
    for node in range(N_NODES):
        time = work.length[0] * tables.first.share[node]
        depth = _bounded(first_depth(terms, time), -upper)
        work.value[UPPER, 0, node] = depth * depth
        work.value[LOWER, 0, node] = _bounded(_SLOPE * terms.std_dev * math.sqrt(time), lower - lowest)


@kernel
def _end_slope(side: int, panel: int, work: PairWork) -> float:
    """Return the slope of ln B or ln Y in θ at a panel's end."""
    slope: float = 0.0
    for degree in range(N_NODES + 1):
        slope = fma(work.spectrum[side, panel, degree], float(degree * degree), slope)
    length: float = work.length[panel]
    slope /= length
    if panel > 0:
        return 2.0 * slope if side == LOWER else -2.0 * slope
    square: float = work.value[side, 0, 0]
    return slope if side == LOWER else -0.5 * slope / math.sqrt(square)


@kernel
def _set_later_values(tables: PairTables, panel: int, work: PairWork) -> None:
    """Set first values at the nodes of a later panel: on the tangent at the end of the panel before."""
    for side in range(2):
        work.base[side, panel] = boundary_at(side, panel - 1, work.start[panel], work)
        slope = _end_slope(side, panel - 1, work)
        slope = slope if side == LOWER else -slope
        for node in range(N_NODES):
            share = tables.later.share[node]
            work.value[side, panel, node] = slope * work.length[panel] * share / (1.0 + 0.5 * share)


@part
def _solve_panel(terms: PairTerms, tables: PairTables, panel: int, work: PairWork) -> bool:
    """Solve both boundaries on a panel, halved until the rounds converge; tell whether they do."""
    for _ in range(_MOST_HALVINGS):
        if panel == 0:
            _set_first_values(terms, tables, work)
        else:
            _set_later_values(tables, panel, work)
        set_points(terms, tables, panel, work)
        is_solved = True
        # A loop, not two calls: a call with a literal number is compiled for that number.
        for side in range(2):
            is_solved = is_solved and solve_side(terms, tables, side, panel, work)
        if is_solved:
            return True
        work.length[panel] *= 0.5
    return False


@kernel
def _levels_at(panel: int, time: float, work: PairWork) -> tuple[float, float]:
    """Return ln B and ln Y at a time in a panel."""
    upper, lower = 0.0, 0.0
    # A loop, not two calls: a call with a literal number is compiled for that number.
    for side in range(2):
        level = boundary_at(side, panel, time, work)
        upper = level if side == UPPER else upper
        lower = level if side == LOWER else lower
    return upper, lower


@kernel
def _room(panel: int, time: float, work: PairWork) -> float:
    """Return ln(B/Y) at a time."""
    upper, lower = _levels_at(panel, time, work)
    return upper - lower


@kernel
def _meeting_in(panel: int, work: PairWork) -> float:
    """Return the time in a panel at which the boundaries meet."""
    low: float = work.start[panel]
    high: float = low + work.length[panel]
    for _ in range(_STEPS):
        middle = 0.5 * (low + high)
        if _room(panel, middle, work) > 0.0:
            low = middle
        else:
            high = middle
    return low


@kernel
def _next_length(panel: int, settled: float, work: PairWork) -> float:
    """Return the length of the panel after one that is solved."""
    end: float = work.start[panel] + work.length[panel]
    closing = 0.0
    for side in range(2):
        slope = _end_slope(side, panel, work)
        closing += slope if side == LOWER else -slope
    length = min(end, 1.0 - end, max(settled - end, 0.1 * end))
    if closing > 0.0:
        length = min(length, max(_BEYOND * _room(panel, end, work) / closing, _LEAST_LENGTH * end))
    return 1.0 - end if 1.0 - end < 1.25 * length else length


@kernel
def _stand_still(terms: PairTerms, panel: int, time: float, work: PairWork) -> None:
    """Set a panel until today in which the boundaries stand where those of the perpetual put do."""
    work.start[panel], work.length[panel] = time, 1.0 - time
    work.base[UPPER, panel], work.base[LOWER, panel] = _perpetual(terms)
    for side in range(2):
        for degree in range(N_NODES + 1):
            work.spectrum[side, panel, degree] = 0.0


@part
def _solve(terms: PairTerms, tables: PairTables, work: PairWork) -> None:
    """Set the boundaries, the number of their panels, and until when there is an exercise region."""
    bend, settled = _scales(terms)
    meeting = meeting_time(terms)
    most = (terms.rate - terms.dividend_yield) * exp(-terms.rate) * min(1.0, _LONGEST * meeting)
    work.key[_PANELS], work.key[_END] = 0.0, 0.0
    if most < _NEGLIGIBLE:
        return
    time, length = 0.0, min(1.0 if meeting == 1.0 else _MEETING_SHARE * meeting, bend)
    for panel in range(MOST_PANELS):
        work.key[_PANELS] = panel + 1.0
        if time >= settled or settled * (terms.rate - terms.dividend_yield) < _SHORT:
            _stand_still(terms, panel, time, work)
            work.key[_END] = 1.0
            return
        work.start[panel], work.length[panel] = time, length
        if not _solve_panel(terms, tables, panel, work):
            break
        time += work.length[panel]
        work.key[_END] = min(time, 1.0)
        if _room(panel, time, work) <= 0.0:
            work.key[_END] = _meeting_in(panel, work)
            return
        if time >= 1.0 - 1e-12:
            return
        length = _next_length(panel, settled, work)
    work.key[_PANELS] = -1.0


@kernel
def _is_solved(terms: PairTerms, work: PairWork) -> bool:
    """Tell whether the boundaries at hand are those of these terms; make the key theirs."""
    key = work.key
    is_same = key[0] == terms.rate and key[1] == terms.dividend_yield and key[2] == terms.std_dev
    key[0], key[1], key[2] = terms.rate, terms.dividend_yield, terms.std_dev
    return bool(is_same)


@kernel
def _gain(terms: PairTerms, moneyness: float, at: tuple[int, float, float], work: PairWork) -> float:
    """Return what exercise brings at (panel, u, √(1 − u)) over holding on, a unit of time, valued today."""
    panel, time, root = at
    elapsed, scale = root * root, 1.0 / (terms.std_dev * root)
    drift, half = fma(terms.rate - terms.dividend_yield, elapsed, moneyness), 0.5 * terms.std_dev * root
    upper, lower = _levels_at(panel, time, work)
    upper, lower = (drift - upper) * scale, (drift - lower) * scale
    cash = normal_cdf(lower - half) - normal_cdf(upper - half)
    share = normal_cdf(lower + half) - normal_cdf(upper + half)
    interest = terms.rate * exp(-terms.rate * elapsed) * cash
    return interest - terms.dividend_yield * exp(fma(-terms.dividend_yield, elapsed, moneyness)) * share


@kernel
def _is_sure(
    terms: PairTerms, moneyness: float, levels: tuple[float, float], part: tuple[float, float]
) -> bool:
    """Tell whether it is sure, over a part in √v, on which side of a boundary between two levels ln S is."""
    low, high = part
    drift, spread = terms.rate - terms.dividend_yield, 0.5 * terms.std_dev * terms.std_dev * high * high
    early, late = drift * low * low, drift * high * high
    least = moneyness - max(levels[0], levels[1]) + min(early, late) - spread
    most = moneyness - min(levels[0], levels[1]) + max(early, late) + spread
    reach = _SURE_DEVS * terms.std_dev * high
    return least > reach or most < -reach


@kernel
def _part_width(
    terms: PairTerms, moneyness: float, panel: int, part: tuple[float, float], work: PairWork
) -> float:
    """Return the width of a part in √v that the quadrature resolves, at most that of the part."""
    low, high = part
    end = work.start[panel] + work.length[panel]
    last_upper, last_lower = _levels_at(panel, end, work)
    upper, lower = (work.base[UPPER, panel], last_upper), (work.base[LOWER, panel], last_lower)
    drift, dev = (terms.rate - terms.dividend_yield) / terms.std_dev, terms.std_dev
    widest, width = _PANEL_DEVS / max(abs(drift - 0.5 * dev), abs(drift + 0.5 * dev)), high - low
    while width > widest:
        whole = (low, low + width)
        if _is_sure(terms, moneyness, upper, whole) and _is_sure(terms, moneyness, lower, whole):
            break
        width *= 0.5
    return width


@kernel
def _panel_premium(
    terms: PairTerms, tables: PairTables, panel: int, moneyness: float, work: PairWork
) -> float:
    """Return the integral of the gains over one panel, in √v, v = 1 − u, part by part."""
    end, total = min(work.start[panel] + work.length[panel], work.key[_END]), 0.0
    low, high = square_root_of(1.0 - end), math.sqrt(1.0 - work.start[panel])
    first = low
    while low < high:
        width = _part_width(terms, moneyness, panel, (low, high), work)
        is_end = low == first or low + width >= high
        for k in range(N_ENDS if is_end else N_PAST):
            c = tables.end_point[k] if is_end else tables.past_point[k]
            weight = tables.end_weight[k] if is_end else tables.past_weight[k]
            root = fma(width, c, low)
            gain = _gain(terms, moneyness, (panel, 1.0 - root * root, root), work)
            total += 2.0 * weight * width * root * gain
        low = min(high, low + width)
    return total


@kernel
def _is_exercised(moneyness: float, work: PairWork) -> bool:
    """Tell whether the spot lies between the boundaries of today."""
    last = int(work.key[_PANELS]) - 1
    if work.key[_END] < 1.0:
        return False
    upper, lower = _levels_at(last, 1.0, work)
    return bool(lower <= moneyness <= upper)


@part
def pair_premium(terms: PairTerms, moneyness: float, tables: PairTables, work: PairWork) -> float:
    """Return the premium of early exercise in units of the strike; NaN where no boundaries are found.

    It is 0 where the put is best exercised, whose value is its exercise value.

    Parameters
    ----------
    terms
        κ < ρ < 0 and s > 0.
    moneyness
        ln(S/K).
    tables
        Of `make_pair_tables`.
    work
        Of `make_pair_work`; keeps the last boundaries, which serve every spot.
    """
    if not _is_solved(terms, work):
        _solve(terms, tables, work)
    if work.key[_PANELS] < 0.0:
        return math.nan
    premium = 0.0
    if _is_exercised(moneyness, work):
        return premium
    for panel in range(int(work.key[_PANELS])):
        premium += _panel_premium(terms, tables, panel, moneyness, work)
    return premium
