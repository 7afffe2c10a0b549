"""Where the library of shipped shocks, portfolios and markets lies, and what is in it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from stresstest.errors import InputError, Problem, ResourceError, nearest
from stresstest.io.relocation import archived_library

_FOLDERS: dict[str, str] = {
    "shocks": "shocks",
    "networks": "shocks/networks",
    "sets": "shocks/sets",
    "portfolios": "portfolios",
    "markets": "portfolios/markets",
    "hedges": "portfolios/hedges",
    "jobs": "portfolios/jobs",
}
_SUFFIXES: dict[str, tuple[str, ...]] = {"portfolios": (".yaml", ".csv")}
_MARKET_FILE = "market.yaml"
_PACKAGE = Path(__file__).resolve().parent.parent


def library_path(kind: str) -> Path:
    """Return the folder of `kind`: the packaged copy, or else the checkout's.

    Parameters
    ----------
    kind
        `shocks`, `portfolios`, `markets`, `networks`, `sets`, `hedges` or `jobs`; its folder may not exist.

    Inside `relocation.reading_from` it is that of the copies.

    Raises
    ------
    ResourceError
        When the installation holds no library at all.
    """
    archived = archived_library()
    return (archived or shipped_library()) / _FOLDERS[kind]


def shipped_library() -> Path:
    """Return the folder that holds `shocks` and `portfolios` of this installation."""
    packaged, checkout = _PACKAGE / "_data", _PACKAGE.parent.parent
    for root in (packaged, checkout):
        if (root / "shocks").is_dir() and (root / "portfolios").is_dir():
            return root
    raise ResourceError(f"the installation at {_PACKAGE} has no library of shocks and portfolios")


def names(kind: str) -> list[tuple[str, Path]]:
    """Return name and path of everything of `kind` in the library, by name."""
    folder = library_path(kind)
    if not folder.is_dir():
        return []
    if kind == "markets":
        found = [(path.name, path) for path in folder.iterdir() if (path / _MARKET_FILE).is_file()]
    else:
        suffixes = _SUFFIXES.get(kind, (".yaml",))
        found = [(path.stem, path) for path in folder.iterdir() if path.suffix in suffixes and path.is_file()]
    return sorted(found)


def default_market() -> tuple[str, ...]:
    """Return the name of the newest shipped snapshot; none where none is shipped.

    Snapshots have ISO dates for names. A market with another name extends one, holds what came to be known
    after it, and is used only where it is named.
    """
    return tuple([name for name, _ in names("markets") if _is_day(name)][-1:])


def _is_day(name: str) -> bool:
    try:
        return date.fromisoformat(name).isoformat() == name
    except ValueError:
        return False


def find_in_library(kind: str, name: str) -> Path | None:
    """Return the path of the entry of `kind` called `name`, or None; no path is made from `name`."""
    return next((path for known, path in names(kind) if known == name), None)


def shipped_file(kind: str, name: str, code: str, what: str, expected: str) -> Path:
    """Return the path of the entry of `kind` called `name`.

    Raises
    ------
    InputError
        `code` for a `what` that the library lacks, with the name that is spelt most like it.
    """
    found = find_in_library(kind, name)
    if found is None:
        near = nearest(name, [known for known, _ in names(kind)])
        raise InputError([Problem(code, f"{what} {name!r}", expected, suggestion=near)])
    return found
