"""A view as files and as a command line that give the same numbers."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from stresstest.explore.freshness import OpenedFiles
from stresstest.explore.moves import Move
from stresstest.explore.view import View
from stresstest.io.document import read_document
from stresstest.io.flow_text import flow_text
from stresstest.io.resources import find_in_library
from stresstest.io.spec_values import percentage_text
from stresstest.scenarios.scenario import Scenario

_RESTATED = ("timing", "combine", "network", "propagate")
"""What an included scenario does not pass on, and is stated again."""

_FILE = re.compile(r".+\.ya?ml")


@dataclass(frozen=True, slots=True)
class Sources:
    """What the page was opened with, as on the command line.

    Attributes
    ----------
    portfolios
        Source of each portfolio by its name.
    shocks, markets
        Values of `--shocks` and `--market`.
    files
        Those that were read.
    """

    portfolios: Mapping[str, str]
    shocks: tuple[str, ...] = ()
    markets: tuple[str, ...] = ()
    files: OpenedFiles = field(default_factory=OpenedFiles)


def command_line(view: View, sources: Sources, scenario: Scenario, alone: bool) -> str:
    """Return the command that prints the numbers of `view`; trades need the saved portfolio.

    Parameters
    ----------
    scenario
        The one that is moved.
    alone
        Whether it gives the same numbers without the set that it came in.
    """
    words = ["stresstest", "run", *(sources.portfolios[name] for name in view.portfolios)]
    shocks = (scenario.name,) if alone and is_shipped(scenario) else sources.shocks
    settings = [(view.scenario, *one) for one in view.of(view.scenario)]
    return shlex.join([*words, *_options(view, replace(sources, shocks=shocks), settings)])


def report_options(view: View, sources: Sources) -> tuple[str, ...]:
    """Return the options of `stresstest report` for all scenarios of the page as they are moved."""
    settings = [(name, *one) for name in view.settings for one in view.of(name)]
    return tuple(_options(view, sources, settings))


def _options(view: View, sources: Sources, settings: list[tuple[str, str, str]]) -> Iterator[str]:
    for shock in sources.shocks:
        yield from ("--shocks", shock)
    for market in sources.markets:
        yield from ("--market", market)
    if view.severity != 1.0:
        yield from ("--severity", percentage_text(view.severity))
    for scenario, driver, value in settings:
        yield from ("--set", f"{scenario}.{driver}={value}")


def is_shipped(scenario: Scenario) -> bool:
    """Tell whether a scenario is the one that the library has under its name."""
    known, file = find_in_library("shocks", scenario.name), scenario.location.file
    return bool(file) and known is not None and known.resolve() == Path(file).resolve()


def scenario_text(move: Move, name: str) -> str:
    """Return a scenario file that gives what `move` does: it includes the scenario and says what was moved.

    Raises
    ------
    InputError
        Where the scenario's own file cannot be read any more.
    ValueError
        For a scenario that was built in Python and has no file.
    """
    scenario = move.scenario
    path = Path(scenario.location.file)
    if not scenario.location.file:
        raise ValueError(f"scenario {scenario.name!r} has no file")
    written = read_document(path).data
    document: dict[str, Any] = {
        "version": 1,
        "name": name,
        "title": (scenario.title or scenario.name)[:_LONGEST],
        "narrative": f"{scenario.name} with {_moved(move)}, saved from the page to explore.",
        "source": list(scenario.source),
        "horizon": scenario.horizon,
    }
    document |= {key: written[key] for key in _RESTATED if key in written}
    if "network" in document:
        document["network"] = _network(document["network"], path.parent)
    part: dict[str, Any] = {"scenario": scenario.name if is_shipped(scenario) else str(path.resolve())}
    part["severity"] = percentage_text(move.severity)
    if move.settings:
        part["drivers"] = dict(move.settings)
    document["include"] = [part]
    lines = [f"{key}: {flow_text(value)}" for key, value in document.items() if value not in ("", [])]
    return "\n".join(lines) + "\n"


def _moved(move: Move) -> str:
    return ", ".join((f"severity {percentage_text(move.severity)}", *map(" ".join, move.settings)))


def saved_name(scenario: Scenario) -> str:
    """Return what a saved scenario is called: a name of its own, so that both run side by side."""
    return f"{scenario.name[:56]}_saved"


_LONGEST = 120


def _network(written: Any, folder: Path) -> Any:
    """Return the use of a network with its file named from everywhere."""
    if isinstance(written, str):
        return str((folder / written).resolve()) if _FILE.fullmatch(written) else written
    return {**written, "name": _network(written["name"], folder)} if "name" in written else written
