"""Lines of a hedge policy's universe as files write them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from stresstest.hedging.policies.rule_spec import Reason
from stresstest.hedging.policies.selection_spec import InstrumentSelectSpec
from stresstest.io.fields import Identifier, Items, Name, Percentage, PositiveNumber, Spec
from stresstest.io.spreads import Spread
from stresstest.quantity import QuantityError
from stresstest.scenarios.basis_spec import ONE_OR_MORE, as_list
from stresstest.scenarios.driver_spec import NotEmpty
from stresstest.scenarios.select_spec import Values
from stresstest.scenarios.spec import Horizon

TAKES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "equity": ((), ("issuer", "select", "except")),
    "fund": ((), ("issuer", "select", "except")),
    "zero_bond": (("issuer", "maturities"), ("seller",)),
    "european_option": (
        ("underlying", "right", "strikes", "expiries"), ("strike_step", "multiplier", "seller"),
    ),
    "american_option": (
        ("underlying", "right", "strikes", "expiries"), ("strike_step", "multiplier", "seller"),
    ),
    "cds_index": (("index", "series", "coupon", "tenors"), ("recovery",)),
    "put_spread": (
        ("underlying", "spreads", "expiries"), ("exercise", "strike_step", "multiplier", "seller"),
    ),
}  # fmt: skip
"""By type or package: fields that a line must have, and fields that it may have beside name and reason."""

Horizons = Annotated[Items[Horizon], BeforeValidator(as_list), NotEmpty, ONE_OR_MORE]
Strike = Annotated[Percentage, Field(gt=0, le=10)]


class SpreadSpec(Spec):
    """Strikes of a put spread, in per cent of the spot."""

    buy: Strike
    """Strike of the put that is bought."""
    sell: Strike
    """Strike of the put that is sold, below the one that is bought."""

    @model_validator(mode="after")
    def _long_above_short(self) -> SpreadSpec:
        if self.sell >= self.buy:
            got = f"a put spread that sells at {100.0 * self.sell:g}% and buys at {100.0 * self.buy:g}%"
            raise QuantityError("ST475", got, "a put sold below the one bought: nothing naked is written")
        return self


class UniverseEntrySpec(Spec):
    """Instruments of one type or package that may be bought."""

    name: Name
    """What reports call the line."""
    reason: Reason
    """Why it is there."""
    type: Literal["equity", "fund", "zero_bond", "european_option", "american_option", "cds_index"] | None = (
        None
    )
    """Instrument type."""
    package: Literal["put_spread"] | None = None
    """Instruments that are bought together under one id."""
    issuer: Values | None = None
    """Issuers by name; for shares and funds in place of `select`."""
    select: InstrumentSelectSpec | None = None
    """Issuers by what they are; those without a price are passed over."""
    excluded: Values | None = Field(default=None, alias="except")
    """Issuers that `select` shall not choose."""
    maturities: Horizons | None = None
    """Times to maturity: the last Thursday before, beyond a year the last fifteenth of a STRIPS month."""
    underlying: Values | None = None
    """Underlyings of options."""
    right: Literal["call", "put"] | None = None
    """Right of the options."""
    strikes: Annotated[Items[Strike], NotEmpty] | None = None
    """Strikes in per cent of the spot, moved to the nearest listed one."""
    spreads: Annotated[Items[SpreadSpec], NotEmpty] | None = None
    """Pairs of strikes of put spreads."""
    expiries: Horizons | None = None
    """Times to expiry, moved to the nearest listed third Friday."""
    exercise: Literal["american", "european"] | None = None
    """When both legs of a put spread may be exercised; european if not given."""
    index: Identifier | None = None
    """Credit index that protection is bought on; it is cleared."""
    series: Annotated[int, Field(ge=1)] | None = None
    """Number of the index's series."""
    coupon: Annotated[Spread, Field(ge=0.0, le=1.0)] | None = None
    """Running premium of its contracts: 100bp on investment grade, 500bp on high yield."""
    recovery: Annotated[Percentage, Field(ge=0.0, lt=1.0)] | None = None
    """Recovery that quotes of the index assume; the market's, else 40 %, if not given."""
    tenors: Horizons | None = None
    """Terms of the protection: the standard maturities, in June and December."""
    strike_step: PositiveNumber | None = None
    """Distance of listed strikes; by the exchanges' rule if not given."""
    multiplier: PositiveNumber | None = None
    """Shares a contract is on; 100 if not given."""
    seller: Identifier | None = None
    """Who owes what an over-the-counter contract pays; without it contracts are listed and cleared."""
    source: Name | None = None
    """What kind of refuge it is, for rules on protection; the line's name if not given."""

    @model_validator(mode="after")
    def _fits_its_type(self) -> UniverseEntrySpec:
        if (self.type is None) == (self.package is None):
            got = "both type and package" if self.type else "neither type nor package"
            raise QuantityError("ST475", f"universe line {self.name!r} with {got}", "exactly one of them")
        kind = self.type or self.package or ""
        needs, takes = TAKES[kind]
        stated = [
            field.alias or name
            for name, field in type(self).model_fields.items()
            if getattr(self, name) is not None
        ]
        who = f"universe line {self.name!r} ({kind})"
        for name in stated:
            if name not in (*needs, *takes, "name", "reason", "type", "package", "source"):
                raise QuantityError("ST475", f"{who} with {name!r}", f"{', '.join((*needs, *takes))}")
        for name in needs:
            if name not in stated:
                raise QuantityError("ST475", f"{who} without {name!r}", f"{', '.join(needs)}")
        if kind in ("equity", "fund") and (self.issuer is None) == (self.select is None):
            both = "both issuer and select" if self.issuer else "neither issuer nor select"
            raise QuantityError("ST475", f"{who} with {both}", "one of them")
        return self
