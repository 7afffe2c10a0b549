"""Variants of a member of a sampled set, which differ in drawn drivers alone: moves worked out together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from stresstest.arrays import BoolArray
from stresstest.market.keys import RiskFactorKey
from stresstest.scenarios.axis_lines import NotAlongError, Row, Settings
from stresstest.scenarios.axis_moves import AxisNode, KnownNodes, Points, followed, stated_rows
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.driver_draws import distributed, member_name
from stresstest.scenarios.lines import Line, Reach
from stresstest.scenarios.member_stages import MemberStages
from stresstest.scenarios.moves import DirectMoves, Move
from stresstest.scenarios.scenario import Scenario

_JOINED = ("error", "override", "worst_of_factor")


@dataclass(frozen=True, slots=True, eq=False)
class StageRows:
    """One stage of all variants.

    Attributes
    ----------
    scenarios
        `(n_variants,)`.
    rows
        Levels of each factor that moves, by variant.
    lines
        By kind of factor and number, the lines that give them.
    changed
        Factors that stand elsewhere than in the quiet stage, or that another line moves, in some variant.
    """

    scenarios: tuple[Scenario, ...]
    severity: float
    rows: Mapping[RiskFactorKey, Row]
    lines: Mapping[str, Mapping[int, Line]]
    changed: tuple[RiskFactorKey, ...] = ()

    def floor(self, key: RiskFactorKey, column: int) -> float | None:
        """Return the floor of the line that moves a factor in a variant; None without one."""
        return self.lines[key.kind][int(self.rows[key].decided[column])].floor

    def has_floors(self, kind: str) -> bool:
        """Tell whether any line that moves factors of a kind has a floor."""
        return any(line.floor is not None for line in self.lines[kind].values())

    def direct(self, column: int, keys: Collection[RiskFactorKey]) -> DirectMoves:
        """Return the moves of some factors in a variant as those of one scenario."""
        moves = {
            key: self._move(key, column)
            for key in keys
            if key in self.rows and is_present(self.rows[key], column)
        }
        return DirectMoves(self.scenarios[column], self.severity, Reach({}, ()), moves)

    def _move(self, key: RiskFactorKey, column: int) -> Move:
        row = self.rows[key]
        line = self.lines[key.kind][int(row.decided[column])]
        return Move(float(row.level[column]), bool(row.floored[column]), (line,))

    def beside(self, quiet: StageRows) -> StageRows:
        """Return the stage with the factors that have changed from `quiet`."""
        found = [key for key, row in self.rows.items() if _differs(row, quiet.rows.get(key))]
        return replace(self, changed=(*found, *(key for key in quiet.rows if key not in self.rows)))


def is_present(row: Row, column: int) -> bool:
    """Tell whether anything moves the factor there."""
    return row.present is None or bool(row.present[column])


def _differs(row: Row, other: Row | None) -> bool:
    if other is None or not np.array_equal(row.level, other.level):
        return True
    n = len(row.level)
    present = [[is_present(one, column) for column in range(n)] for one in (row, other)]
    return present[0] != present[1] or not np.array_equal(row.decided, other.decided)


class VariantMoves:
    """Direct moves of variants of one scenario, at any severity: the levels that `walked` gives each.

    Lines are read, selected and ranked once for all variants and all their stages, and levels are worked out
    as arrays over the variants.

    Parameters
    ----------
    variants
        Scenarios alike but for the values of drivers that have a distribution.

    Raises
    ------
    NotAlongError
        For what has to be compiled variant by variant: see `AxisMoves`; and moves that several lines
        compound.
    """

    def __init__(self, variants: Sequence[Scenario], directory: FactorDirectory) -> None:
        self.directory = directory
        self.settings: list[Settings] = [
            {name: driver.value for name, driver in distributed(variant).items()} for variant in variants
        ]
        self._known: KnownNodes = {}
        self._names = tuple(self.settings[0])

    def stay_inside(self, scenario: Scenario, severity: float) -> bool:
        """Tell whether every level of every variant of `scenario`, links followed, lies in its domain."""
        rows, possible = self._rows(self._node(scenario), severity)
        followed(stated_rows(rows, self.directory, len(possible)), self.directory, possible)
        return bool(possible.all())

    def stage(self, scenarios: Sequence[Scenario], severity: float) -> StageRows:
        """Return the moves of one stage of every variant.

        Parameters
        ----------
        scenarios
            The stage, in the order of the variants.

        Raises
        ------
        NotAlongError
            Where a level leaves its domain, or a floor stops one that severity goes on to scale.
        """
        node = self._node(scenarios[0])
        rows, possible = self._rows(node, severity)
        followed(stated_rows(rows, self.directory, len(possible)), self.directory, possible)
        floored = not node.scenario.include and any(row.floored.any() for row in rows.values())
        if not possible.all() or floored:
            raise NotAlongError
        lines = {kind: node.lines_of(kind) for kind in {key.kind for key in rows}}
        return StageRows(tuple(scenarios), severity, rows, lines)

    def _node(self, scenario: Scenario) -> AxisNode:
        if scenario.goes_on or scenario.propagate is not None or not _is_plain(scenario):
            raise NotAlongError
        return AxisNode.of(scenario, self.directory, 1, self._names, self._known)

    def _rows(self, node: AxisNode, severity: float) -> tuple[dict[RiskFactorKey, Row], BoolArray]:
        n = len(self.settings)
        possible = np.ones(n, np.bool_)
        return node.rows(Points(self.settings, np.full(n, severity), None), possible), possible


def variant_moves(
    scenarios: Sequence[Scenario],
    stages: Sequence[MemberStages],
    highest: Sequence[float],
    directory: FactorDirectory,
) -> dict[int, tuple[int, list[StageRows]]]:
    """Return by number of a scenario its column in the stages at severity 1, of those worked out together.

    The first variant of each member is left out, and so is every member that has to be compiled scenario by
    scenario: what is wrong with a member is found there, in words.

    Parameters
    ----------
    stages, highest
        Of each scenario, with the highest severity at which its levels must lie in their domains.
    """
    found: dict[int, tuple[int, list[StageRows]]] = {}
    for group in _groups(scenarios):
        try:
            table = _table([scenarios[number] for number in group], [stages[number] for number in group],
                           highest[group[0]], directory)  # fmt: skip
        except NotAlongError:
            continue
        found |= {number: (column, table) for column, number in enumerate(group) if column}
    return found


def _groups(scenarios: Sequence[Scenario]) -> list[list[int]]:
    """Return the numbers of the variants of each member that has several."""
    by_member: dict[str, list[int]] = {}
    for number, scenario in enumerate(scenarios):
        by_member.setdefault(member_name(scenario.name), []).append(number)
    return [numbers for numbers in by_member.values() if len(numbers) > 1]


def _table(
    variants: Sequence[Scenario], stages: Sequence[MemberStages], highest: float, directory: FactorDirectory
) -> list[StageRows]:
    """Return the stages of all variants, the quiet one first.

    Raises
    ------
    NotAlongError
        Where they cannot be worked out together.
    """
    moves = VariantMoves(variants, directory)
    if not moves.stay_inside(variants[0], highest):
        raise NotAlongError
    rows = [(one.quiet, *one.stages) for one in stages]
    quiet, *later = (moves.stage(column, 1.0) for column in zip(*rows, strict=True))
    return [quiet, *(stage.beside(quiet) for stage in later)]


def _is_plain(scenario: Scenario) -> bool:
    """Tell whether each move is one line's, in the scenario and its parts."""
    joined = not scenario.include or scenario.combine in _JOINED
    return joined and all(_is_plain(item.scenario) for item in scenario.include)
