"""Dates of rights to redeem a bond before its maturity."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise


def check_right_dates(name: str, dates: Sequence[date], maturity: date) -> None:
    """Refuse dates that are not ascending, or not before the maturity.

    Parameters
    ----------
    name
        What the terms call the rights, like `calls`.

    Raises
    ------
    ValueError
        Two dates are out of order or the same, or the last is not before the maturity.

    Examples
    --------
    >>> check_right_dates("puts", [date(2028, 6, 1), date(2029, 6, 1)], date(2030, 6, 1))
    """
    if any(later <= earlier for earlier, later in pairwise(dates)):
        raise ValueError(f"{name} are written in the order of their dates, each date once")
    if dates and dates[-1] >= maturity:
        raise ValueError(f"{name} end before the maturity, on which the face is due anyway")
