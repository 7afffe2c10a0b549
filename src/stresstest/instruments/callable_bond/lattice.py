"""Payments and rights of a bond laid out on the dates of its lattice."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from stresstest.conventions.cash_flows import FixedLeg
from stresstest.conventions.day_counts import act_365f_years
from stresstest.conventions.lattice_times import lattice_times
from stresstest.instruments.callable_bond.spec import CallableBondSpec
from stresstest.instruments.callable_bond.terms import (
    CALL,
    PER_CENT,
    Right,
    claims_of,
    flows_after,
    leg_of,
    rights_between,
)
from stresstest.kernels.exponential import exp
from stresstest.kernels.short_rate_lattice import ROOT_3

REACH = 7.0
"""Half width of a lattice in standard deviations of x: what lies beyond matters less than 1e-11 of face."""

_SAME_YEARS = 1e-9
# Below it the second term of the series leaves an error under 1e-13 of B.
_LEAST_REVERSION = 1e-6


class LatticeClaim(NamedTuple):
    """Money for one unit of face, so many years after the valuation date."""

    amount: float
    years: float


class LatticeRight(NamedTuple):
    """A right on a date of the lattice: 1 the issuer's, −1 the holder's, and what it leaves the holder."""

    sign: float
    claims: tuple[LatticeClaim, ...]


class LatticeDate(NamedTuple):
    """A date of the lattice in years, its payment, and the rights decided on it."""

    years: float
    amount: float
    rights: tuple[LatticeRight, ...]


class NodeRow(NamedTuple):
    """Nodes of a date: time and decay to the next, distance and deviation of x ÷ σ, nodes on each side."""

    step_years: float
    decay: float
    spacing: float
    std_dev: float
    reach: int


class _Window(NamedTuple):
    """A call price that holds for decisions from one time to another, in years."""

    start: float
    end: float
    price: float


def lattice_dates(spec: CallableBondSpec, today: date) -> list[LatticeDate]:
    """Return the dates of a bond's lattice, the valuation date first.

    A bond without rights has its payments alone.
    """
    payments = {act_365f_years(today, flow.payment_date): flow.amount for flow in flows_after(spec, today)}
    windows = _windows(spec, today)
    rights = [] if windows and not spec.puts else rights_between(spec, today, spec.maturity)
    dated = [right for right in rights if not (windows and right.sign == CALL)]
    decisions = [act_365f_years(today, right.decision) for right in dated]
    steps = spec.steps if dated or windows else 1
    times = lattice_times([*payments, *decisions, *(window.start for window in windows)], steps)
    ladder = _Ladder(spec, leg_of(spec, today), today)
    found = []
    for years in times:
        lasting = [ladder.right(window, years) for window in windows if window.start <= years < window.end]
        own = [
            _dated_right(spec, right, today)
            for right, time in zip(dated, decisions, strict=True)
            if time == years
        ]
        found.append(LatticeDate(years, payments.get(years, 0.0), (*lasting, *own)))
    return found


def _windows(spec: CallableBondSpec, today: date) -> list[_Window]:
    """Return the times of decision at which each call price holds; none where it holds on its date alone."""
    if spec.call_style == "on_dates":
        return []
    notice = timedelta(days=spec.notice_days)
    starts = [act_365f_years(today, call.date - notice) for call in spec.calls]
    ends = [*starts, act_365f_years(today, spec.maturity - notice)][1:]
    return [
        _Window(max(0.0, start), end, PER_CENT * call.price)
        for start, end, call in zip(starts, ends, spec.calls, strict=True)
        if end > _SAME_YEARS
    ]


def _dated_right(spec: CallableBondSpec, right: Right, today: date) -> LatticeRight:
    claims = (
        LatticeClaim(flow.amount, act_365f_years(today, flow.payment_date)) for flow in claims_of(spec, right)
    )
    return LatticeRight(right.sign, tuple(claims))


class _Ladder(NamedTuple):
    """Interest of a bond, to be read between days: a lattice has dates that are none."""

    spec: CallableBondSpec
    leg: FixedLeg
    today: date

    def right(self, window: _Window, years: float) -> LatticeRight:
        """Return the call decided at a time: coupons over the notice, then price and accrued interest."""
        end = years + self.spec.notice_days / 365
        claims, accrued = [], 0.0
        for period in self.leg.periods:
            first, last, payment = (
                act_365f_years(self.today, day) for day in (period.start, period.end, period.payment_date)
            )
            coupon = self.leg.coupon(period)
            if years + _SAME_YEARS < payment <= end + _SAME_YEARS:
                claims.append(LatticeClaim(coupon, payment))
            elif payment > end and first < end:
                accrued += coupon * (min(end, last) - first) / (last - first)
        return LatticeRight(CALL, (*claims, LatticeClaim(window.price + accrued, end)))


def node_table(times: Sequence[float], mean_reversion: float) -> list[NodeRow]:
    """Return the nodes of each date of a lattice: as many as seven standard deviations of x need."""
    rows, spacing, reach = [], 1.0, 0
    for number, years in enumerate(times):
        step = times[number + 1] - years if number + 1 < len(times) else 0.0
        decay, std_dev = float(exp(-mean_reversion * step)), x_std_dev(mean_reversion, step)
        rows.append(NodeRow(step, decay, spacing, std_dev, reach))
        following = std_dev * ROOT_3
        if step > 0.0:
            bound = math.floor(reach * spacing * decay / following + 0.5) + 1
            needed = math.ceil(REACH * x_std_dev(mean_reversion, years + step) / following) + 1
            spacing, reach = following, min(bound, needed)
    return rows


def x_std_dev(mean_reversion: float, years: float) -> float:
    """Return the standard deviation of x ÷ σ after a time: √((1 − e^{−2a·t}) ÷ 2a)."""
    return math.sqrt(stretch(2.0 * mean_reversion, years))


def stretch(mean_reversion: float, years: float) -> float:
    """Return B(t) = (1 − e^{−a·t}) ÷ a, t where a is 0."""
    if mean_reversion * years < _LEAST_REVERSION:
        return years * (1.0 - 0.5 * mean_reversion * years)
    return (1.0 - float(exp(-mean_reversion * years))) / mean_reversion
