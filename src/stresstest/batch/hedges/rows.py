"""A plan, or why there is none, as rows of the tables `hedges` and `hedge_trades`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from stresstest.hedging.diagnosis.diagnosis import Diagnosis
from stresstest.hedging.diagnosis.repair_words import repair_text
from stresstest.hedging.plans.plan import HedgePlan

PLANNED = ("optimal", "feasible", "no_trade")
"""Status of a hedge that has a plan, be it to do nothing."""

FAILED, SET_APART = "failed", "set_apart"
"""Status of a hedge that could not be worked out, and of one whose task failed twice."""

_TEXT, _NUMBER = pa.string(), pa.float64()

HEDGES = pa.schema(
    {
        **{"portfolio": _TEXT, "currency": _TEXT, "policy": _TEXT, "status": _TEXT, "base_value": _NUMBER},
        **{"scenario": _TEXT, "loss_before": _NUMBER, "scenario_after": _TEXT, "loss_after": _NUMBER},
        **{"sold": _NUMBER, "bought": _NUMBER, "spent": _NUMBER, "message": _TEXT},
    }
)
"""A hedge, in the portfolio's currency. `loss_before` is the largest of the policy's horizon, in `scenario`;
`loss_after` that of the hedged book, in `scenario_after`; `spent` is what trading costs, rolls included."""

TRADES = pa.schema(
    {
        **{"portfolio": _TEXT, "currency": _TEXT, "instrument": _TEXT, "action": _TEXT},
        **{"quantity": _NUMBER, "value": _NUMBER, "cost": _NUMBER, "reason": _TEXT},
    }
)
"""A trade of a hedge: `quantity` and `value` are negative for what is sold, `value` is at mid."""


def hedge_row(portfolio: str, plan: HedgePlan) -> dict[str, Any]:
    """Return the row of a hedge."""
    found: dict[str, Any] = {
        "portfolio": portfolio,
        "currency": plan.currency,
        "policy": plan.policy.name,
        "status": plan.status,
        "base_value": plan.base_value,
        "message": "; ".join(plan.notes if plan.diagnosis is None else _reasons(plan, plan.diagnosis)),
    }
    if plan.worst is not None:
        found |= {"scenario": plan.worst.name, "loss_before": -plan.worst.pnl_before}
    if plan.diagnosis is not None:
        return found
    if plan.new_worst is not None:
        found |= {"scenario_after": plan.new_worst.name, "loss_after": -plan.new_worst.pnl_after}
    totals = plan.totals
    if totals is not None:
        found |= {"sold": totals.sold, "bought": totals.bought, "spent": totals.cost.total}
    return found


def trade_rows(portfolio: str, plan: HedgePlan) -> list[dict[str, Any]]:
    """Return a row for each trade of a hedge."""
    return [
        {
            **{"portfolio": portfolio, "currency": plan.currency, "instrument": trade.id},
            **{"action": trade.action, "quantity": trade.quantity, "value": trade.value},
            **{"cost": trade.cost.total, "reason": trade.reason},
        }
        for trade in plan.trades
    ]


def failed_row(portfolio: str, policy: str, status: str, message: str) -> dict[str, Any]:
    """Return the row of a hedge that could not be worked out."""
    return {"portfolio": portfolio, "policy": policy, "status": status, "message": message}


def table_of_rows(schema: pa.Schema, rows: Sequence[dict[str, Any]]) -> pa.Table:
    """Return rows as a table; what a row does not say is null."""
    return pa.Table.from_pylist(list(rows), schema=schema)


def _reasons(plan: HedgePlan, found: Diagnosis) -> Iterator[str]:
    """Yield why no plan keeps to the policy, and the least changes that end it."""
    if found.unbounded is not None:
        name, direction = found.unbounded.instrument, found.unbounded.direction
        yield f"no rule limits how much {name} to {direction}, and more of it helps without end"
    elif found.conflict:
        several = "rules that cannot hold together" if len(found.conflict) > 1 else "a rule that cannot hold"
        yield f"{several}: {', '.join(found.conflict)}"
        yield from (f"besides: {', '.join(other)}" for other in found.others)
        alone = [repair for repair in found.repairs if repair.dropped]
        if alone or found.together:
            ends = [repair_text(plan.policy.rule(one.rule), one) for one in alone or found.together]
            yield f"what ends it: {(' or ' if alone else ' and ').join(ends)}"
    else:
        yield from found.notes or ("no plan even without any rule of the policy",)
