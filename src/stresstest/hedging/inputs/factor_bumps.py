"""Sensitivities of every instrument of a book as rules and costs ask for them, by its own kernels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.market.factor_model import FactorModel
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot
from stresstest.portfolio.book import Book
from stresstest.quantity import parse_horizon
from stresstest.revaluation.engine import UnitValues, revalue
from stresstest.scenarios.columns import ColumnSource, FactorColumns
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.implied import follow_links
from stresstest.scenarios.propagated import level_after
from stresstest.scenarios.scenario import Scenario, ScenarioSet, Step
from stresstest.scenarios.table import ColumnTable

SPOT_STEP = 0.01
FACTOR_STEP = 1e-3
_DAYS_A_MONTH = 31


def values_in(book: Book, columns: ColumnSource, currency: str, threads: int | None = None) -> FloatArray:
    """Return `(n_instruments, n_columns)` values of one unit in `currency`; NaN where there is none."""
    return converted(book, revalue(book, columns, threads=threads), currency)


def converted(book: Book, units: UnitValues, currency: str) -> FloatArray:
    """Return the values of `units` in `currency`, at each column's exchange rate."""
    rows = {(row.from_currency, row.to_currency): number for number, row in enumerate(units.conversions)}
    own = [item.requirements.currency for item in book.instruments]
    fx = [0 if name == currency else rows.get((name, currency), 0) for name in own]
    value: FloatArray = units.value * units.fx[fx]
    return frozen(value)


def spot_deltas(book: Book, currency: str) -> FloatArray:
    """Return `(n_instruments,)` change of a unit's value for prices of shares up by all of themselves.

    Half the difference of 1 % up and down, times 100: a share's own value, an option's delta × spot.
    """
    levels = book.market.levels
    moved = {
        key: levels[key] * np.array([1.0, 1.0 + SPOT_STEP, 1.0 - SPOT_STEP])
        for key in book.factor_keys
        if key.kind == "spot"
    }
    value = values_in(book, FactorColumns(ColumnTable.instant(["up", "down"]), levels, moved), currency)
    return frozen((value[:, 1] - value[:, 2]) / (2.0 * SPOT_STEP))


def level_bumps(book: Book, currency: str, kind: str, points: Sequence[float]) -> FloatArray:
    """Return `(n_instruments, 1 + 2 · n_points)` values at the mid, then at each shift up and down.

    Parameters
    ----------
    kind
        Of the factors that are shifted: `implied_vol`, `normal_vol` or `credit_spread`.
    points
        Shifts of all of them, in decimals.
    """
    levels, shifts = book.market.levels, [sign * point for point in points for sign in (1.0, -1.0)]
    names = [f"{kind} {place}" for place in range(len(shifts))]
    moved = {
        key: np.array([levels[key], *(max(levels[key] + shift, 1e-4) for shift in shifts)])
        for key in book.factor_keys
        if key.kind == kind
    }
    return values_in(book, FactorColumns(ColumnTable.instant(names), levels, moved), currency)


def factor_exposures(book: Book, model: FactorModel, currency: str) -> FloatArray:
    """Return `(n_instruments, n_factors)` change of a unit's value per unit of each systematic factor.

    Every risk factor of the model moves by its exposure, then every link moves its target.
    """
    n_factors = len(model.factors)
    changes = np.zeros((2 * n_factors + 1, n_factors))
    for factor in range(n_factors):
        changes[1 + 2 * factor, factor], changes[2 + 2 * factor, factor] = FACTOR_STEP, -FACTOR_STEP
    rows = _model_rows(book.market, model, changes)
    linked = follow_links(FactorDirectory(book.market), rows, {}, len(changes))
    table = ColumnTable.instant([f"factor {place}" for place in range(2 * n_factors)])
    value = values_in(book, FactorColumns(table, book.market.levels, linked.moved), currency)
    return frozen((value[:, 1::2] - value[:, 2::2]) / (2.0 * FACTOR_STEP))


def _model_rows(
    market: MarketSnapshot, model: FactorModel, changes: FloatArray
) -> dict[RiskFactorKey, FloatArray]:
    """Return `(n_columns,)` levels of the model's factors under `changes` `(n_columns, n_factors)`.

    A factor that is private to a position moves as the public one.
    """
    targets = {link.target for link in market.links}
    rows = {}
    for key, base in market.levels.items():
        row = model.rows.get(key._replace(name=key.public_name))
        if row is None or key in targets:
            continue
        moves = (changes * model.exposures[row]).sum(axis=1)
        rows[key] = np.array([level_after(key, base, float(move)) for move in moves])
        rows[key][0] = base
    return rows


def base_units(book: Book) -> UnitValues:
    """Return the unit values of column 0 alone."""
    return revalue(book, FactorColumns(ColumnTable.instant([]), book.market.levels, {}))


def values_later(book: Book, currency: str, horizon: str) -> FloatArray:
    """Return `(n_instruments,)` value of one unit at the horizon if nothing moves, with all it has paid.

    Month by month, so that what is paid early earns interest.
    """
    tenor = parse_horizon(horizon)
    whole = tenor.months or max(tenor.days // _DAYS_A_MONTH, 0)
    dates = [*(f"{month}m" for month in range(1, whole)), horizon]
    later = Scenario("unmoved", (), horizon, timing="path", steps=tuple(Step.of(when) for when in dates))
    columns = compile_scenarios(ScenarioSet((later,)), book.market).columns
    return frozen(values_in(book, columns, currency)[:, int(columns.table.final_columns[-1])])
