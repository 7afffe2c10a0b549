"""Positions behind the changes between two runs: those of the cells that changed most."""

from __future__ import annotations

from dataclasses import dataclass

from stresstest.batch.comparing.comparison import Comparison
from stresstest.batch.comparing.origin import Origins
from stresstest.batch.inputs.loading import JobInputs
from stresstest.errors import InputError


@dataclass(frozen=True, slots=True)
class PositionChange:
    """P&L of a position in a scenario with the inputs of either run.

    `before` or `after` is None where the portfolio did not hold the position, or it has no value.
    """

    portfolio: str
    position: str
    scenario: str
    before: float | None
    after: float | None
    change: float


def position_changes(
    found: Comparison, inputs: tuple[JobInputs, JobInputs], count: int
) -> tuple[PositionChange, ...]:
    """Return the positions of the `count` cells that changed most, the largest change first.

    Both runs' inputs are valued by today's program; a change that only the model makes has no position.
    """
    cells = [
        (found.split.portfolios[row], found.split.scenarios[column])
        for row, column in found.split.largest(count)
    ]
    sides = [_Side(side, [portfolio for portfolio, _ in cells]) for side in inputs] if cells else []
    changes: list[PositionChange] = []
    for cell in cells:
        before, after = (side.pnl(*cell) for side in sides)
        for name in dict.fromkeys((*before, *after)):
            change = (after.get(name) or 0.0) - (before.get(name) or 0.0)
            if change:
                changes.append(
                    PositionChange(cell[0], name, cell[1], before.get(name), after.get(name), change)
                )
    changes.sort(key=lambda item: (-abs(item.change), item.portfolio, item.position, item.scenario))
    return tuple(changes)


class _Side:
    """The inputs of one run; without P&L where today's program cannot value them."""

    def __init__(self, inputs: JobInputs, portfolios: list[str]) -> None:
        try:
            self._origins: Origins | None = Origins(inputs, tuple(dict.fromkeys(portfolios)))
        except InputError:
            self._origins = None

    def pnl(self, portfolio: str, scenario: str) -> dict[str, float | None]:
        """Return P&L by position."""
        if self._origins is None:
            return {}
        return {item.position: item.pnl for item in self._origins.positions(portfolio, scenario)}
