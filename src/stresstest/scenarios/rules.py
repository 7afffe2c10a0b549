"""Shifts that depend on a driver: by a table, a slope, an elasticity, or case by case."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

from stresstest.errors import Problem, nearest
from stresstest.kernels.exponential import exp
from stresstest.kernels.logarithm import log
from stresstest.market.factor_kinds import FACTOR_KINDS, ChangeSpace
from stresstest.quantity import QuantityError, Shift, ShiftType, parse_level
from stresstest.scenarios.drivers import ChoiceDriver, Driver, NumberDriver, unit_of
from stresstest.scenarios.tenors import TenorTable

_TYPES = {
    ShiftType.RELATIVE: "by a ratio",
    ShiftType.ABSOLUTE: "by points",
    ShiftType.EQUAL_TO: "to a level",
}

PlainShift = Shift | TenorTable
"""A shift that depends on nothing."""

Found = Iterator[tuple[str, Problem]]
"""Problems with the part of the shift that each belongs to: `driver`, `table.50%`, `cases.demand`."""


@dataclass(frozen=True, slots=True)
class TableRule:
    """Shifts at values of a number driver, linear between them in the amounts as written.

    Attributes
    ----------
    points
        At least two, strictly ascending, in decimals.
    shifts
        One a point, of one shift type; tables by tenor have the same tenors.
    texts
        The points as written, in the same order.
    """

    driver: str
    points: tuple[float, ...]
    shifts: tuple[PlainShift, ...]
    texts: tuple[str, ...]

    @classmethod
    def of(cls, driver: str, table: Mapping[str, PlainShift]) -> TableRule:
        """Return the rule of a table from values of the driver, as text, to shifts.

        Raises
        ------
        QuantityError
            ST159 for a text that is no level, ST332 for less than two points and for one that stands twice.
        """
        rows = sorted((parse_level(text), text) for text in table)
        for (first, one), (second, other) in pairwise(rows):
            if first == second:
                raise QuantityError("ST332", f"points {one} and {other} of a table", "each point once")
        if len(rows) < 2:
            raise QuantityError("ST332", "a table of one point", "two points or more, linear between them")
        texts = tuple(text for _, text in rows)
        return cls(driver, tuple(point for point, _ in rows), tuple(table[text] for text in texts), texts)

    def at(self, drivers: Mapping[str, Driver]) -> PlainShift:
        """Return the shift at the driver's value: exactly a stated one at its point."""
        value = _number(drivers, self.driver).value
        upper = min(max(bisect_right(self.points, value), 1), len(self.points) - 1)
        low, high = self.points[upper - 1], self.points[upper]
        weight = (value - low) / (high - low)
        return _between(self.shifts[upper - 1], self.shifts[upper], weight)

    def problems(self, drivers: Mapping[str, Driver], kind: str) -> Found:
        """Yield what is wrong with the rule for factors of `kind`."""
        driver = drivers[self.driver]
        if not isinstance(driver, NumberDriver):
            yield "driver", _needs_number(driver, "a table")
            return
        for text in self.texts:
            if unit_of(text) != driver.unit:
                expected = f"points in the unit of the driver, like {driver.text()}"
                yield (
                    f"table.{text}",
                    Problem("ST332", f"point {text!r} of a table over {driver.name}", expected),
                )
        low, high = self.points[0], self.points[-1]
        if driver.low < low or driver.high > high:
            got = f"a table from {driver.text(low)} to {driver.text(high)}"
            expected = (
                f"points over the driver's range, {driver.text(driver.low)} to {driver.text(driver.high)}"
            )
            yield "table", Problem("ST332", got, expected)
        yield from self._misfits()

    def _misfits(self) -> Found:
        """Yield the first shift that does not fit the one at the first point, between which nothing lies."""
        forms = [_form(shift) for shift in self.shifts]
        for text, form in zip(self.texts, forms, strict=True):
            if form != forms[0]:
                got = f"a table over {self.driver} with {form} at {text} and {forms[0]} at {self.texts[0]}"
                expected = "shifts of one type, all for the same tenors or all for none"
                yield f"table.{text}", Problem("ST332", got, expected)
                return

    def stated(self) -> Iterator[tuple[str, Shift]]:
        """Yield every shift that is written, with its part."""
        for text, shift in zip(self.texts, self.shifts, strict=True):
            yield from _plain_parts(f"table.{text}", shift)

    def names(self) -> tuple[str, ...]:
        """Return the drivers that it depends on."""
        return (self.driver,)


@dataclass(frozen=True, slots=True)
class SlopeRule:
    """A shift in proportion to a number driver: `slope` for each point of the driver, as written.

    `slope: -1.2%` on a driver at 50 % is −60 %; `slope: +6bp` is +300bp.
    """

    driver: str
    slope: Shift

    def at(self, drivers: Mapping[str, Driver]) -> PlainShift:
        """Return the shift at the driver's value."""
        return replace(self.slope, amount=self.slope.amount * _number(drivers, self.driver).points)

    def problems(self, drivers: Mapping[str, Driver], kind: str) -> Found:
        """Yield what is wrong with the rule for factors of `kind`."""
        if not isinstance(drivers[self.driver], NumberDriver):
            yield "driver", _needs_number(drivers[self.driver], "a slope")
        if self.slope.shift_type is ShiftType.EQUAL_TO or self.slope.unit == "x":
            got = "a slope that is no amount"
            yield "slope", Problem("ST332", got, "an amount for each point of the driver: -1.2%, +6bp")

    def stated(self) -> Iterator[tuple[str, Shift]]:
        """Yield every shift that is written, with its part."""
        yield "slope", self.slope

    def names(self) -> tuple[str, ...]:
        """Return the drivers that it depends on."""
        return (self.driver,)


@dataclass(frozen=True, slots=True)
class ElasticityRule:
    """Relative shift (1 + x)^elasticity − 1 for a driver at x; the power is a number or a driver's name."""

    driver: str
    elasticity: float | str

    def at(self, drivers: Mapping[str, Driver]) -> PlainShift:
        """Return the shift at the driver's value; exactly x where the elasticity is 1."""
        value = _number(drivers, self.driver).value
        power = self.elasticity
        exponent = _number(drivers, power).value if isinstance(power, str) else power
        if value == 0.0 or exponent == 0.0:
            return Shift(ShiftType.RELATIVE, 0.0, "%")
        amount = value if exponent == 1.0 else float(exp(exponent * float(log(1.0 + value)))) - 1.0
        return Shift(ShiftType.RELATIVE, amount, "%")

    def problems(self, drivers: Mapping[str, Driver], kind: str) -> Found:
        """Yield what is wrong with the rule for factors of `kind`."""
        driver = drivers[self.driver]
        if not isinstance(driver, NumberDriver) or driver.unit != "%":
            yield "driver", _needs_number(driver, "an elasticity", " in %")
        elif driver.low <= -1.0:
            got = f"an elasticity to {driver.name}, which may be {driver.text(driver.low)}"
            yield "driver", Problem("ST332", got, "a range above -100%")
        power = drivers.get(self.elasticity) if isinstance(self.elasticity, str) else None
        if power is not None and (not isinstance(power, NumberDriver) or power.unit):
            yield "elasticity", _needs_number(power, "an elasticity", " without a unit")
        known = FACTOR_KINDS.get(kind)
        if known is not None and known.change_space is not ChangeSpace.LOG:
            logs = [item.name for item in FACTOR_KINDS.values() if item.change_space is ChangeSpace.LOG]
            got, expected = f"an elasticity of {kind}", f"a kind that moves in ratios: {', '.join(logs)}"
            yield "elasticity", Problem("ST332", got, expected)

    def stated(self) -> Iterator[tuple[str, Shift]]:
        """Yield nothing: no shift is written."""
        yield from ()

    def names(self) -> tuple[str, ...]:
        """Return the drivers that it depends on."""
        return (self.driver, self.elasticity) if isinstance(self.elasticity, str) else (self.driver,)


@dataclass(frozen=True, slots=True)
class CaseRule:
    """A shift, or another rule, for each choice of a choice driver."""

    driver: str
    cases: Mapping[str, StatedShift] = field(hash=False)

    def at(self, drivers: Mapping[str, Driver]) -> PlainShift:
        """Return the shift of the present choice."""
        return plain_shift(self.cases[str(drivers[self.driver].value)], drivers)

    def problems(self, drivers: Mapping[str, Driver], kind: str) -> Found:
        """Yield what is wrong with the rule for factors of `kind`."""
        driver = drivers[self.driver]
        if not isinstance(driver, ChoiceDriver):
            expected = "a driver with choices"
            yield "driver", Problem("ST332", f"cases over {driver.name}, which is a number", expected)
            return
        for choice in driver.choices:
            if choice not in self.cases:
                yield "cases", Problem("ST332", f"no case for {choice!r} of {driver.name}", "one a choice")
        for choice, shift in self.cases.items():
            if choice not in driver.choices:
                expected = f"one of {', '.join(driver.choices)}"
                close = nearest(choice, driver.choices)
                yield f"cases.{choice}", Problem("ST332", f"case {choice!r}", expected, suggestion=close)
            for part, problem in rule_problems(shift, drivers, kind):
                yield f"cases.{choice}.{part}", problem

    def stated(self) -> Iterator[tuple[str, Shift]]:
        """Yield every shift that is written, with its part."""
        for choice, shift in self.cases.items():
            for part, stated in stated_shifts(shift):
                yield f"cases.{choice}.{part}".rstrip("."), stated

    def names(self) -> tuple[str, ...]:
        """Return the drivers that it depends on."""
        inner = [name for shift in self.cases.values() if isinstance(shift, RULES) for name in shift.names()]
        return tuple(dict.fromkeys((self.driver, *inner)))


ShiftRule = TableRule | SlopeRule | ElasticityRule | CaseRule
RULES = (TableRule, SlopeRule, ElasticityRule, CaseRule)

StatedShift = PlainShift | ShiftRule
"""A shift as a scenario states it."""


def plain_shift(shift: StatedShift, drivers: Mapping[str, Driver]) -> PlainShift:
    """Return the shift that `shift` comes to while the drivers stand as they do."""
    return shift.at(drivers) if isinstance(shift, RULES) else shift


def stated_shifts(shift: StatedShift) -> Iterator[tuple[str, Shift]]:
    """Yield every shift that is written within `shift`, with its part: empty for a shift by itself."""
    if isinstance(shift, RULES):
        yield from shift.stated()
    else:
        yield from _plain_parts("", shift)


def rule_problems(shift: StatedShift, drivers: Mapping[str, Driver], kind: str) -> Found:
    """Yield what is wrong with how `shift` depends on `drivers`; nothing for one that depends on none."""
    if not isinstance(shift, RULES):
        return
    own = (shift.driver,) if isinstance(shift, CaseRule) else shift.names()
    unknown = [name for name in own if name not in drivers]
    for name in unknown:
        part = "driver" if name == shift.driver else "elasticity"
        expected = f"a driver of the scenario: {', '.join(drivers)}" if drivers else "drivers in the scenario"
        yield part, Problem("ST328", f"driver {name!r}", expected, suggestion=nearest(name, drivers))
    if not unknown:
        yield from shift.problems(drivers, kind)


def _form(shift: PlainShift) -> str:
    """Return in words what shifts must have in common to be interpolated: the type, and the tenors."""
    if isinstance(shift, Shift):
        return f"a shift {_TYPES[shift.shift_type]}"
    tenors = ", ".join(tenor.text for tenor in shift.tenors)
    return f"shifts {_TYPES[shift.shifts[0].shift_type]} for {tenors}"


def _plain_parts(part: str, shift: PlainShift) -> Iterator[tuple[str, Shift]]:
    if isinstance(shift, Shift):
        yield part, shift
        return
    for tenor, inner in zip(shift.tenors, shift.shifts, strict=True):
        yield f"{part}.{tenor.text}".lstrip("."), inner


def _between(lower: PlainShift, upper: PlainShift, weight: float) -> PlainShift:
    """Return the shift a fraction `weight` of the way from `lower` to `upper`."""
    if weight in (0.0, 1.0):
        return upper if weight else lower
    if isinstance(lower, Shift) and isinstance(upper, Shift):
        return replace(lower, amount=lower.amount + weight * (upper.amount - lower.amount))
    if isinstance(lower, Shift) or isinstance(upper, Shift):
        raise TypeError("a shift and a table by tenor have nothing between them")
    pairs = zip(lower.shifts, upper.shifts, strict=True)
    amounts = (replace(low, amount=low.amount + weight * (high.amount - low.amount)) for low, high in pairs)
    return TenorTable(lower.tenors, tuple(amounts))


def _number(drivers: Mapping[str, Driver], name: str) -> NumberDriver:
    driver = drivers[name]
    if not isinstance(driver, NumberDriver):
        raise TypeError(f"driver {name} is a choice, not a number")
    return driver


def _needs_number(driver: Driver, what: str, how: str = "") -> Problem:
    kind = "a choice" if isinstance(driver, ChoiceDriver) else f"a number like {driver.text()}"
    return Problem("ST332", f"{what} over {driver.name}, which is {kind}", f"a number driver{how}")
