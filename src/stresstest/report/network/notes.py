"""Notes below a drawing: how much it shows, the strongest circles, and what the numbers rest on."""

from __future__ import annotations

from stresstest.networks.model import CLASSES, Network
from stresstest.report.network.view import NetworkView

_NAMED_CIRCLES = 4


def notes_of(network: Network, view: NetworkView) -> list[str]:
    """Return the notes; what a page has no room for is said."""
    found = (_counts(network, view) + _areas(view), _circles(network, view), _source(network))
    return [note for note in found if note]


def _counts(network: Network, view: NetworkView) -> str:
    firms, edges = len(view.firms), len(view.edges)
    text = "1 firm" if firms == 1 else f"{firms} firms"
    left_out = len(network.nodes) - view.n_connected
    if firms < view.n_connected:
        text = f"The {firms} firms with most money in their edges, of {view.n_connected}"
    elif left_out:
        text += f" with edges ({left_out} without are left out)"
    if not edges:
        return f"{text}, no edges."
    if edges < view.n_merged:
        largest = "" if firms < view.n_connected else "the largest "
        between = " between them" if firms < view.n_connected else ""
        return f"{text}; {largest}{edges} of {view.n_merged} arrows{between}."
    alike = ""
    if edges < view.n_edges:
        alike = f" for {view.n_edges} edges: those alike between two firms are added up"
    return f"{text}, {edges} {'arrow' if edges == 1 else 'arrows'}{alike}."


def _areas(view: NetworkView) -> str:
    if any(firm.kind == "aggregate" for firm in view.firms):
        return " Many as one are as large as the money of their edges."
    return ""


def _circles(network: Network, view: NetworkView) -> str:
    titles = {node.id: node.title or node.id for node in network.nodes}
    named = []
    for circle in view.circles[:_NAMED_CIRCLES]:
        round_ = " → ".join(titles[firm] for firm in (*circle.firms, circle.firms[0]))
        named.append(f"{round_} {100.0 * circle.strength:.1f}\N{NO-BREAK SPACE}%")
    if not named:
        return ""
    return f"Strongest circles of money, by the smallest share along each: {'; '.join(named)}."


def _source(network: Network) -> str:
    classes = [edge.evidence.basis_class for edge in network.edges]
    rests = ", ".join(f"{classes.count(name)} {name}" for name in CLASSES if name in classes)
    text = f"Source: network {network.name}"
    if network.source:
        text += f", after {', '.join(network.source)}"
    return text + (f". What its edges rest on: {rests}." if rests else ".")
