"""Which of the lines that reach a factor moves it, and to what level."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from stresstest.errors import ProblemList
from stresstest.market.factor_kinds import ChangeSpace, FactorKind
from stresstest.market.keys import RiskFactorKey
from stresstest.quantity import Shift, ShiftType
from stresstest.scenarios.checks import driver_problems, scenario_problems
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.effects import ScenarioWarning
from stresstest.scenarios.findings import Finding, Findings
from stresstest.scenarios.lines import Hit, Line, NoTenorError, Reach
from stresstest.scenarios.prepared import prepared_lines
from stresstest.scenarios.relative_notes import in_percent, relative_notes
from stresstest.scenarios.scenario import Scenario
from stresstest.scenarios.shifts import (
    DomainError,
    PlainStep,
    change_size,
    is_implausible,
    largest_inside,
    plain_step,
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
    lines, reached, wrong = prepared_lines(scenario, directory, first_line)[1:]
    found.extend(wrong)
    findings = Findings()
    levels = directory.market.levels
    moves = Mover(scenario.combine, severity, findings).moves(reached.hits, levels, directory.settled)
    found.extend(findings.problems())
    problems.extend(sorted(found, key=lambda problem: (problem.location.line, problem.location.column)))
    contested = 0
    if scenario.combine == "worst_of_factor":
        contested = sum(len(winners(hits, scenario.combine)) > 1 for hits in reached.hits.values())
    notes: tuple[ScenarioWarning, ...] = ()
    if any(in_percent(line) for line in lines):
        at_lines = {key: (levels[key], move.level, move.lines) for key, move in moves.items()}
        notes = tuple(relative_notes(scenario, lines, at_lines))
    return DirectMoves(scenario, severity, reached, moves, notes, contested)


def winners(hits: Sequence[Hit], combine: str) -> Sequence[Hit]:
    """Return the hits that count: the most specific; under `override` only the last of these."""
    if len(hits) == 1:
        return hits
    top = max(hit.specificity for hit in hits)
    best = [hit for hit in hits if hit.specificity == top]
    return best[-1:] if combine == "override" else best


def largest_move(kind: FactorKind, base: float, moves: Sequence[Move]) -> Move:
    """Return the largest of several moves of a factor; of two of one size the one to the lower level."""
    sizes = [change_size(kind, base, move.level) for move in moves]
    near = max(sizes) * (1.0 - _SAME_SIZE)
    last = [place for place, size in enumerate(sizes) if not size < near]
    if len(last) == 1:
        return moves[last[0]]
    # Twelve digits: +60bp and -60bp are one size, though the levels they give round differently.
    return moves[max(last, key=lambda place: (float(f"{sizes[place]:.12g}"), -moves[place].level))]


_SAME_SIZE = 1e-11
"""Sizes further apart than this differ in their first twelve digits too."""


_Step = tuple[PlainStep, tuple[Line, ...]]
"""How factors of a tenor move by a list of hits, and the line that counts."""

_CLOSER_LOOK = PlainStep(1.0, None, math.inf, -math.inf)
"""Of what no factor can take without a look at its base: no level lies from `low` to `high`."""


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

    def moves(
        self,
        hits: Mapping[RiskFactorKey, Sequence[Hit]],
        levels: Mapping[RiskFactorKey, float],
        settled: frozenset[RiskFactorKey],
    ) -> dict[RiskFactorKey, Move]:
        """Return where the lines take each factor that they can move, but those that are `settled`.

        Most factors are moved by one line, and by a multiple or a number of points that are the same for
        many; they get the bits that `move` gives them.
        """
        found = {}
        steps: dict[tuple[int, int, str], _Step] = {}
        for key, reached in hits.items():
            if key in settled:
                continue
            best = reached if len(reached) == 1 else winners(reached, self.combine)
            # Factors that a line reaches alike share one hit.
            place = id(best[0]), len(best), key.tenor
            step = steps.get(place)
            if step is None:
                step = steps[place] = self._step(best, key)
            base, (ratio, change, low, high), lines = levels[key], *step
            level = base * ratio if change is None else base + change
            if low <= level <= high:
                found[key] = Move(level, False, lines)
            elif (move := self.move(key, base, reached)) is not None:
                found[key] = move
        return found

    def _step(self, best: Sequence[Hit], key: RiskFactorKey) -> _Step:
        """Return the step by which the hits that count move factors of a tenor."""
        (line, exposure, _), several = best[0], len(best) > 1
        if several or not (line.sound and line.is_plausible):
            return _CLOSER_LOOK, ()
        try:
            shift = line.shift_of(key)
        except NoTenorError:
            return _CLOSER_LOOK, ()
        step = plain_step(line.kind, shift, self.severity * exposure, line.floor)
        return step or _CLOSER_LOOK, (line,)

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
