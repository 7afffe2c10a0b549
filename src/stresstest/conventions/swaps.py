"""Interest-rate swaps as their documents state them: a fixed leg against a floating one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from stresstest.conventions.cash_flows import FixedLeg
from stresstest.conventions.floating_legs import FloatingLeg, RateSetting


@dataclass(frozen=True)
class SwapTerms:
    """Fixed against floating interest on one unit of notional, which itself is never exchanged.

    Attributes
    ----------
    receives_fixed
        Whether the holder receives the fixed leg and pays the floating one.
    setting
        When the floating rate is set.
    margin
        Over the floating rate, decimal a year.
    current_rate
        Rate of the period that runs: as set where in advance, compounded so far where in arrears; decimal a
        year by the floating leg's day count. None where it is not stated.
    """

    receives_fixed: bool
    fixed: FixedLeg
    floating: FloatingLeg
    setting: RateSetting
    margin: float = 0.0
    current_rate: float | None = None

    @property
    def last_payment(self) -> date:
        """Day of the last payment of either leg."""
        return max(self.fixed.periods[-1].payment_date, self.floating.periods[-1].payment_date)
