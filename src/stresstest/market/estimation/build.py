"""From a price history and a market to a factor model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from stresstest.arrays import BoolArray, frozen
from stresstest.errors import InputError, Problem
from stresstest.market.estimation.definitions import DEFINITIONS, Definition
from stresstest.market.estimation.exposures import Regression
from stresstest.market.estimation.history import PriceHistory
from stresstest.market.estimation.moments import (
    Moments,
    covariance_estimate,
    filled,
    sample_moments,
)
from stresstest.market.estimation.rows import HORIZON_DAYS, Row, RowBuilder
from stresstest.market.estimation.series import FactorSeries, factor_series
from stresstest.market.estimation.windows import (
    EXPOSURE_YEARS,
    REGIMES,
    Windows,
    rows_inside,
    usable_windows,
)
from stresstest.market.factor_model import TRADING_DAYS, FactorModel, Regime
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Issuer, MarketSnapshot, Provenance

SOURCE = "prices"
"""Id of the price history among a model's sources."""


@dataclass(frozen=True, slots=True, eq=False)
class BuiltModel:
    """A model with what a reader should know of it.

    Attributes
    ----------
    definitions
        Of the systematic factors, in order.
    uncovered
        Keys of the market that nothing gives exposures of, without link targets.
    missing_factors
        Systematic factors whose series the history lacks.
    exposure_window
        Years that exposures are estimated on.
    """

    model: FactorModel
    definitions: tuple[Definition, ...]
    uncovered: tuple[RiskFactorKey, ...]
    missing_factors: tuple[str, ...]
    exposure_window: tuple[date, date]


def build_model(
    history: PriceHistory,
    market: MarketSnapshot,
    issuers: Mapping[str, Issuer],
    regimes: Mapping[str, Windows] | None = None,
) -> BuiltModel:
    """Return the factor model of `market` estimated from `history`.

    Parameters
    ----------
    issuers
        Issuers by id: kinds and groups; those of the market and of the user.
    regimes
        Windows by name; `REGIMES`, as far as the history covers them, where none are given.

    Raises
    ------
    InputError
        ST204 for prices after the market's date, ST231 and ST232 where the history does not suffice.
    """
    if history.days[-1] > market.as_of:
        got = f"prices up to {history.days[-1]}, after the market's {market.as_of}"
        raise InputError([Problem("ST204", got, "nothing later than the market")])
    windows = usable_windows(history, dict(regimes or REGIMES), strict=regimes is not None)
    span = (_years_before(history.days[-1], EXPOSURE_YEARS), history.days[-1])
    rows = rows_inside(history, (span,))
    series = factor_series(history, DEFINITIONS, rows)
    regime_rows = {name: rows_inside(history, spans) for name, spans in windows.items()}
    builder = RowBuilder(Regression(history, series, rows), issuers, regime_rows)
    found = _rows(builder, market, issuers)
    provenance = {row.key: Provenance(row.basis_class, SOURCE, span[1], row.note) for row in found}
    model = replace(_model(series, found, windows, regime_rows), provenance=provenance)
    targets = {link.target for link in market.links}
    uncovered = tuple(key for key in market.levels if key not in model.rows and key not in targets)
    return BuiltModel(model, series.definitions, uncovered, series.missing, span)


def _years_before(day: date, years: int) -> date:
    leap = day.month == 2 and day.day == 29
    return day.replace(year=day.year - years, day=28 if leap else day.day)


def _rows(builder: RowBuilder, market: MarketSnapshot, issuers: Mapping[str, Issuer]) -> list[Row]:
    targets = {link.target for link in market.links}
    spots = [key for key in market.levels if key.kind == "spot" and "#" not in key.name]
    own = [RiskFactorKey("spot", name) for name, issuer in issuers.items() if issuer.kind == "equity"]
    priced = builder.regression.history.names
    added = [key for key in own if key not in market.levels and key.name in priced]
    wanted = [key for key in dict.fromkeys((*spots, *added)) if key not in targets]
    by_key = {row.key: row for row in builder.spot_rows(wanted)}
    rules = [row for row in builder.rule_rows(market, by_key) if row.key not in targets]
    return [*by_key.values(), *rules]


def _model(
    series: FactorSeries,
    rows: list[Row],
    windows: Mapping[str, Windows],
    regime_rows: Mapping[str, BoolArray],
) -> FactorModel:
    reference = sample_moments(series.moves)
    samples = {name: sample_moments(series.moves[inside]) for name, inside in regime_rows.items()}
    estimates = {name: covariance_estimate(filled(found, reference)) for name, found in samples.items()}
    return FactorModel(
        factors=series.names,
        keys=tuple(row.key for row in rows),
        exposures=np.stack([row.exposures for row in rows]),
        covariance={name: estimate.covariance for name, estimate in estimates.items()},
        idiosyncratic_vol={name: frozen([row.own_vol[name] for row in rows]) for name in windows},
        regimes={
            name: Regime(
                *(name, spans, int(regime_rows[name].sum())),
                shrinkage=estimates[name].shrinkage,
                smallest_eigenvalue=estimates[name].smallest_eigenvalue,
                note=_note(series, samples[name]),
            )
            for name, spans in windows.items()
        },
        horizons_years=frozen([days / TRADING_DAYS for days in HORIZON_DAYS]),
        largest_moves=np.stack([row.largest for row in rows]),
    )


def _note(series: FactorSeries, sample: Moments) -> str:
    """Return which factors have too little history in the window, and what stands for it."""
    lacking = [name for name, own in zip(series.names, sample.deviation, strict=True) if np.isnan(own)]
    if not lacking:
        return ""
    return f"no history of {', '.join(lacking)} in it: correlations of all years, vol scaled"
