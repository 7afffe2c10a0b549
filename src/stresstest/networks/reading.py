"""Network documents as networks: every name known, every amount in one currency, nothing later than its day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from stresstest.errors import InputError, Location, Problem, ProblemList, nearest
from stresstest.io import resources
from stresstest.io.document import Document, read_document
from stresstest.io.money import Money
from stresstest.io.validation import validate
from stresstest.networks.model import AMOUNTS, CLAIM_TYPES, Edge, Evidence, Maturity, Network, Node
from stresstest.networks.spec import EdgeSpec, NetworkSpec, NodeSpec

_NAN = float("nan")
_NEEDS = {
    **dict.fromkeys(CLAIM_TYPES, ("amount",)),
    "equity_commitment": ("amount",),
    "capacity_backstop": ("amount",),
    "holding": ("amount",),
    "collateral": ("amount", "asset", "quantity"),
}


def load_network(name: str | Path, folder: Path | None = None) -> Network:
    """Return a network of the library by its name, or one from a file.

    Parameters
    ----------
    folder
        From which a relative path counts; by default the current one.

    Raises
    ------
    InputError
        With everything that is wrong: ST500 for a name that is neither shipped nor a file, ST501 to ST505.
    """
    path = _network_path(str(name), folder or Path())
    document = read_document(path)
    problems = ProblemList()
    network = read_network(document, problems)
    problems.raise_if_any()
    if network is None:
        raise ValueError(f"no network in {path}")
    return network


def _network_path(name: str, folder: Path) -> Path:
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or path.name != name:
        return folder / path
    found = resources.find_in_library("networks", name)
    if found is None:
        known = [known for known, _ in resources.names("networks")]
        expected = "a network of the library (stresstest list networks), or a file: ours.yaml"
        raise InputError([Problem("ST500", f"network {name!r}", expected, suggestion=nearest(name, known))])
    return found


def read_network(document: Document, problems: ProblemList) -> Network | None:
    """Return the network that `document` specifies, or None after adding what is wrong with it."""
    spec = validate(NetworkSpec, document.data, document.location, problems)
    if spec is None:
        return None
    n_before = len(problems)
    problems.extend(_node_problems(spec, document))
    problems.extend(_edge_problems(spec, document))
    problems.extend(_currency_problems(spec, document))
    if len(problems) > n_before:
        return None
    return Network(
        name=spec.name,
        title=spec.title,
        as_of=spec.as_of,
        currency=spec.currency,
        nodes=tuple(_node(node, document.location(("nodes", n))) for n, node in enumerate(spec.nodes)),
        edges=tuple(_edge(edge, document.location(("edges", n))) for n, edge in enumerate(spec.edges)),
        narrative=spec.narrative,
        source=spec.source,
        location=document.location(("name",)),
    )


def _node(spec: NodeSpec, where: Location) -> Node:
    evidence = {name: Evidence(one.basis_class, one.source) for name, one in spec.evidence.items()}
    amounts = {name: _amount(getattr(spec, name)) for name in AMOUNTS}
    due = tuple(Maturity(day, money.amount) for day, money in sorted(spec.maturities.items()))
    if spec.debt is None:
        amounts["debt"] = sum(one.amount for one in due)
    known = {name: amount for name, amount in amounts.items() if amount == amount}
    return Node(
        id=spec.id,
        kind=spec.kind,
        title=spec.title or spec.id,
        issuer=spec.id if spec.issuer is None else spec.issuer,
        operating_leverage=_NAN if spec.operating_leverage is None else spec.operating_leverage,
        maturities=due,
        tier=spec.tier or "",
        behaviour=spec.behaviour or "",
        leverage=spec.leverage,
        lets_chips=spec.lets_chips,
        can_default=spec.can_default,
        parent=spec.parent or "",
        role=spec.role or "",
        evidence={"": Evidence(spec.basis_class, spec.source), **evidence},
        location=where,
        **known,
    )


def _edge(spec: EdgeSpec, where: Location) -> Edge:
    return Edge(
        first=spec.first,
        second=spec.second,
        edge_type=spec.edge_type,
        amount=_amount(spec.amount),
        status=spec.status,
        evidence=Evidence(spec.basis_class, spec.source),
        drawn=_amount(spec.drawn),
        per_year=_amount(spec.per_year),
        share=_NAN if spec.share is None else spec.share,
        start=spec.start,
        end=spec.end,
        dated=spec.date,
        valid_from=spec.valid_from,
        asset=spec.asset or "",
        quantity=_NAN if spec.quantity is None else spec.quantity,
        age_years=spec.age_years,
        note=spec.note,
        location=where,
    )


def _amount(money: Money | None) -> float:
    return _NAN if money is None else money.amount


def _node_problems(spec: NetworkSpec, document: Document) -> Iterator[Problem]:
    """Yield problems with ids given twice, parents that are no firms, and evidence of nothing."""
    ids = [node.id for node in spec.nodes]
    for place, node in enumerate(spec.nodes):
        path = ("nodes", place)
        if node.id in ids[:place]:
            where = document.location((*path, "id"))
            yield Problem("ST501", f"second node {node.id!r}", "each id once", where)
        if node.parent is not None and node.parent not in ids:
            where = document.location((*path, "parent"))
            yield _unknown(node.parent, ids, where)
        for name in node.evidence:
            if getattr(node, name, None) is None:
                where = document.location((*path, "evidence", name), key=True)
                stated = [amount for amount in AMOUNTS if getattr(node, amount) is not None]
                got = f"evidence of {name!r}, which {node.id} does not state"
                yield Problem("ST501", got, f"one of {', '.join(stated)}", where, nearest(name, stated))


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
        agreed = edge.date
        if agreed is not None and _too_late(agreed, edge, spec.as_of):
            got = f"an edge of {agreed} in a network of {spec.as_of}"
            expected = f"valid_from: {agreed}, so that earlier markets leave it out"
            yield Problem("ST504", got, expected, document.location((*path, "date")))


def _too_late(agreed: date, edge: EdgeSpec, as_of: date) -> bool:
    return agreed > as_of and (edge.valid_from is None or edge.valid_from < agreed)


def _missing(edge: EdgeSpec, where: Location) -> Iterator[Problem]:
    """Yield a problem for each field that an edge of its type must have."""
    for name in _NEEDS.get(edge.edge_type, ()):
        if getattr(edge, name) is None:
            yield Problem("ST502", f"{edge.edge_type} without {name}", f"a {name}", where)
    if edge.edge_type == "equity_stake" and edge.share is None and edge.amount is None:
        yield Problem("ST502", "equity_stake without share or amount", "a share or an amount", where)
    orders = ("purchase_commitment", "revenue_dependence")
    if edge.edge_type in orders and edge.amount is None and edge.per_year is None:
        got = f"{edge.edge_type} without amount or per_year"
        yield Problem("ST502", got, "an amount or money per_year", where)


def _currency_problems(spec: NetworkSpec, document: Document) -> Iterator[Problem]:
    """Yield a problem for each amount in another currency than the network's, and each below 0."""
    for kind, items in (("nodes", spec.nodes), ("edges", spec.edges)):
        for place, item in enumerate(items):
            for name, money in _moneys(item):
                where = document.location((kind, place, *name))
                if money.currency != spec.currency:
                    got = f"an amount in {money.currency} in a network in {spec.currency}"
                    yield Problem("ST505", got, f"an amount in {spec.currency}", where)
                elif money.amount < 0.0:
                    yield Problem("ST505", f"an amount of {money.amount:.6g}", "0 or more", where)


def _moneys(item: NodeSpec | EdgeSpec) -> Iterator[tuple[tuple[str, ...], Money]]:
    for name in type(item).model_fields:
        value = getattr(item, name)
        if isinstance(value, Money):
            yield (name,), value
        elif name == "maturities":
            yield from (((name, str(day)), money) for day, money in value.items())


def _unknown(firm: str, ids: list[str], where: Location) -> Problem:
    return Problem("ST501", f"firm {firm!r}", "the id of a node", where, nearest(firm, ids))
