"""Networks for `validate` and `explain`: as known on a market's date, and what their numbers rest on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from stresstest.cli.files.kinds import is_document_of
from stresstest.cli.terminal import ASIDE, HEAD, safe
from stresstest.errors import ProblemList, nearest
from stresstest.market.snapshot import MarketSnapshot
from stresstest.networks.balance import balance_of
from stresstest.networks.factors import Unmapped, unmapped
from stresstest.networks.mechanism import Mechanism, Setting
from stresstest.networks.model import CLASSES, Edge, Network
from stresstest.networks.reading import load_network
from stresstest.networks.registry import all_mechanisms
from stresstest.networks.selection import lateness


@dataclass(frozen=True, slots=True)
class ExplainedNetwork:
    """A network as known on a market's date.

    Attributes
    ----------
    network
        Without firms and edges of another time.
    later
        Edges of the file that are left out.
    unmapped
        Firms whose price the market does not hold.
    """

    network: Network
    market: MarketSnapshot
    later: tuple[Edge, ...]
    unmapped: tuple[Unmapped, ...]


def is_network(name: str) -> bool:
    """Tell whether `name` is a shipped network, or a file that looks like one."""
    return is_document_of(name, "networks", "nodes")


def explained_network(source: str, market: MarketSnapshot) -> ExplainedNetwork:
    """Return the network of a name or a file, checked with its balance sheets on the market's date.

    Raises
    ------
    InputError
        With everything that is wrong in the file (ST500 to ST505, ST507 and ST508), or ST509.
    """
    whole = load_network(source)
    network, problems = whole.on(market.as_of), ProblemList()
    problems.extend(lateness(whole, market.as_of))
    balance_of(network, problems)
    problems.raise_if_any()
    known = set(network.edges)
    later = tuple(edge for edge in whole.edges if edge not in known)
    return ExplainedNetwork(network, market, later, unmapped(network, market.levels))


def content_text(found: ExplainedNetwork) -> str:
    """Return in a few words what is in a network: `48 firms, 84 edges, 31% of them documented`."""
    edges = found.network.edges
    documented = sum(edge.evidence.basis_class == "documented" for edge in edges)
    part = f", {100 * documented / len(edges):.0f}% of them documented" if edges else ""
    return f"{len(found.network.nodes):,} firms, {len(edges):,} edges{part}"


def notes_of(found: ExplainedNetwork) -> tuple[str, ...]:
    """Return what a reader should know: firms that the market does not hold, edges of another day."""
    notes = []
    if found.unmapped:
        firms = ", ".join(_without_price(one, found.market) for one in found.unmapped)
        notes.append(f"market {found.market.name} prices no shares or mark of {firms}: losses end there")
    if found.later:
        notes.append(f"{len(found.later)} edges of another time than {found.market.as_of} are left out")
    return tuple(notes)


def _without_price(one: Unmapped, market: MarketSnapshot) -> str:
    """Return a firm that the market does not price, with its issuer where that looks like a slip."""
    issuer = one.factor.name
    if issuer == one.firm:
        return one.firm
    near = nearest(issuer, [key.name for key in market.levels if key.kind == one.factor.kind])
    # A firm of another time has an issuer of its own on purpose.
    return f"{one.firm} as {issuer}" + (f" (did you mean {near}?)" if near and near != one.firm else "")


def network_document(found: ExplainedNetwork) -> dict[str, Any]:
    """Return a network as the JSON document of `explain`."""
    network = found.network
    return {
        "schema": "stresstest/explanation/1",
        "network": network.name,
        "title": network.title,
        "as_of": network.as_of.isoformat(),
        "market": found.market.name,
        "currency": network.currency,
        "firms": [node.id for node in network.nodes],
        "edges": [{"type": kind, "edges": count, **classes} for kind, count, classes in _by_type(network)],
        "unmapped": [{"firm": one.firm, "factor": str(one.factor)} for one in found.unmapped],
        "left_out": len(found.later),
        "mechanisms": [_mechanism(mechanism) for mechanism in all_mechanisms().values()],
    }


def _by_type(network: Network) -> list[tuple[str, int, dict[str, int]]]:
    """Return type, number of edges, and number of each class, in the order of the file."""
    found: dict[str, list[str]] = {}
    for edge in network.edges:
        found.setdefault(edge.edge_type, []).append(edge.evidence.basis_class)
    return [(kind, len(classes), _counted(classes)) for kind, classes in found.items()]


def _counted(classes: Iterable[str]) -> dict[str, int]:
    counts = Counter(classes)
    return {name: counts[name] for name in CLASSES if counts[name]}


def _mechanism(mechanism: Mechanism) -> dict[str, Any]:
    return {
        "name": mechanism.name,
        "title": mechanism.title,
        "timescale": mechanism.timescale.name.lower(),
        "reference": mechanism.reference,
        "settings": [
            {"name": setting.name, "default": setting.default, "low": setting.low, "high": setting.high,
             "reason": setting.reason}
            for setting in mechanism.settings
        ],
    }  # fmt: skip


def print_network(console: Console, found: ExplainedNetwork) -> None:
    """Print a network: what it tells, its edges by type, what they rest on, and what can run on it."""
    network = found.network
    console.print(Text.assemble(safe(network.name, HEAD), "  ", safe(network.title)))
    facts = [f"network of {network.as_of} in {network.currency}", f"market {found.market.name}"]
    facts += [f"source {', '.join(network.source)}"] if network.source else []
    console.print(safe("; ".join(facts)))
    for paragraph in network.narrative.strip().split("\n\n"):
        console.print()
        console.print(safe(" ".join(paragraph.split())))
    edges = [(f"{kind}: {count}", _classes_text(classes)) for kind, count, classes in _by_type(network)]
    _print_section(console, content_text(found), edges)
    _print_section(console, "Notes", [(note, "") for note in notes_of(found)])
    rows = [(f"{one.name}: {one.title}", _settings_text(one.settings)) for one in all_mechanisms().values()]
    _print_section(console, "Mechanisms, in the order in which they run", rows)


def _classes_text(classes: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in classes.items())


def _settings_text(settings: Sequence[Setting]) -> str:
    return "; ".join(f"{one.name} {_value_text(one)} ({one.reason})" for one in settings)


def _value_text(setting: Setting) -> str:
    return f"{100.0 * setting.default:.6g}%" if setting.percent else f"{setting.default:.6g}"


def _print_section(console: Console, title: str, rows: Sequence[tuple[str, str]]) -> None:
    if not rows:
        return
    console.print()
    console.print(safe(title, HEAD))
    for text, aside in rows:
        console.print(Padding(safe(text), (0, 0, 0, 2)))
        if aside:
            console.print(Padding(safe(aside, ASIDE), (0, 0, 0, 6)))
