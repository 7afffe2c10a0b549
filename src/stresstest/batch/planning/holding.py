"""Positions of a batch as quantities: weights turned into units, exchange rates found, columns for tasks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from stresstest.arrays import BoolArray, FloatArray, IntArray, frozen, frozen_int
from stresstest.batch.jobs.job import Job
from stresstest.batch.planning.binding import Bound
from stresstest.batch.planning.prepared import Holders, Refused
from stresstest.batch.valuation.rows import Entries
from stresstest.errors import Problem
from stresstest.portfolio.book import Book
from stresstest.portfolio.model import Portfolio
from stresstest.revaluation.holdings import BaseValues


def weighed(found: Bound, base: BaseValues) -> tuple[Bound, FloatArray]:
    """Return the portfolios without weights that mean nothing, and `(n_positions,)` units held.

    A weight becomes weight · total ÷ base unit value, NaN where the instrument has no base value.
    """
    quantities, keep, refused = [], [], []
    for portfolio, kept, rows in zip(found.portfolios, found.kept, found.instrument, strict=True):
        quantity = portfolio.positions.quantity[kept]
        good = np.ones(len(kept), np.bool_)
        weight = portfolio.positions.weight[kept]
        if not np.isnan(weight).all():
            unit = base.unit[rows] * base.fx[_fx_rows(found.book, base, portfolio.currency)[rows]]
            good = _sound(portfolio, weight, unit)
            refused += _refused(portfolio, kept[~good])
            with np.errstate(divide="ignore", invalid="ignore"):
                units = weight * (portfolio.total or 0.0) / unit
            quantity = np.where(np.isnan(weight), quantity, units)
        quantities.append(quantity[good])
        keep.append(good)
    if refused:
        found = _without(found, keep, refused)
    return found, frozen(np.concatenate(quantities))


def _sound(portfolio: Portfolio, weight: FloatArray, unit: FloatArray) -> BoolArray:
    """Return which positions have a quantity, or a weight that can become one."""
    total_known = portfolio.total is not None
    sound: BoolArray = np.isnan(weight) | ((unit != 0.0) & total_known)
    return sound


def _refused(portfolio: Portfolio, rows: IntArray) -> list[Refused]:
    found = []
    for row in rows.tolist():
        name, where = portfolio.positions.ids[row], portfolio.positions.locate(row, "weight")
        problem = Problem("ST257", "weights without a total", "a total", where)
        if portfolio.total is not None:
            got = f"position {name!r} has a weight but a base value of 0"
            problem = Problem("ST261", got, "a quantity", where)
        found.append(Refused(portfolio.name, name, problem.code, problem.format()))
    return found


def _without(found: Bound, keep: list[BoolArray], refused: list[Refused]) -> Bound:
    """Return the portfolios with some positions left out; one that is left with none stays, empty."""
    lost = np.array([int(np.count_nonzero(~good)) for good in keep], np.int64)
    return replace(
        found,
        kept=tuple(frozen_int(rows[good]) for rows, good in zip(found.kept, keep, strict=True)),
        instrument=tuple(frozen_int(rows[good]) for rows, good in zip(found.instrument, keep, strict=True)),
        n_refused=frozen_int(found.n_refused + lost),
        refused=tuple(sorted((*found.refused, *refused))),
    )


def entries_of(found: Bound, base: BaseValues, quantity: FloatArray) -> Entries:
    """Return every position as a holding of its portfolio."""
    to_row = {
        currency: _fx_rows(found.book, base, currency)
        for currency in dict.fromkeys(portfolio.currency for portfolio in found.portfolios)
    }
    fx = [
        to_row[portfolio.currency][rows]
        for portfolio, rows in zip(found.portfolios, found.instrument, strict=True)
    ]
    sizes = [len(rows) for rows in found.instrument]
    return Entries(
        frozen_int(np.concatenate(found.instrument)),
        frozen_int(np.repeat(np.arange(len(sizes)), sizes)),
        frozen_int(np.concatenate(fx)),
        quantity,
    )


def holders_of(found: Bound, job: Job, entries: Entries, base: BaseValues) -> Holders:
    """Return portfolios and positions as columns, with base values."""
    sizes = [len(rows) for rows in found.instrument]
    value = (entries.quantity * base.unit[entries.instrument]) * base.fx[entries.fx]
    return Holders(
        names=tuple(portfolio.name for portfolio in found.portfolios),
        currencies=tuple(portfolio.currency for portfolio in found.portfolios),
        start=frozen_int(np.concatenate([[0], np.cumsum(sizes)])),
        ids=tuple(
            _ids(portfolio, rows) for portfolio, rows in zip(found.portfolios, found.kept, strict=True)
        ),
        instrument=entries.instrument,
        quantity=entries.quantity,
        base=frozen(value),
        limits=tuple((*portfolio.limits, *job.limits) for portfolio in found.portfolios),
        navs=tuple(portfolio.nav for portfolio in found.portfolios),
        n_refused=found.n_refused,
    )


def _ids(portfolio: Portfolio, kept: IntArray) -> tuple[str, ...]:
    ids = portfolio.positions.ids
    return ids if len(kept) == len(ids) else tuple(ids[row] for row in kept.tolist())


def _fx_rows(book: Book, base: BaseValues, currency: str) -> IntArray:
    """Return `(n_instruments,)` row of the exchange rates from each instrument's currency into `currency`."""
    rows = {
        pair.from_currency: number
        for number, pair in enumerate(base.conversions)
        if pair.to_currency == currency
    }
    known = [rows.get(item.requirements.currency, 0) for item in book.instruments]
    return frozen_int(known)
