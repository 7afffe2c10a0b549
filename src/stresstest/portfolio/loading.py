"""Portfolio files: YAML documents, and position tables in CSV, Parquet or Excel."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from stresstest.errors import InputError, Location, Problem, ProblemList
from stresstest.io.document import Document, parse_document, read_document
from stresstest.io.resources import shipped_file
from stresstest.io.tables import read_table
from stresstest.io.validation import validate
from stresstest.portfolio.assembly import PositionCollector, weight_left, with_remainder
from stresstest.portfolio.model import Limit, MarginTerms, NetAssetValue, Portfolio, Positions
from stresstest.portfolio.position_fields import instrument_type_at, unknown_fields
from stresstest.portfolio.spec import POSITION_FIELDS, LimitSpec, PortfolioHead, PositionHead
from stresstest.portfolio.tables import no_positions, table_positions

TABLE_SUFFIXES = (".csv", ".parquet", ".xlsx")

Source = str | PathLike[str]


def load_portfolio(source: Source) -> Portfolio:
    """Return the portfolio of a file, or of a name of the shipped library.

    Raises
    ------
    InputError
        With everything that is wrong in the file, each with line and column.
    """
    path = find_portfolio(source)
    if path.suffix.lower() in TABLE_SUFFIXES:
        return _from_table(path)
    return _from_document(path)


def load_portfolios(*sources: Source) -> tuple[Portfolio, ...]:
    """Return the portfolios of `sources`, in order; their names must differ.

    Raises
    ------
    InputError
        With everything that is wrong in all of them.
    """
    problems = ProblemList()
    loaded: dict[str, Portfolio] = {}
    for source in sources:
        try:
            portfolio = load_portfolio(source)
        except InputError as error:
            problems.extend(error.problems)
            continue
        if portfolio.name in loaded:
            got = f"portfolio name {portfolio.name!r} stands twice"
            problems.add(Problem("ST266", got, "a unique name", Location(portfolio.file)))
        loaded[portfolio.name] = portfolio
    problems.raise_if_any()
    return tuple(loaded.values())


def build_portfolio(data: Mapping[str, Any]) -> Portfolio:
    """Return the portfolio that `data` describes: what a YAML file would hold, as Python values.

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    >>> shares = {"id": "nvda", "type": "equity", "issuer": "NVDA", "quantity": 100}
    >>> fund = {"version": 1, "name": "mine", "currency": "USD", "positions": [shares]}
    >>> build_portfolio(fund).positions.ids
    ('nvda',)
    """
    return _from_data(Document("", dict(data), {}, (0, 0)))


def parse_positions(text: str, file: str, name: str, currency: str) -> Portfolio:
    """Return a portfolio of the positions that `text` lists, as they would stand below `positions:`.

    Parameters
    ----------
    file
        What problems call the text.
    name, currency
        Of the portfolio.

    Raises
    ------
    InputError
        With everything that is wrong, each with line and column in the text.

    Examples
    --------
    >>> found = parse_positions("- {id: a, type: cash, currency: USD, quantity: 5}", "trade", "mine", "USD")
    >>> found.positions.ids
    ('a',)
    """
    written = parse_document(text, file)
    if not isinstance(written.data, list):
        # A text here would name a file of positions, and be read.
        where = written.location(())
        raise InputError([Problem("ST152", "positions that are no list", "one line `- {...}` each", where)])
    head = {"version": 1, "name": name, "currency": currency}
    return _from_data(written.under("positions", head))


def find_portfolio(source: Source) -> Path:
    """Return the file that `source` names: a path, or a name of the library."""
    path = Path(source)
    if path.suffix or path.exists() or len(path.parts) > 1:
        return path
    return shipped_file("portfolios", str(source), "ST267", "portfolio", "a file or a shipped name")


def _from_document(path: Path) -> Portfolio:
    return _from_data(read_document(path))


def _from_data(document: Document) -> Portfolio:
    if not isinstance(document.data, dict):
        where = document.location(())
        raise InputError([Problem("ST152", "a document that is no mapping", "a portfolio", where)])
    problems = ProblemList()
    data = {key: value for key, value in document.data.items() if key != "positions"}
    head = validate(PortfolioHead, data, document.locator(), problems)
    if "positions" not in document.data:
        problems.add(
            Problem("ST151", "missing field 'positions'", "a list of positions", document.location(()))
        )
    written = document.data.get("positions", [])
    if isinstance(written, str):
        return _with_table(document, head, problems)
    if not isinstance(written, list):
        where = document.location(("positions",))
        problems.add(Problem("ST152", "positions that are no list", "a list, or a table's file name", where))
        written = []
    return _with_positions(document, written, head, problems)


def _with_positions(
    document: Document, written: list[Any], head: PortfolioHead | None, problems: ProblemList
) -> Portfolio:
    """Return the portfolio whose positions stand in the document itself."""
    collector = PositionCollector(problems)
    if written == [] and not len(problems):
        problems.add(no_positions(document.location(("positions",))))
    for row, item in enumerate(written):
        _collect(document, row, item, collector, problems)
    if head is not None:
        collector.add_remainder(head, document.location(("positions",), key=True))
    problems.raise_if_any()

    def locate(position: int, field: str) -> Location:
        return document.location(("positions", position, field))

    return _portfolio(head, document, (collector.instruments(), collector.positions(locate)))


def _with_table(document: Document, head: PortfolioHead | None, problems: ProblemList) -> Portfolio:
    """Return the portfolio whose positions stand in a table beside the document."""
    try:
        found = table_positions(read_table(Path(document.file).parent / document.data["positions"]))
    except InputError as error:
        raise InputError([*problems, *error.problems]) from None
    if head is not None:
        weights = [weight for weight in found[1].weight.tolist() if not isnan(weight)]
        left = weight_left(weights, head, document.location(("positions",), key=True), problems)
        if left > 0.0:
            found = with_remainder(*found, left, head.currency)
    problems.raise_if_any()
    return _portfolio(head, document, found)


def _collect(
    document: Document, row: int, item: Any, collector: PositionCollector, problems: ProblemList
) -> None:
    """Add position `row` of the document to `collector`, or what is wrong with it to `problems`."""
    locate = document.locator("positions", row)
    if not isinstance(item, dict):
        problems.add(Problem("ST152", "a position that is no mapping", "id, type, quantity, …", locate(())))
        return
    head = validate(PositionHead, {k: v for k, v in item.items() if k in POSITION_FIELDS}, locate, problems)
    type_ = instrument_type_at(item.get("type"), lambda field: locate((field,)), problems)
    if type_ is None:
        return
    fields = type_.spec.model_fields
    problems.extend(unknown_fields(item, type_, lambda field: locate((field,), key=True)))
    spec = validate(type_.spec, {k: v for k, v in item.items() if k in fields}, locate, problems)
    if head is not None and spec is not None:
        collector.add(head, spec, lambda field: locate((field,)))


def limit_of(spec: LimitSpec, location: Location) -> Limit:
    """Return the limit that `spec`, written at `location`, describes."""
    return Limit(spec.scenario, spec.max_loss, spec.of, spec.name, location, spec.warning, spec.owner)


def _portfolio(head: PortfolioHead | None, document: Document, found: tuple[Any, Positions]) -> Portfolio:
    if head is None:
        raise ValueError("a portfolio without a head has problems")
    limits = tuple(limit_of(item, document.location(("limits", row))) for row, item in enumerate(head.limits))
    nav = NetAssetValue(**head.nav.model_dump()) if head.nav else None
    return Portfolio(
        name=head.name,
        currency=head.currency,
        instruments=found[0],
        positions=found[1],
        title=head.title,
        limits=limits,
        margin=MarginTerms(head.margin.long, head.margin.short) if head.margin else None,
        nav=nav,
        total=head.total.value if head.total else None,
        remainder=head.remainder,
        market=head.market,
        notes=head.notes,
        source=head.source if isinstance(head.source, str) else "; ".join(head.source),
        file=document.file,
    )


def _from_table(path: Path) -> Portfolio:
    instruments, positions = table_positions(read_table(path))
    weighted = np.flatnonzero(~np.isnan(positions.weight))
    if weighted.size:
        where = positions.locate(int(weighted[0]), "weight")
        expected = "quantities; or a YAML file with total: {value, currency} and positions: " + path.name
        raise InputError([Problem("ST257", "weights without a total", expected, where)])
    return Portfolio(path.stem, "", instruments, positions, file=str(path))
