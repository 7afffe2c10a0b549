"""Reports and pictures of results and plans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from stresstest.errors import InputError, Problem, nearest
from stresstest.io.atomic_file import write_atomically

if TYPE_CHECKING:
    from os import PathLike

    from stresstest.api.hedging import Hedge
    from stresstest.api.results import Stress
    from stresstest.report.building.material import Material
    from stresstest.report.charts.style import Picture
    from stresstest.report.view.report import ReportView

__all__ = ["HedgePlots", "StressPlots", "material_of", "report_page", "report_view_of", "write_report"]

_Found = TypeVar("_Found")


def material_of(
    stress: Stress, hedges: Sequence[Hedge] = (), *, cards: bool = True, thorough: bool = False
) -> Material:
    """Return what a report of a result and plans is made from."""
    from stresstest.report.building.material import Material

    return Material(
        stress.result,
        stress.compiled,
        stress.scenarios,
        stress.severity,
        stress.plausibility() if cards else (),
        tuple(hedge.plan for hedge in hedges),
        stress.sampled,
        thorough=thorough,
    )


def report_view_of(
    stress: Stress, hedges: Sequence[Hedge] = (), title: str = "", *, judgement: bool = False
) -> ReportView:
    """Return a report as plain data; with `judgement` every judged number of the worst scenario is moved."""
    from stresstest.report.building.books import report_view

    return report_view(material_of(stress, hedges, thorough=judgement), title)


def report_page(view: ReportView) -> str:
    """Return a report as one HTML document that needs nothing else."""
    from stresstest.report.page.html import page_of

    return page_of(view)


def write_report(view: ReportView, path: str | PathLike[str], *, force: bool = False) -> None:
    """Write a report as one HTML file, whole or not at all.

    Raises
    ------
    InputError
        For a file that exists, unless `force`, or a place that cannot be written.
    """
    write_atomically(Path(path), report_page(view).encode("utf-8"), force)


def stress_fragment(stress: Stress) -> str:
    """Return the answer and the losses of a result as markup for a notebook."""
    from stresstest.report.building.books import brief_view
    from stresstest.report.page.html import fragment_of
    from stresstest.report.sections.answer import answers
    from stresstest.report.sections.losses import loss_section

    view = brief_view(replace(material_of(stress, cards=False), banded=False))
    return fragment_of([loss_section(view, book) for book in view.books], answers(view))


def hedge_fragment(hedge: Hedge) -> str:
    """Return a plan, or why there is none, as markup for a notebook."""
    from stresstest.report.building.hedge import hedge_view
    from stresstest.report.page.html import fragment_of
    from stresstest.report.sections.hedge import hedge_section

    return fragment_of([hedge_section(hedge_view(hedge.plan))])


@dataclass(frozen=True)
class StressPlots:
    """Pictures of a result as matplotlib axes; nothing is shown, and no setting of the host changes.

    Each draws one portfolio, by name; the only one, or the first, where none is named. `ax` are axes to draw
    on; without them a figure is made, which `.figure` of what is returned gives.

    Examples
    --------
    >>> import stresstest as st
    >>> result = st.stress(st.load_portfolio("ai_growth_fund"), st.load_scenarios("ai_capex_collapse"))
    >>> result.plot.bars().get_label()
    'P&L by scenario, ai_growth_fund'
    """

    stress: Stress

    def bars(self, portfolio: str = "", ax: Picture | None = None) -> Picture:
        """Draw P&L by scenario with the severity band."""
        from stresstest.report.building.losses import losses
        from stresstest.report.charts.bars import bars

        material, place = self._of(portfolio)
        return bars(losses(material, material.result.portfolios[place], None, place), ax)

    def heatmap(self, portfolio: str = "", ax: Picture | None = None) -> Picture:
        """Draw positions, or issuers where they are many, by the worst scenarios.

        Raises
        ------
        ValueError
            Where the run kept totals only.
        """
        from stresstest.report.building.splits import heat_map
        from stresstest.report.charts.heatmap import heatmap

        material, place = self._of(portfolio)
        return heatmap(_known(heat_map(material, material.result.portfolios[place]), "positions"), ax)

    def waterfall(self, scenario: str = "", portfolio: str = "", ax: Picture | None = None) -> Picture:
        """Draw a scenario, the worst unless one is named, by mechanism; by factors where there is but one.

        Raises
        ------
        ValueError
            Where the run kept totals only.
        """
        from stresstest.report.building.splits import waterfalls
        from stresstest.report.charts.waterfall import waterfall

        material, place = self._of(portfolio, scenario)
        found = waterfalls(material, material.result.portfolios[place], place)
        return waterfall(_known(next(iter(found), None), "positions"), ax)

    def severity(self, scenario: str = "", portfolio: str = "", ax: Picture | None = None) -> Picture:
        """Draw a scenario, the worst unless one is named, by severity with break-points and limits.

        Raises
        ------
        ValueError
            Where no severity of it is possible, or the run kept totals only.
        """
        from stresstest.report.building.curves import severity_curve
        from stresstest.report.charts.curves import severity

        material, place = self._of(portfolio, scenario)
        found = severity_curve(material, material.result.portfolios[place], place)
        return severity(_known(found, "severities"), ax)

    def path(self, scenario: str = "", portfolio: str = "", ax: Picture | None = None) -> Picture:
        """Draw a path, the one with the deepest fall unless one is named, with its drawdown.

        Raises
        ------
        ValueError
            Where the scenario does not leave today.
        """
        from stresstest.report.building.curves import path_curves
        from stresstest.report.charts.curves import path

        material, place = self._of(portfolio, scenario)
        found = path_curves(material, material.result.portfolios[place])
        wanted = (curve for curve in found if scenario in ("", curve.scenario))
        return path(_known(next(wanted, None), "steps in time"), ax)

    def network(self, scenario: str = "", portfolio: str = "") -> Picture:
        """Draw the firms of a scenario's network that lose most, and the money between them.

        Raises
        ------
        ValueError
            Where the scenario uses no network.
        """
        from stresstest.report.building.networks import network_part
        from stresstest.report.charts.network import network

        material, place = self._of(portfolio, scenario)
        names = [scenario] if scenario else material.ranked(material.result.portfolios[place])
        wanted = next((name for name in names if name in material.compiled.networks), None)
        return network(network_part(material, _known(wanted, "network")))

    def _of(self, portfolio: str, scenario: str = "") -> tuple[Material, int]:
        """Return the material with the scenario in focus, and the place of the portfolio."""
        material = material_of(self.stress, cards=False)
        names = [held.name for held in material.result.portfolios]
        place = 0 if not portfolio else _place(portfolio, names, "portfolio")
        if scenario:
            _place(scenario, list(material.last_columns), "scenario")
            material = replace(material, chosen=scenario)
        return material, place


@dataclass(frozen=True)
class HedgePlots:
    """Pictures of a plan as matplotlib axes."""

    hedge: Hedge

    def bars(self, ax: Picture | None = None) -> Picture:
        """Draw P&L by scenario before and after the hedge."""
        from stresstest.report.building.hedge import hedge_view
        from stresstest.report.charts.bars import hedge

        return hedge(hedge_view(self.hedge.plan), ax)

    def frontier(self, rule: str = "", ax: Picture | None = None) -> Picture:
        """Draw the frontier of a rule, the first unless one is named.

        Raises
        ------
        ValueError
            Where the plan was made without frontiers.
        InputError
            ST415 for a rule without one.
        """
        from stresstest.report.building.hedge import hedge_view
        from stresstest.report.charts.curves import frontier

        found = hedge_view(self.hedge.plan).frontiers
        if not found:
            raise ValueError("the plan has no frontier: ask for it with hedge(..., frontier=True)")
        place = 0 if not rule else _place(rule, [one.rule for one in found], "rule")
        return frontier(found[place], ax)


def _known(found: _Found | None, what: str) -> _Found:
    if found is None:
        raise ValueError(f"the result has no {what} to draw")
    return found


def _place(name: str, names: list[str], what: str) -> int:
    if name not in names:
        expected = f"one of {', '.join(names)}"
        problem = Problem("ST415", f"{what} {name!r}", expected, suggestion=nearest(name, names))
        raise InputError([problem])
    return names.index(name)
