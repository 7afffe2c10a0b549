"""Factors of a market indexed by the attributes that selectors name, kind by kind, when first asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot
from stresstest.networks.factors import PRIMITIVES
from stresstest.scenarios.followers import all_links

if TYPE_CHECKING:
    from stresstest.scenarios.choices import Choice
    from stresstest.scenarios.prepared import PreparedLines
    from stresstest.scenarios.scenario import Shock
    from stresstest.scenarios.selectors import Selector

ATTRIBUTES = (
    "name",
    "issuer",
    "theme",
    "industry",
    "survivor_tier",
    "rating",
    "sector",
    "region",
    "curve",
    "currency",
    "tenor",
)
"""What a selector may name, the most specific first."""

NAMING = frozenset({"name", "issuer", "curve"})
"""Attributes that name a factor. Only these reach one that moves through a link: a fund, a proxied share."""

_CURVE_KINDS = ("zero_rate", "par_yield", "basis")
_UNISSUED_KINDS = (*_CURVE_KINDS, "fx_spot", "inflation", "macro")
_ISSUER_ATTRIBUTES = ("industry", "survivor_tier", "rating", "sector", "region")


@dataclass(frozen=True, eq=False)
class KindDirectory:
    """Factors of one kind.

    Attributes
    ----------
    kind
        As in `RiskFactorKey.kind`.
    factors
        Keys by factor name, private names (`NVDA#hedge`) included, in the order of the market.
    exposures
        Attribute → value → factor name → exposure in (0, 1], which is 1 but for themes.
    tenors
        Tenors that the keys carry, in the order of the market.
    """

    kind: str
    factors: Mapping[str, tuple[RiskFactorKey, ...]]
    exposures: Mapping[str, Mapping[str, Mapping[str, float]]]
    tenors: tuple[str, ...]

    def values(self, attribute: str) -> tuple[str, ...]:
        """Return the values of `attribute` among these factors."""
        return self.tenors if attribute == "tenor" else tuple(self.exposures.get(attribute, ()))

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Place of each factor name in the order of the market."""
        return {name: place for place, name in enumerate(self.factors)}


class FactorDirectory:
    """Directories of the kinds of a market.

    Parameters
    ----------
    market
        Whose levels, issuers and curves are indexed.

    Attributes
    ----------
    links, linked
        All links, private copies of link targets included, and their targets.
    settled
        Factors that lines reach and do not move any more: those of issuers in default.
    choices
        What selectors reach among the factors of a kind, as far as anyone has asked.
    prepared, sound
        Lines and what they reach, and shocks that are known to be sound: see `prepared_lines`.
    """

    settled: frozenset[RiskFactorKey] = frozenset()

    def __init__(self, market: MarketSnapshot) -> None:
        self.market = market
        self.links = all_links(market)
        self.linked = frozenset(link.target for link in self.links)
        self._keys: defaultdict[str, list[RiskFactorKey]] = defaultdict(list)
        for key in market.levels:
            self._keys[key.kind].append(key)
        self._directories: dict[str, KindDirectory] = {}
        self.choices: dict[tuple[Selector, str], Choice] = {}
        self.prepared: dict[tuple[int, int, int], PreparedLines] = {}
        self.sound: dict[tuple[int, tuple[object, ...]], Shock] = {}

    def at(
        self, levels: Mapping[RiskFactorKey, float], settled: frozenset[RiskFactorKey] = frozenset()
    ) -> FactorDirectory:
        """Return the directory of the same market with its factors at other `levels`, some `settled`."""
        other = copy(self)
        other.market = replace(self.market, levels=levels)
        other.settled = settled
        return other

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds that the market has a level of."""
        return tuple(self._keys)

    def of_kind(self, kind: str) -> KindDirectory:
        """Return the directory of `kind`; it is empty where the market has no such factor."""
        if kind not in self._directories:
            self._directories[kind] = self._build(kind)
        return self._directories[kind]

    def _build(self, kind: str) -> KindDirectory:
        factors: defaultdict[str, list[RiskFactorKey]] = defaultdict(list)
        for key in self._keys.get(kind, ()):
            factors[key.name].append(key)
        exposures: dict[str, defaultdict[str, dict[str, float]]] = {}
        for name in factors:
            for attribute, value, exposure in self._attributes(kind, name):
                exposures.setdefault(attribute, defaultdict(dict))[value][name] = exposure
        tenors = dict.fromkeys(key.tenor for keys in factors.values() for key in keys if key.tenor)
        return KindDirectory(
            kind,
            {name: tuple(keys) for name, keys in factors.items()},
            {attribute: dict(by_value) for attribute, by_value in exposures.items()},
            tuple(tenors),
        )

    def _attributes(self, kind: str, name: str) -> Iterator[tuple[str, str, float]]:
        """Yield attribute, value and exposure of `name`; a private name has those of its public one too."""
        names = tuple(dict.fromkeys((name.split("#", 1)[0], name)))
        for known in names:
            yield "name", known, 1.0
        if kind in _CURVE_KINDS:
            yield from self._curve_attributes(names)
        elif kind == "fx_spot":
            yield "currency", names[0][:3], 1.0
        elif kind not in _UNISSUED_KINDS:
            if kind in PRIMITIVES and names[0] not in self.market.issuers:
                # A firm of a network that the market does not know.
                yield "issuer", names[0], 1.0
            yield from self._issuer_attributes(names)

    def _curve_attributes(self, names: tuple[str, ...]) -> Iterator[tuple[str, str, float]]:
        for name in names:
            curve = self.market.curves.get(name)
            if curve is not None:
                yield "curve", name, 1.0
                yield "currency", curve.currency, 1.0

    def _issuer_attributes(self, names: tuple[str, ...]) -> Iterator[tuple[str, str, float]]:
        issuers = [self.market.issuers[name] for name in names if name in self.market.issuers]
        if not issuers:
            return
        themes: dict[str, float] = {}
        attributes: dict[str, str] = {}
        for issuer in issuers:
            yield "issuer", issuer.id, 1.0
            themes.update(issuer.themes)
            attributes.update(issuer.attributes)
        yield "currency", issuers[-1].currency, 1.0
        for theme, exposure in themes.items():
            if exposure > 0.0:
                yield "theme", theme, exposure
        for attribute in _ISSUER_ATTRIBUTES:
            if attributes.get(attribute):
                yield attribute, attributes[attribute], 1.0
        bucket = attributes.get("rating", "").rstrip("+-")
        if bucket:
            yield "rating", bucket, 1.0
