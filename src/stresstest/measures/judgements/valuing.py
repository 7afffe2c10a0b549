"""Many variants of scenarios valued together: P&L of every portfolio at the end of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from stresstest.errors import InputError, ProblemList
from stresstest.networks.balance import balance_of
from stresstest.portfolio.book import Book
from stresstest.revaluation.engine import revalue
from stresstest.revaluation.totals import apply_holdings
from stresstest.scenarios.direct import compile_scenarios
from stresstest.scenarios.member_set import MemberSet
from stresstest.scenarios.sample_terms import SeverityRange
from stresstest.scenarios.scenario import Scenario

_BLOCK = 256
"""Variants that are compiled together: their factors take memory."""


@dataclass(frozen=True, slots=True)
class Valued:
    """A variant after revaluation.

    Attributes
    ----------
    pnl
        By portfolio in the order of the book, each in its own currency; empty where there is none.
    reason
        Why there is none, or empty.
    """

    pnl: tuple[float, ...] = ()
    reason: str = ""


def valued(book: Book, scenarios: Sequence[Scenario], severities: Sequence[float]) -> list[Valued]:
    """Return the P&L of every portfolio at the end of each scenario, all revalued in full.

    What cannot be compiled, or does not come to rest, has a reason in place of a P&L.

    Parameters
    ----------
    scenarios
        Names do not matter, and may be the same.
    severities
        One of each scenario.
    """
    found: list[Valued] = []
    for low in range(0, len(scenarios), _BLOCK):
        some = [
            (f"variant_{place}", scenario, severity)
            for place, (scenario, severity) in enumerate(
                zip(scenarios[low : low + _BLOCK], severities[low : low + _BLOCK], strict=True)
            )
        ]
        known = _block(book, some)
        found += [known[name] for name, _, _ in some]
    return found


_Named = tuple[str, Scenario, float]


def _block(book: Book, some: Sequence[_Named]) -> Mapping[str, Valued]:
    """Return what becomes of some variants; where one is impossible, halves are tried until it is found."""
    unsound = {name: reason for name, scenario, _ in some if (reason := _unsound(book, scenario))}
    if unsound:
        rest = [item for item in some if item[0] not in unsound]
        return {**{name: Valued(reason=reason) for name, reason in unsound.items()}, **_block(book, rest)}
    if not some:
        return {}
    try:
        return _together(book, some)
    except InputError as error:
        if len(some) == 1:
            problem = error.problems[0]
            return {some[0][0]: Valued(reason=f"{problem.got}; expected {problem.expected}")}
        half = len(some) // 2
        return {**_block(book, some[:half]), **_block(book, some[half:])}


def _unsound(book: Book, scenario: Scenario) -> str:
    """Return why the network of a variant has no balance sheets, or nothing."""
    if scenario.network is None:
        return ""
    problems = ProblemList()
    balance_of(scenario.network.network.on(book.market.as_of), problems)
    return next((problem.got for problem in problems), "")


def _together(book: Book, some: Sequence[_Named]) -> Mapping[str, Valued]:
    severities = {name: SeverityRange.fixed(severity) for name, _, severity in some}
    members = tuple(replace(scenario, name=name) for name, scenario, _ in some)
    compiled = compile_scenarios(MemberSet(members, severities=severities), book.market)
    result = apply_holdings(book, revalue(book, compiled.columns))
    found = {}
    for name, _, _ in some:
        if name in compiled.restless:
            found[name] = Valued(reason="its network does not come to rest")
            continue
        last = int(result.table.columns_of(name)[-1])
        found[name] = Valued(tuple(float(held.pnl[last]) for held in result.portfolios))
    return found
