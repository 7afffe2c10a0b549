"""Pillars of an underlying's implied-vol surface that an expiry depends on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from stresstest.arrays import frozen, frozen_int
from stresstest.instrument_type import Rows
from stresstest.instruments.european_option.columns import PillarColumns
from stresstest.market.curves import interpolation_weights
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Smile

SMILE_KINDS = ("implied_vol", "vol_skew", "vol_curvature")


class Pillar(NamedTuple):
    """One pillar's part in the variance of an option: `weight_years`·vol² at x = ln(K/F)/√`years`."""

    underlying: str
    tenor: str
    years: float
    weight_years: float

    def factors(self) -> tuple[RiskFactorKey, RiskFactorKey, RiskFactorKey]:
        """Return the factors a, b, c of vol = a + b·x + c·x²."""
        level, skew, curvature = (RiskFactorKey(kind, self.underlying, self.tenor) for kind in SMILE_KINDS)
        return level, skew, curvature


def pillar_pair(smile: Smile, years: float) -> tuple[Pillar, Pillar]:
    """Return the pillars around an expiry; where one alone counts it is both, the second without weight.

    Between pillars T₁ < T < T₂ total variance is linear in time at constant ln(K/F): weights (1 − λ)·T₁ and
    λ·T₂, λ = (T − T₁)/(T₂ − T₁). Outside, and on a pillar, vol is that pillar's at x = ln(K/F)/√T.
    """
    lower, upper, lower_weight, upper_weight = interpolation_weights(smile.years, years)
    if upper_weight == 0.0:
        near = Pillar(smile.underlying, smile.tenors[lower], years, years)
        return near, near._replace(weight_years=0.0)
    lower_years, upper_years = float(smile.years[lower]), float(smile.years[upper])
    return (
        Pillar(smile.underlying, smile.tenors[lower], lower_years, lower_weight * lower_years),
        Pillar(smile.underlying, smile.tenors[upper], upper_years, upper_weight * upper_years),
    )


def has_no_skew(smile: Smile) -> bool:
    """Tell whether moneyness never matters: the surface clamps it to the forward."""
    return smile.lower == smile.upper == 0.0


def surface_factors(smile: Smile, years: float) -> tuple[RiskFactorKey, ...]:
    """Return the factors of the surface that the vol of an expiry depends on."""
    pillars = [pillar for pillar in pillar_pair(smile, years) if pillar.weight_years > 0.0]
    kinds = 1 if has_no_skew(smile) else len(SMILE_KINDS)
    return tuple(key for pillar in pillars for key in pillar.factors()[:kinds])


def pillar_columns(pillars: Sequence[Pillar], rows: Rows) -> PillarColumns:
    """Return the columns of one pillar of each option, in their order."""
    levels, skews, curvatures = zip(*(pillar.factors() for pillar in pillars), strict=True)
    return PillarColumns(
        vol_row=frozen_int([rows.factor(key) for key in levels]),
        skew_row=frozen_int([rows.factor(key) for key in skews]),
        curvature_row=frozen_int([rows.factor(key) for key in curvatures]),
        inverse_sqrt_years=frozen([_inverse_sqrt(pillar.years) for pillar in pillars]),
        weight_years=frozen([pillar.weight_years for pillar in pillars]),
    )


def _inverse_sqrt(years: float) -> float:
    return 1.0 / math.sqrt(years) if years > 0.0 else 0.0
