"""Implied-vol surfaces: reading, building, and the checks that refuse or remark on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite

from stresstest.arrays import frozen
from stresstest.errors import Problem
from stresstest.market.draft import Entry, MarketDraft, Place, SmileBounds, SmileDraft, SmilePillar
from stresstest.market.factor_kinds import FACTOR_KINDS
from stresstest.market.factor_levels import checked_level
from stresstest.market.keys import RiskFactorKey
from stresstest.market.sheets import EVIDENCE_COLUMNS, Header, Sheet
from stresstest.market.snapshot import Smile
from stresstest.quantity import parse_tenor

HEADER = Header(
    ("underlying", "expiry", "implied_vol", *EVIDENCE_COLUMNS),
    ("vol_skew", "vol_curvature"),
    ("source", "note"),
)
STICKINESS = ("moneyness", "strike")
FLAT = SmileBounds(0.0, 0.0, "moneyness")
"""Bounds of a surface without smile: x is clamped to 0, so that skew and curvature never matter."""

_FLAT_TENOR = ("1Y", 1.0)
_PARAMETERS = ("implied_vol", "vol_skew", "vol_curvature")

SmileRow = tuple[tuple[str, str], Entry[SmilePillar]]


def read_smiles(sheet: Sheet) -> list[SmileRow]:
    """Return the pillars of a `smiles` table by (underlying, expiry); a blank skew or curvature is 0."""
    rows: list[SmileRow] = []
    for row, (underlying, _, _) in sheet.rows("underlying", "expiry", "implied_vol"):
        tenor = sheet.amount(row, "expiry", parse_tenor)
        parameters = [
            checked_level(sheet, row, name, FACTOR_KINDS[name]) if sheet.cells(name)[row] else 0.0
            for name in _PARAMETERS
        ]
        provenance = sheet.evidence(row)
        vol, skew, curvature = parameters
        if tenor is None or vol is None or skew is None or curvature is None:
            continue
        pillar = SmilePillar(tenor.text, tenor.years, vol, skew, curvature)
        rows.append(((underlying, tenor.text), Entry(pillar, provenance, sheet.place(row))))
    return rows


def group_pillars(rows: Iterable[SmileRow], bounds: SmileBounds) -> dict[str, SmileDraft]:
    """Return the surfaces that the pillars of one layer make, shortest expiry first."""
    groups: dict[str, list[Entry[SmilePillar]]] = {}
    for (underlying, _), entry in rows:
        groups.setdefault(underlying, []).append(entry)
    return {
        underlying: SmileDraft(tuple(sorted(entries, key=lambda entry: entry.value.years)), bounds)
        for underlying, entries in groups.items()
    }


def flat_smile(entry: Entry[float]) -> SmileDraft:
    """Return the surface with one volatility, `entry`, for every strike and expiry."""
    pillar = SmilePillar(*_FLAT_TENOR, entry.value, 0.0, 0.0)
    return SmileDraft((Entry(pillar, entry.provenance, entry.place),), FLAT)


def bounds_problem(bounds: SmileBounds) -> Problem | None:
    """Return what is wrong with the bounds of a surface, or None."""
    lower, upper, stickiness = bounds
    if not (isfinite(lower) and isfinite(upper) and lower <= 0.0 <= upper):
        return Problem("ST215", f"smile bounds [{lower:g}, {upper:g}]", "lower ≤ 0 ≤ upper")
    if stickiness not in STICKINESS:
        return Problem("ST215", f"stickiness {stickiness!r}", "moneyness or strike")
    return None


def lowest_vol(pillar: SmilePillar, bounds: SmileBounds) -> tuple[float, float]:
    """Return the lowest volatility of a pillar within the bounds, and the x where it lies.

    A parabola is lowest at a bound or at its vertex −b/(2c).

    Examples
    --------
    >>> lowest_vol(SmilePillar("1M", 1 / 12, 0.5, -0.5, 0.5), SmileBounds(-1.0, 1.0, "moneyness"))
    (0.375, 0.5)
    """
    candidates = [bounds.lower, bounds.upper]
    if pillar.curvature > 0.0:
        candidates.append(min(max(-pillar.skew / (2.0 * pillar.curvature), bounds.lower), bounds.upper))
    return min((pillar.vol + x * (pillar.skew + x * pillar.curvature), x) for x in candidates)


def build_smiles(draft: MarketDraft) -> dict[str, Smile]:
    """Return the surfaces of a draft; add those not positive within their bounds to its problems."""
    return {
        underlying: Smile(
            underlying,
            tuple(entry.value.tenor for entry in pillars),
            frozen([entry.value.years for entry in pillars]),
            *bounds,
        )
        for underlying, (pillars, bounds) in draft.smiles.items()
        if _check_pillars(draft, underlying, draft.smiles[underlying])
    }


def _check_pillars(draft: MarketDraft, underlying: str, smile: SmileDraft) -> bool:
    """Add pillars of equal length and those with a volatility not above zero; tell whether there is any."""
    lengths: dict[float, Place] = {}
    for pillar, _, place in smile.pillars:
        if pillar.years in lengths:
            got = f"expiry {pillar.tenor} of {underlying}, as long as another"
            draft.problems.add(Problem("ST215", got, "expiries of different length", place("expiry")))
        lengths[pillar.years] = place
        vol, x = lowest_vol(pillar, smile.bounds)
        if not vol > 0.0:
            got = f"volatility {vol:.4g} of {underlying} {pillar.tenor} at x = {x:.4g}"
            lower, upper, _ = smile.bounds
            expected = f"a positive volatility for every x in [{lower:g}, {upper:g}]"
            draft.problems.add(Problem("ST214", got, expected, place("implied_vol")))
    return bool(smile.pillars)


def smile_levels(smiles: Mapping[str, SmileDraft]) -> dict[RiskFactorKey, Entry[float]]:
    """Return the `implied_vol`, `vol_skew` and `vol_curvature` levels of every pillar."""
    levels: dict[RiskFactorKey, Entry[float]] = {}
    for underlying, smile in smiles.items():
        for pillar, provenance, place in smile.pillars:
            values = (pillar.vol, pillar.skew, pillar.curvature)
            for kind, value in zip(_PARAMETERS, values, strict=True):
                levels[RiskFactorKey(kind, underlying, pillar.tenor)] = Entry(value, provenance, place)
    return levels
