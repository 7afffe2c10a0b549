"""What is at hand: shipped shocks, networks, portfolios, policies, jobs, markets, and instrument types."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stresstest.catalog import instrument_types
from stresstest.errors import InputError
from stresstest.io.document import read_document
from stresstest.io.resources import names
from stresstest.market.folder import MARKET_FILE


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that a command line can name, with one line on it and where it lies."""

    name: str
    title: str
    path: str


def entries(kind: str) -> list[Entry]:
    """Return everything of `kind`: shocks, sets, networks, portfolios, hedges, jobs, markets, instruments."""
    if kind == "instruments":
        types = instrument_types(outside=True).items()
        return [Entry(tag, type_.summary, type_.spec.__module__) for tag, type_ in types]
    return [Entry(name, _title(kind, path), str(path)) for name, path in names(kind)]


def _title(kind: str, path: Path) -> str:
    file = path / MARKET_FILE if path.is_dir() else path
    if file.suffix == ".csv":
        return "a table of positions"
    try:
        data: Any = read_document(file).data
    except InputError as error:
        return f"cannot be read: {error.problems[0].got}"
    if not isinstance(data, dict):
        return ""
    title = str(data.get("title", ""))
    return f"{title} ({data['horizon']})" if kind in ("shocks", "hedges") and "horizon" in data else title
