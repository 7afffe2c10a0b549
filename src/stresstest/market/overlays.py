"""One table of a user's own prices as a layer over a market: `issuer, close` and what else is known."""

from __future__ import annotations

from pathlib import Path

from stresstest.errors import Problem, ProblemList
from stresstest.market.draft import Entry, Exposure, MarketDraft
from stresstest.market.evidence import Claim, Jury
from stresstest.market.factor_kinds import FACTOR_KINDS
from stresstest.market.factor_levels import checked_level
from stresstest.market.identifiers import IDENTIFIER_KINDS, identifier_index
from stresstest.market.issuers import CLASSIFICATION, check_attribute, check_issuer_cells, theme_problem
from stresstest.market.keys import RiskFactorKey
from stresstest.market.sheets import EVIDENCE_COLUMNS, Header, Sheet, read_sheet
from stresstest.market.smiles import flat_smile
from stresstest.market.snapshot import Issuer, Provenance
from stresstest.market.suggestions import suggestion
from stresstest.quantity import QuantityError, parse_level

ATTRIBUTES = (*CLASSIFICATION, "rating", "survivor_tier", "proxy")
"""Columns that become attributes of the issuer."""

HEADER = Header(
    ("issuer", "close"),
    (
        *("name", "kind", "currency"),
        *ATTRIBUTES,
        *("dividend_yield", "implied_vol", "themes"),
        *IDENTIFIER_KINDS,
        *EVIDENCE_COLUMNS,
    ),
    ("close",),
)
_DEFAULT_CLASS = "unverified"
_DEFAULT_KIND = "equity"


class Overlay:
    """A user's table over the market that stands in `draft`."""

    def __init__(self, sheet: Sheet, draft: MarketDraft) -> None:
        self.sheet = sheet
        self.draft = draft
        self._named = _issuer_names(draft)
        self._rows: dict[str, int] = {}
        self._known_themes: dict[str, list[tuple[str, str]]] = {}
        for key in draft.themes:
            self._known_themes.setdefault(key[0], []).append(key)

    def read_into_draft(self) -> None:
        """Read every row into the draft: a blank cell leaves what the market says."""
        for row, (text,) in self.sheet.rows("issuer"):
            issuer = self._issuer(row, text)
            if issuer in self._rows:
                line = self.sheet.place(self._rows[issuer])("issuer").line
                got = f"{issuer} is stated again, after line {line}"
                self.sheet.add(row, "issuer", Problem("ST207", got, "one row for each"))
            self._rows[issuer] = row
            check_issuer_cells(self.sheet, row)
            self._read_row(row, issuer)
        self._link_proxies()

    def _issuer(self, row: int, text: str) -> str:
        """Return the id of the issuer that a cell names by id, ISIN, CUSIP, FIGI or LEI; else a new one.

        A new one that differs from a known one in case only would leave the known one as it was: refused.
        """
        known = self._named.get(text)
        if known is not None:
            return known
        cased = self._named.get(text.upper(), "")
        if cased:
            got, expected = f"issuer {text!r}", "the market's spelling, or another name"
            self.sheet.add(row, "issuer", Problem("ST201", got, expected, suggestion=cased))
        return text

    def _cell(self, row: int, column: str) -> str:
        return self.sheet.cells(column)[row]

    def _evidence(self, row: int) -> Provenance:
        """Return the evidence of a row: by default unverified, from this file, as of the market's date."""
        day, basis_class, source, note = (self._cell(row, column) for column in EVIDENCE_COLUMNS)
        as_of = (self.sheet.day(row, "date") if day else None) or self.draft.as_of
        claim = Claim(basis_class or _DEFAULT_CLASS, source or Path(self.sheet.table.file).name, as_of, note)
        return self.sheet.jury.provenance(claim, self.sheet.place(row))

    def _read_row(self, row: int, issuer: str) -> None:
        provenance = self._evidence(row)
        self._read_issuer(row, issuer, provenance)
        place = self.sheet.place(row)
        for attribute in ATTRIBUTES:
            value = self._cell(row, attribute)
            if value:
                check_attribute(self.sheet, row, attribute, (attribute, value))
                self.draft.attributes[issuer, attribute] = Entry(value, provenance, place)
        self._read_themes(row, issuer, provenance)
        spot = RiskFactorKey("spot", issuer)
        self._read_level(row, "close", spot, provenance)
        self._read_level(row, "dividend_yield", RiskFactorKey("dividend_yield", issuer), provenance)
        vol = self._level(row, "implied_vol", "implied_vol", provenance)
        if vol is not None:
            self.draft.smiles[issuer] = flat_smile(vol)

    def _read_issuer(self, row: int, issuer: str, provenance: Provenance) -> None:
        """Put the issuer into the draft, over what the market knows of it."""
        known = self.draft.issuers.get(issuer)
        before = known.value if known else Issuer(issuer, issuer, _DEFAULT_KIND, self.draft.currency)
        stated = {name: self._cell(row, name) for name in IDENTIFIER_KINDS if self._cell(row, name)}
        value = Issuer(
            issuer,
            self._cell(row, "name") or before.name,
            self._cell(row, "kind") or before.kind,
            self._cell(row, "currency") or before.currency,
            ids={**before.ids, **stated},
        )
        self.draft.issuers[issuer] = Entry(value, provenance, self.sheet.place(row))

    def _level(self, row: int, column: str, kind: str, provenance: Provenance) -> Entry[float] | None:
        """Return the level in a cell, or None where it is blank or wrong."""
        if not self._cell(row, column):
            return None
        level = checked_level(self.sheet, row, column, FACTOR_KINDS[kind])
        return None if level is None else Entry(level, provenance, self.sheet.place(row))

    def _read_level(self, row: int, column: str, key: RiskFactorKey, provenance: Provenance) -> None:
        entry = self._level(row, column, key.kind, provenance)
        if entry is not None:
            self.draft.levels[key] = entry

    def _read_themes(self, row: int, issuer: str, provenance: Provenance) -> None:
        """Read `ai_accelerators=1;hyperscaler=0.5`: the themes of the issuer, in place of the market's."""
        text = self._cell(row, "themes")
        if not text:
            return
        for known in self._known_themes.pop(issuer, ()):
            del self.draft.themes[known]
        for part in text.split(";"):
            theme, _, number = (piece.strip() for piece in part.partition("="))
            try:
                exposure = parse_level(number)
            except QuantityError:
                expected = "themes like ai_accelerators=1;hyperscaler=0.5"
                self.sheet.add(row, "themes", Problem("ST213", f"theme {part.strip()!r}", expected))
                continue
            problem = theme_problem(theme, exposure)
            if problem is not None:
                self.sheet.add(row, "themes", problem)
            self.draft.themes[issuer, theme] = Entry(exposure, provenance, self.sheet.place(row))

    def _link_proxies(self) -> None:
        """Let priced issuers follow their proxies; refuse a proxy that no layer has a price of."""
        priced = [key.name for key in self.draft.levels if key.kind == "spot"]
        for row, (text, name) in self.sheet.rows("issuer", "proxy"):
            issuer, proxy = self._named.get(text, text), self._named.get(name, name)
            source = RiskFactorKey("spot", proxy)
            if proxy == issuer or source not in self.draft.levels:
                close = suggestion(proxy, (name for name in priced if name != issuer), self.sheet.problems)
                got, expected = f"proxy {proxy!r} of {issuer}", "another issuer with a price"
                self.sheet.add(row, "proxy", Problem("ST220", got, expected, suggestion=close))
            elif self._cell(row, "close"):
                entry = Entry(Exposure("beta", source, 1.0), self._evidence(row), self.sheet.place(row))
                self.draft.links[RiskFactorKey("spot", issuer)] = (entry,)


def _issuer_names(draft: MarketDraft) -> dict[str, str]:
    """Return the id of every issuer that the layers below know, by all its names."""
    known = {issuer: entry.value for issuer, entry in draft.issuers.items()}
    return {**identifier_index(known), **{issuer: issuer for issuer in known}}


def read_overlay(path: Path, draft: MarketDraft, problems: ProblemList) -> None:
    """Read a user's table over the market in `draft`; what is wrong goes to `problems`."""
    sheet = read_sheet(path, HEADER, Jury(draft.as_of, None, problems))
    if sheet is not None:
        Overlay(sheet, draft).read_into_draft()
