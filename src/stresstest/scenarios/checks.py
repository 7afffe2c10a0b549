"""What is wrong with a scenario whatever the market: unknown kinds, unfit units, impossible floors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from stresstest.errors import Problem, nearest
from stresstest.market.factor_kinds import FACTOR_KINDS, Domain, FactorKind
from stresstest.quantity import QuantityError, Shift, ShiftType, parse_horizon
from stresstest.scenarios.drivers import Driver
from stresstest.scenarios.rules import RULES, PlainShift, plain_shift, rule_problems, stated_shifts
from stresstest.scenarios.scenario import COMBINATIONS, TIMINGS, Scenario, Shock
from stresstest.scenarios.table import BASE
from stresstest.scenarios.wording import shift_text

_OTHER_WORDS = {
    "price": "spot",
    "equity": "spot",
    "stock": "spot",
    "share": "spot",
    "fx": "fx_spot",
    "rate": "zero_rate",
    "rates": "zero_rate",
    "yield": "zero_rate",
    "interest_rate": "zero_rate",
    "vol": "implied_vol",
    "volatility": "implied_vol",
    "skew": "vol_skew",
    "dividend": "dividend_yield",
}
"""Words that people use for a kind of factor, and the kind."""

DOMAIN_TEXTS = {
    Domain.POSITIVE: "a level above 0",
    Domain.NON_NEGATIVE: "a level of 0 or more",
    Domain.UNIT_INTERVAL: "a level from 0 to 100%",
    Domain.INDICATOR: "a level of 0 or 1",
    Domain.REAL: "a finite level",
}


def scenario_problems(scenario: Scenario) -> Iterator[Problem]:
    """Yield what is wrong with the fields of a scenario, its shocks apart."""
    if not scenario.name or scenario.name == BASE:
        got = f"scenario name {scenario.name!r}"
        yield Problem("ST309", got, "a name other than that of the unshocked column", scenario.at("name"))
    yield from _timing_problems(scenario)
    if scenario.combine not in COMBINATIONS:
        expected = f"one of {', '.join(COMBINATIONS)}"
        close = nearest(scenario.combine, COMBINATIONS)
        yield Problem("ST320", f"combine {scenario.combine!r}", expected, scenario.at("combine"), close)
    if scenario.probability is not None and not 0.0 <= scenario.probability <= 1.0:
        got = f"probability {scenario.probability:g}"
        yield Problem("ST324", got, "a number from 0 to 1", scenario.at("probability"))
    try:
        parse_horizon(scenario.horizon)
    except QuantityError as error:
        yield error.problem(scenario.at("horizon"))


def _timing_problems(scenario: Scenario) -> Iterator[Problem]:
    """Yield a problem where steps and timing do not belong together."""
    expected = "instant for shocks of today, linear to spread them over the horizon, path with steps"
    where = scenario.at("timing")
    if scenario.timing not in TIMINGS:
        close = nearest(scenario.timing, TIMINGS)
        yield Problem("ST301", f"timing {scenario.timing!r}", expected, where, close)
    elif scenario.timing != "path" and scenario.steps:
        stated = "timing" in scenario.locations or scenario.timing != "instant"
        got = f"timing {scenario.timing} with steps" if stated else "steps without a timing"
        place = where if stated else scenario.steps[0].location
        yield Problem("ST301", got, expected, place, "path" if stated else "timing: path")
    elif scenario.timing == "path" and not scenario.goes_on:
        yield Problem("ST301", "timing path without steps", expected, where, "instant")


def driver_problems(scenario: Scenario) -> Iterator[Problem]:
    """Yield what is wrong with the definitions of the drivers, and each that no shift depends on."""
    used = {
        name
        for shock in scenario.all_shocks
        if isinstance(shock.shift, RULES)
        for name in shock.shift.names()
    }
    for driver in scenario.drivers:
        yield from driver.problems()
        if driver.name not in used:
            got = f"driver {driver.name}, on which no shift depends"
            yield Problem("ST331", got, "a shift with `driver:`", driver.location)


def shock_problems(shock: Shock, drivers: Mapping[str, Driver] | None = None) -> Iterator[Problem]:
    """Yield what is wrong with a shock on its own; `drivers` are those of its scenario."""
    kind = FACTOR_KINDS.get(shock.factor)
    if kind is None:
        close = _OTHER_WORDS.get(shock.factor.casefold()) or nearest(shock.factor, FACTOR_KINDS)
        expected = f"one of {', '.join(FACTOR_KINDS)}"
        yield Problem("ST303", f"kind of factor {shock.factor!r}", expected, shock.at("factor"), close)
        return
    faults = list(rule_problems(shock.shift, drivers or {}, shock.factor))
    yield from (problem.at(shock.at(f"shift.{part}")) for part, problem in faults)
    shifts = list(stated_shifts(shock.shift))
    if isinstance(shock.shift, RULES):
        shifts = (
            [] if faults else [*_amounts(shifts), *stated_shifts(plain_shift(shock.shift, drivers or {}))]
        )
    for part, shift in shifts:
        where = shock.at(f"shift.{part}" if part else "shift")
        yield from (problem.at(where) for problem in _shift_problems(kind, shift, shock.floor))
    if shock.floor is not None:
        yield from (problem.at(shock.at("floor")) for problem in _floor_problems(kind, shock.floor))


def fits(shock: Shock, shift: PlainShift) -> bool:
    """Tell whether nothing is wrong with what the rule of a shock, itself sound, comes to."""
    kind = FACTOR_KINDS[shock.factor]
    return not any(True for _, part in stated_shifts(shift) for _ in _shift_problems(kind, part, shock.floor))


def _amounts(shifts: Iterable[tuple[str, Shift]]) -> list[tuple[str, Shift]]:
    """Return the shifts of a rule that are shifts of a factor: a slope is one for each point."""
    return [(part, shift) for part, shift in shifts if not part.endswith("slope")]


def _shift_problems(kind: FactorKind, shift: Shift, floor: Shift | None) -> Iterator[Problem]:
    relative = shift.shift_type is ShiftType.RELATIVE
    if relative and not kind.relative_allowed:
        yield Problem("ST304", f"{shift_text(shift)} on {kind.name}", f"a shift in {' or '.join(kind.units)}")
    elif relative and (shift.amount < -1.0 or (shift.amount == -1.0 and kind.domain is Domain.POSITIVE)):
        if floor is None:
            got = f"{shift_text(shift)} on {kind.name}, which no severity makes possible"
            yield Problem("ST305", got, "a relative fall of less than 100%, or a floor")
    elif not relative and shift.unit not in accepted_units(kind, shift.shift_type):
        yield _unit_problem(kind, shift, shift_text(shift))


def _floor_problems(kind: FactorKind, floor: Shift) -> Iterator[Problem]:
    text = shift_text(floor).removeprefix("=")
    if floor.unit not in accepted_units(kind, ShiftType.EQUAL_TO):
        yield _unit_problem(kind, floor, f"floor {text}")
    elif not kind.domain.holds(floor.amount):
        yield Problem("ST317", f"floor {text} on {kind.name}", DOMAIN_TEXTS[kind.domain])
    elif kind.floor is not None and floor.amount < kind.floor:
        yield Problem("ST317", f"floor {text} on {kind.name}", f"a floor of at least {kind.floor:g}")


def accepted_units(kind: FactorKind, shift_type: ShiftType) -> tuple[str, ...]:
    """Return the units that an absolute shift or a level of `kind` may carry; empty for a plain number."""
    if shift_type is ShiftType.ABSOLUTE:
        return kind.units
    points = tuple(unit for unit in kind.units if unit != "abs")
    plain = ("",) if "abs" in kind.units else ()
    return plain + (("%", *points) if points else ())


def _unit_problem(kind: FactorKind, shift: Shift, text: str) -> Problem:
    units = accepted_units(kind, shift.shift_type)
    names = " or ".join(unit or "a number without a unit" for unit in units)
    expected = f"{names}, or % of the level" if shift.shift_type is ShiftType.ABSOLUTE else names
    suggestion = _converted(shift, units)
    if text.startswith("floor"):
        suggestion = f"0{units[0]}" if shift.amount == 0.0 and units[0] else ""
    return Problem("ST304", f"{text} on {kind.name}", expected, suggestion=suggestion)


def _converted(shift: Shift, units: tuple[str, ...]) -> str:
    """Return the same amount in the first of `units` that measures points, or nothing."""
    points = [unit for unit in units if unit not in ("", "abs")]
    if units == ("abs",) and shift.unit in ("bp", "pp"):
        return shift_text(replace(shift, shift_type=ShiftType.RELATIVE, unit="%"))
    return shift_text(replace(shift, unit=points[0])) if points and shift.unit != "abs" else ""
