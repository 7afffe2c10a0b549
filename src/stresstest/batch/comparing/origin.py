"""Where one number of a run comes from: the P&L of a portfolio in a scenario, position by position."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from stresstest.arrays import FloatArray, frozen, frozen_int
from stresstest.batch.comparing.valuing import values_only
from stresstest.batch.inputs.loading import JobInputs
from stresstest.batch.planning.prepared import Prepared
from stresstest.batch.planning.preparing import prepare
from stresstest.batch.valuation.columns import scenario_columns
from stresstest.errors import InputError, Problem, nearest
from stresstest.kernels.holdings import HoldingRows, add_holdings, add_left_out
from stresstest.market.keys import RiskFactorKey
from stresstest.portfolio.model import Positions
from stresstest.revaluation.engine import UnitValues, revalue
from stresstest.revaluation.holdings import base_values
from stresstest.scenarios.columns import FactorColumns
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.effects import LineEffect
from stresstest.scenarios.scenario import Scenario, ScenarioSet


@dataclass(frozen=True, slots=True)
class MovedFactor:
    """A factor that a position depends on and that the scenario moves, in decimals.

    `reason` is how it is moved; `file` and `line` where that is stated (empty and 0: nowhere); `source`
    where its base level is from.
    """

    factor: str
    base: float
    level: float
    reason: str
    file: str
    line: int
    source: str


@dataclass(frozen=True, slots=True)
class OriginPosition:
    """A position: quantity × unit value × exchange rate, before and after; None where there is no value.

    `file` and `line` (of a table without lines: the row) are where it is written.
    """

    position: str
    type: str
    quantity: float
    base_value: float | None
    stressed_value: float | None
    pnl: float | None
    factors: tuple[MovedFactor, ...]
    file: str = ""
    line: int = 0


@dataclass(frozen=True)
class Origin:
    """A P&L as valued anew from inputs.

    Attributes
    ----------
    base_value, pnl
        Of the portfolio, by the same sums as in the run.
    left_out
        Base value of the positions without a value in the scenario.
    positions
        The largest |P&L| first.
    source
        Where the scenario says that it is from.
    file, line
        Where the scenario is written.
    """

    portfolio: str
    currency: str
    scenario: str
    base_value: float
    pnl: float
    left_out: float
    positions: tuple[OriginPosition, ...]
    source: tuple[str, ...] = ()
    file: str = ""
    line: int = 0


class Origins:
    """Values some portfolios of a job anew, to show where their numbers come from.

    Parameters
    ----------
    inputs
        Of the job, all of it: what other portfolios hold may move prices.
    portfolios
        Names of those that are asked for.

    Raises
    ------
    InputError
        ST766 where the job has no portfolio of one of these names.
    """

    def __init__(self, inputs: JobInputs, portfolios: Sequence[str]) -> None:
        known = [item.name for item in inputs.portfolios]
        for name in portfolios:
            if name not in known:
                raise _unknown("portfolio", name, known)
        self._named = inputs.named
        self._places = {item.name: item.positions for item in inputs.portfolios if item.name in portfolios}
        self._prepared = prepare(_alone(inputs, frozenset(portfolios)))
        self._units: dict[str, UnitValues] = {}

    def positions(self, portfolio: str, scenario: str) -> list[OriginPosition]:
        """Return the positions of a portfolio in a scenario, in their order, without moved factors."""
        units = self._valued(scenario)
        return _positions(self._prepared, portfolio, units, {})

    def origin(self, portfolio: str, scenario: str) -> Origin:
        """Return where the P&L of a portfolio in a named scenario comes from.

        Raises
        ------
        InputError
            ST766 where the job has no such scenario, or no position of the portfolio could be valued.
        """
        stated, units = _scenario(self._named, scenario), self._valued(scenario)
        prepared, column = self._prepared, int(units.table.final_columns[0])
        row = _row(prepared, portfolio)
        total, left = _totals(prepared, row, units)
        found = _positions(prepared, portfolio, units, _effects(prepared, stated))
        positions = _placed(found, self._places[portfolio])
        return Origin(
            portfolio=portfolio,
            currency=prepared.holders.currencies[row],
            scenario=scenario,
            base_value=float(total[0]),
            pnl=float(total[column] - (total[0] - left[column])),
            left_out=float(left[column]),
            positions=tuple(sorted(positions, key=lambda item: -abs(item.pnl or 0.0))),
            source=stated.source,
            file=stated.location.file,
            line=stated.location.line,
        )

    def _valued(self, scenario: str) -> UnitValues:
        """Return the unit values of base and scenario; the columns are those of the run."""
        if scenario not in self._units:
            _scenario(self._named, scenario)
            columns = self._prepared.named
            if columns is None:
                raise _unknown("scenario", scenario, [])
            self._units[scenario] = revalue(self._prepared.book, scenario_columns(columns, [scenario]))
        return self._units[scenario]


def _alone(inputs: JobInputs, names: frozenset[str]) -> JobInputs:
    """Return the inputs of some portfolios and what it takes to value them, nothing measured.

    Where a network lets the portfolios of the run act, all of them are needed: what they hold moves prices.
    """
    job = values_only(inputs.job)
    acting = inputs.named is not None and any(
        item.network is not None and item.network.portfolio is not None for item in inputs.named
    )
    portfolios = tuple(item for item in inputs.portfolios if acting or item.name in names)
    refused = tuple(item for item in inputs.refused if acting or item.portfolio in names)
    return replace(inputs, job=job, portfolios=portfolios, refused=refused)


def _row(prepared: Prepared, portfolio: str) -> int:
    names = prepared.holders.names
    if portfolio not in names:
        raise _unknown("portfolio with a value", portfolio, list(names))
    return names.index(portfolio)


def _scenario(named: ScenarioSet | None, name: str) -> Scenario:
    known = () if named is None else named.scenarios
    found = next((item for item in known if item.name == name), None)
    if found is None:
        raise _unknown("scenario", name, [item.name for item in known])
    return found


def _unknown(what: str, name: str, known: list[str]) -> InputError:
    expected = f"a {what} of the run"
    return InputError([Problem("ST766", f"{what} {name!r}", expected, suggestion=nearest(name, known))])


def _totals(prepared: Prepared, row: int, units: UnitValues) -> tuple[FloatArray, FloatArray]:
    """Return `(n_columns,)` the portfolio's value and what it leaves out, by the sums of the run."""
    rows = prepared.portfolio_rows
    own = rows.portfolio == row
    holdings = HoldingRows(
        frozen_int(rows.instrument[own]),
        frozen_int(np.zeros(int(own.sum()))),
        frozen_int(rows.fx[own]),
        frozen(rows.quantity[own]),
    )
    total, left = np.zeros((1, units.table.n_columns)), np.zeros((1, units.table.n_columns))
    add_holdings(holdings, units.value, units.fx, total)
    add_left_out(holdings, units.value, units.fx, base_values(holdings, prepared.base), left)
    return total[0], left[0]


def _positions(
    prepared: Prepared, portfolio: str, units: UnitValues, effects: Mapping[RiskFactorKey, LineEffect]
) -> list[OriginPosition]:
    holders, book, column = prepared.holders, prepared.book, int(units.table.final_columns[0])
    row = _row(prepared, portfolio)
    place = holders.positions(row)
    currency = holders.currencies[row]
    conversions = {
        pair.from_currency: number
        for number, pair in enumerate(units.conversions)
        if pair.to_currency == currency
    }
    found = []
    numbers = zip(holders.instrument[place].tolist(), holders.quantity[place].tolist(), strict=True)
    for name, (instrument, quantity) in zip(holders.ids[row], numbers, strict=True):
        item = book.instruments[instrument]
        own = item.requirements.currency
        fx = units.fx[0 if own == currency else conversions.get(own, 0)]
        base, level = ((quantity * units.value[instrument, c]) * fx[c] for c in (0, column))
        keys = (*item.requirements.factors, *book.conversion_factors(own, currency))
        moved = tuple(_moved(effects[key], prepared) for key in dict.fromkeys(keys) if key in effects)
        pnl = _number(level - base)
        found.append(OriginPosition(name, item.tag, quantity, _number(base), _number(level), pnl, moved))
    return found


def _placed(found: Sequence[OriginPosition], written: Positions) -> list[OriginPosition]:
    """Return positions with the places where they are written."""
    rows = {name: row for row, name in enumerate(written.ids)}
    places = [written.locate(rows[item.position], "id") for item in found]
    return [replace(item, file=at.file, line=at.line) for item, at in zip(found, places, strict=True)]


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _effects(prepared: Prepared, scenario: Scenario) -> dict[RiskFactorKey, LineEffect]:
    """Return what moves each factor at the end of the scenario: the line that counts, else how."""
    severity = prepared.job.severity
    compiled = compile_scenarios(ScenarioSet((scenario,)), prepared.book.market, severity)
    found: dict[RiskFactorKey, LineEffect] = {}
    for effect in compiled.effects:
        if not effect.reason.startswith(("overruled", "combined")):
            found[effect.factor] = effect
    column = int(compiled.columns.table.final_columns[0])
    return _at_the_end(found, compiled.columns, column)


def _at_the_end(
    effects: Mapping[RiskFactorKey, LineEffect], columns: FactorColumns, column: int
) -> dict[RiskFactorKey, LineEffect]:
    """Return the effects with the levels that the factors have from today to the end of the scenario."""
    found = {}
    for key, row in columns.moved.items():
        base, level = float(columns.base[key]), float(row[column])
        if key in effects and level != base:
            found[key] = effects[key]._replace(base=base, level=level)
    return found


def _moved(effect: LineEffect, prepared: Prepared) -> MovedFactor:
    where = effect.location
    stated = prepared.book.market.provenance.get(effect.factor)
    return MovedFactor(
        factor=str(effect.factor),
        base=effect.base,
        level=effect.level,
        reason=effect.reason,
        file=where.file if effect.line else "",
        line=where.line if effect.line else 0,
        source="" if stated is None else f"{stated.source} ({stated.as_of.isoformat()})",
    )
