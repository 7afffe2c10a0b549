"""Floating-rate loans against a market: rates that they depend on, columns, value at base."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from stresstest.arrays import frozen, frozen_int, offsets
from stresstest.conventions.day_counts import act_365f_years
from stresstest.conventions.floating_legs import RateSetting, ValuationDates
from stresstest.conventions.loan_balances import LoanBalances, LoanPeriod
from stresstest.kernels.exponential import exp
from stresstest.kernels.floating import simple_forward
from stresstest.kernels.loans import (
    DUE,
    AmountColumns,
    CreditColumns,
    InterestColumns,
    Lapse,
    LegColumns,
    StandingColumns,
    default_weight,
    hazard_rate,
    loan_payment,
)
from stresstest.kernels.rows import NO_ROW
from stresstest.kernels.survival import survival
from stresstest.market.default_rows import default_rows
from stresstest.market.floating_lookups import (
    RATE_STATE,
    FloatingRates,
    base_log_discount,
    base_log_growth,
    growth_columns,
)
from stresstest.market.keys import RiskFactorKey
from stresstest.market.lookups import default_keys, nodes_used
from stresstest.market.recoveries import CONVENTIONAL_RECOVERY, SPREAD_LOSS
from stresstest.market.rows import CreditRows
from stresstest.market.snapshot import Curve, MarketSnapshot

NO_FLOOR = float("-inf")


class Loan(NamedTuple):
    """A loan's balances and how its interest is set.

    Attributes
    ----------
    balances
        Balance over its periods.
    margin
        Paid over the rate, decimal.
    floor
        Lowest rate before the margin, `NO_FLOOR` for none.
    setting
        Whether a period's rate is set at its start or compounded over it.
    current_rate
        Rate of the period that runs on the origin, None where nobody states it.
    curve
        Zero curve that projects the rate and discounts.
    first_slot
        Place in the instrument's state of the first of the `RATE_STATE` numbers that its rates need on a
        path.
    """

    balances: LoanBalances
    margin: float
    floor: float
    setting: RateSetting
    current_rate: float | None
    curve: Curve
    first_slot: int = 0

    def rates(self, market: MarketSnapshot, dates: ValuationDates) -> FloatingRates:
        """Return how the rates of its periods are known on a valuation date."""
        leg = self.balances.leg
        return FloatingRates(leg, self.setting, self.current_rate, self.curve, market, dates)

    def payment(self, item: LoanPeriod) -> float:
        """Return what is paid at the end of a period beside the floating rate."""
        return self.margin * item.balance_years + item.principal + item.fees


def loan_nodes(loan: Loan, market: MarketSnapshot) -> tuple[RiskFactorKey, ...]:
    """Return the zero rates that carry weight in what is left of a loan on the market's date."""
    today = market.as_of
    rates = loan.rates(market, ValuationDates(today, None, today))
    times, before = [act_365f_years(today, draw.day) for draw in loan.balances.draws], 0.0
    for item in loan.balances.periods:
        years = act_365f_years(today, item.period.payment_date)
        if item.balance_years != 0.0 or loan.payment(item) != 0.0:
            times.append(years)
        if item.balance_years != 0.0:
            growth = rates.part(item.period).growth
            times += [0.5 * (before + years), growth.start_years, growth.end_years]
        before = years
    return nodes_used(loan.curve, [years for years in times if years > 0.0])


def leg_columns(
    loans: Sequence[Loan], market: MarketSnapshot, dates: ValuationDates, rows: CreditRows
) -> LegColumns:
    """Return the columns of what loans pay after the step before, or without one after the valuation date."""
    periods = [_left(loan, dates) for loan in loans]
    amounts = [_amounts(loan, dates, rows) for loan in loans]
    flat_amounts = [row for of_loan in amounts for row in of_loan]
    return LegColumns(
        offsets=offsets(map(len, periods)),
        interest=_interest(list(zip(loans, periods, strict=True)), market, dates, rows),
        amount_offsets=offsets(map(len, amounts)),
        amounts=AmountColumns(
            frozen([amount for amount, _, _ in flat_amounts]),
            frozen_int([row for _, row, _ in flat_amounts]),
            frozen([years for _, _, years in flat_amounts]),
        ),
        floor=frozen([loan.floor for loan in loans]),
        standing=_standing(loans, market, dates, rows),
    )


def _standing(
    loans: Sequence[Loan], market: MarketSnapshot, dates: ValuationDates, rows: CreditRows
) -> StandingColumns:
    years = [loan.rates(market, dates).standing_years() for loan in loans]
    return StandingColumns(
        frozen_int(
            [rows.log_discount(loan.curve.name, term) for loan, term in zip(loans, years, strict=True)]
        ),
        frozen(years),
        frozen_int([loan.first_slot + RATE_STATE - 1 for loan in loans]),
    )


def _left(loan: Loan, dates: ValuationDates) -> list[LoanPeriod]:
    since = dates.valuation if dates.previous is None else dates.previous
    return [item for item in loan.balances.periods if item.period.payment_date > since]


class _Lapse(NamedTuple):
    """Time to a payment from the one before: rows of discount factors to its end and middle; years."""

    row: int
    middle_row: int
    years: float
    length_years: float


def _lapses(loan: Loan, left: Sequence[LoanPeriod], dates: ValuationDates, rows: CreditRows) -> list[_Lapse]:
    """Return the time to each payment of a loan, in their order."""
    found: list[_Lapse] = []
    before, curve = 0.0, loan.curve.name
    for item in left:
        years = act_365f_years(dates.valuation, item.period.payment_date)
        if years <= 0.0:
            found.append(_Lapse(DUE, DUE, 0.0, 0.0))
            continue
        places = rows.discount(curve, years), rows.discount(curve, 0.5 * (before + years))
        found.append(_Lapse(*places, years, years - before))
        before = years
    return found


def _interest(
    loans: Sequence[tuple[Loan, list[LoanPeriod]]],
    market: MarketSnapshot,
    dates: ValuationDates,
    rows: CreditRows,
) -> InterestColumns:
    items = [(loan, item) for loan, left in loans for item in left]
    parts = [loan.rates(market, dates).part(item.period, loan.first_slot) for loan, item in items]
    lapses = [lapse for loan, left in loans for lapse in _lapses(loan, left, dates, rows)]
    return InterestColumns(
        growth=growth_columns(parts, rows),
        year_fraction=frozen([item.period.year_fraction for _, item in items]),
        balance_years=frozen([item.balance_years for _, item in items]),
        amount=frozen([loan.payment(item) for loan, item in items]),
        discount_row=frozen_int([lapse.row for lapse in lapses]),
        years=frozen([lapse.years for lapse in lapses]),
        length_years=frozen([lapse.length_years for lapse in lapses]),
        exposure=frozen([item.mean_balance for _, item in items]),
        middle_row=frozen_int([lapse.middle_row for lapse in lapses]),
    )


def _amounts(loan: Loan, dates: ValuationDates, rows: CreditRows) -> list[tuple[float, int, float]]:
    """Return amount, discount row and time of each draw, negative: what is lent."""
    since = dates.valuation if dates.previous is None else dates.previous
    found = []
    for draw in loan.balances.draws:
        if draw.day > since:
            time = act_365f_years(dates.valuation, draw.day)
            row = rows.discount(loan.curve.name, time) if time > 0.0 else DUE
            found.append((-draw.cash, row, max(time, 0.0)))
    return found


class Debtor(NamedTuple):
    """Who owes a loan, in a market that may hold a basis private to it, and the rank of the claim."""

    issuer: str
    seniority: str

    @property
    def spread(self) -> RiskFactorKey:
        """Factor of the issuer's credit spread, never a private one."""
        return RiskFactorKey("credit_spread", self.issuer.split("#", 1)[0])

    @property
    def basis(self) -> RiskFactorKey:
        """Factor of what the loan's spread lies above it, private to the loan."""
        return RiskFactorKey("basis", self.issuer)


def credit_factors(debtor: Debtor, market: MarketSnapshot) -> tuple[RiskFactorKey, ...]:
    """Return spread, basis, default state and recovery, those that the market states; the spread anyway."""
    basis = [debtor.basis] if debtor.basis in market.levels else []
    return (debtor.spread, *basis, *(default_keys(market, debtor.issuer, debtor.seniority) or ()))


def credit_columns(
    debtors: Sequence[Debtor],
    loans: Sequence[Loan],
    market: MarketSnapshot,
    dates: ValuationDates,
    rows: CreditRows,
) -> CreditColumns:
    """Return the columns of the debtors' credit, the balances on the valuation date among them."""
    defaults = default_rows(debtors, market, rows.factor)
    usual = [rows.constant(CONVENTIONAL_RECOVERY[debtor.seniority]) for debtor in debtors]
    return CreditColumns(
        spread_row=frozen_int([rows.factor(debtor.spread) for debtor in debtors]),
        basis_row=frozen_int(
            [rows.factor(debtor.basis) if debtor.basis in market.levels else NO_ROW for debtor in debtors]
        ),
        inverse_loss=frozen([1.0 / SPREAD_LOSS] * len(debtors)),
        default_row=defaults.default,
        recovery_row=defaults.recovery,
        usual_recovery_row=frozen_int(usual),
        claim=frozen([loan.balances.outstanding(dates.valuation) for loan in loans]),
        is_open=frozen([_is_open(loan, dates.valuation) for loan in loans]),
        ends=frozen([_ends(loan, dates) for loan in loans]),
    )


def _is_open(loan: Loan, today: date) -> float:
    return float(any(item.period.payment_date > today for item in loan.balances.periods))


def _ends(loan: Loan, dates: ValuationDates) -> float:
    """Return 1 where the last payment fell due after the step before and up to the valuation date."""
    periods = loan.balances.periods
    if dates.previous is None or not periods:
        return 0.0
    return float(dates.previous < periods[-1].period.payment_date <= dates.valuation)


class BaseFlow(NamedTuple):
    """What is paid where the debtor survives, or recovered where it does not, off the market's own levels.

    Attributes
    ----------
    start_years, years
        Lapse over which a default is recovered from; equal times for a payment.
    amount
        Money, and for a lapse the recovery of its balance.
    log_discount
        Log discount factor, without spread, to the payment or to the middle of the lapse.
    """

    start_years: float
    years: float
    amount: float
    log_discount: float


class BaseCredit(NamedTuple):
    """Hazard rate of a debtor and recovery of its claim at the market's own levels."""

    hazard: float
    recovery: float


def base_credit(debtor: Debtor, market: MarketSnapshot) -> BaseCredit:
    """Return the credit of a debtor at the market's own levels."""
    keys = default_keys(market, debtor.issuer, debtor.seniority)
    recovery = CONVENTIONAL_RECOVERY[debtor.seniority] if keys is None else market.levels[keys[1]]
    return BaseCredit(float(hazard_rate(market.levels[debtor.spread], 1.0 / SPREAD_LOSS)), recovery)


def base_flows(loan: Loan, market: MarketSnapshot, credit: BaseCredit) -> list[BaseFlow]:
    """Return what a loan pays after its origin and what is recovered, off the market's own curve."""
    today = loan.balances.origin
    dates = ValuationDates(today, None, today)

    def flow(start: float, end: float, amount: float) -> BaseFlow:
        return BaseFlow(start, end, amount, base_log_discount(market, loan.curve, 0.5 * (start + end)))

    found = []
    for draw in loan.balances.draws:
        years = act_365f_years(today, draw.day)
        found.append(flow(years, years, -draw.cash))
    before = 0.0
    for item in loan.balances.periods:
        years = act_365f_years(today, item.period.payment_date)
        part = loan.rates(market, dates).part(item.period)
        rate = simple_forward(base_log_growth(market, loan.curve, part), item.period.year_fraction)
        payment = float(loan_payment(rate, loan.floor, item.balance_years, loan.payment(item)))
        found.append(flow(before, years, credit.recovery * item.mean_balance))
        found.append(flow(years, years, payment))
        before = years
    return found


def value_under(flows: Sequence[BaseFlow], hazard: float, basis: float) -> float:
    """Return the value of flows under a hazard rate and a basis."""
    total, value = hazard + basis, 0.0
    for start, end, amount, log_discount in flows:
        after = float(survival(total, end))
        weight = after
        if end > start:
            lapse = Lapse(float(survival(total, start)), after, end - start)
            weight = float(default_weight(hazard, total, lapse))
        value += amount * weight * float(exp(log_discount))
    return value


def floor_of(stated: float | None) -> float:
    """Return the floor of a rate, `NO_FLOOR` where none is stated."""
    return NO_FLOOR if stated is None else stated
