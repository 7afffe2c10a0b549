"""Floating-rate loans in 40 digits, day by day: shares no date, curve or balance code with the package.

Every day's balance is added up, so that draws within a period need no rule of their own.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import mpmath as mp
from tests.oracle.forwards import curve_of, discount, years_between

from stresstest.market.keys import RiskFactorKey

RECOVERIES = {"secured": 0.7, "senior_unsecured": 0.4, "subordinated": 0.2}
DAYS = {"ACT/360": 360, "ACT/365F": 365}
ONE_DAY = timedelta(days=1)


@dataclass
class Balance:
    """What is lent: today's balance, later draws by day, planned repayment of a period by its last day."""

    drawn: mp.mpf
    draws: Mapping[date, mp.mpf] = field(default_factory=dict)
    planned: Callable[[date, date], Any] = lambda _start, _end: 0
    undrawn: Any = 0
    fee: Any = 0
    until: date | None = None
    prepayment: Any = 0


@dataclass
class Payment:
    """A period of the loan with the days that money was lent and promised in it."""

    start: date
    end: date
    balance_days: mp.mpf
    principal: mp.mpf
    undrawn_days: mp.mpf


def months_before(day: date, months: int) -> date:
    month = day.year * 12 + day.month - 1 - months
    year, month = month // 12, month % 12 + 1
    length = calendar.monthrange(year, month)[1]
    ends_month = (day + ONE_DAY).day == 1
    return date(year, month, length if ends_month else min(day.day, length))


def period_ends(spec: Any, today: date, start: date | None) -> list[date]:
    """Ends of the periods, the start of the first one first."""
    ends = [spec.maturity]
    while ends[0] > (start or today):
        ends.insert(0, months_before(spec.maturity, len(ends) * 12 // spec.frequency))
    if start is not None:
        ends[0] = start
    return ends


def payments(spec: Any, terms: Balance, today: date, start: date | None = None) -> list[Payment]:
    """Periods that end after today, walked day by day."""
    ends = period_ends(spec, today, start)
    balance, planned, found = mp.mpf(terms.drawn), mp.mpf(terms.drawn), []
    promised = mp.mpf(terms.undrawn)
    for first, last in pairwise(ends):
        if last <= today:
            continue
        lent_days = open_days = mp.mpf(0)
        day = first
        while day < last:
            drawn_today = terms.draws.get(day, 0) if day > max(today, first) else 0
            if day == first and day > today:
                drawn_today = terms.draws.get(day, 0) if not found else 0
            balance, planned, promised = balance + drawn_today, planned + drawn_today, promised - drawn_today
            lent_days += balance
            open_days += promised if terms.until is None or day < terms.until else 0
            day += ONE_DAY
        late = terms.draws.get(last, 0)
        balance, planned, promised = balance + late, planned + late, promised - late
        due = planned if last == spec.maturity else min(mp.mpf(terms.planned(first, last)), planned)
        years = mp.mpf(max((last - max(first, today)).days, 0)) / 365
        left = balance * (1 - due / planned) * (1 - mp.mpf(terms.prepayment)) ** years if planned else 0
        left = mp.mpf(0) if last == spec.maturity else left
        found.append(Payment(first, last, lent_days, balance - left, open_days))
        balance, planned = left, planned - due
    return found


def growth(spec: Any, market: Any, level: Any, curve: str, item: Payment) -> mp.mpf:
    """1 + rate times year fraction of a period."""
    today = market.as_of

    def base(kind: str, name: str, tenor: str = "") -> float:
        return market.levels[RiskFactorKey(kind, name, tenor)]

    def ratio(levels: Any, start: date, end: date) -> mp.mpf:
        first = discount(market, levels, curve, years_between(today, start))
        return first / discount(market, levels, curve, years_between(today, end))

    stated, length = spec.current_rate, mp.mpf(DAYS[spec.day_count])
    if item.start > today or (item.start == today and stated is None):
        return ratio(level, item.start, item.end)
    if spec.rate_setting == "in_advance":
        if stated is not None:
            return 1 + mp.mpf(stated) * (item.end - item.start).days / length
        return 1 / discount(market, base, curve, years_between(item.start, item.end))
    elapsed = (today - item.start).days
    accrued = (
        discount(market, base, curve, mp.mpf(1) / 365) ** -elapsed
        if stated is None
        else 1 + mp.mpf(stated) * elapsed / length
    )
    return accrued * ratio(level, today, item.end)


def credit(spec: Any, market: Any, level: Any) -> tuple[mp.mpf, mp.mpf]:
    """Hazard rate and recovery."""
    issuer = public(spec.issuer)
    hazard = mp.mpf(level("credit_spread", issuer)) / mp.mpf(0.6)
    if RiskFactorKey("default_state", issuer) in market.levels:
        return hazard, mp.mpf(level("recovery_rate", issuer, spec.seniority))
    return hazard, mp.mpf(RECOVERIES[spec.seniority])


def public(issuer: str) -> str:
    """Name of an issuer without what makes it private to a position."""
    return issuer.partition("#")[0]


def basis_of(spec: Any, market: Any, level: Any) -> mp.mpf:
    key = RiskFactorKey("basis", spec.issuer)
    return mp.mpf(level("basis", spec.issuer)) if key in market.levels else mp.mpf(0)


def curve_name(spec: Any, market: Any) -> str:
    currency = spec.currency or market.issuers[spec.issuer].currency
    if spec.curve is None and currency == "USD" and "USD_SOFR" in market.curves:
        return "USD_SOFR"
    return curve_of(market, currency, spec.curve)


def alive_value(spec: Any, market: Any, level: Any, terms: Balance, lent: Mapping[date, Any]) -> mp.mpf:
    """Value while the debtor has not defaulted; `lent` is the money paid out by day."""
    start = getattr(spec, "start", None)
    curve, today, length = curve_name(spec, market), market.as_of, DAYS[spec.day_count]
    hazard, recovery = credit(spec, market, level)
    basis = basis_of(spec, market, level)
    floor = mp.mpf("-inf") if spec.floor is None else mp.mpf(spec.floor)

    def factor(years: mp.mpf) -> mp.mpf:
        return discount(market, level, curve, years)

    def kept(years: mp.mpf) -> mp.mpf:
        return mp.exp(-(hazard + basis) * years)

    total, before = mp.mpf(0), mp.mpf(0)
    for day, cash in lent.items():
        years = years_between(today, day)
        total -= cash * factor(years) * kept(years)
    for item in payments(spec, terms, today, start):
        years = years_between(today, item.end)
        fraction = mp.mpf((item.end - item.start).days) / length
        rate = max((growth(spec, market, level, curve, item) - 1) / fraction, floor) + mp.mpf(spec.margin)
        cash = rate * item.balance_days / length + item.principal + terms.fee * item.undrawn_days / length
        total += cash * factor(years) * kept(years)
        before = max(before, years_between(today, item.start))
        lost = mp.quad(lambda time: hazard * kept(time), [before, years])
        mean = item.balance_days / (item.end - item.start).days
        total += recovery * mean * lost * factor((before + years) / 2)
        before = years
    return total


def with_default(spec: Any, market: Any, level: Any, alive: mp.mpf, left: mp.mpf) -> mp.mpf:
    """Value blended with what a default leaves, where the market states a default state."""
    issuer = public(spec.issuer)
    if RiskFactorKey("default_state", issuer) not in market.levels:
        return alive
    state = mp.mpf(level("default_state", issuer))
    return (1 - state) * alive + state * left


def refuse_holidays(spec: Any) -> None:
    if spec.calendar != "none" or spec.day_count not in DAYS:
        raise NotImplementedError("holidays and day counts other than actual ones")
