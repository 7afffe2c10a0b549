"""Who reads which factors: positions by what moves them, so that much can be told apart in few columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from stresstest.arrays import FloatArray, IntArray, frozen_int
from stresstest.instrument_type import Requirements
from stresstest.market.fx import FxPath, fx_factors
from stresstest.market.keys import RiskFactorKey
from stresstest.market.snapshot import MarketSnapshot
from stresstest.measures.factor_splits.moves import ScenarioMove
from stresstest.portfolio.book import Book, FxRow
from stresstest.revaluation.chunks import Chunk, exchange_rates
from stresstest.revaluation.engine import all_chunks, revaluations, revalue, run_chunks
from stresstest.revaluation.result import PortfolioResult
from stresstest.revaluation.states import States
from stresstest.scenarios.columns import FactorColumns
from stresstest.scenarios.directory import FactorDirectory


@dataclass(frozen=True, eq=False)
class Readers:
    """Distinct pairs of an instrument and the currency that it is counted in, and the players each reads.

    Attributes
    ----------
    book
        Whose instruments they are.
    instrument
        `(n_readers,)` row of `book.instruments`, ascending for each currency.
    conversion, conversions
        `(n_readers,)` place of each among the paths of exchange rates.
    positions
        By portfolio, `(n_positions,)` reader of each position.
    reads
        Players that each reads, through links and its exchange rates too.
    """

    book: Book
    instrument: IntArray
    conversion: IntArray
    conversions: tuple[FxPath, ...]
    positions: tuple[IntArray, ...]
    reads: tuple[frozenset[int], ...]

    def values(self, rows: IntArray, columns: FactorColumns, threads: int | None) -> FloatArray:
        """Return `(n_rows, n_columns)` values of one unit in the currency that it is counted in.

        Only the instruments of `rows` are valued.
        """
        used, place = np.unique(self.instrument[rows], return_inverse=True)
        if columns.table.n_slices == 1:
            unit = self._today(used, columns, threads)
        else:
            own = tuple(self.book.instruments[row] for row in used)
            unit = revalue(replace(self.book, instruments=own, portfolios=()), columns, threads=threads).value
        value: FloatArray = unit[place] * self._rates(columns)[self.conversion[rows]]
        return value

    def _today(self, used: IntArray, columns: FactorColumns, threads: int | None) -> FloatArray:
        """Return `(n_used, n_columns)` unit values today, of the blocks that hold instruments of `used`.

        The book is resolved at today's date already: to read terms anew takes longer than a few more values.
        """
        (every,) = revaluations(self.book, columns)
        row = np.full(len(self.book.instruments), -1)
        row[used] = np.arange(len(used))
        blocks = tuple(one for one in every.resolved.blocks if (row[one.first : one.last] >= 0).any())
        part = replace(every, resolved=replace(every.resolved, blocks=blocks))
        found, states = np.empty((len(used), columns.n_columns)), States(columns.table)

        def work(chunk: Chunk) -> None:
            for block, values, _ in part.block_values(part.market(chunk), states, chunk.place):
                own = row[block.first : block.last]
                found[own[own >= 0], chunk.place] = values[own >= 0]

        run_chunks(work, all_chunks(columns), threads)
        return found

    def factors(self, rows: IntArray) -> Iterator[RiskFactorKey]:
        """Yield every factor that the values of `rows` depend on at any date, with what their cash earns."""
        market = self.book.market
        used = [self.book.instruments[row].requirements for row in np.unique(self.instrument[rows]).tolist()]
        keys = dict.fromkeys(key for item in used for key in item.factors)
        yield from keys
        yield from later_factors(_nodes(market), keys)
        for currency in dict.fromkeys(item.currency for item in used):
            yield from _cash_rates(market, currency)
        yield from dict.fromkeys(key for path in self.conversions for key, _ in path)

    def _rates(self, columns: FactorColumns) -> FloatArray:
        """Return `(n_conversions, n_columns)` exchange rates."""
        keys = tuple(dict.fromkeys(key for path in self.conversions for key, _ in path))
        bound, table = columns.bind(keys), columns.table
        widths = [high - low for low, high in map(table.slice_bounds, range(table.n_slices))]
        levels = np.concatenate(
            [bound.chunk(number, 0, width) for number, width in enumerate(widths)], axis=1
        )
        rows = tuple(
            FxRow("", "", tuple(keys.index(key) for key, _ in path), tuple(sign for _, sign in path))
            for path in self.conversions
        )
        return exchange_rates(rows, levels)


def readers(
    portfolios: Sequence[PortfolioResult],
    directory: FactorDirectory,
    moves: Sequence[ScenarioMove],
    player: Mapping[RiskFactorKey, int],
) -> Readers:
    """Return who reads the players of `moves` among the positions of `portfolios`.

    Parameters
    ----------
    player
        Number of the player of each factor that moves by itself in some of `moves`.
    """
    book = portfolios[0].book
    places: dict[tuple[int, str], int] = {}
    positions = tuple(
        frozen_int([places.setdefault((row, held.currency), len(places)) for row in held.instrument.tolist()])
        for held in portfolios
    )
    order = sorted(places, key=lambda pair: (pair[1], pair[0]))
    rank = {places[pair]: new for new, pair in enumerate(order)}
    own = [(book.instruments[row].requirements.currency, currency) for row, currency in order]
    pairs = tuple(dict.fromkeys(own))
    paths = tuple(fx_factors(book.market, *pair) for pair in pairs)
    behind = _Players(directory, moves, player)
    rates = dict(zip(pairs, paths, strict=True))
    return Readers(
        book,
        frozen_int([row for row, _ in order]),
        frozen_int([pairs.index(pair) for pair in own]),
        paths,
        tuple(frozen_int([rank[place] for place in one.tolist()]) for one in positions),
        tuple(
            behind.of_unit(book.instruments[row].requirements, rates[pair])
            for (row, _), pair in zip(order, own, strict=True)
        ),
    )


class _Players:
    """Players behind factors: a factor's own, and those of its sources where it follows a link."""

    def __init__(
        self,
        directory: FactorDirectory,
        moves: Sequence[ScenarioMove],
        player: Mapping[RiskFactorKey, int],
    ) -> None:
        self.market = directory.market
        self.player = player
        self.links = {link.target: link for link in directory.links}
        self.moves = moves
        self._known: dict[RiskFactorKey, frozenset[int]] = {}
        self._nodes = _nodes(directory.market)

    def of_unit(self, requirements: Requirements, path: FxPath) -> frozenset[int]:
        """Return the players behind an instrument and its exchange rate, on paths also behind its cash."""
        waits = any(move.goes_on for move in self.moves)
        cash = _cash_rates(self.market, requirements.currency) if waits else ()
        later = later_factors(self._nodes, requirements.factors) if waits else ()
        keys = (*requirements.factors, *(key for key, _ in path), *cash, *later)
        return frozenset().union(*(self._behind(key) for key in keys))

    def _behind(self, key: RiskFactorKey) -> frozenset[int]:
        if key not in self._known:
            own = {self.player[key]} if key in self.player else set()
            link = self.links.get(key)
            if link is not None and any(move.follows(key) for move in self.moves):
                own = own.union(*(self._behind(source) for source in link.sources()))
            self._known[key] = frozenset(own)
        return self._known[key]


Nodes = Mapping[tuple[str, str], list[RiskFactorKey]]


def later_factors(nodes: Nodes, keys: Iterable[RiskFactorKey]) -> Iterator[RiskFactorKey]:
    """Yield every node of the curves and surfaces of `keys`: what is shorter by then reads other nodes."""
    for one in dict.fromkeys((key.kind, key.name) for key in keys if key.tenor):
        yield from nodes.get(one, ())


def _nodes(market: MarketSnapshot) -> Nodes:
    """Return the nodes of each curve and surface by kind and name."""
    nodes: dict[tuple[str, str], list[RiskFactorKey]] = {}
    for key in market.levels:
        if key.tenor:
            nodes.setdefault((key.kind, key.name), []).append(key)
    return nodes


def _cash_rates(market: MarketSnapshot, currency: str) -> tuple[RiskFactorKey, ...]:
    """Return what money of a currency earns on a path; nothing without a discount curve."""
    curve = market.discount_curves.get(currency)
    return () if curve is None else market.curves[curve].keys()


def colours(reads: Iterable[frozenset[int]], n_players: int) -> IntArray:
    """Return `(n_players,)` colours, from 0, such that no reader reads two players of one colour.

    So players of one colour can move in one column, and each reader still sees one of them alone: the rule by
    which sparse Jacobians are estimated with few evaluations, greedily, the most read together first.

    References
    ----------
    A. Curtis, M. Powell, J. Reid, "On the estimation of sparse Jacobian matrices", IMA Journal of Applied
    Mathematics 13 (1974) 117.

    Examples
    --------
    >>> colours([frozenset({0, 1}), frozenset({2}), frozenset({1, 2})], 3).tolist()
    [1, 0, 1]
    """
    together: list[set[int]] = [set() for _ in range(n_players)]
    for read in dict.fromkeys(reads):
        for one in read:
            together[one] |= read
    found = [-1] * n_players
    for one in sorted(range(n_players), key=lambda place: (-len(together[place]), place)):
        taken = {found[other] for other in together[one]}
        found[one] = next(colour for colour in range(n_players) if colour not in taken)
    return frozen_int(found)
