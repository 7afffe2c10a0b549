"""Two runs compared: the change of every P&L, where it comes from, what appeared and what is gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from stresstest.arrays import FloatArray, frozen
from stresstest.batch.comparing.breaches import RunBreach, breaches_of, only_in
from stresstest.batch.comparing.file_changes import FileChange, file_changes
from stresstest.batch.comparing.inputs import Keys, keys_of, model_today
from stresstest.batch.comparing.split import STEPS, Chain, Split, split
from stresstest.batch.inputs.loading import JobInputs
from stresstest.batch.reading.cells import Cells, cells_of
from stresstest.batch.reading.intact import require_intact
from stresstest.batch.reading.run_folder import RunFolder
from stresstest.batch.reading.versions import changed_versions
from stresstest.errors import InputError

Load = Callable[[RunFolder], JobInputs]
"""Reads the inputs of a run again, from the copies that it kept."""

Value = Callable[[JobInputs], Cells]
"""Values inputs by today's program."""


@dataclass(frozen=True)
class Comparison:
    """What changed between two runs.

    Attributes
    ----------
    before, after
        The runs.
    split
        Over the portfolios and scenarios that both have.
    changed
        The steps whose inputs differ; all others have parts of exactly 0 and were not computed.
    files
        Input files that differ.
    versions
        Program, packages and machine that differ, by name: then and now.
    portfolios_gone, portfolios_new, scenarios_gone, scenarios_new
        Names that one run only has; their P&L is not split. A portfolio that changed its currency is both.
    breaches_gone, breaches_new
        Of limits.
    currencies
        Of the portfolios that both have.
    notes
        What a reader must know of the split.
    """

    before: RunFolder
    after: RunFolder
    split: Split
    changed: tuple[str, ...]
    files: tuple[FileChange, ...]
    versions: Mapping[str, tuple[str, str]]
    portfolios_gone: tuple[str, ...]
    portfolios_new: tuple[str, ...]
    scenarios_gone: tuple[str, ...]
    scenarios_new: tuple[str, ...]
    breaches_gone: tuple[RunBreach, ...]
    breaches_new: tuple[RunBreach, ...]
    currencies: Mapping[str, str]
    notes: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing changed: no number, no name, no breach."""
        named = (
            self.portfolios_gone, self.portfolios_new, self.scenarios_gone, self.scenarios_new,
            self.breaches_gone, self.breaches_new,
        )  # fmt: skip
        same = np.array_equal(self.split.before, self.split.after, equal_nan=True)
        return same and not any(named)

    @property
    def currency(self) -> str:
        """Currency in which amounts are added up and ranked: the portfolios' own where they share one."""
        own = set(self.currencies.values())
        return own.pop() if len(own) == 1 else self.after.currency

    @cached_property
    def rates(self) -> FloatArray:
        """`(n_portfolios,)` price of each portfolio's currency in `currency`, as the later run began.

        One rate for both runs: what exchange rates change between them shows in no total.
        """
        known = {**self.after.rates, self.currency: 1.0}
        return frozen(np.array([known[self.currencies[name]] for name in self.split.portfolios], dtype=float))

    def largest(self, count: int) -> list[tuple[int, int]]:
        """Return row and column of the portfolios that changed most, each in the scenario where it did."""
        size = np.nan_to_num(np.abs(self.split.change * self.rates[:, np.newaxis]))
        most = size.max(axis=1, initial=0.0)
        order = np.argsort(-most, kind="stable")[:count].tolist()
        return [(row, int(size[row].argmax())) for row in order if most[row] > 0.0]


@dataclass(frozen=True)
class Tools:
    """How inputs are read again and valued."""

    load: Load
    value: Value


def compare(before: RunFolder, after: RunFolder, tools: Tools) -> Comparison:
    """Return what changed from one finished run to another.

    Raises
    ------
    InputError
        Where a run is unfinished, or its results or the copies of its inputs are missing or changed.
    """
    for run in (before, after):
        require_intact(run)
    cells = cells_of(before), cells_of(after)
    keys = keys_of(before), keys_of(after)
    portfolios = _common(cells)
    scenarios = tuple(name for name in cells[1].scenarios if name in cells[0].columns)
    chain, notes = _Walk((before, after), keys, cells, tools).chain(portfolios, scenarios)
    gone, new = _names(cells[0].portfolios, portfolios), _names(cells[1].portfolios, portfolios)
    breaches = breaches_of(before), breaches_of(after)
    return Comparison(
        before,
        after,
        split(portfolios, scenarios, chain),
        tuple(step for step in STEPS if getattr(keys[0], step) != getattr(keys[1], step)),
        file_changes(before, after),
        changed_versions(before.manifest["provenance"], after.manifest["provenance"]),
        gone,
        new,
        _names(cells[0].scenarios, scenarios),
        _names(cells[1].scenarios, scenarios),
        only_in(*breaches),
        only_in(*reversed(breaches)),
        {name: cells[1].currencies[cells[1].rows[name]] for name in portfolios},
        notes,
    )


def _common(cells: tuple[Cells, Cells]) -> tuple[str, ...]:
    """Return the portfolios that both runs have, in one currency."""
    first, second = cells
    return tuple(
        name
        for row, name in enumerate(second.portfolios)
        if name in first.rows and first.currencies[first.rows[name]] == second.currencies[row]
    )


def _names(names: Sequence[str], common: Sequence[str]) -> tuple[str, ...]:
    known = set(common)
    return tuple(name for name in names if name not in known)


class _Walk:
    """Goes from one run to the other, valuing no state twice and none that is recorded already."""

    def __init__(
        self,
        runs: tuple[RunFolder, RunFolder],
        keys: tuple[Keys, Keys],
        cells: tuple[Cells, Cells],
        tools: Tools,
    ) -> None:
        self._runs, self._keys, self._recorded, self._tools = runs, keys, cells, tools
        self._known: dict[Keys, Cells] = dict(zip(keys, cells, strict=True))
        self._inputs: dict[int, JobInputs] = {}
        self.notes: list[str] = []

    def chain(self, portfolios: Sequence[str], scenarios: Sequence[str]) -> tuple[Chain, tuple[str, ...]]:
        """Return the P&L of common portfolios and scenarios at each state, and notes."""
        states = self._states()
        parts: dict[int, FloatArray] = {}
        for state in states:
            # A cell is the same object in states that are the same: their difference is exactly 0.
            parts.setdefault(id(state), state.part(portfolios, scenarios))
        return Chain(*(parts[id(state)] for state in states)), tuple(self.notes)

    def _states(self) -> tuple[Cells, ...]:
        first, second = self._keys
        model = self._model()
        today = replace(first, model=model), replace(second, model=model)
        positions = replace(today[0], positions=second.positions)
        market = replace(positions, market=second.market)
        # The ends first: a hybrid of the two that cannot be valued takes a neighbour's place.
        before, after = self._end(today[0], 0), self._end(today[1], 1)
        if before is None or after is None:  # the program has made the difference: all of it is the model's
            only = before or after or self._recorded[0]
            return self._recorded[0], only, only, only, only, self._recorded[1]
        with_market = self._hybrid(market, (1, 1, 0), after)
        with_positions = self._hybrid(positions, (1, 0, 0), with_market)
        return self._recorded[0], before, with_positions, with_market, after, self._recorded[1]

    def _end(self, key: Keys, number: int) -> Cells | None:
        """Return a run's inputs by the model of the states between, None where it cannot value them."""
        try:
            return self._value(key, (number, number, number))
        except InputError as error:
            self.notes.append(
                f"today's program cannot value the inputs of the {('earlier', 'later')[number]} run, so all "
                f"of the change is in the part of the model: {error.problems[0].format()}"
            )
            return None

    def _model(self) -> str:
        """Return the model that states between the runs are valued by.

        Where both runs used one and no state between them is needed, that one; else today's.
        """
        first, second = self._keys
        changed = sum(getattr(first, step) != getattr(second, step) for step in STEPS[:-1])
        return first.model if first.model == second.model and changed <= 1 else model_today()

    def _hybrid(self, key: Keys, sources: tuple[int, int, int], following: Cells) -> Cells:
        try:
            return self._value(key, sources)
        except InputError as error:
            step = "positions" if sources == (1, 0, 0) else "market"
            self.notes.append(
                f"the later {step} cannot be valued with the rest of the earlier run, so its part is in the "
                f"next one: {error.problems[0].format()}"
            )
            return following

    def _value(self, key: Keys, sources: tuple[int, int, int]) -> Cells:
        """Return the values of positions, market and scenarios of the runs that `sources` numbers."""
        if key not in self._known:
            positions, market, scenarios = (self._loaded(number) for number in sources)
            mixed = replace(
                positions,
                market=market.market,
                named=scenarios.named,
                sampled=scenarios.sampled,
                job=replace(positions.job, severity=scenarios.job.severity),
            )
            self._known[key] = self._tools.value(mixed)
        return self._known[key]

    def _loaded(self, number: int) -> JobInputs:
        if number not in self._inputs:
            self._inputs[number] = self._tools.load(self._runs[number])
        return self._inputs[number]
