"""Choices of instruments as hedge policies write them."""

from __future__ import annotations

from pydantic import model_validator

from stresstest.hedging.policies.selection import TERMS, Selection
from stresstest.io.fields import Percentage, Spec
from stresstest.quantity import QuantityError, parse_horizon
from stresstest.scenarios.select_spec import Values
from stresstest.scenarios.spec import Horizon


class InstrumentSelectSpec(Spec):
    """Attributes that an instrument must have, each with one value or a list of values."""

    issuer: Values | None = None
    """Issuer, by its id in the market; of an option, its underlying."""
    group: Values | None = None
    """Group of firms that stand or fall together: alphabet for GOOG and GOOGL."""
    type: Values | None = None
    """Instrument type: equity, fund, zero_bond, fixed_bond, european_option, american_option, cds_index."""
    kind: Values | None = None
    """Kind of the issuer in the market: equity, fund, index, sovereign."""
    asset_class: Values | None = None
    """equity, government_bond, credit, credit_swap, gold, commodity, currency, volatility, alternative,
    option or cash."""
    sector: Values | None = None
    """Sector of the issuer."""
    industry: Values | None = None
    """Industry of the issuer."""
    region: Values | None = None
    """Region of the issuer."""
    rating: Values | None = None
    """Credit rating of the issuer, by its bucket: AA for AA+, AA and AA-."""
    survivor_tier: Values | None = None
    """Tier of survival after the dot-com model: survives, perhaps, far_worse."""
    currency: Values | None = None
    """Currency of the instrument."""
    theme: Values | None = None
    """Theme that the instrument is exposed to, funds by their constituents."""
    min_exposure: Percentage | None = None
    """Least exposure to the theme."""
    longer_than: Horizon | None = None
    """Time to maturity that is exceeded: 3y."""

    @model_validator(mode="after")
    def _states_something(self) -> InstrumentSelectSpec:
        if self.min_exposure is not None and self.theme is None:
            raise QuantityError("ST471", "min_exposure without a theme", "theme: the one that is meant")
        if self.theme is None and self.longer_than is None and not self._terms():
            raise QuantityError(
                "ST325", "a selection without attributes", f"one of {', '.join(TERMS)}, theme"
            )
        return self

    def _terms(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        stated = ((name, getattr(self, name)) for name in TERMS)
        return tuple((name, tuple(values)) for name, values in stated if values is not None)

    def selection(self, excluded: tuple[str, ...] = ()) -> Selection:
        """Return the choice, without the issuers `excluded`."""
        return Selection(
            terms=self._terms(),
            themes=tuple(self.theme or ()),
            min_exposure=self.min_exposure or 0.0,
            longer_than_years=None if self.longer_than is None else parse_horizon(self.longer_than).years,
            excluded=excluded,
        )
