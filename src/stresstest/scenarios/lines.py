"""Lines of a scenario against a market: which factors each reaches, and by what shift."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from stresstest.errors import Problem, ProblemList
from stresstest.market.factor_kinds import FACTOR_KINDS, FactorKind
from stresstest.market.keys import RiskFactorKey
from stresstest.quantity import QuantityError, Shift, parse_tenor
from stresstest.scenarios.choices import chosen
from stresstest.scenarios.directory import FactorDirectory
from stresstest.scenarios.drivers import Driver
from stresstest.scenarios.effects import DIRECT, REPLAYED
from stresstest.scenarios.rules import plain_shift
from stresstest.scenarios.scenario import Shock
from stresstest.scenarios.selectors import Specificity, no_match, unmatched_values
from stresstest.scenarios.shifts import is_plausible_at_any_base
from stresstest.scenarios.tenors import TenorTable
from stresstest.scenarios.wording import title_text


class NoTenorError(ValueError):
    """A tenor table met a factor without a tenor."""


class Line:
    """One shock, ready to be applied: its shift depends on no driver any more.

    Attributes
    ----------
    shift
        What it shifts by.
    number
        Place among the shocks of its scenario, from 1.
    reason
        Why a factor that only this line moves is where it is.
    sound
        Whether nothing is wrong with the shock on its own, so that it can be applied.
    is_plausible
        Whether its size needs no look at the base of a factor.
    """

    noun = "shock"
    """What a message calls it, before its number."""

    def __init__(
        self, number: int, shock: Shock, drivers: Mapping[str, Driver] | None = None, *, sound: bool = True
    ) -> None:
        self.number = number
        self.reason = DIRECT if number else REPLAYED
        self.shock = shock
        self.shift = plain_shift(shock.shift, drivers or {})
        self.sound = sound
        self.kind: FactorKind = FACTOR_KINDS[shock.factor]
        self.floor: float | None = None if shock.floor is None else shock.floor.amount
        self._by_tenor: dict[str, Shift] = {}
        shifts = self.shift.shifts if isinstance(self.shift, TenorTable) else (self.shift,)
        self.is_plausible = all(is_plausible_at_any_base(self.kind, shift) for shift in shifts)

    @cached_property
    def title(self) -> str:
        """Words for the line in a message."""
        return title_text(self.number, self.shock.location, self.noun)

    def shift_of(self, key: RiskFactorKey) -> Shift:
        """Return the shift of `key`; raise `NoTenorError` for a tenor table and a factor without tenor."""
        shift = self.shift
        if not isinstance(shift, TenorTable):
            return shift
        if key.tenor not in self._by_tenor:
            self._by_tenor[key.tenor] = _interpolated(shift, key.tenor)
        return self._by_tenor[key.tenor]


class Hit(NamedTuple):
    """A line reaching a factor, with the factor's exposure in (0, 1] times the scale of the line."""

    line: Line
    exposure: float
    specificity: Specificity


@dataclass(frozen=True, slots=True)
class Reach:
    """What the lines of a scenario reach.

    Attributes
    ----------
    hits
        For each factor the lines that reach it, in their order; factors in the order first reached. Factors
        share lists, which nobody changes.
    unmatched
        Optional lines that reach nothing.
    """

    hits: Mapping[RiskFactorKey, Sequence[Hit]]
    unmatched: tuple[Line, ...]


def reach(lines: Sequence[Line], directory: FactorDirectory, problems: ProblemList) -> Reach:
    """Return what `lines` reach; add a problem for each that reaches nothing and for each value unknown."""
    hits: dict[RiskFactorKey, list[Hit]] = {}
    unmatched = []
    for line in lines:
        choice = chosen(line.shock.select, line.shock.factor, directory)
        if line.shock.optional:
            unmatched += [] if choice.factors else [line]
        elif not (choice.factors and choice.is_known):
            problems.extend(_unreached(line, directory, nothing=not choice.factors))
        own = [[Hit(line, exposure * line.shock.scale, rank)] for exposure, rank in choice.terms]
        for key, place in zip(choice.factors, choice.places, strict=True):
            before = hits.get(key)
            hits[key] = own[place] if before is None else [*before, *own[place]]
    return Reach(hits, tuple(unmatched))


def _unreached(line: Line, directory: FactorDirectory, *, nothing: bool) -> list[Problem]:
    """Return what is wrong with the choice of a line that is not optional."""
    shock = line.shock
    if shock.factor not in directory.kinds:
        got = f"{line.title} moves {shock.factor}, and market {directory.market.name} has none"
        expected = f"a kind that the market has ({', '.join(sorted(directory.kinds))}), or optional: true"
        return [Problem("ST318", got, expected, shock.at("factor"))]
    unknown = unmatched_values(shock.select, shock.factor, directory)
    found = [problem.at(shock.at(f"select.{attribute}")) for attribute, problem in unknown]
    if nothing and not found:
        found.append(no_match(shock.select, shock.factor, directory).at(shock.at("select")))
    return found


def _interpolated(table: TenorTable, tenor: str) -> Shift:
    try:
        return table.at(parse_tenor(tenor).years)
    except QuantityError as error:
        raise NoTenorError(str(error)) from None
