"""Floating-rate loans: interest and repayments while the debtor survives, recovery where it does not.

References
----------
D. Duffie and K. Singleton, Review of Financial Studies 12 (1999) 687, section 4: recovery of face.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, IntArray
from stresstest.kernels._jit import fma, kernel
from stresstest.kernels.floating import (
    GrowthColumns,
    fill_log_growth,
    floored_rate,
    keep_standing_rate,
    simple_forward,
)
from stresstest.kernels.market import MarketRows, Out
from stresstest.kernels.rows import NO_ROW
from stresstest.kernels.survival import survival

DUE = -1
"""Stands for the discount row of a payment that fell due since the step before."""

_MEMORY = 3
"""First place in the state of default and claim, after what the rates of a path need."""


class InterestColumns(NamedTuple):
    """Interest periods of all legs, leg after leg; each array `(n_periods,)`.

    Attributes
    ----------
    growth
        Where each period's log growth comes from.
    year_fraction
        Length τ of the period by the leg's day count.
    balance_years, amount
        Balance times years that the rate is paid on; margin, principal and fees, paid with the interest.
    discount_row
        Row in `market.derived` of the discount factor to the payment, `DUE` where it fell due since the step
        before.
    years
        Time to the payment.
    length_years
        Time to it from the payment before, or from the valuation date.
    exposure
        Mean balance over that time.
    middle_row
        Row in `market.derived` of the discount factor to its middle.
    """

    growth: GrowthColumns
    year_fraction: FloatArray
    balance_years: FloatArray
    amount: FloatArray
    discount_row: IntArray
    years: FloatArray
    length_years: FloatArray
    exposure: FloatArray
    middle_row: IntArray


class AmountColumns(NamedTuple):
    """Amounts known beforehand on days of their own; each array `(n_amounts,)`."""

    amount: FloatArray
    discount_row: IntArray
    years: FloatArray


class StandingColumns(NamedTuple):
    """Rates that are in force until the next date of a path; each array `(n_instruments,)`.

    Attributes
    ----------
    log_discount_row
        Row in `market.derived` of ln D to the rate's term.
    years
        That term.
    place
        Place in the instrument's state where it is kept.
    """

    log_discount_row: IntArray
    years: FloatArray
    place: IntArray


class LegColumns(NamedTuple):
    """Loans' legs: leg i has the periods `offsets[i]` to `offsets[i + 1]`, amounts likewise.

    Attributes
    ----------
    offsets, amount_offsets
        `(n_instruments + 1,)`.
    interest, amounts
        What is paid; what is lent later, negative.
    floor
        Lowest rate before the margin `(n_instruments,)`, −∞ for none.
    standing
        What the path remembers of the rates of the date.
    """

    offsets: IntArray
    interest: InterestColumns
    amount_offsets: IntArray
    amounts: AmountColumns
    floor: FloatArray
    standing: StandingColumns


class CreditColumns(NamedTuple):
    """Credit of the loans' debtors; each array `(n_instruments,)`.

    Attributes
    ----------
    spread_row
        Row in `market.factors` of the issuer's credit spread.
    basis_row
        Row in `market.factors` of what the loan's spread lies above it, `NO_ROW` for nothing.
    inverse_loss
        1 ÷ the loss at a default that the spread pays for.
    default_row, recovery_row
        Rows in `market.factors` of default state and recovery; `NO_ROW` where the market states none.
    usual_recovery_row
        Row in `market.derived` of the conventional recovery, for where it states none.
    claim
        Balance on the valuation date for one unit.
    is_open
        1 while payments remain, else 0.
    ends
        1 where the last payment fell due since the step before.
    """

    spread_row: IntArray
    basis_row: IntArray
    inverse_loss: FloatArray
    default_row: IntArray
    recovery_row: IntArray
    usual_recovery_row: IntArray
    claim: FloatArray
    is_open: FloatArray
    ends: FloatArray


class Scratch(NamedTuple):
    """Rows that loans need for themselves, each `(n_columns,)`.

    Attributes
    ----------
    hazard, total
        Hazard rate h, and h + b with the loan's basis b.
    kept
        e^{−(h+b)·t} at the payment before.
    log_growth
        Of the rate of a period.
    """

    hazard: FloatArray
    total: FloatArray
    kept: FloatArray
    log_growth: FloatArray


class LegRows(NamedTuple):
    """What one leg reads and writes by column, each `(n_columns,)`: recovery read, value and cash written."""

    recovery: FloatArray
    value: FloatArray
    paid: FloatArray


@kernel
def hazard_rate(credit_spread: float, inverse_loss: float) -> float:
    """Return the hazard rate h = s ÷ (1 − R₀) of an issuer whose unsecured claims pay the spread s."""
    return credit_spread * inverse_loss


@kernel
def loan_payment(rate: float, floor: float, balance_years: float, amount: float) -> float:
    """Return max(rate, floor) on the balance over its time, and what is paid beside it."""
    return fma(balance_years, floored_rate(rate, floor), amount)


class Lapse(NamedTuple):
    """Time between two payments: e^{−(h+b)·t} at its start and its end, and its length in years."""

    before: float
    after: float
    length_years: float


@kernel
def default_weight(hazard: float, total: float, lapse: Lapse) -> float:
    """Return ∫ h·e^{−(h+b)·u} du over a lapse: the probability of a default in it, discounted by the basis b.

    `total` is h + b.
    """
    if total == 0.0:
        return hazard * lapse.length_years * lapse.before
    return hazard / total * (lapse.before - lapse.after)


@kernel
def find_recovery(credit: CreditColumns, i: int, market: MarketRows) -> FloatArray:
    """Return the row of what claims on debtor `i` recover."""
    usual: FloatArray = market.derived[credit.usual_recovery_row[i]]
    if credit.default_row[i] == NO_ROW:
        return usual
    stated: FloatArray = market.factors[credit.recovery_row[i]]
    return stated


@kernel
def _add_interest(
    legs: LegColumns, place: tuple[int, int], market: MarketRows, scratch: Scratch, rows: LegRows
) -> None:
    i, k = place
    interest, floor, log_growth = legs.interest, legs.floor[i], scratch.log_growth
    fraction, balance_years = interest.year_fraction[k], interest.balance_years[k]
    amount, years, exposure = interest.amount[k], interest.years[k], interest.exposure[k]
    length = interest.length_years[k]
    value, paid, recovery = rows.value, rows.paid, rows.recovery
    if interest.discount_row[k] == DUE:
        for j in range(value.shape[0]):
            rate = simple_forward(log_growth[j], fraction)
            paid[j] += loan_payment(rate, floor, balance_years, amount)
        return
    discount, middle = market.derived[interest.discount_row[k]], market.derived[interest.middle_row[k]]
    hazard, total, kept = scratch.hazard, scratch.total, scratch.kept
    for j in range(value.shape[0]):
        payment = loan_payment(simple_forward(log_growth[j], fraction), floor, balance_years, amount)
        after = survival(total[j], years)
        weight = default_weight(hazard[j], total[j], Lapse(kept[j], after, length))
        recovered = recovery[j] * exposure * weight
        value[j] = fma(payment * after, discount[j], fma(recovered, middle[j], value[j]))
        kept[j] = after


@kernel
def _add_amount(amounts: AmountColumns, k: int, market: MarketRows, scratch: Scratch, rows: LegRows) -> None:
    amount, years, value, paid = amounts.amount[k], amounts.years[k], rows.value, rows.paid
    if amounts.discount_row[k] == DUE:
        for j in range(value.shape[0]):
            paid[j] += amount
        return
    discount, total = market.derived[amounts.discount_row[k]], scratch.total
    for j in range(value.shape[0]):
        value[j] = fma(amount * survival(total[j], years), discount[j], value[j])


@kernel
def fill_hazard(credit: CreditColumns, i: int, market: MarketRows, scratch: Scratch) -> None:
    """Write the hazard rate of debtor `i` by column, and its sum with the loan's basis."""
    spread, inverse_loss = market.factors[credit.spread_row[i]], credit.inverse_loss[i]
    hazard, total = scratch.hazard, scratch.total
    for j in range(hazard.shape[0]):
        hazard[j] = hazard_rate(spread[j], inverse_loss)
        total[j] = hazard[j]
    if credit.basis_row[i] != NO_ROW:
        basis = market.factors[credit.basis_row[i]]
        for j in range(total.shape[0]):
            total[j] += basis[j]


@kernel
def fill_leg(
    legs: LegColumns, i: int, market: MarketRows, state: FloatArray, work: tuple[Scratch, LegRows]
) -> None:
    """Write value and cash of leg `i` of a debtor that has not defaulted.

    V = Σ D(t_k)·S(t_k)·(W_k·max(f_k, floor) + A_k) + Σ D(m_k)·R·B_k·∫ h·S(u) du with S(t) = e^{−(h+b)·t}: h
    the hazard rate, b the basis, W the balance times years, f the period's simple rate, A margin, principal
    and fees, B the mean balance, m_k the middle between two payments, the integral from one to the other;
    what is lent later comes in like A.
    """
    scratch, rows = work
    for j in range(rows.value.shape[0]):
        rows.value[j] = 0.0
        rows.paid[j] = 0.0
        scratch.kept[j] = 1.0
    for k in range(legs.offsets[i], legs.offsets[i + 1]):
        fill_log_growth(legs.interest.growth, k, market, state, scratch.log_growth)
        _add_interest(legs, (i, k), market, scratch, rows)
    for k in range(legs.amount_offsets[i], legs.amount_offsets[i + 1]):
        _add_amount(legs.amounts, k, market, scratch, rows)
    standing = legs.standing
    log_discount = market.derived[standing.log_discount_row[i]]
    keep_standing_rate(log_discount, standing.years[i], state[standing.place[i]])


@kernel
def keep_claim(default_state: float, claim: float, j: int, memory: FloatArray) -> float:
    """Return the claim of a loan in default: that of the day of the default, which later dates do not change.

    Parameters
    ----------
    memory
        `(2, n_columns)` whether the debtor has defaulted, and the claim then; changed in place.
    """
    if default_state != 0.0 and memory[0, j] == 0.0:
        memory[0, j] = 1.0
        memory[1, j] = claim
    kept: float = memory[1, j]
    return kept


@kernel
def apply_loan_default(
    credit: CreditColumns, i: int, market: MarketRows, memory: FloatArray, rows: LegRows
) -> None:
    """Blend value and cash of loan `i` with what a default leaves: recovery on the balance of that day.

    value = (1 − d)·value + d·R·B; on the day that the loan would have ended the claim is paid instead.
    Nothing is lent to a debtor in default.

    Parameters
    ----------
    memory
        `(2, n_columns)` as `keep_claim` has it; changed in place.
    """
    if credit.default_row[i] == NO_ROW:
        return
    default, recovery = market.factors[credit.default_row[i]], rows.recovery
    is_open, ends, value, paid = credit.is_open[i], credit.ends[i], rows.value, rows.paid
    for j in range(value.shape[0]):
        claim = keep_claim(default[j], credit.claim[i], j, memory)
        alive, recovered = 1.0 - default[j], default[j] * recovery[j] * claim
        value[j] = fma(alive, value[j], recovered * is_open)
        paid[j] = fma(alive, paid[j], recovered * ends)


@kernel
def value_loans(
    legs: LegColumns, credit: CreditColumns, market: MarketRows, state: FloatArray, out: Out
) -> None:
    """Write the value of one unit of every loan, with accrued interest, and its cash."""
    width = out.value.shape[1]
    scratch = Scratch(np.empty(width), np.empty(width), np.empty(width), np.empty(width))
    for i in range(credit.spread_row.shape[0]):
        rows = LegRows(find_recovery(credit, i, market), out.value[i], out.paid[i])
        fill_hazard(credit, i, market, scratch)
        fill_leg(legs, i, market, state[i], (scratch, rows))
        apply_loan_default(credit, i, market, state[i, _MEMORY:], rows)
