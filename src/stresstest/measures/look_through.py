"""What the holdings of funds contribute: weights that market or terms state, followed to the bottom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.catalog import instrument_type
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import FactorLink
from stresstest.portfolio.private import PRIVATE
from stresstest.revaluation.result import PortfolioResult

DEEPEST = 16
"""Funds in a row that are looked through; what lies below counts as the last of them."""

Links = Mapping[RiskFactorKey, FactorLink]


def holdings_of(result: PortfolioResult, row: int) -> dict[str, float]:
    """Return the weight of each issuer at the bottom of instrument `row`; empty where it holds nothing.

    A fund follows the weights of its link in the market. What its weights leave out, betas and durations
    are not looked through: they stay with the fund itself.
    """
    item = result.book.instruments[row]
    follow = instrument_type(item.tag).look_through
    if follow is None:
        return {}
    links = {link.target: link for link in result.book.market.links}
    found: dict[str, float] = {}
    for issuer, weight in follow(item.spec).items():
        for name, part in _bottom(links, issuer, DEEPEST):
            if name != item.issuer:
                found[name] = found.get(name, 0.0) + weight * getattr(item.spec, "multiple", 1.0) * part
    return found


def _bottom(links: Links, issuer: str, depth: int) -> Iterator[tuple[str, float]]:
    """Yield issuer and weight of what one unit of `issuer` is made of, itself for what is not known."""
    link = links.get(RiskFactorKey("spot", issuer))
    held = [] if link is None else [(key, weight) for key, weight in link.weights if key.kind == "spot"]
    if not held or depth == 0:
        yield issuer, 1.0
        return
    left = 1.0
    for key, weight in held:
        left -= weight
        for name, part in _bottom(links, key.name, depth - 1):
            yield name, weight * part
    if left != 0.0:
        yield issuer, left


def gains(result: PortfolioResult, issuers: tuple[str, ...]) -> FloatArray:
    """Return `(n_issuers, n_columns)` what each spot has gained since column 0, as a part of it."""
    keys = tuple(RiskFactorKey("spot", name) for name in issuers)
    if result.units is None:
        raise ValueError("the run kept aggregates only; run it with less columns to see positions")
    bound, table = result.units.columns.bind(keys), result.table
    widths = [high - low for low, high in map(table.slice_bounds, range(table.n_slices))]
    levels = np.concatenate([bound.chunk(number, 0, width) for number, width in enumerate(widths)], axis=1)
    base: FloatArray = levels[:, :1]
    found: FloatArray = (levels - base) / base
    return found


def split_position(
    result: PortfolioResult, position: int, holdings: Mapping[str, float], moved: Mapping[str, FloatArray]
) -> Iterator[tuple[str, float, FloatArray]]:
    """Yield issuer, base value and P&L `(n_columns,)` of each holding of a position, the rest last.

    A holding's P&L is base value × weight × its gain; the rest, under the fund's own name, is what makes the
    sum that of the position: what the weights leave out, moves of the fund of its own, exchange rates,
    compounding of a leveraged fund.
    """
    base = float(np.nan_to_num(result.position_value[position, 0]))
    rest_base, rest = base, np.nan_to_num(result.position_pnl[position]).copy()
    for name, weight in holdings.items():
        part = base * weight
        pnl = part * moved[name]
        rest_base -= part
        rest -= pnl
        yield name, part, pnl
    item = result.book.instruments[int(result.instrument[position])]
    yield item.issuer.split(PRIVATE, 1)[0], rest_base, rest
