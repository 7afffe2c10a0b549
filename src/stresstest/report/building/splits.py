"""Heat map, waterfalls and contributions from a result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from stresstest.arrays import FloatArray, IntArray, frozen_int
from stresstest.measures.attributes import attribute_names
from stresstest.measures.contributions import contributions
from stresstest.measures.factor_splits.groups import FACTOR_GROUP
from stresstest.measures.factor_splits.split import FactorSplit
from stresstest.measures.percentages import shown_percent
from stresstest.measures.stages import stage_split
from stresstest.networks.registry import all_mechanisms
from stresstest.report.building.losses import unit_of
from stresstest.report.building.material import Material
from stresstest.report.view.losses import HeatMap, ShareLine, Shares, Waterfall, WaterfallStep
from stresstest.revaluation.result import PortfolioResult

ROWS, COLUMNS = 20, 12
"""What a page shows of a heat map."""

MOST_POSITIONS = 40
"""Positions above which a heat map shows groups."""

_LINES = 12
_ATTRIBUTES = ("through:theme", "sector", "through:issuer")
OTHERS = "all others"

WORDS = {"direct": "shocks as stated", "propagated": "propagated by history", "aged": "time alone"}
"""Stages that are no mechanism of a network, in words."""


def heat_map(material: Material, held: PortfolioResult) -> HeatMap | None:
    """Return who loses where in the worst scenarios; None where only totals were kept."""
    if held.units is None or not held.position_ids:
        return None
    scenarios = material.ranked(held)
    columns = [material.last_columns[name] for name in scenarios[:COLUMNS]]
    by, names, pnl = _rows(held)
    shown = pnl[:, columns]
    order = frozen_int(np.argsort(shown.sum(axis=1), kind="stable"))
    first = _largest(shown, order)
    rows = [(names[row], shown[row]) for row in first]
    if len(first) < len(names):
        rest = np.setdiff1d(np.arange(len(names)), first)
        rows.append((f"{OTHERS} ({len(rest):,})", shown[rest].sum(axis=0)))
    cells = tuple(tuple(shown_percent(held, float(value)) for value in row) for _, row in rows)
    return HeatMap(
        *(held.name, unit_of(held), by, tuple(name for name, _ in rows), tuple(scenarios[:COLUMNS])),
        percent=cells,
        left_out=max(len(scenarios) - COLUMNS, 0),
    )


def _rows(held: PortfolioResult) -> tuple[str, Sequence[str], FloatArray]:
    """Return what a row is, names and `(n_rows, n_columns)` P&L: positions, or issuers of many of them."""
    if len(held.position_ids) <= MOST_POSITIONS:
        return "position", held.position_ids, np.nan_to_num(held.position_pnl)
    shares = contributions(held, "issuer")
    return "issuer", shares.groups, shares.pnl


def _largest(shown: FloatArray, order: IntArray) -> list[int]:
    """Return the rows with the largest moves, those that lose most in all first."""
    size = np.abs(shown).max(axis=1)
    kept = set(np.argsort(-size, kind="stable")[:ROWS].tolist())
    return [int(row) for row in order.tolist() if row in kept]


def waterfalls(material: Material, held: PortfolioResult, place: int) -> tuple[Waterfall, ...]:
    """Return the scenarios in focus by mechanism; one of a single mechanism by groups of factors."""
    staged = material.staged.portfolios[place]
    found = []
    for name in material.focus(held):
        split = stage_split(staged, name)
        steps = [
            WaterfallStep(_words(part), float(pnl), shown_percent(held, float(pnl)), part in all_mechanisms())
            for part, pnl in zip(split.parts, split.pnl.tolist(), strict=True)
        ]
        if sum(step.pnl != 0.0 for step in steps) <= 1 and held.units is not None:
            found.append(_by_factors(material, held, name))
        else:
            found.append(_waterfall(material, held, name, steps))
    return tuple(found)


def _words(part: str) -> str:
    return WORDS.get(part, part.replace("_", " "))


def _waterfall(
    material: Material, held: PortfolioResult, name: str, steps: list[WaterfallStep], by: str = "mechanism"
) -> Waterfall:
    pnl = float(held.pnl[material.last_columns[name]])
    horizon = material.by_name[name].horizon if name in material.by_name else ""
    terms = held.name, held.currency, name, horizon, unit_of(held), by
    return Waterfall(*terms, tuple(steps), pnl, shown_percent(held, pnl))


def _by_factors(material: Material, held: PortfolioResult, name: str) -> Waterfall:
    split = _factor_split(material, held, name)
    pairs = list(zip(split.parts, split.pnl.tolist(), strict=True))
    if len(pairs) > _LINES:
        pairs = [*pairs[: _LINES - 1], (OTHERS, sum(pnl for _, pnl in pairs[_LINES - 1 :]))]
    steps = [
        WaterfallStep(part.replace("_", " "), pnl, shown_percent(held, pnl)) for part, pnl in pairs if pnl
    ]
    return _waterfall(material, held, name, steps, "factor group")


def _factor_split(material: Material, held: PortfolioResult, name: str) -> FactorSplit:
    return next(
        split for split in material.factors if split.portfolio == held.name and split.scenario == name
    )


def shares(material: Material, held: PortfolioResult) -> tuple[Shares, ...]:
    """Return contributions to the worst scenario by theme, sector, issuer and group of factors."""
    if held.units is None or not held.position_ids:
        return ()
    worst = material.focus(held)[0]
    return tuple(_shares(material, held, worst))


def _shares(material: Material, held: PortfolioResult, worst: str) -> Iterator[Shares]:
    column = material.last_columns[worst]
    known = attribute_names(held)
    for attribute in (name for name in _ATTRIBUTES if name in known):
        found = contributions(held, attribute)
        rows = zip(found.groups, found.base_value.tolist(), found.pnl[:, column].tolist(), strict=True)
        yield _table(held, worst, attribute, list(rows))
    split = _factor_split(material, held, worst)
    pairs = zip(split.parts, split.pnl.tolist(), strict=True)
    yield _table(held, worst, FACTOR_GROUP, [(part, None, pnl) for part, pnl in pairs])


def _table(held: PortfolioResult, worst: str, by: str, rows: list[tuple[str, float | None, float]]) -> Shares:
    """Return the largest groups and what all others add up to."""
    rows = sorted(rows, key=lambda row: -abs(row[2]))
    if len(rows) > _LINES:
        rest = rows[_LINES - 1 :]
        known = [base for _, base, _ in rest if base is not None]
        base = sum(known) if known else None
        rows = [*rows[: _LINES - 1], (f"{OTHERS} ({len(rest):,})", base, sum(pnl for _, _, pnl in rest))]
    lines = [
        ShareLine(group, None if base is None else shown_percent(held, base), pnl, shown_percent(held, pnl))
        for group, base, pnl in rows
    ]
    return Shares(held.name, worst, unit_of(held), by.removeprefix("through:"), tuple(lines))
