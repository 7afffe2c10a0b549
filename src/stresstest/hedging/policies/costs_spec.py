"""Trading costs as hedge policies write them."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, PlainValidator, WithJsonSchema, model_validator

from stresstest.hedging.policies.rule_spec import Reason
from stresstest.hedging.policies.selection_spec import InstrumentSelectSpec
from stresstest.io.fields import Items, Name, Number, Percentage, PositiveNumber, Spec
from stresstest.quantity import QuantityError, parse_level, shown

_UNITS = ("bp", "vol", "%")
_QUOTES = {"bp of spread": "spread", "bp of vol": "normal_vol"}
"""Half spreads in basis points of what a contract is quoted in, and their units."""

_FORMS = "a half spread like 2bp or 0.02% of the price, 0.5vol of implied volatility, 1bp of spread or of vol"


def _read_half_spread(value: object) -> tuple[float, str]:
    """Return amount and unit: (0.0002, "price") for 2bp, (0.005, "vol") for 0.5vol, 1bp of spread alike.

    `1bp of vol` is of a normal vol: (0.0001, "normal_vol").
    """
    if not isinstance(value, str):
        raise QuantityError("ST477", shown(value), _FORMS)
    quote = next((ending for ending in _QUOTES if value.endswith(ending)), "")
    number = value.removesuffix(quote.removeprefix("bp"))
    try:
        amount = parse_level(number)
    except QuantityError as error:
        raise QuantityError("ST477", error.got, _FORMS, error.suggestion) from None
    if not number.endswith(_UNITS):
        raise QuantityError("ST477", shown(value), _FORMS)
    if not 0.0 <= amount <= 0.25:
        raise QuantityError("ST477", shown(value), "a half spread from 0 to 25%")
    if quote:
        return amount, _QUOTES[quote]
    return amount, "vol" if value.endswith("vol") else "price"


SpreadAmount: TypeAlias = Annotated[
    tuple[float, str],
    PlainValidator(_read_half_spread),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": r"^[0-9_.eE+-]+(bp|%|vol|bp of spread|bp of vol)$",
            "examples": ["2bp", "0.1%", "0.5vol", "1bp of spread", "1bp of vol"],
        }
    ),
]
"""Amount and unit of a half spread."""

BasisClass = Annotated[Literal["documented", "computed", "judgement", "unverified"], Field(alias="class")]


class HalfSpreadSpec(Spec):
    """Distance of bid and ask from the mid; the first line that matches counts."""

    select: InstrumentSelectSpec | None = None
    """Which instruments; without it all that no line above matches."""
    half_spread: SpreadAmount
    """2bp or 0.1% of the price, 0.5vol of an option's implied volatility, 1bp of spread of a credit swap, 1bp
    of vol of a swaption's normal one."""
    basis_class: BasisClass
    """documented, computed, judgement or unverified."""
    reason: Reason
    """What the number rests on."""


class MarginSpec(Spec):
    """Initial margin of cleared swaps, in cash that nothing else is bought with; the first match counts."""

    select: InstrumentSelectSpec | None = None
    """Which swaps; without it all that no line above matches."""
    share: Annotated[Percentage, Field(ge=0, le=1)]
    """Per cent of the notional."""
    basis_class: BasisClass
    """documented, computed, judgement or unverified."""
    reason: Reason
    """What the number rests on."""


class VolumeSpec(Spec):
    """Usual daily volume, where the market states none; the first line that matches counts."""

    select: InstrumentSelectSpec | None = None
    """Which instruments; without it all that no line above matches."""
    share_of_market_cap: Annotated[Percentage, Field(gt=0, le=1)] | None = None
    """Per cent of the issuer's market capitalisation."""
    share_of_underlying: Annotated[Percentage, Field(gt=0, le=10)] | None = None
    """For options: per cent of the underlying's own volume."""
    value: PositiveNumber | None = None
    """Amount a day, in the market's currency."""
    basis_class: BasisClass
    """documented, computed, judgement or unverified."""
    reason: Reason
    """What the number rests on."""

    @model_validator(mode="after")
    def _one_amount(self) -> VolumeSpec:
        names = ("share_of_market_cap", "share_of_underlying", "value")
        stated = [name for name in names if getattr(self, name) is not None]
        if len(stated) != 1:
            got = f"a volume with {' and '.join(stated) if stated else 'no amount'}"
            raise QuantityError("ST477", got, f"exactly one of {', '.join(names)}")
        return self


class AmountSpec(Spec):
    """A number with what it rests on."""

    basis_class: BasisClass
    """documented, computed, judgement or unverified."""
    reason: Reason
    """What the number rests on."""


class ImpactSpec(AmountSpec):
    """Square-root impact: coefficient · daily volatility · √(value traded ÷ daily volume)."""

    coefficient: Annotated[Number, Field(ge=0, le=10)]
    """Of daily volatility, for a trade of a whole day's volume."""


class TaxSpec(AmountSpec):
    """Tax on realised gains, lots of highest cost first."""

    rate: Annotated[Percentage, Field(ge=0, lt=1)]
    """Share of the gain."""


class FeeSpec(AmountSpec):
    """What an option contract costs beside its price."""

    amount: Annotated[Number, Field(ge=0)]
    """Per contract, in the market's currency."""


class CostsSpec(Spec):
    """What trading costs."""

    half_spread: Items[HalfSpreadSpec] = ()
    """Lines of half spreads; what none matches trades at the mid."""
    volume: Items[VolumeSpec] = ()
    """Lines of daily volumes."""
    margin: Items[MarginSpec] = ()
    """Lines of initial margins; what none matches needs none."""
    impact: ImpactSpec | None = None
    """Impact of size; none if not given."""
    tax: TaxSpec | None = None
    """Tax on realised gains; none if not given."""
    fee_per_contract: FeeSpec | None = None
    """Fee of option contracts; none if not given."""
    lots: dict[Name, PositiveNumber] = Field(default_factory=dict)
    """Units that trades come in by instrument type: {equity: 100, zero_bond: 1_000}; else 1."""
