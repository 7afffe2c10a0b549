"""What a selector reaches in a market, worked out once for all lines and severities that ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from stresstest.market.keys import RiskFactorKey
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.selectors import Selector, Specificity, knows_values, select


class Choice(NamedTuple):
    """Factors of one kind that a selector reaches.

    Attributes
    ----------
    factors
        With their exposure in (0, 1], in market order.
    terms
        Each pair of an exposure and a specificity that some factor has; most choices have one.
    places
        Of each factor, which of `terms` is its own.
    is_known
        Whether some factor of the kind has each value that the selector names.
    """

    factors: Mapping[RiskFactorKey, float]
    terms: tuple[tuple[float, Specificity], ...]
    places: tuple[int, ...]
    is_known: bool


def chosen(selector: Selector, kind: str, directory: FactorDirectory) -> Choice:
    """Return what `selector` reaches among the factors of `kind`; levels do not matter to it."""
    choice = directory.choices.get((selector, kind))
    if choice is None:
        choice = directory.choices[selector, kind] = _choice(selector, kind, directory)
    return choice


def _choice(selector: Selector, kind: str, directory: FactorDirectory) -> Choice:
    factors = select(selector, kind, directory)
    public = selector.specificity
    terms: dict[tuple[float, Specificity], int] = {}
    places = tuple(
        terms.setdefault(
            (exposure, selector.private_specificity(key) if "#" in key.name else public), len(terms)
        )
        for key, exposure in factors.items()
    )
    return Choice(factors, tuple(terms), places, knows_values(selector, directory.of_kind(kind)))
