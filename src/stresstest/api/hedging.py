"""The verb `hedge`, and the facade that holds a plan: views of it as data frames, files, HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from os import PathLike
from typing import TYPE_CHECKING, TypedDict, Unpack

from stresstest.api.results import Stress
from stresstest.api.verbs import load_scenarios, market_of
from stresstest.errors import InputError, Problem
from stresstest.hedging.plans.plan import HedgePlan
from stresstest.hedging.plans.planning import Planner, Request
from stresstest.hedging.plans.review import Review
from stresstest.hedging.plans.trades_file import write_trades
from stresstest.hedging.policies.overrides import with_budget, with_loss_limits
from stresstest.hedging.policies.policy import Policy
from stresstest.hedging.policies.policy_checks import require_fit
from stresstest.hedging.policies.policy_loading import load_policy
from stresstest.hedging.policies.scenario_names import with_named
from stresstest.hedging.program.program import ProgramSettings
from stresstest.market.snapshot import MarketSnapshot
from stresstest.portfolio.model import Portfolio
from stresstest.portfolio.private import public_market
from stresstest.portfolio.writing import write_portfolio
from stresstest.scenarios.scenario import ScenarioSet

if TYPE_CHECKING:
    from stresstest.api.reporting import HedgePlots
    from stresstest.frames import DataFrame

__all__ = ["Asked", "Hedge", "hedge"]

Source = str | PathLike[str]


class Asked(TypedDict, total=False):
    """What a hedge may be asked for beside its policy.

    Attributes
    ----------
    budget
        Premium of options a year at the ask, as a share of the base value, in place of the policy's own.
    max_loss
        By scenario, the largest loss allowed, as a share of the base value.
    frontier
        Whether to solve again over a range of participation, premium and cost.
    challenges
        Whether to put the reasons to reject a plan to it, which takes four more solves.
    nodes
        Nodes of each search over lots and counts: it ends at the same place on any machine.
    time_limit
        Seconds for each call of a solver, a last resort.
    threads
        Threads to use; the trades do not depend on them.
    limit_place
        What messages call `max_loss`.
    """

    budget: float | None
    max_loss: Mapping[str, float]
    frontier: bool
    challenges: bool
    nodes: int
    time_limit: float
    threads: int | None
    limit_place: str


def hedge(
    portfolio: Portfolio | Stress,
    policy: Policy | Source,
    scenarios: ScenarioSet | None = None,
    market: MarketSnapshot | None = None,
    **asked: Unpack[Asked],
) -> Hedge:
    """Return the trades that `policy` proposes for a portfolio, with receipts, or why there are none.

    Parameters
    ----------
    portfolio
        A portfolio, or a result over one portfolio, whose scenarios and market are then the defaults.
    policy
        Name of a shipped policy, a file, or one loaded before.
    scenarios
        Reported beside those that the policy names; default: the whole shipped library.
    market
        Default: the market that the portfolio names, else the newest shipped.
    **asked
        `budget`, `max_loss`, `frontier`, `challenges`, `nodes`, `time_limit`, `threads`: see `Asked`.

    Raises
    ------
    InputError
        With everything that is wrong between portfolio, policy, scenarios and market.
    ModelError
        Where no solver finds an answer, or where revaluing the plan's files contradicts the plan.

    Examples
    --------
    >>> import stresstest as st
    >>> plan = st.hedge(st.load_portfolio("ai_growth_fund"), "buffett").plan
    >>> plan.new_worst.pnl_after > plan.worst.pnl_before
    True
    """
    if isinstance(portfolio, Stress):
        held, scenarios, market = _of_result(portfolio, scenarios, market)
    else:
        held = portfolio
    market = market or market_of([held])
    known = scenarios if scenarios is not None else load_scenarios()
    chosen = policy if isinstance(policy, Policy) else load_policy(policy)
    require_fit(chosen, market, known)
    chosen = _asked_policy(chosen, asked, known)
    usual = ProgramSettings()
    settings = replace(
        usual,
        most_nodes=asked.get("nodes", usual.most_nodes),
        time_limit=asked.get("time_limit", usual.time_limit),
    )
    planner = Planner(Request(held, chosen, market, known, settings, asked.get("threads")))
    plan = planner.plan()
    review = Review(planner)
    if plan.diagnosis is None:
        plan = review.with_yardstick(plan)
        plan = review.reviewed(plan) if asked.get("challenges", True) else plan
        plan = review.with_frontiers(plan) if asked.get("frontier", False) else plan
    return Hedge(plan)


def _asked_policy(policy: Policy, asked: Asked, scenarios: ScenarioSet) -> Policy:
    budget, limits = asked.get("budget"), asked.get("max_loss", {})
    if budget is not None:
        policy = with_budget(policy, budget)
    if limits:
        named = with_named(scenarios, policy)
        policy = with_loss_limits(policy, limits, named, asked.get("limit_place", "max_loss"))
    return policy


def _of_result(
    stress: Stress, scenarios: ScenarioSet | None, market: MarketSnapshot | None
) -> tuple[Portfolio, ScenarioSet, MarketSnapshot]:
    """Return portfolio, scenarios and market of a result, the last two unless they are given."""
    held = stress.result.portfolios
    if len(held) != 1:
        got = f"a result over {len(held)} portfolios"
        raise InputError([Problem("ST494", got, "one portfolio to hedge")])
    own = market or public_market(stress.result.book.market)
    return held[0].held.portfolio.portfolio, scenarios or stress.scenarios, own


@dataclass(frozen=True)
class Hedge:
    """A plan, and views of it.

    Attributes
    ----------
    plan
        Numbers, rules and checks as frozen data.
    """

    plan: HedgePlan

    @property
    def status(self) -> str:
        """`optimal`, `feasible`, `no_trade`, `infeasible` or `unbounded`."""
        return self.plan.status

    @property
    def trades(self) -> DataFrame:
        """A row a trade: action, quantity, lots, value, cost, what it saves in the worst scenario."""
        from stresstest.frames import trades_frame

        return trades_frame(self.plan)

    @property
    def pnl(self) -> DataFrame:
        """A row a scenario: horizon, role, P&L before and after, in the portfolio's currency."""
        from stresstest.frames import outcomes_frame

        return outcomes_frame(self.plan)

    @property
    def rules(self) -> DataFrame:
        """A row a rule: amount, measured value, whether it binds, its shadow price."""
        from stresstest.frames import rules_frame

        return rules_frame(self.plan)

    @property
    def portfolio(self) -> Portfolio:
        """The book after the trades, as the plan values it.

        Raises
        ------
        ValueError
            Where there is no plan.
        """
        if self.plan.hedged is None:
            raise ValueError(f"there is no plan: {self.plan.status}")
        return self.plan.hedged

    def write_trades(self, path: Source, *, force: bool = False) -> None:
        """Write the trades: a table or YAML document that reads back as a portfolio.

        Raises
        ------
        InputError
            For another suffix, a place that cannot be written, ST494 where there is nothing to write.
        """
        write_trades(path, require_trades(self.plan), force=force)

    def write_portfolio(self, path: Source, *, force: bool = False) -> None:
        """Write the hedged portfolio as the plan values it.

        Raises
        ------
        InputError
            For another suffix, or a place that cannot be written.
        """
        write_portfolio(path, replace(self.portfolio, currency=self.plan.currency), force=force)

    @property
    def plot(self) -> HedgePlots:
        """Pictures as matplotlib axes: `bars` before and after, `frontier`."""
        from stresstest.api.reporting import HedgePlots

        return HedgePlots(self)

    def _repr_html_(self) -> str:
        from stresstest.api.reporting import hedge_fragment

        return hedge_fragment(self)


def require_trades(plan: HedgePlan) -> Portfolio:
    """Return the trades of `plan` as a portfolio, or refuse one without any."""
    if plan.trades_portfolio is None or not plan.has_trades:
        got = f"a plan without trades ({plan.status.replace('_', ' ')})"
        raise InputError([Problem("ST494", got, "trades to write")])
    return plan.trades_portfolio
