"""Which of the lines that reach a factor moves it, and to what level."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from stresstest.errors import ProblemList
from stresstest.market.factor_kinds import FACTOR_KINDS, ChangeSpace, FactorKind
from stresstest.market.keys import RiskFactorKey
from stresstest.quantity import Shift, ShiftType
from stresstest.scenarios.checks import driver_problems, scenario_problems, shock_problems
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.drivers import drivers_by_name
from stresstest.scenarios.effects import ScenarioWarning
from stresstest.scenarios.findings import Finding, Findings
from stresstest.scenarios.lines import Hit, Line, NoTenorError, Reach, reach
from stresstest.scenarios.relative_notes import relative_notes
from stresstest.scenarios.rules import RULES
from stresstest.scenarios.scenario import Scenario
from stresstest.scenarios.shifts import (
    DomainError,
    change_size,
    is_implausible,
    largest_inside,
    scaled_level,
    shifted_level,
    stated_level,
)


class Part(NamedTuple):
    """A line that counts for a factor, with its shift there."""

    hit: Hit
    shift: Shift


class Move(NamedTuple):
    """Level that a factor takes, and the lines that give it: one, or several that were compounded."""

    level: float
    floored: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class DirectMoves:
    """What the lines of one scenario do: which reach which factor, and where each factor goes.

    Attributes
    ----------
    severity
        At which they were applied.
    warnings
        What a reader should know beside what the lines show.
    contested
        Number of factors of which only the largest of several moves counts.
    """

    scenario: Scenario
    severity: float
    reach: Reach
    moves: Mapping[RiskFactorKey, Move]
    warnings: tuple[ScenarioWarning, ...] = ()
    contested: int = 0


def direct_moves(
    scenario: Scenario,
    directory: FactorDirectory,
    severity: float,
    problems: ProblemList,
    first_line: int = 1,
) -> DirectMoves:
    """Return the direct moves of `scenario` at `severity`; add everything that is wrong to `problems`.

    A line with which something is wrong on its own moves nothing, so that one slip is told once.
    """
    found = ProblemList()
    found.extend(scenario_problems(scenario))
    found.extend(driver_problems(scenario))
    lines = _lines(scenario, first_line, found)
    reached = reach(lines, directory, found)
    findings = Findings()
    mover = Mover(scenario.combine, severity, findings)
    levels = directory.market.levels
    moves = {
        key: move
        for key, hits in reached.hits.items()
        if key not in directory.settled and (move := mover.move(key, levels[key], hits)) is not None
    }
    found.extend(findings.problems())
    problems.extend(sorted(found, key=lambda problem: (problem.location.line, problem.location.column)))
    contested = 0
    if scenario.combine == "worst_of_factor":
        contested = sum(len(winners(hits, scenario.combine)) > 1 for hits in reached.hits.values())
    at_lines = {key: (levels[key], move.level, move.lines) for key, move in moves.items()}
    notes = tuple(relative_notes(scenario, lines, at_lines))
    return DirectMoves(scenario, severity, reached, moves, notes, contested)


def _lines(scenario: Scenario, first_line: int, problems: ProblemList) -> list[Line]:
    """Return the lines whose kind of factor exists; add what is wrong with each shock on its own."""
    lines = []
    drivers = drivers_by_name(scenario.drivers)
    broken = {driver.name for driver in scenario.drivers if any(driver.problems())}
    for number, shock in enumerate(scenario.shocks, first_line):
        if isinstance(shock.shift, RULES) and not broken.isdisjoint(shock.shift.names()):
            continue
        own = list(shock_problems(shock, drivers))
        problems.extend(own)
        if shock.factor in FACTOR_KINDS and not (own and isinstance(shock.shift, RULES)):
            lines.append(Line(number, shock, drivers, sound=not own))
    return lines


def winners(hits: Sequence[Hit], combine: str) -> Sequence[Hit]:
    """Return the hits that count: the most specific; under `override` only the last of these."""
    if len(hits) == 1:
        return hits
    top = max(hit.specificity for hit in hits)
    best = [hit for hit in hits if hit.specificity == top]
    return best[-1:] if combine == "override" else best


def largest_move(kind: FactorKind, base: float, moves: Sequence[Move]) -> Move:
    """Return the largest of several moves of a factor; of two of one size the one to the lower level."""

    def size_and_fall(move: Move) -> tuple[float, float]:
        # Twelve digits: +60bp and -60bp are one size, though the levels they give round differently.
        return float(f"{change_size(kind, base, move.level):.12g}"), -move.level

    return max(moves, key=size_and_fall)


class Mover:
    """Moves factors of one scenario; what cannot be done becomes a finding.

    Parameters
    ----------
    combine
        One of `COMBINATIONS`.
    severity
        Scale of every shift in the change space, at least 0.
    """

    def __init__(self, combine: str, severity: float, findings: Findings) -> None:
        self.combine = combine
        self.severity = severity
        self.findings = findings

    def move(self, key: RiskFactorKey, base: float, hits: Sequence[Hit]) -> Move | None:
        """Return where the lines that reach `key` take it, or None where they cannot."""
        best = winners(hits, self.combine)
        parts = []
        for hit in best:
            shift = self._sound_shift(key, base, hit.line)
            if shift is not None:
                parts.append(Part(hit, shift))
        if len(parts) < len(best):
            return None
        if len(parts) == 1:
            return self._single(key, base, parts[0])
        if self.combine == "compound":
            return self._compound(key, base, parts)
        if self.combine == "worst_of_factor":
            return self._worst(key, base, parts)
        self.findings.add("ST313", [hit.line for hit in best], Finding(key))
        return None

    def _sound_shift(self, key: RiskFactorKey, base: float, line: Line) -> Shift | None:
        """Return the shift of `key` by a line that can be applied and states a plausible level, or None."""
        if not line.sound:
            return None
        try:
            shift = line.shift_of(key)
        except NoTenorError:
            self.findings.add("ST308", [line], Finding(key))
            return None
        if not line.is_plausible and is_implausible(line.kind, base, stated_level(base, shift)):
            self.findings.add("ST316", [line], Finding(key, base, stated_level(base, shift)))
            return None
        return shift

    def _single(self, key: RiskFactorKey, base: float, part: Part) -> Move | None:
        (line, exposure, _), shift = part
        scale = self.severity * exposure
        try:
            level, floored = shifted_level(line.kind, base, shift, scale, line.floor)
        except DomainError as error:
            largest = error.largest_scale / exposure
            self.findings.add("ST315", [line], Finding(key, base, error.level, largest))
            return None
        return Move(level, floored, (line,))

    def _worst(self, key: RiskFactorKey, base: float, parts: Sequence[Part]) -> Move | None:
        moved = [move for part in parts if (move := self._single(key, base, part))]
        return largest_move(parts[0].hit.line.kind, base, moved) if len(moved) == len(parts) else None

    def _compound(self, key: RiskFactorKey, base: float, parts: Sequence[Part]) -> Move | None:
        """Return the level of relative shifts multiplied or absolute shifts added, whatever their order."""
        kind, lines = parts[0].hit.line.kind, tuple(part.hit.line for part in parts)
        types = {part.shift.shift_type for part in parts}
        if len(types) > 1 or ShiftType.EQUAL_TO in types:
            self.findings.add("ST314", lines, Finding(key))
            return None

        def level_at(severity: float) -> float:
            return _compounded(kind.change_space, base, parts, severity)

        level = level_at(self.severity)
        floor = max((line.floor for line in lines if line.floor is not None), default=-math.inf)
        if level < min(floor, base) or (math.isnan(level) and floor > -math.inf):
            return Move(min(floor, base), True, lines)
        if not kind.domain.holds(level):
            largest = largest_inside(kind, level_at, self.severity)
            self.findings.add("ST315", lines, Finding(key, base, level, largest))
            return None
        return Move(level, False, lines)


def _compounded(space: ChangeSpace, base: float, parts: Sequence[Part], severity: float) -> float:
    """Return the level of several shifts of one type; their order shows in no bit of it."""
    if severity == 0.0:
        return base
    scaled = [(part.shift, severity * part.hit.exposure) for part in parts]
    if parts[0].shift.shift_type is ShiftType.RELATIVE:
        ratios = (scaled_level(space, 1.0, shift, scale) for shift, scale in scaled)
        return base * math.prod(sorted(ratios))
    if space is ChangeSpace.LOG:
        levels = (scaled_level(space, base, shift, scale) for shift, scale in scaled)
        return base + math.fsum(level - base for level in levels)
    return base + math.fsum(scale * shift.amount for shift, scale in scaled)
