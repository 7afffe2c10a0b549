"""Joint moves of risk factors: what they share, what is their own, in which regime, on what evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.market.keys import RiskFactorKey

if TYPE_CHECKING:
    from stresstest.market.snapshot import Provenance

TRADING_DAYS = 252
"""Trading days a year."""


@dataclass(frozen=True, slots=True)
class Regime:
    """A state of the market that covariances are estimated in.

    Attributes
    ----------
    windows
        First and last day of each stretch of history that it is made of; one stretch for a plain window.
    n_returns
        Overlapping returns inside the windows.
    shrinkage
        Intensity in [0, 1] of the pull towards the target (0: sample, 1: target).
    smallest_eigenvalue
        Of the factor correlation matrix before repair; not negative where nothing had to be repaired.
    """

    name: str
    windows: tuple[tuple[date, date], ...]
    n_returns: int
    shrinkage: float
    smallest_eigenvalue: float
    note: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class FactorModel:
    """Joint moves of risk factors: x = B f + e, x in each kind's change space.

    x is a log return for spots and exchange rates, and a change in decimals for rates, spreads and vols. f
    and e have mean 0 and are independent of each other; the parts e of two risk factors are independent. Link
    targets are not in the model: they move with what they are made of.

    Attributes
    ----------
    factors
        `(n_factors,)` names of the systematic factors: market, ai, rates_level, … .
    keys
        `(n_keys,)` risk factors that the model knows.
    exposures
        B, `(n_keys, n_factors)`.
    covariance
        Of f by regime, per year, `(n_factors, n_factors)`, symmetric and positive definite.
    idiosyncratic_vol
        Standard deviation of e by regime, per square root of a year, `(n_keys,)`, positive.
    regimes
        By name; the same names as in `covariance`.
    horizons_years
        `(n_horizons,)` ascending; lengths of the moves in `largest_moves`.
    largest_moves
        `(n_keys, n_horizons)` largest absolute move seen over each horizon in the whole history; NaN without
        a history.
    provenance
        By key: class, source, date and how its row was found.
    rows
        Row of each key; made from `keys`.

    Raises
    ------
    ValueError
        When shapes or names do not fit together.
    """

    factors: tuple[str, ...]
    keys: tuple[RiskFactorKey, ...]
    exposures: FloatArray
    covariance: Mapping[str, FloatArray]
    idiosyncratic_vol: Mapping[str, FloatArray]
    regimes: Mapping[str, Regime]
    horizons_years: FloatArray
    largest_moves: FloatArray
    provenance: Mapping[RiskFactorKey, Provenance] = field(default_factory=dict, repr=False)
    rows: Mapping[RiskFactorKey, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        n_keys, n_factors = len(self.keys), len(self.factors)
        object.__setattr__(self, "exposures", frozen(self.exposures))
        object.__setattr__(self, "horizons_years", frozen(self.horizons_years))
        object.__setattr__(self, "largest_moves", frozen(self.largest_moves))
        object.__setattr__(self, "covariance", _frozen_by_name(self.covariance))
        object.__setattr__(self, "idiosyncratic_vol", _frozen_by_name(self.idiosyncratic_vol))
        object.__setattr__(self, "rows", {key: row for row, key in enumerate(self.keys)})
        if len(self.rows) != n_keys or len(set(self.factors)) != n_factors:
            raise ValueError("a factor or a key of a factor model stands twice")
        if self.exposures.shape != (n_keys, n_factors):
            raise ValueError(f"exposures are {self.exposures.shape}, not {(n_keys, n_factors)}")
        if self.largest_moves.shape != (n_keys, len(self.horizons_years)):
            raise ValueError("one largest move a key and horizon")
        if not set(self.covariance) == set(self.idiosyncratic_vol) == set(self.regimes):
            raise ValueError("covariances, idiosyncratic vols and regimes have different names")
        for name, covariance in self.covariance.items():
            if covariance.shape != (n_factors, n_factors) or self.idiosyncratic_vol[name].shape != (n_keys,):
                raise ValueError(f"arrays of regime {name!r} have the wrong shape")

    def largest_seen(self, keys: Sequence[RiskFactorKey], horizon_years: float) -> FloatArray:
        """Return `(n,)` the largest absolute moves of `keys` seen over a horizon like `horizon_years`.

        That is the longest horizon kept that is not longer, or the shortest kept; NaN without a history.
        """
        place = int(np.searchsorted(self.horizons_years, horizon_years * (1.0 + 1e-9), side="right"))
        rows = [self.rows[key] for key in keys]
        found: FloatArray = self.largest_moves[rows, max(place - 1, 0)]
        return found


def _frozen_by_name(arrays: Mapping[str, FloatArray]) -> dict[str, FloatArray]:
    return {name: frozen(array) for name, array in arrays.items()}
