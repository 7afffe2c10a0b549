"""What `market.yaml` of a market folder may hold."""

from __future__ import annotations

import re
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, PlainValidator, WithJsonSchema

from stresstest.io.fields import Currency, Date, Identifier, Number, Spec
from stresstest.quantity import QuantityError, parse_level, shown

_DOCUMENT_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}\.ya?ml", re.ASCII)
_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}\.(?:csv|parquet)", re.ASCII)


def read_level(value: object) -> str:
    """Return a level as it was written, once it is known to be one."""
    parse_level(value)
    return str(value)


def read_file_name(value: object) -> str:
    """Return the name of a table beside market.yaml; a path is refused, so that a market is one folder."""
    if isinstance(value, str) and _FILE_NAME.fullmatch(value):
        return value
    raise QuantityError("ST152", shown(value), "the name of a .csv or .parquet file in the same folder")


def read_document_name(value: object) -> str:
    """Return the name of a document beside market.yaml."""
    if isinstance(value, str) and _DOCUMENT_NAME.fullmatch(value):
        return value
    raise QuantityError("ST152", shown(value), "the name of a .yaml file in the same folder")


LevelText: TypeAlias = Annotated[
    str,
    PlainValidator(read_level),
    WithJsonSchema({"type": ["string", "number"], "examples": ["4.24%", "280bp", 16.65]}),
]
"""Level with its unit, as written: `4.24%`, `280bp`."""

FileName: TypeAlias = Annotated[
    str,
    PlainValidator(read_file_name),
    WithJsonSchema({"type": "string", "pattern": r"^[^/]+\.(csv|parquet)$"}),
]
"""Name of a table in the folder of market.yaml."""

DocumentName: TypeAlias = Annotated[
    str,
    PlainValidator(read_document_name),
    WithJsonSchema({"type": "string", "pattern": r"^[^/]+\.ya?ml$"}),
]
"""Name of a document in the folder of market.yaml."""


class EvidenceSpec(Spec):
    """Why a number may be believed."""

    date: Date
    """Date of the datum; not after the market's."""
    basis_class: str = Field(alias="class")
    """documented, computed, judgement or unverified."""
    source: str = ""
    """Id under `sources`; several joined by `;`."""
    note: str = ""
    """The reason of a judgement, the rule of a computation."""


class CurveSpec(EvidenceSpec):
    """A zero curve by one of: par yields, zero rates, a basis over another curve."""

    currency: Currency
    """Currency of the cash flows that it discounts."""
    discount: bool | None = None
    """Whether it is the discount curve of its currency, as the only curve of a currency is unless it says no.

    A curve that is not discounts only what names it, and cash in its currency earns no interest.
    """
    par_yields: dict[str, LevelText] = Field(default_factory=dict)
    """Par yields by tenor; up to one coupon period bond-equivalent bill yields."""
    frequency: Literal[1, 2, 4] | None = None
    """Coupons a year of the par yields; 2 if not given."""
    zero_rates: dict[str, LevelText] = Field(default_factory=dict)
    """Continuously compounded zero rates by tenor."""
    basis_to: Identifier | None = None
    """Curve that `basis` is added to."""
    basis: dict[str, LevelText] = Field(default_factory=dict)
    """Difference of the zero rates from those of `basis_to`, by tenor."""


class CreditSpreadsSpec(EvidenceSpec):
    """Spreads of rated issuers whose own spread the market does not state."""

    by_rating: dict[str, LevelText]
    """Spread by rating bucket: AAA, AA, A, BBB, BB, B, CCC."""


class ContextSpec(EvidenceSpec):
    """A published number that moves nothing: VIX, SKEW."""

    value: LevelText
    """The number as published: `16.65vol`, `75bp`, `144.65`."""


class SmileSpec(Spec):
    """Range and stickiness of every surface of the market."""

    lower: Number = -0.75
    """Lowest x = ln(K/F)/√T that the surfaces distinguish; not above 0."""
    upper: Number = 0.75
    """Highest x; not below 0."""
    stickiness: Literal["moneyness", "strike"] = "moneyness"
    """What the surface sticks to when the underlying moves."""


class MarketSpec(Spec):
    """A market on one date."""

    version: Literal[1]
    """Version of the format."""
    as_of: Date
    """Date of the market; no datum may be later."""
    issuers: FileName
    """Table: issuer, name, kind, currency, sector, industry, region, isin, cusip, figi, lei, class."""
    title: str = ""
    """One line on the market."""
    extends: Annotated[str, Field(max_length=64)] = ""
    """Snapshot that lies below: a shipped market, or a folder beside this one; it may be older.

    The market is then what came to be known after the snapshot, and is used only where it is named.
    """
    currency: Currency = "USD"
    """Currency that exchange rates go through where two currencies have no quote of their own."""
    levels: FileName
    """Table: factor, value, date, class, source, note."""
    attributes: FileName | None = None
    """Table: issuer, attribute, value, date, class, source, note."""
    themes: FileName | None = None
    """Table: issuer, theme, exposure, date, class, source, note."""
    exposures: FileName | None = None
    """Table: target, form (weight, beta, duration), factor, coefficient, date, class, source, note."""
    smiles: FileName | None = None
    """Table: underlying, expiry, implied_vol, vol_skew, vol_curvature, date, class, source, note."""
    rolls: FileName | None = None
    """Table: issuer, from_date, value (total return up to as_of), date, class, source, note."""
    factor_model: DocumentName | None = None
    """Document of the factor model, as `stresstest market build` writes it."""
    sources: dict[str, str] = Field(default_factory=dict)
    """Text of each source id."""
    smile: SmileSpec = SmileSpec()
    """Range and stickiness of the implied-vol surfaces."""
    curves: dict[Identifier, CurveSpec] = Field(default_factory=dict)
    """Zero curves by name."""
    credit_spreads: CreditSpreadsSpec | None = None
    """Spreads by rating."""
    context: dict[str, ContextSpec] = Field(default_factory=dict)
    """Published numbers beside the market, by name."""
