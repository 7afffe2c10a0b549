"""A market being put together: what each layer wrote, with its evidence and the place where it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from stresstest.errors import Location, Problem, ProblemList
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Issuer, Provenance

if TYPE_CHECKING:
    from stresstest.market.model_source import ModelFile
    from stresstest.market.spec import CreditSpreadsSpec, CurveSpec

BASIS_CLASSES = ("documented", "computed", "judgement", "unverified")
"""What a number may rest on."""

_K = TypeVar("_K")
_V = TypeVar("_V")
Place = Callable[[str], Location]
"""Where the field or column of the given name of a thing was written; the empty name is the thing itself."""


class Entry(NamedTuple, Generic[_V]):
    """Something that a layer states, why it may be believed, and where it stands."""

    value: _V
    provenance: Provenance
    place: Place


class Exposure(NamedTuple):
    """One term of a link: `form` is `weight`, `beta` or `duration`."""

    form: str
    source: RiskFactorKey
    coefficient: float


class SmilePillar(NamedTuple):
    """One expiry of a surface: vol = `vol` + `skew`·x + `curvature`·x²."""

    tenor: str
    years: float
    vol: float
    skew: float
    curvature: float


class SmileBounds(NamedTuple):
    """Range that x = ln(K/F)/√T is clamped to, and what the surface sticks to."""

    lower: float
    upper: float
    stickiness: str


class SmileDraft(NamedTuple):
    """Surface of one underlying: its pillars and the bounds of the layer that states them."""

    pillars: tuple[Entry[SmilePillar], ...]
    bounds: SmileBounds


@dataclass(slots=True)
class MarketDraft:
    """Everything that the layers read so far state; a later layer replaces entry by entry.

    A link and a surface are replaced as a whole: terms of two layers never mix.
    """

    as_of: date
    currency: str
    title: str
    problems: ProblemList
    sources: dict[str, str] = field(default_factory=dict)
    issuers: dict[str, Entry[Issuer]] = field(default_factory=dict)
    attributes: dict[tuple[str, str], Entry[str]] = field(default_factory=dict)
    themes: dict[tuple[str, str], Entry[float]] = field(default_factory=dict)
    levels: dict[RiskFactorKey, Entry[float]] = field(default_factory=dict)
    links: dict[RiskFactorKey, tuple[Entry[Exposure], ...]] = field(default_factory=dict)
    smiles: dict[str, SmileDraft] = field(default_factory=dict)
    curves: dict[str, Entry[CurveSpec]] = field(default_factory=dict)
    credit_spreads: Entry[CreditSpreadsSpec] | None = None
    factor_model: ModelFile | None = None
    rolls: dict[tuple[str, date], Entry[float]] = field(default_factory=dict)
    context: dict[str, Entry[float]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def merge(
    target: dict[_K, Entry[_V]], rows: list[tuple[_K, Entry[_V]]], column: str, problems: ProblemList
) -> None:
    """Put the entries of one layer into `target`, over those of earlier layers; refuse a key stated twice."""
    stated: dict[_K, Entry[_V]] = {}
    for key, entry in rows:
        if key in stated:
            first = stated[key].place(column)
            got = f"{_shown(key)} is stated again, after line {first.line}"
            problems.add(Problem("ST207", got, "one row for each", entry.place(column)))
        stated[key] = entry
    target.update(stated)


def _shown(key: object) -> str:
    """Return a key as a message names it: a factor in its own form, another tuple by its parts."""
    if isinstance(key, tuple) and not isinstance(key, RiskFactorKey):
        return " ".join(str(part) for part in key)
    return str(key)


def provenances(entries: Mapping[_K, Entry[_V]]) -> dict[_K, Provenance]:
    """Return the evidence of each entry."""
    return {key: entry.provenance for key, entry in entries.items()}
