"""Contract terms of stakes in private companies."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from stresstest.io.fields import Identifier, Items, Number, Percentage, PositiveNumber, Spec

Share = Annotated[Percentage, Field(ge=0.0, le=1.0)]
"""Part of a whole, from 0% to 100%."""

NonNegative = Annotated[Number, Field(ge=0.0)]
"""Finite number, 0 or above."""


class ShareClassSpec(Spec):
    """A class of shares: what comes before others in a sale, and what it converts into."""

    name: Identifier
    """Name of the class, as in `series_f`."""

    shares: PositiveNumber
    """Shares outstanding, granted options included; all classes of a stack in the same unit."""

    invested: NonNegative = 0.0
    """Money put in at issue, billions of the mark's currency; 0 for common stock."""

    liquidation_multiple: PositiveNumber = 1.0
    """Preference as a multiple of the money put in."""

    seniority: Annotated[int, Field(ge=1)] = 1
    """Rank of the preference: 1 is paid first; classes of one rank share in proportion."""

    participation: Literal["none", "full", "capped"] = "none"
    """What follows the preference: nothing, so that the class converts once that pays more; a share beside
    common stock; such a share up to a cap, beyond which it converts."""

    cap_multiple: PositiveNumber | None = None
    """Most that a capped class takes without converting, preference included, as a multiple of `invested`."""

    conversion: PositiveNumber = 1.0
    """Common shares that one share converts into."""

    @model_validator(mode="after")
    def _check_cap(self) -> ShareClassSpec:
        if (self.cap_multiple is not None) != (self.participation == "capped"):
            raise ValueError("cap_multiple belongs to participation: capped, and capped needs it")
        if self.cap_multiple is not None and self.cap_multiple < self.liquidation_multiple:
            raise ValueError("cap_multiple is below liquidation_multiple")
        return self

    @property
    def preference(self) -> float:
        """Money paid before common stock, billions."""
        return self.invested * self.liquidation_multiple


class ExitSpec(Spec):
    """A sale or listing in the future, for the option-pricing method."""

    years: PositiveNumber
    """Time until then from any valuation date: it stays as far away as today."""

    volatility: Annotated[Percentage, Field(gt=0.0, le=5.0)]
    """Volatility of the equity until then, a year, a judgement: `70%`."""


class DownRoundSpec(Spec):
    """New money at a lower price."""

    discount: Annotated[Percentage, Field(ge=0.0, lt=1.0)]
    """Fall of the equity's value before the new money: `60%`."""

    dilution: Annotated[Percentage, Field(ge=0.0, lt=1.0)] = 0.0
    """Part of what is left that goes to new investors and staff beyond what they pay for."""

    pay_to_play: bool = False
    """Whether this holder, who puts in nothing, loses its preference and holds common stock."""


class LiquidationSpec(Spec):
    """The company is wound up."""

    recovery: Share
    """Part of the equity's value that the sale of what is left pays to shareholders."""


class RunwaySpec(Spec):
    """Cash, and how long it lasts where nobody gives more; amounts in billions of the mark's currency."""

    cash: PositiveNumber
    """Cash and committed money on the market's date."""

    costs: PositiveNumber
    """Costs a year on that date, investment included."""

    revenue: NonNegative
    """Revenue a year on that date."""

    costs_growth: Annotated[Percentage, Field(gt=-1.0)] = 0.0
    """Growth of the costs a year: `40%`."""

    revenue_growth: Annotated[Percentage, Field(gt=-1.0)] = 0.0
    """Growth of the revenue a year."""

    funding_gap: Identifier
    """Name of the `macro` factor that holds the part of the need that nobody funds: 0 today, 1 in a stop."""

    reopening_years: PositiveNumber = 1.0
    """Time within which a company cut off finds new money with even odds, a judgement."""

    down_round: DownRoundSpec | None = None
    """What happens when the cash is gone: money at a lower price, or …"""

    liquidation: LiquidationSpec | None = None
    """… the end of the company."""

    @model_validator(mode="after")
    def _check_end(self) -> RunwaySpec:
        if (self.down_round is None) == (self.liquidation is None):
            raise ValueError("a runway ends in down_round or in liquidation; state one of them")
        return self


class PrivateStakeSpec(Spec):
    """Shares of one class, or a part of the company; the quantity of a position counts such stakes."""

    issuer: Identifier
    """Company, by its id in the market, which states its mark in billions."""

    ownership: Annotated[Percentage, Field(gt=0.0, le=1.0)] | None = None
    """Part of the company that one unit is, all classes converted: `0.05%`. Or `shares`."""

    shares: PositiveNumber | None = None
    """Shares that one unit is, in the unit of the stack. Or `ownership`."""

    stack: Items[ShareClassSpec] = ()
    """All classes of the company's shares; without one every share is alike."""

    share_class: Identifier | None = None
    """Class held, a name of the stack."""

    valuation: Literal["last_round", "comparable", "multiple"] = "last_round"
    """What the equity follows: the mark; today's mark, moved as a listed comparable; revenue × a multiple."""

    comparable: Identifier | None = None
    """Listed issuer of `valuation: comparable`."""

    comparable_beta: PositiveNumber = 1.0
    """Move of the equity's logarithm for one of the comparable's."""

    multiple: Identifier | None = None
    """Name of the `multiple` factor of `valuation: multiple`, equity and net debt over revenue."""

    revenue: PositiveNumber | None = None
    """Revenue a year that the multiple is of, billions."""

    net_debt: Number = 0.0
    """Debt less cash, which comes before all shares under `valuation: multiple`, billions."""

    mark: PositiveNumber | Literal["last_round"] | None = None
    """The holder's own value of all equity, billions, instead of the market's; or `last_round`: the value at
    which the class of the last round is worth its price, as options until the exit."""

    round_class: Identifier | None = None
    """Class that the last round sold, a name of the stack, under `mark: last_round`; by default that held."""

    post_money: PositiveNumber | None = None
    """Price of the last round times all shares, billions; by default the market's mark."""

    marketability_discount: Annotated[Percentage, Field(ge=0.0, lt=1.0)] = 0.0
    """What a buyer takes off for shares that cannot be sold at will."""

    lag_quarters: Annotated[Number, Field(ge=0.0, le=20.0)] = 0.0
    """Time constant in which the reported value follows along a path; a shock of today shows in full."""

    exit: ExitSpec | None = None
    """With it classes are options on the equity until then; without it the company is sold today."""

    runway: RunwaySpec | None = None
    """Cash and burn; without it the company is always funded."""

    default_recovery: Share = 0.0
    """Part of the equity's value left for shareholders where the issuer defaults."""

    @model_validator(mode="after")
    def _check_stake(self) -> PrivateStakeSpec:
        if (self.ownership is None) == (self.shares is None):
            raise ValueError("a stake has either ownership or shares")
        names = [item.name for item in self.stack]
        if len(set(names)) != len(names):
            raise ValueError("two classes of the stack have the same name")
        if bool(names) != (self.share_class is not None):
            raise ValueError("stack and share_class belong together")
        if names and self.share_class not in names:
            raise ValueError(f"share_class {self.share_class!r} is none of the stack: {', '.join(names)}")
        if not names and self.shares is not None:
            raise ValueError("shares need a stack, which says how many there are")
        return self

    @model_validator(mode="after")
    def _check_valuation(self) -> PrivateStakeSpec:
        if (self.comparable is not None) != (self.valuation == "comparable"):
            raise ValueError("comparable belongs to valuation: comparable")
        stated = (self.multiple is not None, self.revenue is not None)
        if stated != (self.valuation == "multiple",) * 2:
            raise ValueError("multiple and revenue belong to valuation: multiple")
        if self.mark is not None and self.valuation == "multiple":
            raise ValueError("a mark is not read under valuation: multiple")
        self._check_round()
        return self

    def _check_round(self) -> None:
        """Refuse a last round whose price says nothing, and its terms where it is not asked for."""
        if self.mark != "last_round":
            if self.round_class is not None or self.post_money is not None:
                raise ValueError("round_class and post_money belong to mark: last_round")
            return
        if not self.stack or self.exit is None:
            raise ValueError("mark: last_round needs a stack and an exit: until it classes are options")
        names = [item.name for item in self.stack]
        if self.round_class is not None and self.round_class not in names:
            raise ValueError(f"round_class {self.round_class!r} is none of the stack: {', '.join(names)}")
