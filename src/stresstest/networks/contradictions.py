"""What single edges and firms of a network document say and cannot mean: fields that nothing would read."""

from __future__ import annotations

from collections.abc import Iterator

from stresstest.errors import Location, Problem
from stresstest.io.document import Document
from stresstest.io.money import money_text
from stresstest.networks.model import CLAIM_TYPES, LEVERED, STATUSES
from stresstest.networks.orders import LOOSE, ORDER_TYPES
from stresstest.networks.spec import EdgeSpec, NetworkSpec, NodeSpec

_TAKEN_BY = {
    "drawn": (*CLAIM_TYPES, "equity_commitment"),
    "share": ("equity_stake", "revenue_share", "margin_loan", "warrant"),
    "per_year": (*ORDER_TYPES, "equity_commitment", "lease", "holding"),
    "trigger": CLAIM_TYPES,
    "asset": ("collateral", "margin_loan"),
    "quantity": ("collateral", "warrant"),
    "age_years": ("collateral",),
}
"""Fields of edges that only some types take: on another nothing would read them."""

_YEARLY = ("purchase_commitment", "lease", "equity_commitment")


def contradictions(spec: NetworkSpec, document: Document) -> Iterator[Problem]:
    """Yield every problem of single edges and firms: ST502, ST504 for days, ST507 for institutions."""
    for place, edge in enumerate(spec.edges):
        path = ("edges", place)
        yield from _idle_fields(edge, document, path)
        yield from _firmness(edge, document.location((*path, "status")))
        yield from _terms(edge, spec, document, path)
        if edge in spec.edges[:place]:
            first = spec.edges.index(edge) + 1
            got = f"a second {edge.edge_type} from {edge.first} to {edge.second} with the same terms"
            yield Problem(
                "ST502", got, f"edge {first} alone, or what tells them apart", document.location(path)
            )
    yield from _institutions(spec, document)


def _idle_fields(edge: EdgeSpec, document: Document, path: tuple[str, int]) -> Iterator[Problem]:
    """Yield a problem with each field that nothing reads of an edge of its type."""
    for name, types in _TAKEN_BY.items():
        if name in edge.model_fields_set and edge.edge_type not in types:
            where = document.location((*path, name), key=True)
            yield Problem(
                "ST502", f"{name} of {_a(edge.edge_type)}", f"{name} only of {', '.join(types)}", where
            )


def _firmness(edge: EdgeSpec, where: Location) -> Iterator[Problem]:
    """Yield problems with what is owned or owed today by a word that promises nothing today."""
    loose = STATUSES.index(edge.status) >= LOOSE
    if edge.edge_type == "equity_stake" and loose:
        expected = "an equity_commitment, or status funded, committed or contract"
        yield Problem("ST502", f"an equity_stake of status {edge.status}", expected, where)
    if edge.edge_type not in CLAIM_TYPES:
        return
    if loose and edge.drawn is None:
        got = f"{_a(edge.edge_type)} of status {edge.status}, which would be owed in full today"
        yield Problem("ST502", got, "drawn: what is owed today, such as 0 USD", where)
    drawn, whole = edge.drawn, edge.amount
    if edge.status == "funded" and drawn and whole and drawn.amount < whole.amount:
        part = f"{money_text(drawn.amount)} of {money_text(whole.amount)}"
        got = f"a funded {edge.edge_type} of which {part} is drawn"
        yield Problem("ST502", got, "status committed, or all of it drawn", where)


def _terms(edge: EdgeSpec, spec: NetworkSpec, document: Document, path: tuple[str, int]) -> Iterator[Problem]:
    """Yield problems with terms of an edge that do not fit one another or the network's day."""
    kind, year, whole = edge.edge_type, edge.per_year, edge.amount
    if kind in _YEARLY and year is not None and whole is not None and year.amount > whole.amount:
        got = f"{money_text(year.amount)} a year of {_a(kind)} of {money_text(whole.amount)} in all"
        yield Problem("ST502", got, "at most the amount", document.location((*path, "per_year")))
    if kind in CLAIM_TYPES and edge.end is not None and edge.end < spec.as_of:
        got = f"{_a(kind)} that ended on {edge.end}, in a network of {spec.as_of}"
        yield Problem(
            "ST504", got, f"{spec.as_of} or later, or no such edge", document.location((*path, "end"))
        )
    if kind == "margin_loan" and edge.trigger is not None and None in (edge.asset, edge.share):
        expected = "asset, the firm whose shares are pledged, and share, which part of them"
        where = document.location((*path, "trigger"), key=True)
        yield Problem("ST502", "a trigger of a margin_loan without the shares that it is on", expected, where)


def _institutions(spec: NetworkSpec, document: Document) -> Iterator[Problem]:
    """Yield problems with holders that state no behaviour, and with behaviours that cannot act."""
    nodes = {node.id: node for node in spec.nodes}
    holders = {edge.first for edge in spec.edges if edge.edge_type == "holding"}
    for place, edge in enumerate(spec.edges):
        holder = nodes.get(edge.first)
        if edge.edge_type == "holding" and holder is not None and holder.behaviour is None:
            got = f"a holding of {edge.first}, which states no behaviour and would never trade"
            expected = f"a behaviour of {edge.first}, such as margin_account, or an equity_stake"
            yield Problem("ST507", got, expected, document.location(("edges", place, "from")))
    for place, node in enumerate(spec.nodes):
        yield from _behaviour(node, node.id in holders, document, ("nodes", place))


def _behaviour(node: NodeSpec, holds: bool, document: Document, path: tuple[str, int]) -> Iterator[Problem]:
    if node.behaviour is not None and not holds:
        got = f"{node.behaviour} {node.id}, which holds nothing"
        yield Problem("ST507", got, "holding edges of it", document.location((*path, "behaviour")))
    if node.behaviour in LEVERED and node.leverage == 1.0:
        got, expected = f"{node.behaviour} {node.id} of leverage 1, which never trades", "a leverage above 1"
        name = "leverage" if "leverage" in node.model_fields_set else "behaviour"
        yield Problem("ST507", got, expected, document.location((*path, name)))
    if "leverage" in node.model_fields_set and node.behaviour not in LEVERED:
        got = f"leverage of {node.id}, whose behaviour is {node.behaviour or 'not stated'}"
        expected = f"leverage only of {' or '.join(LEVERED)}"
        yield Problem("ST507", got, expected, document.location((*path, "leverage")))


def _a(word: str) -> str:
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"
