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
    filled,
    plain_rows,
    signed,
)
from stresstest.report.view.books import BookView
from stresstest.report.view.checks import CoverageView, JudgementView, ProxyLine
from stresstest.report.view.report import ReportView
from stresstest.report.view.wording import (
    headed,
    horizon_text,
    listed,
    money_text,
    percent_text,
    share_text,
    small_number,
)
from stresstest.scenarios.basis import JUDGED as _JUDGED


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
        yield _proxies(found.proxied)
    gap = f"{found.gap:.1e} of gross value"
    yield Prose((f"Positions add up to the total in every scenario; the largest gap is {gap}.",), "aside")


def _proxies(found: tuple[ProxyLine, ...]) -> Table:
    rows = [
        (
            line.position,
            line.issuer,
            line.proxy or "its own attributes",
            "a level of its own"
            if line.stated_value is None
            else f"{line.currency} {money_text(line.stated_value)}",
            share_text(line.share),
            "" if line.stated_date is None else line.stated_date.isoformat(),
            "" if line.age_days is None else f"{line.age_days:,}",
            "" if line.roll is None else percent_text(100.0 * line.roll),
        )
        for line in found
    ]
    heads = columns(
        *("Position", "Holds", "Moves with", "#Stated value", "#Of gross value", "As of", "#Days old"),
        "#Moved since",
    )
    rolled = any(line.roll is not None for line in found)
    note = "Moved since: return of what it moves with since then, which the base value has." if rolled else ""
    return Table("Positions that the market alone does not value", *filled(heads, plain_rows(rows)), note)


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
    by_regime = (f"#{headed(name)}" for name in regimes)
    heads = columns("Scenario", *by_regime, "Largest change", "#Against", "#Beyond")
    note = (
        "By regime the distance of the common factors in standard deviations, and the part of its draws that "
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
    if found.share is not None:
        yield Facts(tuple(_judgement_facts(found)))
    if found.rests:
        yield _rests(found)
    if found.inputs:
        yield _inputs(found)
    elif found.share is None:
        yield Prose(("How far single inputs move the loss was not measured in this run.",), "aside")
    if found.note:
        yield Prose((found.note,), "aside")
    if found.challengers:
        yield _challengers(found)
    if found.classes:
        yield _classes(found)
    if found.register:
        yield _register(found)


def _judgement_facts(found: JudgementView) -> Iterator[tuple[str, str]]:
    yield "Share of the loss that rests on judgement", judged_text(found.share)
    if found.n_moved:
        yield "Judged inputs that were moved", f"{found.n_moved:,}"


def judged_text(share: float | None) -> str:
    """Return a share of a loss; below 0 what is judged gains, and the loss comes from the rest."""
    return "none: it gains" if share is not None and share < 0.0 else share_text(share)


def _classes(found: JudgementView) -> Table:
    total = sum(count for _, count in found.classes)
    rows = [(name, f"{count:,}", share_text(count / total)) for name, count in found.classes]
    judged = share_text(sum(count for name, count in found.classes if name in _JUDGED) / total)
    note = f"{judged} of the numbers rest on judgement, or do not say what they rest on."
    heads = columns("Class of evidence", "#Numbers", "#Share")
    return Table(f"Numbers of {found.scenario} by class of evidence", heads, plain_rows(rows), note)


def _rests(found: JudgementView) -> Table:
    names = [name for rest in found.rests for name, _ in rest.layers]
    layers = [name for name in dict.fromkeys(names) if _has(found, name)]
    rows: list[tuple[str | Cell, ...]] = []
    for rest in found.rests:
        by_name = dict(rest.layers)
        parts = [by_name.get(name) for name in layers]
        figures = [signed(percent_text(part), part) for part in (*parts, rest.judged)]
        rows.append((rest.scenario, *figures, rest.reason or judged_text(rest.share)))
    note = (
        "P&L in per cent of the portfolio, built up from the firmest numbers to the whole, each step "
        "fully revalued. What numbers of two classes do together counts to the weaker one. Above 100 % where "
        "what is firm gains."
    )
    heads = columns("Scenario", *(f"#{headed(name)}" for name in layers), "#Judged", "#Of the loss")
    return Table("What the loss rests on", heads, plain_rows(rows), note)


def _has(found: JudgementView, layer: str) -> bool:
    return any(name == layer and percent for rest in found.rests for name, percent in rest.layers)


def _inputs(found: JudgementView) -> Table:
    largest = max((abs(one.percent or 0.0) for one in found.inputs), default=0.0)
    rows = [
        (
            one.name,
            signed(percent_text(one.percent, 2), one.percent, largest),
            one.effect,
            one.kind,
            one.basis,
            one.source,
        )
        for one in found.inputs
    ]
    note = "In per cent of the portfolio."
    if found.size is not None:
        note = f"{note} Each moved by {100.0 * found.size:g} % of itself, a driver of its range."
    heads = columns("Input", "#Changes P&L by", "When moved", "Kind", "Class", "Written in")
    title = f"The {small_number(len(found.inputs))} judged inputs that move the loss most"
    return Table(title, heads, plain_rows(rows), note, kind="bars")


def _challengers(found: JudgementView) -> Table:
    rows: list[tuple[str | Cell, ...]] = []
    for one in found.challengers:
        figures = one.lines_percent, one.percent, one.challenger_percent
        cells = [signed(percent_text(figure), figure) for figure in figures]
        rows.append((one.scenario, *cells, one.reason or f"{one.regime} regime"))
    heads = columns("Scenario", "#Lines alone", "#With the network", "#With the factor model", "Its regime")
    note = "What the same lines lose where the factor model carries them on in the network's place."
    return Table("A challenger for the network", heads, plain_rows(rows), note)


def _register(found: JudgementView) -> Table:
    rows = [(one.name, one.kind, one.basis, one.source) for one in found.register]
    heads = columns("Number", "Kind", "Class", "Rests on")
    title = f"Register of the {len(rows):,} numbers of {found.scenario}"
    return Table(title, heads, plain_rows(rows), folded=len(rows) > 12)
