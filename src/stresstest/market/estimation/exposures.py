"""Exposures of names to the systematic factors: regression held to the median of like names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from stresstest.arrays import BoolArray, FloatArray, frozen
from stresstest.market.estimation.history import PriceHistory, changes
from stresstest.market.estimation.series import FactorSeries
from stresstest.market.estimation.windows import LAG, overlap_efficiency
from stresstest.market.matrices import lower_factor, product, solved, weighted_gram
from stresstest.market.snapshot import Issuer

PRIOR_WEEKS = 52.0
"""Weekly returns that the median of like names counts for: a name with a year of history is half its own."""

LONG_HISTORY_WEEKS = 150.0
"""Effective weekly returns above which a name takes part in medians."""

_ALL = "all names"
MIN_GROUP = 2
"""Names that a median needs; with fewer the next wider group is taken."""

STAND_INS = {
    "industry telecom": "XLP",
    "sector materials": "XLB",
    "sector industrials": "XLI",
    "sector consumer_discretionary": "XLY",
    "sector consumer_staples": "XLP",
    "sector health_care": "XLV",
    "sector financials": "XLF",
    "sector information_technology": "XLK",
    "sector energy": "XLE",
    "sector utilities": "XLU",
    "sector real_estate": "XLRE",
}
"""Fund whose exposures stand for a group with too few names. Communication services have none: two internet
firms are half of their fund. Carriers move like staples."""


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Regression of one name.

    Attributes
    ----------
    exposures
        `(n_factors,)`.
    residuals
        `(n_days,)` what the factors do not explain, NaN where missing.
    weeks
        Effective independent weekly returns that it rests on.
    r_squared
        Explained part of the variance over the rows of the regression.
    """

    exposures: FloatArray
    residuals: FloatArray
    weeks: float
    r_squared: float


@dataclass(frozen=True, slots=True, eq=False)
class Regression:
    """What names are regressed on.

    Attributes
    ----------
    rows
        `(n_days,)` returns that count.
    """

    history: PriceHistory
    series: FactorSeries
    rows: BoolArray

    def fit(self, name: str, prior: FloatArray, prior_weeks: float = PRIOR_WEEKS) -> Fit:
        """Return the ridge regression of `name` towards `prior` `(n_factors,)`.

        It solves (n S + w V) b = n s + w V p with S and s the covariances of the factors and of the name with
        them, V the diagonal of S, p the prior, n the effective weekly returns and w `prior_weeks`: the
        posterior mean under a normal prior around p that is worth w weekly returns, factor by factor.
        """
        returns = changes(self.history.column(name), LAG)
        moves = self.series.moves
        complete = np.isfinite(moves).all(axis=1) & np.isfinite(returns) & self.rows
        n_rows = int(complete.sum())
        weeks = n_rows * overlap_efficiency(LAG)
        exposures = np.array(prior, dtype=np.float64)
        r_squared = float("nan")
        if n_rows > 1:
            factors, own = moves[complete], returns[complete]
            factors, own = factors - factors.mean(axis=0), own - own.mean()
            exposures = _ridge(factors, own, exposures, prior_weeks / weeks)
            left = own - product(factors, exposures.reshape(-1, 1))[:, 0]
            r_squared = 1.0 - float((left * left).sum()) / float((own * own).sum())
        systematic = (np.where(np.isfinite(moves), moves, 0.0) * exposures).sum(axis=1)
        # A factor without a history on the day is taken to have stood still: older residuals hold it.
        return Fit(frozen(exposures), frozen(returns - systematic), weeks, r_squared)


def _ridge(factors: FloatArray, own: FloatArray, prior: FloatArray, ratio: float) -> FloatArray:
    """Return the exposures for a prior that counts `ratio` times what the returns do."""
    ones = np.full(len(own), 1.0 / len(own))
    gram = weighted_gram(factors, ones, factors)
    penalty = ratio * np.diag(gram)
    right = weighted_gram(factors, ones, own.reshape(-1, 1))[:, 0] + penalty * prior
    return solved(lower_factor(gram + np.diag(penalty)), right.reshape(-1, 1))[:, 0]


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """What like names have in common.

    Attributes
    ----------
    label
        `median of 8 of industry banks`, `XLB for sector materials`.
    own_vol
        Median standard deviation of a residual over `LAG` days, in the rows of the regression.
    """

    label: str
    exposures: FloatArray
    own_vol: float


class Groups:
    """What like names have in common: medians by industry, theme and sector, or a fund of the sector.

    Parameters
    ----------
    fits
        First fits of names, towards a market exposure of 1 and nothing else.
    funds
        Fits of stand-in funds by ticker.
    """

    def __init__(self, fits: Mapping[str, Fit], funds: Mapping[str, Fit], rows: BoolArray) -> None:
        self._fits = {name: fit for name, fit in fits.items() if fit.weeks >= LONG_HISTORY_WEEKS}
        self._funds = funds
        self._rows = rows
        self._members: dict[str, list[Fit]] = {}
        self._known: dict[str, Group] = {}

    def add(self, issuers: Mapping[str, Issuer]) -> None:
        """Count the names with long histories among `issuers` as members of their groups."""
        for name, fit in self._fits.items():
            for label in labels_of(issuers.get(name)):
                self._members.setdefault(label, []).append(fit)

    def of(self, issuer: Issuer) -> Group | None:
        """Return the narrowest group of an issuer that has enough names or a fund, or None without one."""
        for label in labels_of(issuer):
            if label not in self._known:
                found = self._group(label)
                if found is None:
                    continue
                self._known[label] = found
            return self._known[label]
        return None

    def _group(self, label: str) -> Group | None:
        fund = self._funds.get(STAND_INS.get(label, ""))
        fits = self._members.get(label, [])
        everyone = self._members.get(_ALL, [])
        if fund is not None and everyone and (label.startswith("sector") or len(fits) < MIN_GROUP):
            text = f"{STAND_INS[label]} for {label}"
            return Group(text, fund.exposures, self._median_vol(everyone))
        if len(fits) < MIN_GROUP:
            return None
        exposures = np.median(np.stack([fit.exposures for fit in fits]), axis=0)
        return Group(f"median of {len(fits)} of {label}", frozen(exposures), self._median_vol(fits))

    def _median_vol(self, fits: Sequence[Fit]) -> float:
        return float(np.median([own_deviation(fit.residuals, self._rows) for fit in fits]))


def labels_of(issuer: Issuer | None) -> Iterable[str]:
    """Yield the groups that an issuer belongs to, the one that is taken first to the last."""
    if issuer is not None:
        if industry := issuer.attributes.get("industry"):
            yield f"industry {industry}"
        sector = issuer.attributes.get("sector", "")
        if f"sector {sector}" in STAND_INS:
            yield f"sector {sector}"
        for theme, _ in sorted(issuer.themes.items(), key=lambda item: (-item[1], item[0])):
            yield f"theme {theme}"
    yield _ALL


def own_deviation(residuals: FloatArray, rows: BoolArray) -> float:
    """Return the standard deviation of the residuals in `rows`, NaN where there are fewer than two."""
    inside = residuals[rows]
    inside = inside[np.isfinite(inside)]
    if len(inside) < 2:
        return float("nan")
    centred = inside - inside.mean()
    return float(np.sqrt((centred * centred).mean()))
