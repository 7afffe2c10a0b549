"""What a page asks for: portfolios, scenario, severity, drivers, trades, read from what it sends."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stresstest.errors import Location, Problem, ProblemList, nearest
from stresstest.explore.trades import Trades
from stresstest.quantity import QuantityError, parse_percentage

PAGE = Location("page")
"""Place of what a page asks for and no file states."""


@dataclass(frozen=True, slots=True)
class View:
    """The state of a page.

    Attributes
    ----------
    portfolios
        Those that are looked at together, in the order of the book.
    shown
        The one of them whose positions are shown.
    scenario
        The one whose drivers are moved.
    severity
        Scale of every scenario, 1 as written.
    settings
        Drivers that were moved, by scenario: `{"ai_capex_collapse": {"capex_cut": "65%"}}`.
    trades
        What-if trades by portfolio.
    by
        What positions are grouped by.
    find
        Part of a position's id that is looked for.
    """

    portfolios: tuple[str, ...]
    shown: str
    scenario: str
    severity: float = 1.0
    settings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    trades: Mapping[str, Trades] = field(default_factory=dict)
    by: str = "issuer"
    find: str = ""

    def of(self, scenario: str) -> tuple[tuple[str, str], ...]:
        """Return the drivers that were moved in `scenario`."""
        return tuple(sorted(self.settings.get(scenario, {}).items()))

    def trades_of(self, portfolio: str) -> Trades | None:
        """Return the trades in a portfolio; None where there are none."""
        found = self.trades.get(portfolio)
        return found if found is not None and (found.quantities or found.added.strip()) else None

    @property
    def trades_key(self) -> tuple[Any, ...]:
        """What distinguishes the trades from others."""
        return tuple(sorted((name, trades.key) for name, trades in self.trades.items()))


@dataclass(frozen=True, slots=True)
class Names:
    """Names that a page may ask for: of portfolios and of scenarios."""

    portfolios: tuple[str, ...]
    scenarios: tuple[str, ...]


def read_view(asked: object, names: Names) -> View:
    """Return the view that a page asks for.

    Raises
    ------
    InputError
        With everything that is no view: unknown names, malformed amounts, values of another type.
    """
    problems = ProblemList()
    data = asked if isinstance(asked, dict) else {}
    if data is not asked:
        problems.add(_wrong("a request", "a mapping"))
    reader = _Reader(data, problems)
    portfolios = reader.names("portfolios", names.portfolios) or names.portfolios
    scenario = reader.name("scenario", names.scenarios) or (names.scenarios or ("",))[0]
    view = View(
        portfolios,
        reader.name("shown", portfolios) or portfolios[0],
        scenario,
        reader.percentage("severity"),
        reader.settings("settings", names.scenarios),
        reader.trades("trades", names.portfolios),
        reader.text("by", "issuer"),
        reader.text("find", ""),
    )
    problems.raise_if_any()
    return view


def _wrong(what: str, expected: str) -> Problem:
    return Problem("ST152", f"{what} of another kind", expected, PAGE)


class _Reader:
    """Takes the fields of a view out of what was sent, and notes what is wrong with them."""

    def __init__(self, data: Mapping[str, Any], problems: ProblemList) -> None:
        self.data = data
        self.problems = problems

    def text(self, name: str, default: str) -> str:
        """Return a text."""
        value = self.data.get(name, default)
        if isinstance(value, str):
            return value
        self.problems.add(_wrong(name, "a text"))
        return default

    def name(self, field_name: str, known: tuple[str, ...]) -> str:
        """Return one of the names `known`, or nothing where none is asked for."""
        value = self.text(field_name, "")
        if value and value not in known:
            code = "ST328" if field_name == "scenario" else "ST267"
            got, expected = f"{field_name} {value!r}", f"one of {', '.join(known[:12])}"
            self.problems.add(Problem(code, got, expected, PAGE, nearest(value, known)))
        return value

    def names(self, field_name: str, known: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of `known` that are asked for."""
        values = self.data.get(field_name, [])
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            self.problems.add(_wrong(field_name, "a list of names"))
            return ()
        for value in values:
            if value not in known:
                near = nearest(value, known)
                self.problems.add(Problem("ST267", f"portfolio {value!r}", "one of the page", PAGE, near))
        return tuple(name for name in known if name in values)

    def percentage(self, name: str) -> float:
        """Return a fraction of 0 or more; 1 where none is asked for."""
        try:
            found = parse_percentage(self.text(name, "100%"))
        except QuantityError as error:
            self.problems.add(error.problem(PAGE))
            return 1.0
        if found < 0.0:
            self.problems.add(Problem("ST319", f"{name} {self.text(name, '')}", "0% or more", PAGE))
        return found

    def settings(self, name: str, known: tuple[str, ...]) -> dict[str, dict[str, str]]:
        """Return the drivers set in each scenario."""
        found = self._mapping(name)
        for scenario, values in found.items():
            texts = isinstance(values, dict) and all(isinstance(value, str) for value in values.values())
            if scenario not in known:
                near = nearest(scenario, known)
                got = f"scenario {scenario!r}"
                self.problems.add(Problem("ST328", got, "one of the page", PAGE, near))
            elif not texts:
                self.problems.add(_wrong(f"settings of {scenario}", "values as text"))
        return found

    def trades(self, name: str, known: tuple[str, ...]) -> dict[str, Trades]:
        """Return the trades in each portfolio."""
        found = {}
        for portfolio, value in self._mapping(name).items():
            quantities = value.get("quantities", {}) if isinstance(value, dict) else None
            added = value.get("added", "") if isinstance(value, dict) else None
            if portfolio not in known:
                got, near = f"portfolio {portfolio!r}", nearest(portfolio, known)
                self.problems.add(Problem("ST267", got, "one of the page", PAGE, near))
            elif not isinstance(quantities, dict) or not isinstance(added, str):
                self.problems.add(_wrong(f"trades of {portfolio}", "quantities, and positions as text"))
            else:
                found[portfolio] = Trades(self._amounts(quantities), added)
        return found

    def _amounts(self, quantities: Mapping[str, Any]) -> dict[str, float]:
        amounts = {}
        for position, value in quantities.items():
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if number and math.isfinite(value) and abs(value) <= 1e300:
                amounts[position] = float(value)
            else:
                got = f"quantity of {position!r}"
                self.problems.add(Problem("ST155", got, "a finite number", PAGE))
        return amounts

    def _mapping(self, name: str) -> dict[str, Any]:
        value = self.data.get(name, {})
        if isinstance(value, dict):
            return dict(value)
        self.problems.add(_wrong(name, "a mapping"))
        return {}
