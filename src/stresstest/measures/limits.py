"""Loss limits that a portfolio states, checked against a result."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from stresstest.errors import InputError, Problem, nearest
from stresstest.portfolio.model import Limit
from stresstest.revaluation.result import PortfolioResult

ANY = "any"

OK, WARNING, HARD = LEVELS = ("ok", "warning", "hard")
"""Levels of a limit, the gravest last."""


@dataclass(frozen=True, slots=True)
class LimitCheck:
    """A limit against its worst scenario: `loss` is −P&L ÷ the limit's denominator.

    Any loss on a denominator of 0, the base value of a book that finances itself, is infinite.
    """

    limit: Limit
    scenario: str
    loss: float

    @property
    def breached(self) -> bool:
        """Whether the loss exceeds the limit."""
        return self.loss > self.limit.max_loss

    @property
    def level(self) -> str:
        """`ok`; `warning` where the loss exceeds the warning level; `hard` where it exceeds the limit."""
        if self.breached:
            return HARD
        warning = self.limit.warning
        return WARNING if warning is not None and self.loss > warning else OK


def check_limits(result: PortfolioResult, further: Sequence[Limit] = ()) -> tuple[LimitCheck, ...]:
    """Return every limit of the portfolio with the worst of the scenarios that it covers.

    A limit on a scenario that was not run is left out; `unchecked_limits` names it.

    Parameters
    ----------
    further
        Limits beside the portfolio's own, such as those of a job.
    """
    checks = []
    for limit in (*result.held.portfolio.portfolio.limits, *further):
        denominator = abs(result.base_value) if limit.of == "base" else result.gross_value
        columns = [
            column
            for column, name in enumerate(result.table.scenario)
            if column and limit.scenario in (ANY, name)
        ]
        if not columns:
            continue
        worst = min(columns, key=lambda column: float(result.pnl[column]))
        loss = _share(-float(result.pnl[worst]), denominator)
        checks.append(LimitCheck(limit, result.table.scenario[worst], loss))
    return tuple(checks)


def unchecked_limits(result: PortfolioResult) -> tuple[Limit, ...]:
    """Return the limits on scenarios that were not run: nothing is known of them."""
    run = {ANY, *result.table.scenarios}
    return tuple(limit for limit in result.held.portfolio.portfolio.limits if limit.scenario not in run)


def _share(loss: float, denominator: float) -> float:
    if denominator:
        return loss / denominator
    return math.copysign(math.inf, loss) if loss else 0.0


def require_scenarios(limits: tuple[Limit, ...], known: tuple[str, ...]) -> None:
    """Raise `InputError` for each limit on a scenario that is none of `known`."""
    problems = [
        Problem(
            "ST263", f"limit on scenario {limit.scenario!r}", "any, or a known scenario", limit.location, near
        )
        for limit in limits
        if limit.scenario != ANY and limit.scenario not in known
        for near in (nearest(limit.scenario, known),)
    ]
    if problems:
        raise InputError(problems)
