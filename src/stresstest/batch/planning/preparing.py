"""From the inputs of a job to all that its tasks read: book, columns, holdings, base values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.batch.governance.record import Governed
from stresstest.batch.governance.variants import compile_with_variants, is_variant, layers_of
from stresstest.batch.inputs.loading import JobInputs
from stresstest.batch.planning.attributes import share_parts
from stresstest.batch.planning.binding import Bound, bound
from stresstest.batch.planning.holding import entries_of, holders_of, weighed
from stresstest.batch.planning.prepared import Prepared, RowBase, SampledSet
from stresstest.batch.valuation.rows import net_rows
from stresstest.kernels.holdings import HoldingRows, add_holdings
from stresstest.market.snapshot import MarketSnapshot
from stresstest.measures.judgements.register import register
from stresstest.measures.judgements.shares import has_judged_network
from stresstest.measures.network_holders import with_holders
from stresstest.measures.proxies import is_proxied
from stresstest.portfolio.book import Book
from stresstest.revaluation.engine import revaluations
from stresstest.revaluation.holdings import BaseValues
from stresstest.revaluation.totals import base_column
from stresstest.scenarios.columns import FactorColumns
from stresstest.scenarios.effects import CompiledScenarios
from stresstest.scenarios.eventful import with_event_factors
from stresstest.scenarios.sampling import sample_scenarios
from stresstest.scenarios.table import ColumnTable


def prepare(inputs: JobInputs) -> Prepared:
    """Return all that the tasks of a job read.

    Every scenario, named or drawn around, is known to the market before positions are bound, so that no
    value depends on which scenarios a task has.

    Raises
    ------
    InputError
        With everything that is wrong between market and scenarios, and where no position can be valued.
    """
    found = bound(inputs, _with_events(inputs))
    base = _base(found.book)
    found, quantity = weighed(found, base)
    compiled, unvaried = _compiled(inputs, found)
    entries = entries_of(found, base, quantity)
    shares, share_entries = share_parts(inputs.job, found, entries)
    rows, share_rows = net_rows(entries), net_rows(share_entries)
    return Prepared(
        job=inputs.job,
        book=found.book,
        named=None if compiled is None else compiled.columns,
        sampled=_sampled(inputs, found.book.market),
        holders=holders_of(found, inputs.job, entries, base),
        portfolio_rows=rows,
        share_rows=share_rows,
        shares=shares,
        base=base,
        row_base=RowBase(
            _row_base(rows, base, len(found.portfolios)), _row_base(share_rows, base, len(shares.portfolio))
        ),
        governed=_governed(inputs, found.book, unvaried),
        refused=found.refused,
        notes=_notes(found.book.market, compiled),
    )


def _sampled(inputs: JobInputs, market: MarketSnapshot) -> tuple[SampledSet, ...]:
    severity = inputs.job.severity
    return tuple(
        SampledSet(drawn.name, sample_scenarios(drawn, market, severity)) for drawn in inputs.sampled
    )


def _governed(inputs: JobInputs, book: Book, unvaried: Mapping[str, str]) -> Governed:
    judged = tuple(inputs.named or ()) if inputs.job.judgement else ()
    return Governed(
        day=book.market.as_of,
        previous=inputs.previous,
        tolerance=inputs.job.reconcile,
        proxied=tuple(row for row, item in enumerate(book.instruments) if is_proxied(item)),
        register=tuple(replace(entry, what=None) for entry in register(judged)),
        layers={one.name: tuple(column for column, _ in layers_of(one)) for one in judged},
        judged_networks=frozenset(one.name for one in judged if has_judged_network(one)),
        unvaried=unvaried,
    )


def _with_events(inputs: JobInputs) -> MarketSnapshot:
    market = inputs.market
    for scenarios in (inputs.named, *inputs.sampled):
        if scenarios is not None:
            market = with_event_factors(market, scenarios)
    return market


def _compiled(inputs: JobInputs, found: Bound) -> tuple[CompiledScenarios | None, Mapping[str, str]]:
    """Return the named scenarios against the market, and why some have no variants.

    In their networks the portfolios act where asked to.
    """
    scenarios = inputs.named
    if scenarios is None:
        return None, {}
    if any(scenario.network and scenario.network.portfolio for scenario in scenarios):
        scenarios = with_holders(scenarios, found.whole_book())
    return compile_with_variants(scenarios, inputs.job, found.book.market)


def _notes(market: MarketSnapshot, compiled: CompiledScenarios | None) -> tuple[str, ...]:
    warnings = () if compiled is None else compiled.warnings
    return (*market.notes, *(str(told) for told in warnings if not is_variant(told.scenario)))


def _base(book: Book) -> BaseValues:
    """Return column 0 of the whole book."""
    alone = FactorColumns(ColumnTable.instant(()), book.market.levels, {})
    return base_column(book, revaluations(book, alone)[0])


def _row_base(rows: HoldingRows, base: BaseValues, n_rows: int) -> FloatArray:
    """Return `(n_rows,)` sums of the holdings in column 0, by the path that all columns take."""
    total = np.zeros((n_rows, 1))
    add_holdings(rows, frozen(base.unit[:, np.newaxis]), frozen(base.fx[:, np.newaxis]), total)
    return frozen(total[:, 0])
