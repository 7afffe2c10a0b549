"""Contract terms of cash."""

from __future__ import annotations

from stresstest.io.fields import Currency, Spec


class CashSpec(Spec):
    """Money; the quantity of a position is the amount."""

    currency: Currency
    """Currency of the amount, as in `USD`."""

    borrowed: bool = False
    """Whether it is a margin debit or overdraft, a negative amount that costs the broker's spread as well."""
