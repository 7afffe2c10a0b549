"""Tables of governance of a group: net asset values, proxies, challengers, what losses rest on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pyarrow as pa

from stresstest.arrays import FloatArray
from stresstest.batch.governance.variants import FACTOR_MODEL, LINES, variant_name
from stresstest.batch.planning.prepared import Group, Prepared
from stresstest.batch.valuation.parts import GroupColumns
from stresstest.measures.judgements.shares import LAYERS, judged_layers
from stresstest.measures.proxies import ProxiedPosition, proxied_position
from stresstest.measures.reconciliation import Reconciliation

Kinds = Mapping[str, pa.DataType]
"""Columns of a table and what they hold."""

_TEXT, _NUMBER, _WHOLE, _DAY = pa.string(), pa.float64(), pa.int64(), pa.date32()

RECONCILIATION: Kinds = {
    **{"portfolio": _TEXT, "currency": _TEXT, "nav": _NUMBER, "nav_date": _DAY, "source": _TEXT},
    **{"base_value": _NUMBER, "difference": _NUMBER, "share": _NUMBER, "tolerance": _NUMBER},
    **{"within": pa.bool_(), "days_apart": _WHOLE, "without_value": _WHOLE},
}
PROXIES: Kinds = {
    **{"portfolio": _TEXT, "position": _TEXT, "how": _TEXT, "issuer": _TEXT, "follows": _TEXT},
    **{"base_value": _NUMBER, "share": _NUMBER, "stated_value": _NUMBER, "currency": _TEXT},
    **{"stated_on": _DAY, "age_days": _WHOLE, "roll": _NUMBER},
}
REGISTER: Kinds = {
    **{"scenario": _TEXT, "written_in": _TEXT, "kind": _TEXT, "text": _TEXT, "class": _TEXT},
    **{"judged": pa.bool_(), "author": _TEXT, "date": _DAY, "analogue": _TEXT, "note": _TEXT},
    **{"source": _TEXT, "file": _TEXT, "line": _WHOLE},
}


def reconciliation_table(prepared: Prepared, group: Group) -> pa.Table:
    """Return a row for each portfolio that states a net asset value, beside its base value."""
    rows = []
    refused: dict[str, list[str]] = {}
    for item in prepared.refused:
        refused.setdefault(item.portfolio, []).append(item.position)
    for portfolio in range(group.first, group.last):
        found = _reconciliation(prepared, portfolio, refused.get(prepared.holders.names[portfolio], []))
        if found is not None:
            holders = prepared.holders
            head = (holders.names[portfolio], holders.currencies[portfolio])
            base = float(prepared.row_base.portfolios[portfolio])
            numbers = (base, found.difference, found.share, found.tolerance, found.within)
            stated = (found.net_asset_value, found.stated_on, found.source)
            rows.append((*head, *stated, *numbers, found.days_apart, len(found.without_value)))
    return table_of(RECONCILIATION, rows)


def _reconciliation(prepared: Prepared, portfolio: int, refused: Sequence[str]) -> Reconciliation | None:
    """Return a portfolio against its net asset value; `refused` are its positions that were not bound."""
    holders, governed = prepared.holders, prepared.governed
    nav = holders.navs[portfolio]
    if nav is None:
        return None
    lacking = np.flatnonzero(np.isnan(holders.base[holders.positions(portfolio)])).tolist()
    without = [*(holders.ids[portfolio][place] for place in lacking), *refused]
    return Reconciliation(
        *(nav.value, nav.date, nav.source),
        difference=float(prepared.row_base.portfolios[portfolio]) - nav.value,
        gaps=(),
        tolerance=nav.tolerance if governed.tolerance is None else governed.tolerance,
        days_apart=None if nav.date is None else (governed.day - nav.date).days,
        without_value=tuple(without),
    )


def proxy_table(prepared: Prepared, group: Group, gross: FloatArray) -> pa.Table:
    """Return a row for each position that the market alone does not value, by portfolio, the largest first.

    Parameters
    ----------
    gross
        `(n_portfolios,)` gross value of each portfolio of the group.
    """
    holders, rows = prepared.holders, list[tuple[object, ...]]()
    proxied = np.array(prepared.governed.proxied, np.int64)
    for place, portfolio in enumerate(range(group.first, group.last)):
        own = holders.positions(portfolio)
        held = np.flatnonzero(np.isin(holders.instrument[own], proxied)).tolist() if len(proxied) else []
        entries = [_proxy(prepared, portfolio, position, float(gross[place])) for position in held]
        entries.sort(key=lambda entry: (-np.nan_to_num(entry.share), entry.position))
        rows += [tuple(getattr(entry, name) for name in PROXIES) for entry in entries]
    return table_of(PROXIES, rows)


def _proxy(prepared: Prepared, portfolio: int, position: int, gross: float) -> ProxiedPosition:
    holders = prepared.holders
    row = holders.positions(portfolio).start + position
    item = prepared.book.instruments[int(holders.instrument[row])]
    names = holders.names[portfolio], holders.ids[portfolio][position]
    return proxied_position(names, item, prepared.governed.day, (float(holders.base[row]), gross))


def challenger_table(prepared: Prepared, group: Group, named: GroupColumns) -> pa.Table:
    """Return a row for each portfolio and scenario with a network: with it, its lines, its challenger."""
    found = [name for name in prepared.scenarios if variant_name(name, FACTOR_MODEL) in named.names]
    networked = named.of(found)
    lines = named.of([variant_name(name, LINES) for name in found])
    challenger = named.of([variant_name(name, FACTOR_MODEL) for name in found])
    numbers = {
        "pnl": networked,
        "lines_pnl": lines,
        "challenger_pnl": challenger,
        "difference": networked - challenger,
    }
    return _cells(prepared, group, found, numbers)


def judged_table(prepared: Prepared, group: Group, named: GroupColumns) -> pa.Table:
    """Return a row for each portfolio and scenario: its P&L by what it rests on, and the judged share.

    The share is of losses only; scenarios whose layers cannot be had have none.
    """
    governed = prepared.governed
    scenarios = [name for name in prepared.scenarios if name not in governed.unvaried]
    columns = named.of([column for name in scenarios for column in governed.layers[name]])
    layers = columns.reshape(group.last - group.first, len(scenarios), len(LAYERS))
    by_layer = np.diff(layers, axis=2, prepend=0.0)
    pnl = layers[:, :, -1]
    judged = np.zeros_like(pnl)
    for place, name in enumerate(scenarios):
        counted = judged_layers(network_is_judged=name in governed.judged_networks)
        for layer in counted:
            judged[:, place] += by_layer[:, place, LAYERS.index(layer)]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(pnl < 0.0, judged / pnl, np.nan)
    numbers = {name: by_layer[:, :, place] for place, name in enumerate(LAYERS)}
    return _cells(prepared, group, scenarios, {"pnl": pnl, **numbers, "judged": judged, "share": share})


def _cells(
    prepared: Prepared, group: Group, scenarios: Sequence[str], numbers: Mapping[str, FloatArray]
) -> pa.Table:
    """Return rows of portfolios and scenarios, portfolio by portfolio; `numbers` are matrices of these."""
    own, count = slice(group.first, group.last), len(scenarios)
    heads = {
        "portfolio": prepared.holders.names[own],
        "currency": prepared.holders.currencies[own],
    }
    columns = {
        name: pa.array([text for text in texts for _ in range(count)], _TEXT) for name, texts in heads.items()
    }
    columns["scenario"] = pa.array(list(scenarios) * (group.last - group.first), _TEXT)
    for name, matrix in numbers.items():
        columns[name] = pa.array(np.ascontiguousarray(matrix).reshape(-1), from_pandas=True)
    return pa.table(columns)


def register_table(prepared: Prepared) -> pa.Table:
    """Return a row for each number that the scenarios of a run rest on."""
    rows = [
        (
            *(entry.scenario, entry.written_in, entry.kind, entry.text, entry.basis_class, entry.is_judged),
            *(entry.author, entry.dated, entry.analogue, entry.note, "; ".join(entry.source)),
            *(entry.location.file, entry.location.line),
        )
        for entry in prepared.governed.register
    ]
    return table_of(REGISTER, rows)


def table_of(kinds: Kinds, rows: Iterable[Sequence[object]]) -> pa.Table:
    """Return rows as a table; a number that is not there is null."""
    columns = list(zip(*rows, strict=True)) or [()] * len(kinds)
    arrays = [
        pa.array(list(column), kind, from_pandas=True)
        for column, kind in zip(columns, kinds.values(), strict=True)
    ]
    return pa.table(dict(zip(kinds, arrays, strict=True)))
