"""Lines of one scenario along an axis: where they take each factor at many severities at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from stresstest.arrays import BoolArray, FloatArray, IntArray, frozen
from stresstest.errors import ProblemList
from stresstest.kernels.powers import fill_powers
from stresstest.market.factor_kinds import ChangeSpace, Domain, FactorKind
from stresstest.market.keys import RiskFactorKey
from stresstest.quantity import QuantityError, Shift, ShiftType
from stresstest.scenarios.checks import fits, shock_problems
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.drivers import Driver, drivers_by_name
from stresstest.scenarios.lines import Hit, Line, NoTenorError, reach
from stresstest.scenarios.moves import winners
from stresstest.scenarios.rules import RULES
from stresstest.scenarios.scenario import Scenario

_LOWEST = {Domain.POSITIVE: 5e-324, Domain.REAL: -np.inf}
_HIGHEST = {Domain.UNIT_INTERVAL: 1.0, Domain.INDICATOR: 1.0}


Settings = Mapping[str, object]
"""Values of drivers by name: what they are set to at one place of an axis."""


class NotAlongError(Exception):
    """A scenario that is compiled value by value: something in it is wrong, or not a function of its axis."""


class Row(NamedTuple):
    """One factor along an axis of n values.

    Attributes
    ----------
    level
        `(n,)`.
    floored
        `(n,)` whether a floor stops it.
    decided
        `(n,)` number of the line that gives the level.
    present
        `(n,)` whether anything moves it; None for everywhere.
    certain
        `(n,)` whether an event without a size gives the level; None for nowhere.
    """

    level: FloatArray
    floored: BoolArray
    decided: IntArray
    present: BoolArray | None = None
    certain: BoolArray | None = None


class _Terms(NamedTuple):
    """Constants of each factor that lines move, `(n_factors, 1)` each.

    `floor` is NaN where there is none; `lowest` and `highest` bound the domain; `limit` is the implausible
    size of the kind.
    """

    base: FloatArray
    exposure: FloatArray
    floor: FloatArray
    limit: FloatArray
    lowest: FloatArray
    highest: FloatArray
    relative: BoolArray
    absolute: BoolArray
    in_log: BoolArray
    indicator: BoolArray

    def of(self, rows: IntArray) -> _Terms:
        """Return the terms of some rows."""
        return _Terms._make(np.ascontiguousarray(term[rows]) for term in self)


class AxisLines:
    """The lines that a scenario states itself, at any severity and at any values of some of its drivers.

    The levels are those of `Mover`, to the last bit.

    Parameters
    ----------
    drivers
        Names of the drivers that vary along the axis; none where only the severity does.

    Attributes
    ----------
    keys, lines
        `(n_factors,)` the factors that lines move, and the line that decides each.

    Raises
    ------
    NotAlongError
        Where something is wrong with a line, or several lines give one factor its level together.
    """

    def __init__(
        self, scenario: Scenario, directory: FactorDirectory, first_line: int, drivers: Collection[str]
    ) -> None:
        self.drivers: Mapping[str, Driver] = drivers_by_name(scenario.drivers)
        self.varied = tuple(name for name in drivers if name in self.drivers)
        problems = ProblemList()
        lines = []
        for number, shock in enumerate(scenario.shocks, first_line):
            problems.extend(shock_problems(shock, self.drivers))
            if len(problems):
                raise NotAlongError
            lines.append(Line(number, shock, self.drivers))
        reached = reach(lines, directory, problems).hits
        best = {key: winners(hits, scenario.combine) for key, hits in reached.items()}
        if len(problems) or any(len(hits) > 1 for hits in best.values()):
            raise NotAlongError
        self.keys = tuple(best)
        self.lines = tuple(hits[0].line for hits in best.values())
        levels = directory.market.levels
        self._places = {key: place for place, key in enumerate(self.keys)}
        shifts = [_shift(line, key) for key, line in zip(self.keys, self.lines, strict=True)]
        self._types = tuple(shift.shift_type for shift in shifts)
        self._amount = frozen([[shift.amount] for shift in shifts]).reshape(-1, 1)
        self._terms = _terms([levels[key] for key in self.keys], [hits[0] for hits in best.values()], shifts)
        self._moving = [place for place, line in enumerate(self.lines) if self._depends(line)]
        self._latest: tuple[Sequence[Settings], bytes, tuple[FloatArray, BoolArray]] | None = None

    def _depends(self, line: Line) -> bool:
        shift = line.shock.shift
        return isinstance(shift, RULES) and not set(self.varied).isdisjoint(shift.names())

    def rows(
        self, severity: FloatArray, values: Sequence[Settings], keys: frozenset[RiskFactorKey] | None
    ) -> tuple[dict[RiskFactorKey, Row], BoolArray]:
        """Return the rows of factors (of `keys` alone, if given), and where on the axis all of them can be.

        Parameters
        ----------
        severity
            `(n,)` of the scenario at each value of the axis.
        values
            What the drivers are set to, n times.
        """
        places = [place for place, key in enumerate(self.keys) if keys is None or key in keys]
        if not places:
            return {}, np.ones(len(values), np.bool_)
        amount, sound = self._amounts(np.array(places), values)
        level, floored, possible = _levels(self._terms.of(np.array(places)), amount, severity)
        numbers: dict[int, IntArray] = {}
        rows = {}
        for row, place in enumerate(places):
            number = self.lines[place].number
            if number not in numbers:
                numbers[number] = np.full(len(values), number)
            rows[self.keys[place]] = Row(level[row], floored[row], numbers[number])
        return rows, possible & sound

    def line_of(self, key: RiskFactorKey) -> Line:
        """Return the line that decides a factor of `keys`."""
        return self.lines[self._places[key]]

    def _amounts(self, places: IntArray, values: Sequence[Settings]) -> tuple[FloatArray, BoolArray]:
        """Return `(n_places, n)` amounts of the shifts, and `(n,)` where every shift can be.

        They do not depend on the severity: those of the latest values are kept.
        """
        asked = places.tobytes()
        if self._latest is None or self._latest[0] is not values or self._latest[1] != asked:
            self._latest = values, asked, self._worked_out(places, values)
        return self._latest[2]

    def _worked_out(self, places: IntArray, values: Sequence[Settings]) -> tuple[FloatArray, BoolArray]:
        amount = np.repeat(self._amount[places], len(values), axis=1)
        sound = np.ones(len(values), np.bool_)
        rows = {place: row for row, place in enumerate(places.tolist())}
        moving = [place for place in self._moving if place in rows]
        for column, settings in enumerate(values if moving else ()):
            found = self._moved(moving, settings)
            sound[column] = found is not None
            for place, shift in (found or {}).items():
                amount[rows[place], column] = shift.amount
        return amount, sound

    def _moved(self, places: Sequence[int], settings: Settings) -> dict[int, Shift] | None:
        """Return the shifts of some factors where drivers are set so, or None where one cannot be."""
        drivers = dict(self.drivers)
        try:
            drivers |= {name: drivers[name].with_value(settings[name]) for name in self.varied}
        except QuantityError:
            return None
        lines: dict[int, Line] = {}
        for line in dict.fromkeys(self.lines[place] for place in places):
            changed = lines[line.number] = Line(line.number, line.shock, drivers)
            if not fits(line.shock, changed.shift):
                return None
        found = {place: lines[self.lines[place].number].shift_of(self.keys[place]) for place in places}
        # A case of a choice may say "=5%" where another says "-20%".
        return (
            found if all(shift.shift_type is self._types[place] for place, shift in found.items()) else None
        )


def _shift(line: Line, key: RiskFactorKey) -> Shift:
    try:
        return line.shift_of(key)
    except NoTenorError:
        raise NotAlongError from None


def _terms(base: Sequence[float], hits: Sequence[Hit], shifts: Sequence[Shift]) -> _Terms:
    kinds: list[FactorKind] = [hit.line.kind for hit in hits]
    floors = [np.nan if hit.line.floor is None else hit.line.floor for hit in hits]

    def column(values: Sequence[float]) -> FloatArray:
        return np.array(values, np.float64).reshape(-1, 1)

    def mask(values: Sequence[bool]) -> BoolArray:
        return np.array(values, np.bool_).reshape(-1, 1)

    return _Terms(
        column(base),
        column([hit.exposure for hit in hits]),
        column(floors),
        column([kind.implausible for kind in kinds]),
        column([_LOWEST.get(kind.domain, 0.0) for kind in kinds]),
        column([_HIGHEST.get(kind.domain, np.inf) for kind in kinds]),
        mask([shift.shift_type is ShiftType.RELATIVE for shift in shifts]),
        mask([shift.shift_type is ShiftType.ABSOLUTE for shift in shifts]),
        mask([kind.change_space is ChangeSpace.LOG for kind in kinds]),
        mask([kind.domain is Domain.INDICATOR for kind in kinds]),
    )


def _levels(
    terms: _Terms, amount: FloatArray, severity: FloatArray
) -> tuple[FloatArray, BoolArray, BoolArray]:
    """Return `(n_factors, n)` levels, whether a floor stops each, and `(n,)` where all lie in their domains.

    The rules are those of `shifts.shifted_level`, one factor and one severity at a time there.
    """
    base, relative, absolute, in_log = terms.base, terms.relative, terms.absolute, terms.in_log
    scale = severity * terms.exposure
    stated = np.where(relative, base * (1.0 + amount), np.where(absolute, base + amount, amount))
    stop = np.fmin(terms.floor, base)
    beyond = in_log & (stated <= 0.0) & ~np.isnan(terms.floor)
    far = np.where(in_log, stated > terms.limit * base, np.abs(stated - base) > terms.limit)
    target = np.where(beyond, stop, stated)
    change = np.where(absolute, amount, amount - base)
    level = np.where(relative, base * (1.0 + scale * amount), base + scale * change)
    logs = np.flatnonzero(in_log[:, 0])
    ratio = np.where(relative & ~beyond, 1.0 + amount, target / base)[logs]
    powers = np.empty(ratio.shape)
    fill_powers(frozen(ratio), frozen(scale[logs]), powers)
    level[logs] = base[logs] * powers
    level = np.where(scale == 0.0, base, np.where(scale == 1.0, target, level))
    floored = (scale != 0.0) & (beyond | ((level < terms.floor) & (level < base)))
    level = np.where(floored, np.where(beyond, np.fmax(level, stop), stop), level)
    inside = (level >= terms.lowest) & (level <= terms.highest) & np.isfinite(level)
    inside &= ~terms.indicator | (level == 0.0) | (level == 1.0)
    return level, floored, ((inside | floored) & ~far).all(axis=0)
