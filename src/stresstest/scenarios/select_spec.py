"""Selectors as scenario files write them."""

from __future__ import annotations

from typing import Annotated, ClassVar, TypeAlias

from pydantic import BeforeValidator, model_validator

from stresstest.io.fields import Identifier, Items, Spec
from stresstest.quantity import QuantityError
from stresstest.scenarios.basis_spec import ONE_OR_MORE, as_list
from stresstest.scenarios.directory import ATTRIBUTES
from stresstest.scenarios.driver_spec import NotEmpty, TenorText

Values: TypeAlias = Annotated[Items[Identifier], BeforeValidator(as_list), NotEmpty, ONE_OR_MORE]
"""One value of an attribute or a list of values, any of which will do."""


class SelectSpec(Spec):
    """Attributes that a factor must have, each with one value or a list of values."""

    shorthand: ClassVar[str] = "issuer"
    other_words: ClassVar[dict[str, str]] = {
        "country": "region",
        "ticker": "issuer",
        "symbol": "issuer",
        "company": "issuer",
        "stock": "issuer",
        "underlying": "issuer",
        "index": "issuer",
        "tier": "survivor_tier",
        "ccy": "currency",
        "maturity": "tenor",
        "expiry": "tenor",
    }
    examples: ClassVar[dict[str, tuple[object, ...]]] = {
        "name": ("XAU", "EURUSD"),
        "issuer": ("NVDA", ["NVDA", "AVGO"]),
        "theme": ("ai_accelerators", "ai_cloud"),
        "industry": ("semiconductors",),
        "survivor_tier": ("survives", "perhaps", "far_worse"),
        "rating": ("B", "BBB+"),
        "sector": ("information_technology",),
        "region": ("US", ["US", "Europe"]),
        "curve": ("USD", "USD_SOFR"),
        "currency": ("USD",),
        "tenor": ("5Y", ["5Y", "10Y"]),
    }

    name: Values | None = None
    """Exact name of a factor: XAU, EURUSD, H100."""
    issuer: Values | None = None
    """Issuer, by its id in the market; names a fund or a proxied share, which broader lines do not reach."""
    theme: Values | None = None
    """Theme; the issuer's exposure in [0, 1] scales the shift."""
    industry: Values | None = None
    """Industry of the issuer."""
    survivor_tier: Values | None = None
    """Tier of survival after the dot-com model: survives, perhaps, far_worse."""
    rating: Values | None = None
    """Credit rating; one without + or - takes its whole bucket."""
    sector: Values | None = None
    """Sector of the issuer."""
    region: Values | None = None
    """Region of the issuer."""
    curve: Values | None = None
    """Zero curve by name: USD, USD_SOFR."""
    currency: Values | None = None
    """Currency of the issuer's price, of the curve, or the first one of an exchange rate."""
    tenor: Annotated[Items[TenorText], BeforeValidator(as_list), NotEmpty, ONE_OR_MORE] | None = None
    """Tenor of the factor: 5Y."""

    @model_validator(mode="after")
    def _not_empty(self) -> SelectSpec:
        if not self.terms():
            raise QuantityError("ST325", "a selector without attributes", f"one of {', '.join(ATTRIBUTES)}")
        return self

    def terms(self) -> dict[str, tuple[str, ...]]:
        """Return attribute → values of what is stated."""
        stated = ((attribute, getattr(self, attribute)) for attribute in ATTRIBUTES)
        return {attribute: values for attribute, values in stated if values is not None}
