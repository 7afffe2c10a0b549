"""Base levels of risk factors in files: names, domains, units."""

from __future__ import annotations

import re
from math import nan

from stresstest.errors import Problem, nearest
from stresstest.market.draft import Entry
from stresstest.market.factor_kinds import FACTOR_KINDS, FactorKind
from stresstest.market.keys import RiskFactorKey
from stresstest.market.sheets import EVIDENCE_COLUMNS, Header, Sheet
from stresstest.quantity import parse_level

HEADER = Header(("factor", "value", *EVIDENCE_COLUMNS), (), ("source", "note"))

ISSUER_KINDS = frozenset(
    (
        "spot", "credit_spread", "hazard_rate", "recovery_rate", "default_state", "dividend_yield",
        "borrow_fee", "private_mark", "multiple",
    )
)  # fmt: skip
"""Kinds whose factors are named by an issuer."""

_ELSEWHERE = {
    "zero_rate": "a curve under `curves` in market.yaml",
    "par_yield": "a curve under `curves` in market.yaml",
    "implied_vol": "a row of the `smiles` table",
    "vol_skew": "a row of the `smiles` table",
    "vol_curvature": "a row of the `smiles` table",
}
_LARGEST = {"zero_rate": 1.0, "par_yield": 1.0, "basis": 1.0, "dividend_yield": 1.0, "inflation": 1.0}
_LARGEST_OTHERWISE = 10.0
_FRACTION_OF_VOL, _FRACTION_OF_RATE = 3.0, 0.1
"""Below these a level without unit is taken for a fraction, not for points, in what is suggested."""
_UNIT = re.compile(r"[A-Za-z%]*\Z")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._&-]{0,31}", re.ASCII)
_PAIR = re.compile(r"[A-Z]{6}", re.ASCII)


def parse_factor(text: str) -> RiskFactorKey | Problem:
    """Return the factor that `text` names, or what is wrong with it.

    Examples
    --------
    >>> parse_factor("spot/NVDA")
    RiskFactorKey(kind='spot', name='NVDA', tenor='')
    >>> parse_factor("spots/NVDA").suggestion
    'spot/NVDA'
    """
    try:
        key = RiskFactorKey.parse(text)
    except ValueError:
        return Problem("ST202", f"factor {text!r}", "kind/name or kind/name/tenor, like spot/NVDA")
    if key.kind not in FACTOR_KINDS:
        kind = nearest(key.kind, FACTOR_KINDS)
        suggestion = str(key._replace(kind=kind)) if kind else ""
        return Problem("ST202", f"kind of factor {key.kind!r}", "a known kind", suggestion=suggestion)
    pattern, form = (
        (_PAIR, "six capitals: EURUSD") if key.kind == "fx_spot" else (_NAME, "letters, digits, . _ & -")
    )
    if not pattern.fullmatch(key.name):
        return Problem("ST202", f"factor name {key.name!r}", form)
    return key


def level_problem(kind: FactorKind, text: str, level: float) -> Problem | None:
    """Return what is wrong with a level written as `text`, or None.

    A rate, a spread or a volatility carries its unit, so that `4.24` is never taken for 424 %; a price has
    none.
    """
    match = _UNIT.search(text)
    unit = match[0] if match else ""
    points = {"bp", "vol"} & set(kind.units)
    if points and not unit and level != 0.0:
        vol = "vol" in points
        as_fraction = abs(level) < (_FRACTION_OF_VOL if vol else _FRACTION_OF_RATE)
        points_meant = f"{100.0 * level:.12g}" if as_fraction else text
        example, suggestion = (
            ("18vol", f"{points_meant}vol") if vol else ("4.24% or 280bp", f"{points_meant}%")
        )
        return Problem(
            "ST203", f"{kind.name} {text} without a unit", f"a level like {example}", suggestion=suggestion
        )
    if kind.units == ("abs",) and unit:
        return Problem("ST203", f"{kind.name} {text!r}", "a plain number")
    if not kind.domain.holds(level):
        return Problem("ST203", f"{kind.name} {text}", f"a {kind.domain.value.replace('_', ' ')} number")
    largest = _LARGEST.get(kind.name, _LARGEST_OTHERWISE)
    if points and abs(level) > largest:
        return Problem("ST203", f"{kind.name} {text}", f"at most {largest:.0%} either way")
    return None


def checked_level(sheet: Sheet, row: int, column: str, kind: FactorKind) -> float | None:
    """Return the level of `kind` in a cell, or None after adding what is wrong with it."""
    level = sheet.amount(row, column, parse_level)
    if level is None:
        return None
    problem = level_problem(kind, sheet.cells(column)[row], level)
    if problem is not None:
        sheet.add(row, column, problem)
        return None
    return level


def read_levels(sheet: Sheet) -> list[tuple[RiskFactorKey, Entry[float]]]:
    """Return the levels of a `levels` table: factor, value, date, class, source, note."""
    entries: list[tuple[RiskFactorKey, Entry[float]]] = []
    for row, (text, _) in sheet.rows("factor", "value"):
        key = parse_factor(text)
        if isinstance(key, Problem):
            sheet.add(row, "factor", key)
            continue
        if key.kind in _ELSEWHERE:
            sheet.add(row, "factor", Problem("ST202", f"factor {text!r} as a level", _ELSEWHERE[key.kind]))
            continue
        level = checked_level(sheet, row, "value", FACTOR_KINDS[key.kind])
        provenance = sheet.evidence(row)
        # A bad level counts as stated: what rests on it is not a second mistake.
        entries.append((key, Entry(nan if level is None else level, provenance, sheet.place(row))))
    return entries
