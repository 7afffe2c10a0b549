"""Choice of instruments by what they are: type, issuer, sector, theme, time to maturity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

TERMS = (
    "issuer",
    "group",
    "type",
    "kind",
    "asset_class",
    "sector",
    "industry",
    "region",
    "rating",
    "survivor_tier",
    "currency",
)
"""What a selection may name beside a theme and a time to maturity."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What rules, costs and universes may ask of an instrument.

    Attributes
    ----------
    values
        Value of each of `TERMS` that the instrument has; options have those of their underlying, but for
        `type` and `asset_class`.
    themes
        Exposure in (0, 1] by theme; a fund's is that of its constituents, by weight.
    maturity_years
        Time to the maturity of a bond, or the expiry of an option; 0 where there is none.
    """

    values: Mapping[str, str]
    themes: Mapping[str, float] = field(default_factory=dict)
    maturity_years: float = 0.0


@dataclass(frozen=True, slots=True)
class Selection:
    """Attributes that an instrument must have: one of the values of each, and none of `excluded` issuers.

    Attributes
    ----------
    terms
        Attribute of `TERMS` and its values.
    themes
        Themes, one of which the instrument must have at an exposure of at least `min_exposure`.
    longer_than_years
        Time to maturity that is exceeded; None: any.

    Examples
    --------
    >>> bonds = Selection((("asset_class", ("government_bond",)),), longer_than_years=3.0)
    >>> bonds.matches(Traits({"asset_class": "government_bond"}, maturity_years=9.5))
    True
    """

    terms: tuple[tuple[str, tuple[str, ...]], ...] = ()
    themes: tuple[str, ...] = ()
    min_exposure: float = 0.0
    longer_than_years: float | None = None
    excluded: tuple[str, ...] = ()

    def matches(self, traits: Traits) -> bool:
        """Tell whether an instrument with `traits` is chosen."""
        if traits.values.get("issuer", "") in self.excluded:
            return False
        if self.longer_than_years is not None and traits.maturity_years <= self.longer_than_years:
            return False
        if self.themes and not any(
            traits.themes.get(theme, 0.0) >= max(self.min_exposure, 1e-12) for theme in self.themes
        ):
            return False
        return all(traits.values.get(name) in values for name, values in self.terms)

    def text(self) -> str:
        """Return the selection in words: `asset class equity, longer than 3 years`."""
        parts = [f"{name.replace('_', ' ')} {' or '.join(values)}" for name, values in self.terms]
        if self.themes:
            least = f" at {100.0 * self.min_exposure:g}% or more" if self.min_exposure else ""
            parts.append(f"theme {' or '.join(self.themes)}{least}")
        if self.longer_than_years is not None:
            parts.append(f"longer than {self.longer_than_years:g} years")
        if self.excluded:
            parts.append(f"except {', '.join(self.excluded)}")
        return ", ".join(parts)
