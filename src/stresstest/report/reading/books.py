"""One portfolio of a result document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from stresstest.measures.percentages import SMALL_BASE
from stresstest.networks.registry import all_mechanisms
from stresstest.report.building.splits import COLUMNS, OTHERS, ROWS, WORDS
from stresstest.report.reading.judgements import judgement_of, proxies_of
from stresstest.report.view.books import BookView
from stresstest.report.view.checks import CoverageView, FailureLine, LimitLine, NavView, ProxyLine
from stresstest.report.view.curves import PathCurve, PathPoint
from stresstest.report.view.losses import (
    HeatMap,
    Losses,
    LossLine,
    ShareLine,
    Shares,
    Waterfall,
    WaterfallStep,
)

_LINES, _MOVERS, _GAPS = 12, 3, 5
_Part = Mapping[str, Any]


class _Unit:
    """What per cent of a portfolio are of: base value, or gross value where the base is small against it."""

    def __init__(self, portfolio: _Part) -> None:
        base, gross = portfolio["base_value"] or 0.0, portfolio["gross_value"] or 0.0
        self.small = base < SMALL_BASE * gross
        self.name = "gross value" if self.small else "base value"
        self._whole = gross if self.small else abs(base)

    def percent(self, amount: float | None) -> float | None:
        """Return an amount in per cent; None where it or the whole is not known."""
        return 100.0 * amount / self._whole if amount is not None and self._whole else None


def book_of(document: _Part, portfolio: _Part) -> BookView:
    """Return what a document holds of a portfolio."""
    unit = _Unit(portfolio)
    defaults = set(document.get("notices") or {})
    ranked = sorted(portfolio["scenarios"], key=lambda one: one["pnl"] if one["pnl"] is not None else 0.0)
    lines = tuple(_line(portfolio, one, unit, one["name"] in defaults) for one in ranked)
    nav = portfolio.get("nav")
    return BookView(
        *(portfolio["name"], portfolio["title"], portfolio["currency"]),
        *(portfolio["base_value"] or 0.0, portfolio["gross_value"] or 0.0, len(portfolio["positions"])),
        small_base=unit.small,
        losses=Losses(portfolio["name"], portfolio["currency"], unit.name, lines),
        heat=_heat(portfolio, ranked, unit),
        waterfalls=tuple(_waterfalls(portfolio, lines, unit)),
        shares=tuple(_shares(portfolio, lines, unit)),
        paths=tuple(sorted(_paths(portfolio), key=lambda path: -path.drawdown)),
        coverage=_coverage(portfolio, tuple(proxies_of(document, portfolio["name"]))),
        limits=tuple(_limits(portfolio)),
        failures=tuple(_failures(portfolio)),
        judgement=judgement_of(document, portfolio["name"], unit.percent),
        nav=None if nav is None else _nav(nav),
        missing=tuple(_missing(portfolio, judged=document.get("judgement") is not None)),
    )


def _nav(nav: _Part) -> NavView:
    return NavView(
        *(nav["value"], nav["difference"] or 0.0, None if nav["date"] is None else _day(nav["date"])),
        *(nav.get("tolerance"), nav.get("within"), nav.get("days_apart")),
        gaps=tuple((one["id"], one["difference"]) for one in nav["positions"] if one["difference"])[:_GAPS],
        without_value=tuple(nav.get("without_value") or ()),
    )


def _missing(portfolio: _Part, *, judged: bool) -> Iterator[str]:
    if not portfolio["positions"]:
        yield "Positions: the run kept totals only."
    if not portfolio.get("stages"):
        yield "Steps of the worst loss: the run was not asked for them (--by mechanism)."
    if not portfolio.get("contributions"):
        yield "Contributions: the run was not asked for them (--by theme, --by issuer, --by sector)."
    if not judged:
        yield "What rests on judgement: the run was not asked for it (--judgement)."


def _line(portfolio: _Part, one: _Part, unit: _Unit, defaults: bool) -> LossLine:
    moves = [(row["id"], row["pnl"].get(one["name"])) for row in portfolio["positions"]]
    falling = [(name, pnl) for name, pnl in moves if pnl is not None and pnl < 0.0]
    losing = sorted(falling, key=lambda row: row[1])
    pnl = one["pnl"] if one["pnl"] is not None else 0.0
    return LossLine(
        *(one["name"], one.get("title") or "", one.get("horizon") or "", pnl, unit.percent(pnl)),
        reach=portfolio["coverage"]["reached"].get(one["name"]),
        defaults=defaults,
        movers=tuple(losing[:_MOVERS]),
    )


def _heat(portfolio: _Part, ranked: list[_Part], unit: _Unit) -> HeatMap | None:
    if not portfolio["positions"] or not ranked:
        return None
    names = [one["name"] for one in ranked[:COLUMNS]]
    rows = [(row["id"], [row["pnl"].get(name) for name in names]) for row in portfolio["positions"]]
    by_size = sorted(rows, key=lambda row: -max(abs(pnl or 0.0) for pnl in row[1]))
    shown = sorted(by_size[:ROWS], key=lambda row: sum(pnl or 0.0 for pnl in row[1]))
    rest = by_size[ROWS:]
    if rest:
        sums: list[float | None] = [sum(row[1][place] or 0.0 for row in rest) for place in range(len(names))]
        shown.append((f"{OTHERS} ({len(rest):,})", sums))
    cells = tuple(tuple(unit.percent(pnl) for pnl in pnls) for _, pnls in shown)
    head = portfolio["name"], unit.name, "position", tuple(name for name, _ in shown), tuple(names)
    return HeatMap(*head, cells, max(len(ranked) - COLUMNS, 0))


def _waterfalls(portfolio: _Part, lines: tuple[LossLine, ...], unit: _Unit) -> Iterator[Waterfall]:
    """Yield the worst scenario, and the worst one that a network has a part in."""
    stages = {one["scenario"]: one["parts"] for one in portfolio.get("stages") or ()}
    found = [_fall(portfolio, line, stages[line.name], unit) for line in lines if line.name in stages]
    yield from found[:1]
    others = (fall for fall in found[1:] if fall.through_network < 0.0 and fall.pnl < 0.0)
    if found and not any(step.network for step in found[0].steps):
        yield from list(others)[:1]


def _fall(portfolio: _Part, line: LossLine, parts: list[_Part], unit: _Unit) -> Waterfall:
    sums: dict[str, float] = {}
    for part in parts:
        names = part["part"].split("/")
        name = names[1] if len(names) > 1 else names[0]
        sums[name] = sums.get(name, 0.0) + (part["pnl"] or 0.0)
    steps = tuple(
        WaterfallStep(
            WORDS.get(name, name.replace("_", " ")), pnl, unit.percent(pnl), name in all_mechanisms()
        )
        for name, pnl in sums.items()
    )
    head = portfolio["name"], portfolio["currency"], line.name, line.horizon, unit.name, "mechanism"
    return Waterfall(*head, steps, line.pnl, line.percent)


def _shares(portfolio: _Part, lines: tuple[LossLine, ...], unit: _Unit) -> Iterator[Shares]:
    if not lines:
        return
    worst = lines[0].name
    for by, groups in (portfolio.get("contributions") or {}).items():
        rows = sorted(groups, key=lambda row: -abs(row["pnl"].get(worst) or 0.0))
        found = [
            ShareLine(
                *(row["group"], unit.percent(row["base_value"]), row["pnl"].get(worst) or 0.0),
                percent=unit.percent(row["pnl"].get(worst)),
            )
            for row in rows
        ]
        left_out = max(len(found) - _LINES, 0)
        head = portfolio["name"], worst, unit.name, by.removeprefix("through:")
        yield Shares(*head, tuple(found[:_LINES]), left_out)


def _paths(portfolio: _Part) -> Iterator[PathCurve]:
    for one in portfolio["scenarios"]:
        path = one.get("path")
        if path is None:
            continue
        fall, wet, cash = path["drawdown"], path["under_water"], path["lowest_cash"]
        points = tuple(map(_point, path["points"]))
        yield PathCurve(
            *(portfolio["name"], portfolio["currency"], one["name"], one.get("horizon") or "", points),
            *(fall["amount"] or 0.0, fall["percent"], _day(fall["peak"]), _day(fall["trough"]), wet["days"]),
            recovered=None if wet["recovered"] is None else _day(wet["recovered"]),
            lowest_cash=None if cash is None else cash["amount"],
            lowest_cash_day=None if cash is None else _day(cash["date"]),
        )


def _point(point: _Part) -> PathPoint:
    after = point["value"] or 0.0
    return PathPoint(_day(point["date"]), after - (point["shock"] or 0.0), after, point["cash"])


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _coverage(portfolio: _Part, proxied: tuple[ProxyLine, ...]) -> CoverageView:
    found = portfolio["coverage"]
    unreached = [set(names) for names in found["unreached"].values()]
    never = set.intersection(*unreached) if unreached else set()
    base = {row["id"]: abs(row["base_value"] or 0.0) for row in portfolio["positions"]}
    gross = sum(base.values())
    ordered = sorted(never, key=lambda name: (-base.get(name, 0.0), name))
    share = sum(base.get(name, 0.0) for name in never) / gross if gross else None
    count = len(portfolio["scenarios"])
    return CoverageView(count, tuple(ordered), share, proxied, (), found["reconciliation_gap"])


def _limits(portfolio: _Part) -> Iterator[LimitLine]:
    for one in sorted(portfolio["limits"], key=lambda limit: not limit["breached"]):
        head = one["name"] or "limit", one["scenario"], one["of"], one["max_loss"]
        yield LimitLine(
            *(*head, one["loss"], one["worst_scenario"], one["breached"]),
            warning=one.get("warning"),
            warned=one.get("level") == "warning",
            owner=one.get("owner") or "",
        )


def _failures(portfolio: _Part) -> Iterator[FailureLine]:
    for one in portfolio["failures"]:
        reason = one["reason"].replace("_", " ")
        yield FailureLine(one["id"], one["scenario"], reason, one["message"], one["base_value"])
