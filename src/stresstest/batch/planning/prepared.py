"""All that the tasks of a batch read: picklable, without the texts of positions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from stresstest.arrays import FloatArray, IntArray
from stresstest.batch.governance.record import Governed
from stresstest.batch.governance.variants import is_variant
from stresstest.batch.jobs.job import Job
from stresstest.kernels.holdings import HoldingRows
from stresstest.portfolio.book import Book
from stresstest.portfolio.model import Limit, NetAssetValue
from stresstest.revaluation.holdings import BaseValues
from stresstest.scenarios.columns import FactorColumns
from stresstest.scenarios.sampling import SampledColumns


class Refused(NamedTuple):
    """What never reached a valuation: a position that could not be bound, or a whole portfolio.

    `position` is empty for a portfolio, `portfolio` may be a file that could not be read. `reason` is the
    code of the first problem, `message` all of them with their places.
    """

    portfolio: str
    position: str
    reason: str
    message: str


@dataclass(frozen=True, slots=True, eq=False)
class Holders:
    """The portfolios of a batch in order of name, and their positions one portfolio after the other.

    Attributes
    ----------
    names, currencies
        `(n_portfolios,)`; values of a portfolio are in its currency.
    start
        `(n_portfolios + 1,)` first position of each portfolio.
    ids
        `(n_portfolios,)` ids of each portfolio's positions, those that were refused left out.
    instrument
        `(n_positions,)` row of `Book.instruments`.
    quantity
        `(n_positions,)` units held; NaN where a weight meets an instrument without a base value.
    base
        `(n_positions,)` base value in the portfolio's currency, NaN where there is none.
    limits, navs
        `(n_portfolios,)` as each states them.
    n_refused
        `(n_portfolios,)` positions that could not be bound.
    """

    names: tuple[str, ...]
    currencies: tuple[str, ...]
    start: IntArray
    ids: tuple[tuple[str, ...], ...]
    instrument: IntArray
    quantity: FloatArray
    base: FloatArray
    limits: tuple[tuple[Limit, ...], ...]
    navs: tuple[NetAssetValue | None, ...]
    n_refused: IntArray

    def __len__(self) -> int:
        return len(self.names)

    def positions(self, portfolio: int) -> slice:
        """Return the positions of a portfolio."""
        return slice(int(self.start[portfolio]), int(self.start[portfolio + 1]))


class Shares(NamedTuple):
    """Rows of a table of contributions: the portfolio, the attribute and the group of each.

    `portfolio (n_shares,)` ascending, `attribute` and `group` `(n_shares,)` names.
    """

    portfolio: IntArray
    attribute: tuple[str, ...]
    group: tuple[str, ...]


class RowBase(NamedTuple):
    """Base values of rows, portfolios or contributions, `(n_rows,)`."""

    portfolios: FloatArray
    shares: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class SampledSet:
    """The draws of one sampled set: its name, and its columns, of which the first is the base."""

    name: str
    columns: SampledColumns

    @property
    def n_draws(self) -> int:
        """Number of draws."""
        return self.columns.n_columns - 1


@dataclass(frozen=True, slots=True)
class Group:
    """Portfolios `first` to `last` (exclusive), whose results are files of their own.

    `first_share` to `last_share` are their rows of contributions.
    """

    number: int
    first: int
    last: int
    first_share: int
    last_share: int


@dataclass(frozen=True, eq=False)
class Prepared:
    """A batch ready to be cut into tasks.

    Attributes
    ----------
    job
        What was asked for.
    book
        The distinct instruments of all portfolios, resolved for today; its portfolios only say which
        currencies meet.
    named
        Columns of the named scenarios, None where the job has none.
    sampled
        In the order of the job.
    holders
        Portfolios and positions.
    portfolio_rows, share_rows
        Net holdings of each portfolio, and of each row of contributions, in canonical order.
    shares
        What the rows of contributions are.
    base
        Unit values and exchange rates in column 0.
    row_base
        Base values of portfolios and rows of contributions.
    refused
        Positions and portfolios that were not valued, by portfolio and position.
    governed
        What tables of governance are made from.
    notes
        What a reader of the results must know.
    """

    job: Job
    book: Book
    named: FactorColumns | None
    sampled: tuple[SampledSet, ...]
    holders: Holders
    portfolio_rows: HoldingRows
    share_rows: HoldingRows
    shares: Shares
    base: BaseValues
    row_base: RowBase
    governed: Governed
    refused: tuple[Refused, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def scenarios(self) -> tuple[str, ...]:
        """Names of the named scenarios, in order; not of their variants."""
        return tuple(name for name in self.valued if not is_variant(name))

    @property
    def valued(self) -> tuple[str, ...]:
        """Names of the named scenarios, in order, then of their variants."""
        return () if self.named is None else self.named.table.scenarios

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Groups of portfolios in order of name."""
        size, count = self.job.output.group_size, len(self.holders)
        firsts = range(0, count, size)
        shares = self.shares.portfolio.searchsorted([*firsts, count]).tolist()
        return tuple(
            Group(number, first, min(first + size, count), *shares[number : number + 2])
            for number, first in enumerate(firsts)
        )

    def row_groups(self, *, shares: bool) -> tuple[int, ...]:
        """Return the number of rows of each group in a part: its portfolios, and contributions if any."""
        return tuple(
            group.last - group.first + (group.last_share - group.first_share if shares else 0)
            for group in self.groups
        )


def names_of(prepared: Prepared) -> Sequence[str]:
    """Return the names of all results in canonical order: named scenarios, then draws `<set>/<number>`."""
    draws = (f"{sample.name}/{draw}" for sample in prepared.sampled for draw in range(sample.n_draws))
    return (*prepared.scenarios, *draws)
