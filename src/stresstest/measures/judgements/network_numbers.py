"""Numbers of a scenario's network: settings of its mechanisms, amounts of its edges and of its firms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from math import isnan

from stresstest.errors import NOWHERE, Location
from stresstest.networks.mechanism import Setting
from stresstest.networks.model import AMOUNTS, Edge, Evidence, Node
from stresstest.scenarios.network_use import NetworkUse

_FIRM_FIELDS = (*AMOUNTS, "burn_growth", "burn_cut", "operating_leverage", "asset_volatility", "leverage")
_EDGE_FIELDS = ("amount", "drawn", "per_year", "share", "quantity")
_UNREAD = ("warrant",)
"""Edges that no mechanism reads."""

_SHARES = ("burn_growth", "burn_cut", "asset_volatility", "share")
_PLAIN = ("operating_leverage", "leverage", "quantity")


@dataclass(frozen=True, slots=True)
class NetworkNumber:
    """A setting of a mechanism, the size of an edge, or one number of a firm.

    Attributes
    ----------
    kind
        `network setting`, `network edge` or `network firm`.
    owner
        The mechanism, edge or firm that it belongs to.
    fields
        Its numbers by name: of a setting and of a firm one, of an edge all that state how large it is.
    setting
        Of a setting, its bounds.
    """

    kind: str
    owner: str
    fields: tuple[tuple[str, float], ...]
    basis_class: str
    note: str = ""
    source: tuple[str, ...] = ()
    dated: date | None = None
    location: Location = NOWHERE
    place: int = -1
    setting: Setting | None = field(default=None, compare=False)

    @property
    def text(self) -> str:
        """The number in words: `funding_runway: backlog_multiple 50 %`."""
        numbers = (number_text(name, value, self.setting) for name, value in self.fields)
        return f"{self.owner}: {', '.join(numbers)}"


def number_text(name: str, value: float, setting: Setting | None = None) -> str:
    """Return a number with its name: of money in billions, of a share in per cent."""
    if name in _SHARES or (setting is not None and setting.percent):
        return f"{name} {100.0 * value:.4g} %"
    if name in _PLAIN or setting is not None:
        return f"{name} {value:.6g}"
    return f"{name} {value / 1e9:.4g}bn"


def network_numbers(use: NetworkUse) -> Iterator[NetworkNumber]:
    """Yield the numbers that the mechanisms of `use` read: settings, then edges, then firms."""
    for chosen in use.chosen:
        for setting in chosen.mechanism.settings:
            value = chosen.settings[setting.name]
            stated = value != setting.default
            yield NetworkNumber(
                *("network setting", chosen.mechanism.name, ((setting.name, value),)),
                basis_class=_setting_class(setting, stated=stated),
                note="stated by the scenario" if stated else setting.reason,
                location=use.location,
                setting=setting,
            )
    network = use.network
    for place, edge in enumerate(network.edges):
        found = _stated(edge, _EDGE_FIELDS)
        if found and edge.edge_type not in _UNREAD:
            name = f"{edge.first} > {edge.second} {edge.edge_type}"
            yield _evident("network edge", name, found, edge.evidence, (place, edge))
    for place, node in enumerate(network.nodes):
        for item in _stated(node, _FIRM_FIELDS):
            evidence = node.evidence.get(item[0]) or node.evidence[""]
            yield _evident("network firm", node.id, (item,), evidence, (place, node))


def _setting_class(setting: Setting, *, stated: bool) -> str:
    """Return the class that the reason of a default begins with; what a scenario states is its judgement."""
    first = setting.reason.partition(":")[0].strip()
    return first if not stated and first in ("documented", "computed", "unverified") else "judgement"


def _stated(item: Edge | Node, names: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    """Return the numbers that are stated: not NaN, nor the 0 or 1 that stands for nothing stated."""
    nothing = {"leverage": 1.0}
    found = ((name, float(getattr(item, name))) for name in names)
    return tuple((n, value) for n, value in found if not isnan(value) and value != nothing.get(n, 0.0))


def _evident(
    kind: str,
    owner: str,
    fields: tuple[tuple[str, float], ...],
    evidence: Evidence,
    where: tuple[int, Edge | Node],
) -> NetworkNumber:
    place, item = where
    return NetworkNumber(
        *(kind, owner, fields, evidence.basis_class),
        note=item.note if isinstance(item, Edge) else "",
        source=(evidence.source,),
        dated=item.dated if isinstance(item, Edge) else None,
        location=item.location,
        place=place,
    )
