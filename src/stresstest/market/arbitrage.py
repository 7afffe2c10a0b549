"""Static arbitrage in implied-vol surfaces: remarks on butterflies and calendars, never a correction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Smile

_POINTS = 41
_CALENDAR_POINTS = 31
_TOLERANCE = 1e-9


def butterfly_density(pillars: FloatArray, x: FloatArray) -> FloatArray:
    """Return g(x) of each pillar: negative where a butterfly has a negative price.

    With total variance w(k) at log-moneyness k = x·√T, g = (1 − k·w′/(2w))² − w′²/4·(1/w + 1/4) + w″/2.

    Parameters
    ----------
    pillars
        Columns years, vol, skew, curvature; shape `(n_pillars, 4)`.
    x
        Moneyness within the bounds, shape `(n_pillars, n_points)`. At the bounds themselves the slope has a
        kink, which g does not see.

    References
    ----------
    J. Gatheral, A. Jacquier, Arbitrage-free SVI volatility surfaces, Quantitative Finance 14 (2014), eq. 2.1.
    """
    years, vol, skew, curvature = (pillars[:, [column]] for column in range(4))
    sigma = vol + x * (skew + x * curvature)
    slope = skew + 2.0 * curvature * x
    variance = sigma * sigma * years
    first = 2.0 * sigma * slope * np.sqrt(years)
    second = 2.0 * (slope * slope + 2.0 * sigma * curvature)
    bend = 1.0 - x * np.sqrt(years) * first / (2.0 * variance)
    density: FloatArray = bend * bend - first * first / 4.0 * (1.0 / variance + 0.25) + second / 2.0
    return density


@dataclass(frozen=True, slots=True)
class Surface:
    """A surface as numbers: a row of `parameters (n_pillars, 4)` is years, vol, skew, curvature."""

    tenors: tuple[str, ...]
    parameters: FloatArray
    lower: float
    upper: float


def surfaces(smiles: Mapping[str, Smile], levels: Mapping[RiskFactorKey, float]) -> dict[str, Surface]:
    """Return the surfaces that `levels` give `smiles`."""
    return {name: _surface(smile, levels) for name, smile in smiles.items()}


def _surface(smile: Smile, levels: Mapping[RiskFactorKey, float]) -> Surface:
    keys = smile.keys()
    parameters = np.array([levels[key] for key in keys]).reshape(-1, 3)
    return Surface(smile.tenors, np.column_stack([smile.years, parameters]), smile.lower, smile.upper)


def arbitrage_notes(surfaces: Mapping[str, Surface]) -> list[str]:
    """Return one remark for each surface whose butterflies or calendars have a negative price."""
    notes = []
    for underlying, surface in surfaces.items():
        butterfly = _butterfly_tenor(surface)
        if butterfly:
            notes.append(f"implied vols of {underlying}: a butterfly of negative price at {butterfly}")
        calendar = _calendar_tenor(surface)
        if calendar:
            notes.append(
                f"implied vols of {underlying}: total variance falls from the pillar before {calendar}"
            )
    return notes


def _butterfly_tenor(surface: Surface) -> str:
    """Return the first pillar with a negative butterfly inside its bounds, as `1M near x = -0.4`."""
    if surface.lower == surface.upper:
        return ""
    pillars = surface.parameters
    inside = np.linspace(surface.lower, surface.upper, _POINTS)
    density = butterfly_density(pillars, np.broadcast_to(inside, (pillars.shape[0], _POINTS)))
    lowest = density.min(axis=1)
    bad = np.flatnonzero(lowest < -_TOLERANCE)
    if not bad.size:
        return ""
    row = int(bad[0])
    return f"{surface.tenors[row]} near x = {inside[int(density[row].argmin())]:.2f}"


def _calendar_tenor(surface: Surface) -> str:
    """Return the first pillar whose total variance lies below the one before at some equal ln(K/F)."""
    pillars = surface.parameters
    root = np.sqrt(pillars[:, [0]])
    widest = float(root[-1, 0])
    k = np.linspace(surface.lower * widest, surface.upper * widest, _CALENDAR_POINTS)
    x = np.clip(k / root, surface.lower, surface.upper)
    vol = pillars[:, [1]] + x * (pillars[:, [2]] + x * pillars[:, [3]])
    variance = vol * vol * pillars[:, [0]]
    falls = (variance[1:] < variance[:-1] * (1.0 - _TOLERANCE)).any(axis=1)
    return surface.tenors[1 + int(falls.argmax())] if falls.any() else ""
