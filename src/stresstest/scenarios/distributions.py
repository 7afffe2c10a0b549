"""Distributions of a driver or of a severity: how likely each of its values is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Triangular:
    """Density that rises from 0 at `low` to its peak at `mode` and falls to 0 at `high`; in decimals."""

    low: float
    mode: float
    high: float

    def problem(self) -> str:
        """Return what is wrong with the parameters, or nothing."""
        ordered = self.low <= self.mode <= self.high and self.low < self.high
        return "" if ordered else "low <= mode <= high"

    @property
    def support(self) -> tuple[float, float]:
        """Smallest and largest value."""
        return self.low, self.high


@dataclass(frozen=True, slots=True)
class Uniform:
    """Every value from `low` to `high` is equally likely; in decimals."""

    low: float
    high: float

    def problem(self) -> str:
        """Return what is wrong with the parameters, or nothing."""
        return "" if self.low < self.high else "low < high"

    @property
    def support(self) -> tuple[float, float]:
        """Smallest and largest value."""
        return self.low, self.high


@dataclass(frozen=True, slots=True)
class Normal:
    """Normal with `mean` and standard deviation, cut off at the ends of the driver's range; in decimals."""

    mean: float
    standard_deviation: float

    def problem(self) -> str:
        """Return what is wrong with the parameters, or nothing."""
        return "" if self.standard_deviation > 0.0 else "a standard deviation above 0"

    @property
    def support(self) -> tuple[float, float]:
        """Return a value that any range must hold: the mean. The tails are cut off."""
        return self.mean, self.mean


@dataclass(frozen=True, slots=True)
class Discrete:
    """Probability of each choice; they add to 1."""

    probabilities: Mapping[str, float] = field(hash=False)


NumberDistribution = Triangular | Uniform | Normal
