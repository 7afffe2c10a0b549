"""The market on one date: issuers, base value of every risk factor, curves, smiles, exposures, provenance."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from stresstest.arrays import FloatArray
from stresstest.market.identifiers import identifier_index
from stresstest.market.keys import RiskFactorKey
from stresstest.market.price_curves import PriceCurve

if TYPE_CHECKING:
    from stresstest.market.factor_model import FactorModel


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a number comes from.

    `basis_class` is `documented`, `computed`, `judgement` or `unverified`; `as_of` is the date of the datum.
    """

    basis_class: str
    source: str
    as_of: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Issuer:
    """A firm, fund, index or commodity with a price: attributes that selectors and contributions use.

    Attributes
    ----------
    id
        Name within the market, mostly the ticker.
    kind
        `equity`, `fund`, `index`, `commodity`, `sovereign` or `private`.
    currency
        Currency of its price.
    attributes
        `sector`, `industry`, `region`, `rating`, `survivor_tier`, … ; a missing one is absent, not empty.
    themes
        Exposure in [0, 1] by theme.
    ids
        `isin`, `cusip`, `figi`, `lei` where known.
    """

    id: str
    name: str
    kind: str
    currency: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    themes: Mapping[str, float] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Curve:
    """Zero curve: continuously compounded rates at nodes, linear in the rate between them, flat outside."""

    name: str
    currency: str
    tenors: tuple[str, ...]
    years: FloatArray

    def keys(self) -> tuple[RiskFactorKey, ...]:
        """Return the `zero_rate` factors of the nodes, shortest first."""
        return tuple(RiskFactorKey("zero_rate", self.name, tenor) for tenor in self.tenors)


@dataclass(frozen=True, slots=True)
class CurveQuotes:
    """What the zero rates of a curve follow from: par yields, or another curve and a basis over it.

    Attributes
    ----------
    frequency
        Coupons a year of the par yields, which are `par_yield` factors of the curve's name; 0 for a basis.
    over, basis
        The curve below, and what lies over its zero rates at each node.
    """

    frequency: int
    over: str = ""
    basis: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Smile:
    """Implied-vol surface: at each pillar vol = a + b·x + c·x², x = ln(K/F)/√T clamped to [lower, upper].

    Total variance is linear between pillars at constant ln(K/F); the vol is flat outside them in x.
    `stickiness` is `moneyness` (F of the column) or `strike` (F of the base column).
    """

    underlying: str
    tenors: tuple[str, ...]
    years: FloatArray
    lower: float
    upper: float
    stickiness: str

    def keys(self) -> tuple[RiskFactorKey, ...]:
        """Return the `implied_vol`, `vol_skew`, `vol_curvature` factors, pillar by pillar."""
        kinds = ("implied_vol", "vol_skew", "vol_curvature")
        return tuple(RiskFactorKey(kind, self.underlying, tenor) for tenor in self.tenors for kind in kinds)


@dataclass(frozen=True, slots=True)
class FactorLink:
    """A factor that moves with others: a fund with its constituents, a proxied share with its proxy.

    level = base · (1 + Σ weight·(ratio − 1)) · Π ratio^beta · exp(−Σ duration·change), with ratio = level ÷
    base of a source and change = level − base. With every source unmoved the level is exactly the base.
    Each tuple holds (source, coefficient).
    """

    target: RiskFactorKey
    weights: tuple[tuple[RiskFactorKey, float], ...] = ()
    betas: tuple[tuple[RiskFactorKey, float], ...] = ()
    durations: tuple[tuple[RiskFactorKey, float], ...] = ()

    def sources(self) -> tuple[RiskFactorKey, ...]:
        """Return the factors that move the target."""
        return tuple(key for key, _ in (*self.weights, *self.betas, *self.durations))


@dataclass(frozen=True, slots=True)
class ContextValue:
    """A published number that moves nothing but belongs beside the market: VIX, SKEW."""

    value: float
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where everything that is not a level comes from.

    Attributes
    ----------
    issuers
        By issuer id: its name, classification and identifiers, where the file says it.
    attributes, themes
        By (issuer, attribute) and (issuer, theme).
    exposures
        By (target, source) of a link.
    rolls
        By (issuer, date rolled from).
    """

    issuers: Mapping[str, Provenance] = field(default_factory=dict)
    attributes: Mapping[tuple[str, str], Provenance] = field(default_factory=dict)
    themes: Mapping[tuple[str, str], Provenance] = field(default_factory=dict)
    exposures: Mapping[tuple[RiskFactorKey, RiskFactorKey], Provenance] = field(default_factory=dict)
    rolls: Mapping[tuple[str, date], Provenance] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MarketSnapshot:
    """Everything observable on `as_of`; immutable.

    Attributes
    ----------
    name
        What the user called it (`2025-10-03`, or the layers joined by ` + `).
    as_of
        No datum is later.
    currency
        Currency that FX factors are quoted against where nothing else is said.
    levels
        Base value of each factor.
    issuers, curves, smiles
        By id; `discount_curves` gives the discount curve of each currency.
    links
        Each target once, sources before targets, no cycle.
    provenance
        Of each level.
    notes
        What a reader should know: surfaces that allow arbitrage, layers older than the market.
    title
        One line on the market.
    sources
        Text of each source id that provenance names.
    rolls
        Total return, in decimals, by issuer and the date that it runs from, up to `as_of`.
    context
        Published numbers beside the market, by name.
    evidence
        Provenance of attributes, themes and links.
    factor_model_source
        Gives the factor model; None where the market has none. Read when first asked for, so that a run
        without propagation does not pay for it.
    quotes
        By curve, where its zero rates follow from something else that is quoted.
    price_curves
        Forward curves of commodities, power and rentals by (kind, name).
    identifiers
        Issuer id by ISIN, CUSIP, FIGI and LEI; made from `issuers`.
    """

    name: str
    as_of: date
    currency: str
    levels: Mapping[RiskFactorKey, float]
    issuers: Mapping[str, Issuer]
    curves: Mapping[str, Curve]
    discount_curves: Mapping[str, str]
    smiles: Mapping[str, Smile]
    links: tuple[FactorLink, ...]
    provenance: Mapping[RiskFactorKey, Provenance]
    notes: tuple[str, ...] = ()
    title: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)
    rolls: Mapping[tuple[str, date], float] = field(default_factory=dict)
    context: Mapping[str, ContextValue] = field(default_factory=dict)
    evidence: Evidence = field(default_factory=Evidence)
    quotes: Mapping[str, CurveQuotes] = field(default_factory=dict)
    price_curves: Mapping[tuple[str, str], PriceCurve] = field(default_factory=dict)
    factor_model_source: Callable[[], FactorModel] | None = field(default=None, repr=False, compare=False)
    identifiers: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "identifiers", identifier_index(self.issuers))

    @property
    def factor_model(self) -> FactorModel | None:
        """Joint moves of the factors, or None where the market carries no model.

        Raises
        ------
        InputError
            With what is wrong with the model's files, at the first call.
        """
        return None if self.factor_model_source is None else self.factor_model_source()
