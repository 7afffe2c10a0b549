"""What a reader must know of options: long horizons without time decay, crashes with flat vols."""

from __future__ import annotations

from collections.abc import Sequence

from stresstest.market.arbitrage import arbitrage_notes, surfaces
from stresstest.market.keys import RiskFactorKey
from stresstest.portfolio.binding import BoundInstrument
from stresstest.portfolio.book import Book
from stresstest.quantity import parse_horizon
from stresstest.scenarios.columns import FactorColumns
from stresstest.scenarios.scenario import Scenario

LONGEST_INSTANT_YEARS = 1.0 / 12.0
"""Horizon above which an instant revaluation of options needs a word."""

MOST_NAMED = 5
"""Scenarios named in one notice."""

MOST_COLUMNS = 64
"""Columns whose surfaces are looked at; a sampled set has thousands."""

VOL_KINDS = ("implied_vol", "normal_vol")
"""Kinds of factors that make an option of what depends on them."""

LARGE_FALL = 0.8
"""Ratio of spot to its base below which implied vols that stay where they were need a word."""


def option_notices(book: Book, scenarios: Sequence[Scenario], columns: FactorColumns) -> tuple[str, ...]:
    """Return notices on the options of `book`, empty where it holds none.

    An instrument is an option where its value depends on an implied vol of the market, of a price or of a
    rate; a bond that is called at a vol of its own terms is none here.
    """
    options = [item for item in book.instruments if _is_option(item)]
    if not options:
        return ()
    notices = []
    long = [
        f"{scenario.name} ({scenario.horizon})"
        for scenario in scenarios
        if scenario.timing == "instant" and parse_horizon(scenario.horizon).years > LONGEST_INSTANT_YEARS
    ]
    if long:
        more = f" and {len(long) - MOST_NAMED} more" if len(long) > MOST_NAMED else ""
        which = "1 option is" if len(options) == 1 else f"{len(options)} options are"
        its = "its" if len(options) == 1 else "their"
        notices.append(
            f"{which} revalued today, before {its} time value decays, under horizons "
            f"of more than a month: {', '.join(long[:MOST_NAMED])}{more}"
        )
    notices += _arbitrage(book, columns)
    notices += _flat_vol_notices(columns, [item.requirements.factors for item in options])
    return tuple(dict.fromkeys(notices))


def _is_option(item: BoundInstrument) -> bool:
    return any(key.kind in VOL_KINDS for key in item.requirements.factors)


def _flat_vol_notices(columns: FactorColumns, options: Sequence[Sequence[RiskFactorKey]]) -> list[str]:
    """Return a notice for each scenario in which spots fall far and implied vols stay, on whatever date."""
    flat: dict[str, dict[str, None]] = {}
    for column, name in enumerate(columns.table.scenario[: MOST_COLUMNS + 1]):
        found = _flat_vol_underlyings(columns, options, column)
        if found:
            flat.setdefault(name, {}).update(dict.fromkeys(found))
    return [
        f"{name}: spot falls by a fifth or more with flat implied vols for {', '.join(found)}"
        for name, found in flat.items()
    ]


def _arbitrage(book: Book, columns: FactorColumns) -> list[str]:
    """Return a notice for each scenario whose moved surfaces allow arbitrage where the base does not."""
    market = book.market
    smiles = {name: market.smiles[name] for name in _underlyings(book) if name in market.smiles}
    keys = [key for smile in smiles.values() for key in (*smile.keys(),)]
    before = set(arbitrage_notes(surfaces(smiles, market.levels)))
    notices = []
    for column, scenario in enumerate(columns.table.scenario[: MOST_COLUMNS + 1]):
        moved = {
            key: float(columns.moved[key][column]) if key in columns.moved else market.levels[key]
            for key in keys
        }
        found = [note for note in arbitrage_notes(surfaces(smiles, moved)) if note not in before]
        if found:
            more = f", and {len(found) - 1} more" if len(found) > 1 else ""
            notices.append(f"{scenario}: {found[0].removeprefix('implied vols of ')}{more}")
    return notices


def _underlyings(book: Book) -> list[str]:
    vols = (key for item in book.instruments for key in _vols(item.requirements.factors))
    return list(dict.fromkeys(key.name for key in vols))


def _vols(keys: Sequence[RiskFactorKey]) -> list[RiskFactorKey]:
    return [key for key in keys if key.kind == "implied_vol"]


def _flat_vol_underlyings(
    columns: FactorColumns, options: Sequence[Sequence[RiskFactorKey]], column: int
) -> list[str]:
    """Return the underlyings whose spot falls far in `column` while no implied vol of theirs moves."""

    def ratio(key: RiskFactorKey) -> float:
        row = columns.moved.get(key)
        return 1.0 if row is None else float(row[column]) / columns.base[key]

    found: dict[str, None] = {}
    for keys in options:
        fell = [key.name for key in keys if key.kind == "spot" and ratio(key) <= LARGE_FALL]
        if fell and all(ratio(key) == 1.0 for key in _vols(keys)):
            found.update(dict.fromkeys(fell))
    return list(found)
