"""Notes on shifts in per cent of a rate, a spread or a volatility, which are often meant as points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from stresstest.market.factor_kinds import UNIT_SIZES
from stresstest.market.keys import RiskFactorKey
from stresstest.quantity import Shift, ShiftType
from stresstest.scenarios.effects import ScenarioWarning
from stresstest.scenarios.lines import Line
from stresstest.scenarios.scenario import Scenario
from stresstest.scenarios.tenors import TenorTable
from stresstest.scenarios.wording import change_text, level_text, shift_text

QUOTED_IN_POINTS = (
    "zero_rate",
    "par_yield",
    "basis",
    "credit_spread",
    "hazard_rate",
    "inflation",
    "implied_vol",
)
"""Kinds whose levels people give in per cent or basis points, so that `+1%` may be read as a point."""


def relative_notes(
    scenario: Scenario,
    lines: Sequence[Line],
    reached: Mapping[RiskFactorKey, tuple[float, float, Sequence[Line]]],
) -> Iterator[ScenarioWarning]:
    """Yield a note for each line that shifts a kind in `QUOTED_IN_POINTS` by `%`, with its largest move.

    A line that is written `x1.25` says by itself that it is a ratio.

    Parameters
    ----------
    reached
        Base, level and the lines that give it, by factor.
    """
    for line in lines:
        shift = in_percent(line)
        if shift is None:
            continue
        own = [(key, *move[:2]) for key, move in reached.items() if line in move[2] and move[0] != move[1]]
        if own:
            key, base, level = max(own, key=lambda item: abs(item[2] - item[1]))
            yield ScenarioWarning(
                scenario.name,
                f"{line.title}: {shift_text(shift)} of {line.kind.name} is relative, as % always is: "
                f"{key} moves by {change_text(line.kind, base, level)}, from {level_text(line.kind, base)}; "
                f"for points write {_in_points(line, shift)}, for a ratio x{1.0 + shift.amount:.10g}",
                line.shock.at("shift"),
            )


def in_percent(line: Line) -> Shift | None:
    """Return the largest shift of a line that is written in per cent, or None."""
    if line.kind.name not in QUOTED_IN_POINTS:
        return None
    shifts = line.shift.shifts if isinstance(line.shift, TenorTable) else (line.shift,)
    written = [shift for shift in shifts if shift.unit == "%" and shift.shift_type is ShiftType.RELATIVE]
    return max(written, key=lambda shift: abs(shift.amount), default=None)


def _in_points(line: Line, shift: Shift) -> str:
    """Return a shift by as many points as `shift` has per cent: `+100bp` for `+1%`, `+5vol` for `+5%`."""
    unit = line.kind.units[0]
    places = replace(shift, shift_type=ShiftType.ABSOLUTE, unit=unit)
    return shift_text(replace(places, amount=round(shift.amount / UNIT_SIZES[unit], 9) * UNIT_SIZES[unit]))
