"""Scenarios from names of the shipped library, files and folders."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from os import PathLike
from pathlib import Path

from stresstest.errors import InputError, Location, Problem, ProblemList, nearest
from stresstest.io import resources
from stresstest.io.document import parse_document, read_document
from stresstest.scenarios.files import SUFFIXES, ScenarioFiles
from stresstest.scenarios.member_set import MemberSet
from stresstest.scenarios.scenario import Scenario, ScenarioSet
from stresstest.scenarios.set_loading import joined, read_member_set

_LOOKED_AT = 1000
_BEGINNING = 16_384
"""Files, and bytes of each, that a name is looked for in."""


def load_scenarios(sources: Sequence[str | PathLike[str]] = ()) -> ScenarioSet:
    """Return the scenarios of `sources` in their order; without any, the whole shipped library.

    A retired scenario of the library or of a folder is left out, and the set says so; asked for by its own
    name or file it is run, with a warning.

    Parameters
    ----------
    sources
        Each a bare name of the library (a scenario or a set of scenarios), a file of either kind, or a folder
        whose `*.yaml` files are taken in order of name. A set that is sampled stands alone.

    Raises
    ------
    InputError
        With every problem of every file: what is no scenario, unknown fields, malformed shifts, names that
        stand twice; ST734 where all are retired.
    """
    problems = ProblemList()
    paths = list(_library() if not sources else _files(sources, problems))
    files = ScenarioFiles(problems)
    found = [(part, named) for path, named in paths if (part := _read_set(path, files)) is not None]
    parts = [part for part, named in found if named or not _is_retired(part)]
    left_out = tuple(
        scenario for part, named in found if not named and _is_retired(part) for scenario in part
    )
    if left_out and not parts:
        got = f"only retired scenarios: {', '.join(scenario.name for scenario in left_out)}"
        problems.add(Problem("ST734", got, "scenarios that are not retired, or one by its name"))
    try:
        scenario_set = joined(parts, problems)
    except InputError as error:
        problems.extend(error.problems)
    problems.raise_if_any()
    return replace(scenario_set, left_out=left_out) if left_out else scenario_set


def parse_scenario(text: str | bytes, file: str = "<text>") -> Scenario:
    """Return the scenario that a YAML text spells; `file` is what problems call it.

    Raises
    ------
    InputError
        With every problem of the text.
    """
    problems = ProblemList()
    scenario = ScenarioFiles(problems).scenario(parse_document(text, file))
    problems.raise_if_any()
    if scenario is None:
        raise ValueError("a document without problems gave no scenario")
    return scenario


def _is_retired(part: ScenarioSet) -> bool:
    """Tell whether what a file holds is retired: its one scenario, or the set that it is."""
    if isinstance(part, MemberSet):
        return part.governance.is_retired
    return all(scenario.governance.is_retired for scenario in part)


def _library() -> list[tuple[Path, bool]]:
    return [(path, False) for _, path in resources.names("shocks")]


def _files(sources: Sequence[str | PathLike[str]], problems: ProblemList) -> Iterator[tuple[Path, bool]]:
    """Yield the files that `sources` name, and whether by itself; add a problem for each that names none."""
    for source in sources:
        text, path = str(source), Path(source)
        is_name = isinstance(source, str) and path.name == text and path.suffix not in SUFFIXES
        found = _in_library(text) if is_name else None
        if found is not None:
            yield found, True
        elif is_name:
            problems.add(_unknown_name(text, path))
        elif path.is_dir():
            files = sorted(file for file in path.iterdir() if file.suffix in SUFFIXES)
            if not files:
                problems.add(Problem("ST323", "folder without scenario files", "*.yaml", Location(text)))
            yield from ((file, False) for file in files)
        else:
            yield path, True


def _in_library(name: str) -> Path | None:
    return resources.find_in_library("shocks", name) or resources.find_in_library("sets", name)


def _unknown_name(text: str, path: Path) -> Problem:
    expected = "a scenario of the library (stresstest list shocks), or a path"
    holding = _file_holding(text)
    if holding:
        return Problem("ST322", f"scenario {text!r}, which is in {holding}", expected, suggestion=holding)
    known = [name for kind in ("shocks", "sets") for name, _ in resources.names(kind)]
    suggestion = f"./{text}" if path.exists() else nearest(text, known)
    return Problem("ST322", f"scenario {text!r}", expected, suggestion=suggestion)


def _file_holding(name: str) -> str:
    """Return the file here or in `shocks` that is or holds the scenario `name`, or nothing.

    Only the beginning of each file is looked at, for its line `name:`.
    """
    wanted = re.compile(rf"^name:[ \t]*[\"']?{re.escape(name)}[\"']?[ \t]*(?:#.*)?$", re.MULTILINE)
    folders = (folder for folder in (Path(), Path("shocks")) if folder.is_dir())
    files = (file for folder in folders for file in sorted(folder.iterdir()) if file.suffix in SUFFIXES)
    for file in islice(files, _LOOKED_AT):
        if not file.is_file():
            continue
        with file.open("rb") as opened:
            beginning = opened.read(_BEGINNING).decode("utf-8", "replace")
        if file.stem == name or wanted.search(beginning):
            return file.as_posix()
    return ""


def _read_set(path: Path, files: ScenarioFiles) -> ScenarioSet | None:
    """Return what a file holds, a single scenario as a set of one."""
    try:
        document = read_document(path)
    except InputError as error:
        files.problems.extend(error.problems)
        return None
    if isinstance(document.data, dict) and "members" in document.data:
        return read_member_set(document, files.read, files.problems)
    scenario = files.scenario(document)
    return None if scenario is None else ScenarioSet((scenario,))
