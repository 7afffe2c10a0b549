"""Positions behind the changes between two runs: those of the portfolios that changed most."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from stresstest.batch.comparing.comparison import Comparison
from stresstest.batch.comparing.origin import OriginPosition, Origins
from stresstest.batch.inputs.loading import JobInputs
from stresstest.errors import InputError


@dataclass(frozen=True, slots=True)
class PositionChange:
    """P&L of a position in a scenario with the inputs of either run.

    `before` or `after` is None where the portfolio did not hold the position, or it has no value. Amounts are
    in the portfolio's `currency`.
    """

    portfolio: str
    position: str
    type: str
    scenario: str
    currency: str
    before: float | None
    after: float | None
    change: float


def position_changes(
    found: Comparison, inputs: tuple[JobInputs, JobInputs], count: int
) -> tuple[PositionChange, ...]:
    """Return the positions of the `count` portfolios that changed most, the largest change first.

    Both runs' inputs are valued by today's program; a change that only the model makes has no position.
    """
    cells = [(row, found.split.scenarios[column]) for row, column in found.largest(count)]
    names = [found.split.portfolios[row] for row, _ in cells]
    sides = [_Side(side, names) for side in inputs] if cells else []
    changes: list[tuple[float, PositionChange]] = []
    for row, scenario in cells:
        portfolio, rate = found.split.portfolios[row], float(found.rates[row])
        before, after = (side.positions(portfolio, scenario) for side in sides)
        moved = _moved(before, after, (portfolio, scenario, found.currencies[portfolio]))
        changes += [(-abs(item.change * rate), item) for item in moved]
    changes.sort(key=lambda pair: (pair[0], pair[1].portfolio, pair[1].position, pair[1].scenario))
    return tuple(item for _, item in changes)


_Held = dict[str, OriginPosition]


def _moved(before: _Held, after: _Held, cell: tuple[str, str, str]) -> Iterator[PositionChange]:
    """Yield the positions whose P&L in a cell (portfolio, scenario, currency) changed."""
    portfolio, scenario, currency = cell
    for name in dict.fromkeys((*before, *after)):
        pnl = [side[name].pnl if name in side else None for side in (before, after)]
        change = (pnl[1] or 0.0) - (pnl[0] or 0.0)
        if change:
            tag = (after.get(name) or before[name]).type
            yield PositionChange(portfolio, name, tag, scenario, currency, pnl[0], pnl[1], change)


class _Side:
    """The inputs of one run; without positions where today's program cannot value them."""

    def __init__(self, inputs: JobInputs, portfolios: list[str]) -> None:
        try:
            self._origins: Origins | None = Origins(inputs, tuple(dict.fromkeys(portfolios)))
        except InputError:
            self._origins = None

    def positions(self, portfolio: str, scenario: str) -> _Held:
        """Return positions by id."""
        if self._origins is None:
            return {}
        return {item.position: item for item in self._origins.positions(portfolio, scenario)}
