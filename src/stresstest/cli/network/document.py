"""The JSON document of `network show`: `stresstest/network/1`, which may gain fields and never lose one."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stresstest.cli.network.showing import NetworkReport
    from stresstest.networks.circles import Circle, Link
    from stresstest.networks.concentration import Concentration
    from stresstest.networks.double_pledges import PledgedAsset
    from stresstest.networks.exposures import Exposure
    from stresstest.networks.model import Edge, Node

SCHEMA = "stresstest/network/1"

_AMOUNTS = ("equity", "cash", "debt", "revenue", "capex", "burn", "backlog", "debt_service", "daily_volume")


def network_document(report: NetworkReport) -> dict[str, Any]:
    """Return the network and what was found in it as plain JSON values; an unknown number is null."""
    network = report.network
    numbers = {id(edge): number for number, edge in enumerate(network.edges)}
    known = {id(exposure.edge): exposure for exposure in report.exposures}
    return {
        "schema": SCHEMA,
        "name": network.name,
        "title": network.title,
        "narrative": network.narrative,
        "source": list(network.source),
        "as_of": network.as_of.isoformat(),
        "day": report.day.isoformat(),
        "currency": network.currency,
        "types": list(report.options.edge_types),
        "statuses": list(report.options.statuses),
        "firms": [_firm(node, report.roles[node.id]) for node in network.nodes],
        "edges": [_edge(edge, known.get(id(edge))) for edge in network.edges],
        "circles": [_circle(circle, numbers) for circle in report.circles.found],
        "more_circles": report.circles.more,
        "circle_groups": [list(group) for group in report.circles.groups],
        "concentration": [_concentration(one) for one in report.concentrations],
        "pledges": [_pledge(asset) for asset in report.pledges],
    }


def _number(value: float) -> float | None:
    return None if isnan(value) else float(value)


def _firm(node: Node, role: str) -> dict[str, Any]:
    evidence = node.evidence.get("")
    return {
        "id": node.id,
        "title": node.title,
        "kind": node.kind,
        "role": role,
        "tier": node.tier,
        "issuer": node.issuer,
        **{name: _number(getattr(node, name)) for name in _AMOUNTS},
        "class": evidence.basis_class if evidence else "",
        "source": evidence.source if evidence else "",
    }


def _edge(edge: Edge, exposure: Exposure | None) -> dict[str, Any]:
    days = {"start": edge.start, "end": edge.end, "date": edge.dated, "valid_from": edge.valid_from}
    return {
        "from": edge.first,
        "to": edge.second,
        "type": edge.edge_type,
        "amount": _number(edge.amount),
        "drawn": _number(edge.drawn),
        "per_year": _number(edge.per_year),
        "share": _number(edge.share),
        **{name: day.isoformat() if day else None for name, day in days.items()},
        "status": edge.status,
        "class": edge.evidence.basis_class,
        "source": edge.evidence.source,
        "note": edge.note,
        "dependence": None if exposure is None else _number(exposure.share),
    }


def _circle(circle: Circle, numbers: dict[int, int]) -> dict[str, Any]:
    return {
        "firms": list(circle.firms),
        "strength": circle.strength,
        "status": circle.status,
        "links": [_link(link, numbers) for link in circle.links],
    }


def _link(link: Link, numbers: dict[int, int]) -> dict[str, Any]:
    return {
        "from": link.first,
        "to": link.second,
        "share": link.share,
        "status": link.status,
        "edges": [numbers[id(exposure.edge)] for exposure in link.exposures],
    }


def _concentration(one: Concentration) -> dict[str, Any]:
    return {
        "firm": one.firm,
        "of": one.kind,
        "whole": one.whole,
        "largest": one.parts[0].share,
        "named": one.known,
        "herfindahl": one.herfindahl,
        "parts": [{"firm": part.partner, "amount": part.amount, "share": part.share} for part in one.parts],
    }


def _pledge(asset: PledgedAsset) -> dict[str, Any]:
    return {
        "owner": asset.owner,
        "asset": asset.asset,
        "age_years": asset.age_years,
        "creditors": list(asset.creditors),
        "owned": _number(asset.owned),
        "pledged": _number(asset.pledged),
        "times": asset.times,
        "worth": _number(asset.worth),
        "owed": asset.owed,
        "twice": asset.twice,
    }
