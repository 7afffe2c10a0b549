"""The quoted spread that an upfront payment for a credit default swap implies."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from stresstest.conventions.cds_dates import cash_settlement_date
from stresstest.conventions.day_counts import act_365f_years
from stresstest.errors import InputError, Problem
from stresstest.kernels.credit_swap import HIGHEST_HAZARD, LOWEST_HAZARD
from stresstest.kernels.exponential import exp
from stresstest.kernels.survival import Interval, accrual_leg, default_leg, moments
from stresstest.market.credit_swaps import CreditSwapTerms, SwapInterval, accrued_fraction, swap_intervals
from stresstest.market.floating_lookups import base_log_discount
from stresstest.market.root_search import NoRootError, decreasing_root
from stresstest.market.snapshot import MarketSnapshot


def base_recovery(swap: CreditSwapTerms, market: MarketSnapshot) -> CreditSwapTerms:
    """Return the contract with the recovery that the market's own level gives it."""
    if swap.recovery_key is None:
        return swap
    return swap._replace(recovery=market.levels[swap.recovery_key])


def basis_of(
    swap: CreditSwapTerms, upfront: float, market: MarketSnapshot, today: date, unreachable: Problem
) -> float:
    """Return what the spread that an upfront implies lies above the market's own.

    Raises
    ------
    InputError
        No spread gives the upfront: `unreachable`.
    """
    try:
        quoted = QuotedSwap(base_recovery(swap, market), market, today).spread(upfront)
    except NoRootError:
        raise InputError([unreachable]) from None
    return quoted - market.levels[swap.spread]


class SwapLegs(NamedTuple):
    """Both legs at a flat hazard rate, with their slopes in it: a loss of 1, premium of 1 a year."""

    protection: float
    protection_slope: float
    premium: float
    premium_slope: float


class QuotedSwap:
    """One contract at the levels of a market: its legs by hazard rate, its spread by upfront.

    Parameters
    ----------
    swap
        Terms; the spread, its basis and the notional are not read.
    market
        Its curve discounts; `today` is the valuation date.
    """

    def __init__(self, swap: CreditSwapTerms, market: MarketSnapshot, today: date) -> None:
        self._swap = swap
        intervals = swap_intervals(swap.curve.years, today, swap.maturity)
        self._parts = [
            (
                part,
                base_log_discount(market, swap.curve, part.end_years),
                base_log_discount(market, swap.curve, part.payment_years),
            )
            for part in intervals
        ]
        settlement = act_365f_years(today, cash_settlement_date(today))
        self._settlement = float(exp(base_log_discount(market, swap.curve, settlement)))
        self._accrued = accrued_fraction(today, swap.maturity)

    def legs(self, hazard_rate: float) -> SwapLegs:
        """Return both legs, accrued premium included."""
        total = SwapLegs(0.0, 0.0, 0.0, 0.0)
        log_before, before = 0.0, 1.0
        for part, log_discount, log_payment in self._parts:
            log_after = log_discount - hazard_rate * part.end_years
            after = float(exp(log_after))
            added = _legs_of(part, hazard_rate, (before, after, log_before - log_after))
            earned = part.premium * float(exp(log_payment - hazard_rate * part.end_years))
            total = SwapLegs(
                total.protection + added.protection,
                total.protection_slope + added.protection_slope,
                total.premium + added.premium + earned,
                total.premium_slope + added.premium_slope - part.end_years * earned,
            )
            log_before, before = log_after, after
        return total

    def spread(self, upfront: float) -> float:
        """Return the quoted spread at which a buyer of protection pays `upfront`, a part of notional.

        The upfront is clean: accrued premium is refunded beside it, both on the day of cash settlement.

        Raises
        ------
        NoRootError
            No hazard rate gives the upfront.
        """
        loss, coupon = 1.0 - self._swap.recovery, self._swap.coupon
        target = self._settlement * (upfront - coupon * self._accrued)

        def shortfall(hazard_rate: float) -> tuple[float, float]:
            legs = self.legs(hazard_rate)
            value = loss * legs.protection - coupon * legs.premium
            return target - value, coupon * legs.premium_slope - loss * legs.protection_slope

        legs = self.legs(decreasing_root(shortfall, coupon / loss, (LOWEST_HAZARD, HIGHEST_HAZARD)))
        return loss * legs.protection / (legs.premium - self._settlement * self._accrued)


def _legs_of(part: SwapInterval, hazard_rate: float, decay: tuple[float, float, float]) -> SwapLegs:
    """Return what one interval adds; `decay` is discounted survival at both ends and their log ratio."""
    interval = Interval(part.start_years, part.end_years - part.start_years, part.accrued_years)
    parts = moments(*decay)
    lost, accrual = default_leg(hazard_rate, interval, parts), accrual_leg(hazard_rate, interval, parts)
    return SwapLegs(float(lost.value), float(lost.slope), float(accrual.value), float(accrual.slope))
