"""The lines and events of one step of a path, applied to the levels that the date before left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from stresstest.errors import Problem, ProblemList
from stresstest.market.keys import RiskFactorKey
from stresstest.quantity import ShiftType
from stresstest.scenarios.directory import NAMING, FactorDirectory
from stresstest.scenarios.event import Halt
from stresstest.scenarios.eventful import EventHistory, with_events
from stresstest.scenarios.findings import Findings
from stresstest.scenarios.halts import in_default, resumed
from stresstest.scenarios.moves import DirectMoves, Move, Mover, direct_moves
from stresstest.scenarios.par_yields import with_par_yields
from stresstest.scenarios.scenario import Scenario


class StepLines(NamedTuple):
    """What a step does as seen on its date, and beneath its halts; one object where nothing is halted."""

    seen: DirectMoves
    beneath: DirectMoves


class StepApplier:
    """Applies the lines of steps.

    Parameters
    ----------
    today
        Factors at the levels of today, from which lines that state a level (`=4%`) move.
    severity
        Of the path.
    """

    def __init__(self, today: FactorDirectory, severity: float, problems: ProblemList) -> None:
        self.today = today
        self.severity = severity
        self.problems = problems

    def apply(
        self, scenario: Scenario, first_line: int, before: FactorDirectory, history: EventHistory
    ) -> StepLines:
        """Return what a step does.

        Parameters
        ----------
        scenario
            The path, with the shocks and events of the step as its own.
        before
            Factors at the levels that the date before left, those of issuers in default settled.
        """
        lines = direct_moves(scenario, before, self.severity, self.problems, first_line)
        self.problems.extend(_moved_after_default(lines, before))
        lines = replace(lines, moves={**lines.moves, **self._to_levels(lines)})
        lines = with_par_yields(lines, before, self.problems)
        first_event = first_line + len(scenario.shocks)
        seen = with_events(lines, before, self.problems, first_event, history)
        if not any(isinstance(event.what, Halt) for event in scenario.events):
            return StepLines(seen, seen)
        going_on = replace(lines, scenario=resumed(scenario))
        return StepLines(seen, with_events(going_on, before, ProblemList(), first_event, history))

    def _to_levels(self, direct: DirectMoves) -> dict[RiskFactorKey, Move]:
        """Return the moves of the lines that state levels, taken from today's."""
        findings = Findings()
        mover = Mover(direct.scenario.combine, direct.severity, findings)
        found = {}
        for key, move in direct.moves.items():
            if all(line.shift_of(key).shift_type is ShiftType.EQUAL_TO for line in move.lines):
                level = mover.move(key, self.today.market.levels[key], direct.reach.hits[key])
                if level is not None:
                    found[key] = level
        self.problems.extend(findings.problems())
        return found


def settles(key: RiskFactorKey, move: Move) -> bool:
    """Tell whether a default has given the level of a share, or the state, which nothing moves any more."""
    return key.kind in ("spot", "default_state") and in_default(move)


def _moved_after_default(direct: DirectMoves, before: FactorDirectory) -> Iterator[Problem]:
    """Yield a problem for each line that names an issuer in default; broader lines leave it where it is."""
    told = set()
    for key in before.settled:
        for line, _, _ in direct.reach.hits.get(key, ()):
            names = any(attribute in NAMING for attribute, _ in line.shock.select.terms)
            if names and line.number not in told:
                told.add(line.number)
                got = f"{line.title} moves {key}, in default since an earlier date"
                expected = "no line that names it from then on: shares stay at 0, claims at their recovery"
                yield Problem("ST338", got, expected, line.shock.at("select"))
