"""Security and entity identifiers: check digits, and the issuer that an identifier names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stresstest.market.snapshot import Issuer, MarketSnapshot

IDENTIFIER_KINDS = ("isin", "cusip", "figi", "lei")
"""Identifiers that an issuer may carry beside its id."""

_PATTERNS = {
    "isin": re.compile(r"[A-Z]{2}[A-Z0-9]{9}[0-9]", re.ASCII),
    "cusip": re.compile(r"[0-9A-Z*@#]{8}[0-9]", re.ASCII),
    "figi": re.compile(r"[B-DF-HJ-NP-TV-Z]{2}G[B-DF-HJ-NP-TV-Z0-9]{8}[0-9]", re.ASCII),
    "lei": re.compile(r"[0-9A-Z]{18}[0-9]{2}", re.ASCII),
}
_CUSIP_COUNTRIES = ("US", "CA")
_CUSIP_ORDER = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*@#"
_NOT_FIGI = ("BS", "BM", "GG", "GB", "GH", "KY", "VG")
"""First two letters that a FIGI may not have, lest it be taken for an ISIN."""


def expected_check(kind: str, text: str) -> str | None:
    """Return the check digits that `text` should end with, or None where it is not even shaped like `kind`.

    ISIN: ISO 6166 (Luhn over the digits of the letters). CUSIP: ANSI X9.6 (double-add-double). FIGI: OMG
    Financial Instrument Global Identifier (double-add-double). LEI: ISO 17442 (ISO 7064 MOD 97-10).

    Examples
    --------
    >>> expected_check("isin", "US67066G1040"), expected_check("cusip", "67066G104")
    ('0', '4')
    """
    if not _PATTERNS[kind].fullmatch(text) or (kind == "figi" and text[:2] in _NOT_FIGI):
        return None
    if kind == "lei":
        return f"{98 - int(_as_digits(text[:-2] + '00')) % 97:02d}"
    if kind == "isin":
        digits = [int(digit) for digit in _as_digits(text[:-1])]
        doubled = [2 * digit if place % 2 == 0 else digit for place, digit in enumerate(reversed(digits))]
    else:
        values = [_CUSIP_ORDER.index(character) for character in text[:-1]]
        doubled = [2 * value if place % 2 == 1 else value for place, value in enumerate(values)]
    total = sum(value // 10 + value % 10 for value in doubled)
    return str(-total % 10)


def is_valid(kind: str, text: str) -> bool:
    """Tell whether `text` is a well-formed identifier of `kind` with the right check digits."""
    check = expected_check(kind, text)
    return check is not None and text.endswith(check)


def _as_digits(text: str) -> str:
    """Return `text` with each letter as its two digits, A = 10 to Z = 35."""
    return "".join(str(int(character, 36)) for character in text)


def cusip_of_isin(isin: str) -> str:
    """Return the CUSIP inside a US or Canadian ISIN, or an empty string."""
    return isin[2:11] if isin[:2] in _CUSIP_COUNTRIES else ""


def identifier_index(issuers: Mapping[str, Issuer]) -> dict[str, str]:
    """Return issuer id by ISIN, CUSIP, FIGI and LEI, with the CUSIPs that US and Canadian ISINs contain.

    A LEI names a firm, which may have several shares in the market: it is left out where it is not unique. An
    issuer private to a position (`NVDA#hedge-1`) keeps the identifiers of its original and adds none.
    """
    index: dict[str, str] = {}
    ambiguous: set[str] = set()
    for issuer in issuers.values():
        if "#" in issuer.id:
            continue
        derived = cusip_of_isin(issuer.ids.get("isin", ""))
        for identifier in filter(None, (*issuer.ids.values(), derived)):
            if index.setdefault(identifier, issuer.id) != issuer.id:
                ambiguous.add(identifier)
    return {identifier: issuer for identifier, issuer in index.items() if identifier not in ambiguous}


def resolve_issuer(market: MarketSnapshot, text: str) -> Issuer | None:
    """Return the issuer that `text` names by id (the ticker, case as written), ISIN, CUSIP, FIGI or LEI."""
    found = market.issuers.get(text)
    if found is not None:
        return found
    issuer_id = market.identifiers.get(text)
    return None if issuer_id is None else market.issuers[issuer_id]
