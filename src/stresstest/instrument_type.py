"""The record that every instrument type fills in, and what its `compile` is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple, Protocol

from stresstest.kernels.gauges import Gauges, Threshold, threshold_gauges
from stresstest.kernels.lives import ALIVE, GONE, SETTLED
from stresstest.market.keys import RiskFactorKey
from stresstest.market.price_curves import PriceCurve
from stresstest.market.rows import CreditRows
from stresstest.market.snapshot import MarketSnapshot


@dataclass(frozen=True, slots=True)
class Requirements:
    """What the value of one unit depends on.

    Attributes
    ----------
    currency
        Currency of the unit value.
    factors
        Every risk factor that can move the value, and no other.
    """

    currency: str
    factors: tuple[RiskFactorKey, ...]


class CurrencyCarry(NamedTuple):
    """An exchange rate, `quote` for one of `base`, with the curves of both currencies to a time in years."""

    base: str
    quote: str
    base_curve: str
    quote_curve: str
    years: float


class Rows(CreditRows, Protocol):
    """Gives row numbers of the chunk that kernels read; asking twice gives the same row."""

    def log_spot(self, issuer: str) -> int:
        """Return the row in `market.derived` of log(spot)."""

    def carry_spot(self, issuer: str, years: float) -> int:
        """Return the row in `market.derived` of spot · exp(−dividend_yield · years)."""

    def log_forward(self, issuer: str, curve: str, years: float) -> int:
        """Return the row in `market.derived` of the log of the forward price to `years`."""

    def smile_log_forward(self, issuer: str, curve: str, years: float) -> int:
        """Return the row of the log forward that the smile's moneyness is measured from.

        `log_forward` of the column where the surface is sticky in moneyness, of column 0 where in strike.
        """

    def forward_price(self, curve: PriceCurve, years: float) -> int:
        """Return the row in `market.derived` of the price for delivery in `years`."""

    def log_forward_price(self, curve: PriceCurve, years: float) -> int:
        """Return the row in `market.derived` of the log of that price, NaN where it is negative."""

    def smile_log_forward_price(self, curve: PriceCurve, years: float) -> int:
        """Return the row of the log price that the smile's moneyness is measured from."""

    def exchange_rate(self, base: str, quote: str) -> int:
        """Return the row in `market.derived` of the price of one unit of `base` in `quote`."""

    def log_currency_forward(self, carry: CurrencyCarry) -> int:
        """Return the row in `market.derived` of the log of the forward exchange rate."""

    def smile_log_currency_forward(self, carry: CurrencyCarry) -> int:
        """Return the row of the log forward rate that the smile's moneyness is measured from."""

    def product(self, first: int, second: int) -> int:
        """Return the row in `market.derived` of the product of two of its rows."""


@dataclass(frozen=True, slots=True)
class CompileContext:
    """Everything that turns specs into columns: the market, the valuation date, the rows to point at.

    Attributes
    ----------
    previous_date
        Valuation date of the step before, where there is one: what falls due between the two dates, and so
        is in the value on the first and not in that on the second, goes into `paid`. Without one nothing is
        paid, and terms that have run out by the valuation date are an `InputError`.
    """

    valuation_date: date
    market: MarketSnapshot
    rows: Rows
    previous_date: date | None = None

    @property
    def gap_years(self) -> float:
        """Time since the step before in years of 365 days; 0 where there is none."""
        return 0.0 if self.previous_date is None else (self.valuation_date - self.previous_date).days / 365

    def life(self, last_day: date) -> int:
        """Return whether what ends on `last_day` lives (`ALIVE`), ends in this step (`SETTLED`) or is `GONE`.

        On its last day it still has a value: the step that leaves that day behind pays. Without a step
        before everything counts as alive, and what has run out is for the type to refuse.
        """
        if self.previous_date is None or last_day >= self.valuation_date:
            return ALIVE
        return SETTLED if last_day >= self.previous_date else GONE


@dataclass(frozen=True, slots=True)
class Override:
    """Terms of an instrument whose holder overrides a level of the market (a mark, a spread, a vol).

    Attributes
    ----------
    spec
        The terms without the overriding fields, with `issuer_field` naming the private issuer.
    levels
        Levels of the private factors; selectors still match them by the public part of their name.
    worth
        Value of one unit that the holder states, where the one level is to be solved from it, whatever the
        level given; None where the levels are known.
    """

    spec: Any
    levels: Mapping[RiskFactorKey, float]
    worth: float | None = None


def stated_override(spec: Any, private_issuer: str, solve: Callable[[float], float]) -> Override | None:
    """Return the bond with the spread that its holder states, or that `solve` finds from a clean price.

    None where it states neither.
    """
    spread = spec.z_spread if spec.clean_price is None else solve(spec.clean_price)
    return None if spread is None else spread_override(spec, private_issuer, spread)


def worth_override(
    spec: Any, private_issuer: str, dirty_price: Callable[[float], float], **changed: Any
) -> Override | None:
    """Return the bond with the spread that its holder states, or to be solved from what it is worth.

    None where its holder states neither a spread nor a clean price. The spread of a price, rights and all, is
    for who can value the bond to find; `dirty_price` gives what one unit is worth at a clean price.

    Parameters
    ----------
    changed
        Other fields of the terms that a spread of its own changes.
    """
    if spec.clean_price is not None:
        worth = dirty_price(spec.clean_price)
        return replace(spread_override(spec, private_issuer, 0.0, **changed), worth=worth)
    if spec.z_spread is None:
        return None
    return spread_override(spec, private_issuer, spec.z_spread, **changed)


def spread_override(spec: Any, private_issuer: str, spread: float, **changed: Any) -> Override:
    """Return the bond without what its holder states of its worth, and its spread as a private factor.

    Parameters
    ----------
    changed
        Other fields of the terms that a spread of its own changes.
    """
    update = {"issuer": private_issuer, "z_spread": None, "clean_price": None, **changed}
    return Override(spec.model_copy(update=update), {RiskFactorKey("credit_spread", private_issuer): spread})


@dataclass(frozen=True, slots=True)
class Trigger:
    """Something in a contract that flips as the market moves.

    Attributes
    ----------
    name
        As in documents, snake_case: `strike`, `barrier`, `loan_to_value`.
    begins, ends
        What becomes of the contract where its gauge rises above 0, and where it falls back:
        `comes into the money`, `falls out of the money`.
    bends
        Whether the value has a kink or a jump there; it is smooth where an option lives on.
    """

    name: str
    begins: str
    ends: str
    bends: bool = True


@dataclass(frozen=True, slots=True)
class Triggers:
    """What may flip in contracts of a type, and how far each is from it.

    Attributes
    ----------
    kinds
        Everything that may flip, in the order of `Gauges.trigger`.
    compile
        `(specs, context) → Gauges`: none, one or several of a contract. What has run out has none.
    measure
        `module:function` inside the type's folder: `(columns, market, value) → (n_gauges, n_columns)`, above
        0 where the trigger holds, NaN where nothing is known; empty where all are thresholds on rows of the
        market. It reads `market` as a kernel does, and writes nothing.
    reads_value
        Whether it reads `value (n_instruments, n_columns)`, of one unit; else that is empty.
    """

    kinds: tuple[Trigger, ...]
    compile: Callable[[Sequence[Any], CompileContext], Gauges]
    measure: str = ""
    reads_value: bool = False


STRIKE = Trigger("strike", "comes into the money", "falls out of the money", bends=False)
"""What every option has: the price of what it is on against its strike."""


def share_strikes(specs: Sequence[Any], context: CompileContext) -> Gauges:
    """Return the gauges of options on shares that are not over: the spot price against the strike."""
    rows = context.rows
    return threshold_gauges(
        [
            Threshold(
                place,
                0,
                f"{spec.underlying} {spec.strike:g} {spec.right}",
                rows.factor(RiskFactorKey("spot", spec.underlying)),
                False,
                spec.strike,
                1.0 if spec.right == "call" else -1.0,
            )
            for place, spec in enumerate(specs)
            if context.life(spec.expiry) == ALIVE
        ]
    )


@dataclass(frozen=True, slots=True)
class InstrumentType:
    """Everything that the engine knows of an instrument type.

    Attributes
    ----------
    tag
        As in a portfolio's `type:`.
    summary
        One line for `stresstest list instruments`.
    spec
        Frozen strict pydantic model of the contract terms.
    requirements
        `(spec, market) → Requirements`. Loads no numba. Raises `InputError` where the market lacks something.
    compile
        `(specs, context) → columns`, a `NamedTuple` of frozen arrays `(n_instruments,)`, ragged parts flat
        with `offsets (n_instruments + 1,)`.
    issuer_field
        Field of the spec that names an issuer of the market, or None.
    kernel
        `module:function` inside the type's folder: `revalue(columns, market, state, out)`.
    n_state
        Numbers that the engine carries from slice to slice for each instrument and path.
    pays_by_levels
        Whether what it has paid since the step before follows from decisions at the levels of a column, as an
        early redemption does: a shocked column then has payments of its own, not those of the aged one.
    stated_kind
        Kind of the factor that is itself the value of one unit (`spot` for a share), so that a holder's
        stated value can stand in for a missing price; empty where there is none.
    look_through
        `spec → weight by issuer` of what one unit holds, or None for what holds nothing.
    override
        `(spec, private issuer, market, valuation date) → Override`, or None where the spec overrides nothing.
    is_liability
        Whether its value is what assets are held against: a portfolio that holds some has a funded ratio.
    triggers
        What may flip in it, for break-points; empty where nothing does beside a default of its issuer.
    """

    tag: str
    summary: str
    spec: type[Any]
    requirements: Callable[[Any, MarketSnapshot], Requirements]
    compile: Callable[[Sequence[Any], CompileContext], Any]
    issuer_field: str | None = None
    kernel: str = "kernel:revalue"
    n_state: int = 0
    pays_by_levels: bool = False
    stated_kind: str = ""
    override: Callable[[Any, str, MarketSnapshot, date], Override | None] | None = None
    look_through: Callable[[Any], Mapping[str, float]] | None = None
    is_liability: bool = False
    triggers: tuple[Triggers, ...] = ()
