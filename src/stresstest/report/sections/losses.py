"""Sections on losses: by scenario, who loses where, by mechanism, contributions, limits."""

from __future__ import annotations

from stresstest.report.sections.blocks import (
    Beside,
    Block,
    Cell,
    Column,
    Figure,
    Group,
    Prose,
    Section,
    Table,
    columns,
    plain_rows,
    signed,
)
from stresstest.report.sections.opening import limit_table
from stresstest.report.view.books import BookView
from stresstest.report.view.losses import HeatMap, Losses, LossLine, Shares, Waterfall
from stresstest.report.view.report import ReportView
from stresstest.report.view.wording import (
    NOTHING,
    headed,
    horizon_text,
    percent_text,
    share_text,
    short_text,
)

MARK = "\N{DAGGER}"
"""Beside scenarios in which an issuer defaults."""

_HOTTEST = 10.0
"""Per cent of the portfolio at which a cell of the heat map is as dark as it gets."""


def loss_section(report: ReportView, book: BookView) -> Section:
    """Return losses by scenario with the severity band, and the limits."""
    found = book.losses
    blocks: list[Block] = []
    if found.lines:
        description = (
            f"Bars of profit and loss in per cent of {found.unit}, worst scenario first{_line_says(found)}."
        )
        figure = Figure("bars", f"Profit and loss by scenario, {book.name}", description, found)
        blocks.append(Beside(figure, _loss_table(book)))
    if report.notice and any(line.defaults for line in found.lines):
        blocks.append(Prose((f"{MARK} {_sentence(report.notice)}",), "aside"))
    if book.limits:
        blocks.append(limit_table(book))
    return Section(
        "losses",
        "Losses by scenario",
        f"{book.name}; each scenario over its own horizon, as the table says",
        "a forecast, or a likelihood: no scenario here has been given a probability by this report",
        tuple(blocks),
    )


def _line_says(found: Losses) -> str:
    return "; the thin line runs from half to one and a half times the stated size" if found.banded else ""


def _sentence(notice: str) -> str:
    return f"An issuer defaults, or can: {notice}."


def _loss_table(book: BookView) -> Table:
    rows = [
        (
            _named(line),
            line.horizon,
            signed(short_text(line.pnl, sign=True), line.pnl),
            signed(percent_text(line.percent), line.percent),
            _band(line),
            share_text(line.reach),
        )
        for line in book.losses.lines
    ]
    heads = columns("Scenario", "Over", f"#P&L {book.currency}", f"#% of {book.unit}", "#Band", "#Reach")
    note = "Reach: part of gross value that the scenario moves."
    if book.losses.banded:
        note = (
            "Band: at half and at one and a half times the stated size, for the worst scenarios; "
            f"{NOTHING} where it was not computed or is impossible. {note}"
        )
    return Table("Losses by scenario", heads, plain_rows(rows), note)


def _named(line: LossLine) -> str:
    return f"{line.name} {MARK}" if line.defaults else line.name


def _band(line: LossLine) -> str:
    if line.milder is None and line.harsher is None:
        return NOTHING
    ends = (percent_text(end).removesuffix(" %") for end in (line.milder, line.harsher))
    return " to ".join(ends)


def heat_section(book: BookView) -> Section | None:
    """Return who loses where; None where positions are not known."""
    if book.heat is None:
        return None
    more = f"; the {book.heat.left_out} milder scenarios are left out" if book.heat.left_out else ""
    return Section(
        "heat",
        "Who loses where",
        f"{book.name}; each scenario over its own horizon; {book.heat.by}s by the {len(book.heat.columns)} "
        f"worst scenarios{more}",
        "a loss of the position itself: a cell is its part of the portfolio's loss, in points of "
        f"{book.unit}",
        (heat_table(book.heat),),
    )


def heat_table(heat: HeatMap) -> Table:
    """Return a heat map as a table whose cells have heat."""
    hottest = max((abs(cell) for row in heat.percent for cell in row if cell is not None), default=0.0)
    scale = min(max(hottest, 1e-9), _HOTTEST)
    rows = [
        (Cell(_group(name, heat.by)), *(signed(_points(cell), cell, scale) for cell in cells))
        for name, cells in zip(heat.rows, heat.percent, strict=True)
    ]
    heads = (Column(headed(heat.by)), *(Column(name, is_number=True) for name in heat.columns))
    note = "In per cent of the portfolio. Stronger: a larger part; the sign tells losses from gains."
    return Table("Heat map", heads, tuple(rows), note, kind="heat")


def _group(name: str, by: str) -> str:
    return f"no {by}" if name == "(none)" else name


def _points(percent: float | None) -> str:
    return NOTHING if percent is None else percent_text(percent).removesuffix(" %")


def waterfall_section(book: BookView) -> Section | None:
    """Return the worst scenario by mechanism, and the worst one with a network."""
    if not book.waterfalls:
        return None
    over = ", ".join(f"{one.scenario} over {horizon_text(one.horizon)}" for one in book.waterfalls)
    return Section(
        "waterfall",
        "How the worst loss comes about",
        f"{book.name}; {over}",
        "a split by blame: each step is what is added when it comes in this order, fully revalued",
        tuple(_fall(one) for one in book.waterfalls),
    )


def _fall(found: Waterfall) -> Beside:
    total = 0.0
    rows: list[tuple[str | Cell, ...]] = []
    for step in found.steps:
        total += step.percent or 0.0
        name = f"{step.name} (network)" if step.network else step.name
        amount = signed(short_text(step.pnl, sign=True), step.pnl)
        rows.append((name, amount, signed(percent_text(step.percent), step.percent), percent_text(total)))
    rows.append(
        ("Total", signed(short_text(found.pnl, sign=True), found.pnl), percent_text(found.percent), "")
    )
    hatched = " Steps through the network are hatched." if any(step.network for step in found.steps) else ""
    description = (
        f"Steps of the loss under {found.scenario} by {found.by}, which add up to "
        f"{percent_text(found.percent)} of {found.unit}.{hatched}"
    )
    title = f"{found.scenario} by {found.by}"
    heads = columns(headed(found.by), f"#P&L {found.currency}", f"#% of {found.unit}", "#So far")
    return Beside(Figure("waterfall", title, description, found), Table(title, heads, plain_rows(rows)))


def share_section(book: BookView) -> Section | None:
    """Return contributions to the worst scenario by theme, sector, issuer and risk factors."""
    if not book.shares:
        return None
    worst = book.shares[0].scenario
    line = book.losses.line(worst)
    over = f" over {horizon_text(line.horizon)}" if line is not None and line.horizon else ""
    return Section(
        "contributions",
        "What the worst loss is made of",
        f"{book.name}; {worst}{over}; funds are looked through for themes and issuers",
        "what would be saved by selling a group: hedges and options in other groups would act differently",
        (Group(tuple(share_table(found) for found in book.shares)),),
    )


_BY = {"theme": "By theme", "sector": "By sector", "issuer": "By issuer", "factor_group": "By risk factors"}
_SAY = {"theme": "A name of several themes is shared among them.",
        "factor_group": "Each group moved alone; interaction is what they do together."}  # fmt: skip


def share_table(found: Shares) -> Table:
    """Return contributions with a bar a group."""
    largest = max((abs(line.percent or 0.0) for line in found.lines), default=0.0)
    with_base = any(line.base_percent is not None for line in found.lines)
    rows = []
    for line in found.lines:
        base = (share_text(None if line.base_percent is None else line.base_percent / 100.0),)
        name = _group(line.group, found.by).replace("_", " ")
        rows.append(
            (name, *(base if with_base else ()), signed(percent_text(line.percent), line.percent, largest))
        )
    heads = columns("Group", *(("#Weight",) if with_base else ()), f"#% of {found.unit}")
    title = _BY.get(found.by, f"By {found.by}")
    return Table(title, heads, plain_rows(rows), _SAY.get(found.by, ""), kind="bars")
