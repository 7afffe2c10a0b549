"""What `factor_model.yaml` of a market folder may hold."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from stresstest.io.fields import Date, Items, Name, Number, PositiveNumber, Spec
from stresstest.market.spec import EvidenceSpec, FileName


class RegimeSpec(Spec):
    """A state of the market that a covariance is estimated in."""

    windows: Annotated[Items[Annotated[Items[Date], Field(min_length=2, max_length=2)]], Field(min_length=1)]
    """First and last day of each stretch of history."""
    returns: PositiveNumber
    """Overlapping returns inside the windows."""
    shrinkage: Annotated[Number, Field(ge=0, le=1)]
    """Intensity of the pull of the correlations towards 0."""
    smallest_eigenvalue: Number
    """Of the factors' correlation matrix before repair."""
    note: str = ""
    """What the window lacks, and what stands for it."""


class FactorModelSpec(EvidenceSpec):
    """A factor model: x = B f + e."""

    version: Annotated[int, Field(ge=1, le=1)]
    """Version of the format."""
    factors: dict[Name, str]
    """Systematic factors in order, each with what it is made of."""
    horizons: Annotated[Items[PositiveNumber], Field(min_length=1)]
    """Trading days over which largest moves are kept, ascending."""
    exposures: FileName
    """Table: key, one column a factor, vol_REGIME and largest_DAYS, date, class, source, note."""
    covariance: FileName
    """Table: regime, factor, one column a factor: covariances per year."""
    regimes: Annotated[dict[Name, RegimeSpec], Field(min_length=1)]
    """Regimes by name."""
    sources: dict[str, str] = Field(default_factory=dict)
    """Text of each source id."""
