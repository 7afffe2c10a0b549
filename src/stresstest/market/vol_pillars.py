"""Pillars of an implied-vol surface that an expiry depends on, and the columns that kernels read them by."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from stresstest.arrays import frozen, frozen_int
from stresstest.errors import Problem, ProblemList
from stresstest.kernels.smiles import PillarColumns, SmileColumns
from stresstest.market.curves import interpolation_weights
from stresstest.market.keys import RiskFactorKey, RowOf
from stresstest.market.snapshot import MarketSnapshot, Smile

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


class PillarFactors(Protocol):
    """What a pillar is to the columns: its time, its part in the variance, its three factors."""

    @property
    def years(self) -> float:
        """Return the time of the pillar in years."""

    @property
    def weight_years(self) -> float:
        """Return what multiplies vol² in the variance of the option."""

    def factors(self) -> tuple[RiskFactorKey, RiskFactorKey, RiskFactorKey]:
        """Return the factors a, b, c of vol = a + b·x + c·x²."""


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


def find_surface_factors(
    market: MarketSnapshot, underlying: str, years: float, problems: ProblemList
) -> tuple[RiskFactorKey, ...]:
    """Return the factors of a surface at an expiry; none, with a problem (ST361), where there is none."""
    smile = market.smiles.get(underlying)
    if smile is None:
        got = f"no implied-vol surface of {underlying!r}"
        problems.add(Problem("ST361", got, f"one in market {market.name!r}"))
        return ()
    return surface_factors(smile, years)


def smile_columns(
    smiles: Sequence[Smile], years: Sequence[float], log_forward_rows: Sequence[int], row: RowOf
) -> SmileColumns:
    """Return the columns of the surface of each option, in their order.

    Parameters
    ----------
    smiles, years
        Surface and time to expiry of each option.
    log_forward_rows
        Row in `market.derived` of the log forward that each measures moneyness from.
    row
        Gives the row of a factor.
    """
    pairs = [pillar_pair(smile, time) for smile, time in zip(smiles, years, strict=True)]
    flat = [
        has_no_skew(smile) and far.weight_years == 0.0 for smile, (_, far) in zip(smiles, pairs, strict=True)
    ]
    return SmileColumns(
        is_flat=frozen_int(flat),
        lower=frozen([smile.lower for smile in smiles]),
        upper=frozen([smile.upper for smile in smiles]),
        log_forward_row=frozen_int(log_forward_rows),
        near=pillar_columns([near for near, _ in pairs], row),
        far=pillar_columns([far for _, far in pairs], row),
    )


def pillar_columns(pillars: Sequence[PillarFactors], row: RowOf) -> PillarColumns:
    """Return the columns of one pillar of each option, in their order."""
    levels, skews, curvatures = zip(*(pillar.factors() for pillar in pillars), strict=True)
    return PillarColumns(
        vol_row=frozen_int([row(key) for key in levels]),
        skew_row=frozen_int([row(key) for key in skews]),
        curvature_row=frozen_int([row(key) for key in curvatures]),
        inverse_sqrt_years=frozen([_inverse_sqrt(pillar.years) for pillar in pillars]),
        weight_years=frozen([pillar.weight_years for pillar in pillars]),
    )


def _inverse_sqrt(years: float) -> float:
    return 1.0 / math.sqrt(years) if years > 0.0 else 0.0
