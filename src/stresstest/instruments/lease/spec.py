"""Contract terms of leases."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from stresstest.io.fields import Currency, Date, Identifier, Items, Number, Percentage, PositiveNumber, Spec
from stresstest.io.usual import Usual

_MONTHS = 12


class RenewalSpec(Spec):
    """An option of the lessee to go on, after the term or the renewal before."""

    months: Annotated[int, Field(ge=1)]
    """Length, a whole number of payment periods."""

    probability: Annotated[Percentage, Field(ge=0.0, le=1.0)]
    """Chance that it is used, given that those before are: a judgement."""

    rent_change: Annotated[Percentage, Field(gt=-1.0)] = 0.0
    """Change of the rent when the renewal begins, beside the escalator: `-20%`."""

    guaranteed: Annotated[Number, Field(ge=0.0)] | None = None
    """Guaranteed value if the lease ends with this renewal; by default as before it, 0: none any more."""


class GuaranteeSpec(Spec):
    """A residual value guarantee: at the end the lessee pays what the asset is worth less than an amount."""

    amount: PositiveNumber
    """Guaranteed value at the end of the term, money for one unit; a renewal may state another."""

    asset_value: PositiveNumber
    """Value of the asset on the market's date, money for one unit."""

    depreciation: Annotated[Percentage, Field(ge=0.0, lt=1.0)] = 0.0
    """Value lost a year by age, of what is left, beside what `rental` or `asset_issuer` says."""

    cap: PositiveNumber | None = None
    """Most that the lessee pays, money for one unit."""

    volatility: Annotated[Percentage, Field(ge=0.0, le=2.0), Usual(high=0.8)] = 0.0
    """Volatility of the asset's value a year, a judgement: the guarantee is then a put; 0%: intrinsic."""


class LeaseSpec(Spec):
    """A lease; the quantity of a position counts leases of the stated rent."""

    issuer: Identifier
    """Lessee, by its id in the market, ticker or LEI: rents are discounted at its borrowing rate."""

    side: Literal["receivable", "obligation"] = "receivable"
    """`receivable` for the lessor, `obligation` for the lessee, whose value is negative."""

    rent: PositiveNumber
    """Payment on each date of the first year, money for one unit."""

    start: Date
    """First day of the term."""

    term_months: Annotated[int, Field(ge=1)]
    """Length of the term that cannot be cancelled, a whole number of payment periods."""

    frequency: Literal[1, 2, 3, 4, 6, 12] = 12
    """Payments a year."""

    timing: Literal["advance", "arrears"] = "advance"
    """Whether a rent is due on the first day of its period or on the day after its last."""

    escalator: Annotated[Percentage, Field(gt=-1.0)] = 0.0
    """Rise of the rent after each full year, compounding: `3%`."""

    renewals: Items[RenewalSpec] = ()
    """Options to renew, in their order."""

    guarantee: GuaranteeSpec | None = None
    """Residual value guarantee, due on the day after the lease ends."""

    rental: Identifier | None = None
    """Name of the `rental_rate` factors that the asset's value and its rent after a default follow."""

    asset_issuer: Identifier | None = None
    """Issuer whose spot they follow instead, as a property fund; without either they stay."""

    reletting: Annotated[Percentage, Field(ge=0.0, le=2.0)] = 0.7
    """Rent of the next tenant after a default, at the market of today, as a part of the contract's."""

    vacancy_months: Annotated[Number, Field(ge=0.0, le=60.0)] = 6.0
    """Time after a default until the next tenant pays."""

    seniority: Literal["secured", "senior_unsecured", "subordinated"] = "senior_unsecured"
    """Rank of the lessor's claim for what the next tenant does not pay."""

    currency: Currency | None = None
    """Currency of the rent; by default the currency of the lessee in the market."""

    curve: Identifier | None = None
    """Zero curve below the lessee's spread; by default the discount curve of the currency."""

    @model_validator(mode="after")
    def _check_terms(self) -> LeaseSpec:
        period = _MONTHS // self.frequency
        lengths = {
            "term_months": self.term_months,
            **{f"renewals[{n}].months": item.months for n, item in enumerate(self.renewals)},
        }
        for name, months in lengths.items():
            if months % period:
                raise ValueError(f"{name} {months} is no whole number of periods of {period} months")
        if self.guarantee is None and any(item.guaranteed is not None for item in self.renewals):
            raise ValueError("a renewal states a guaranteed value, and the lease has no guarantee")
        if self.rental is not None and self.asset_issuer is not None:
            raise ValueError("rental and asset_issuer are both given; the asset follows one of them")
        return self
