"""A hedge: trades with what each costs and saves, the book before and after them, and what was checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from stresstest.hedging.diagnosis.diagnosis import Diagnosis
    from stresstest.hedging.plans.challenges import Challenge
    from stresstest.hedging.plans.comparisons import Comparison, Yardstick
    from stresstest.hedging.plans.distances import DistanceReading
    from stresstest.hedging.plans.frontier import Frontier
    from stresstest.hedging.plans.plan_checks import FreshTail
    from stresstest.hedging.plans.sellers import SellerExposure
    from stresstest.hedging.plans.verification import Verification
    from stresstest.hedging.policies.policy import Policy, Rule
    from stresstest.portfolio.model import Portfolio


@dataclass(frozen=True, slots=True)
class TradeCost:
    """What one trade costs, in the portfolio's currency; tax is its share of the plan's."""

    spread: float = 0.0
    impact: float = 0.0
    tax: float = 0.0
    fees: float = 0.0
    rolls: float = 0.0

    @property
    def total(self) -> float:
        """Everything."""
        return self.spread + self.impact + self.tax + self.fees + self.rolls


@dataclass(frozen=True, slots=True)
class PlannedTrade:
    """One trade of a plan.

    Attributes
    ----------
    id
        Of the position that is reduced, or of the candidate that is bought.
    action
        `sell`, `cover` (a short bought back) or `buy`.
    quantity
        Units, negative when sold.
    lots
        The same in lots.
    value
        Quantity × mid, in the portfolio's currency.
    notional
        Of a swap, and what a forward is on, in the portfolio's currency; 0 for what is traded for its value.
    days
        At the share of the usual volume that the policy allows; NaN where no volume is known.
    reason
        Why the thing is in the universe; for sales, what they do.
    seller
        Who must pay; empty for what nobody has to honour.
    is_cleared
        Whether that is a clearing house.
    saves
        By scenario, P&L that the trade adds, its own cost paid; negative where it gives up.
    marginal
        By scenario, what one more unit of currency traded, or of notional, adds, its cost paid.
    """

    id: str
    label: str
    action: str
    quantity: float
    lots: float
    value: float
    cost: TradeCost
    days: float
    reason: str
    source: str
    seller: str
    saves: Mapping[str, float]
    marginal: Mapping[str, float]
    notional: float = 0.0
    is_cleared: bool = False

    @property
    def named(self) -> str:
        """Name with id, for readers: `SPDR Gold Shares (gld)`."""
        return named(self.id, self.label)


def named(id_: str, label: str) -> str:
    """Return a name with the id by which files and documents call the thing.

    Examples
    --------
    >>> named("gld", "SPDR Gold Shares"), named("nvda", "nvda")
    ('SPDR Gold Shares (gld)', 'nvda')
    """
    return id_ if label in ("", id_) else f"{label} ({id_})"


@dataclass(frozen=True, slots=True)
class ScenarioOutcome:
    """P&L in one scenario without and with the plan, both against the base value of the book as it was.

    Attributes
    ----------
    role
        `objective`, `rule` or `held_out`.
    pnl_after
        Of the hedged book with its bought options rolled, every cost paid.
    """

    name: str
    horizon: str
    role: str
    pnl_before: float
    pnl_after: float

    @property
    def held_out(self) -> bool:
        """Whether neither objective nor rules rest on it."""
        return self.role == "held_out"

    @property
    def saved(self) -> float:
        """P&L that the plan adds."""
        return self.pnl_after - self.pnl_before


@dataclass(frozen=True, slots=True)
class RuleReading:
    """A rule as the plan leaves it, recomputed from the trades.

    Attributes
    ----------
    measured
        In the unit of the rule's amount.
    is_binding
        Whether the plan would be better with another amount.
    shadow_price
        Slope at the plan: change of the objective, as a share of the base value, for one unit more of the
        amount (1.0 is 100 %); None where the rule does not bind or has no price because it counts.
    was_broken
        Whether the book as it is breaks it.
    step_change
        Change of the objective where the amount is loosened by a whole step (a point of a share, else one),
        solved again without lots; None where that was not asked.
    change_without
        The same without the rule, of one that forbids outright.
    """

    rule: Rule
    measured: float
    is_binding: bool
    shadow_price: float | None
    was_broken: bool = False
    step_change: float | None = None
    change_without: float | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """Why the plan is the best: bounds on the objective, in shares of the base value.

    Attributes
    ----------
    unhedged, objective, lower_bound
        Of the book as it is, of the plan, and what no plan can be better than.
    gap
        |Objective − lower bound| ÷ |objective|.
    attempts
        Solvers asked, in order, with what each answered.
    """

    unhedged: float
    objective: float
    lower_bound: float
    gap: float
    attempts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Totals:
    """What the plan trades and pays, in the portfolio's currency, and the change of a year's income.

    Shorts that are bought back are among what is bought.
    """

    bought: float
    sold: float
    cost: TradeCost
    carry: float


@dataclass(frozen=True, slots=True)
class Bets:
    """Effective number of independent bets, before and after, by the definition in words.

    Attributes
    ----------
    entropy_before, entropy_after
        The same as the exponential of the entropy of the variance shares.
    """

    before: float
    after: float
    definition: str
    entropy_before: float
    entropy_after: float


@dataclass(frozen=True, eq=False)
class HedgePlan:
    """Trades for a portfolio under a policy, with receipts; or why there are none.

    Attributes
    ----------
    status
        `optimal`, proved best within the gap; `feasible`, the best found in the search allowed; `no_trade`,
        the book keeps every rule and nothing that they allow helps; `infeasible` or `unbounded`.
    portfolio
        As it is, with quantities.
    base_value
        Of the portfolio, in its currency; every per cent is of its size.
    trades_portfolio, hedged
        The trades as a portfolio of their own, and the book after them as the plan values it: options that
        were bought have half of their life behind them, their rolls are paid.
    rules
        As the plan leaves them; as the book has them where there is no plan.
    distances
        Of the rules on distances, before and after, looked for afresh in the books that files give.
    worst, new_worst
        Scenario of the horizon with the largest loss before, and after.
    diagnosis
        Why there is no plan; None where there is one.
    """

    status: str
    policy: Policy
    portfolio: Portfolio
    base_value: float
    market: str
    as_of: date
    trades: tuple[PlannedTrade, ...] = ()
    scenarios: tuple[ScenarioOutcome, ...] = ()
    rules: tuple[RuleReading, ...] = ()
    certificate: Certificate | None = None
    totals: Totals | None = None
    bets: Bets | None = None
    sellers: tuple[SellerExposure, ...] = ()
    yardstick: Yardstick | None = None
    comparisons: tuple[Comparison, ...] = ()
    challenges: tuple[Challenge, ...] = ()
    frontiers: tuple[Frontier, ...] = ()
    verification: Verification | None = None
    fresh_tails: tuple[FreshTail, ...] = ()
    distances: tuple[DistanceReading, ...] = ()
    trades_portfolio: Portfolio | None = None
    hedged: Portfolio | None = None
    diagnosis: Diagnosis | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def currency(self) -> str:
        """Currency of every amount."""
        return self.portfolio.currency

    @property
    def has_trades(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.trades)

    @property
    def mended(self) -> tuple[RuleReading, ...]:
        """Rules that the book breaks as it is, and the plan keeps."""
        return tuple(reading for reading in self.rules if reading.was_broken)

    @property
    def cost_of_rules(self) -> float:
        """What it costs to mend broken rules: objective of the plan less that of the book as it is.

        As a share of the base value; 0 where the plan is no worse than the book.
        """
        if self.certificate is None:
            return 0.0
        return max(self.certificate.objective - self.certificate.unhedged, 0.0)

    @property
    def binding(self) -> tuple[RuleReading, ...]:
        """Rules that hold the plan back."""
        return tuple(reading for reading in self.rules if reading.is_binding)

    @property
    def of_horizon(self) -> tuple[ScenarioOutcome, ...]:
        """Plain scenarios of the policy's horizon: not those at other severities or with others on top."""
        return tuple(
            one for one in self.scenarios if one.horizon == self.policy.horizon and is_plain(one.name)
        )

    @property
    def worst(self) -> ScenarioOutcome | None:
        """Scenario of the horizon in which the book as it is loses most."""
        return min(self.of_horizon, key=lambda one: one.pnl_before, default=None)

    @property
    def new_worst(self) -> ScenarioOutcome | None:
        """Scenario of the horizon in which the hedged book loses most."""
        return min(self.of_horizon, key=lambda one: one.pnl_after, default=None)

    def outcome(self, name: str) -> ScenarioOutcome | None:
        """Return what happens in the scenario called `name`, or None where it is not known."""
        return next((one for one in self.scenarios if one.name == name), None)

    def percent(self, amount: float) -> float:
        """Return an amount in per cent of the base value."""
        return 100.0 * amount / abs(self.base_value)


def is_plain(name: str) -> bool:
    """Tell whether a scenario is as its file writes it, not at another severity or with another on top."""
    return "+" not in name and "@" not in name
