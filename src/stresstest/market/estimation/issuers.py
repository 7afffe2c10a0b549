"""Issuers of a user's table beside those of a market: what names are, and which are alike."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from stresstest.errors import Problem, ProblemList
from stresstest.market.evidence import Jury
from stresstest.market.issuers import CLASSIFICATION, ISSUERS_HEADER, check_issuer_cells
from stresstest.market.sheets import Sheet, read_sheet
from stresstest.market.snapshot import Issuer, MarketSnapshot


def issuers_for_model(market: MarketSnapshot, table: Path | None) -> dict[str, Issuer]:
    """Return the issuers of `market` with those of `table` added or, attribute by attribute, replaced.

    The table has the columns of a market's `issuers.csv`. What a model groups names by is no datum of the
    market, so that class, source and date are not asked for.

    Raises
    ------
    InputError
        With everything that is wrong with the table.
    """
    found = dict(market.issuers)
    if table is None:
        return found
    problems = ProblemList()
    sheet = read_sheet(table, ISSUERS_HEADER, Jury(market.as_of, None, problems))
    if sheet is not None:
        found |= {issuer.id: issuer for issuer in _issuers(sheet, market)}
    problems.raise_if_any()
    return found


def _issuers(sheet: Sheet, market: MarketSnapshot) -> Iterator[Issuer]:
    seen: set[str] = set()
    for row, (name, kind, currency) in sheet.rows("issuer", "kind", "currency"):
        check_issuer_cells(sheet, row)
        if name in seen:
            sheet.add(row, "issuer", Problem("ST207", f"issuer {name!r} twice", "one row an issuer"))
        seen.add(name)
        stated = {column: sheet.cells(column)[row] for column in CLASSIFICATION}
        attributes = {column: text for column, text in stated.items() if text}
        known = market.issuers.get(name)
        if known is None:
            yield Issuer(name, sheet.cells("name")[row] or name, kind, currency, attributes)
        else:
            merged = {**known.attributes, **attributes}
            yield Issuer(name, known.name, kind, currency, merged, known.themes, known.ids)
