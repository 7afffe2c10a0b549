"""A market in words: its date, what its numbers rest on, and what an extension states over its snapshot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from stresstest.cli.terminal import HEAD, plain_table, safe
from stresstest.io.document import read_document
from stresstest.io.resources import find_in_library
from stresstest.market.folder import MARKET_FILE
from stresstest.market.keys import RiskFactorKey
from stresstest.market.loading import load_market
from stresstest.market.snapshot import MarketSnapshot


@dataclass(frozen=True, slots=True)
class ExplainedMarket:
    """A market and, where it extends a snapshot, that name and the levels and issuers that it adds to it.

    `own` and `issuers` are empty for a snapshot.
    """

    market: MarketSnapshot
    extends: str
    own: Mapping[RiskFactorKey, float]
    issuers: tuple[str, ...]


def is_market(name: str) -> bool:
    """Tell whether `name` is a shipped market or a folder that holds one."""
    return find_in_library("markets", name) is not None or (Path(name) / MARKET_FILE).is_file()


def explained_market(name: str) -> ExplainedMarket:
    """Return the market called `name`; raise `InputError` with everything that is wrong with it."""
    market = load_market(name)
    folder = find_in_library("markets", name) or Path(name)
    data: Any = read_document(folder / MARKET_FILE).data
    extends = str(data.get("extends", ""))
    if not extends:
        return ExplainedMarket(market, "", {}, ())
    beside = folder.resolve().parent / extends
    below = load_market(extends if find_in_library("markets", extends) else beside)
    own = {key: level for key, level in market.levels.items() if below.levels.get(key) != level}
    issuers = tuple(issuer for issuer in market.issuers if issuer not in below.issuers)
    return ExplainedMarket(market, extends, own, issuers)


def market_document(found: ExplainedMarket) -> dict[str, Any]:
    """Return what is said of a market as JSON has it."""
    market = found.market
    return {
        "schema": "stresstest/explanation/1",
        "market": market.name,
        "title": market.title,
        "as_of": market.as_of.isoformat(),
        "extends": found.extends or None,
        "issuers": len(market.issuers),
        "levels": len(market.levels),
        "levels_by_class": _by_class(market),
        "own_issuers": list(found.issuers),
        "own_levels": [_level(market, key, level) for key, level in found.own.items()],
        "notes": list(market.notes),
    }


def print_market(console: Console, found: ExplainedMarket) -> None:
    """Print what is said of a market."""
    market = found.market
    console.print(safe(f"{market.name}  {market.title}", HEAD))
    console.print(f"as of {market.as_of}: {len(market.issuers):,} issuers, {len(market.levels):,} levels")
    shown = ", ".join(f"{count:,} {name}" for name, count in _by_class(market).items())
    console.print(safe(f"levels rest on: {shown}"))
    if found.extends:
        console.print()
        console.print(safe(f"extends {found.extends}; used only where it is named; over it stands:"))
        console.print(safe(f"issuers: {', '.join(found.issuers) or 'none'}"))
        table = plain_table([("level", "left"), ("", "right"), ("class", "left"), ("why", "left")])
        for key, level in found.own.items():
            row = _level(market, key, level)
            table.add_row(
                *(safe(text) for text in (row["factor"], f"{level:.6g}", row["class"], row["note"]))
            )
        console.print(table)
    for note in market.notes:
        console.print(safe(f"Note: {note}"))


def _by_class(market: MarketSnapshot) -> dict[str, int]:
    return dict(Counter(evidence.basis_class for evidence in market.provenance.values()).most_common())


def _level(market: MarketSnapshot, key: RiskFactorKey, level: float) -> dict[str, Any]:
    evidence = market.provenance[key]
    return {
        "factor": str(key),
        "level": level,
        "class": evidence.basis_class,
        "date": evidence.as_of.isoformat(),
        "source": evidence.source,
        "note": evidence.note,
    }
