"""Vols of swap rates by expiry: normal ones as levels of their own, lognormal ones as any other surface."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from stresstest.arrays import frozen, frozen_int
from stresstest.errors import Problem, ProblemList, nearest
from stresstest.kernels.smiles import SmileColumns
from stresstest.market.keys import RiskFactorKey, RowOf
from stresstest.market.price_curves import PriceCurve
from stresstest.market.snapshot import MarketSnapshot
from stresstest.market.vol_pillars import (
    PillarFactors,
    find_surface_factors,
    pillar_columns,
    pillar_pair,
)

NORMAL_VOL = "normal_vol"
"""Kind of a normal vol: standard deviation a year of the change of a rate, in decimals."""


class NormalPillar(NamedTuple):
    """One expiry's part in the variance of a rate: `weight_years`·vol², for every strike."""

    key: RiskFactorKey
    years: float
    weight_years: float

    def factors(self) -> tuple[RiskFactorKey, RiskFactorKey, RiskFactorKey]:
        """Return the vol in the place of all three parameters of a smile: at x = 0 only the first counts."""
        return self.key, self.key, self.key


class RateVols(NamedTuple):
    """Vols of one swaption: pillars around its expiry, limits of x, and whether the vol is normal."""

    near: PillarFactors
    far: PillarFactors
    lower: float
    upper: float
    is_normal: bool


def normal_pillars(curve: PriceCurve, years: float) -> tuple[NormalPillar, NormalPillar]:
    """Return the expiries around a time: variance linear in time between them, the vol flat outside."""
    lower, upper, lower_weight, upper_weight = curve.nodes(years)
    if upper_weight == 0.0:
        near = NormalPillar(curve.key(lower), years, years)
        return near, near._replace(weight_years=0.0)
    lower_years, upper_years = curve.years[lower], curve.years[upper]
    return (
        NormalPillar(curve.key(lower), lower_years, lower_weight * lower_years),
        NormalPillar(curve.key(upper), upper_years, upper_weight * upper_years),
    )


def rate_vols(market: MarketSnapshot, surface: str, years: float, *, is_normal: bool) -> RateVols:
    """Return the vols of a surface that is known to exist, at a time to expiry."""
    if is_normal:
        return RateVols(*normal_pillars(market.price_curves[NORMAL_VOL, surface], years), 0.0, 0.0, True)
    smile = market.smiles[surface]
    return RateVols(*pillar_pair(smile, years), smile.lower, smile.upper, False)


def find_rate_vol_factors(
    market: MarketSnapshot, surface: str, years: float, *, is_normal: bool, problems: ProblemList
) -> tuple[RiskFactorKey, ...]:
    """Return the factors of a surface at an expiry; none, with a problem (ST361), where there is none."""
    if not is_normal:
        return find_surface_factors(market, surface, years, problems)
    curve = market.price_curves.get((NORMAL_VOL, surface))
    if curve is None:
        known = [name for kind, name in market.price_curves if kind == NORMAL_VOL]
        got = f"no normal vols of {surface!r}"
        expected = f"{NORMAL_VOL}/{surface}/<expiry> in market {market.name!r}"
        problems.add(Problem("ST361", got, expected, suggestion=nearest(surface, known), field="vol_surface"))
        return ()
    return tuple(pillar.key for pillar in normal_pillars(curve, years) if pillar.weight_years > 0.0)


def rate_vol_columns(vols: Sequence[RateVols], row: RowOf) -> SmileColumns:
    """Return the columns of the vols of each swaption, in their order; row 0 holds every log forward."""
    return SmileColumns(
        is_flat=frozen_int([0] * len(vols)),
        lower=frozen([vol.lower for vol in vols]),
        upper=frozen([vol.upper for vol in vols]),
        log_forward_row=frozen_int([0] * len(vols)),
        near=pillar_columns([vol.near for vol in vols], row),
        far=pillar_columns([vol.far for vol in vols], row),
    )
