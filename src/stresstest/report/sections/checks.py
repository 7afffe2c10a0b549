"""Sections on coverage, plausibility and judgement."""

from __future__ import annotations

from collections.abc import Iterator

from stresstest.report.sections.blocks import (
    Block,
    Cell,
    Facts,
    Prose,
    Section,
    Table,
    columns,
    plain_rows,
)
from stresstest.report.view.books import BookView
from stresstest.report.view.checks import CoverageView, JudgementView
from stresstest.report.view.report import ReportView
from stresstest.report.view.wording import headed, horizon_text, listed, money_text, share_text

_JUDGED = ("judgement", "unverified", "not stated")


def coverage_section(book: BookView) -> Section | None:
    """Return what the scenarios reach, risk by risk, and which positions stand on proxies."""
    found = book.coverage
    if found is None:
        return None
    return Section(
        "coverage",
        "What the scenarios reach",
        f"{book.name}; all {found.n_scenarios:,} scenarios",
        "proof that what is reached moves by the right amount",
        tuple(_coverage(found)),
    )


def _coverage(found: CoverageView) -> Iterator[Block]:
    if found.never:
        held = share_text(found.never_share)
        yield Prose((f"Reached by no scenario ({held} of gross value): {listed(found.never, 20)}.",), "alarm")
    if found.risks:
        rows = [
            (
                line.kind.replace("_", " "),
                f"{line.positions:,}",
                share_text(line.share),
                Cell(f"{line.moved_in} of {found.n_scenarios}", "" if line.moved_in else "alarm"),
            )
            for line in found.risks
        ]
        heads = columns("Risk factor", "#Positions", "#Of gross value", "#Moved in scenarios")
        yield Table("Coverage by risk", heads, plain_rows(rows))
    if found.proxied:
        rows_of = (
            (
                line.position,
                line.issuer,
                line.proxy or "its own attributes",
                f"{line.currency} {money_text(line.stated_value)}",
                line.stated_date.isoformat(),
            )
            for line in found.proxied
        )
        heads = columns("Position", "Holds", "Moves with", "#Stated value", "As of")
        yield Table("Valued as stated, moved through a proxy", heads, plain_rows(rows_of))
    gap = f"{found.gap:.1e} of gross value"
    yield Prose((f"Positions add up to the total in every scenario; the largest gap is {gap}.",), "aside")


def plausibility_section(report: ReportView) -> Section | None:
    """Return the scenarios beside history."""
    if not report.plausibility:
        return None
    regimes = [name for name, _, _ in report.plausibility[0].distances]
    rows = []
    for line in report.plausibility:
        known = {name: f"{far:.1f} ({share_text(part)})" for name, far, part in line.distances}
        far = [known.get(name, "") for name in regimes]
        rows.append((line.scenario, *far, line.largest, f"{line.against}", f"{line.beyond}"))
    heads = columns(
        "Scenario",
        *(f"#{headed(name)} regime" for name in regimes),
        "Largest change",
        "#Against",
        "#Beyond",
    )
    note = (
        "Distance of the common factors in standard deviations, and the part of draws of the regime that "
        "stay nearer. Against: stated signs that history contradicts. Beyond: sizes larger than any seen."
    )
    return Section(
        "plausibility",
        "Beside history",
        "Every scenario, over its own horizon; the same for every portfolio",
        "a probability: a Gaussian percentile compares scenarios, and real tails are heavier",
        (Table("Plausibility", heads, plain_rows(rows), note),),
    )


def judgement_section(book: BookView) -> Section | None:
    """Return what of the worst loss rests on judgement."""
    found = book.judgement
    if found is None:
        return None
    line = book.losses.line(found.scenario)
    over = f" over {horizon_text(line.horizon)}" if line is not None and line.horizon else ""
    return Section(
        "judgement",
        "What rests on judgement",
        f"{book.name}; {found.scenario}{over}",
        "a measure of error: a documented number can be wrong, and a judgement right",
        tuple(_judgement(found)),
    )


def _judgement(found: JudgementView) -> Iterator[Block]:
    total = sum(count for _, count in found.classes)
    if found.share is not None:
        yield Facts((("Share of the loss that rests on judgement", share_text(found.share)),))
    if total:
        rows = [(name, f"{count:,}", share_text(count / total)) for name, count in found.classes]
        judged = sum(count for name, count in found.classes if name in _JUDGED)
        note = (
            f"{share_text(judged / total)} of the lines rest on judgement, or do not say what they rest on."
        )
        heads = columns("Class of evidence", "#Lines", "#Share")
        yield Table(f"Lines of {found.scenario} by class of evidence", heads, plain_rows(rows), note)
    if found.inputs:
        listing = ((one.name, one.basis, one.effect, one.source) for one in found.inputs)
        heads = columns("Input", "Class", "Moves the loss by", "Source")
        yield Table("Inputs that move the loss most", heads, plain_rows(listing))
    elif found.share is None:
        yield Prose(("How far single inputs move the loss was not measured in this run.",), "aside")
    if found.note:
        yield Prose((found.note,), "aside")
