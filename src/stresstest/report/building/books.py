"""A portfolio of a report, and the whole report, from a result."""

from __future__ import annotations

import math
from collections.abc import Iterator

from stresstest.measures.coverage import coverage
from stresstest.measures.funding import funding
from stresstest.measures.margin import margin
from stresstest.measures.percentages import has_small_base
from stresstest.measures.tail import tail_measures
from stresstest.report.building.checks import (
    coverage_view,
    failure_lines,
    limit_lines,
    plausibility_lines,
)
from stresstest.report.building.curves import path_curves, severity_curve
from stresstest.report.building.exposures import concentration, exits
from stresstest.report.building.hedge import hedge_view
from stresstest.report.building.judgements import judgement_view, nav_view
from stresstest.report.building.losses import losses
from stresstest.report.building.material import Material
from stresstest.report.building.networks import network_parts
from stresstest.report.building.provenance import provenance, scenario_notes
from stresstest.report.building.splits import heat_map, shares, waterfalls
from stresstest.report.view.books import BookView
from stresstest.report.view.report import Provenance, ReportView
from stresstest.report.view.wording import short_text, size_text
from stresstest.revaluation.result import PortfolioResult
from stresstest.scenarios.event import NOTICE

_LEVELS = (0.95, 0.99)


def report_view(material: Material, title: str = "") -> ReportView:
    """Return everything that a report shows of a result and its plans."""
    books = tuple(book_view(material, place) for place in range(len(material.result.portfolios)))
    defaults = any(line.defaults for book in books for line in book.losses.lines)
    return ReportView(
        title or ", ".join(book.title or book.name for book in books[:3]),
        material.severity,
        provenance(material),
        books,
        scenarios=scenario_notes(material),
        plausibility=plausibility_lines(material.cards),
        networks=network_parts(material) if books else (),
        hedges=tuple(hedge_view(plan) for plan in material.plans),
        notes=tuple(dict.fromkeys(_notes(material))),
        notice=NOTICE if defaults else "",
        missing=tuple(_missing(material)),
    )


def brief_view(material: Material) -> ReportView:
    """Return losses, limits and failures only, which take no further revaluation."""
    books = []
    for place, held in enumerate(material.result.portfolios):
        found = losses(material, held, None, place)
        head = held.name, held.held.portfolio.portfolio.title, held.currency
        sizes = held.base_value, held.gross_value, len(held.position_ids)
        small, limits = has_small_base(held), limit_lines(held)
        books.append(BookView(*head, *sizes, small, found, limits=limits, failures=failure_lines(held)))
    defaults = any(line.defaults for book in books for line in book.losses.lines)
    market = material.result.book.market
    where = Provenance(market.name, market.as_of, market.title, (), (), ())
    return ReportView("", material.severity, where, tuple(books), notice=NOTICE if defaults else "")


def _notes(material: Material) -> Iterator[str]:
    """Yield what a reader must know of the data, without the folders of this machine."""
    files = {scenario.location.file for scenario in material.scenarios if scenario.location.file}
    for warning in map(str, material.result.warnings):
        yield _without_folder(warning, files)
    for line in material.compiled.unmatched:
        yield f"{line.scenario}: {line.text} reaches nothing in this market"


def _without_folder(text: str, files: set[str]) -> str:
    name = next((file for file in files if text.startswith(f"{file}:")), "")
    return text.removeprefix(name[: max(name.rfind("/"), name.rfind("\\")) + 1]) if name else text


def _missing(material: Material) -> Iterator[str]:
    if not material.cards:
        yield "How plausible scenarios are beside history: the market has no factor model."


def book_view(material: Material, place: int) -> BookView:
    """Return everything that is shown of the portfolio at a place of the result."""
    held = material.result.portfolios[place]
    kept = held.units is not None
    covered = coverage(held, material.compiled.columns, material.compiled.effects) if kept else None
    any_scenario = bool(material.last_columns)
    return BookView(
        *(held.name, held.held.portfolio.portfolio.title, held.currency, held.base_value, held.gross_value),
        *(len(held.position_ids), has_small_base(held)),
        losses=losses(material, held, covered, place),
        heat=heat_map(material, held) if any_scenario else None,
        waterfalls=waterfalls(material, held, place) if any_scenario and kept else (),
        shares=shares(material, held) if any_scenario else (),
        concentration=concentration(material, held) if any_scenario else None,
        severity=severity_curve(material, held, place) if any_scenario else None,
        paths=path_curves(material, held),
        coverage=coverage_view(material, held, covered),
        limits=limit_lines(held),
        failures=failure_lines(held),
        exits=exits(material, held) if any_scenario else None,
        judgement=judgement_view(material, held),
        nav=nav_view(held),
        further=tuple(_further(material, held, place)),
        missing=tuple(_missing_of(held)),
    )


def _further(material: Material, held: PortfolioResult, place: int) -> Iterator[tuple[str, str]]:
    worst = next(iter(material.ranked(held)), "")
    owed, account = funding(held), margin(held)
    if owed is not None and worst:
        before, after = (float(owed.ratio[column]) for column in (0, material.last_columns[worst]))
        yield "Funded ratio today", f"{100.0 * before:.1f} %" if math.isfinite(before) else "–"
        yield f"Funded ratio in {worst}", f"{100.0 * after:.1f} %" if math.isfinite(after) else "–"
    if account is not None and worst:
        call = float(account.call[material.last_columns[worst]])
        yield f"Margin call in {worst}", short_text(call) if call > 0.0 else "none"
    if material.sampled is not None:
        for level in _LEVELS:
            tail = tail_measures(material.sampled.portfolios[place], level)
            percent = 100.0 * tail.expected_shortfall / abs(held.base_value) if held.base_value else None
            what = f"Expected shortfall of the draws at {100.0 * level:g} %"
            yield what, f"{short_text(tail.expected_shortfall)} ({size_text(percent)})"


def _missing_of(held: PortfolioResult) -> Iterator[str]:
    if held.units is None:
        yield "Positions: the run kept totals only in the memory that it may take."
