"""The network of a scenario document: which one, and which mechanisms with which settings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from stresstest.errors import InputError, Location, Problem, ProblemList, nearest
from stresstest.io.document import Document
from stresstest.networks.balance import balance_of
from stresstest.networks.cascade import Chosen
from stresstest.networks.mechanism import Mechanism, Setting
from stresstest.networks.model import LEVERED, Network
from stresstest.networks.reading import load_network
from stresstest.networks.registry import all_mechanisms
from stresstest.quantity import QuantityError, parse_percentage
from stresstest.scenarios.network_spec import NetworkUseSpec, SettingText
from stresstest.scenarios.network_use import NetworkUse, PortfolioTerms

_PATH = ("network",)
_TRADES = "fire_sale"
"""Mechanism in which institutions act."""


def read_network_use(
    spec: str | NetworkUseSpec | None, document: Document, problems: ProblemList
) -> NetworkUse | None:
    """Return the network that a scenario uses, if any; None too after adding what is wrong with it."""
    if spec is None:
        return None
    n_before = len(problems)
    use = NetworkUseSpec(name=spec) if isinstance(spec, str) else spec
    network = _network(use.name, document, problems)
    chosen = tuple(_chosen(use, document, problems))
    problems.extend(_portfolio_problems(use, document))
    if network is None or len(problems) > n_before:
        return None
    terms = None if use.portfolio is None else PortfolioTerms(**use.portfolio.model_dump())
    return NetworkUse(network, chosen, use.on_top, terms, location=document.location(_PATH))


def _network(name: str, document: Document, problems: ProblemList) -> Network | None:
    try:
        network = load_network(name, Path(document.file).parent)
    except InputError as error:
        where = document.location(_PATH)
        problems.extend(
            problem.at(where) if problem.code == "ST500" else problem for problem in error.problems
        )
        return None
    return network if balance_of(network, problems) is not None else None


def _chosen(use: NetworkUseSpec, document: Document, problems: ProblemList) -> Iterator[Chosen]:
    """Yield the mechanisms that run, those of all names where none is named."""
    known = all_mechanisms()
    asked: Mapping[str, Mapping[str, SettingText]] = (
        {name: {} for name in known} if use.mechanisms is None else use.mechanisms
    )
    places = {name: (*_PATH, "mechanisms", number, name) for number, name in enumerate(asked)}
    if not asked:
        expected = f"some of {', '.join(known)}; without mechanisms all of them run"
        problems.add(Problem("ST506", "no mechanism", expected, document.location((*_PATH, "mechanisms"))))
    for name in asked:
        if name not in known:
            where = document.location(places[name], key=True)
            expected = f"one of {', '.join(known)}"
            problems.add(Problem("ST506", f"mechanism {name!r}", expected, where, nearest(name, known)))
    for name, mechanism in known.items():
        if name in asked:
            stated = {
                setting: (value, document.location((*places[name], setting), key=True))
                for setting, value in asked[name].items()
            }
            yield Chosen(mechanism, dict(_settings(mechanism, stated, problems)))


def _portfolio_problems(use: NetworkUseSpec, document: Document) -> Iterator[Problem]:
    """Yield problems with portfolios that are to act as an institution and never could."""
    terms, where = use.portfolio, document.location((*_PATH, "portfolio"))
    if terms is None:
        return
    if use.mechanisms is not None and _TRADES not in use.mechanisms:
        yield Problem("ST507", f"a portfolio that acts, without {_TRADES}", f"mechanism {_TRADES}", where)
    if terms.behaviour in LEVERED and terms.leverage == 1.0:
        got = f"a portfolio as {terms.behaviour} of leverage 1, which never trades"
        yield Problem("ST507", got, "a leverage above 1", where)
    if terms.behaviour not in LEVERED and "leverage" in terms.model_fields_set:
        got = f"leverage of a portfolio whose behaviour is {terms.behaviour}"
        yield Problem("ST507", got, f"leverage only of {' or '.join(LEVERED)}", where)


def _settings(
    mechanism: Mechanism, stated: Mapping[str, tuple[SettingText, Location]], problems: ProblemList
) -> Iterator[tuple[str, float]]:
    """Yield every setting of a mechanism with its value; add what is wrong with those stated."""
    names = [setting.name for setting in mechanism.settings]
    for name, (_, where) in stated.items():
        if name not in names:
            expected = f"one of {', '.join(names)}" if names else "no setting"
            got = f"setting {name!r} of {mechanism.name}"
            problems.add(Problem("ST506", got, expected, where, nearest(name, names)))
    for setting in mechanism.settings:
        value = setting.default
        if setting.name in stated:
            text, where = stated[setting.name]
            read = _value(setting, text)
            if isinstance(read, Problem):
                problems.add(read.at(where))
                continue
            value = read
        yield setting.name, value


def _value(setting: Setting, stated: SettingText) -> float | Problem:
    """Return the value of a setting as written, or what is wrong with it."""
    expected = f"{setting.name} from {_text(setting, setting.low)} to {_text(setting, setting.high)}"
    if isinstance(stated, str) != setting.percent:
        got = f"{setting.name} {stated!r}"
        return Problem("ST506", got, expected, suggestion=_text(setting, setting.default))
    try:
        value = parse_percentage(stated) if isinstance(stated, str) else float(stated)
    except QuantityError as error:
        return error.problem()
    if not setting.low <= value <= setting.high:
        return Problem("ST506", f"{setting.name} {stated}", expected)
    return value


def _text(setting: Setting, value: float) -> str:
    return f"{100.0 * value:.6g}%" if setting.percent else f"{value:.6g}"
