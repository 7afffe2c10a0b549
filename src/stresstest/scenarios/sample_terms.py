"""What a sampled scenario set says of its draws: how many, from which seed, how heavy their tails."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.kernels.philox import LARGEST_SEED

MOST_COLUMNS = 1_000_000
"""Draws of one sample."""

LEAST_DEGREES, MOST_DEGREES = 3, 1_000
"""Degrees of freedom: a variance exists from 3 on, and a thousand are as good as a normal distribution."""

UNSHOCKED = "unshocked"
"""Remainder of a mixture: draws around the market as it is."""

VARIATIONS = ("unstated", "all")
"""What varies beside the severity: the factors that a member leaves alone, or all factors of the model."""


@dataclass(frozen=True, slots=True)
class SeverityRange:
    """Triangular distribution of a member's severity; a single number where all three are equal.

    Examples
    --------
    >>> SeverityRange(0.5, 1.0, 1.5).quantile(np.array([0.0, 0.5, 1.0])).tolist()
    [0.5, 1.0, 1.5]
    """

    low: float = 1.0
    mode: float = 1.0
    high: float = 1.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.low <= self.mode <= self.high < np.inf:
            raise ValueError("severities run 0 <= low <= mode <= high")

    @classmethod
    def fixed(cls, severity: float) -> SeverityRange:
        """Return the range of one severity."""
        return cls(severity, severity, severity)

    @property
    def is_fixed(self) -> bool:
        """Whether every draw has the same severity."""
        return self.low == self.high

    def quantile(self, probability: FloatArray) -> FloatArray:
        """Return the severities below which draws lie with `probability`, of its shape.

        Sums, products, quotients and square roots only, each correctly rounded: the bits are the same
        everywhere.
        """
        width = self.high - self.low
        if width == 0.0:
            return np.full(probability.shape, self.mode)
        below = (self.mode - self.low) / width
        rising = self.low + np.sqrt(probability * width * (self.mode - self.low))
        falling = self.high - np.sqrt((1.0 - probability) * width * (self.high - self.mode))
        severity: FloatArray = np.where(probability < below, rising, falling)
        return severity


@dataclass(frozen=True, slots=True)
class SampleTerms:
    """How a scenario set is sampled.

    Attributes
    ----------
    columns
        Number of draws.
    seed
        0 to `LARGEST_SEED`; the same seed gives the same draws everywhere.
    regime
        Regime of the market's factor model for draws around the remainder and around members that name no
        other; empty: nothing varies but the severities.
    degrees_of_freedom
        Of the multivariate Student t that the random parts of a draw follow; None: normal.
    varies
        One of `VARIATIONS`.
    horizon
        Time over which the random parts accrue; empty: the horizon that all members share.
    remainder
        Whether what the members' probabilities leave over is drawn around the market as it is.

    Raises
    ------
    ValueError
        For numbers outside their range and an unknown variation.
    """

    columns: int
    seed: int
    regime: str = ""
    degrees_of_freedom: int | None = None
    varies: str = "unstated"
    horizon: str = ""
    remainder: bool = False

    def __post_init__(self) -> None:
        degrees = self.degrees_of_freedom
        if not 1 <= self.columns <= MOST_COLUMNS:
            raise ValueError(f"a sample has 1 to {MOST_COLUMNS:,} columns")
        if not 0 <= self.seed <= LARGEST_SEED:
            raise ValueError(f"a seed is a whole number from 0 to {LARGEST_SEED}")
        if degrees is not None and not LEAST_DEGREES <= degrees <= MOST_DEGREES:
            raise ValueError(f"degrees of freedom run from {LEAST_DEGREES} to {MOST_DEGREES}")
        if self.varies not in VARIATIONS:
            raise ValueError(f"varies is one of {', '.join(VARIATIONS)}")


def stream(purpose: str) -> int:
    """Return the number of the random stream for `purpose`, the same wherever it is asked.

    62 bits of a hash: two of a million streams meet with probability 1e-7.
    """
    digest = blake2b(purpose.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") & (LARGEST_SEED >> 1)
