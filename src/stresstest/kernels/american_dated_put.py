"""American puts at positive rates on shares that pay dividends on dates, by collocation span after span.

Between two dividends the put is exercised below a boundary B(θ) of the spot less the dividends to come, but
not while the rate earns less than the next dividend: until a moment a in the span the boundary is 0, and at
a it rises from there. With e^{ρa} = p + m, p what is paid until expiry, each at its own e^{ρθ}, and m the
most that exercise at an earlier time to expiry brings to a worthless share, K. I. Kim's equation (Review of
Financial Studies 3 (1990) 547) for an option held where nobody exercises becomes

    B(θ)·N(d+(B(θ)/K, θ)) = e^{−ρθ}·N(d−(B(θ)/K, θ)) + ∫ρ·e^{−ρ(θ−u)}·N(d−(B(θ)/B(u), θ − u)) du,

the integral over the times u < θ of all spans at which there is a boundary: dividends appear nowhere else.
The spans are solved in the order of their time to expiry by collocation, as by L. Andersen, M. Lake and D.
Offengenden (Journal of Computational Finance 20/1 (2016) 39), whose equation this is without dividends.
Interpolated is h² = ln²B in √θ in the span of expiry, ln B in ln(θ − a) in the others. A boundary serves all
spots with the same rate, volatility and dividends.
"""

from __future__ import annotations

import math

from stresstest.kernels._jit import fma, kernel, part
from stresstest.kernels.american_boundary import square_root_of
from stresstest.kernels.american_dated_boundary import (
    ACCEPTED,
    MOST_SPANS,
    PutTerms,
    PutWork,
    interpolate,
    solve_span,
)
from stresstest.kernels.american_dated_sums import folded_sum
from stresstest.kernels.american_dated_tables import N_PRICE_POINTS, PutRules, PutTables, SpanTables
from stresstest.kernels.american_grid import Payments
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log
from stresstest.kernels.normal import normal_cdf

_LEAST_LENGTH = 1e-9
"""Shortest span, as a share of the option's time, that is looked at."""
_MOST_USUAL = 0.1
"""r·T up to which few points a node do: what they leave out grows with what the rate earns."""


@kernel
def _set_spans(rate: float, payments: Payments, work: PutWork) -> int:
    """Set start and length of the spans with a boundary; return their number, −1 where there are too many."""
    n_payments, paid, most, begin, count = payments.time.shape[0], 0.0, 1.0, 0.0, 0
    for number in range(n_payments + 1):
        end = payments.time[number] if number < n_payments else 1.0
        start = max(begin, log(paid + most) / rate) if number > 0 else 0.0
        if end - start > _LEAST_LENGTH:
            if count == MOST_SPANS:
                return -1
            work.start[count], work.length[count] = start, end - start
            count += 1
        if number < n_payments:
            growth = exp(rate * end)
            most = max(most, growth - paid)
            paid += payments.amount[number] * growth
            begin = end
    return count


@part
def _solve(terms: PutTerms, tables: PutTables, work: PutWork) -> bool:
    """Solve all spans; tell whether the rounds converged."""
    for span in range(work.n_spans[0]):
        change = solve_span(terms, tables.first if span == 0 else tables.later, span, work)
        if not change < ACCEPTED:
            return False
    return True


@kernel
def _solve_by_rules(terms: PutTerms, payments: Payments, rules: PutRules, work: PutWork) -> int:
    """Solve all spans, with more points where few do not or where rounds do not converge on few.

    Return the number of spans, −1 where they are too many or no rounds converged.
    """
    count = _set_spans(terms.rate, payments, work)
    work.n_spans[0] = count
    if count < 0 or (terms.rate <= _MOST_USUAL and _solve(terms, rules.usual, work)):
        return count
    return count if _solve(terms, rules.fine, work) else -1


@kernel
def _is_solved(terms: PutTerms, payments: Payments, work: PutWork) -> bool:
    """Tell whether the boundary at hand is that of these terms and dividends; make its key theirs."""
    count, key = payments.time.shape[0], work.key
    is_same = key[0] == terms.rate and key[1] == terms.std_dev and key[2] == count
    key[0], key[1], key[2] = terms.rate, terms.std_dev, count
    for k in range(count):
        time, amount = payments.time[k], payments.amount[k]
        is_same = is_same and key[3 + 2 * k] == time and key[4 + 2 * k] == amount
        key[3 + 2 * k], key[4 + 2 * k] = time, amount
    return bool(is_same)


@kernel
def _span_premium(terms: PutTerms, tables: SpanTables, span: int, moneyness: float, work: PutWork) -> float:
    """Return ∫ρ·e^{−ρ(1−u)}·N(−d−(S/B(u), 1 − u)) du over one span."""
    length, term, depths = work.length[span], work.term, work.slope[:N_PRICE_POINTS]
    since = 1.0 - work.start[span] - length
    below = (work.early[span], tables.price_below)
    interpolate(work.node_value[span], tables.price_row, below, span == 0, depths)
    for k in range(N_PRICE_POINTS):
        c = tables.price_point[k]
        elapsed = fma(length, c * c, max(since, 0.0))
        root = math.sqrt(elapsed)
        minus = fma(terms.rate, elapsed, moneyness - depths[k]) / (terms.std_dev * root)
        discount = exp(-terms.rate * elapsed)
        gone = normal_cdf(fma(0.5 * terms.std_dev, root, -minus))
        term[k] = length * tables.price_weight[k] * terms.rate * discount * gone
    return folded_sum(term, N_PRICE_POINTS)


@kernel
def _is_exercised(moneyness: float, work: PutWork) -> bool:
    """Tell whether the spot is at or below the boundary of today."""
    last = work.n_spans[0] - 1
    if last < 0 or work.start[last] + work.length[last] < 1.0 - _LEAST_LENGTH:
        return False
    value = float(work.node_value[last, 0])
    level: float = -square_root_of(value) if last == 0 else value
    return moneyness <= level


@part
def dated_put_premium(
    terms: PutTerms, moneyness: float, payments: Payments, rules: PutRules, work: PutWork
) -> float:
    """Return the premium of early exercise of a put in units of its strike; NaN where it is not found.

    It is 0 where the put is best exercised, whose value is its exercise value.

    Parameters
    ----------
    terms
        ρ > 0 and s > 0.
    moneyness
        ln of the spot less the dividends to come, over the strike.
    payments
        Dividends in units of the strike.
    rules
        Of `make_put_rules`.
    work
        Of `make_put_work`; keeps the last boundary.
    """
    if not _is_solved(terms, payments, work):
        work.n_spans[0] = _solve_by_rules(terms, payments, rules, work)
    if work.n_spans[0] < 0:
        return math.nan
    premium, tables = 0.0, rules.usual
    if _is_exercised(moneyness, work):
        return premium
    for span in range(work.n_spans[0]):
        premium += _span_premium(terms, tables.first if span == 0 else tables.later, span, moneyness, work)
    return premium
