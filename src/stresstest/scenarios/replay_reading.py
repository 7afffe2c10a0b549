"""The replay of a scenario document: its price history, series and proxies."""

from __future__ import annotations

from pathlib import Path

from stresstest.errors import InputError, Location, Problem, ProblemList, nearest
from stresstest.io.document import Document
from stresstest.market.estimation.history import PriceHistory, read_history
from stresstest.market.factor_kinds import FACTOR_KINDS, ChangeSpace
from stresstest.market.factor_levels import parse_factor
from stresstest.scenarios.replay import Replay, ReplayProxy, ReplaySeries
from stresstest.scenarios.replay_spec import ReplaySpec
from stresstest.scenarios.selectors import Selector

_PATH = ("replay",)


def read_replay(spec: ReplaySpec, document: Document, problems: ProblemList) -> Replay | None:
    """Return the replay, or None after adding what is wrong with it.

    A relative path is one from the folder of the document.
    """
    n_before = len(problems)
    try:
        history = read_history(Path(document.file).parent / spec.prices)
    except InputError as error:
        problems.extend(error.problems)
        return None
    _check_window(spec, history, document, problems)
    series = _series(spec, history, document, problems)
    proxies = _proxies(spec, history, document, problems)
    if len(problems) > n_before:
        return None
    return Replay(history, spec.start, spec.end, series, proxies, document.location(_PATH))


def _check_window(spec: ReplaySpec, history: PriceHistory, document: Document, problems: ProblemList) -> None:
    first, last = history.days[0], history.days[-1]
    for name, day in (("from", spec.start), ("to", spec.end)):
        if not first <= day <= last:
            expected = f"a date from {first} to {last}, which {history.file} covers"
            problems.add(
                Problem("ST452", f"replay {name} {day}", expected, document.location((*_PATH, name)))
            )


def _series(
    spec: ReplaySpec, history: PriceHistory, document: Document, problems: ProblemList
) -> dict[str, ReplaySeries]:
    found = {}
    for name, one in spec.series.items():
        where = document.location((*_PATH, "series", name), key=True)
        _check_name(name, history, where, problems)
        place = document.location((*_PATH, "series", name, "factor"))
        key = parse_factor(one.factor)
        if isinstance(key, Problem):
            problems.add(key.at(place))
            continue
        if one.unit and FACTOR_KINDS[key.kind].change_space is ChangeSpace.LOG:
            got = f"unit {one.unit} of {key}"
            problems.add(Problem("ST453", got, "no unit: its log returns are replayed", place))
        found[name] = ReplaySeries(key, one.unit)
    return found


def _proxies(
    spec: ReplaySpec, history: PriceHistory, document: Document, problems: ProblemList
) -> tuple[ReplayProxy, ...]:
    found = []
    for place, one in enumerate(spec.proxies):
        path = (*_PATH, "proxies", place)
        _check_name(one.series, history, document.location((*path, "series")), problems)
        select = Selector.from_mapping(one.select.terms())
        found.append(ReplayProxy(select, one.series, one.beta, document.location(path)))
    return tuple(found)


def _check_name(name: str, history: PriceHistory, where: Location, problems: ProblemList) -> None:
    if name not in history.names:
        expected = f"a name of {history.file}"
        problems.add(Problem("ST452", f"series {name!r}", expected, where, nearest(name, history.names)))
