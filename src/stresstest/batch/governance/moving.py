"""The judged numbers that move the total loss of a batch most, in the scenario in which it is largest."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from stresstest.arrays import FloatArray, frozen, frozen_int
from stresstest.batch.inputs.loading import JobInputs
from stresstest.batch.planning.plan import Task
from stresstest.batch.planning.prepared import Prepared, RowBase, Shares
from stresstest.batch.valuation.parts import rows_by_group
from stresstest.batch.valuation.rows import Entries, net_rows
from stresstest.batch.valuation.task import value_task
from stresstest.measures.judgements.inputs import MovedNumber, moved_scenario
from stresstest.measures.judgements.valuing import Valued, valued_by
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.member_set import MemberSet, stated_severity
from stresstest.scenarios.scenario import Scenario

TOTAL = "all portfolios"


@dataclass(frozen=True, slots=True)
class MovedTotal:
    """Judged numbers of the scenario of the largest total loss, moved one at a time.

    Attributes
    ----------
    currency, pnl
        Of the total over all portfolios that have a value, at the base exchange rates.
    size
        Part of its size, or of a driver's range, by which each number was moved.
    n_moved, n_unmoved
        Numbers that could be moved, and that could not.
    top
        The ten that change the total most, the largest change first.
    """

    scenario: str
    currency: str
    pnl: float
    size: float
    n_moved: int
    n_unmoved: int
    top: tuple[MovedNumber, ...]

    def as_document(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "scenario": self.scenario,
            "currency": self.currency,
            "pnl": self.pnl,
            "size": self.size,
            "numbers_moved": self.n_moved,
            "numbers_not_moved": self.n_unmoved,
            "top": [_number(item) for item in self.top],
        }


def _number(item: MovedNumber) -> dict[str, Any]:
    number = item.number
    moves = [{"label": move.label, "change": move.change[0]} for move in item.moves]
    return {
        "text": number.text,
        "kind": number.kind,
        "written_in": number.written_in,
        "class": number.basis_class,
        "author": number.author,
        "date": None if number.dated is None else number.dated.isoformat(),
        "analogue": number.analogue,
        "change": item.largest(0).change[0],
        "moves": moves,
    }


def moved_total(
    inputs: JobInputs, prepared: Prepared, totals: Mapping[str, float], rates: Mapping[str, float]
) -> MovedTotal | None:
    """Return the judged numbers that move the total loss of a batch most.

    None where no scenario loses, or the portfolios act in the network of the worst themselves.
    Every move is a full revaluation of all instruments and holdings, by the code of the batch's own tasks.

    Parameters
    ----------
    totals
        P&L of all portfolios by scenario.
    rates
        Price of one unit of each currency of a portfolio in that of the totals.
    """
    worst = min(totals, key=lambda name: (totals[name], name), default="")
    if inputs.named is None or not worst or totals[worst] >= 0.0:
        return None
    scenario = next(one for one in inputs.named if one.name == worst)
    if scenario.network is not None and scenario.network.portfolio:
        return None
    severity = inputs.job.severity * stated_severity(inputs.named, worst)
    bare = _without_contributions(prepared)
    per_unit = np.array([rates[currency] for currency in prepared.holders.currencies])

    def value(several: Sequence[Scenario]) -> Sequence[Valued]:
        day = prepared.book.market.as_of
        return valued_by(lambda some: _totals(bare, some, per_unit), day, several, [severity] * len(several))

    currency = inputs.market.currency
    moved = moved_scenario(scenario, value, [(TOTAL, currency)])
    if not moved.pnl:
        return None
    counts = len(moved.moved), len(moved.unmoved)
    return MovedTotal(worst, currency, moved.pnl[0], moved.size, *counts, moved.top(0))


def _totals(
    prepared: Prepared, scenarios: MemberSet, per_unit: FloatArray
) -> tuple[Sequence[str], Mapping[str, tuple[float, ...]]]:
    """Return total P&L of each scenario over the portfolios that have a value in it."""
    compiled = compile_scenarios(scenarios, prepared.book.market)
    task = Task("moved", "value", scenarios=scenarios.names)
    part = value_task(replace(prepared, named=compiled.columns), task)
    order = rows_by_group(prepared, shares=True)
    found = {}
    for name in scenarios.names:
        pnl = part[name].to_numpy() * per_unit[order]
        found[name] = (math.fsum(pnl[~np.isnan(pnl)].tolist()),)
    return tuple(compiled.restless), found


def _without_contributions(prepared: Prepared) -> Prepared:
    none = frozen_int([])
    return replace(
        prepared,
        share_rows=net_rows(Entries(none, none, none, frozen([]))),
        shares=Shares(none, (), ()),
        row_base=RowBase(prepared.row_base.portfolios, frozen([])),
    )
