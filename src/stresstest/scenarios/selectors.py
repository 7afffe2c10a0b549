"""Choice of market factors by attribute, and which of two choices is the more specific."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from stresstest.errors import Problem, nearest
from stresstest.market.keys import RiskFactorKey
from stresstest.quantity import QuantityError, parse_tenor
from stresstest.scenarios.directory import ATTRIBUTES, NAMING, FactorDirectory, KindDirectory

_PLACES = {attribute: len(ATTRIBUTES) - max(place, 1) for place, attribute in enumerate(ATTRIBUTES)}
"""Higher is more specific; a factor's name ranks as its issuer."""
_PRIVATE_PLACE = len(ATTRIBUTES)
_LISTED = 12
_LISTED_WORDS = 40
_OPEN_ENDED = ("issuer", "name")  # as many as the market has
_OF_MOODYS = {"AAA": "AAA", "AA": "AA", "BAA": "BBB", "BA": "BB", "CAA": "CCC"}
"""Values that a message lists in full; with more it names only the nearest."""

Specificity = tuple[int, int, bool]
"""Place of the most specific attribute, number of attributes, whether a tenor is named; larger wins."""


@dataclass(frozen=True, slots=True)
class Selector:
    """Attributes that a factor must have: one of the values of each.

    Attributes
    ----------
    terms
        Attribute and its values, in the order of `ATTRIBUTES`.

    Examples
    --------
    >>> Selector.of(region="US", theme=["ai_cloud", "ai_power"]).text()
    'theme ai_cloud or ai_power, region US'
    """

    terms: tuple[tuple[str, tuple[str, ...]], ...]

    @classmethod
    def of(cls, **terms: str | Sequence[str]) -> Selector:
        """Return the selector of `terms`; raise `ValueError` for an attribute that selectors do not know."""
        return cls.from_mapping(terms)

    @classmethod
    def from_mapping(cls, terms: Mapping[str, str | Sequence[str]]) -> Selector:
        """Return the selector of attribute → value or values."""
        unknown = [attribute for attribute in terms if attribute not in ATTRIBUTES]
        if unknown or not terms:
            given = f"attribute {unknown[0]!r}" if unknown else "no attribute"
            raise ValueError(f"{given}; expected one of {', '.join(ATTRIBUTES)}")
        values = {key: (value,) if isinstance(value, str) else tuple(value) for key, value in terms.items()}
        if not all(values.values()):
            raise ValueError("an attribute without a value")
        return cls(tuple((attribute, values[attribute]) for attribute in ATTRIBUTES if attribute in values))

    @property
    def is_naming(self) -> bool:
        """Whether it names factors, and so reaches those that move through links."""
        return any(attribute in NAMING for attribute, _ in self.terms)

    @property
    def specificity(self) -> Specificity:
        """How specific its choice of a factor is that is not private to a position."""
        place = max(_PLACES[attribute] for attribute, _ in self.terms)
        return place, len(self.terms), self.terms[-1][0] == "tenor"

    def private_specificity(self, key: RiskFactorKey) -> Specificity:
        """Return how specific the choice of the private factor `key` is: its own name beats all."""
        place, n_terms, has_tenor = self.specificity
        if any(key.name in values for attribute, values in self.terms if attribute in ("name", "issuer")):
            place = _PRIVATE_PLACE
        return place, n_terms, has_tenor

    def text(self) -> str:
        """Return the selector in words."""
        return ", ".join(f"{attribute} {' or '.join(values)}" for attribute, values in self.terms)


def select(selector: Selector, kind: str, directory: FactorDirectory) -> dict[RiskFactorKey, float]:
    """Return the factors of `kind` that `selector` reaches, with their exposure in (0, 1], in market order.

    A factor that moves through a link is reached only by a selector that names it. With several themes the
    largest exposure counts.
    """
    found = _matching(selector, directory.of_kind(kind))
    if selector.is_naming:
        return found
    return {key: exposure for key, exposure in found.items() if key not in directory.linked}


def unmatched_values(
    selector: Selector, kind: str, directory: FactorDirectory
) -> Iterator[tuple[str, Problem]]:
    """Yield attribute and problem of each value that no factor of `kind` has."""
    factors = directory.of_kind(kind)
    for attribute, value in _unknown(selector, factors):
        yield attribute, _unknown_value(attribute, value, factors, directory)


def knows_values(selector: Selector, factors: KindDirectory) -> bool:
    """Tell whether some factor has each value that the selector names."""
    return not any(True for _ in _unknown(selector, factors))


def _unknown(selector: Selector, factors: KindDirectory) -> Iterator[tuple[str, str]]:
    """Yield attribute and value of all that no factor has."""
    for attribute, values in selector.terms:
        known = factors.values(attribute)
        lengths = {_length(tenor) for tenor in known} if attribute == "tenor" else set()
        for value in values:
            if value not in known and (attribute != "tenor" or _length(value) not in lengths):
                yield attribute, value


def no_match(selector: Selector, kind: str, directory: FactorDirectory) -> Problem:
    """Return the problem of a selector each of whose values exists, but which reaches no factor."""
    linked = _matching(selector, directory.of_kind(kind))
    if linked:
        names = ", ".join(dict.fromkeys(key.name for key in linked))
        return Problem(
            "ST312",
            f"{selector.text()} matches only {names}, which move through their links",
            "a line that names them (issuer: …) to shock them directly",
        )
    return Problem(
        "ST311", f"no {kind} factor with {selector.text()}", "attributes that some factor has together"
    )


def _matching(selector: Selector, factors: KindDirectory) -> dict[RiskFactorKey, float]:
    exposures: dict[str, float] | None = None
    lengths: set[float | str] | None = None
    for attribute, values in selector.terms:
        if attribute == "tenor":
            lengths = {_length(value) for value in values}
            continue
        found: dict[str, float] = {}
        for value in values:
            for name, exposure in factors.exposures.get(attribute, {}).get(value, {}).items():
                found[name] = max(exposure, found.get(name, 0.0))
        if exposures is not None:
            found = {
                name: exposures[name] * exposure for name, exposure in found.items() if name in exposures
            }
        exposures = found
    names = factors.factors if exposures is None else sorted(exposures, key=factors.places.__getitem__)
    return {
        key: 1.0 if exposures is None else exposures[name]
        for name in names
        for key in factors.factors[name]
        if lengths is None or _length(key.tenor) in lengths
    }


@lru_cache(maxsize=1024)
def _length(tenor: str) -> float | str:
    """Return the years of `tenor`, so that 12M and 1Y are one; the text itself where it is no tenor."""
    try:
        return parse_tenor(tenor).years
    except QuantityError:
        return tenor


def _unknown_value(attribute: str, value: str, factors: KindDirectory, directory: FactorDirectory) -> Problem:
    known = sorted(factors.values(attribute))
    if not known:
        expected = f"an attribute that {factors.kind} factors of market {directory.market.name} have"
        having = [name for name in ATTRIBUTES if factors.values(name)]
        return Problem("ST310", f"{attribute} {value!r}", f"{expected}: {', '.join(having)}")
    expected = f"a value that some {factors.kind} factor of market {directory.market.name} has"
    if len(known) <= (_LISTED if attribute in _OPEN_ENDED else _LISTED_WORDS):
        expected += f": {', '.join(known)}"
    close = nearest(value, known)
    if attribute == "rating":
        bucket = _OF_MOODYS.get(value.upper().rstrip("123"), "")
        close = bucket if bucket in known else close
    return Problem("ST310", f"{attribute} {value!r}", expected, suggestion=close)
