"""Distributions of a driver or of a severity: how likely each of its values is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from stresstest.kernels.inverse_normal import inverse_normal_cdf
from stresstest.kernels.normal import normal_cdf


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

    def quantile(self, probability: float, low: float, high: float) -> float:
        """Return the value below which draws lie with `probability`; `low` and `high` do not cut it."""
        width = self.high - self.low
        if probability * width < self.mode - self.low:
            return self.low + math.sqrt(probability * width * (self.mode - self.low))
        return self.high - math.sqrt((1.0 - probability) * width * (self.high - self.mode))

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

    def quantile(self, probability: float, low: float, high: float) -> float:
        """Return the value below which draws lie with `probability`; `low` and `high` do not cut it."""
        return self.low + probability * (self.high - self.low)

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

    def quantile(self, probability: float, low: float, high: float) -> float:
        """Return the value below which draws between `low` and `high` lie with `probability`."""
        below = normal_cdf((low - self.mean) / self.standard_deviation)
        within = normal_cdf((high - self.mean) / self.standard_deviation) - below
        return self.mean + self.standard_deviation * float(inverse_normal_cdf(below + probability * within))

    @property
    def support(self) -> tuple[float, float]:
        """Return a value that any range must hold: the mean. The tails are cut off."""
        return self.mean, self.mean


@dataclass(frozen=True, slots=True)
class Discrete:
    """Probability of each choice; they add to 1."""

    probabilities: Mapping[str, float] = field(hash=False)

    def quantile(self, probability: float) -> str:
        """Return the choice that `probability` falls on, choices in the order written."""
        total = 0.0
        for choice, part in self.probabilities.items():
            total += part
            if probability < total:
                return choice
        return choice


NumberDistribution = Triangular | Uniform | Normal
