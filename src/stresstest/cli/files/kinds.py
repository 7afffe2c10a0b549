"""What kind of thing a file is, by the key that its kind requires: portfolio, scenario, network, market."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from stresstest.errors import InputError, Location, Problem, nearest
from stresstest.io.document import read_document
from stresstest.io.resources import find_in_library, names
from stresstest.io.tables import read_table
from stresstest.market.folder import MARKET_FILE

TABLES = (".csv", ".parquet", ".xlsx")
_DOCUMENTS = (".yaml", ".yml")

_KINDS = {
    "positions": "portfolio",
    "shocks": "scenario",
    "include": "scenario",
    "steps": "scenario",
    "events": "scenario",
    "replay": "scenario",
    "members": "scenario",
    "nodes": "network",
    "universe": "hedge policy",
    "portfolios": "batch job",
    "issuers": "market",
}
_LIBRARY = {
    "portfolios": "portfolio",
    "shocks": "scenario",
    "sets": "scenario",
    "networks": "network",
    "markets": "market",
    "hedges": "hedge policy",
    "jobs": "batch job",
}


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file or folder of a kind: portfolio, scenario, network, hedge policy, batch job, market or prices."""

    path: Path
    kind: str


def is_document_of(name: str, library: str, key: str) -> bool:
    """Tell whether `name` is shipped in a part of the library, or a YAML file whose document has a key."""
    path = Path(name)
    if path.suffix in _DOCUMENTS and path.is_file():
        try:
            data = read_document(path).data
        except InputError:
            return False
        return isinstance(data, dict) and key in data
    return find_in_library(library, name) is not None


def known_files(text: str) -> list[KnownFile]:
    """Return what a path or a shipped name stands for; a folder of scenarios gives one entry a file.

    Raises
    ------
    InputError
        When nothing is there, or nothing that is known.
    """
    path = Path(text)
    if path.is_dir():
        if (path / MARKET_FILE).is_file():
            return [KnownFile(path, "market")]
        found = sorted(file for file in path.iterdir() if file.suffix in (".yaml", ".yml"))
        if not found:
            where = Location(text)
            raise InputError(
                [Problem("ST406", "a folder without YAML files", "a market or scenarios", where)]
            )
        return [_known_file(file) for file in found]
    if path.suffix or path.exists() or len(path.parts) > 1:
        return [_known_file(path)]
    return _shipped(text)


def _shipped(name: str) -> list[KnownFile]:
    """Return everything that is shipped under a name: a portfolio and a policy may share one."""
    places = ((find_in_library(folder, name), kind) for folder, kind in _LIBRARY.items())
    found = [KnownFile(path, kind) for path, kind in places if path is not None]
    if found:
        return found
    known = [entry for folder in _LIBRARY for entry, _ in names(folder)]
    raise InputError(
        [Problem("ST401", f"{name!r}", "a file, or a shipped name", suggestion=nearest(name, known))]
    )


def _known_file(path: Path) -> KnownFile:
    if path.suffix.lower() in TABLES:
        columns = read_table(path).columns
        return KnownFile(path, "prices" if "close" in columns and "type" not in columns else "portfolio")
    document = read_document(path)
    data = document.data if isinstance(document.data, dict) else {}
    for key, kind in _KINDS.items():
        if key in data:
            return KnownFile(path.parent if kind == "market" else path, kind)
    expected = "a key that shows its kind: " + ", ".join(f"{key} ({kind})" for key, kind in _KINDS.items())
    for key in data:
        close = nearest(key, _KINDS)
        if close:
            where = document.location((key,), key=True)
            raise InputError([Problem("ST406", f"a file with key {key!r}", expected, where, close)])
    got = f"a file of no known kind ({_keys(data)})"
    raise InputError([Problem("ST406", got, expected, document.location(()))])


def _keys(data: dict[str, object]) -> str:
    return "its keys: " + ", ".join(list(data)[:8]) if data else "no keys"
