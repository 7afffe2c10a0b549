"""Portfolios written as files that the readers of portfolios take back: YAML documents, position tables."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from os import PathLike
from pathlib import Path
from typing import Annotated, Any, TypeAlias, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from stresstest.io.cells import TextCell
from stresstest.io.model_fields import written_name
from stresstest.io.outputs import Columns, write_atomically, write_table
from stresstest.io.scalars import plain_scalar
from stresstest.portfolio.model import Portfolio
from stresstest.portfolio.tables import TAG_PREFIX
from stresstest.quantity import Tenor

Values: TypeAlias = dict[str, Any]

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_PERCENTAGE = re.compile(r"-?[0-9.]+%")
_DOCUMENTS = (".yaml", ".yml")
_LONGEST_EXACT = 2.0**53


def write_portfolio(path: str | PathLike[str], portfolio: Portfolio, *, force: bool = False) -> None:
    """Write `portfolio` to a YAML document, or as a position table where the suffix says so.

    A table holds positions only: currency, limits and notes have no place there.

    Raises
    ------
    InputError
        For another suffix than those that portfolios have, or a place that cannot be written.
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
    lines = [f"{key}: {_text(value)}" for key, value in _head(portfolio).items()]
    lines.append("positions:")
    lines += [f"  - {_text(row)}" for row in position_rows(portfolio)]
    if portfolio.limits:
        lines.append("limits:")
        lines += [f"  - {_text(_limit(limit))}" for limit in portfolio.limits]
    return "\n".join(lines) + "\n"


def position_columns(portfolio: Portfolio) -> Columns:
    """Return the positions as columns of a table, as `table_positions` reads them; a blank is no value."""
    rows = [_flat(row) for row in position_rows(portfolio)]
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}


def position_rows(portfolio: Portfolio) -> list[Values]:
    """Return each position as a document's values, its fields in the order id, type, terms, amount, rest."""
    return [_row(portfolio, row) for row in range(len(portfolio.positions))]


def spec_values(spec: BaseModel) -> Values:
    """Return contract terms as a document writes them, those at their defaults left out."""
    fields = type(spec).model_fields
    return {
        written_name(name, field): _written(getattr(spec, name), as_text=_is_text(field))
        for name, field in fields.items()
        if getattr(spec, name) is not None and getattr(spec, name) != field.get_default()
    }


def percentage_text(value: float) -> str:
    """Return a decimal as a percentage that reads back as the same double.

    Examples
    --------
    >>> percentage_text(0.0925), percentage_text(-0.1), percentage_text(1e-7)
    ('9.25%', '-10%', '0.00001%')
    """
    text = f"{Decimal(repr(value)) * 100:f}"
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"


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
        head["total"] = {"value": _number(portfolio.total), "currency": portfolio.currency}
    nav = portfolio.nav
    if nav is not None:
        dated = {} if nav.date is None else {"date": nav.date}
        head["nav"] = {"value": _number(nav.value), **dated, **({"source": nav.source} if nav.source else {})}
    return head


def _limit(limit: Any) -> Values:
    named = {"name": limit.name} if limit.name else {}
    return {
        **named,
        "scenario": limit.scenario,
        "max_loss": percentage_text(limit.max_loss),
        "of": limit.of,
    }


def _row(portfolio: Portfolio, row: int) -> Values:
    positions = portfolio.positions
    instrument = portfolio.instruments[int(positions.instrument[row])]
    values: Values = {"id": positions.ids[row], "type": instrument.tag, **spec_values(instrument.spec)}
    quantity, weight = float(positions.quantity[row]), float(positions.weight[row])
    if math.isnan(quantity):
        values["weight"] = percentage_text(weight)
    else:
        values["quantity"] = _number(quantity)
    if positions.names and positions.names[row]:
        values["name"] = positions.names[row]
    if instrument.stated is not None:
        values["stated_value"] = _number(instrument.stated.value)
        values["stated_date"] = instrument.stated.date
    if instrument.proxy:
        values["proxy"] = instrument.proxy
    tags = {name: cells[row] for name, cells in positions.tags.items() if cells[row]}
    return values | ({"tags": tags} if tags else {})


def _flat(row: Values) -> Values:
    """Return a position's values with its tags as columns of their own; a nested value has no column."""
    tags = row.get("tags", {})
    flat = {name: value for name, value in row.items() if name != "tags"}
    nested = [name for name, value in flat.items() if isinstance(value, Mapping | list)]
    if nested:
        raise ValueError(f"{', '.join(nested)} of position {row['id']!r} fits into no cell; write YAML")
    flat |= {TAG_PREFIX + name: value for name, value in tags.items()}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in flat.items()}


def _is_text(field: FieldInfo) -> bool:
    """Tell whether documents write the field as text with a unit, like `9.25%`."""
    return any(isinstance(item, TextCell) for item in field.metadata) or any(
        isinstance(item, TextCell) for item in _metadata(field.annotation)
    )


def _metadata(annotation: Any) -> Iterator[Any]:
    arguments = get_args(annotation)
    if get_origin(annotation) is Annotated:
        yield from arguments[1:]
    for argument in arguments:
        yield from _metadata(argument)


def _written(value: Any, *, as_text: bool) -> Any:
    if isinstance(value, BaseModel):
        return spec_values(value)
    if isinstance(value, Mapping):
        return {_key(key): _written(item, as_text=as_text) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_written(item, as_text=as_text) for item in value]
    if isinstance(value, float):
        return percentage_text(value) if as_text else _number(value)
    return _key(value)


def _key(value: Any) -> Any:
    if isinstance(value, Tenor):
        return value.text
    if isinstance(value, Enum):
        return value.value
    return value


def _number(value: float) -> int | float:
    """Return a whole number as an integer: nobody writes `100.0` shares."""
    return int(value) if value.is_integer() and abs(value) < _LONGEST_EXACT else value


def _text(value: Any) -> str:
    """Return a value in YAML's flow style: what is quoted is spelled as JSON spells it."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(key)}: {_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(_text, value)) + "]"
    if isinstance(value, str) and not (_PLAIN.fullmatch(value) and plain_scalar(value) == value):
        return value if _PERCENTAGE.fullmatch(value) else json.dumps(value, ensure_ascii=False)
    return json.dumps(value) if isinstance(value, bool | int | float) else str(value)
