"""Kinds of risk factors: one row each, with domain, change space, units and the size that is a slip."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Domain(Enum):
    """Values that a factor can take."""

    POSITIVE = "positive"
    NON_NEGATIVE = "non_negative"
    REAL = "real"
    UNIT_INTERVAL = "unit_interval"
    INDICATOR = "indicator"

    def holds(self, value: float) -> bool:
        """Tell whether `value` lies in the domain (NaN and infinity never do)."""
        if value - value != 0.0:
            return False
        if self is Domain.POSITIVE:
            return value > 0.0
        if self is Domain.NON_NEGATIVE:
            return value >= 0.0
        if self is Domain.UNIT_INTERVAL:
            return 0.0 <= value <= 1.0
        if self is Domain.INDICATOR:
            return value in (0.0, 1.0)
        return True


class ChangeSpace(Enum):
    """Space in which changes are scaled, propagated and drawn."""

    LOG = "log"
    ABSOLUTE = "absolute"
    LOGIT = "logit"


@dataclass(frozen=True, slots=True)
class FactorKind:
    """Row of the table: everything that the engine knows of a kind of factor.

    Attributes
    ----------
    name
        As in `RiskFactorKey.kind`.
    domain, change_space
        Legal values; the space of severity, propagation, sampling and statistics.
    units
        Units that an absolute shift may carry. `%` is always relative, and `=` sets a level.
    implausible
        Largest absolute change (absolute kinds) or ratio to the base (log kinds) not taken for a slip.
    floor
        Lowest value that a `floor:` may name, or None.
    """

    name: str
    domain: Domain
    change_space: ChangeSpace
    units: tuple[str, ...]
    implausible: float
    floor: float | None = None
    relative_allowed: bool = True


_POSITIVE, _REAL, _UNIT = Domain.POSITIVE, Domain.REAL, Domain.UNIT_INTERVAL
_LOG, _ABSOLUTE, _LOGIT = ChangeSpace.LOG, ChangeSpace.ABSOLUTE, ChangeSpace.LOGIT

FACTOR_KINDS: dict[str, FactorKind] = {
    kind.name: kind
    for kind in (
        FactorKind("spot", _POSITIVE, _LOG, ("abs",), 10.0),
        FactorKind("fx_spot", _POSITIVE, _LOG, ("abs",), 10.0),
        FactorKind("zero_rate", _REAL, _ABSOLUTE, ("bp",), 0.20),
        FactorKind("par_yield", _REAL, _ABSOLUTE, ("bp",), 0.20),
        FactorKind("basis", _REAL, _ABSOLUTE, ("bp",), 0.20),
        FactorKind("credit_spread", _REAL, _ABSOLUTE, ("bp",), 0.50),
        FactorKind("hazard_rate", Domain.NON_NEGATIVE, _ABSOLUTE, ("bp",), 2.0),
        FactorKind("recovery_rate", _UNIT, _LOGIT, ("pp",), 1.0),
        FactorKind("default_state", Domain.INDICATOR, _ABSOLUTE, ("abs",), 1.0),
        FactorKind("implied_vol", Domain.NON_NEGATIVE, _ABSOLUTE, ("vol",), 2.0),
        FactorKind("normal_vol", Domain.NON_NEGATIVE, _ABSOLUTE, ("bp",), 0.05),
        FactorKind("vol_skew", _REAL, _ABSOLUTE, ("abs",), 2.0),
        FactorKind("vol_curvature", _REAL, _ABSOLUTE, ("abs",), 2.0),
        FactorKind("dividend_yield", _REAL, _ABSOLUTE, ("bp", "pp"), 0.50),
        FactorKind("borrow_fee", _REAL, _ABSOLUTE, ("bp",), 2.0),
        FactorKind("bid_ask", Domain.NON_NEGATIVE, _ABSOLUTE, ("bp", "pp", "vol"), 1.0),
        FactorKind("haircut", _UNIT, _LOGIT, ("pp",), 1.0),
        FactorKind("commodity_forward", _REAL, _ABSOLUTE, ("abs",), 1e4),
        FactorKind("rental_rate", _POSITIVE, _LOG, ("abs",), 10.0),
        FactorKind("power_price", _REAL, _ABSOLUTE, ("abs",), 1e4),
        FactorKind("inflation", _REAL, _ABSOLUTE, ("bp", "pp"), 0.50),
        FactorKind("private_mark", _POSITIVE, _LOG, ("abs",), 10.0),
        FactorKind("multiple", _POSITIVE, _LOG, ("abs",), 10.0),
        FactorKind("capex", Domain.NON_NEGATIVE, _ABSOLUTE, ("abs",), 1e13),
        FactorKind("revenue", Domain.NON_NEGATIVE, _ABSOLUTE, ("abs",), 1e13),
        FactorKind("funding", Domain.NON_NEGATIVE, _ABSOLUTE, ("abs",), 10.0),
        FactorKind("market_value", Domain.NON_NEGATIVE, _ABSOLUTE, ("abs",), 1e14),
        FactorKind("macro", _REAL, _ABSOLUTE, ("abs", "pp"), 1e15),
    )
}
"""Kinds by name; a plugin registers its own through `stresstest.extend`."""

UNIT_SIZES: dict[str, float] = {"bp": 1e-4, "vol": 1e-2, "pp": 1e-2, "abs": 1.0}
"""Decimal value of one point of each absolute unit."""
