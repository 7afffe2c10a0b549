"""Shifts by tenor: linear in time between the tenors stated, flat outside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from stresstest.market.curves import interpolation_weights
from stresstest.quantity import QuantityError, Shift, ShiftType, Tenor, parse_shift, parse_tenor
from stresstest.scenarios.wording import shift_text

_OF = {ShiftType.RELATIVE: "relative", ShiftType.ABSOLUTE: "in points", ShiftType.EQUAL_TO: "a level"}


@dataclass(frozen=True, slots=True)
class TenorTable:
    """Shifts of one shift type at tenors.

    Attributes
    ----------
    tenors
        At least one, strictly ascending in time.
    shifts
        One a tenor, in the same order.

    Raises
    ------
    QuantityError
        ST306 when the shifts are not all relative, all absolute or all levels; ST307 when two tenors are one.
    """

    tenors: tuple[Tenor, ...]
    shifts: tuple[Shift, ...]

    def __post_init__(self) -> None:
        if not self.tenors or len(self.tenors) != len(self.shifts):
            raise QuantityError("ST307", "a table without tenors", "one shift a tenor, at least one")
        if len({shift.shift_type for shift in self.shifts}) > 1:
            raise QuantityError("ST306", self._mixture(), "shifts of one type, which can be interpolated")
        order = sorted(range(len(self.tenors)), key=lambda place: self.tenors[place].years)
        tenors = tuple(self.tenors[place] for place in order)
        for lower, upper in pairwise(tenors):
            if lower.years == upper.years:
                raise QuantityError("ST307", f"tenors {lower.text} and {upper.text}", "each tenor once")
        object.__setattr__(self, "tenors", tenors)
        object.__setattr__(self, "shifts", tuple(self.shifts[place] for place in order))

    def _mixture(self) -> str:
        """Return in words the first shift of each type."""
        types: dict[str, str] = {}
        for tenor, shift in zip(self.tenors, self.shifts, strict=True):
            types.setdefault(
                shift.shift_type.value, f"{shift_text(shift)} at {tenor.text} is {_OF[shift.shift_type]}"
            )
        return f"a table of mixed shifts: {', '.join(types.values())}"

    @classmethod
    def of(cls, table: Mapping[str, str]) -> TenorTable:
        """Return the table of tenor → shift as text; raise `QuantityError` for the first that is neither.

        Examples
        --------
        >>> TenorTable.of({"1Y": "-75bp", "10Y": "-30bp"}).at(4.0).amount
        -0.006
        """
        return cls.from_shifts({tenor: parse_shift(shift) for tenor, shift in table.items()})

    @classmethod
    def from_shifts(cls, table: Mapping[str, Shift]) -> TenorTable:
        """Return the table of tenor → shift; raise `QuantityError` for a text that is no tenor."""
        return cls(tuple(map(parse_tenor, table)), tuple(table.values()))

    def at(self, years: float) -> Shift:
        """Return the shift at `years`: exactly a stated one at its tenor and outside the table."""
        nodes = interpolation_weights([tenor.years for tenor in self.tenors], years)
        lower, upper = self.shifts[nodes.lower], self.shifts[nodes.upper]
        if nodes.upper_weight == 0.0:
            return lower
        amount = lower.amount + nodes.upper_weight * (upper.amount - lower.amount)
        return Shift(lower.shift_type, amount, lower.unit)
