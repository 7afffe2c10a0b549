"""What every trade of a plan costs, what it saves or gives up in each scenario, and what one more would."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from stresstest.arrays import FloatArray
from stresstest.hedging.inputs.inputs import HedgeInputs
from stresstest.hedging.inputs.lines import Line
from stresstest.hedging.plans.hedged_books import lot_of, whole_lots
from stresstest.hedging.plans.plan import PlannedTrade, TradeCost
from stresstest.hedging.policies.policy import Rule
from stresstest.hedging.policies.policy_wording import rule_text

_ROUNDING = 1e-9
_MATERIAL = 0.01
"""Of the value traded, that a trade must give back in a boom to be there for that."""

USUAL_SHARE = 0.2
"""Of a day's volume that a trade may take where no rule states another share."""


class Shares(NamedTuple):
    """Values traded as shares of the base value: `sell (n_held,)`, `buy (n_candidates,)`."""

    sell: FloatArray
    buy: FloatArray

    @property
    def traded(self) -> FloatArray:
        """`(n_lines,)` both."""
        return np.concatenate([self.sell, self.buy])


def line_costs(inputs: HedgeInputs, shares: Shares) -> list[TradeCost]:
    """Return what trading each line costs, in the portfolio's currency; they add up to the plan's costs.

    The tax of a plan is on gains net of losses: a line that realises a loss has a negative share of it.
    """
    costs, nav, traded = inputs.costs, inputs.nav, shares.traded
    gains = [costs.gain(line, float(amount)) for line, amount in enumerate(shares.sell.tolist())]
    rate = costs.tax_rate if math.fsum(gains) > 0.0 else 0.0
    tax = [rate * gain for gain in gains] + [0.0] * len(shares.buy)
    rolls = np.concatenate([np.zeros(len(shares.sell)), costs.roll_share * shares.buy])
    parts = zip(
        costs.spread * traded,
        costs.impact * traded * np.sqrt(traded),
        tax,
        costs.fee * traded,
        rolls,
        strict=True,
    )
    return [TradeCost(*(float(part) * nav for part in row)) for row in parts]


def planned_trades(
    inputs: HedgeInputs, shares: Shares, barred: Mapping[str, Rule] | None = None
) -> tuple[PlannedTrade, ...]:
    """Return the trades with receipts: sales first, each part by falling value.

    What all trades save adds up to the change of the plan's P&L in every scenario.

    Parameters
    ----------
    barred
        By id, the rule that allows nothing of a held position.
    """
    rows = [place for place in range(inputs.n_lines) if shares.traded[place] > 0.0]
    costs = line_costs(inputs, shares)
    found = [_trade(inputs, shares, place, costs[place]) for place in rows]
    found = [_with_rule(trade, (barred or {}).get(trade.id)) for trade in found]
    return tuple(sorted(found, key=lambda trade: (trade.action == "buy", -abs(trade.value), trade.id)))


def _trade(inputs: HedgeInputs, shares: Shares, place: int, cost: TradeCost) -> PlannedTrade:
    line, traded = inputs.lines[place], float(shares.traded[place])
    lot = lot_of(inputs, line)
    units = whole_lots(traded * inputs.nav / float(inputs.scale[place]), lot)
    sign = -line.sign if line.is_held else 1.0
    value = sign * units * float(inputs.unit_value[place])
    names = inputs.scenarios.names
    saves = saved_by(inputs, place, sign * units, cost.total)
    marginal = _marginal(inputs, place, traded)
    return PlannedTrade(
        id=line.id,
        label=line.label,
        action=_action(line),
        quantity=sign * units,
        lots=sign * units / lot,
        value=value,
        cost=cost,
        days=days_to_trade(inputs, place, traded),
        reason=_reason(inputs, line, saves, _MATERIAL * abs(value)),
        source=line.source,
        seller=line.seller,
        saves=dict(zip(names, saves.tolist(), strict=True)),
        marginal=dict(zip(names, marginal.tolist(), strict=True)),
        notional=units * _notional(inputs, place),
        is_cleared=line.is_cleared and not line.is_held,
    )


def _with_rule(trade: PlannedTrade, rule: Rule | None) -> PlannedTrade:
    """Return a trade whose reason, if it is a sale that a rule asks for, is that rule."""
    if rule is None or trade.action == "buy":
        return trade
    return replace(trade, reason=f"{rule.name} allows nothing of it: {rule_text(rule)}.")


def saved_by(inputs: HedgeInputs, place: int, units: float, cost: float) -> FloatArray:
    """Return `(n_scenarios,)` P&L that `units` of a line add at `cost`, with interest on the cash moved."""
    moved = -units * float(inputs.unit_value[place]) - cost
    saved: FloatArray = units * inputs.scenarios.unit[place] - cost + moved * inputs.scenarios.cash
    return saved


def _marginal(inputs: HedgeInputs, place: int, traded: float) -> FloatArray:
    """Return `(n_scenarios,)` what one more unit of currency traded adds, its own cost paid."""
    line, costs = inputs.lines[place], inputs.costs
    sign = -line.sign if line.is_held else 1.0
    price = costs.spread[place] + costs.fee[place] + 1.5 * costs.impact[place] * math.sqrt(traded)
    if line.is_held:
        step = max(1e-9, 1e-6 * traded)
        price += costs.tax_rate * (costs.gain(place, traded) - costs.gain(place, traded - step)) / step
    else:
        price += costs.roll_share[place - inputs.n_held]
    unit = inputs.per_scale(inputs.scenarios.unit)[place]
    value = sign * float(inputs.value_per_scale[place])
    added: FloatArray = sign * unit - price - (value + price) * inputs.scenarios.cash
    marginal: FloatArray = added / float(costs.size[place])
    return marginal


def _notional(inputs: HedgeInputs, place: int) -> float:
    """Return what a unit counts for where that is not its value: a notional, what a forward is on; else 0."""
    dealt = float(inputs.costs.size[place] * inputs.scale[place])
    return dealt if dealt > abs(float(inputs.unit_value[place])) * (1.0 + _ROUNDING) else 0.0


def days_to_trade(inputs: HedgeInputs, place: int, traded: float, part_of_volume: float = 1.0) -> float:
    """Return the days that a trade takes at the share of the daily volume that the policy allows.

    Parameters
    ----------
    part_of_volume
        Of the usual volume that there is: 0.5 where half of it is gone.

    Returns
    -------
    float
        NaN where no volume is known.
    """
    volume = float(inputs.costs.daily_volume[place])
    if not math.isfinite(volume):
        return math.nan
    return traded / (volume * part_of_volume * volume_share(inputs))


def volume_share(inputs: HedgeInputs) -> float:
    """Return the share of a day's volume that the policy lets a trade take."""
    rules = (rule for rule in inputs.policy.rules if rule.measure == "max_adv_days")
    return next((rule.terms.share for rule in rules), USUAL_SHARE)


def _action(line: Line) -> str:
    if not line.is_held:
        return "buy"
    return "cover" if line.sign < 0.0 else "sell"


def _reason(inputs: HedgeInputs, line: Line, saves: FloatArray, least: float) -> str:
    """Return why a thing is bought, as the policy says it, or what a reduction does."""
    if not line.is_held:
        entries = (entry.reason for entry in inputs.policy.universe if entry.name == line.universe_line)
        return next(entries, "")
    worst = inputs.worst
    saved = float(saves[inputs.scenarios.place(worst)]) if worst else 0.0
    if line.type == "cash":
        return _exchange_reason(inputs.currency, worst if saved > 0.0 else "")
    if saved > 0.0:
        return f"Less of what falls in {worst}."
    gains = [
        name for name in inputs.of_horizon() if inputs.scenarios.before[inputs.scenarios.place(name)] > 0.0
    ]
    back = [name for name in gains if float(saves[inputs.scenarios.place(name)]) > least]
    if back:
        return f"Gives back upside in {', '.join(back)}, so that more can be sold of what falls."
    return "Raises cash, or makes room under a rule."


def _exchange_reason(currency: str, loses_in: str) -> str:
    """Return why foreign cash is sold, which is no sale of something that falls by itself."""
    if loses_in:
        return f"Exchanged into {currency}, against which it falls in {loses_in}."
    return f"Exchanged into {currency}, which purchases and costs are paid in."
