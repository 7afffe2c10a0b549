"""Scenarios with all that they include: each part by itself, then one move for each factor."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from stresstest.errors import Location, Problem, ProblemList
from stresstest.market.factor_kinds import FACTOR_KINDS, ChangeSpace, FactorKind
from stresstest.market.keys import RiskFactorKey
from stresstest.networks.selection import lateness
from stresstest.scenarios.checks import DOMAIN_TEXTS
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.effects import ScenarioWarning
from stresstest.scenarios.eventful import EventLine, with_events
from stresstest.scenarios.lines import Hit, Line, Reach
from stresstest.scenarios.moves import DirectMoves, Move, direct_moves, largest_move
from stresstest.scenarios.par_yields import with_par_yields
from stresstest.scenarios.replayed import with_replay
from stresstest.scenarios.scenario import Include, Scenario
from stresstest.scenarios.wording import level_text


@dataclass(frozen=True, slots=True)
class _Clash:
    """A factor to which two parts of a scenario give different levels."""

    key: RiskFactorKey
    first: Move
    second: Move

    @property
    def lines(self) -> tuple[int, int]:
        """Numbers of the two lines."""
        return self.first.lines[-1].number, self.second.lines[-1].number


@dataclass(frozen=True, slots=True)
class _Beyond:
    """A factor that parts together take out of its domain, to `level`."""

    key: RiskFactorKey
    level: float
    lines: tuple[Line, ...]


class Composer:
    """Compiles scenarios with what they include.

    Within each included scenario its own `combine` and ranks hold; between the parts only the including
    scenario's `combine` does, factor by factor:

    - `error`: two parts that give a factor different levels are a problem;
    - `override`: the last part that moves the factor counts, its own lines last of all;
    - `compound`: ratios multiply, changes in rates, spreads, vols and points add;
    - `worst_of_factor`: the largest move counts, so that a loss is not taken twice.

    A default and a halt have no size: where parts do not have to agree they count alone.

    Parameters
    ----------
    problems
        Takes everything that is wrong in any part.
    """

    def __init__(self, directory: FactorDirectory, problems: ProblemList) -> None:
        self.directory = directory
        self.problems = problems
        self._told: set[tuple[str, int, int]] = set()
        self._parts: dict[tuple[int, float, int], tuple[Scenario, DirectMoves]] = {}

    def moves(self, scenario: Scenario, severity: float, first_line: int = 1) -> DirectMoves:
        """Return where the lines of `scenario` and of its parts take each factor.

        Parameters
        ----------
        severity
            Scale of all shifts in the change space.
        first_line
            Number of the first of `scenario.lines`.
        """
        warnings = tuple(self._validity(scenario))
        if not scenario.include:
            own = self.own(scenario, severity, first_line)
            own = replace(own, warnings=(*own.warnings, *warnings))
            return with_replay(own, self.directory, self.problems)
        parts = []
        for item in scenario.include:
            self.problems.extend(_timing_problems(scenario, item))
            # On a path, what spreads over a horizon of its own has not begun today.
            begun = 0.0 if scenario.timing == "path" and item.scenario.timing == "linear" else 1.0
            part = self._part(item.scenario, begun * severity * item.severity, first_line)
            parts.append(part)
            warnings += (*_renamed(part.warnings, scenario), *_part_notes(scenario, item))
            first_line += len(item.scenario.lines)
        own = self.own(scenario, severity, first_line)
        warnings += own.warnings
        joined = replace(self.joined(scenario, [*parts, own]), severity=severity, warnings=warnings)
        return with_replay(joined, self.directory, self.problems)

    def _part(self, scenario: Scenario, severity: float, first_line: int) -> DirectMoves:
        """Return the moves of an included scenario: worked out once for all that include the same object.

        Variants of a member of a sampled set differ in the parts that hold a drawn driver, and in no other.
        """
        # What is kept holds the scenario, so that no other object takes its number.
        place = id(scenario), severity, first_line
        if place not in self._parts:
            n_before = len(self.problems)
            found = self.moves(scenario, severity, first_line)
            if len(self.problems) > n_before:
                return found
            self._parts[place] = scenario, found
        return self._parts[place][1]

    def own(self, scenario: Scenario, severity: float, first_line: int) -> DirectMoves:
        """Return what the scenario's own lines and events do."""
        lines = direct_moves(scenario, self.directory, severity, self.problems, first_line)
        lines = with_par_yields(lines, self.directory, self.problems)
        first_event = first_line + len(scenario.shocks)
        return with_events(lines, self.directory, self.problems, first_event)

    def joined(self, scenario: Scenario, parts: Sequence[DirectMoves]) -> DirectMoves:
        """Return the one move of each factor that `parts` of `scenario` move, as its `combine` says."""
        candidates: dict[RiskFactorKey, list[Move]] = {}
        hits: dict[RiskFactorKey, list[Hit]] = {}
        for part in parts:
            for key, move in part.moves.items():
                candidates.setdefault(key, []).append(move)
            for key, reached in part.reach.hits.items():
                hits.setdefault(key, []).extend(reached)
        moves: dict[RiskFactorKey, Move] = {}
        clashes: list[_Clash] = []
        beyond: list[_Beyond] = []
        for key, several in candidates.items():
            found = self._combined(scenario, key, several)
            if isinstance(found, _Clash):
                clashes.append(found)
            elif isinstance(found, _Beyond):
                beyond.append(found)
            else:
                moves[key] = found
        self.problems.extend(_clash_problems(scenario, self._news(scenario, clashes)))
        self.problems.extend(_beyond_problems(scenario, beyond, self.directory.market.levels))
        unmatched = tuple(line for part in parts for line in part.reach.unmatched)
        contested = sum(len(several) > 1 for several in candidates.values())
        worst = contested if scenario.combine == "worst_of_factor" else 0
        return DirectMoves(scenario, 1.0, Reach(hits, unmatched), moves, contested=worst)

    def _news(self, scenario: Scenario, clashes: Sequence[_Clash]) -> list[_Clash]:
        """Return the clashes of lines that have not clashed on an earlier date."""
        found = [clash for clash in clashes if (scenario.name, *clash.lines) not in self._told]
        self._told.update((scenario.name, *clash.lines) for clash in found)
        return found

    def _combined(
        self, scenario: Scenario, key: RiskFactorKey, several: Sequence[Move]
    ) -> Move | _Clash | _Beyond:
        """Return the one move of a factor that parts move, or why there is none."""
        if len(several) == 1:
            return several[0]
        base, kind = self.directory.market.levels[key], FACTOR_KINDS[key.kind]
        certain = [move for move in several if _is_certain(move)]
        if scenario.combine != "error" and certain:
            return certain[-1]
        if scenario.combine == "override":
            return several[-1]
        if scenario.combine == "worst_of_factor":
            return largest_move(kind, base, several)
        if scenario.combine == "compound":
            return _compound(key, base, several)
        other = next((move for move in several if move.level != several[0].level), None)
        return several[0] if other is None else _Clash(key, several[0], other)

    def _validity(self, scenario: Scenario) -> Iterator[ScenarioWarning]:
        """Yield a warning for a market before the scenario's time; add a problem where that is refused."""
        valid, market = scenario.valid_from, self.directory.market
        if scenario.governance.is_retired:
            yield ScenarioWarning(scenario.name, "is retired: not to be used any more", scenario.at("status"))
        if scenario.governance.is_past(market.as_of):
            past = f"was valid until {scenario.governance.valid_until}, on a market of {market.as_of}"
            yield ScenarioWarning(scenario.name, past, scenario.at("valid_until"))
        if scenario.network is not None:
            network, where = scenario.network.network, scenario.at("network")
            self.problems.extend(problem.at(where) for problem in lateness(network, market.as_of))
        if valid is None or market.as_of >= valid.first:
            return
        got = f"scenario {scenario.name}, valid from {valid.first}, on market {market.name} of {market.as_of}"
        where = scenario.at("valid_from")
        if valid.refuse:
            self.problems.add(Problem("ST337", got, f"a market of {valid.first} or later", where))
        else:
            yield ScenarioWarning(scenario.name, f"{got}: it may rest on what was not known then", where)


def _is_certain(move: Move) -> bool:
    """Tell whether an event without a size, a default or a halt, gives the level."""
    last = move.lines[-1]
    return isinstance(last, EventLine) and not last.has_size


def _compound(key: RiskFactorKey, base: float, several: Sequence[Move]) -> Move | _Beyond:
    level = compounded_level(FACTOR_KINDS[key.kind], base, [move.level for move in several])
    lines = tuple(line for move in several for line in move.lines)
    if not FACTOR_KINDS[key.kind].domain.holds(level):
        return _Beyond(key, level, lines)
    return Move(level, any(move.floored for move in several), lines)


def compounded_level(kind: FactorKind, base: float, levels: Sequence[float]) -> float:
    """Return base times all ratios, or base plus all changes; the order of the parts shows in no bit."""
    if kind.change_space is ChangeSpace.LOG:
        return base * math.prod(sorted(level / base for level in levels))
    return base + math.fsum(level - base for level in levels)


def _clash_problems(scenario: Scenario, clashes: Sequence[_Clash]) -> Iterator[Problem]:
    """Yield one problem for each two lines that clash, with the first factor and how many more there are."""
    by_lines: dict[tuple[Line, Line], list[_Clash]] = {}
    for clash in clashes:
        by_lines.setdefault((clash.first.lines[-1], clash.second.lines[-1]), []).append(clash)
    for lines, found in by_lines.items():
        key, kind = found[0].key, FACTOR_KINDS[found[0].key.kind]
        more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
        levels = " and ".join(level_text(kind, move.level) for move in (found[0].first, found[0].second))
        got = f"{_places(lines)} take {key}{more} to {levels}"
        expected = "one level, or combine: override, compound or worst_of_factor"
        yield Problem("ST336", got, expected, scenario.at("include"))


def _beyond_problems(
    scenario: Scenario, found: Sequence[_Beyond], levels: Mapping[RiskFactorKey, float]
) -> Iterator[Problem]:
    """Yield one problem for each group of lines, with the first factor and how many more there are."""
    by_lines: dict[tuple[Line, ...], list[_Beyond]] = {}
    for item in found:
        by_lines.setdefault(item.lines, []).append(item)
    for lines, items in by_lines.items():
        key, kind = items[0].key, FACTOR_KINDS[items[0].key.kind]
        more = f" (and {len(items) - 1} more)" if len(items) > 1 else ""
        reached = f"from {level_text(kind, levels[key])} to {level_text(kind, items[0].level)}"
        got = f"{_places(lines)} together take {key}{more} {reached}"
        expected = f"{DOMAIN_TEXTS[kind.domain]}, or another combine"
        yield Problem("ST315", got, expected, scenario.at("combine"))


def _places(lines: Sequence[Line]) -> str:
    """Return lines as messages name them across files: `shock 3 (a.yaml:12) and shock 5 (b.yaml:8)`."""

    def place(location: Location) -> str:
        return f" ({location.file}:{location.line})" if location.line else ""

    return " and ".join(f"shock {line.number}{place(line.shock.location)}" for line in lines)


def _renamed(warnings: Sequence[ScenarioWarning], scenario: Scenario) -> Iterator[ScenarioWarning]:
    """Yield the warnings of a part as those of the scenario that includes it."""
    for warning in warnings:
        yield replace(warning, scenario=scenario.name)


def _timing_problems(scenario: Scenario, item: Include) -> Iterator[Problem]:
    """Yield a problem where a part goes on to later dates, and the scenario that includes it does not."""
    part = item.scenario
    if scenario.timing == "linear" and part.goes_on and part.timing != "linear":
        got = f"scenario {part.name} with steps, included in {scenario.name}, which spreads over its horizon"
        yield Problem("ST450", got, "a part without steps, or timing: path here", item.location)
    elif scenario.timing == "instant" and part.goes_on:
        what = "which spreads over its horizon" if part.timing == "linear" else "with steps"
        or_linear = " or timing: linear" if part.timing == "linear" else ""
        got = f"scenario {part.name}, {what}, included in {scenario.name}, which happens today"
        yield Problem("ST450", got, f"timing: path{or_linear} here, or a part of today", item.location)


def _part_notes(scenario: Scenario, item: Include) -> Iterator[ScenarioWarning]:
    """Yield a warning where a part by itself has another horizon, propagation or network."""
    used, used_here = item.scenario.network, scenario.network
    if used is not None and (used_here is None or used.chosen != used_here.chosen):
        here = "another" if used_here else "none"
        name = used.network.name
        message = f"includes {item.scenario.name}, which by itself runs network {name}; here {here} runs"
        yield ScenarioWarning(scenario.name, message, item.location)
    if item.scenario.propagate not in (None, scenario.propagate):
        here = f"here {_propagation_text(scenario)}" if scenario.propagate else "here nothing propagates"
        message = f"includes {item.scenario.name}, which by itself {_propagation_text(item.scenario)}; {here}"
        yield ScenarioWarning(scenario.name, message, item.location)
    if item.scenario.horizon != scenario.horizon:
        message = (
            f"includes {item.scenario.name}, whose sizes are for {item.scenario.horizon}, "
            f"over a horizon of {scenario.horizon}"
        )
        yield ScenarioWarning(scenario.name, message, item.location)


def _propagation_text(scenario: Scenario) -> str:
    """Return in words the regime in which a scenario propagates."""
    propagation = scenario.propagate
    if propagation is None:
        return "does not propagate"
    if propagation.window is None:
        return f"propagates in regime {propagation.regime}"
    return f"propagates in the window {propagation.window[0]} to {propagation.window[1]}"
