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
    """Something that a command line can name, with one line on it and where it lies.

    Attributes
    ----------
    status, owner, valid_until
        Of scenarios, sets and hedge policies, as far as their files state them.
    """

    name: str
    title: str
    path: str
    status: str = ""
    owner: str = ""
    valid_until: str = ""


def entries(kind: str) -> list[Entry]:
    """Return everything of `kind`: shocks, sets, networks, portfolios, hedges, jobs, markets, instruments."""
    if kind == "instruments":
        types = instrument_types(outside=True).items()
        return [Entry(tag, type_.summary, type_.spec.__module__) for tag, type_ in types]
    return [_entry(kind, name, path) for name, path in names(kind)]


def _entry(kind: str, name: str, path: Path) -> Entry:
    file = path / MARKET_FILE if path.is_dir() else path
    if file.suffix == ".csv":
        return Entry(name, "a table of positions", str(path))
    try:
        data: Any = read_document(file).data
    except InputError as error:
        return Entry(name, f"cannot be read: {error.problems[0].got}", str(path))
    if not isinstance(data, dict):
        return Entry(name, "", str(path))
    title = str(data.get("title", ""))
    if kind in ("shocks", "hedges") and "horizon" in data:
        title = f"{title} ({data['horizon']})"
    if kind not in GOVERNED:
        return Entry(name, title, str(path))
    return Entry(name, title, str(path), *(str(data.get(field) or "") for field in _GOVERNANCE))


GOVERNED = ("shocks", "sets", "hedges")
"""Kinds of files that somebody answers for."""

_GOVERNANCE = ("status", "owner", "valid_until")
