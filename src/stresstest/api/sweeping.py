"""The verb and the facade of sweeps: a curve over a range, what flips along it, as data frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stresstest.api.verbs import compile_portfolios, market_of
from stresstest.errors import InputError, Location, Problem
from stresstest.market.snapshot import MarketSnapshot
from stresstest.measures.network_holders import with_holders
from stresstest.portfolio.model import Portfolio
from stresstest.scenarios.scenario import Scenario, ScenarioSet

if TYPE_CHECKING:
    from stresstest.arrays import FloatArray
    from stresstest.frames import DataFrame
    from stresstest.measures.breaches import Breach, Kept
    from stresstest.measures.break_points.record import BreakPoint, Unlisted
    from stresstest.measures.sweep import Axis
    from stresstest.measures.turning_points import Sweep, TurningPoint

__all__ = ["Swept", "sweep"]


@dataclass(frozen=True)
class _Question:
    """What is swept, over what."""

    portfolios: tuple[Portfolio, ...]
    scenario: Scenario
    market: MarketSnapshot
    axis: Axis
    steps: int


@dataclass(frozen=True)
class Swept:
    """A sweep with what was asked, and views of it as data frames.

    Attributes
    ----------
    result
        Numbers as arrays.
    question
        Portfolios, scenario, market, axis, number of steps.
    """

    result: Sweep
    question: _Question

    def compared_with(self, against: Portfolio) -> Swept:
        """Return the same sweep with another portfolio beside, such as the book before its hedge.

        Break-points then tell where both lose the same (`comparison`).

        Raises
        ------
        InputError
            ST412 where it is one of those that were swept, or in another currency.
        """
        require_comparable(self.question.portfolios, against, "compared_with")
        return _swept(self.question, against)

    @property
    def x(self) -> FloatArray:
        """`(n_points,)` values of the axis."""
        return self.result.x

    @property
    def pnl(self) -> FloatArray:
        """`(n_portfolios, n_points)` P&L, NaN where the scenario is impossible."""
        return self.result.pnl

    @property
    def portfolios(self) -> tuple[str, ...]:
        """Names, in the order of `pnl`."""
        return self.result.portfolios

    @property
    def turning_points(self) -> tuple[TurningPoint, ...]:
        """Kinks and cliffs, in order of the axis."""
        return self.result.turning_points

    @property
    def breaches(self) -> tuple[Breach, ...]:
        """Limits that are crossed, in order of the axis."""
        return self.result.breaches

    @property
    def kept(self) -> tuple[Kept, ...]:
        """Limits that no point of the axis breaches, or each does."""
        return self.result.kept

    @property
    def break_points(self) -> tuple[BreakPoint, ...]:
        """Everything that flips, in order of the axis."""
        return self.result.break_points

    @property
    def unlisted(self) -> tuple[Unlisted, ...]:
        """Break-points that are counted only: of little effect, or too many of a kind."""
        return self.result.unlisted

    @property
    def curve(self) -> DataFrame:
        """P&L by value of the axis and portfolio, each portfolio in its own currency."""
        from stresstest.frames import sweep_frame

        return sweep_frame(self.result, self.question.axis.name)

    @property
    def flips(self) -> DataFrame:
        """Break-points, a row each: where, whose, what flips, positions, loss there."""
        from stresstest.frames import break_points_frame

        return break_points_frame(self.result)

    def first(self, kind: str = "", portfolio: str = "") -> BreakPoint | None:
        """Return the first break-point of a kind (`limit`, `margin_call`, `default`, …), or of any."""
        return next(
            (
                item
                for item in self.break_points
                if kind in ("", item.kind) and portfolio in ("", item.portfolio)
            ),
            None,
        )

    def _repr_html_(self) -> str:
        from stresstest.io.sanitise import html_text
        from stresstest.measures.break_points.groups import groups

        def cells(tag: str, values: Sequence[str]) -> str:
            return "<tr>" + "".join(f"<{tag}>{html_text(value)}</{tag}>" for value in values) + "</tr>"

        head = cells("th", ["portfolio", self.question.axis.name, "loss", "what flips", "where"])
        rows = []
        for name in self.result.portfolios:
            for group in groups([item for item in self.break_points if item.portfolio == name]):
                first, more = group.first, len(group.members) - 1
                where = ", ".join(first.positions[:3]) or first.subject
                where += f" and {more} more" if more else ""
                at = self.question.axis.text(first.x, self.question.scenario)
                rows.append(cells("td", [name, at, f"{first.loss:,.0f}", first.what, where]))
        return f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"


def sweep(
    portfolios: Portfolio | Sequence[Portfolio],
    scenario: Scenario,
    market: MarketSnapshot | None = None,
    *,
    over: tuple[str, float, float] = ("severity", 0.0, 2.0),
    steps: int = 40,
) -> Swept:
    """Return the P&L of `portfolios` under `scenario` over a range, and where it breaks.

    Parameters
    ----------
    over
        `severity` or the name of a number driver, and the range in decimals.
    steps
        Number of steps of the grid.

    Raises
    ------
    InputError
        With everything that is wrong between portfolios, scenario and market.

    Examples
    --------
    >>> import stresstest as st
    >>> (scenario,) = st.load_scenarios("ai_capex_collapse")
    >>> swept = st.sweep(st.load_portfolio("ai_growth_fund"), scenario, steps=8)
    >>> swept.first("limit").positions
    ()
    """
    from stresstest.measures.sweep import Axis

    several = (portfolios,) if isinstance(portfolios, Portfolio) else tuple(portfolios)
    return _swept(_Question(several, scenario, market or market_of(several), Axis(*over), steps))


def _swept(question: _Question, against: Portfolio | None = None) -> Swept:
    from stresstest.measures.sweep import Sweeper
    from stresstest.measures.turning_points import sweep as swept

    some = ScenarioSet((question.scenario,))
    several = (*question.portfolios, *(() if against is None else (against,)))
    book = compile_portfolios(several, question.market, some)
    (acting,) = with_holders(some, book)
    sweeper = Sweeper(book, acting, question.axis)
    return Swept(swept(sweeper, question.steps, "" if against is None else against.name), question)


def require_comparable(portfolios: Sequence[Portfolio], against: Portfolio, where: str) -> None:
    """Raise `InputError` (ST412) for each portfolio that cannot be compared with `against`.

    Parameters
    ----------
    where
        Option or argument that names it.
    """
    problems = []
    for one in portfolios:
        if one.name == against.name:
            got = f"{one.name} against itself"
            problems.append(Problem("ST412", got, "another portfolio", Location(where)))
        elif one.currency != against.currency:
            got = f"{one.name} in {one.currency} against {against.name} in {against.currency}"
            problems.append(Problem("ST412", got, "portfolios in one currency", Location(where)))
    if problems:
        raise InputError(problems)
