"""Amounts of a network document that do not fit one another: parts above their whole, and slips of a unit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from stresstest.errors import Problem
from stresstest.io.document import Document
from stresstest.io.money import Money, money_text
from stresstest.networks.model import CLAIM_TYPES
from stresstest.networks.orders import ORDER_TYPES
from stresstest.networks.spec import EdgeSpec, NetworkSpec, NodeSpec

_ROUNDING = 1e-9
_REVENUE_SLACK = 0.01
_STAKE_SLACK = 0.1
"""Part by which a stake's amount may differ from its share of the firm's value: amounts are rounded."""


def amount_problems(spec: NetworkSpec, document: Document) -> Iterator[Problem]:
    """Yield a problem (ST508) with each amount that another one of the document excludes."""
    for place, node in enumerate(spec.nodes):
        yield from _firm(node, spec.as_of, document, ("nodes", place))
    nodes = {node.id: node for node in spec.nodes}
    ordered: dict[str, float] = {}
    held: dict[str, float] = {}
    for place, edge in enumerate(spec.edges):
        firm = nodes.get(edge.second)
        if firm is None or not _today(edge, spec.as_of):
            continue
        yield from _stake(edge, firm, document, ("edges", place))
        yield from _loan_on_shares(edge, nodes, document, ("edges", place))
        if edge.edge_type in ORDER_TYPES and edge.per_year is not None:
            yield from _orders(edge, firm, ordered, document, ("edges", place))
        if edge.edge_type == "holding" and edge.amount is not None:
            yield from _holdings(edge, firm, held, document, ("edges", place))


def _firm(node: NodeSpec, as_of: date, document: Document, path: tuple[str, int]) -> Iterator[Problem]:
    """Yield problems with debt by maturity, cash, and trading of a firm."""
    due = sum(money.amount for money in node.maturities.values())
    debt = due if node.debt is None else node.debt.amount
    if due > debt * (1.0 + _ROUNDING):
        got = f"maturities of {node.id} that add up to {money_text(due)}, of a debt of {money_text(debt)}"
        yield Problem("ST508", got, "a debt of at least that", document.location((*path, "maturities")))
    for day in node.maturities:
        if day < as_of:
            where = document.location((*path, "maturities", str(day)), key=True)
            yield Problem("ST504", f"debt of {node.id} due on {day}", f"{as_of} or later", where)
    if node.equity is None:
        return
    worth = node.equity.amount + debt
    if node.cash is not None and node.cash.amount > worth * (1.0 + _ROUNDING):
        got = f"cash of {money_text(node.cash.amount)} of {node.id}, whose shares and debts are worth less"
        expected = f"at most equity and debt, {money_text(worth)}; bn for m or the other way round?"
        yield Problem("ST508", got, expected, document.location((*path, "cash")))
    if node.daily_volume is not None and node.daily_volume.amount > node.equity.amount:
        got = f"{money_text(node.daily_volume.amount)} of {node.id} traded on a day, more than all its shares"
        expected = f"money of one day, well below its equity of {money_text(node.equity.amount)}"
        yield Problem("ST508", got, expected, document.location((*path, "daily_volume")))


def _stake(edge: EdgeSpec, firm: NodeSpec, document: Document, path: tuple[str, int]) -> Iterator[Problem]:
    """Yield a problem with a stake whose share and amount contradict each other at the firm's value."""
    if edge.edge_type != "equity_stake" or edge.share is None or edge.amount is None or firm.equity is None:
        return
    worth = edge.share * firm.equity.amount
    if abs(edge.amount.amount - worth) > _STAKE_SLACK * worth:
        share, amount = f"{100.0 * edge.share:.6g}%", money_text(edge.amount.amount)
        got = f"a stake of {share} of {firm.id}, worth {money_text(worth)}, and of {amount}"
        expected = "one of share and amount, or both alike; what was paid goes into the source"
        yield Problem("ST508", got, expected, document.location((*path, "amount")))


def _loan_on_shares(
    edge: EdgeSpec, nodes: dict[str, NodeSpec], document: Document, path: tuple[str, int]
) -> Iterator[Problem]:
    """Yield a problem with a loan on shares that its lenders would call today."""
    pledged = nodes.get(edge.asset or "")
    if edge.edge_type not in CLAIM_TYPES or edge.trigger is None or edge.share is None or pledged is None:
        return
    owed, worth = edge.amount if edge.drawn is None else edge.drawn, _of(pledged.equity) * edge.share
    if owed is not None and owed.amount > edge.trigger * worth:
        lent = f"{money_text(owed.amount)} lent on shares of {pledged.id} worth {money_text(worth)}"
        got = f"{lent}: called at {100.0 * edge.trigger:.6g}% already"
        expected = f"at most {money_text(edge.trigger * worth)} owed, or a larger share"
        yield Problem("ST508", got, expected, document.location((*path, "trigger")))


def _orders(
    edge: EdgeSpec, firm: NodeSpec, ordered: dict[str, float], document: Document, path: tuple[str, int]
) -> Iterator[Problem]:
    """Yield a problem with the first order that takes those of a year above the supplier's revenue."""
    total = _passed(ordered, firm.id, _of(edge.per_year), _of(firm.revenue) * (1.0 + _REVENUE_SLACK))
    if total is not None:
        had = money_text(_of(firm.revenue))
        got = f"orders of {money_text(total)} a year from {firm.id}, whose revenue is {had}"
        yield Problem("ST508", got, "at most its revenue", document.location((*path, "per_year")))


def _holdings(
    edge: EdgeSpec, firm: NodeSpec, held: dict[str, float], document: Document, path: tuple[str, int]
) -> Iterator[Problem]:
    """Yield a problem with the first holding that takes them above all shares of the firm."""
    total = _passed(held, firm.id, _of(edge.amount), _of(firm.equity) * (1.0 + _ROUNDING))
    if total is not None:
        worth = money_text(_of(firm.equity))
        got = f"holdings of {money_text(total)} in {firm.id}, whose shares are worth {worth}"
        yield Problem("ST508", got, "at most its equity", document.location((*path, "amount")))


def _passed(totals: dict[str, float], firm: str, amount: float, most: float) -> float | None:
    """Add `amount` to the total of `firm`; return the new total where it is the first above `most`."""
    before = totals.get(firm, 0.0)
    totals[firm] = total = before + amount
    return total if total > most >= before else None


def _today(edge: EdgeSpec, as_of: date) -> bool:
    """Tell whether an edge runs on the network's day."""
    begun = all(day is None or day <= as_of for day in (edge.valid_from, edge.start))
    gone = edge.valid_until is not None and edge.valid_until <= as_of
    return begun and not gone


def _of(money: Money | None) -> float:
    return 0.0 if money is None else money.amount
