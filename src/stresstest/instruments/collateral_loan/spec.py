"""Contract terms of a loan against GPUs."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from stresstest.io.fields import Date, Identifier, Items, Number, Percentage, PositiveNumber, Spec
from stresstest.market.loan_spec import FloatingTermsSpec


class Chips(Spec):
    """GPUs of one generation that are pledged."""

    gpu: Identifier
    """Name of the `rental_rate` factors, as in `H100`: what an hour brings, and so what a chip is worth."""

    count: PositiveNumber
    """Number of GPUs."""

    value: PositiveNumber
    """Price of one GPU today with its share of server and network, in money of the loan."""

    in_service: Date
    """Day from which its age counts."""

    life_years: PositiveNumber = 6.0
    """Age at which it is worth nothing; the hours left, and so its value, fall evenly until then."""

    contract_rate: PositiveNumber
    """What the customer pays for a GPU-hour under the contract, taken or not."""


class CollateralLoanSpec(FloatingTermsSpec):
    """A loan to a company that owns GPUs and a customer's contract, and nothing else; the quantity is face.

    `issuer` is the sponsor, who runs the GPUs and owns the borrower. The borrower is ring-fenced: the
    sponsor's default interrupts service and lets the customer renegotiate, but is no default of the loan.
    """

    customer: Identifier
    """Who has the contract, by its id in the market; its spread and default state apply."""

    facility: PositiveNumber
    """Balance of the whole loan today, all lenders, in money."""

    collateral: Annotated[Items[Chips], Field(min_length=1)]
    """The GPUs, a row for each generation or delivery."""

    contract_end: Date
    """First day after the contract."""

    operating_cost: Annotated[Number, Field(ge=0.0)]
    """Power, hosting and staff, money per GPU-hour."""

    balloon: Annotated[Percentage, Field(ge=0.0, le=1.0)] = 0.0
    """Part of today's balance that is due at maturity; the rest is repaid in equal parts until then."""

    utilisation: Annotated[Percentage, Field(ge=0.0, le=1.0)] = 0.7
    """Share of hours that are let at the market's rental where there is no contract."""

    contract_kept: Annotated[Percentage, Field(ge=0.0, le=1.0)] = 0.6
    """Share of the contract's hours that stays at its rate when another operator takes over."""

    step_in_months: Annotated[Number, Field(ge=0.0)] = 3.0
    """Months without revenue until another operator has taken over."""

    damages_months: Annotated[Number, Field(ge=0.0)] = 12.0
    """Months of payments that a customer in default owes as damages, an unsecured claim on it."""

    sale_haircut: Annotated[Percentage, Field(ge=0.0, le=1.0)] = 0.5
    """What a forced sale brings less than the chips' price then."""

    sale_months: Annotated[Number, Field(ge=0.0)] = 9.0
    """Months over which the chips are sold, evenly."""

    advance_rate: Annotated[Percentage, Field(ge=0.0, le=2.0)] = 0.7
    """Share of the chips' value up to which the balloon can be refinanced at maturity."""

    min_dscr: Annotated[Number, Field(ge=0.0)] = 0.0
    """Cash for debt service ÷ debt service below which the sweep begins: `1.2`; 0 for no such covenant."""

    max_ltv: Annotated[Percentage, Field(gt=0.0)] | None = None
    """Balance ÷ chips' value above which the sweep begins; by default there is no such covenant."""

    sweep: Annotated[Percentage, Field(ge=0.0, le=1.0)] = 1.0
    """Share of the cash left after debt service that repays principal once a covenant is broken."""

    @model_validator(mode="after")
    def _check_customer(self) -> CollateralLoanSpec:
        if self.customer == self.issuer:
            raise ValueError("the customer is the sponsor: nothing but the sponsor backs the contract")
        return self
