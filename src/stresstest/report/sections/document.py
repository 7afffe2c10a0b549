"""A whole report as sections in order: the answer, what to know first, losses and why, hedge, evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from stresstest.report.sections.answer import answers
from stresstest.report.sections.blocks import Facts, Section
from stresstest.report.sections.checks import coverage_section, judgement_section, plausibility_section
from stresstest.report.sections.curves import path_section, severity_section
from stresstest.report.sections.exposures import concentration_section, exit_section
from stresstest.report.sections.hedge import hedge_section
from stresstest.report.sections.losses import (
    heat_section,
    loss_section,
    share_section,
    waterfall_section,
)
from stresstest.report.sections.networks import network_sections
from stresstest.report.sections.opening import figures, first_section
from stresstest.report.sections.provenance import provenance_section, scenario_section, sign_section
from stresstest.report.view.books import BookView
from stresstest.report.view.report import ReportView
from stresstest.report.view.wording import horizon_text

IS_NOT = "Losses if a scenario happens. Not a forecast, not a probability, not investment advice."


@dataclass(frozen=True, slots=True)
class Document:
    """A report in words.

    Attributes
    ----------
    answers
        A sentence or two a portfolio.
    figures
        By portfolio: name, title and its figures at a glance.
    notice
        Stands at the head where issuers default.
    """

    title: str
    scope: str
    is_not: str
    answers: tuple[str, ...]
    figures: tuple[tuple[str, str, Facts], ...]
    notice: str
    sections: tuple[Section, ...]


def document_of(report: ReportView) -> Document:
    """Return a report in words, every section with an anchor of its own."""
    horizons = dict.fromkeys(
        horizon_text(book.losses.worst.horizon) for book in report.books if book.losses.worst is not None
    )
    over = f"; worst losses over {', '.join(one for one in horizons if one)}" if any(horizons) else ""
    market = report.provenance.market
    as_of = report.provenance.as_of.isoformat()
    named = "" if market == as_of else f" {market}"
    return Document(
        report.title,
        f"Market{named} as of {as_of}{over}",
        IS_NOT,
        answers(report),
        tuple((book.name, book.title, figures(report, book)) for book in report.books),
        report.notice,
        tuple(_unique(_sections(report))),
    )


def _sections(report: ReportView) -> Iterator[Section]:
    yield first_section(report)
    many = len(report.books) > 1
    for book in report.books:
        for section in (loss_section(report, book), *_of_book(book)):
            if section is not None:
                yield replace(section, title=f"{book.name}: {section.title}") if many else section
    yield from network_sections(report)
    for plan in report.hedges:
        yield hedge_section(plan)
    for found in (plausibility_section(report), scenario_section(report)):
        if found is not None:
            yield found
    yield provenance_section(report)
    yield sign_section()


def _of_book(book: BookView) -> Iterator[Section | None]:
    yield heat_section(book)
    yield waterfall_section(book)
    yield share_section(book)
    yield concentration_section(book)
    yield severity_section(book)
    yield path_section(book)
    yield exit_section(book)
    yield coverage_section(book)
    yield judgement_section(book)


def _unique(sections: Iterator[Section]) -> Iterator[Section]:
    seen: dict[str, int] = {}
    for section in sections:
        seen[section.anchor] = count = seen.get(section.anchor, 0) + 1
        yield section if count == 1 else replace(section, anchor=f"{section.anchor}-{count}")
