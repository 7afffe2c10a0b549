"""Terms of a floating-rate loan: its schedule, what it depends on, the basis that a price implies."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from math import floor
from typing import Protocol

from stresstest.conventions.calendars import BusinessDayConvention, CalendarName
from stresstest.conventions.day_counts import DayCount, act_365f_years
from stresstest.conventions.floating_legs import FloatingLeg, RateSetting, ValuationDates
from stresstest.conventions.schedules import Grid, PaymentTerms, ScheduleTerms
from stresstest.errors import InputError, Problem, ProblemList
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log
from stresstest.market.floating_lookups import find_floating_curve
from stresstest.market.keys import RiskFactorKey
from stresstest.market.loans import (
    Debtor,
    Loan,
    base_credit,
    base_flows,
    credit_factors,
    loan_nodes,
    value_under,
)
from stresstest.market.lookups import check_levels, find_issuer
from stresstest.market.root_search import NoRootError, decreasing_root
from stresstest.market.snapshot import Curve, MarketSnapshot

_BOUNDS = (-1.0, 100.0)
"""From a spread that doubles what is owed in a year to one that leaves nothing within a month."""

_ROUNDING = 1e-9

_BUMP = 1e-6
"""Half of the step that the slope of a value in its basis is measured over."""


class LoanSpec(Protocol):
    """What the functions here read of a loan's terms."""

    @property
    def issuer(self) -> str:
        """Debtor."""
        ...

    @property
    def maturity(self) -> date:
        """Last payment."""
        ...

    @property
    def frequency(self) -> int:
        """Payments a year."""
        ...

    @property
    def day_count(self) -> DayCount:
        """Length of a period."""
        ...

    @property
    def calendar(self) -> CalendarName:
        """Business days."""
        ...

    @property
    def business_day_convention(self) -> BusinessDayConvention:
        """How payments move."""
        ...

    @property
    def rate_setting(self) -> RateSetting:
        """When rates are set."""
        ...

    @property
    def currency(self) -> str | None:
        """Of all payments, None for the issuer's."""
        ...

    @property
    def curve(self) -> str | None:
        """Stated curve."""
        ...


class RankedLoanSpec(LoanSpec, Protocol):
    """Terms of a loan that recovers what claims of its rank do."""

    @property
    def seniority(self) -> str:
        """Rank of the claim."""
        ...


class AmortisingLoanSpec(LoanSpec, Protocol):
    """Terms of a loan that is repaid by yearly instalments."""

    @property
    def amortisation(self) -> float:
        """Part repaid in a year."""
        ...


LoanOf = Callable[[Curve], Loan]
"""Makes the loan once its curve is found."""


def floating_leg(spec: LoanSpec, origin: date, start: date | None = None) -> FloatingLeg:
    """Return the interest schedule, from `start` or else from before the period of the origin."""
    if start is None:
        start = Grid(spec.maturity, spec.frequency).start_before(origin)
    return FloatingLeg(
        spec.day_count,
        ScheduleTerms(start, spec.maturity, spec.frequency),
        PaymentTerms(spec.calendar, spec.business_day_convention),
    )


def kept_under(prepayment: float) -> Callable[[float], float]:
    """Return the part of a balance not prepaid over a time, (1 − CPR)^t, for a rate a year below 1."""
    if prepayment == 0.0:
        return lambda _years: 1.0
    rate = float(log(1.0 - prepayment))
    return lambda years: float(exp(rate * years))


def loan_curve(spec: LoanSpec, market: MarketSnapshot) -> Curve:
    """Return the curve that projects and discounts a loan; `InputError` where there is none."""
    problems = ProblemList()
    curve = find_loan_curve(spec, market, problems)
    problems.raise_if_any()
    if curve is None:
        raise ValueError(f"no curve for {spec!r}")
    return curve


def find_loan_curve(spec: LoanSpec, market: MarketSnapshot, problems: ProblemList) -> Curve | None:
    """Return the curve that projects and discounts a loan; None, with the problem added, where none fits."""
    currency = spec.currency or find_issuer(market, spec.issuer).currency
    return find_floating_curve(market, currency, spec.curve, "curve" if spec.curve else "currency", problems)


def debtor_of(spec: RankedLoanSpec) -> Debtor:
    """Return who owes the loan."""
    return Debtor(spec.issuer, spec.seniority)


def loan_factors(
    spec: RankedLoanSpec, market: MarketSnapshot, loan_of: LoanOf, problems: ProblemList
) -> tuple[str, tuple[RiskFactorKey, ...]]:
    """Return currency and factors of a loan; the problems get what the market lacks for it.

    Zero rates of the curve, the issuer's spread (a sovereign's where the market states one), and its default
    state with the recovery of the loan's rank where the market states them.

    Raises
    ------
    InputError
        The issuer is unknown (ST355).
    """
    issuer = find_issuer(market, spec.issuer)
    curve = find_loan_curve(spec, market, problems)
    factors: tuple[RiskFactorKey, ...] = credit_factors(debtor_of(spec), market)
    if curve is not None:
        keys = curve.keys()
        check_levels(market, keys, problems)
        if all(key in market.levels for key in keys):
            factors = (*loan_nodes(loan_of(curve), market), *factors)
    check_levels(market, factors, problems)
    return spec.currency or issuer.currency, tuple(dict.fromkeys(factors))


def check_maturity(spec: LoanSpec, today: date, problems: ProblemList) -> None:
    """Add a problem (ST370) where a loan is repaid by `today`."""
    if spec.maturity <= today:
        got = f"loan to {spec.issuer} that matures on {spec.maturity}"
        problems.add(Problem("ST370", got, f"a maturity after {today}", field="maturity"))


def check_days(money: tuple[str, Sequence[date]], spec: LoanSpec, today: date, problems: ProblemList) -> None:
    """Add a problem (ST374) for each day of a field's money that is not between `today` and the maturity."""
    field, days = money
    for day in days:
        if not today < day <= spec.maturity:
            got = f"{day} for money of the loan to {spec.issuer}"
            expected = f"a day after {today}, up to {spec.maturity}"
            problems.add(Problem("ST374", got, expected, field=field))


def check_amortisation(spec: AmortisingLoanSpec, first: date, problems: ProblemList) -> None:
    """Add a problem (ST377) where instalments from `first` repay a loan a period before its maturity."""
    years = act_365f_years(first, spec.maturity) - 1.0 / spec.frequency
    if spec.amortisation * years <= 1.0 + _ROUNDING:
        return
    loan = f"a loan to {spec.issuer} until {spec.maturity}"
    got = f"amortisation of {100.0 * spec.amortisation:g}% a year of {loan}"
    most = floor(1000.0 / years) / 10.0
    expected = "instalments that leave something due at maturity, or an earlier one"
    problems.add(Problem("ST377", got, expected, suggestion=f"{most:g}%", field="amortisation"))


def has_levels(spec: RankedLoanSpec, market: MarketSnapshot) -> bool:
    """Tell whether the market has the levels that a basis is solved from; else `loan_factors` names them."""
    keys = (*loan_curve(spec, market).keys(), *credit_factors(debtor_of(spec), market))
    return all(key in market.levels for key in keys)


def solved_basis(spec: RankedLoanSpec, loan: Loan, market: MarketSnapshot, clean: float) -> float:
    """Return the basis at which a loan is worth `clean`, and its accrued interest, at its origin.

    Parameters
    ----------
    clean
        Value without accrued interest, for one unit.

    Raises
    ------
    InputError
        No basis between −100 % and 10,000 % gives it (ST373).
    """
    credit = base_credit(debtor_of(spec), market)
    flows = base_flows(loan, market, credit)
    log_price = float(log(clean + accrued_interest(loan, market, loan.balances.origin)))

    def over(basis: float) -> tuple[float, float]:
        low, value, high = (value_under(flows, credit.hazard, basis + bump) for bump in (-_BUMP, 0.0, _BUMP))
        if min(low, high, value) <= 0.0:
            return float("-inf"), float("nan")
        return float(log(value)) - log_price, (high - low) / (2.0 * _BUMP * value)

    try:
        return decreasing_root(over, 0.0, _BOUNDS)
    except NoRootError:
        got = f"loan to {spec.issuer} at a price of {100.0 * clean:g}"
        raise InputError([Problem("ST373", got, "a price that some basis gives", field="price")]) from None


def private_basis(private_issuer: str, basis: float) -> Mapping[RiskFactorKey, float]:
    """Return the level of a basis that is a factor private to the loan."""
    return {RiskFactorKey("basis", private_issuer): basis}


PUBLIC_TERMS: Mapping[str, None] = {"basis": None, "price": None}
"""What is left of the fields that fix a basis once it is a factor."""


def accrued_interest(loan: Loan, market: MarketSnapshot, today: date) -> float:
    """Return the interest earned and not yet paid on `today`, at the rate of the running period."""
    fraction = loan.balances.leg.accrued_fraction(today)
    running = [item.period for item in loan.balances.periods if item.period.start <= today < item.period.end]
    if not running or fraction == 0.0:
        return 0.0
    length = running[0].year_fraction if loan.setting == "in_advance" else fraction
    known = loan.rates(market, ValuationDates(today, None, today)).part(running[0]).known_log
    rate = (float(exp(known)) - 1.0) / length
    return loan.balances.drawn * fraction * (max(rate, loan.floor) + loan.margin)
