"""What a program found: trades in units, what they are worth, how good they are known to be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from stresstest.arrays import FloatArray
from stresstest.hedging.inputs.trading_costs import CostShares
from stresstest.hedging.program.trade_state import TradeState
from stresstest.hedging.tails.solvers import Attempt

OPTIMAL, FEASIBLE, NO_TRADE, INFEASIBLE, UNBOUNDED, STOPPED = (
    "optimal",
    "feasible",
    "no_trade",
    "infeasible",
    "unbounded",
    "stopped",
)
"""How a search ended. `feasible`: trades that keep to every rule, the gap larger than asked for. `no_trade`:
the book as it is keeps every rule, and nothing that the rules allow improves its objective."""

ENDED_BY_TIME = "A search was ended by its time limit: another machine may find other trades."


@dataclass(frozen=True, eq=False)
class HedgeSolution:
    """Trades of a hedge.

    Attributes
    ----------
    sell
        `(n_held,)` units by which each held line is reduced, at least 0.
    buy
        `(n_candidates,)` units bought.
    state
        The book after them, in numbers; None without trades to show.
    costs
        What they cost, as shares of the base value.
    objective, lower_bound, unhedged
        As shares of the base value; no allowed trades have an objective below the bound.
    gap
        |objective − lower bound| ÷ the larger of |objective| and |unhedged|.
    violation
        Largest breach of a rule, recomputed from numbers.
    attempts
        Every call of a solver, in order.
    shadow_prices
        By rule: change of the objective, in per cent of the base value, per unit of the rule's amount, at the
        optimum without lots and counts; 0 where the rule does not bind.
    binding
        Rules whose amount has a price, and the number of trades where more would be made without its rule.
    broken
        Rules that the book as it is breaks: trades keep to them first, and may leave the objective worse
        than it was; without any broken rule they never do.
    unbounded
        Candidate and direction that improve the objective without end.
    slack
        Amount found for the rule that was freed.
    """

    status: str
    sell: FloatArray
    buy: FloatArray
    state: TradeState | None = None
    costs: CostShares | None = None
    objective: float = float("nan")
    lower_bound: float = float("-inf")
    unhedged: float = float("nan")
    gap: float = float("inf")
    violation: float = float("nan")
    attempts: tuple[Attempt, ...] = ()
    shadow_prices: Mapping[str, float] = field(default_factory=dict)
    binding: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()
    unbounded: tuple[str, str] | None = None
    slack: float | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know of the search."""
        is_late = any(attempt.is_late for attempt in self.attempts)
        return (ENDED_BY_TIME,) if is_late else ()

    @property
    def is_found(self) -> bool:
        """Whether there are trades, or the answer that none are needed."""
        return self.status in (OPTIMAL, FEASIBLE, NO_TRADE)
