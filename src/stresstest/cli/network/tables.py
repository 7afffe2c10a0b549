"""A network on the terminal: firms, edges by type, circles, who depends on whom, and pledges."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

from rich.console import Console
from rich.text import Text

from stresstest.cli.network.showing import NetworkReport
from stresstest.cli.terminal import ALARM, ASIDE, HEAD, compact, plain_table, safe
from stresstest.cli.wrapping import paragraph
from stresstest.networks.circles import LONGEST, Circle, Link
from stresstest.networks.concentration import KINDS, Concentration
from stresstest.networks.exposures import money_of
from stresstest.networks.model import CLASSES, EDGE_TYPES, ROLES, Edge, Node

_HEADINGS = {
    "revenue": "Revenue of a year: share of each customer",
    "backlog": "Contracted revenue to come: share of each customer",
    "debt": "Debt: share of each lender",
    "own_value": "Own equity: share that each stake is",
}
_SHOWN, _NAMED = 12, 3
_AMOUNTS = ("equity", "debt", "cash", "revenue", "capex", "burn")


def print_network(console: Console, report: NetworkReport) -> None:
    """Print everything that is known of the network, what a reader should look at last."""
    _print_head(console, report)
    _print_firms(console, report)
    for edge_type in EDGE_TYPES:
        _print_edges(console, report, edge_type)
    _print_circles(console, report)
    for kind in KINDS:
        found = [one for one in report.concentrations if one.kind == kind]
        _print_concentration(console, report, found)
    _print_pledges(console, report)


def _print_head(console: Console, report: NetworkReport) -> None:
    network = report.network
    console.print(Text.assemble(safe(network.name, HEAD), "  ", safe(network.title)))
    classes = [edge.evidence.basis_class for edge in network.edges]
    rests = ", ".join(f"{classes.count(name)} {name}" for name in CLASSES if name in classes)
    facts = [f"As of {network.as_of}", f"amounts in {network.currency}", f"{len(network.nodes)} firms"]
    facts.append(f"{len(network.edges)} edges" + (f" ({rests})" if rests else ""))
    paragraph(console, ", ".join(facts))
    if report.day != network.as_of:
        dates = f"Edges valid on {report.day}; amounts of firms are of {network.as_of}."
        paragraph(console, dates, style=ASIDE)
    if report.options.edge_types or report.options.statuses:
        only = ", ".join((*report.options.edge_types, *report.options.statuses))
        paragraph(console, f"Only {only}; what follows counts no other edges.", style=ASIDE)


def _print_firms(console: Console, report: NetworkReport) -> None:
    _heading(console, "Firms", "values and debt of today; revenue, capex and burn of a year")
    names = ["firm", "role", *("value" if name == "equity" else name for name in _AMOUNTS)]
    table = plain_table([(name, "left" if place < 2 else "right") for place, name in enumerate(names)])
    order = {role: place for place, role in enumerate(ROLES)}

    def rank(node: Node) -> tuple[int, float, str]:
        return order[report.roles[node.id]], -node.equity, node.id

    for node in sorted(report.network.nodes, key=rank):
        amounts = (_money(getattr(node, name)) for name in _AMOUNTS)
        table.add_row(safe(node.title), report.roles[node.id], *amounts)
    console.print(table)


def _print_edges(console: Console, report: NetworkReport, edge_type: str) -> None:
    edges = list(report.network.of_type(edge_type))
    if not edges:
        return
    _heading(console, edge_type, f"A {EDGE_TYPES[edge_type]} B")
    some = any(not isnan(edge.drawn) for edge in edges)
    drawn = [("drawn", "right")] if some else []
    ends = [("A", "left"), ("B", "left"), ("amount", "right")]
    table = plain_table([*ends, *drawn, ("status", "left"), ("class", "left")])
    nodes = {node.id: node for node in report.network.nodes}
    for edge in sorted(edges, key=lambda edge: -_largest(edge, nodes)):
        firms = (safe(nodes[firm].title) for firm in (edge.first, edge.second))
        amounts = [_amount_text(edge, nodes), *([_drawn_text(edge)] if some else [])]
        table.add_row(*firms, *amounts, edge.status, edge.evidence.basis_class)
    console.print(table)


def _drawn_text(edge: Edge) -> str:
    return "" if isnan(edge.drawn) else _money(edge.drawn) if edge.drawn else "0"


def _largest(edge: Edge, nodes: dict[str, Node]) -> float:
    amount = money_of(edge, nodes).amount
    return -1.0 if isnan(amount) else amount


def _amount_text(edge: Edge, nodes: dict[str, Node]) -> str:
    money = money_of(edge, nodes)
    if isnan(money.amount):
        return "not known"
    return _money(money.amount) + (" a year" if money.yearly else "")


def _print_circles(console: Console, report: NetworkReport) -> None:
    _heading(console, "Circles of money", f"by their smallest share; of at most {LONGEST} firms")
    circles = report.circles
    for number, circle in enumerate(circles.found, start=1):
        _print_circle(console, report, number, circle)
    if circles.more:
        console.print(Text(f"There are more: --circles {max(2 * len(circles.found), 10)}", ASIDE))
    elif not circles.found:
        console.print("None.")
    if circles.groups:
        groups = "; ".join(", ".join(_titles(report, group)) for group in circles.groups)
        paragraph(console, f"Firms that circles of any length connect: {groups}.", style=ASIDE)
    unknown = sum(isnan(exposure.share) for exposure in report.exposures)
    if unknown:
        plural = "edge has no known share and is" if unknown == 1 else "edges have no known share and are"
        paragraph(console, f"{unknown} {plural} in no circle.", style=ASIDE)


def _print_circle(console: Console, report: NetworkReport, number: int, circle: Circle) -> None:
    arrow = " -> " if console.options.ascii_only else " → "
    names = arrow.join(_titles(report, (*circle.firms, circle.firms[0])))
    text = f"{number:>2} {_percent(circle.strength):>7}  {safe(names).plain}"
    console.print(Text.assemble((text, HEAD), (f"  {circle.status}", ASIDE)))
    for link in circle.links:
        ends = arrow.join(_titles(report, (link.first, link.second)))
        whole = "value and debt" if link.finances else "revenue"
        paragraph(console, f"{ends}: {_percent(link.share)} of {whole}, {_edges(report, link)}", 5, ASIDE)


def _edges(report: NetworkReport, link: Link) -> str:
    nodes = {node.id: node for node in report.network.nodes}
    parts = [exposure.edge for exposure in link.exposures]
    return ", ".join(f"{edge.edge_type} {_amount_text(edge, nodes)} ({edge.status})" for edge in parts)


def _print_concentration(console: Console, report: NetworkReport, found: Sequence[Concentration]) -> None:
    if not found:
        return
    _heading(console, _HEADINGS[found[0].kind], "HHI: sum of squares, at most 1")
    names = [("firm", "left"), ("largest", "right"), ("named", "right"), ("HHI", "right"), ("", "left")]
    table = plain_table(names)
    for one in found[:_SHOWN]:
        partners = [(*_titles(report, [part.partner]), _percent(part.share)) for part in one.parts]
        text = ", ".join(f"{name} {share}" for name, share in partners[:_NAMED])
        more = f" and {len(partners) - _NAMED} more" if len(partners) > _NAMED else ""
        share, named = _percent(one.parts[0].share), _percent(one.known)
        (title,) = _titles(report, [one.firm])
        table.add_row(safe(title), share, named, f"{one.herfindahl:.2f}", safe(text + more))
    console.print(table)
    if len(found) > _SHOWN:
        console.print(Text(f"and {len(found) - _SHOWN} less dependent; --json has all", ASIDE))


def _print_pledges(console: Console, report: NetworkReport) -> None:
    _heading(console, "Pledged assets", "what creditors hold a pledge on")
    twice = [asset for asset in report.pledges if asset.twice]
    once = len(report.pledges) - len(twice)
    verb = "is" if once == 1 else "are"
    if not report.pledges:
        console.print("None is named.")
        return
    if not twice:
        console.print(f"No asset is pledged more than once, {once} {verb} once.")
        return
    numbers = [("pledged", "right"), ("worth", "right"), ("owed", "right")]
    table = plain_table([("owner", "left"), ("asset", "left"), *numbers, ("to", "left")])
    for asset in twice:
        (owner,), name = _titles(report, [asset.owner]), _asset_text(asset.asset, asset.age_years)
        times = Text(f"{asset.times:.2g} times", ALARM)
        creditors = ", ".join(_titles(report, asset.creditors))
        table.add_row(
            safe(owner), safe(name), times, _money(asset.worth), _money(asset.owed), safe(creditors)
        )
    console.print(table)
    if once:
        console.print(Text(f"{once} more {verb} pledged once.", ASIDE))


def _asset_text(asset: str, age: float) -> str:
    return f"{asset}, {age:g} years" if age else asset


def _heading(console: Console, title: str, aside: str) -> None:
    console.print()
    console.print(Text.assemble((title, HEAD), (f"  {aside}", ASIDE)))


def _titles(report: NetworkReport, firms: Sequence[str]) -> list[str]:
    titles = {node.id: node.title or node.id for node in report.network.nodes}
    return [titles[firm] for firm in firms]


def _money(amount: float) -> str:
    return compact(amount).removeprefix("+") if amount > 0.0 else "-"


def _percent(share: float) -> str:
    return "<0.1 %" if 0.0 < share < 0.0005 else f"{100.0 * share:.1f} %"
