"""Drivers: the named parameters of a scenario, numbers with a unit and a range or a choice of words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from stresstest.errors import Location, Problem, nearest
from stresstest.market.factor_kinds import UNIT_SIZES
from stresstest.quantity import QuantityError, as_finite, parse_level, shown
from stresstest.scenarios.basis import Basis
from stresstest.scenarios.distributions import Discrete, NumberDistribution

_SIZES = {**UNIT_SIZES, "%": 1e-2, "": 1.0}
_TOTAL_GAP = 1e-9
_NOWHERE = Location()


@dataclass(frozen=True, slots=True)
class NumberDriver:
    """A number that shocks depend on.

    Attributes
    ----------
    value, low, high
        What it is now, and the range that it may be set in; in decimals (0.5 for `50%`).
    unit
        `%`, `bp`, `vol`, `pp`, or empty for a plain number: how it is written.
    measure
        What a plain number counts, in words: `USD bn`, `quarters`.
    distribution
        How likely each value is, or None.
    basis
        What the value rests on, or None.

    Examples
    --------
    >>> NumberDriver("capex_cut", 0.5, 0.1, 0.8, "%").with_value("65%").text()
    '65%'
    """

    name: str
    value: float
    low: float
    high: float
    unit: str = ""
    measure: str = ""
    distribution: NumberDistribution | None = None
    description: str = ""
    location: Location = _NOWHERE
    basis: Basis | None = None

    @property
    def definition(self) -> tuple[object, ...]:
        """What it is, whatever it is set to: all that a shift over it has to fit."""
        return self.name, self.low, self.high, self.unit

    @property
    def points(self) -> float:
        """The value as it is written, without its unit: 50 for `50%`."""
        return self.in_points(self.value)

    def in_points(self, value: float) -> float:
        """Return a value as it is written, without its unit; twelve decimals undo the division by 100."""
        return round(value / _SIZES[self.unit], 12)

    def text(self, value: float | None = None) -> str:
        """Return a value (default: the present one) as it is written."""
        return f"{self.in_points(self.value if value is None else value):.12g}{self.unit}"

    def read(self, value: object) -> float:
        """Return what `value` sets the driver to: text with the driver's unit, or a decimal from Python.

        Raises
        ------
        QuantityError
            ST329 for another unit, ST330 for a value outside the range, ST159 for what is no amount.
        """
        number = self._amount(value)
        if not self.low <= number <= self.high:
            expected = f"a value from {self.text(self.low)} to {self.text(self.high)}"
            raise QuantityError("ST330", f"driver {self.name} at {self.text(number)}", expected)
        return number

    def _amount(self, value: object) -> float:
        if not isinstance(value, str):
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise QuantityError("ST329", f"driver {self.name} at {shown(value)}", f"like {self.text()}")
            return as_finite(value)
        number = parse_level(value)
        if unit_of(value) != self.unit:
            expected = f"a value in the unit of the driver, like {self.text()}"
            suggestion = f"{value}{self.unit}" if not unit_of(value) else ""
            if not unit_of(value) and self.unit == "%" and 0.0 < abs(number) < 1.0:
                suggestion = f"{number * 100.0:.12g}%"
            raise QuantityError("ST329", f"driver {self.name} at {value!r}", expected, suggestion)
        return number

    def quantile(self, probability: float) -> float:
        """Return the value below which the distribution lies with `probability`; without one the value."""
        if self.distribution is None:
            return self.value
        found = self.distribution.quantile(probability, self.low, self.high)
        return min(max(found, self.low), self.high)

    def with_value(self, value: object) -> NumberDriver:
        """Return the driver set to `value`, see `read`."""
        return replace(self, value=self.read(value))

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with the definition."""
        if not self.low < self.high:
            got = f"driver {self.name} with a range from {self.text(self.low)} to {self.text(self.high)}"
            yield Problem("ST331", got, "a range from the smaller to the larger value", self.location)
        elif not self.low <= self.value <= self.high:
            try:
                self.read(self.value)
            except QuantityError as error:
                yield error.problem(self.location)
        if self.distribution is None:
            return
        fault = self.distribution.problem()
        support = self.distribution.support
        if not fault and not (self.low <= support[0] and support[1] <= self.high):
            fault = "values within the range"
        if fault:
            got = f"distribution of driver {self.name}"
            yield Problem("ST331", got, fault, self.location)


@dataclass(frozen=True, slots=True)
class ChoiceDriver:
    """A choice of words that shocks depend on; `distribution` gives the probability of each, or is None."""

    name: str
    value: str
    choices: tuple[str, ...]
    distribution: Discrete | None = None
    description: str = ""
    location: Location = _NOWHERE
    basis: Basis | None = None

    @property
    def definition(self) -> tuple[object, ...]:
        """What it is, whatever it is set to: all that a shift over it has to fit."""
        return self.name, self.choices

    def text(self) -> str:
        """Return the present choice."""
        return self.value

    def read(self, value: object) -> str:
        """Return the choice that `value` is; raise `QuantityError` (ST330) for what is none."""
        if isinstance(value, str) and value in self.choices:
            return value
        close = nearest(value, self.choices) if isinstance(value, str) else ""
        raise QuantityError(
            "ST330",
            f"driver {self.name} at {value if isinstance(value, str) else shown(value)}",
            f"one of {', '.join(self.choices)}",
            close,
        )

    def quantile(self, probability: float) -> str:
        """Return the choice that `probability` falls on; without a distribution the present one."""
        return self.value if self.distribution is None else self.distribution.quantile(probability)

    def with_value(self, value: object) -> ChoiceDriver:
        """Return the driver set to `value`, see `read`."""
        return replace(self, value=self.read(value))

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong with the definition."""
        if len(set(self.choices)) != len(self.choices) or len(self.choices) < 2:
            got = f"driver {self.name} with choices {', '.join(self.choices)}"
            yield Problem("ST331", got, "two choices or more, each once", self.location)
        try:
            self.read(self.value)
        except QuantityError as error:
            yield error.problem(self.location)
        if self.distribution is None:
            return
        stated = self.distribution.probabilities
        total = sum(stated.values())
        if set(stated) != set(self.choices) or abs(total - 1.0) > _TOTAL_GAP:
            got = f"distribution of driver {self.name} over {', '.join(stated)}, {100.0 * total:.6g}% in all"
            yield Problem("ST331", got, "a probability for each choice, 100% in all", self.location)


Driver = NumberDriver | ChoiceDriver


def unit_of(value: object) -> str:
    """Return the unit at the end of a level as text: `%` of `50%`, nothing of `3`."""
    return value.lstrip("+-0123456789._eE") if isinstance(value, str) else ""


def drivers_by_name(drivers: tuple[Driver, ...]) -> dict[str, Driver]:
    """Return the drivers by name."""
    return {driver.name: driver for driver in drivers}
