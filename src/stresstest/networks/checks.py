"""What can be wrong with a network document that its fields alone do not show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from stresstest.errors import Location, Problem, nearest
from stresstest.io.document import Document
from stresstest.io.money import Money, money_text
from stresstest.networks.amounts import amount_problems
from stresstest.networks.contradictions import contradictions
from stresstest.networks.model import AMOUNTS, CLAIM_TYPES
from stresstest.networks.spec import EdgeSpec, NetworkSpec, NodeSpec

_NEEDS = {
    **dict.fromkeys(CLAIM_TYPES, ("amount",)),
    "equity_commitment": ("amount",),
    "capacity_backstop": ("amount",),
    "holding": ("amount",),
    "collateral": ("amount", "asset", "quantity"),
}

_WORDS = {"amount": "an amount", "asset": "the generation of the chips", "quantity": "the number of chips"}


def network_problems(spec: NetworkSpec, document: Document) -> Iterator[Problem]:
    """Yield every problem: names (ST501), edges (ST502), days (ST504), currencies and signs (ST505).

    ST507 for institutions that could not act, ST508 for amounts that exclude one another.
    """
    yield from _node_problems(spec, document)
    yield from _issuer_problems(spec, document)
    yield from _edge_problems(spec, document)
    yield from _currency_problems(spec, document)
    yield from contradictions(spec, document)
    yield from amount_problems(spec, document)


def _node_problems(spec: NetworkSpec, document: Document) -> Iterator[Problem]:
    """Yield problems with ids and issuers given twice, parents that are no firms, evidence of nothing."""
    ids = [node.id for node in spec.nodes]
    if not ids:
        yield Problem("ST501", "a network without nodes", "at least one", document.location(("nodes",)))
    for place, node in enumerate(spec.nodes):
        path = ("nodes", place)
        if node.id in ids[:place]:
            where = document.location((*path, "id"))
            yield Problem("ST501", f"second node {node.id!r}", "each id once", where)
        yield from _parent(node, ids, document.location((*path, "parent")))
        if node.equity is None and node.kind in ("public", "private"):
            got = f"{node.kind} firm {node.id} without equity"
            expected = "its market value, or that of its last round; 0 where nothing is left"
            yield Problem("ST503", got, expected, document.location((*path, "id")))
        for name in node.evidence:
            if getattr(node, name, None) is None:
                where = document.location((*path, "evidence", name), key=True)
                stated = [amount for amount in AMOUNTS if getattr(node, amount) is not None]
                got = f"evidence of {name!r}, which {node.id} does not state"
                yield Problem("ST501", got, f"one of {', '.join(stated)}", where, nearest(name, stated))


def _parent(node: NodeSpec, ids: list[str], where: Location) -> Iterator[Problem]:
    """Yield a problem with a parent that is no firm, the firm itself, or of something else than a vehicle."""
    if node.parent is None:
        return
    if node.parent == node.id:
        yield Problem("ST501", f"{node.id} as its own parent", "another firm", where)
    elif node.parent not in ids:
        yield _unknown(node.parent, ids, where)
    elif node.kind != "spv":
        got = f"a parent of {node.id}, which is {node.kind}"
        yield Problem("ST501", got, "kind: spv, or an equity_stake of its owner", where)


def _issuer_problems(spec: NetworkSpec, document: Document) -> Iterator[Problem]:
    """Yield a problem with each issuer of two firms: its shares are worth what one of them is."""
    firms: dict[str, str] = {}
    for place, node in enumerate(spec.nodes):
        issuer = node.issuer or node.id
        first = firms.setdefault(issuer, node.id)
        if first != node.id:
            got = f"{node.id} as issuer {issuer!r}, which {first} is"
            where = document.location(("nodes", place, "issuer" if node.issuer else "id"))
            yield Problem("ST501", got, "an issuer of one firm; a vehicle names its parent instead", where)


def _edge_problems(spec: NetworkSpec, document: Document) -> Iterator[Problem]:
    """Yield problems with edges that name no firm, lead back to one, lack an amount, or come too late."""
    ids = [node.id for node in spec.nodes]
    for place, edge in enumerate(spec.edges):
        path = ("edges", place)
        for name, firm in (("from", edge.first), ("to", edge.second)):
            if firm not in ids:
                yield _unknown(firm, ids, document.location((*path, name)))
        if edge.first == edge.second:
            got = f"an edge from {edge.first} to itself"
            yield Problem("ST502", got, "two firms", document.location((*path, "to")))
        yield from _missing(edge, document.location(path))
        yield from _unknown_asset(edge, spec, document.location((*path, "asset")))
        yield from _turned_round(edge, document, path)
        agreed = edge.date
        if agreed is not None and _too_late(agreed, edge, spec.as_of):
            got = f"an edge of {agreed} in a network of {spec.as_of}"
            expected = f"valid_from: {agreed}, so that earlier markets leave it out"
            yield Problem("ST504", got, expected, document.location((*path, "date")))


def _unknown_asset(edge: EdgeSpec, spec: NetworkSpec, where: Location) -> Iterator[Problem]:
    """Yield a problem with shares pledged of no firm, and with chips of a generation that is not listed."""
    firms = [node.id for node in spec.nodes]
    generations = [one.id for one in spec.generations]
    if edge.edge_type == "margin_loan" and edge.asset is not None and edge.asset not in firms:
        yield _unknown(edge.asset, firms, where)
    if edge.edge_type == "collateral" and generations and edge.asset not in generations:
        got = f"chips of generation {edge.asset!r}"
        nearby = nearest(edge.asset or "", generations)
        yield Problem("ST501", got, "the id of a generation of the network", where, nearby)


def _turned_round(edge: EdgeSpec, document: Document, path: tuple[str, int]) -> Iterator[Problem]:
    """Yield problems with last days before first ones, and with more drawn than there is in all."""
    for first, last in (("start", "end"), ("valid_from", "valid_until")):
        begins, ends = getattr(edge, first), getattr(edge, last)
        if begins is not None and ends is not None and ends < begins:
            got = f"{last} {ends}, before {first} {begins}"
            yield Problem("ST504", got, f"{begins} or later", document.location((*path, last)))
    if edge.drawn is not None and edge.amount is not None and edge.drawn.amount > edge.amount.amount:
        got = f"drawn {money_text(edge.drawn.amount)} of {money_text(edge.amount.amount)}"
        yield Problem("ST502", got, "at most the amount", document.location((*path, "drawn")))


def _too_late(agreed: date, edge: EdgeSpec, as_of: date) -> bool:
    return agreed > as_of and (edge.valid_from is None or edge.valid_from < agreed)


def _missing(edge: EdgeSpec, where: Location) -> Iterator[Problem]:
    """Yield a problem for each field that an edge of its type must have."""
    for name in _NEEDS.get(edge.edge_type, ()):
        if getattr(edge, name) is None:
            yield Problem("ST502", f"{edge.edge_type} without {name}", _WORDS[name], where)
    if edge.edge_type == "equity_stake" and edge.share is None and edge.amount is None:
        yield Problem("ST502", "equity_stake without share or amount", "a share or an amount", where)
    if edge.edge_type == "revenue_share" and edge.share is None and edge.per_year is None:
        yield Problem("ST502", "revenue_share without share or per_year", "a share or money per_year", where)
    orders = ("purchase_commitment", "revenue_dependence", "lease")
    if edge.edge_type in orders and edge.amount is None and edge.per_year is None:
        got = f"{edge.edge_type} without amount or per_year"
        yield Problem("ST502", got, "an amount or money per_year", where)


def _currency_problems(spec: NetworkSpec, document: Document) -> Iterator[Problem]:
    """Yield a problem for each amount in another currency than the network's, and each below 0."""
    items: list[tuple[str, int, NodeSpec | EdgeSpec]] = [("nodes", *one) for one in enumerate(spec.nodes)]
    items += [("edges", *one) for one in enumerate(spec.edges)]
    for kind, place, item in items:
        for name, money in _moneys(item):
            where = document.location((kind, place, *name))
            if money.currency != spec.currency:
                got = f"an amount in {money.currency} in a network in {spec.currency}"
                yield Problem("ST505", got, f"an amount in {spec.currency}", where)
            elif money.amount < 0.0:
                yield Problem("ST505", f"an amount of {money_text(money.amount)}", "0 or more", where)


def _moneys(item: NodeSpec | EdgeSpec) -> Iterator[tuple[tuple[str, ...], Money]]:
    for name in type(item).model_fields:
        value = getattr(item, name)
        if isinstance(value, Money):
            yield (name,), value
        elif name == "maturities":
            yield from (((name, str(day)), money) for day, money in value.items())


def _unknown(firm: str, ids: list[str], where: Location) -> Problem:
    return Problem("ST501", f"firm {firm!r}", "the id of a node", where, nearest(firm, ids))
