"""What a run shows of each portfolio: the numbers of the table, worst first, before any drawing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from stresstest.measures.attributes import attribute_names
from stresstest.measures.coverage import Coverage, coverage
from stresstest.measures.funding import Funding, funding
from stresstest.measures.limits import LimitCheck, check_limits, unchecked_limits
from stresstest.measures.margin import Margin, margin
from stresstest.measures.paths import ValuePath, value_path
from stresstest.measures.percentages import (
    has_small_base,
    percent_of_base,
    percent_of_gross,
    shown_percent,
)
from stresstest.measures.reconciliation import Reconciliation, reconcile
from stresstest.portfolio.model import Limit
from stresstest.revaluation.result import PortfolioResult, StressResult
from stresstest.scenarios.effects import CompiledScenarios
from stresstest.scenarios.scenario import Scenario

MOVERS = 3
"""Positions named beneath each scenario."""


@dataclass(frozen=True, slots=True)
class Mover:
    """A position with its base value and P&L in one scenario."""

    position: str
    base_value: float
    pnl: float


@dataclass(frozen=True, slots=True)
class ScenarioLine:
    """One scenario of one portfolio.

    Attributes
    ----------
    column
        Column of the result.
    percent
        P&L in per cent of |base value|; None where that is 0.
    reach
        Share of gross base value whose factors the scenario moves; None where positions were not kept.
    movers
        Every position that has a P&L, the one that hurts most first.
    path
        Values over time, of a scenario with steps; its other figures are those of the last step.
    percent_of_gross
        P&L in per cent of gross value; None where that is 0.
    reached_positions, reached_exposure
        Number of the positions whose factors the scenario moves, and their share of exposure (`Coverage`);
        None where positions were not kept.
    """

    name: str
    title: str
    horizon: str
    column: int
    stressed_value: float
    pnl: float
    percent: float | None
    reach: float | None
    movers: tuple[Mover, ...]
    path: ValuePath | None = None
    percent_of_gross: float | None = None
    reached_positions: int | None = None
    reached_exposure: float | None = None

    @property
    def worst_movers(self) -> tuple[Mover, ...]:
        """The positions that lose most, at most three; in a scenario of gains those that gain most."""
        losing = [mover for mover in self.movers if mover.pnl < 0.0][:MOVERS]
        if losing or not self.movers:
            return tuple(losing)
        return tuple(mover for mover in self.movers[::-1][:MOVERS] if mover.pnl > 0.0)


@dataclass(frozen=True, slots=True)
class PortfolioView:
    """One portfolio: its headline, and its scenarios with the worst first."""

    result: PortfolioResult
    scenarios: tuple[ScenarioLine, ...]
    coverage: Coverage | None
    reconciliation: Reconciliation | None
    limits: tuple[LimitCheck, ...]
    unchecked: tuple[Limit, ...]
    funding: Funding | None = None
    margin: Margin | None = None

    @property
    def counts_gross(self) -> bool:
        """Whether per cent of gross value are shown, as those of base value would mislead."""
        return has_small_base(self.result)

    def shown_percent(self, pnl: float) -> float | None:
        """Return `pnl` in per cent of base value, or of gross value where that misleads."""
        return shown_percent(self.result, pnl)

    @property
    def title(self) -> str:
        """Title of the portfolio as written, or empty."""
        return self.result.held.portfolio.portfolio.title


def last_columns(result: StressResult | PortfolioResult) -> dict[str, int]:
    """Return for each scenario the column of its final stage."""
    return {name: int(result.table.columns_of(name)[-1]) for name in result.table.scenarios}


def knows(view: PortfolioView, attribute: str) -> bool:
    """Tell whether the positions of a portfolio can be grouped by `attribute`."""
    return view.result.units is not None and attribute in attribute_names(view.result)


def portfolio_view(
    result: PortfolioResult, compiled: CompiledScenarios, scenarios: Mapping[str, Scenario]
) -> PortfolioView:
    """Return what is shown of `result`; `scenarios` are those of its columns, by name."""
    covered = None if result.units is None else coverage(result, compiled.columns, compiled.effects)
    lines = [
        ScenarioLine(
            name,
            scenarios[name].title if name in scenarios else "",
            scenarios[name].horizon if name in scenarios else "",
            column,
            float(result.value[column]),
            float(result.pnl[column]),
            percent_of_base(result, float(result.pnl[column])),
            None if covered is None else covered.share(column),
            _movers(result, column),
            value_path(result, compiled.columns, name),
            percent_of_gross(result, float(result.pnl[column])),
            None if covered is None else covered.count(column),
            None if covered is None else covered.exposure_share(column),
        )
        for name, column in last_columns(result).items()
    ]
    lines.sort(key=lambda line: line.pnl)
    limits = check_limits(result), unchecked_limits(result)
    return PortfolioView(
        result, tuple(lines), covered, reconcile(result), *limits, funding(result), margin(result)
    )


def _movers(result: PortfolioResult, column: int) -> tuple[Mover, ...]:
    if result.units is None:
        return ()
    base, pnl = result.position_value[:, 0].tolist(), result.position_pnl[:, column].tolist()
    rows = zip(result.position_ids, base, pnl, strict=True)
    movers = [Mover(*row) for row in rows if not math.isnan(row[2])]
    return tuple(sorted(movers, key=lambda mover: mover.pnl))
