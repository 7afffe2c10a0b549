"""A scenario with all its parts along an axis: compiled once, then evaluated at many values together."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from stresstest.arrays import BoolArray, FloatArray, IntArray
from stresstest.errors import ProblemList
from stresstest.market.keys import RiskFactorKey
from stresstest.scenarios.axis_join import joined
from stresstest.scenarios.axis_lines import AxisLines, NotAlongError, Row, Settings
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.eventful import EventLine, selected, with_events
from stresstest.scenarios.implied import follow_links, links_outside
from stresstest.scenarios.lines import Line, Reach
from stresstest.scenarios.moves import DirectMoves, Move
from stresstest.scenarios.network_moves import NetworkMoves, network_moves
from stresstest.scenarios.scenario import Scenario

Keys = frozenset[RiskFactorKey]


@dataclass(frozen=True, slots=True, eq=False)
class AlongAxis:
    """Levels at n values of an axis.

    Attributes
    ----------
    moved
        `(1 + n,)` levels of each factor that moves, the base first.
    possible
        `(n,)` whether every level lies in its domain.
    decided
        For each value, what gives each factor that the book reads its level, as bytes: they change where a
        floor begins to hold, a line gives way to another or an event happens.
    network
        What the scenario's network makes of the base and of each value; None where it uses none.
    """

    moved: dict[RiskFactorKey, FloatArray]
    possible: BoolArray
    decided: tuple[bytes, ...]
    network: NetworkMoves | None = None


class AxisMoves:
    """A scenario of today along its severity or one of its drivers.

    Lines are read, selected and ranked once; the levels at a value are those of `compile_scenarios`.

    Parameters
    ----------
    driver
        Name of the driver that is the axis, empty for the severity.
    severity
        Of every value, where the axis is a driver.
    read
        Factors that the book reads.

    Raises
    ------
    NotAlongError
        For paths, propagation, replays, shocks on par yields, lines of equal rank, and anything wrong.
    """

    def __init__(self, scenario: Scenario, directory: FactorDirectory, driver: str, severity: float) -> None:
        if scenario.goes_on or scenario.propagate is not None:
            raise NotAlongError
        self.directory = directory
        self.driver = driver
        self.severity = severity
        self._node = AxisNode(scenario, directory, 1, (driver,) if driver else (), {})
        self._near: dict[Keys, _Near] = {}
        self.scenario = scenario

    def at(self, values: Sequence[float], read: Keys, *, only: bool) -> AlongAxis:
        """Return the levels at `values`.

        Parameters
        ----------
        read
            Factors that a book reads.
        only
            Whether these, and what they are linked to, are all that is looked at.
        """
        n = len(values)
        severity = np.full(n, self.severity) if self.driver else np.array(values, np.float64)
        near = self._linked_to(read)
        # A network reads factors that no book does.
        only = only and self.scenario.network is None
        keys = near.kept if only else None
        possible = np.ones(n, np.bool_)
        settings: list[Settings] = [{self.driver: x} if self.driver else {} for x in values]
        rows = self._node.rows(Points(settings, severity, keys), possible)
        directory = near.directory if only else self.directory
        found = stated_rows(rows, self.directory, n)
        network = network_moves(self.scenario, self.directory.market, found.levels, 1 + n)
        if network is not None:
            found = found.with_network(network)
            possible &= network.converged[1:]
        moved = followed(found, directory, possible)
        return AlongAxis(moved, possible, _decided(rows, near.kept, n, network), network)

    def _linked_to(self, read: Keys) -> _Near:
        if read not in self._near:
            self._near[read] = _near(self.directory, read)
        return self._near[read]


class StatedRows(NamedTuple):
    """Levels `(1 + n,)` of the factors that move, and the columns in which each factor is stated."""

    levels: dict[RiskFactorKey, FloatArray]
    columns: dict[RiskFactorKey, set[int]]

    def with_network(self, network: NetworkMoves) -> StatedRows:
        """Return the same with what a network moves, as if it were stated."""
        moved = network.levels
        every = {key: set(range(1, len(row))) for key, row in moved.items()}
        return StatedRows({**self.levels, **moved}, {**self.columns, **every})


def stated_rows(rows: dict[RiskFactorKey, Row], directory: FactorDirectory, n: int) -> StatedRows:
    """Return the rows of factors at n values as columns, the base first."""
    levels: dict[RiskFactorKey, FloatArray] = {}
    stated: dict[RiskFactorKey, set[int]] = {}
    for key, row in rows.items():
        columns = np.full(1 + n, directory.market.levels[key])
        present = np.ones(n, np.bool_) if row.present is None else row.present
        columns[1:] = np.where(present, row.level, columns[1:])
        stated[key] = set((1 + np.flatnonzero(present)).tolist())
        if np.any(columns != columns[0]):
            levels[key] = columns
    return StatedRows(levels, stated)


def followed(
    found: StatedRows, directory: FactorDirectory, possible: BoolArray
) -> dict[RiskFactorKey, FloatArray]:
    """Return all levels after links; where one leaves its domain `possible` becomes false."""
    linked = follow_links(directory, found.levels, found.columns, 1 + len(possible))
    for _, column, _ in links_outside(directory, linked):
        possible[column - 1] = False
    return linked.moved


class _Near(NamedTuple):
    """Factors that a book reads with all that they are linked to, and the directory of their links."""

    kept: Keys
    directory: FactorDirectory


def _near(directory: FactorDirectory, read: Keys) -> _Near:
    by_target = {link.target: link for link in directory.links}
    kept, waiting = set(read), list(read)
    while waiting:
        link = by_target.get(waiting.pop())
        new = () if link is None else [key for key in link.sources() if key not in kept]
        kept.update(new)
        waiting.extend(new)
    near = copy(directory)
    near.links = tuple(link for link in directory.links if link.target in kept)
    return _Near(frozenset(kept), near)


class Points(NamedTuple):
    """Settings of drivers, `(n,)` severities of a scenario, and the factors looked at (None: all)."""

    values: Sequence[Settings]
    severity: FloatArray
    keys: Keys | None


class _Evaluated(NamedTuple):
    """Rows of a node at some points, and where they can be."""

    points: Points
    rows: dict[RiskFactorKey, Row]
    possible: BoolArray

    def is_at(self, points: Points) -> bool:
        """Tell whether these are the rows at `points`."""
        own = self.points
        same = own.values is points.values and own.keys is points.keys
        return same and np.array_equal(own.severity, points.severity)


class AxisNode:
    """A scenario within the whole: its own lines and events, and its parts.

    Parameters
    ----------
    known
        Nodes that are there already: what two scenarios include as one object is read once.
    """

    def __init__(
        self,
        scenario: Scenario,
        directory: FactorDirectory,
        first_line: int,
        drivers: Collection[str],
        known: KnownNodes,
    ) -> None:
        par_yields = any(shock.factor == "par_yield" for shock in scenario.shocks)
        if par_yields or scenario.replay is not None or scenario.timing != "instant":
            raise NotAlongError
        self.scenario = scenario
        self.directory = directory
        self.parts: list[tuple[float, AxisNode]] = []
        for item in scenario.include:
            part = AxisNode.of(item.scenario, directory, first_line, drivers, known)
            self.parts.append((item.severity, part))
            first_line += len(item.scenario.lines)
        self.own = AxisLines(scenario, directory, first_line, drivers)
        self.first_event = first_line + len(scenario.shocks)
        self.names = {
            key.public_name for event in scenario.events for key in selected(event, directory, ProblemList())
        }
        self._event_lines: dict[tuple[int, str], Line] = {}
        self._latest: _Evaluated | None = None

    @classmethod
    def of(
        cls,
        scenario: Scenario,
        directory: FactorDirectory,
        first_line: int,
        drivers: Collection[str],
        known: KnownNodes,
    ) -> AxisNode:
        """Return the node of a scenario, the one in `known` where it is there."""
        # Identity stands for content: a node holds its scenario, so that no other object takes its number.
        place = id(scenario), first_line
        if place not in known:
            known[place] = cls(scenario, directory, first_line, drivers, known)
        return known[place]

    def lines_of(self, kind: str) -> dict[int, Line]:
        """Return by number the lines of the scenario and its parts that move factors of a kind.

        Events are among them once `rows` has let them happen.
        """
        found = {line.number: line for line in self.own.lines if line.kind.name == kind}
        found |= {number: line for (number, name), line in self._event_lines.items() if name == kind}
        for _, part in self.parts:
            found |= part.lines_of(kind)
        return found

    def rows(self, points: Points, possible: BoolArray) -> dict[RiskFactorKey, Row]:
        """Return the factors that it moves; where it cannot, `possible` becomes false."""
        if self._latest is None or not self._latest.is_at(points):
            own = np.ones(len(possible), np.bool_)
            self._latest = _Evaluated(points, self._rows(points, own), own)
        possible &= self._latest.possible
        return dict(self._latest.rows)

    def _rows(self, points: Points, possible: BoolArray) -> dict[RiskFactorKey, Row]:
        parts = [
            part.rows(points._replace(severity=points.severity * severity), possible)
            for severity, part in self.parts
        ]
        rows, sound = self.own.rows(points.severity, points.values, points.keys)
        possible &= sound
        self._add_events(rows, points, possible)
        if not parts:
            return rows
        return joined(self.scenario.combine, [*parts, rows], self.directory.market.levels, possible)

    def _add_events(self, rows: dict[RiskFactorKey, Row], points: Points, possible: BoolArray) -> None:
        """Change `rows` where events happen, column by column: they are few, and act at some severities."""
        if not self.scenario.events:
            return
        stated = {key: row for key, row in rows.items() if key.public_name in self.names}
        changed: dict[RiskFactorKey, _Cells] = {}
        for column, severity in enumerate(points.severity.tolist()):
            problems = ProblemList()
            before = {
                key: Move(float(row.level[column]), bool(row.floored[column]), (self.own.line_of(key),))
                for key, row in stated.items()
            }
            direct = DirectMoves(self.scenario, severity, Reach({}, ()), before)
            after = with_events(direct, self.directory, problems, self.first_event).moves
            possible[column] &= not len(problems)
            for key, move in after.items():
                if move is not before.get(key) and (points.keys is None or key in points.keys):
                    self._event_lines[move.lines[-1].number, key.kind] = move.lines[-1]
                    changed.setdefault(key, _Cells(rows.get(key), len(points.values))).put(column, move)
        rows.update((key, cells.row()) for key, cells in changed.items())


class _Cells:
    """A row under change by events; at first what lines make of it, or nothing."""

    def __init__(self, row: Row | None, n: int) -> None:
        self.level = np.zeros(n) if row is None else row.level.copy()
        self.floored = np.zeros(n, np.bool_) if row is None else row.floored.copy()
        self.decided = np.zeros(n, np.int64) if row is None else row.decided.copy()
        self.present = np.full(n, row is not None)
        self.certain = np.zeros(n, np.bool_)

    def put(self, column: int, move: Move) -> None:
        """Let a move give the level at a column."""
        last = move.lines[-1]
        self.level[column], self.floored[column] = move.level, move.floored
        self.decided[column], self.present[column] = last.number, True
        self.certain[column] = isinstance(last, EventLine) and not last.has_size

    def row(self) -> Row:
        """Return the row."""
        return Row(self.level, self.floored, self.decided, self.present, self.certain)


def _decided(
    rows: dict[RiskFactorKey, Row], keys: Keys, n: int, network: NetworkMoves | None
) -> tuple[bytes, ...]:
    """Return for each of n values what gives the factors of `keys` their levels, and who has failed."""
    numbers: list[IntArray] = list(_numbers(rows, keys))
    if network is not None:
        numbers += list(network.decided()[1:].T)
    if not numbers:
        return (b"",) * n
    table = np.ascontiguousarray(np.array(numbers).T)
    return tuple(row.tobytes() for row in table)


def _numbers(rows: dict[RiskFactorKey, Row], keys: Keys) -> Iterator[IntArray]:
    for key in sorted(rows.keys() & keys):
        row = rows[key]
        decided = 2 * row.decided + row.floored
        yield decided if row.present is None else np.where(row.present, decided, -1)


KnownNodes = dict[tuple[int, int], AxisNode]
"""Nodes by number of their scenario object and number of their first line."""
