"""Rolls: total returns up to the market's date that carry values stated at earlier dates on."""

from __future__ import annotations

from datetime import date

from stresstest.errors import Problem
from stresstest.market.draft import Entry
from stresstest.market.sheets import EVIDENCE_COLUMNS, Header, Sheet
from stresstest.quantity import parse_percentage

HEADER = Header(("issuer", "from_date", "value", *EVIDENCE_COLUMNS), (), ("source", "note"))


def read_rolls(sheet: Sheet) -> list[tuple[tuple[str, date], Entry[float]]]:
    """Return the total returns of a `rolls` table by issuer and the date that they run from."""
    entries: list[tuple[tuple[str, date], Entry[float]]] = []
    for row, (issuer, _, text) in sheet.rows("issuer", "from_date", "value"):
        from_date = sheet.day(row, "from_date")
        total_return = sheet.amount(row, "value", parse_percentage)
        provenance = sheet.evidence(row)
        if from_date is None or total_return is None:
            continue
        if from_date >= sheet.jury.as_of:
            expected = f"a date before the market's {sheet.jury.as_of}"
            sheet.add(row, "from_date", Problem("ST204", f"from_date {from_date}", expected))
        if not total_return > -1.0:
            sheet.add(row, "value", Problem("ST203", f"total return {text}", "more than -100%"))
        entries.append(((issuer, from_date), Entry(total_return, provenance, sheet.place(row))))
    return entries
