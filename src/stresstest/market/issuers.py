"""Issuers of a market: who they are, their attributes, their themes, their identifiers."""

from __future__ import annotations

import re
from typing import NamedTuple

from stresstest.errors import Problem, nearest
from stresstest.io.fields import read_currency
from stresstest.market.draft import Entry, MarketDraft
from stresstest.market.identifiers import IDENTIFIER_KINDS, expected_check
from stresstest.market.ratings import is_rating
from stresstest.market.sheets import EVIDENCE_COLUMNS, Header, Sheet
from stresstest.market.snapshot import Issuer
from stresstest.quantity import parse_level

ISSUER_KINDS = ("equity", "fund", "index", "commodity", "sovereign", "private")
CLASSIFICATION = ("sector", "industry", "region")
ISSUERS_HEADER = Header(
    ("issuer", "kind", "currency"), ("name", *CLASSIFICATION, *IDENTIFIER_KINDS, *EVIDENCE_COLUMNS)
)
ATTRIBUTES_HEADER = Header(("issuer", "attribute", "value", *EVIDENCE_COLUMNS), (), ("source", "note"))
THEMES_HEADER = Header(("issuer", "theme", "exposure", *EVIDENCE_COLUMNS), (), ("source", "note"))
TIERS = ("survives", "perhaps", "far_worse")

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._&-]{0,31}", re.ASCII)
_SNAKE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*", re.ASCII)


class IssuerRows(NamedTuple):
    """Issuers of one table and the attributes that stand in the same rows."""

    issuers: list[tuple[str, Entry[Issuer]]]
    attributes: list[tuple[tuple[str, str], Entry[str]]]


def read_issuers(sheet: Sheet) -> IssuerRows:
    """Return the issuers of an `issuers` table, with sector, industry and region as attributes."""
    rows = IssuerRows([], [])
    for row, (issuer, kind, currency) in sheet.rows("issuer", "kind", "currency"):
        check_issuer_cells(sheet, row)
        provenance = sheet.evidence(row)
        ids = {name: sheet.cells(name)[row] for name in IDENTIFIER_KINDS if sheet.cells(name)[row]}
        name = sheet.cells("name")[row] or issuer
        entry = Entry(Issuer(issuer, name, kind, currency, ids=ids), provenance, sheet.place(row))
        rows.issuers.append((issuer, entry))
        for attribute in CLASSIFICATION:
            value = sheet.cells(attribute)[row]
            if value:
                rows.attributes.append(((issuer, attribute), Entry(value, provenance, sheet.place(row))))
    return rows


def check_issuer_cells(sheet: Sheet, row: int) -> None:
    """Add what is wrong with id, kind, currency, classification and identifiers of a row."""
    issuer, kind, currency = (sheet.cells(column)[row] for column in ("issuer", "kind", "currency"))
    if not _ID.fullmatch(issuer):
        sheet.add(
            row, "issuer", Problem("ST164", f"issuer id {issuer!r}", "letters, digits, . _ & - (at most 32)")
        )
    if kind and kind not in ISSUER_KINDS:
        expected = "one of " + ", ".join(ISSUER_KINDS)
        sheet.add(
            row, "kind", Problem("ST154", f"kind {kind!r}", expected, suggestion=nearest(kind, ISSUER_KINDS))
        )
    if currency:
        sheet.amount(row, "currency", read_currency)
    for attribute in CLASSIFICATION[:2]:
        value = sheet.cells(attribute)[row]
        if value and not _SNAKE.fullmatch(value):
            sheet.add(row, attribute, Problem("ST163", f"{attribute} {value!r}", "a snake_case name"))
    for identifier in IDENTIFIER_KINDS:
        _check_identifier(sheet, row, identifier)


def _check_identifier(sheet: Sheet, row: int, identifier: str) -> None:
    text = sheet.cells(identifier)[row]
    if not text:
        return
    check = expected_check(identifier, text)
    if check is None:
        sheet.add(
            row, identifier, Problem("ST208", f"{identifier} {text!r}", f"a well-formed {identifier.upper()}")
        )
    elif not text.endswith(check):
        got = f"{identifier} {text!r} with wrong check digits"
        suggestion = text[: -len(check)] + check
        sheet.add(row, identifier, Problem("ST208", got, f"check digits {check}", suggestion=suggestion))


def read_attributes(sheet: Sheet) -> list[tuple[tuple[str, str], Entry[str]]]:
    """Return the attributes of an `attributes` table: issuer, attribute, value and evidence."""
    entries: list[tuple[tuple[str, str], Entry[str]]] = []
    for row, (issuer, attribute, value) in sheet.rows("issuer", "attribute", "value"):
        if not _SNAKE.fullmatch(attribute):
            sheet.add(row, "attribute", Problem("ST163", f"attribute {attribute!r}", "a snake_case name"))
        check_attribute(sheet, row, "value", (attribute, value))
        entries.append(((issuer, attribute), Entry(value, sheet.evidence(row), sheet.place(row))))
    return entries


def check_attribute(sheet: Sheet, row: int, column: str, pair: tuple[str, str]) -> None:
    """Add what is wrong with the value of an attribute that has a closed list of values."""
    attribute, value = pair
    if attribute == "rating" and value and not is_rating(value):
        sheet.add(row, column, Problem("ST222", f"rating {value!r}", "AAA, AA+, … CCC-, CC, C, D or NR"))
    if attribute == "survivor_tier" and value and value not in TIERS:
        expected, suggestion = "one of " + ", ".join(TIERS), nearest(value, TIERS)
        sheet.add(row, column, Problem("ST154", f"survivor tier {value!r}", expected, suggestion=suggestion))


def read_themes(sheet: Sheet) -> list[tuple[tuple[str, str], Entry[float]]]:
    """Return the exposures of a `themes` table: issuer, theme, exposure in [0, 1] and evidence."""
    entries: list[tuple[tuple[str, str], Entry[float]]] = []
    for row, (issuer, theme, _) in sheet.rows("issuer", "theme", "exposure"):
        exposure = sheet.amount(row, "exposure", parse_level)
        problem = theme_problem(theme, exposure)
        if problem is not None:
            sheet.add(row, "theme" if problem.code == "ST163" else "exposure", problem)
        if exposure is not None:
            entries.append(((issuer, theme), Entry(exposure, sheet.evidence(row), sheet.place(row))))
    return entries


def theme_problem(theme: str, exposure: float | None) -> Problem | None:
    """Return what is wrong with a theme or its exposure, or None."""
    if not _SNAKE.fullmatch(theme):
        return Problem("ST163", f"theme {theme!r}", "a snake_case name")
    if exposure is not None and not 0.0 <= exposure <= 1.0:
        return Problem("ST213", f"exposure {exposure:g} to theme {theme!r}", "a number from 0 to 1")
    return None


def build_issuers(draft: MarketDraft) -> dict[str, Issuer]:
    """Return the issuers with their attributes and themes; add identifiers used twice to the problems."""
    attributes: dict[str, dict[str, str]] = {issuer: {} for issuer in draft.issuers}
    themes: dict[str, dict[str, float]] = {issuer: {} for issuer in draft.issuers}
    for (issuer, attribute), entry in draft.attributes.items():
        if issuer in attributes:
            attributes[issuer][attribute] = entry.value
    for (issuer, theme), weight in draft.themes.items():
        if issuer in themes and weight.value > 0.0:
            themes[issuer][theme] = weight.value
    _check_unique(draft)
    return {
        issuer: Issuer(
            issuer, stated.name, stated.kind, stated.currency, attributes[issuer], themes[issuer], stated.ids
        )
        for issuer, stated in ((issuer, entry.value) for issuer, entry in draft.issuers.items())
    }


def _check_unique(draft: MarketDraft) -> None:
    """Add identifiers that two issuers share; a LEI names a firm, whose shares may be several."""
    owners: dict[str, str] = {}
    for issuer, entry in draft.issuers.items():
        for kind, identifier in entry.value.ids.items():
            owner = owners.setdefault(identifier, issuer)
            if owner != issuer and kind != "lei":
                got = f"{kind} {identifier!r} of {issuer} belongs to {owner} already"
                draft.problems.add(Problem("ST209", got, "each identifier once", entry.place(kind)))
