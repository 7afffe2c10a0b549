"""A list of holdings as a broker gives it, into a portfolio and the prices that it still lacks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from stresstest.errors import InputError, Location, Problem
from stresstest.io.outputs import csv_text
from stresstest.io.tables import Table, read_table
from stresstest.market.identifiers import resolve_issuer
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Issuer, MarketSnapshot

_SPELLINGS: dict[str, tuple[str, ...]] = {
    "issuer": ("issuer", "ticker", "symbol", "isin", "cusip", "figi", "lei", "security", "underlying"),
    "quantity": ("quantity", "shares", "units", "qty", "face", "nominal"),
    "value": ("stated_value", "value", "market_value", "marketvalue", "amount"),
    "name": ("name", "description", "security_name", "issuer_name"),
    "sector": ("sector", "gics_sector"),
    "currency": ("currency", "ccy"),
}
"""Columns that are understood, and how files spell them; the first that a file has counts."""

SECTOR_FUNDS: dict[str, str] = {
    "information_technology": "XLK",
    "communication_services": "XLC",
    "consumer_discretionary": "XLY",
    "consumer_staples": "XLP",
    "health_care": "XLV",
    "financials": "XLF",
    "energy": "XLE",
    "industrials": "XLI",
    "utilities": "XLU",
    "real_estate": "XLRE",
    "materials": "XLB",
}
"""Fund that stands in for a share of each sector until its own price is filled in."""

BROAD_FUND = "SPY"
"""Stands in where the sector is not known."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One row of the list; blanks are empty."""

    issuer: str
    quantity: str
    value: str
    name: str
    sector: str
    currency: str


@dataclass(frozen=True, slots=True)
class ConvertedHoldings:
    """Two tables as CSV text, and what still lacks a price.

    Attributes
    ----------
    unpriced
        Issuers that the market has no price of.
    unvalued
        Those of them for which the list states no value either: they need a price first.
    """

    portfolio: str
    prices: str
    count: int
    unpriced: tuple[str, ...]
    unvalued: tuple[str, ...]


def convert_holdings(path: Path, market: MarketSnapshot, stated_on: date | None = None) -> ConvertedHoldings:
    """Return the portfolio table of a list of holdings, and the price table with blanks to fill.

    Parameters
    ----------
    path
        CSV, Parquet or Excel table with at least an identifier (ticker, ISIN, CUSIP, …) and a quantity.
    stated_on
        Date of the values in the list; by default the market's.

    Raises
    ------
    InputError
        When a column is missing or a row lacks its identifier or quantity.
    """
    holdings = _read(read_table(path))
    issuers = {holding.issuer: resolve_issuer(market, holding.issuer) for holding in holdings}
    missing = {
        name: issuer for name, issuer in issuers.items() if issuer is None or not _is_priced(issuer, market)
    }
    day = (stated_on or market.as_of).isoformat()
    portfolio = _portfolio_columns(holdings, issuers, missing, day)
    prices = _price_columns(holdings, missing, market)
    unvalued = dict.fromkeys(item.issuer for item in holdings if item.issuer in missing and not item.value)
    return ConvertedHoldings(
        csv_text(portfolio), csv_text(prices), len(holdings), tuple(missing), tuple(unvalued)
    )


def _is_priced(issuer: Issuer, market: MarketSnapshot) -> bool:
    return RiskFactorKey("spot", issuer.id) in market.levels


def _read(table: Table) -> list[Holding]:
    columns = _columns(table)
    cells = {field: [str(cell).strip() for cell in table.texts(name)] for field, name in columns.items()}
    holdings = [Holding(*(cells[field][row] for field in _SPELLINGS)) for row in range(table.n_rows)]
    blanks = [
        Problem("ST165", f"blank {field}", "a value", table.location(row, columns[field]))
        for row, holding in enumerate(holdings)
        for field in ("issuer", "quantity")
        if not getattr(holding, field)
    ]
    if blanks:
        raise InputError(blanks)
    return holdings


def _columns(table: Table) -> dict[str, str]:
    """Return the file's name of each column that is understood, empty where it has none."""
    by_spelling = {re.sub(r"[^a-z0-9]+", "_", name.strip().lower()): name for name in table.columns}
    found = {
        field: next((by_spelling[spelling] for spelling in spellings if spelling in by_spelling), "")
        for field, spellings in _SPELLINGS.items()
    }
    missing = [field for field in ("issuer", "quantity") if not found[field]]
    if missing:
        where = Location(table.file)
        raise InputError(
            Problem("ST140", f"no column for the {field}", "one of " + ", ".join(_SPELLINGS[field]), where)
            for field in missing
        )
    return found


def _portfolio_columns(
    holdings: list[Holding],
    issuers: Mapping[str, Issuer | None],
    missing: Mapping[str, Issuer | None],
    day: str,
) -> dict[str, list[str]]:
    ids = _unique_ids([holding.issuer for holding in holdings])
    rows = []
    for position, holding in zip(ids, holdings, strict=True):
        issuer = issuers[holding.issuer]
        kind = "fund" if issuer is not None and issuer.kind == "fund" else "equity"
        unpriced = holding.issuer in missing
        stated = (
            (holding.value, day if holding.value else "", _proxy(holding, issuer))
            if unpriced
            else ("", "", "")
        )
        rows.append((position, kind, holding.issuer, _number(holding.quantity), holding.name, *stated))
    names = ("id", "type", "issuer", "quantity", "name", "stated_value", "stated_date", "proxy")
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def _price_columns(
    holdings: list[Holding], missing: Mapping[str, Issuer | None], market: MarketSnapshot
) -> dict[str, list[str]]:
    rows = {
        holding.issuer: (
            holding.issuer,
            "",
            holding.name,
            holding.currency or market.currency,
            _sector(holding, missing[holding.issuer]),
            _proxy(holding, missing[holding.issuer]),
        )
        for holding in holdings
        if holding.issuer in missing
    }
    names = ("issuer", "close", "name", "currency", "sector", "proxy")
    return {name: [row[place] for row in rows.values()] for place, name in enumerate(names)}


def _sector(holding: Holding, issuer: Issuer | None) -> str:
    """Return the sector in the market's spelling: `Health Care` is `health_care`."""
    written = re.sub(r"[^a-z]+", "_", holding.sector.lower()).strip("_")
    return written if written in SECTOR_FUNDS else (issuer.attributes.get("sector", "") if issuer else "")


def _proxy(holding: Holding, issuer: Issuer | None) -> str:
    return SECTOR_FUNDS.get(_sector(holding, issuer), BROAD_FUND)


def _number(text: str) -> str:
    """Return a quantity without the commas that group its digits: `1,250` is `1250`."""
    return text.replace(",", "") if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", text) else text


def _unique_ids(issuers: list[str]) -> list[str]:
    """Return a position id for each issuer, numbered where one stands twice."""
    seen: dict[str, int] = {}
    ids = []
    for issuer in issuers:
        base = re.sub(r"[^a-z0-9]+", "-", issuer.lower()).strip("-") or "position"
        seen[base] = seen.get(base, 0) + 1
        ids.append(base if seen[base] == 1 else f"{base}-{seen[base]}")
    return ids
