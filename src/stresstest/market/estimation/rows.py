"""Rows of the model: exposures, own vols and largest moves, key by key, with what each rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from stresstest.arrays import BoolArray, FloatArray, frozen
from stresstest.kernels.history import largest_moves
from stresstest.market.estimation.exposures import (
    LONG_HISTORY_WEEKS,
    PRIOR_WEEKS,
    STAND_INS,
    Fit,
    Group,
    Groups,
    Regression,
    own_deviation,
)
from stresstest.market.estimation.rules import FX_BETAS, Rule, fx_rules, rate_rules, spread_rules, vol_rules
from stresstest.market.estimation.windows import LAG, MIN_RETURNS
from stresstest.market.factor_model import TRADING_DAYS
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Issuer, MarketSnapshot

HORIZON_DAYS = (5, 21, 63, 252)
"""Trading days over which largest moves are kept."""

PROXIES: dict[str, tuple[str, str]] = {
    "US_REST": ("RSP", "market"),
    "XAU": ("GLD", "gold"),
    "XAG": ("SLV", "gold"),
    "WTI": ("USO", "oil"),
    "VIXY": ("VIXY", "volatility"),
    "VXX": ("VXX", "volatility"),
}
"""Ticker whose history stands for a spot, and the factor that it is expected to follow."""

CURRENCY_FUNDS = {"EURUSD": ("FXE", 1.0), "USDJPY": ("FXY", -1.0), "USDCHF": ("FXF", -1.0)}
"""Fund of a currency, and whether the exchange rate rises with it."""

LEAST_OWN_VOL = 0.02
"""Smallest own part of a spot, per square root of a year."""


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """What the model says of one key.

    Attributes
    ----------
    exposures
        `(n_factors,)`.
    own_vol
        By regime, per square root of a year.
    largest
        `(n_horizons,)`, NaN without a history.
    basis_class
        `computed` from the key's own history, else `judgement`.
    """

    key: RiskFactorKey
    exposures: FloatArray
    own_vol: Mapping[str, float]
    largest: FloatArray
    basis_class: str
    note: str


class RowBuilder:
    """Makes the rows of a market's keys.

    Parameters
    ----------
    issuers
        Issuers by id, for groups and kinds.
    regime_rows
        `(n_days,)` returns of each regime.
    """

    def __init__(
        self, regression: Regression, issuers: Mapping[str, Issuer], regime_rows: Mapping[str, BoolArray]
    ) -> None:
        self.regression = regression
        self.issuers = issuers
        self.regime_rows = regime_rows
        self.factors = regression.series.names
        names = [name for name, issuer in issuers.items() if issuer.kind == "equity" and self._priced(name)]
        first = {name: regression.fit(name, self._unit("market")) for name in names}
        funds = {name: regression.fit(name, self._unit("market")) for name in self._stand_ins()}
        self.groups = Groups(first, funds, regression.rows)
        self.groups.add(issuers)
        self.ratios = {name: self._ratio(rows, first) for name, rows in regime_rows.items()}
        self._levels = _levels_of_factors(regression)

    def _priced(self, name: str) -> bool:
        return name in self.regression.history.names

    def _stand_ins(self) -> list[str]:
        return [name for name in dict.fromkeys(STAND_INS.values()) if self._priced(name)]

    def _unit(self, factor: str, size: float = 1.0) -> FloatArray:
        return frozen([size if name == factor else 0.0 for name in self.factors])

    def _ratio(self, rows: BoolArray, fits: Mapping[str, Fit]) -> float:
        """Return the median ratio of own parts in a regime to those in the years of the regression."""
        ratios = [
            own_deviation(fit.residuals, rows) / own_deviation(fit.residuals, self.regression.rows)
            for fit in fits.values()
            if fit.weeks >= LONG_HISTORY_WEEKS and _count(fit.residuals, rows) >= MIN_RETURNS
        ]
        return float(np.median(ratios)) if ratios else 1.0

    def spot_rows(self, keys: list[RiskFactorKey]) -> Iterator[Row]:
        """Yield rows of prices: from their own history, a proxy's, or the median of like names."""
        for key in keys:
            issuer = self.issuers.get(key.name)
            ticker, expected = PROXIES.get(key.name, (key.name, ""))
            if expected and self._priced(ticker) and expected in self.factors:
                fit = self.regression.fit(ticker, self._unit(expected))
                yield self._fitted(key, (ticker, 1.0), fit, None)
            elif issuer is not None and issuer.kind == "equity":
                row = self._equity(key, issuer)
                if row is not None:
                    yield row
            elif self._priced(key.name):
                fit = self.regression.fit(key.name, frozen(np.zeros(len(self.factors))))
                yield self._fitted(key, (key.name, 1.0), fit, None)

    def _equity(self, key: RiskFactorKey, issuer: Issuer) -> Row | None:
        group = self.groups.of(issuer)
        if self._priced(key.name):
            prior = self._unit("market") if group is None else group.exposures
            return self._fitted(key, (key.name, 1.0), self.regression.fit(key.name, prior), group)
        if group is None:
            return None
        own = {name: group.own_vol * ratio * _per_year(LAG) for name, ratio in self.ratios.items()}
        note = f"no history: {group.label}"
        nothing = frozen(np.full(len(HORIZON_DAYS), np.nan))
        return Row(key, group.exposures, own, nothing, "judgement", note)

    def _fitted(self, key: RiskFactorKey, series: tuple[str, float], fit: Fit, group: Group | None) -> Row:
        ticker, sign = series
        own = {name: self._own_vol(fit, group, name) for name in self.regime_rows}
        weight = PRIOR_WEEKS / (PRIOR_WEEKS + fit.weeks)
        towards = "" if group is None else f"; {weight:.0%} {group.label}"
        of = "" if ticker == key.name else f" of {ticker}"
        note = f"regression{of} on {fit.weeks:.0f} effective weeks, R² {fit.r_squared:.2f}{towards}"
        basis_class = "computed" if fit.weeks > PRIOR_WEEKS else "judgement"
        if basis_class == "judgement":
            note = f"short history, mostly its group: {note}"
        largest = largest_of(self.regression.history.column(ticker))
        return Row(key, frozen(sign * fit.exposures), own, largest, basis_class, note)

    def _own_vol(self, fit: Fit, group: Group | None, regime: str) -> float:
        """Return the own vol in a regime: seen there, else scaled from the years of the regression.

        A short history's is held to that of like names as its exposures are.
        """
        rows = self.regime_rows[regime]
        if _count(fit.residuals, rows) >= 2 * MIN_RETURNS:
            deviation = own_deviation(fit.residuals, rows)
        else:
            deviation = own_deviation(fit.residuals, self.regression.rows)
            variance = deviation * deviation
            if group is not None:
                prior = group.own_vol * group.own_vol
                variance = (fit.weeks * variance + PRIOR_WEEKS * prior) / (fit.weeks + PRIOR_WEEKS)
            deviation = float(np.sqrt(variance)) * self.ratios[regime]
        return max(deviation * _per_year(LAG), LEAST_OWN_VOL)

    def rule_rows(self, market: MarketSnapshot, spots: Mapping[RiskFactorKey, Row]) -> Iterator[Row]:
        """Yield rows of rates, spreads, vols and exchange rates, as far as the factors go."""
        equity = {
            key.name: dict(zip(self.factors, row.exposures.tolist(), strict=True))
            for key, row in spots.items()
            if key.name in self.issuers and self.issuers[key.name].kind == "equity"
        }
        yield from self._ruled(rate_rules(market))
        yield from self._ruled(spread_rules(market, equity))
        yield from self._ruled(vol_rules(market, equity))
        for rule in fx_rules(market):
            fund, sign = CURRENCY_FUNDS.get(rule.key.name, ("", 1.0))
            if self._priced(fund) and "dollar" in self.factors:
                fit = self.regression.fit(fund, self._unit("dollar", sign * FX_BETAS[rule.key.name]))
                yield self._fitted(rule.key, (fund, sign), fit, None)
            else:
                yield from self._ruled(iter([rule]))

    def _ruled(self, rules: Iterator[Rule]) -> Iterator[Row]:
        for rule in rules:
            if any(name not in self.factors for name in rule.exposures):
                continue
            exposures = np.array([rule.exposures.get(name, 0.0) for name in self.factors])
            used = np.flatnonzero(exposures)
            path = (self._levels[:, used] * exposures[used]).sum(axis=1)
            own = {name: rule.own_vol * ratio for name, ratio in self.ratios.items()}
            yield Row(rule.key, frozen(exposures), own, largest_of(path), "judgement", rule.note)


def _levels_of_factors(regression: Regression) -> FloatArray:
    """Return `(n_days, n_factors)` sums of daily moves, without the carry of bonds, NaN before they start."""
    daily = regression.series.daily
    present = np.isfinite(daily)
    filled = np.where(present, daily, 0.0)
    carry = filled.sum(axis=0) / np.maximum(present.sum(axis=0), 1)
    bonds = [bool(definition.weights) for definition in regression.series.definitions]
    filled = np.where(present, filled - np.where(bonds, carry, 0.0), 0.0)
    started = np.cumsum(present, axis=0) > 0
    return np.where(started, np.cumsum(filled, axis=0), np.nan)


def _count(values: FloatArray, rows: BoolArray) -> int:
    return int(np.isfinite(values[rows]).sum())


def _per_year(lag: int) -> float:
    return float(np.sqrt(TRADING_DAYS / lag))


def largest_of(levels: FloatArray) -> FloatArray:
    """Return `(n_horizons,)` largest absolute changes of `levels` `(n_days,)` over `HORIZON_DAYS`."""
    column, result = frozen(levels.reshape(-1, 1)), []
    for days in HORIZON_DAYS:
        out = np.empty(1)
        largest_moves(column, days, out)
        result.append(float(out[0]))
    return frozen(result)
