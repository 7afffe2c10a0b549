"""Portfolios written as files that the readers of portfolios take back: YAML documents, position tables."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from os import PathLike
from pathlib import Path
from typing import Any

from stresstest.errors import InputError, Problem
from stresstest.io.flow_text import flow_text
from stresstest.io.outputs import Columns, write_atomically, write_table
from stresstest.io.spec_values import Values, percentage_text, plain_number, spec_values
from stresstest.portfolio.model import Lot, NetAssetValue, Portfolio
from stresstest.portfolio.tables import TAG_PREFIX

_DOCUMENTS = (".yaml", ".yml")


def write_portfolio(path: str | PathLike[str], portfolio: Portfolio, *, force: bool = False) -> None:
    """Write `portfolio` to a YAML document, or as a position table where the suffix says so.

    A table holds positions only: currency, limits and notes have no place there.

    Raises
    ------
    InputError
        For another suffix than those that portfolios have, terms that fit into no cell of a table (ST147), or
        a place that cannot be written.
    """
    target = Path(path)
    if target.suffix.lower() in _DOCUMENTS:
        write_atomically(target, portfolio_text(portfolio).encode("utf-8"), force)
    else:
        write_table(target, position_columns(portfolio), force)


def portfolio_text(portfolio: Portfolio) -> str:
    """Return `portfolio` as a YAML document, one position a line.

    Raises
    ------
    ValueError
        Where it has no currency, which a document must state.

    Examples
    --------
    >>> from stresstest.portfolio.loading import build_portfolio
    >>> shares = {"id": "nvda", "type": "equity", "issuer": "NVDA", "quantity": 100}
    >>> fund = {"version": 1, "name": "mine", "currency": "USD", "positions": [shares]}
    >>> print(portfolio_text(build_portfolio(fund)), end="")
    version: 1
    name: mine
    currency: USD
    positions:
      - {id: nvda, type: equity, issuer: NVDA, quantity: 100}
    """
    if not portfolio.currency:
        raise ValueError(f"portfolio {portfolio.name!r} has no currency, and a document states one")
    lines = [f"{key}: {flow_text(value)}" for key, value in _head(portfolio).items()]
    lines.append("positions:")
    lines += [f"  - {flow_text(row)}" for row in position_rows(portfolio)]
    if portfolio.limits:
        lines.append("limits:")
        lines += [f"  - {flow_text(_limit(limit))}" for limit in portfolio.limits]
    return "\n".join(lines) + "\n"


def position_columns(portfolio: Portfolio) -> Columns:
    """Return the positions as columns of a table, as `table_positions` reads them; a blank is no value."""
    rows = [_flat(row) for row in position_rows(portfolio)]
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}


def position_rows(portfolio: Portfolio) -> list[Values]:
    """Return each position as a document's values, its fields in the order id, type, terms, amount, rest."""
    return [_row(portfolio, row) for row in range(len(portfolio.positions))]


def _head(portfolio: Portfolio) -> Values:
    head: Values = {"version": 1, "name": portfolio.name}
    texts = {
        "title": portfolio.title,
        "currency": portfolio.currency,
        "market": portfolio.market,
        "notes": portfolio.notes,
        "source": portfolio.source,
        "remainder": portfolio.remainder,
    }
    head |= {key: text for key, text in texts.items() if text}
    if portfolio.total is not None:
        head["total"] = {"value": plain_number(portfolio.total), "currency": portfolio.currency}
    if portfolio.margin is not None:
        terms = {"long": portfolio.margin.long, "short": portfolio.margin.short}
        head["margin"] = {name: percentage_text(part) for name, part in terms.items()}
    if portfolio.nav is not None:
        head["nav"] = _nav(portfolio.nav)
    return head


def _nav(nav: NetAssetValue) -> Values:
    tolerance = {"tolerance": percentage_text(nav.tolerance)}
    return {
        "value": plain_number(nav.value),
        **({} if nav.date is None else {"date": nav.date}),
        **({"source": nav.source} if nav.source else {}),
        **({} if nav.tolerance == NetAssetValue(nav.value).tolerance else tolerance),
    }


def _limit(limit: Any) -> Values:
    named = {"name": limit.name} if limit.name else {}
    return {
        **named,
        "scenario": limit.scenario,
        "max_loss": percentage_text(limit.max_loss),
        "of": limit.of,
        **({} if limit.warning is None else {"warning": percentage_text(limit.warning)}),
        **({"owner": limit.owner} if limit.owner else {}),
    }


def _row(portfolio: Portfolio, row: int) -> Values:
    positions = portfolio.positions
    instrument = portfolio.instruments[int(positions.instrument[row])]
    values: Values = {"id": positions.ids[row], "type": instrument.tag, **spec_values(instrument.spec)}
    quantity, weight = float(positions.quantity[row]), float(positions.weight[row])
    if math.isnan(quantity):
        values["weight"] = percentage_text(weight)
    else:
        values["quantity"] = plain_number(quantity)
    if positions.names and positions.names[row]:
        values["name"] = positions.names[row]
    lots = positions.lots.get(row, ())
    if len(lots) == 1 and lots[0].date is None:
        values["cost_price"] = plain_number(lots[0].price)
    elif lots:
        values["lots"] = [_lot(lot) for lot in lots]
    if instrument.stated is not None:
        values["stated_value"] = plain_number(instrument.stated.value)
        values["stated_date"] = instrument.stated.date
    if instrument.proxy:
        values["proxy"] = instrument.proxy
    tags = {name: cells[row] for name, cells in positions.tags.items() if cells[row]}
    return values | ({"tags": tags} if tags else {})


def _lot(lot: Lot) -> Values:
    dated = {} if lot.date is None else {"date": lot.date}
    return {"quantity": plain_number(lot.quantity), "price": plain_number(lot.price), **dated}


def _flat(row: Values) -> Values:
    """Return a position's values with its tags as columns of their own; a nested value has no column.

    Lots become the one price that they cost on average.
    """
    tags = row.get("tags", {})
    flat = {name: value for name, value in row.items() if name not in ("tags", "lots")}
    if row.get("lots"):
        cost = math.fsum(lot["quantity"] * lot["price"] for lot in row["lots"])
        flat["cost_price"] = plain_number(cost / math.fsum(lot["quantity"] for lot in row["lots"]))
    nested = [name for name, value in flat.items() if isinstance(value, Mapping | list)]
    if nested:
        got = f"{', '.join(nested)} of position {row['id']!r}, which fits into no cell of a table"
        raise InputError([Problem("ST147", got, "a document: .yaml")])
    flat |= {TAG_PREFIX + name: value for name, value in tags.items()}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in flat.items()}
