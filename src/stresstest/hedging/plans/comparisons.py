"""What simpler hedges would do at what the plan costs: everything sold in proportion, a plain index put."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.plans.plan import is_plain
from stresstest.hedging.plans.receipts import Shares
from stresstest.hedging.policies.policy import Policy, UniverseEntry
from stresstest.hedging.program.trade_state import TradeState, pnl_after, state_of
from stresstest.hedging.rules.scenario_pnl import MATERIAL_GAIN

PUT_LINE, BILL_LINE = "comparison_put", "comparison_bills"
PUT_UNDERLYINGS, PUT_STRIKES, PUT_EXPIRY = ("SPY", "QQQ"), (0.8, 0.9), "12m"
_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What hedges are compared by, as shares of the base value.

    Attributes
    ----------
    spent
        Spread, impact, tax, fees, rolls, and the premium of bought options.
    worst_loss
        Largest loss over the scenarios of the horizon, and in which.
    participation
        Gain in the boom as a part of the unhedged gain; NaN where there is no boom.
    boom
        Scenario of the participation; empty where there is none.
    boom_before, boom_after
        P&L there without and with the hedge; NaN where there is no boom.
    """

    spent: float
    worst_loss: float
    worst_scenario: str
    participation: float
    boom: str = ""
    boom_before: float = math.nan
    boom_after: float = math.nan

    @property
    def is_material(self) -> bool:
        """Whether the book gains enough in the boom for a ratio of gains to say anything."""
        return self.boom_before >= MATERIAL_GAIN


@dataclass(frozen=True, slots=True)
class Comparison:
    """A simpler hedge beside the plan.

    Attributes
    ----------
    name
        `pro_rata_same_upside`, `pro_rata_same_spending`, `index_put_same_spending`.
    text
        What it does, in words.
    """

    name: str
    text: str
    found: Yardstick


def comparison_policy(policy: Policy, market_has: Callable[[str], bool]) -> Policy:
    """Return `policy` with a universe of bills and plain index puts, without rules and without draws."""
    puts = tuple(name for name in PUT_UNDERLYINGS if market_has(name))
    reason = "to compare with"
    lines = [
        UniverseEntry(BILL_LINE, "zero_bond", reason, issuers=("UST",), maturities=("6m",)),
        *(
            UniverseEntry(
                f"{PUT_LINE}_{name.lower()}", "european_option", reason, underlyings=(name,), right="put",
                strikes=PUT_STRIKES, expiries=(PUT_EXPIRY,),
            )
            for name in puts
        ),
    ]  # fmt: skip
    named = tuple(term for term in policy.objective if not term.scenario_set)
    return replace(policy, universe=tuple(lines), objective=named, rules=())


def measured(inputs: HedgeInputs, shares: Shares, boom: str) -> Yardstick:
    """Return how a hedge does."""
    costs = inputs.costs.of(shares.sell, shares.buy)
    state = numbers(inputs, shares)
    premium = sum(
        float(value) for line, value in zip(inputs.candidates, shares.buy, strict=True) if line.is_option
    )
    names = [name for name in inputs.of_horizon() if is_plain(name)]
    columns = inputs.columns(names)
    pnl = pnl_after(inputs, inputs.scenarios, state, columns)
    worst = int(np.argmin(pnl))
    spent = costs.trading + costs.rolls + premium
    before, after = _boom_of(inputs, state, boom)
    kept = after / before if before > 0.0 else math.nan
    return Yardstick(spent, -float(pnl[worst]), names[worst], kept, boom, before, after)


def numbers(inputs: HedgeInputs, shares: Shares) -> TradeState:
    """Return the state of trades as numbers, their cost exact."""
    costs = inputs.costs.of(shares.sell, shares.buy)
    return state_of(inputs, shares.sell, shares.buy, costs.trading)


def _boom_of(inputs: HedgeInputs, state: TradeState, boom: str) -> tuple[float, float]:
    """Return P&L in the boom without and with the trades, as shares of the base value."""
    if boom not in inputs.scenarios.names:
        return math.nan, math.nan
    column = inputs.scenarios.place(boom)
    before = float(inputs.scenarios.before[column]) / inputs.nav
    return before, float(pnl_after(inputs, inputs.scenarios, state, [column])[0])


def comparisons(inputs: HedgeInputs, plan: Yardstick, boom: str) -> Iterator[Comparison]:
    """Yield the simpler hedges that spend what the plan spends, or keep what it keeps of the boom.

    Parameters
    ----------
    inputs
        Over the universe of `comparison_policy`.
    plan
        The plan's own.
    """
    bill = next(
        (place for place, line in enumerate(inputs.candidates) if line.universe_line == BILL_LINE), None
    )

    def pro_rata(part: float) -> Shares:
        return _pro_rata(inputs, part, bill)

    def spent(part: float) -> float:
        return measured(inputs, pro_rata(part), boom).spent

    if plan.is_material:
        part = _largest(
            lambda part: measured(inputs, pro_rata(part), boom).participation >= plan.participation
        )
        text = f"selling {100.0 * part:.0f} % of everything into bills, to keep as much of {boom}"
        yield Comparison("pro_rata_same_upside", text, measured(inputs, pro_rata(part), boom))
    part = _largest(lambda part: spent(part) <= plan.spent)
    text = f"selling {100.0 * part:.0f} % of everything into bills, for the same money"
    if part == 1.0:
        text = "selling everything into bills, which costs no more"
    yield Comparison("pro_rata_same_spending", text, measured(inputs, pro_rata(part), boom))
    yield from _best_put(inputs, plan.spent, boom)


def _best_put(inputs: HedgeInputs, budget: float, boom: str) -> Iterator[Comparison]:
    """Yield the index put that leaves the smallest worst loss for a budget, as far as cash pays for it."""
    found = []
    for place, line in enumerate(inputs.candidates):
        if line.is_option:
            shares = _affordable(inputs, place, budget)
            text = f"{line.label}, for the same money"
            found.append(Comparison("index_put_same_spending", text, measured(inputs, shares, boom)))
    if found:
        yield min(found, key=lambda item: item.found.worst_loss)


def _affordable(inputs: HedgeInputs, place: int, budget: float) -> Shares:
    nothing = np.zeros(inputs.n_held)

    def shares(part: float) -> Shares:
        buy = np.zeros(len(inputs.candidates))
        buy[place] = part * budget
        return Shares(nothing, buy)

    def affordable(part: float) -> bool:
        within = measured(inputs, shares(part), "").spent <= budget
        return bool(within and float(numbers(inputs, shares(part)).cash) >= 0.0)

    return shares(_largest(affordable))


def _pro_rata(inputs: HedgeInputs, part: float, bill: int | None) -> Shares:
    """Return that a part of every position goes, and what it brings into bills."""
    sell = part * np.abs(inputs.held_shares[: inputs.n_held])
    sell = np.where(inputs.usable[: inputs.n_held], sell, 0.0)
    buy: FloatArray = np.zeros(len(inputs.candidates))
    brought = float(numbers(inputs, Shares(sell, buy)).cash) - inputs.cash_share
    if bill is not None and brought > 0.0:
        buy[bill] = brought / (1.0 + 2.0 * float(inputs.costs.spread[inputs.n_held + bill]))
    return Shares(sell, buy)


def _largest(holds: Callable[[float], bool]) -> float:
    """Return the largest part of 1 at which `holds`, which is true at 0 and false from some point on."""
    if holds(1.0):
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low
