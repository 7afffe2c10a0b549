"""Scenarios from names of the shipped library, files and folders."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from os import PathLike
from pathlib import Path

from stresstest.errors import InputError, Location, Problem, ProblemList, nearest
from stresstest.io import resources
from stresstest.io.document import parse_document, read_document
from stresstest.scenarios.files import SUFFIXES, ScenarioFiles
from stresstest.scenarios.scenario import Scenario, ScenarioSet
from stresstest.scenarios.set_loading import joined, read_member_set

_LOOKED_AT = 1000
_BEGINNING = 16_384
"""Files, and bytes of each, that a name is looked for in."""


def load_scenarios(sources: Sequence[str | PathLike[str]] = ()) -> ScenarioSet:
    """Return the scenarios of `sources` in their order; without any, the whole shipped library.

    Parameters
    ----------
    sources
        Each a bare name of the library (a scenario or a set of scenarios), a file of either kind, or a folder
        whose `*.yaml` files are taken in order of name. A set that is sampled stands alone.

    Raises
    ------
    InputError
        With every problem of every file: what is no scenario, unknown fields, malformed shifts, names that
        stand twice.
    """
    problems = ProblemList()
    paths = list(_library() if not sources else _files(sources, problems))
    files = ScenarioFiles(problems)
    parts = [part for path in paths if (part := _read_set(path, files)) is not None]
    try:
        scenario_set = joined(parts, problems)
    except InputError as error:
        problems.extend(error.problems)
    problems.raise_if_any()
    return scenario_set


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


def _library() -> list[Path]:
    return [path for _, path in resources.names("shocks")]


def _files(sources: Sequence[str | PathLike[str]], problems: ProblemList) -> Iterator[Path]:
    """Yield the files that `sources` name; add a problem for each that names none."""
    for source in sources:
        text, path = str(source), Path(source)
        is_name = isinstance(source, str) and path.name == text and path.suffix not in SUFFIXES
        found = _in_library(text) if is_name else None
        if found is not None:
            yield found
        elif is_name:
            problems.add(_unknown_name(text, path))
        elif path.is_dir():
            files = sorted(file for file in path.iterdir() if file.suffix in SUFFIXES)
            if not files:
                problems.add(Problem("ST323", "folder without scenario files", "*.yaml", Location(text)))
            yield from files
        else:
            yield path


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
