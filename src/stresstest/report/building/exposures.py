"""Concentration, look-through themes and exit prices from a result."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.errors import InputError
from stresstest.market.fx import fx_rate
from stresstest.measures.contributions import contributions
from stresstest.measures.percentages import shown_percent
from stresstest.report.building.losses import unit_of
from stresstest.report.building.material import Material
from stresstest.report.view.exposures import Concentration, ExitLine, Exits, NameLine, ThemeLine
from stresstest.revaluation.result import PortfolioResult

AI_THEMES = "ai_"
"""What the names of themes of artificial intelligence begin with."""

PARTICIPATION = 0.2
"""Part of the usual daily volume that is sold a day."""

COEFFICIENT = 1.0
"""c in c · daily volatility · √(traded ÷ daily volume), the cost of trading; of order one in studies."""

_NAMES, _LINES = 10, 12
_DAYS = 252.0
_VOLUME, _VOL = "adv_usd_mn", "realised_vol_60d"


def concentration(material: Material, held: PortfolioResult) -> Concentration | None:
    """Return how few names a portfolio rests on, funds looked through; None where only totals were kept."""
    if held.units is None or not held.position_ids:
        return None
    worst = material.last_columns[material.ranked(held)[0]]
    found = contributions(held, "through:issuer")
    issuers = material.result.book.market.issuers
    named = [row for row, name in enumerate(found.groups) if name in issuers]
    order = sorted(named, key=lambda row: -abs(float(found.base_value[row])))
    size = np.abs(found.base_value[order])
    gross, squares = held.gross_value, float((size * size).sum())
    lines = [
        NameLine(
            *(found.groups[row], issuers[found.groups[row]].name),
            shown_percent(held, float(found.base_value[row])) or 0.0,
            shown_percent(held, float(found.pnl[row, worst])),
        )
        for row in order
    ]
    return Concentration(
        *(held.name, unit_of(held), len(order), float(size.sum()) ** 2 / squares if squares else 0.0),
        top_five=100.0 * float(size[:5].sum()) / gross if gross else 0.0,
        top_ten=100.0 * float(size[:10].sum()) / gross if gross else 0.0,
        ai_percent=_ai(material, lines),
        names=tuple(lines[:_NAMES]),
        themes=_themes(material, lines),
    )


def _ai(material: Material, lines: list[NameLine]) -> float | None:
    """Return Σ weight × the largest exposure to a theme of artificial intelligence."""
    issuers = material.result.book.market.issuers
    if not any(theme.startswith(AI_THEMES) for issuer in issuers.values() for theme in issuer.themes):
        return None
    exposure = {
        line.issuer: max(
            (part for theme, part in issuers[line.issuer].themes.items() if theme.startswith(AI_THEMES)),
            default=0.0,
        )
        for line in lines
    }
    return sum(exposure[line.issuer] * line.percent for line in lines)


def _themes(material: Material, lines: list[NameLine]) -> tuple[ThemeLine, ...]:
    issuers = material.result.book.market.issuers
    total: dict[str, float] = {}
    count: dict[str, int] = {}
    for line in lines:
        for theme, part in issuers[line.issuer].themes.items():
            if part > 0.0:
                total[theme] = total.get(theme, 0.0) + part * line.percent
                count[theme] = count.get(theme, 0) + 1
    found = [ThemeLine(theme, percent, count[theme]) for theme, percent in total.items()]
    return tuple(sorted(found, key=lambda line: -abs(line.percent))[:_LINES])


class _Liquid(NamedTuple):
    """Positions whose usual volume is known, as rows, with volume a day and daily volatility."""

    rows: list[int]
    volume: FloatArray
    vol: FloatArray


def exits(material: Material, held: PortfolioResult) -> Exits | None:
    """Return the loss of the worst scenario at its marks and at exit prices, where volumes are known.

    A sale costs c · σ · √(value ÷ usual daily volume) of what is sold, the square-root law of impact with σ
    the volatility of a day (Almgren and others, Direct estimation of equity market impact, Risk 2005).
    """
    if held.units is None or not held.position_ids:
        return None
    name = material.ranked(held)[0]
    liquid = _liquid(material, held)
    if not liquid.rows:
        return None
    value, marks = (
        np.nan_to_num(of[liquid.rows, material.last_columns[name]])
        for of in (held.position_value, held.position_pnl)
    )
    base = np.abs(np.nan_to_num(held.position_value[liquid.rows, 0]))
    cost = COEFFICIENT * liquid.vol * np.sqrt(base / liquid.volume) * np.abs(value)
    days = base / (PARTICIPATION * liquid.volume)
    ids = (held.position_ids[row] for row in liquid.rows)
    rows = zip(ids, days.tolist(), marks.tolist(), (marks - cost).tolist(), strict=True)
    lines = sorted((ExitLine(*row) for row in rows), key=lambda line: -line.days)
    return Exits(
        *(held.name, held.currency, name, PARTICIPATION, COEFFICIENT, tuple(lines[:_LINES])),
        at_mark=float(marks.sum()),
        at_exit=float((marks - cost).sum()),
        known_share=float(base.sum()) / held.gross_value if held.gross_value else 0.0,
        unknown=_unknown(held, liquid.rows),
        days_90=_days_for(days, base, 0.9),
        n_lines=len(lines),
    )


def _liquid(material: Material, held: PortfolioResult) -> _Liquid:
    book, rate = held.book, _dollar(material, held)
    rows, volume, vol = [], [], []
    for place, row in enumerate(held.instrument.tolist()):
        item, issuer = book.instruments[row], book.issuer(row)
        found = _number(issuer.attributes if issuer else {}, _VOLUME)
        year = _number(issuer.attributes if issuer else {}, _VOL)
        if item.tag == "equity" and rate is not None and found and year:
            rows.append(place)
            volume.append(1e6 * found * rate)
            vol.append(year / math.sqrt(_DAYS))
    return _Liquid(rows, np.array(volume), np.array(vol))


def _dollar(material: Material, held: PortfolioResult) -> float | None:
    """Return what a dollar is worth in the portfolio's currency; None where the market does not know."""
    try:
        return fx_rate(material.result.book.market, "USD", held.currency)
    except InputError:
        return None


def _number(attributes: Mapping[str, str], name: str) -> float | None:
    text = attributes.get(name, "")
    try:
        value = float(text.rstrip("%")) / (100.0 if text.endswith("%") else 1.0)
    except ValueError:
        return None
    return value if math.isfinite(value) and value > 0.0 else None


def _unknown(held: PortfolioResult, known: list[int]) -> tuple[str, ...]:
    sizes = np.abs(np.nan_to_num(held.position_value[:, 0]))
    rows = [row for row in np.argsort(-sizes, kind="stable").tolist() if row not in set(known)]
    return tuple(held.position_ids[row] for row in rows)


def _days_for(days: FloatArray, value: FloatArray, part: float) -> float:
    """Return the days after which `part` of the value is sold, every position at its own pace."""
    whole = float(value.sum())
    low, high = 0.0, float(days.max())
    for _ in range(50):
        middle = 0.5 * (low + high)
        sold = float((value * np.minimum(middle / np.maximum(days, 1e-12), 1.0)).sum())
        low, high = (low, middle) if sold >= part * whole else (middle, high)
    return high
