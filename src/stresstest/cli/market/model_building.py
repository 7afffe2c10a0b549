"""A factor model from a price history: built, written and told in a few lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from stresstest.errors import InputError, Problem
from stresstest.io.resources import default_market
from stresstest.market.estimation.build import BuiltModel, build_model
from stresstest.market.estimation.history import PriceHistory, read_history
from stresstest.market.estimation.issuers import issuers_for_model
from stresstest.market.estimation.windows import Windows, parse_regime, shown_windows
from stresstest.market.estimation.writing import require_free_files, write_model
from stresstest.market.loading import load_market
from stresstest.market.snapshot import MarketSnapshot


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What `market build` was asked for.

    Attributes
    ----------
    regimes
        As `NAME=FIRST..LAST,…`; none for the usual ones.
    source
        What the price history is; empty for its file name and span.
    """

    prices: str
    issuers: str | None
    folder: str
    markets: tuple[str, ...] = ()
    regimes: tuple[str, ...] = ()
    source: str = ""
    force: bool = False


def build(options: BuildOptions) -> Iterator[str]:
    """Build the model, write it and yield what a reader should know, line by line.

    Raises
    ------
    InputError
        With what is wrong with the inputs; nothing is written then.
    """
    folder = Path(options.folder)
    require_free_files(folder, options.force)
    regimes = _regimes(options.regimes)
    market = load_market(options.markets or default_market())
    issuers = issuers_for_model(market, Path(options.issuers) if options.issuers else None)
    history = read_history(Path(options.prices))
    built = build_model(history, market, issuers, regimes)
    source = options.source or _source(history)
    paths = write_model(built, folder, source, options.force)
    yield from _told(built, market)
    yield f"wrote {', '.join(path.name for path in paths)} to {folder}"
    yield f"use it as a layer: --market {market.name.split(' + ')[0]} --market {folder}"


def _regimes(texts: tuple[str, ...]) -> dict[str, Windows] | None:
    found: dict[str, Windows] = {}
    for name, windows in map(parse_regime, texts):
        if name in found:
            raise InputError([Problem("ST232", f"regime {name!r} twice", "each name once")])
        found[name] = windows
    return found or None


def _source(history: PriceHistory) -> str:
    span = f"{history.days[0]} to {history.days[-1]}"
    return f"Adjusted closes of {len(history.names)} names, {span} ({Path(history.file).name})"


def _told(built: BuiltModel, market: MarketSnapshot) -> Iterator[str]:
    model = built.model
    first, last = built.exposure_window
    yield f"{len(model.keys):,} factors of market {market.name} on {len(model.factors)} systematic ones"
    yield f"exposures of {first} to {last}"
    for name, regime in model.regimes.items():
        yield (
            f"{name}: {shown_windows(regime.windows)}; {regime.n_returns} returns, shrinkage "
            f"{regime.shrinkage:.2f}, smallest eigenvalue {regime.smallest_eigenvalue:.3f}"
        )
        if regime.note:
            yield f"  {regime.note}"
    if built.missing_factors:
        yield f"left out for want of prices: {', '.join(built.missing_factors)}"
    spots = [key for key in model.keys if key.kind == "spot"]
    lent = [key.name for key in spots if model.provenance[key].note.startswith("no history")]
    short = [key.name for key in spots if model.provenance[key].note.startswith("short history")]
    yield f"{len(spots) - len(lent)} prices from a history, {len(lent)} from names like them"
    if short:
        yield f"short histories, held to names like them: {', '.join(short)}"
    kinds = Counter(key.kind for key in built.uncovered)
    if kinds:
        counts = ", ".join(f"{kind} {count}" for kind, count in kinds.items())
        yield f"not in the model, so never propagated: {counts}"
