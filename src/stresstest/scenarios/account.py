"""The account of compiled scenarios: what each line moved and why, and what a reader should know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from stresstest.market.factor_kinds import FACTOR_KINDS
from stresstest.market.keys import RiskFactorKey
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.effects import (
    LINKED,
    NETWORK,
    PROPAGATED,
    LineEffect,
    ScenarioWarning,
    UnmatchedLine,
)
from stresstest.scenarios.implied import LinkedMoves, has_gap
from stresstest.scenarios.lines import Line
from stresstest.scenarios.moves import DirectMoves, Move
from stresstest.scenarios.wording import change_text, level_text


class Account:
    """Effects, warnings and unmatched lines of one scenario, or of one step of a path.

    Parameters
    ----------
    directory
        Factors at the levels that the lines move them from.
    linked
        All moves, those through links included.
    column
        Column of the scenario in `linked`.
    step
        Step of a path, from 1; 0 for the lines of today.
    """

    def __init__(
        self,
        directory: FactorDirectory,
        direct: DirectMoves,
        linked: LinkedMoves,
        column: int,
        step: int = 0,
    ) -> None:
        self.step = step
        self.levels = directory.market.levels
        self.targets = tuple(link.target for link in directory.links)
        self.direct = direct
        self.linked = linked
        self.column = column

    def effects(self) -> Iterator[LineEffect]:
        """Yield the factors that lines reach, in the order reached, then those that links move."""
        for effect in self._effects():
            yield effect._replace(step=self.step) if self.step else effect

    def _effects(self) -> Iterator[LineEffect]:
        name, location = self.direct.scenario.name, self.direct.scenario.location
        for key, hits in self.direct.reach.hits.items():
            move, implied = self.direct.moves[key], self._implied(key)
            base, (level, floored, lines) = self.levels[key], move
            for line, _, _ in hits:
                applied = line in lines
                reason = line.reason if applied and len(lines) == 1 else _reason(line, move)
                effect = LineEffect(name, line.number, line.shock.location, key, base, level, reason)
                if applied and (floored or implied is not None):
                    effect = effect._replace(floored=floored, implied=implied)
                yield effect
        for key in self._networked():
            level = float(self.linked.moved[key][self.column])
            yield LineEffect(name, 0, location, key, self.levels[key], level, NETWORK)
        for key in self._propagated():
            level = float(self.linked.moved[key][self.column])
            yield LineEffect(name, 0, location, key, self.levels[key], level, PROPAGATED)
        network = self._by_network()
        for key in self.targets:
            base = self.levels[key]
            if key not in self.direct.moves and key not in network and key in self.linked.moved:
                level = float(self.linked.moved[key][self.column])
                if level != base:
                    yield LineEffect(name, 0, location, key, base, level, LINKED)

    def _by_network(self) -> frozenset[RiskFactorKey]:
        """Return the factors that the scenario's network moves."""
        found = self.linked.networked.get(self.column)
        return frozenset() if found is None else found.keys

    def _networked(self) -> Iterator[RiskFactorKey]:
        """Yield the factors that the network moves here."""
        network = self._by_network()
        for key, row in self.linked.moved.items():
            if key in network and float(row[self.column]) != self.levels[key]:
                yield key

    def _propagated(self) -> Iterator[RiskFactorKey]:
        """Yield the factors that only propagation moves, and does here."""
        if self.direct.scenario.propagate is None:
            return
        targets = frozenset(self.targets) | self._by_network()
        for key, row in self.linked.moved.items():
            stays = float(row[self.column]) == self.levels[key]
            if not stays and key not in targets and key not in self.direct.moves:
                yield key

    def warnings(self) -> Iterator[ScenarioWarning]:
        """Yield floors that stopped moves, lines of equal rank where the worst counted, and index gaps."""
        yield from self.direct.warnings
        if self.column in self.linked.networked:
            yield from self.linked.networked[self.column].warnings()
        floored: Counter[Line] = Counter()
        for key, move in self.direct.moves.items():
            if move.floored:
                floored.update(move.lines)
            implied = self._implied(key)
            if implied is not None and has_gap(key, self.levels[key], move.level, implied):
                yield self._gap(key, move, implied)
        for line, count in floored.items():
            floor = level_text(line.kind, line.floor) if line.floor is not None else "of another line"
            factors = "1 factor" if count == 1 else f"{count} factors"
            yield self._warning(line, f"floor {floor} stops {factors} of {line.title}")
        yield from self._outside()
        if self.direct.contested:
            count = self.direct.contested
            factors = "1 factor" if count == 1 else f"{count} factors"
            message = f"only the largest of several moves counts for {factors} (worst_of_factor)"
            yield ScenarioWarning(self.direct.scenario.name, message, self.direct.scenario.at("combine"))

    def _outside(self) -> Iterator[ScenarioWarning]:
        """Yield a warning of factors that propagation takes out of their domain, where values then fail."""
        outside = [
            key
            for key in self._propagated()
            if not FACTOR_KINDS[key.kind].domain.holds(float(self.linked.moved[key][self.column]))
        ]
        if outside:
            more = f" and {len(outside) - 1} more" if len(outside) > 1 else ""
            message = f"propagation takes {outside[0]}{more} out of their domain, where values fail"
            scenario = self.direct.scenario
            yield ScenarioWarning(scenario.name, message, scenario.at("propagate"))

    def unmatched(self) -> Iterator[UnmatchedLine]:
        """Yield the optional lines that reached nothing."""
        for line in self.direct.reach.unmatched:
            shock = line.shock
            text = f"{shock.factor} of {shock.select.text()}"
            yield UnmatchedLine(self.direct.scenario.name, line.number, shock.location, text)

    def _implied(self, key: RiskFactorKey) -> float | None:
        row = self.linked.implied.get(key)
        return None if row is None else float(row[self.column])

    def _gap(self, key: RiskFactorKey, move: Move, implied: float) -> ScenarioWarning:
        line, base = move.lines[-1], self.levels[key]
        stated = change_text(line.kind, base, move.level)
        expected = change_text(line.kind, base, implied)
        message = f"{line.title} moves {key} by {stated}, and what it moves with implies {expected}"
        return self._warning(line, message)

    def _warning(self, line: Line, message: str) -> ScenarioWarning:
        return ScenarioWarning(self.direct.scenario.name, message, line.shock.location)


def _reason(line: Line, move: Move) -> str:
    if line not in move.lines:
        return f"overruled by {move.lines[-1].title}"
    other = next(other for other in move.lines if other is not line)
    return f"combined with {other.title}"
