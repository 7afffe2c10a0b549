"""Reference index of prices: monthly prints, three months late, interpolated by day.

References
----------
31 CFR Part 356, Appendix B, section I (Treasury inflation-protected securities): the reference CPI of the
first day of a month is the CPI-U of the third month before, not seasonally adjusted; other days lie on the
line to the first day of the next month. The Treasury rounds reference index and index ratio to five
decimals; they are not rounded here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from stresstest.conventions.schedules import add_months

LAG_MONTHS = 3


@dataclass(frozen=True)
class PriceIndex:
    """Prints of a consumer price index by the first day of their month, without gaps from first to last."""

    prints: Mapping[date, float]

    @property
    def last_known(self) -> date:
        """Last day whose reference index follows from the prints alone."""
        return add_months(max(self.prints), LAG_MONTHS)

    def missing(self, day: date) -> tuple[date, ...]:
        """Return the months whose prints `reference(day)` needs and lacks."""
        return tuple(month for month in _months(day) if month not in self.prints)

    def reference(self, day: date) -> float:
        """Return the reference index of a day that the prints cover; `KeyError` for another.

        Examples
        --------
        >>> index = PriceIndex({date(1996, 1, 1): 154.40, date(1996, 2, 1): 154.90})
        >>> round(index.reference(date(1996, 4, 15)), 5)
        154.63333
        """
        first, *second = _months(day)
        start = self.prints[first]
        if not second:
            return start
        begin = day.replace(day=1)
        share = (day - begin).days / (add_months(begin, 1) - begin).days
        return start + share * (self.prints[second[0]] - start)


def _months(day: date) -> tuple[date, ...]:
    """Return the month that the reference index of the first day is, and the next one on other days."""
    first = add_months(day.replace(day=1), -LAG_MONTHS)
    return (first,) if day.day == 1 else (first, add_months(first, 1))
