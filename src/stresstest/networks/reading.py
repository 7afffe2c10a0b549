"""Network documents as networks: names known, amounts in one currency, nothing later than its day."""

from __future__ import annotations

from math import isnan
from pathlib import Path
from typing import Any

from stresstest.errors import Location, ProblemList
from stresstest.io import resources
from stresstest.io.document import Document, read_document
from stresstest.io.money import Money
from stresstest.io.validation import validate
from stresstest.networks.checks import network_problems
from stresstest.networks.model import AMOUNTS, Edge, Evidence, Generation, Maturity, Network, Node
from stresstest.networks.spec import EdgeSpec, NetworkSpec, NodeSpec

_NAN = float("nan")
_AS_WRITTEN = (
    "first", "second", "edge_type", "status", "start", "end", "valid_from", "valid_until", "age_years",
    "condition", "note",
)  # fmt: skip
_NODE_AS_WRITTEN = ("id", "kind", "leverage", "lets_chips", "burn_growth", "valid_from", "can_default")
_NODE_NUMBERS = ("operating_leverage", "burn_cut", "asset_volatility")
_NODE_WORDS = ("tier", "behaviour", "parent", "role")
_NUMBERS = ("share", "trigger", "quantity")


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
    expected = "a network of the library (stresstest list networks), or a file: ours.yaml"
    return resources.shipped_file("networks", name, "ST500", "network", expected)


def read_network(document: Document, problems: ProblemList) -> Network | None:
    """Return the network that `document` specifies, or None after adding what is wrong with it."""
    spec = validate(NetworkSpec, document.data, document.location, problems)
    if spec is None:
        return None
    n_before = len(problems)
    problems.extend(network_problems(spec, document))
    if len(problems) > n_before:
        return None
    return Network(
        name=spec.name,
        title=spec.title,
        as_of=spec.as_of,
        currency=spec.currency,
        nodes=tuple(_node(node, document.location(("nodes", n))) for n, node in enumerate(spec.nodes)),
        edges=tuple(_edge(edge, document.location(("edges", n))) for n, edge in enumerate(spec.edges)),
        generations=tuple(
            Generation(one.id, one.installed, Evidence(one.basis_class, one.source))
            for one in spec.generations
        ),
        narrative=spec.narrative,
        source=spec.source,
        owner=spec.owner,
        judged_on=spec.judged_on,
        location=document.location(("name",)),
    )


def _node(spec: NodeSpec, where: Location) -> Node:
    evidence = {name: Evidence(one.basis_class, one.source) for name, one in spec.evidence.items()}
    amounts = {name: _amount(getattr(spec, name)) for name in AMOUNTS}
    due = tuple(Maturity(day, money.amount) for day, money in sorted(spec.maturities.items()))
    if spec.debt is None:
        amounts["debt"] = sum(one.amount for one in due)
    fields: dict[str, Any] = {name: getattr(spec, name) for name in _NODE_AS_WRITTEN}
    fields |= {name: amount for name, amount in amounts.items() if not isnan(amount)}
    for name in _NODE_NUMBERS:
        fields[name] = _NAN if (value := getattr(spec, name)) is None else value
    if spec.outcome is not None:
        fields["outcome"] = spec.outcome.change
        evidence["outcome"] = Evidence(spec.outcome.basis_class, spec.outcome.source)
    for name in _NODE_WORDS:
        fields[name] = getattr(spec, name) or ""
    return Node(
        title=spec.title or spec.id,
        issuer=spec.id if spec.issuer is None else spec.issuer,
        maturities=due,
        evidence={"": Evidence(spec.basis_class, spec.source), **evidence},
        location=where,
        **fields,
    )


def _edge(spec: EdgeSpec, where: Location) -> Edge:
    fields: dict[str, Any] = {name: getattr(spec, name) for name in _AS_WRITTEN}
    for name in _NUMBERS:
        fields[name] = _NAN if (value := getattr(spec, name)) is None else value
    return Edge(
        amount=_amount(spec.amount),
        drawn=_amount(spec.drawn),
        per_year=_amount(spec.per_year),
        evidence=Evidence(spec.basis_class, spec.source),
        dated=spec.date,
        asset=spec.asset or "",
        location=where,
        **fields,
    )


def _amount(money: Money | None) -> float:
    return _NAN if money is None else money.amount
