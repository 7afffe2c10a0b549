"""Answers to a page: one live book, and what is asked of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from stresstest.api import Stress
from stresstest.errors import InputError, Problem, nearest
from stresstest.explore import documents
from stresstest.explore.drill import traces_of
from stresstest.explore.hedge_jobs import HedgeQuestion
from stresstest.explore.live import LiveBook, nothing
from stresstest.explore.moves import Move
from stresstest.explore.networks import NetworkDocuments
from stresstest.explore.opening import opening, template
from stresstest.explore.recent import Recent
from stresstest.explore.reports import ReportQuestion, SavedFile
from stresstest.explore.saving import Sources, command_line, report_options, saved_name, scenario_text
from stresstest.explore.trades import traded
from stresstest.explore.view import PAGE, Names, View, read_view
from stresstest.io.resources import names
from stresstest.measures.attributes import attribute_names
from stresstest.portfolio.model import Portfolio
from stresstest.portfolio.writing import portfolio_text
from stresstest.revaluation.result import PortfolioResult
from stresstest.scenarios.member_set import stated_severity

Values = dict[str, Any]
Between = Callable[[], None]


class Detail(NamedTuple):
    """What follows a move.

    Attributes
    ----------
    shown
        What the desk has.
    rest
        Makes what takes longer, and takes the place of some of it. It touches nothing that a move does, so
        that moves need not wait for it.
    """

    shown: Values
    rest: Callable[[], Values]


@dataclass(frozen=True, eq=False)
class Desk:
    """A book and everything that a page may ask of it; one thread at a time.

    Attributes
    ----------
    live
        The portfolios as they were opened.
    sources
        What they were opened from.
    """

    live: LiveBook
    sources: Sources
    _traded: Recent[Any, LiveBook] = field(default_factory=lambda: Recent(4))
    _networks: NetworkDocuments = field(default_factory=NetworkDocuments)

    @property
    def names(self) -> Names:
        """Names that a page may ask for."""
        return Names(tuple(held.name for held in self.live.book.portfolios), self.live.scenarios.names)

    def view(self, asked: object) -> View:
        """Return the view that a page asks for; raise `InputError` for what is none."""
        return read_view(asked, self.names)

    def opening(self) -> Values:
        """Return what there is to look at."""
        return opening(self.live)

    def move(self, view: View) -> Values:
        """Return value and P&L under the scenario that is moved: what has to come at once."""
        stress = self._stress(view, self._move(view))
        return documents.totals(stress) | {"command": self._command(view)}

    def scenario(self, view: View, name: str, between: Between = nothing) -> Values:
        """Return one scenario as a line of the table and a column of the heat map."""
        if name not in self.names.scenarios:
            raise InputError([Problem("ST328", f"scenario {name!r}", "one of the page", PAGE)])
        stress = self._stress(view, self._move(view, name), between)
        between()
        held = _shown(stress, view)
        column = int(held.table.final_columns[0])
        by = view.by if view.by in attribute_names(held) else "issuer"
        return documents.totals(stress) | {
            "limits": documents.limits(stress),
            "groups": documents.groups(held, by, column),
        }

    def detail(self, view: View, between: Between = nothing) -> Detail:
        """Return positions, parts, network and notes of the scenario that is moved."""
        stress = self._stress(view, self._move(view), between)
        held = _shown(stress, view)
        column = int(held.table.final_columns[0])
        found: Values = {"portfolio": held.name, "scenario": view.scenario, "by": "mechanism"}
        found["positions"] = documents.positions(held, column, view.find)
        found["failures"] = documents.failures(held)
        found["attributes"] = list(attribute_names(held))
        found["warnings"] = list(stress.result.warnings)
        found["path"] = documents.path(stress, held, view.scenario)
        between()
        network = stress.compiled.networks.get(view.scenario)
        found["network"] = None if network is None else self._networks.of(view.scenario, network)
        between()
        staged = self._stress(view, replace(self._move(view), stages=True), between)
        found["waterfall"] = documents.waterfall(_shown(staged, view), view.scenario)
        if sum(1 for part in found["waterfall"] if part["pnl"]) > 1:
            return Detail(found, dict)
        alone = replace(stress.result, portfolios=(held,))
        return Detail(
            found,
            lambda: {"by": "group of factors", "waterfall": documents.factor_groups(alone, stress)},
        )

    def position(self, view: View, position: str) -> Values:
        """Return a position's P&L factor by factor under the scenario that is moved."""
        live = self._live(view)
        stress = self._stress(view, self._move(view))
        found = traces_of(live.book, view.shown, position, stress.compiled.columns)
        return {"traces": documents.factors(found)}

    def scenario_file(self, view: View) -> SavedFile:
        """Return the scenario that is moved as a file that gives the same numbers."""
        self.sources.files.require_same()
        move = self._move(view)
        if not move.scenario.location.file:
            raise InputError([Problem("ST146", f"scenario {view.scenario!r} without a file", "a file", PAGE)])
        name = saved_name(move.scenario)
        return SavedFile(f"{name}.yaml", scenario_text(move, name), "application/yaml")

    def portfolio_file(self, view: View) -> SavedFile:
        """Return the portfolio that is shown after its trades."""
        text = portfolio_text(self.portfolio(view))
        return SavedFile(f"{view.shown}.yaml", text, "application/yaml")

    def portfolio(self, view: View) -> Portfolio:
        """Return the portfolio that is shown after its trades, with a currency."""
        held = next(one for one in self._live(view).book.portfolios if one.name == view.shown)
        return held.portfolio

    def report_question(self, view: View) -> ReportQuestion:
        """Return what `stresstest report` is asked for the portfolios and all scenarios of the page."""
        self.sources.files.require_same()
        live = self._live(view)
        traded = {
            held.name: portfolio_text(held.portfolio)
            for held in live.book.portfolios
            if held.name in view.portfolios and view.trades_of(held.name)
        }
        portfolios = tuple((name, self.sources.portfolios[name]) for name in view.portfolios)
        name = f"{view.portfolios[0]}_report.html"
        return ReportQuestion(name, portfolios, report_options(view, self.sources), traded)

    def hedge_question(self, view: View, policy: str) -> HedgeQuestion:
        """Return what `stresstest hedge` is asked for the portfolio that is shown.

        Raises
        ------
        InputError
            ST478 for a policy that is not shipped.
        """
        known = [name for name, _ in names("hedges")]
        if policy not in known:
            got, near = f"policy {policy!r}", nearest(policy, known)
            raise InputError([Problem("ST478", got, f"one of {', '.join(known)}", PAGE, near)])
        texts = self.portfolio_file(view).text, self.scenario_file(view).text
        opened = next(one for one in self.live.book.portfolios if one.name == view.shown)
        return HedgeQuestion(*texts, policy, opened.portfolio, self.sources.markets)

    def template(self, tag: str) -> Values:
        """Return a position of a type to be edited."""
        return {"type": tag, "text": template(tag)}

    def _command(self, view: View) -> str:
        if any(view.trades_of(name) for name in view.portfolios):
            return ""
        scenario = self.live.scenarios[view.scenario]
        alone = stated_severity(self.live.scenarios, view.scenario) == 1.0
        return command_line(view, self.sources, scenario, alone)

    def _live(self, view: View) -> LiveBook:
        if not view.trades:
            return self.live
        return self._traded.get(view.trades_key, lambda: traded(self.live, view.trades))

    def _move(self, view: View, name: str = "") -> Move:
        """Return a scenario as the view moves it.

        Raises
        ------
        InputError
            For a driver that it does not have, or a value that is none of the driver's.
        """
        name = name or view.scenario
        settings = view.of(name)
        scenario = self.live.scenarios[name]
        if settings:
            scenario = scenario.with_drivers(**dict(settings))
        return Move(scenario, settings, view.severity * stated_severity(self.live.scenarios, name))

    def _stress(self, view: View, move: Move, between: Between = nothing) -> Stress:
        return self._live(view).stress(move, view.portfolios, between)


def _shown(stress: Stress, view: View) -> PortfolioResult:
    return next(held for held in stress.result.portfolios if held.name == view.shown)
