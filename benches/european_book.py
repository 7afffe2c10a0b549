"""A book of 2,000 European options and 5,000 columns in which every spot, vol and rate moves.

200 underlyings, each with two expiries of five strikes; all peers get the same inputs as arrays.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray, IntArray, frozen, frozen_int
from stresstest.instruments.european_option.spec import EuropeanOptionSpec
from stresstest.market.curves import interpolation_weights
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Curve, Issuer, MarketSnapshot, Smile
from stresstest.portfolio.book import Book, compile_book
from stresstest.portfolio.model import Instrument, Portfolio, Positions
from stresstest.scenarios.columns import FactorColumns
from stresstest.scenarios.table import ColumnTable

AS_OF = date(2025, 10, 3)
N_UNDERLYINGS, N_EXPIRIES_EACH, N_STRIKES, N_COLUMNS = 200, 2, 5, 5_000
N_OPTIONS = N_UNDERLYINGS * N_EXPIRIES_EACH * N_STRIKES
CURVE = {"1M": 1 / 12, "3M": 0.25, "6M": 0.5, "1Y": 1.0, "2Y": 2.0, "3Y": 3.0, "5Y": 5.0}
PILLARS = {"1M": 1 / 12, "3M": 0.25, "12M": 1.0}
# The shipped surfaces are clamped to these bounds; a flat vol has one pillar and no moneyness.
SMILE_BOUNDS = (-2.0, 0.4)


class Terms(NamedTuple):
    """Terms of each option `(n_options,)`; `expiry` and `underlying` are rows of the arrays of `Levels`."""

    underlying: IntArray
    expiry: IntArray
    sign: FloatArray
    strike: FloatArray
    years: FloatArray
    quantity: FloatArray


class Levels(NamedTuple):
    """Moved levels, a column for each scenario after the base.

    Attributes
    ----------
    spot
        `(n_underlyings, n_columns)`.
    dividend_yield
        `(n_underlyings,)`.
    rate
        `(n_nodes, n_columns)`.
    surface
        `(n_pillars, 3, n_underlyings, n_columns)`: vol, skew, curvature.
    pillar_years
        `(n_pillars,)`.
    bounds
        Limits of x.
    """

    spot: FloatArray
    dividend_yield: FloatArray
    rate: FloatArray
    surface: FloatArray
    pillar_years: FloatArray
    bounds: tuple[float, float]


class Setting(NamedTuple):
    """The job: for the engine a book and its columns, for the peers terms and levels."""

    book: Book
    columns: FactorColumns
    terms: Terms
    levels: Levels


@cache
def setting(smile: bool) -> Setting:
    """Return the book with the shipped kind of smile, or with a flat vol for each underlying."""
    rng = np.random.default_rng(1)
    pillars = PILLARS if smile else {"12M": 1.0}
    bounds = SMILE_BOUNDS if smile else (0.0, 0.0)
    days = rng.integers(18, 1000, 40)
    underlying = np.repeat(np.arange(N_UNDERLYINGS), N_EXPIRIES_EACH * N_STRIKES)
    expiries = [rng.choice(40, N_EXPIRIES_EACH, replace=False) for _ in range(N_UNDERLYINGS)]
    expiry = np.repeat(np.concatenate(expiries), N_STRIKES)
    base_spot = rng.uniform(20.0, 500.0, N_UNDERLYINGS)
    levels = _levels(rng, base_spot, pillars, bounds)
    terms = Terms(
        underlying=frozen_int(underlying),
        expiry=frozen_int(expiry),
        sign=frozen(rng.choice([1.0, -1.0], N_OPTIONS)),
        strike=frozen(np.round(base_spot[underlying] * rng.uniform(0.7, 1.3, N_OPTIONS), 2)),
        years=frozen(days[expiry] / 365),
        quantity=frozen(rng.normal(0.0, 100.0, N_OPTIONS)),
    )
    market, moved = _market(levels, tuple(pillars))
    book = compile_book([_portfolio(terms, days[expiry])], market)
    table = ColumnTable.instant([f"s{number}" for number in range(N_COLUMNS - 1)])
    return Setting(book, FactorColumns(table, market.levels, moved), terms, levels)


def _levels(
    rng: np.random.Generator,
    base_spot: FloatArray,
    pillars: Mapping[str, float],
    bounds: tuple[float, float],
) -> Levels:
    moves = np.clip(0.08 * rng.standard_t(4, (N_UNDERLYINGS, N_COLUMNS)), -0.9, 2.0)
    moves[:, 0] = 0.0
    vol_moves = np.clip(rng.normal(0.0, 0.05, (N_UNDERLYINGS, N_COLUMNS)), -0.1, 0.4)
    surface = np.empty((len(pillars), 3, N_UNDERLYINGS, N_COLUMNS))
    vol = rng.uniform(0.2, 0.6, (N_UNDERLYINGS, 1))
    for number, years in enumerate(pillars.values()):
        surface[number, 0] = vol * (1.05 - 0.1 * math.sqrt(years)) + vol_moves
        surface[number, 1] = -0.25 * vol * (1.0 + 0.3 * years)
        surface[number, 2] = -0.06 * vol
    rate = 0.037 + 0.01 * rng.normal(size=(len(CURVE), N_COLUMNS))
    return Levels(
        spot=base_spot[:, np.newaxis] * (1.0 + moves),
        dividend_yield=rng.uniform(0.0, 0.04, N_UNDERLYINGS),
        rate=rate,
        surface=surface,
        pillar_years=np.array(list(pillars.values())),
        bounds=bounds,
    )


def _market(
    levels: Levels, tenors: tuple[str, ...]
) -> tuple[MarketSnapshot, dict[RiskFactorKey, FloatArray]]:
    moved = {RiskFactorKey("zero_rate", "USD", t): row for t, row in zip(CURVE, levels.rate, strict=True)}
    base = {}
    names = [f"U{number}" for number in range(N_UNDERLYINGS)]
    for row, name in enumerate(names):
        moved[RiskFactorKey("spot", name)] = levels.spot[row]
        base[RiskFactorKey("dividend_yield", name)] = float(levels.dividend_yield[row])
        for number, tenor in enumerate(tenors):
            vol, skew, curvature = levels.surface[number, :, row]
            moved[RiskFactorKey("implied_vol", name, tenor)] = vol
            base[RiskFactorKey("vol_skew", name, tenor)] = float(skew[0])
            base[RiskFactorKey("vol_curvature", name, tenor)] = float(curvature[0])
    base |= {key: float(row[0]) for key, row in moved.items()}
    years = frozen(levels.pillar_years)
    market = MarketSnapshot(
        name="bench",
        as_of=AS_OF,
        currency="USD",
        levels=base,
        issuers={name: Issuer(name, name, "equity", "USD") for name in names},
        curves={"USD": Curve("USD", "USD", tuple(CURVE), frozen(list(CURVE.values())))},
        discount_curves={"USD": "USD"},
        smiles={name: Smile(name, tenors, years, *levels.bounds, "moneyness") for name in names},
        links=(),
        provenance={},
    )
    return market, moved


def _portfolio(terms: Terms, days: IntArray) -> Portfolio:
    specs = [
        EuropeanOptionSpec(
            underlying=f"U{terms.underlying[i]}",
            right="call" if terms.sign[i] > 0 else "put",
            strike=float(terms.strike[i]),
            expiry=AS_OF + timedelta(days=int(days[i])),
        )
        for i in range(N_OPTIONS)
    ]
    distinct = list(dict.fromkeys(specs))
    row = {spec: number for number, spec in enumerate(distinct)}
    positions = Positions(
        ids=tuple(map(str, range(N_OPTIONS))),
        instrument=frozen_int([row[spec] for spec in specs]),
        quantity=terms.quantity,
        weight=frozen(np.full(N_OPTIONS, np.nan)),
    )
    return Portfolio("options", "USD", tuple(Instrument("european_option", s) for s in distinct), positions)


class Weights(NamedTuple):
    """Share of two rows in a time: `low` and `high` rows, their weights."""

    low: int
    high: int
    low_weight: float
    high_weight: float


def rate_weights(years: float) -> Weights:
    """Return the nodes around a time, each weight multiplied by the time."""
    nodes = interpolation_weights(list(CURVE.values()), years)
    return Weights(nodes.lower, nodes.upper, nodes.lower_weight * years, nodes.upper_weight * years)


class PillarPair(NamedTuple):
    """Pillars around an expiry: rows, the times that scale x, and the shares of variance in years."""

    near: int
    far: int
    near_scale_years: float
    far_scale_years: float
    near_years: float
    far_years: float


def pillar_pair(pillar_years: FloatArray, years: float) -> PillarPair:
    """Return the pillars around an expiry, the nearest alone outside them."""
    near, far, near_weight, far_weight = interpolation_weights(pillar_years, years)
    if far_weight == 0.0:
        return PillarPair(near, near, years, years, years, 0.0)
    near_years, far_years = float(pillar_years[near]), float(pillar_years[far])
    return PillarPair(near, far, near_years, far_years, near_weight * near_years, far_weight * far_years)
