"""Loans against GPUs, one loan in one column: what each failure leaves, and the waterfall of payments.

The borrower has a contract and chips and nothing else. Three things end its payments: the customer's default,
after which the chips are sold; the sponsor's, after which another operator serves what is left of the
contract; and a payment that its cash does not cover, after which lenders take what is left of the contract
and sell the chips when it ends.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.exponential import exp
from stresstest.kernels.floating import floored_rate, simple_forward
from stresstest.kernels.loans import Lapse, default_weight

PAST, NOW, AHEAD = 0, 1, 2
"""Kinds of points: a payment since the step before, the valuation date, a payment to come."""


class Deal(NamedTuple):
    """Terms of a loan; `max_ltv` is ∞ and `min_dscr` 0 where there is no such covenant."""

    floor: float
    utilisation: float
    contract_kept: float
    step_in_years: float
    advance_rate: float
    min_dscr: float
    max_ltv: float
    sweep: float


class Credit(NamedTuple):
    """Hazard rates of sponsor and customer, the loan's basis, what claims on the customer recover."""

    sponsor_hazard: float
    customer_hazard: float
    basis: float
    recovery: float


class Schedule(NamedTuple):
    """Points of one loan that no column changes, each `(n_points,)`, for one unit of face.

    Attributes
    ----------
    kind
        `PAST`, `NOW` or `AHEAD`.
    year_fraction, margin
        Length of the interest period; margin times that.
    planned, matures
        Principal due; 1 at the last payment, which the balloon is due with.
    contract, contract_cost, market_cost
        What the customer pays over the period; what running the GPUs costs while the contract lasts and
        after.
    damages
        What the customer would owe as damages.
    years, length_years, period_years
        Time to the point; from the point before; over which the cash comes in.
    sale_years, late_years
        Times to the middle of a sale that begins here, or when the contract ends where that is later.
    """

    kind: IntArray
    year_fraction: FloatArray
    margin: FloatArray
    planned: FloatArray
    matures: FloatArray
    contract: FloatArray
    contract_cost: FloatArray
    market_cost: FloatArray
    damages: FloatArray
    years: FloatArray
    length_years: FloatArray
    period_years: FloatArray
    sale_years: FloatArray
    late_years: FloatArray


class Levels(NamedTuple):
    """What one column gives the points of one loan, each `(n_points,)`.

    Attributes
    ----------
    log_growth
        Of the period's rate.
    discount, middle, sale_discount, late_discount
        Discount factors to the point, to the middle of the time before it, and to the middles of both sales.
    contract_market, market
        The contract's hours, and those after it, at the market's rental.
    chips, sale, late_sale
        Chips' worth, and what both sales bring.
    """

    log_growth: FloatArray
    discount: FloatArray
    middle: FloatArray
    sale_discount: FloatArray
    late_discount: FloatArray
    contract_market: FloatArray
    market: FloatArray
    chips: FloatArray
    sale: FloatArray
    late_sale: FloatArray


class Resources(NamedTuple):
    """What lenders get at a point, before their claim bounds it, after each failure; each `(n_points,)`."""

    customer: FloatArray
    sponsor: FloatArray
    shortfall: FloatArray


class Standing(NamedTuple):
    """Where a loan stands: balance, whether the sweep runs (1) and whether it is open (1)."""

    balance: float
    swept: float
    is_open: float


class Step(NamedTuple):
    """Cash of one payment, and where it leaves the loan."""

    cash: float
    standing: Standing


class Valuation(NamedTuple):
    """A loan in one column.

    Attributes
    ----------
    value, paid
        Without a default today; cash since the step before.
    standing
        On the valuation date.
    if_customer, if_sponsor
        Value where the customer or the sponsor defaults today.
    """

    value: float
    paid: float
    standing: Standing
    if_customer: float
    if_sponsor: float


@kernel
def positive(amount: float) -> float:
    """Return the amount, 0 for a negative one, NaN for NaN."""
    return 0.0 if amount < 0.0 else amount  # noqa: FURB136 - a NaN must pass


@kernel
def lesser(first: float, second: float) -> float:
    """Return the smaller of two amounts, NaN where either is NaN."""
    is_first = first < second or first != first  # noqa: PLR0124 - NaN is unlike itself
    return first if is_first else second


@kernel
def kept_revenue(deal: Deal, contract: float, contract_market: float) -> float:
    """Return what another operator takes in: a share of the contract, other hours at the market's rent."""
    rest = (1.0 - deal.contract_kept) * deal.utilisation
    return fma(deal.contract_kept, contract, rest * contract_market)


@kernel
def fill_resources(schedule: Schedule, levels: Levels, deal: Deal, credit: Credit, out: Resources) -> None:
    """Write what each failure leaves at each point, discounted to it at curve and basis.

    Cash of the contract is discounted at the customer's hazard rate too: where the customer fails as well, it
    is counted as lost. Another operator starts after the step-in time, whose revenue is lost.
    """
    contract_ahead, kept_ahead, next_revenue = 0.0, 0.0, 0.0
    for p in range(schedule.kind.shape[0] - 1, -1, -1):
        years, basis = schedule.years[p], credit.basis
        own = levels.discount[p] * exp(-basis * years)
        shared = own * exp(-credit.customer_hazard * years)
        sale = levels.sale[p] * levels.sale_discount[p] * exp(-basis * schedule.sale_years[p]) / own
        late = levels.late_sale[p] * levels.late_discount[p] * exp(-basis * schedule.late_years[p]) / own
        lost = deal.step_in_years * next_revenue
        out.customer[p] = fma(credit.recovery, schedule.damages[p], sale)
        out.sponsor[p] = positive(kept_ahead - lost) / shared + late
        out.shortfall[p] = contract_ahead / shared + late
        if schedule.kind[p] != NOW:
            revenue = kept_revenue(deal, schedule.contract[p], levels.contract_market[p])
            net = positive(schedule.contract[p] - schedule.contract_cost[p])
            contract_ahead = fma(net, shared, contract_ahead)
            kept_ahead = fma(positive(revenue - schedule.contract_cost[p]), shared, kept_ahead)
            next_revenue = revenue * shared / schedule.period_years[p]


@kernel
def available_cash(schedule: Schedule, levels: Levels, deal: Deal, p: int) -> float:
    """Return what a period leaves for debt service: GPUs that cost more than they bring stand still."""
    market = positive(fma(deal.utilisation, levels.market[p], -schedule.market_cost[p]))
    return positive(schedule.contract[p] - schedule.contract_cost[p] + market)


@kernel
def debt_service(
    schedule: Schedule, levels: Levels, deal: Deal, p: int, balance: float
) -> tuple[float, float]:
    """Return the interest and the instalment that are due at a point."""
    rate = floored_rate(simple_forward(levels.log_growth[p], schedule.year_fraction[p]), deal.floor)
    interest = balance * fma(schedule.year_fraction[p], rate, schedule.margin[p])
    return interest, lesser(balance, schedule.planned[p])


@kernel
def pay(schedule: Schedule, levels: Levels, deal: Deal, place: tuple[int, float], standing: Standing) -> Step:
    """Return the payment at a point, and what follows from it.

    Cash pays interest and the instalment; below `min_dscr` times both, or with a balance above `max_ltv`
    times the chips' worth, the sweep begins, for good. Cash that does not cover both ends the loan: lenders
    get it, and of what is left of the contract and the chips no more than their claim. So does a balloon
    above `advance_rate` times the chips' worth at maturity; one below is refinanced.

    Parameters
    ----------
    place
        Number of the point; what a shortfall there leaves.
    """
    p, shortfall = place
    balance, worth = standing.balance, levels.chips[p]
    interest, planned = debt_service(schedule, levels, deal, p, balance)
    due, cash = interest + planned, available_cash(schedule, levels, deal, p)
    broken = cash < deal.min_dscr * due or balance > deal.max_ltv * worth
    swept = 1.0 if broken else standing.swept
    if cash < due:
        return Step(cash + lesser(balance + interest - cash, shortfall), Standing(0.0, swept, 0.0))
    # 0, but for a cash flow that is no number: that must not pass for enough.
    surplus = cash - due
    due += surplus - surplus
    extra = lesser(balance - planned, deal.sweep * surplus) if swept == 1.0 else 0.0
    left = balance - planned - extra
    if schedule.matures[p] == 0.0 or left <= 0.0:
        return Step(due + extra, Standing(left, swept, 1.0 if left > 0.0 else 0.0))
    repaid = left if left <= deal.advance_rate * worth else lesser(left, shortfall)
    return Step(due + extra + repaid, Standing(0.0, swept, 0.0))


@kernel
def defaults_before(
    schedule: Schedule,
    levels: Levels,
    credit: Credit,
    place: tuple[int, float, float],
    left: tuple[float, float],
) -> float:
    """Return the value of what defaults of customer and sponsor leave between two points.

    Parameters
    ----------
    place
        Number of the later point, e^{−(h+b)·t} at the earlier and at the later one.
    left
        What the customer's and the sponsor's default leave.
    """
    p, before, after = place
    total = credit.sponsor_hazard + credit.customer_hazard + credit.basis
    lapse = Lapse(before, after, schedule.length_years[p])
    customer = default_weight(credit.customer_hazard, total, lapse) * left[0]
    expected = fma(default_weight(credit.sponsor_hazard, total, lapse), left[1], customer)
    middle: float = levels.middle[p]
    return middle * expected


@kernel
def value_loan(
    schedule: Schedule, levels: Levels, parties: tuple[Deal, Credit], resources: Resources, start: Standing
) -> Valuation:
    """Return the value of one unit of face in one column.

    V = Σ D(t_k)·S(t_k)·payment_k + Σ D(m_k)·(∫ h_c·S du·min(B, C) + ∫ h_s·S du·min(B, P)) with S(t) =
    e^{−(h_c+h_s+b)·t}: h_c, h_s the hazard rates of customer and sponsor, C and P what their defaults leave,
    b the basis, B the balance, m_k the middle between two payments, the integrals from one to the other.
    """
    deal, credit = parties
    total = credit.sponsor_hazard + credit.customer_hazard + credit.basis
    value, paid, kept = 0.0, 0.0, 1.0
    standing = now = start
    if_customer, if_sponsor = 0.0, 0.0
    for p in range(schedule.kind.shape[0]):
        if schedule.kind[p] == NOW:
            now = standing
            if_customer = lesser(now.balance, resources.customer[p])
            if_sponsor = lesser(now.balance, resources.sponsor[p])
        elif standing.is_open == 1.0:
            if schedule.kind[p] == PAST:
                step = pay(schedule, levels, deal, (p, resources.shortfall[p]), standing)
                paid += step.cash
            else:
                after = exp(-total * schedule.years[p])
                left = (
                    lesser(standing.balance, resources.customer[p - 1]),
                    lesser(standing.balance, resources.sponsor[p - 1]),
                )
                value += defaults_before(schedule, levels, credit, (p, kept, after), left)
                step = pay(schedule, levels, deal, (p, resources.shortfall[p]), standing)
                value = fma(levels.discount[p] * after, step.cash, value)
                kept = after
            standing = step.standing
    return Valuation(value, paid, now, if_customer, if_sponsor)


@kernel
def larger(first: float, second: float) -> float:
    """Return the larger of two amounts, NaN where either is NaN."""
    is_first = first > second or first != first  # noqa: PLR0124 - NaN is unlike itself
    return first if is_first else second


@kernel
def fill_strains(schedule: Schedule, levels: Levels, deal: Deal, out: FloatArray) -> None:
    """Write how far a loan goes beyond what it must keep to, at most over its payments up to each.

    Covenants are tested on the balance as planned: the first that breaks does so before any sweep, and from
    then on the sweep runs whatever the others do. Payments are tested with the sweep.

    Parameters
    ----------
    out
        `(4, n_points)` balance above `max_ltv` times the chips' worth; `min_dscr` times debt service above
        cash; debt service above cash, which ends the loan; balloon above what can be refinanced. −∞ where
        nothing is asked.
    """
    standing, planned_balance = Standing(1.0, 0.0, 1.0), 1.0
    strains = np.full(4, -np.inf)
    for p in range(schedule.kind.shape[0]):
        if schedule.kind[p] == AHEAD:
            cash = available_cash(schedule, levels, deal, p)
            interest, planned = debt_service(schedule, levels, deal, p, planned_balance)
            if deal.max_ltv < np.inf:
                strains[0] = larger(strains[0], planned_balance - deal.max_ltv * levels.chips[p])
            if deal.min_dscr > 0.0:
                strains[1] = larger(strains[1], deal.min_dscr * (interest + planned) - cash)
            planned_balance -= planned
            if standing.is_open == 1.0:
                standing = _test_payment(schedule, levels, deal, (p, standing), strains)
        out[:, p] = strains


@kernel
def _test_payment(
    schedule: Schedule, levels: Levels, deal: Deal, place: tuple[int, Standing], strains: FloatArray
) -> Standing:
    """Return where a payment leaves a loan; strain a missed one, and a balloon that cannot be refinanced."""
    p, before = place
    cash = available_cash(schedule, levels, deal, p)
    interest, planned = debt_service(schedule, levels, deal, p, before.balance)
    due = interest + planned
    strains[2] = larger(strains[2], due - cash)
    # What a shortfall leaves is not asked for: it only ends the loan.
    after = pay(schedule, levels, deal, (p, 0.0), before).standing
    if schedule.matures[p] != 0.0 and cash >= due:
        left = before.balance - planned
        extra = lesser(left, deal.sweep * (cash - due)) if after.swept == 1.0 else 0.0
        strains[3] = larger(strains[3], left - extra - deal.advance_rate * levels.chips[p])
    return after
