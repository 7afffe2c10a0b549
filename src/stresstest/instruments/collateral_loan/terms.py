"""From the terms of a loan against GPUs to its points: payments, the cash for them, the chips by then."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from stresstest.conventions.floating_legs import FloatingPeriod, ValuationDates
from stresstest.conventions.loan_balances import LoanBalances
from stresstest.instruments.collateral_loan.spec import Chips, CollateralLoanSpec
from stresstest.kernels.collateral import AHEAD, NOW, PAST
from stresstest.market.loan_terms import floating_leg
from stresstest.market.loans import Loan, floor_of
from stresstest.market.snapshot import Curve

HOURS_A_DAY = 24
DAYS_A_MONTH = 365 / 12
REPAID = 2.0
"""Principal of the last payment where there is no balloon: more than any balance, so all that is left."""


class Lot(NamedTuple):
    """GPUs of one delivery at a point, for one unit of face.

    Attributes
    ----------
    chips
        The GPUs.
    contract_hours, market_hours
        Hours of the period under the contract and after it.
    worth, sale, late_sale
        Price of the chips, as a part of today's for all of them: at the point and in the middles of both
        sales.
    """

    chips: Chips
    contract_hours: float
    market_hours: float
    worth: float
    sale: float
    late_sale: float


class Point(NamedTuple):
    """A payment or the valuation date.

    Attributes
    ----------
    kind, day
        What it is, and when.
    period
        Interest period that ends here; None on the valuation date.
    matures
        Whether it is the last payment.
    planned, contract, contract_cost, market_cost, damages
        As in `stresstest.kernels.collateral.Schedule`.
    cash_years
        Length of the time that brings the cash.
    sale_day, late_day
        Middles of a sale that begins here, and of one that begins when the contract ends if that is later.
    lots
        The collateral.
    """

    kind: int
    day: date
    period: FloatingPeriod | None
    matures: bool
    planned: float
    contract: float
    contract_cost: float
    market_cost: float
    damages: float
    cash_years: float
    sale_day: date
    late_day: date
    lots: tuple[Lot, ...]


def loan(spec: CollateralLoanSpec, curve: Curve, origin: date) -> Loan:
    """Return the interest schedule of the loan on `origin`; its principal depends on its cash."""
    balances = LoanBalances(floating_leg(spec, origin), origin, 1.0, lambda _period, _balance: 0.0)
    return Loan(balances, spec.margin, floor_of(spec.floor), spec.rate_setting, spec.current_rate, curve)


def points(spec: CollateralLoanSpec, found: Loan, dates: ValuationDates) -> list[Point]:
    """Return the payments since the step before, the valuation date and the payments to come, in order."""
    since = dates.valuation if dates.previous is None else dates.previous
    periods = found.balances.leg.unpaid(dates.today)
    instalment = (1.0 - spec.balloon) / max(len(periods), 1)
    past, ahead = [], []
    for period in periods:
        matures = period is periods[-1]
        planned = REPAID if matures and spec.balloon == 0.0 else instalment
        if period.payment_date > dates.valuation:
            ahead.append(_payment(spec, dates.today, period, (AHEAD, matures, planned)))
        elif period.payment_date > since:
            past.append(_payment(spec, dates.today, period, (PAST, matures, planned)))
    return [*past, _valuation(spec, dates), *ahead]


def _valuation(spec: CollateralLoanSpec, dates: ValuationDates) -> Point:
    lots = tuple(_lot(spec, chips, dates, (dates.valuation, 0, 0)) for chips in spec.collateral)
    money = (0.0, 0.0, 0.0, 0.0, _damages(spec, dates.valuation), 0.0)
    return Point(NOW, dates.valuation, None, False, *money, *_sale_days(spec, dates.valuation), lots)


def _payment(
    spec: CollateralLoanSpec, today: date, period: FloatingPeriod, role: tuple[int, bool, float]
) -> Point:
    kind, matures, planned = role
    # What came in before today has been kept for the payment.
    open_days = (period.end - period.start).days
    contract_days = min(max((spec.contract_end - period.start).days, 0), open_days)
    hours = HOURS_A_DAY * sum(chips.count for chips in spec.collateral) / spec.facility
    dates = ValuationDates(today, None, today)
    place = (period.payment_date, contract_days, open_days - contract_days)
    lots = tuple(_lot(spec, chips, dates, place) for chips in spec.collateral)
    return Point(
        kind,
        period.payment_date,
        period,
        matures,
        planned,
        contract_days * _contract_a_day(spec),
        contract_days * hours * spec.operating_cost,
        (open_days - contract_days) * hours * spec.operating_cost,
        _damages(spec, period.payment_date),
        open_days / 365.0,
        *_sale_days(spec, period.payment_date),
        lots,
    )


def _contract_a_day(spec: CollateralLoanSpec) -> float:
    """Return what the customer pays a day, for one unit of face."""
    return HOURS_A_DAY * sum(chips.count * chips.contract_rate for chips in spec.collateral) / spec.facility


def _damages(spec: CollateralLoanSpec, day: date) -> float:
    """Return the customer's payments over the months after `day` that it owes as damages."""
    left = max((spec.contract_end - day).days, 0)
    return min(left, spec.damages_months * DAYS_A_MONTH) * _contract_a_day(spec)


def _sale_days(spec: CollateralLoanSpec, day: date) -> tuple[date, date]:
    half = timedelta(days=round(0.5 * spec.sale_months * DAYS_A_MONTH))
    return day + half, max(day, spec.contract_end) + half


def _lot(spec: CollateralLoanSpec, chips: Chips, dates: ValuationDates, place: tuple[date, int, int]) -> Lot:
    day, contract_days, market_days = place
    sale_day, late_day = _sale_days(spec, day)
    hours = HOURS_A_DAY * chips.count / spec.facility
    today = chips.count * chips.value / spec.facility / life_left(chips, dates.today)
    sold = (1.0 - spec.sale_haircut) * today
    return Lot(
        chips,
        contract_days * hours,
        market_days * hours,
        today * life_left(chips, day),
        sold * life_left(chips, sale_day),
        sold * life_left(chips, late_day),
    )


def life_left(chips: Chips, day: date) -> float:
    """Return the part of a chip's hours that is left on `day`: 1 new, 0 from the end of its life on."""
    age = (day - chips.in_service).days / 365.0
    return min(max(1.0 - age / chips.life_years, 0.0), 1.0)
