"""Payments and rights of a convertible bond laid out on the dates of its lattice."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from stresstest.conventions.day_counts import act_365f_years
from stresstest.instruments.convertible_bond.spec import ConvertibleBondSpec
from stresstest.instruments.convertible_bond.terms import (
    CallWindow,
    accrued_at,
    call_windows,
    coupons_after,
    has_share,
    last_conversion,
    leg_of,
    put_amount,
)

_SAME_STEP = 1e-9
NO_CALL = math.inf


class _Call(NamedTuple):
    """Dirty price and least value of the shares."""

    price: float
    trigger: float


_NO_CALL = _Call(NO_CALL, 0.0)


class CallDay(NamedTuple):
    """First or last day of a call: dirty price, trigger, years; whether the next date has the call too.

    `part` is the time from the date of the lattice before, or on, that day, as a part of a step.
    """

    price: float
    trigger: float
    years: float
    lasts: bool
    part: float


class Event(NamedTuple):
    """A coupon or put of one unit of face: years after the valuation date, amount."""

    years: float
    amount: float
    is_put: bool


class LatticeStep(NamedTuple):
    """A date of the lattice: time, conversion, dirty call price and trigger, events latest first.

    `late` events and the `call_day` fall between the date and the next, `due` events on it; the day may too.
    """

    years: float
    converts: bool
    call_price: float
    call_trigger: float
    call_day: CallDay | None
    late: tuple[Event, ...]
    due: tuple[Event, ...]


def lattice_steps(spec: ConvertibleBondSpec, today: date) -> list[LatticeStep]:
    """Return the dates of a bond's lattice, the valuation date first, at equal distances to maturity.

    Coupons, puts, first and last days of calls between two dates belong to the earlier. Without anything to
    convert into, call or put, one step is enough.
    """
    maturity = act_365f_years(today, spec.maturity)
    count = spec.steps + 1 - spec.steps % 2 if has_share(spec, today) or spec.calls or spec.puts else 1
    width = maturity / count
    events: dict[int, list[Event]] = {}
    for event in _events(spec, today):
        events.setdefault(_at_or_before(event.years, width, count), []).append(event)
    calls, converts = _calls(spec, today, width, count), _conversion(spec, today, width, count)
    days = _call_days(spec, today, width, count)
    found = []
    for k in range(count + 1):
        years = maturity if k == count else k * width
        own = events.get(k, [])
        late = tuple(event for event in own if event.years > years + _SAME_STEP * width)
        call, day = calls.get(k, _NO_CALL), days.get(k)
        found.append(LatticeStep(years, k in converts, *call, day, late, tuple(own[len(late) :])))
    return found


def _events(spec: ConvertibleBondSpec, today: date) -> list[Event]:
    """Return coupons and puts from the valuation date on, latest first, of one day the put first."""
    coupons = [
        Event(act_365f_years(today, flow.payment_date), flow.amount, is_put=False)
        for flow in coupons_after(spec, today)
    ]
    puts = [
        Event(act_365f_years(today, put.date), put_amount(spec, put.date, put.price), is_put=True)
        for put in spec.puts
        if put.date >= today
    ]
    return sorted([*puts, *coupons], key=lambda event: (-event.years, not event.is_put))


def _at_or_before(years: float, width: float, count: int) -> int:
    return min(math.floor(years / width + _SAME_STEP), count)


def _conversion(spec: ConvertibleBondSpec, today: date, width: float, count: int) -> range:
    """Return the dates on which conversion is allowed."""
    if not has_share(spec, today):
        return range(0)
    start = 0.0 if spec.conversion_start is None else act_365f_years(today, spec.conversion_start)
    end = act_365f_years(today, last_conversion(spec))
    first = max(0, math.ceil(start / width - _SAME_STEP))
    return range(first, _at_or_before(end, width, count) + 1)


def _calls(spec: ConvertibleBondSpec, today: date, width: float, count: int) -> dict[int, _Call]:
    """Return dirty price and trigger by date of the lattice.

    By probability, as QuantLib has it, a call whose window holds no date belongs to the date before it. By
    cash part the dates of a window are those between its first and last day, which are steps of their own.
    """
    leg = leg_of(spec, today)
    found: dict[int, _Call] = {}
    for window in call_windows(spec):
        if window.last < today:
            continue
        start, end = (act_365f_years(today, day) for day in (window.first, window.last))
        last = min(_at_or_before(end, width, count), count - 1)
        if spec.credit_on == "probability":
            first = min(max(0, math.ceil(start / width - _SAME_STEP)), last)
        else:
            first = 0 if start <= 0.0 else _at_or_before(start, width, count) + 1
            last -= last > 0 and window.last < spec.maturity
        for k in range(first, last + 1):
            found[k] = _Call(window.price + accrued_at(leg, today, k * width), window.trigger)
    return found


def _call_days(spec: ConvertibleBondSpec, today: date, width: float, count: int) -> dict[int, CallDay]:
    """Return first and last days of calls to come by the date of the lattice on which they lie, or before.

    Of two in one step the first day of the later call counts: what it leaves is worth no more than its price.
    """
    found: dict[int, CallDay] = {}
    if spec.credit_on == "probability":
        return found
    for window in call_windows(spec):
        first, last = (_at_or_before(act_365f_years(today, day), width, count) for day in window[:2])
        if today < window.last < spec.maturity:
            found[last] = _call_day(spec, window, (today, window.last), width)
        if today < window.first:
            found[first] = _call_day(spec, window, (today, window.first), width)
            found[first] = found[first]._replace(lasts=min(last, count - 1) > first)
    return found


def _call_day(
    spec: ConvertibleBondSpec, window: CallWindow, days: tuple[date, date], width: float
) -> CallDay:
    today, day = days
    years = act_365f_years(today, day)
    price = window.price + leg_of(spec, day).accrued_interest(day)
    part = years / width - math.floor(years / width + _SAME_STEP)
    return CallDay(price, window.trigger, years, False, max(0.0, part))


def knot_years(steps: Sequence[LatticeStep]) -> list[float]:
    """Return the times after the valuation date at which the curve is read, first to last.

    Those are the dates on which something is paid or decided. Between two of them rates are taken for flat:
    without payments and dividends none of them would move the value, save by rounding.
    """
    payments = [event.years for step in steps for event in (*step.late, *step.due)]
    calls = [step.years for step in steps if step.call_price < NO_CALL]
    calls += [step.call_day.years for step in steps if step.call_day is not None]
    ends = [step.years for step, after in pairwise(steps) if step.converts and not after.converts]
    last = [step.years for step in steps[-1:]]
    return sorted({years for years in (*payments, *calls, *ends, *last) if years > 0.0})
