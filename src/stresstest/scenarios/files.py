"""Scenario files read with all that they include, each file once, circles refused."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from stresstest.errors import InputError, Location, Problem, ProblemList, nearest
from stresstest.io import resources
from stresstest.io.document import Document, Locate, read_document
from stresstest.io.validation import validate
from stresstest.scenarios.include_spec import IncludeSpec
from stresstest.scenarios.reading import ScenarioReader
from stresstest.scenarios.scenario import Include, Scenario
from stresstest.scenarios.spec import CONTENTS, ScenarioSpec
from stresstest.scenarios.wording import place_text

SUFFIXES = (".yaml", ".yml")
"""Of scenario files."""

_OTHER_KINDS = {
    "positions": "a portfolio",
    "issuers": "a market",
    "members": "a scenario set",
    "nodes": "a network",
    "universe": "a hedge policy",
    "portfolios": "a batch job",
}
"""Key that a document of another kind must have, and what it then is."""


class _Open(NamedTuple):
    """A file that is being read, and the line that includes what is read next."""

    path: Path
    include: Location


class ScenarioFiles:
    """Reads scenario files.

    Parameters
    ----------
    problems
        Takes everything that is wrong in any file.
    """

    def __init__(self, problems: ProblemList) -> None:
        self.problems = problems
        self._known: dict[Path, Scenario | None] = {}
        self._open: list[_Open] = []

    def read(self, path: Path) -> Scenario | None:
        """Return the scenario of a file, or None after adding what is wrong with it."""
        key = path.resolve()
        if key not in self._known:
            try:
                self._known[key] = self.scenario(read_document(path))
            except InputError as error:
                self.problems.extend(error.problems)
                self._known[key] = None
        return self._known[key]

    def scenario(self, document: Document) -> Scenario | None:
        """Return the scenario of a document, or None after adding what is wrong with it."""
        data = document.data
        if isinstance(data, dict) and not any(key in data for key in CONTENTS):
            other = next((what for key, what in _OTHER_KINDS.items() if key in data), "")
            if other:
                where = document.location(())
                self.problems.add(Problem("ST300", f"this is {other}", "a scenario, which has shocks", where))
                return None
        spec = validate(ScenarioSpec, data, document.location, self.problems)
        if spec is None:
            return None
        include = self._included(spec, document)
        scenario = ScenarioReader(document, self.problems).scenario(spec)
        complete = len(include) == len(spec.include)
        return scenario.including(*include) if scenario is not None and complete else None

    def _included(self, spec: ScenarioSpec, document: Document) -> list[Include]:
        """Return what the document includes; less than it names where something is wrong."""
        found: dict[Path, Include] = {}
        folder = Path(document.file).parent
        for place, entry in enumerate(spec.include):
            where = document.location(("include", place))
            name = entry if isinstance(entry, str) else entry.scenario
            path = scenario_file(name, folder, where, self.problems)
            if path is None:
                continue
            twice = found.get(path.resolve())
            if twice is not None:
                got = f"{name} included a second time, after {place_text(twice.location)}"
                self.problems.add(Problem("ST335", got, "each scenario once", where))
                continue
            scenario = self._read_included(path, Path(document.file), where)
            if scenario is not None and spec.status != "retired":
                self._refuse_retired(scenario, where)
            if scenario is not None:
                values = document.locator("include", place, "drivers")
                found[path.resolve()] = Include(
                    self._driven(scenario, entry, values), _severity(entry), where
                )
        return list(found.values())

    def _refuse_retired(self, scenario: Scenario, where: Location) -> None:
        if scenario.governance.is_retired:
            got = f"retired scenario {scenario.name!r} included"
            self.problems.add(
                Problem("ST734", got, "a part that is not retired, or status: retired here", where)
            )

    def _read_included(self, path: Path, parent: Path, where: Location) -> Scenario | None:
        self._open.append(_Open(parent.resolve(), where))
        try:
            opened = [step.path for step in self._open]
            if path.resolve() not in opened:
                return self.read(path)
            lines = [step.include for step in self._open[opened.index(path.resolve()) :]]
            chain = ", ".join(f"{place.file}:{place.line}" for place in lines)
            got = f"includes in a circle ({chain})"
            self.problems.add(Problem("ST334", got, "scenarios that do not include themselves", where))
            return None
        finally:
            self._open.pop()

    def _driven(self, scenario: Scenario, entry: str | IncludeSpec, locate: Locate) -> Scenario:
        """Return an included scenario with its drivers set; add a problem at each that cannot be."""
        for name, value in ({} if isinstance(entry, str) else entry.drivers).items():
            try:
                scenario = scenario.with_drivers(**{name: str(value)})
            except InputError as error:
                unknown = name not in scenario.driver_names
                self.problems.extend(problem.at(locate((name,), key=unknown)) for problem in error.problems)
        return scenario


def _severity(entry: str | IncludeSpec) -> float:
    return 1.0 if isinstance(entry, str) else entry.severity


def scenario_file(name: str, folder: Path, where: Location, problems: ProblemList) -> Path | None:
    """Return the file of a scenario that a file in `folder` names: of the library, or by a path from there.

    Where there is none, a problem at `where` says so.
    """
    path = Path(name)
    if path.suffix in SUFFIXES or path.name != name:
        if (folder / path).exists():
            return folder / path
        problems.add(_no_file(path, folder, where))
        return None
    found = resources.find_in_library("shocks", name)
    if found is None:
        suggestion = f"{name}.yaml" if (folder / f"{name}.yaml").exists() else ""
        known = [known for known, _ in resources.names("shocks")]
        expected = "a scenario of the library (stresstest list shocks), or a file: ours.yaml"
        close = suggestion or nearest(name, known)
        problems.add(Problem("ST322", f"scenario {name!r}", expected, where, close))
    return found


def _no_file(path: Path, folder: Path, where: Location) -> Problem:
    """Return that a file does not exist, with the one of its folder that is spelt most like it."""
    inside = (folder / path).parent
    files = sorted(inside.iterdir()) if inside.is_dir() else []
    beside = [(path.parent / file.name).as_posix() for file in files if file.suffix in SUFFIXES]
    close = nearest(path.as_posix(), beside)
    return Problem("ST100", f"no file {str(path)!r}", "a file that exists", where, close)
