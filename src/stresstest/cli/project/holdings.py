"""A list of holdings as a broker gives it, into a portfolio and the prices that it still lacks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path

from stresstest.errors import InputError, Location, Problem, ProblemList
from stresstest.io.outputs import csv_text
from stresstest.io.tables import Table, read_table
from stresstest.market.fx import fx_factors
from stresstest.market.identifiers import resolve_issuer
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import Issuer, MarketSnapshot
from stresstest.quantity import UNSIGNED_NUMBER

_IDENTIFIERS = ("issuer", "ticker", "symbol", "isin", "cusip", "figi", "lei", "security", "underlying")
"""Columns that name the issuer: the first cell of a row that the market knows counts, else the first cell."""

_SPELLINGS: dict[str, tuple[str, ...]] = {
    "quantity": ("quantity", "shares", "units", "qty", "qty_quantity", "face", "nominal"),
    "value": (
        *("stated_value", "value", "market_value", "marketvalue", "current_value", "position_value"),
        *("positionvalue", "mkt_val", "mkt_val_market_value", "amount"),
    ),
    "name": ("name", "description", "security_name", "issuer_name"),
    "sector": ("sector", "gics_sector"),
    "currency": ("currency", "ccy", "currencyprimary", "currency_primary"),
}
"""Other columns that are understood, and how files spell them; the first that a file has counts."""

_AMOUNTS = ("quantity", "value")
_NO_AMOUNT = ("", "-", "--", "n/a", "N/A")
_AMOUNT = re.compile(rf"[+-]?(?:{UNSIGNED_NUMBER}|\d{{1,3}}(?:,\d{{3}})+(?:\.\d*)?)", re.ASCII)
_ISSUER_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._&-]{0,31}", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)

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
    """One row of the list; blanks are empty.

    Attributes
    ----------
    issuer
        As the list names it; by the market's id where only case or a separator differ.
    cash
        Currency, where the row is money.
    """

    issuer: str
    cash: str
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
    cash
        Names of the rows that are taken for money.
    """

    portfolio: str
    prices: str
    count: int
    unpriced: tuple[str, ...]
    unvalued: tuple[str, ...]
    cash: tuple[str, ...]


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
        When a column is missing, a row lacks its identifier or quantity, or holds what no file of positions
        can: an amount that is no number, an option's symbol.
    """
    holdings = _read(read_table(path), market)
    shares = [holding.issuer for holding in holdings if not holding.cash]
    issuers = {issuer: resolve_issuer(market, issuer) for issuer in shares}
    missing = {
        name: issuer for name, issuer in issuers.items() if issuer is None or not _is_priced(issuer, market)
    }
    day = (stated_on or market.as_of).isoformat()
    portfolio = _portfolio_columns(holdings, issuers, missing, day)
    prices = _price_columns(holdings, missing, market)
    unvalued = dict.fromkeys(item.issuer for item in holdings if item.issuer in missing and not item.value)
    return ConvertedHoldings(
        csv_text(portfolio),
        csv_text(prices),
        len(holdings),
        tuple(missing),
        tuple(unvalued),
        tuple(dict.fromkeys(holding.issuer for holding in holdings if holding.cash)),
    )


def _is_priced(issuer: Issuer, market: MarketSnapshot) -> bool:
    return RiskFactorKey("spot", issuer.id) in market.levels


def _read(table: Table, market: MarketSnapshot) -> list[Holding]:
    named, columns = _columns(table)
    problems = ProblemList()
    names = [table.texts(column) for column in named]
    cells = {field: _cells(table, field, name, problems) for field, name in columns.items()}
    holdings = []
    for row in range(table.n_rows):
        others = {field: texts[row] for field, texts in cells.items()}
        written = [str(texts[row]).strip() for texts in names if str(texts[row]).strip()]
        issuer = _issuer(written, market)
        cash = _cash(issuer, others["currency"], market)
        blanks = {named[0]: issuer, columns["quantity"]: others["quantity"]}
        for column in (column for column, text in blanks.items() if not text):
            problems.add(Problem("ST165", f"blank {column}", "a value", table.location(row, column)))
        if issuer and not (cash or _ISSUER_ID.fullmatch(issuer)):
            expected = "a ticker, ISIN, CUSIP, FIGI or LEI; add options and bonds to the portfolio yourself"
            where = table.location(row, named[0])
            problems.add(Problem("ST164", f"{named[0]} {issuer!r}", expected, where))
        holdings.append(Holding(issuer, cash, **others))
    problems.raise_if_any()
    return holdings


def _columns(table: Table) -> tuple[list[str], dict[str, str]]:
    """Return the file's columns that name issuers, and its name of each other one; empty for one it lacks."""
    by_spelling = {re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_"): name for name in table.columns}
    named = [by_spelling[spelling] for spelling in _IDENTIFIERS if spelling in by_spelling]
    found = {
        field: next((by_spelling[spelling] for spelling in spellings if spelling in by_spelling), "")
        for field, spellings in _SPELLINGS.items()
    }
    wanted = {"issuer": (named, _IDENTIFIERS), "quantity": (found["quantity"], _SPELLINGS["quantity"])}
    missing = {field: spellings for field, (there, spellings) in wanted.items() if not there}
    if missing:
        where = Location(table.file)
        raise InputError(
            Problem("ST140", f"no column for the {field}", "one of " + ", ".join(spellings), where)
            for field, spellings in missing.items()
        )
    return named, found


def _cells(table: Table, field: str, column: str, problems: ProblemList) -> list[str]:
    """Return the cells of a column, amounts as plain numbers; blanks where the file has no such column."""
    if not column:
        return [""] * table.n_rows
    texts = [str(cell).strip() for cell in table.texts(column)]
    if field not in _AMOUNTS:
        return texts
    amounts = [_amount(text) for text in texts]
    for row, amount in enumerate(amounts):
        if amount is None:
            expected = "a number with a decimal point"
            problems.add(Problem("ST155", f"text {texts[row]!r}", expected, table.location(row, column)))
    return [text if amount is None else amount for text, amount in zip(texts, amounts, strict=True)]


def _amount(text: str) -> str | None:
    """Return an amount as a plain number, None where it is none: `$1,250.00` is `1250.00`, `(5)` is `-5`."""
    plain = re.sub(r"[$€£\s]", "", text)
    if plain in _NO_AMOUNT:
        return ""
    if plain.startswith("(") and plain.endswith(")"):
        plain = f"-{plain[1:-1]}"
    return plain.replace(",", "") if _AMOUNT.fullmatch(plain) else None


def _issuer(written: list[str], market: MarketSnapshot) -> str:
    """Return the name of a row that the market knows; else the market's id of the first, else the first."""
    for name in written:
        if resolve_issuer(market, name) is not None:
            return name
    respelled = (re.sub(r"[ ./]", "-", name.upper()) for name in written)
    return next((name for name in respelled if name in market.issuers), written[0] if written else "")


def _cash(name: str, currency: str, market: MarketSnapshot) -> str:
    """Return the currency where `name` stands for money: `CASH`, or the code of a currency; else nothing."""
    if name in market.issuers:
        return ""
    code = (currency or market.currency) if name.upper() == "CASH" else name
    if not _CURRENCY.fullmatch(code):
        return ""
    try:
        fx_factors(market, code, market.currency)
    except InputError:
        return ""
    return code


def _portfolio_columns(
    holdings: list[Holding],
    issuers: Mapping[str, Issuer | None],
    missing: Mapping[str, Issuer | None],
    day: str,
) -> dict[str, list[str]]:
    ids = _unique_ids([holding.issuer for holding in holdings])
    rows = []
    for position, holding in zip(ids, holdings, strict=True):
        issuer = issuers.get(holding.issuer)
        kind = "fund" if issuer is not None and issuer.kind == "fund" else "equity"
        head = (position, "cash" if holding.cash else kind, "" if holding.cash else holding.issuer)
        stated = ("", "", "")
        if holding.issuer in missing:
            stated = (_signed(holding), day if holding.value else "", _proxy(holding, issuer))
        rows.append((*head, holding.quantity, holding.name, *stated, holding.cash))
    names = ["id", "type", "issuer", "quantity", "name", "stated_value", "stated_date", "proxy"]
    if any(holding.cash for holding in holdings):
        names.append("currency")
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def _signed(holding: Holding) -> str:
    """Return the stated value with the sign of the quantity: brokers state that of a short either way."""
    if not holding.value:
        return ""
    return ("-" if holding.quantity.startswith("-") else "") + holding.value.lstrip("+-")


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


def _unique_ids(issuers: list[str]) -> list[str]:
    """Return a position id for each issuer, numbered where one stands twice."""
    ids: dict[str, None] = {}
    for issuer in issuers:
        base = re.sub(r"[^a-z0-9]+", "-", issuer.lower()).strip("-") or "position"
        numbered = (base if number == 1 else f"{base}-{number}" for number in count(1))
        ids[next(name for name in numbered if name not in ids)] = None
    return list(ids)
