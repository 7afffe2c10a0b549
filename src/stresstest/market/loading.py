"""Markets by name, folder or table, layered: a later source adds to the earlier ones and replaces."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from stresstest.errors import InputError, Location, Problem, ProblemList, nearest
from stresstest.io.resources import find_in_library, names
from stresstest.market.assembly import assemble
from stresstest.market.draft import MarketDraft
from stresstest.market.folder import MARKET_FILE, read_folder
from stresstest.market.model_source import MODEL_FILE, ModelFile
from stresstest.market.overlays import read_overlay
from stresstest.market.snapshot import MarketSnapshot

_TABLE_SUFFIXES = (".csv", ".parquet", ".xlsx")


def load_market(sources: str | Path | Sequence[str | Path]) -> MarketSnapshot:
    """Return the market that `sources` make together, the first one a market folder.

    A source is the name of a shipped market (`2025-10-03`), a folder with a `market.yaml`, or a table of
    one's own prices (`issuer, close, …`), or a folder with nothing but a factor model. Levels, attributes and
    themes are replaced one by one; a link, a surface, a curve and a factor model as a whole.

    Raises
    ------
    InputError
        With every problem of every source.
    """
    wanted = [sources] if isinstance(sources, str | Path) else list(sources)
    problems = ProblemList()
    draft: MarketDraft | None = None
    for position, source in enumerate(wanted):
        path = _find(source, problems)
        if path is None:
            continue
        if draft is not None and _is_model(path):
            draft.factor_model = ModelFile(path / MODEL_FILE, draft.as_of)
        elif path.is_dir():
            draft = read_folder(path, draft, problems)
        elif draft is not None:
            read_overlay(path, draft, problems)
        elif position == 0:
            got = f"table {str(source)!r} with no market below it"
            problems.add(Problem("ST221", got, "a market first: --market 2025-10-03 --market FILE.csv"))
    if not wanted:
        problems.add(Problem("ST221", "no market", "at least one market"))
    if draft is None:
        problems.raise_if_any()
        raise InputError([Problem("ST221", "no market", "at least one market")])
    return assemble(" + ".join(_shown(source) for source in wanted), draft)


def _is_model(path: Path) -> bool:
    """Tell whether a folder holds a factor model and no market, as `stresstest market build` leaves it."""
    return (path / MODEL_FILE).is_file() and not (path / MARKET_FILE).exists()


def _shown(source: str | Path) -> str:
    """Return how the market's name spells a source."""
    path = Path(source)
    return path.parent.name if path.name == MARKET_FILE else path.name


def _find(source: str | Path, problems: ProblemList) -> Path | None:
    """Return the folder or the table that `source` names, or None after adding that there is none.

    Text without a folder and a suffix is a name, and looked for in the library first.
    """
    path = Path(source)
    is_name = (
        isinstance(source, str) and path.name == source and path.suffix not in (*_TABLE_SUFFIXES, ".yaml")
    )
    found = find_in_library("markets", source) if is_name and isinstance(source, str) else None
    if found is not None:
        return found
    path = path.parent if path.name == MARKET_FILE else path
    if path.is_dir():
        return path
    if path.suffix in _TABLE_SUFFIXES:
        return path
    known = [name for name, _ in names("markets")]
    expected = "a shipped market, a folder with market.yaml, or a table of prices"
    location = Location("" if is_name else str(source))
    problems.add(Problem("ST200", f"market {str(source)!r}", expected, location, nearest(path.name, known)))
    return None
