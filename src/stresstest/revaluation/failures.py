"""What could not be valued, as values: a closed list of reasons, never a silent gap."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class FailureReason(Enum):
    """Why a position has no value in a column."""

    NOT_FINITE = "not_finite"
    FACTOR_OUTSIDE_DOMAIN = "factor_outside_domain"


@dataclass(frozen=True, slots=True)
class PositionFailure:
    """A position that could not be valued in one scenario (`base` for column 0).

    Attributes
    ----------
    base_value
        Its base value, left out of the scenario's total; NaN where the base itself failed.
    """

    portfolio: str
    position: str
    scenario: str
    reason: FailureReason
    message: str
    base_value: float
