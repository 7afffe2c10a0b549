"""Names that a hedge is asked by, checked before anything is loaded: a slip is told in a moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stresstest.errors import InputError, Location, Problem, ProblemList, nearest
from stresstest.hedging.policies.policy_files import find_policy
from stresstest.io.resources import find_in_library, names

if TYPE_CHECKING:
    from collections.abc import Callable

    from stresstest.cli.hedge.options import HedgeOptions

_STANDARD_INPUT = "-"
_ANY_SCENARIO = ("any", "worst")


def require_names(options: HedgeOptions) -> None:
    """Refuse names of portfolio, policy, scenarios and markets that nothing has, and a policy with errors.

    Where anything is wrong, the user's files of portfolio and scenarios are read as well, so that what is
    wrong in them comes at once.

    Raises
    ------
    InputError
        As loading each of them would.
    """
    problems = ProblemList()
    problems.extend(_unknown(options))
    problems.extend(_policy_problems(options))
    if len(problems):
        problems.extend(_problems_beside(options))
    problems.raise_if_any()


def _unknown(options: HedgeOptions) -> Iterator[Problem]:
    if _is_unknown(options.portfolio, ("portfolios",)):
        yield from _told(partial(_load_portfolio, options.portfolio))
    if options.policy != _STANDARD_INPUT:
        yield from _told(partial(_find_policy, options.policy))
    for source in options.shocks:
        if _is_unknown(source, ("shocks", "sets")):
            yield from _told(partial(_load_scenarios, [source]))
    for source in options.markets:
        if _is_unknown(source, ("markets",)):
            yield from _told(partial(_load_market, [source]))


def _policy_problems(options: HedgeOptions) -> Iterator[Problem]:
    """Yield what is wrong in the policy's file and in the names of loss limits."""
    named: list[str] = []
    if Path(options.policy).is_file():
        problems = _told(lambda: named.extend(_scenarios_of(options.policy)))
        yield from problems
        if problems:
            return
    if options.policy != _STANDARD_INPUT:
        yield from _unknown_limits(options, named)


def _scenarios_of(policy: str) -> tuple[str, ...]:
    from stresstest.hedging.policies.policy_loading import load_policy
    from stresstest.hedging.policies.scenario_names import plain_names

    return plain_names(load_policy(policy))


def _problems_beside(options: HedgeOptions) -> Iterator[Problem]:
    """Yield what is wrong in the user's own files of portfolio and scenarios."""
    if Path(options.portfolio).is_file():
        yield from _told(partial(_load_portfolio, options.portfolio))
    for source in options.shocks:
        if Path(source).exists():
            yield from _told(partial(_load_scenarios, [source]))


def _unknown_limits(options: HedgeOptions, named: Iterable[str]) -> Iterator[Problem]:
    """Yield the loss limits on scenarios that neither library nor policy has, where no file is run."""
    known = dict.fromkeys([*(name for name, _ in names("shocks")), *named, *_ANY_SCENARIO])
    if any(find_in_library("shocks", source) is None for source in options.shocks):
        return
    for name, amount in options.max_losses.items():
        for part in (part for part in name.split("+") if part not in known):
            where = Location(f"--max-loss {name}={100.0 * amount:g}%")
            near = nearest(part, list(known))
            yield Problem("ST493", f"scenario {part!r}", "a scenario of the run", where, near)


def _is_unknown(source: str, kinds: tuple[str, ...]) -> bool:
    """Tell whether no file or folder is called so, nor, for a bare name, an entry of the library."""
    path = Path(source)
    if source == _STANDARD_INPUT or path.exists():
        return False
    return len(path.parts) > 1 or all(find_in_library(kind, source) is None for kind in kinds)


def _told(load: Callable[[], Any]) -> list[Problem]:
    """Return what a load refuses."""
    try:
        load()
    except InputError as error:
        return list(error.problems)
    return []


def _find_policy(source: str) -> None:
    path = find_policy(source)
    if not path.is_file():
        from stresstest.io.document import read_document

        read_document(path)


def _load_portfolio(source: str) -> Any:
    from stresstest.portfolio.loading import load_portfolio

    return load_portfolio(source)


def _load_scenarios(sources: Iterable[str]) -> Any:
    from stresstest.scenarios.loading import load_scenarios

    return load_scenarios(list(sources))


def _load_market(sources: list[str]) -> Any:
    from stresstest.market.loading import load_market

    return load_market(sources)
