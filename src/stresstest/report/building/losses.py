"""Losses by scenario from a result."""

from __future__ import annotations

import math

import numpy as np

from stresstest.measures.coverage import Coverage
from stresstest.measures.judgements.valuing import Valued
from stresstest.measures.percentages import has_small_base, shown_percent
from stresstest.report.building.material import Material
from stresstest.report.view.losses import Losses, LossLine
from stresstest.revaluation.result import PortfolioResult

_MOVERS = 3

BASE, GROSS = "base value", "gross value"


def unit_of(held: PortfolioResult) -> str:
    """Return what per cent of a portfolio are of."""
    return GROSS if has_small_base(held) else BASE


def losses(material: Material, held: PortfolioResult, covered: Coverage | None, place: int) -> Losses:
    """Return every scenario of a portfolio, the worst first.

    Parameters
    ----------
    place
        Of the portfolio within the result.
    """
    lines = tuple(_line(material, held, covered, place, name) for name in material.ranked(held))
    return Losses(held.name, held.currency, unit_of(held), lines)


def _line(
    material: Material, held: PortfolioResult, covered: Coverage | None, place: int, name: str
) -> LossLine:
    column = material.last_columns[name]
    scenario = material.by_name.get(name)
    pnl = float(held.pnl[column])
    low, high = material.bands.get(name, (Valued(), Valued()))
    return LossLine(
        name,
        scenario.title if scenario else "",
        scenario.horizon if scenario else "",
        pnl,
        shown_percent(held, pnl),
        _end(held, low, place),
        _end(held, high, place),
        None if covered is None else covered.share(column),
        scenario.names_defaults if scenario else False,
        _movers(held, column),
    )


def _end(held: PortfolioResult, found: Valued, place: int) -> float | None:
    return shown_percent(held, found.pnl[place]) if found.pnl and math.isfinite(found.pnl[place]) else None


def _movers(held: PortfolioResult, column: int) -> tuple[tuple[str, float], ...]:
    """Return the positions that lose most, at most three."""
    if held.units is None:
        return ()
    pnl = np.nan_to_num(held.position_pnl[:, column])
    order = np.argsort(pnl, kind="stable")[:_MOVERS].tolist()
    return tuple((held.position_ids[row], float(pnl[row])) for row in order if pnl[row] < 0.0)
